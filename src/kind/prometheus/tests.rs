//! Claims about the kind `prometheus`.
