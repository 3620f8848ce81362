//! The loop, time, the terminal and the drivers.

pub mod flight;
pub mod printer;
pub mod time;
