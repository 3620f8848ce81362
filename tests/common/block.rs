//! A block of ports and a folder that one test has to itself, for servers of `tests/testbed`.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The first and the last block of ports, below the kernel's ephemeral ones.
const BLOCKS: std::ops::Range<u16> = 180..320;

/// Every port that servers listen on: its name and its offset within a block.
pub fn ports() -> impl Iterator<Item = (&'static str, u16)> {
    let lines = include_str!("../testbed/ports.env").lines().filter_map(|line| line.split_once('='));
    lines.map(|(name, offset)| (name, offset.parse().expect("a port is an offset")))
}

/// Ports and a folder; dropped, every server started in it ends.
pub struct Block {
    /// The first port; the others are offsets from it.
    pub base: u16,
    /// Where the servers keep everything.
    pub data: PathBuf,
    _folder: tempfile::TempDir,
    _claim: TcpListener,
}

impl Block {
    /// Takes a block nobody uses, with no server in it yet.
    pub fn claim() -> Self {
        let folder = tempfile::Builder::new().prefix("goaround-testbed-").tempdir().expect("a temporary folder");
        let (base, claim) = claim();
        Self { base, data: folder.path().to_owned(), _folder: folder, _claim: claim }
    }

    /// Runs a script of the testbed in this block, to its good end.
    pub fn run(&self, script: &str) {
        let output = self.script(script);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script} failed (are its servers installed? see tests/run): {said}");
    }

    fn script(&self, script: &str) -> Output {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testbed").join(script);
        let mut bash = Command::new("bash");
        bash.arg(path).env("TB_BASE", self.base.to_string()).env("TB_DATA", &self.data);
        // Somebody's own servers have passwords of their own; these have the scripts'.
        let secret = |name: &str| ["_PASS", "_TOKEN"].iter().any(|end| name.ends_with(end));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(secret)) {
            bash.env_remove(name);
        }
        bash.output().expect("bash runs")
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // Not asserted: a test that has failed must not panic once more on its way out.
        self.script("down.sh");
    }
}

/// A block of ports nobody uses. Its first port stays bound for as long as the block is used, so that
/// another run on this machine takes the next block.
fn claim() -> (u16, TcpListener) {
    let count = usize::from(BLOCKS.end - BLOCKS.start);
    let first = std::process::id() as usize;
    let blocks = BLOCKS.cycle().skip(first % count).take(count);
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).ok();
    let mut claims = blocks.filter_map(|block| Some((block * 100, free(block * 100)?)));
    let all_free = |base: u16| ports().all(|(_, offset)| free(base + offset).is_some());
    claims.find(|(base, _)| all_free(*base)).expect("a block of ports is free")
}
