//! The loop, time, the terminal and the drivers.

mod arming;
pub mod auto;
mod desk;
pub mod flight;
pub mod ledger;
pub mod live;
pub mod observe;
pub mod preflight;
pub mod printer;
pub mod replay;
mod slips;
pub mod time;
