//! Claims about a flight in real time.

mod background;
mod cast;
mod company;
mod debrief;
mod frame;
mod leave;
mod pace;
mod porter;
mod revision;
mod turn;
