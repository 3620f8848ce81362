//! Claims about a flight in real time.

mod cast;
mod frame;
mod leave;
