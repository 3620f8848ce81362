//! A served world on loopback.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A world on loopback; dropped, it ends.
pub struct World {
    process: Child,
    pub address: String,
}

impl World {
    pub fn start() -> Self {
        let mut world = Command::new(env!("CARGO_BIN_EXE_goaround"));
        world.args(["world", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut process = world.spawn().expect("the world starts");
        let mut told = BufReader::new(process.stdout.take().expect("its output")).lines();
        let line = told.nth(1).expect("two lines").expect("text");
        Self { process, address: line.rsplit(' ').next().expect("an address").to_owned() }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.process.kill().expect("the world ends");
        self.process.wait().expect("the world ends");
    }
}
