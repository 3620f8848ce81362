//! The loop, time, the terminal and the drivers.

pub mod flight;
pub mod ledger;
pub mod printer;
pub mod time;
