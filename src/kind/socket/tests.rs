//! Claims about the kind `socket`.
