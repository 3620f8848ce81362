//! Claims about the kind `file`.
