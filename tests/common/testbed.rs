//! The real servers of `tests/testbed`, on ports and in a folder of their own.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The first and the last block of ports, below the kernel's ephemeral ones.
const BLOCKS: std::ops::Range<u16> = 180..320;

/// The ports of a block that servers listen on, as offsets; see `tests/testbed/lib.sh`.
const OFFSETS: &[u16] = &[1, 2, 79, 82, 86, 90];

/// The servers, running; dropped, they end.
pub struct Testbed {
    /// The first port of the block; other ports are offsets from it.
    pub base: u16,
    /// Where the servers keep everything.
    pub data: PathBuf,
    _folder: tempfile::TempDir,
    _claim: TcpListener,
}

impl Testbed {
    /// Starts every server and the load, and waits until each answers.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("goaround-testbed-").tempdir().expect("a temporary folder");
        let (base, claim) = claim();
        let testbed = Self { base, data: folder.path().to_owned(), _folder: folder, _claim: claim };
        let up = testbed.script("up.sh");
        let said = String::from_utf8_lossy(&up.stderr);
        assert!(up.status.success(), "the testbed did not start (are its servers installed? see tests/run): {said}");
        testbed
    }

    /// The playbook `docs-rag`, its addresses rewritten to these servers.
    pub fn playbook(&self) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/playbooks/docs-rag.toml");
        let mut text = std::fs::read_to_string(path).expect("the playbook is part of the project");
        for offset in OFFSETS {
            text = text.replace(&format!("127.0.0.1:{}", 17000 + offset), &format!("127.0.0.1:{}", self.base + offset));
        }
        text.replace("/tmp/goaround-testbed", self.data.to_str().expect("temporary folders are named in UTF-8"))
    }

    fn script(&self, name: &str) -> Output {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testbed").join(name);
        Command::new("bash")
            .arg(path)
            .env("TB_BASE", self.base.to_string())
            .env("TB_DATA", &self.data)
            .env_remove("REDIS_PASS")
            .env_remove("PROM_PASS")
            .output()
            .expect("bash runs")
    }
}

impl Drop for Testbed {
    fn drop(&mut self) {
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
    let all_free = |base: u16| OFFSETS.iter().all(|offset| free(base + offset).is_some());
    claims.find(|(base, _)| all_free(*base)).expect("a block of ports is free")
}
