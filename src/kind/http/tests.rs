//! Claims about the kind `http`.
