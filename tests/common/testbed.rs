//! The real servers that the playbook `docs-rag` is flown on, on ports and in a folder of their own.

#[path = "block.rs"]
mod block;

use block::Block;
use std::path::{Path, PathBuf};

/// The servers, running; dropped, they end.
pub struct Testbed {
    /// The first port of the block; other ports are offsets from it.
    pub base: u16,
    /// Where the servers keep everything.
    pub data: PathBuf,
    _block: Block,
}

impl Testbed {
    /// Starts every server and the load, and waits until each answers.
    pub fn start() -> Self {
        let block = Block::claim();
        block.run("up.sh");
        Self { base: block.base, data: block.data.clone(), _block: block }
    }

    /// The playbook `docs-rag`, its addresses rewritten to these servers.
    pub fn playbook(&self) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/playbooks/docs-rag.toml");
        let mut text = std::fs::read_to_string(path).expect("the playbook is part of the project");
        for (_, offset) in block::ports() {
            text = text.replace(&format!("127.0.0.1:{}", 17000 + offset), &format!("127.0.0.1:{}", self.base + offset));
        }
        text.replace("/tmp/goaround-testbed", self.data.to_str().expect("temporary folders are named in UTF-8"))
    }
}
