//! Single real servers of `tests/testbed`, on ports and in a folder of their own.

#[path = "block.rs"]
mod block;

use block::Block;
use std::path::Path;

/// A server, running, with what it needs and whatever is started beside it; dropped, all of them end.
pub struct Server {
    block: Block,
}

impl Server {
    /// Starts the server of that folder of `tests/testbed` and waits until it answers.
    pub fn start(name: &str) -> Self {
        Self::start_with(name, |_| {})
    }

    /// The same, with what its script shall find in the server's folder.
    pub fn start_with(name: &str, put: impl FnOnce(&Path)) -> Self {
        let server = Self { block: Block::claim() };
        let folder = server.data().join(name);
        std::fs::create_dir(&folder).expect("a folder of the test's own");
        put(&folder);
        server.up(name);
        server
    }

    /// Starts another one beside it, or the same again after [`Server::down`], on the data it had.
    pub fn up(&self, name: &str) {
        self.block.run(&format!("{name}/up.sh"));
    }

    /// Ends one of them: the way to see what a lever says of a server that is gone.
    pub fn down(&self, name: &str) {
        self.block.run(&format!("{name}/down.sh"));
    }

    /// A port by its name in `tests/testbed/ports.env`, such as `NATS_PORT`.
    #[track_caller]
    pub fn port(&self, name: &str) -> u16 {
        let mut ports = block::ports().filter(|(known, _)| *known == name);
        let (_, offset) = ports.next().unwrap_or_else(|| panic!("ports.env has no {name}"));
        self.block.base + offset
    }

    /// The folder in which each server has one of its own name.
    pub fn data(&self) -> &Path {
        &self.block.data
    }
}
