//! Claims about the kind `redis`.
