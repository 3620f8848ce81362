//! Claims about a preflight.
