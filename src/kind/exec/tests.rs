//! Claims about the kind `exec`.
