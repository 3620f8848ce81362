//! Claims about a flight in real time.

mod frame;
mod leave;
