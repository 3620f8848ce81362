//! goaround
fn main() {}
