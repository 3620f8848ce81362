//! Backends that are gone: one kind refuses, the other takes every connection and never says a word.

use crate::goaround;
use crate::pty::Program;
use color_eyre::eyre::Result;
use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The ports of the playbook's backends: edge, Redis, Prometheus.
const PORTS: [u16; 3] = [17082, 17079, 17090];
/// The connections kept open; whoever made an older one has given it up long ago.
const KEPT_MAX: usize = 256;

/// Where the playbook's backends are said to be.
struct Addresses {
    tcp: SocketAddr,
    /// The folder that the sockets and files are looked for in.
    data: PathBuf,
}

/// Listeners that accept and never answer, for as long as the program runs.
pub struct Silent {
    addresses: Addresses,
    _folder: TempDir,
}

impl Silent {
    /// Listens on a port and a socket of its own.
    pub fn listen() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let socket = folder.path().join("haproxy/sock");
        std::fs::create_dir(folder.path().join("haproxy"))?;
        let unix = UnixListener::bind(socket)?;
        let tcp = TcpListener::bind("127.0.0.1:0")?;
        let addresses = Addresses { tcp: tcp.local_addr()?, data: folder.path().to_owned() };
        std::thread::spawn(move || keep(tcp.incoming()));
        std::thread::spawn(move || keep(unix.incoming()));
        Ok(Self { addresses, _folder: folder })
    }

    /// A live flight against nothing but silence.
    pub fn flight(&self, incidents: &Path) -> Result<Program> {
        flight(&self.addresses, "silent", incidents)
    }
}

/// A live flight whose every call is refused: the port is closed, the socket and the files are not there.
pub fn refused_flight(incidents: &Path) -> Result<Program> {
    let tcp = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    flight(&Addresses { tcp, data: incidents.join("nothing-here") }, "refused", incidents)
}

fn keep<S>(connections: impl Iterator<Item = std::io::Result<S>>) {
    let mut kept = VecDeque::new();
    for connection in connections {
        kept.push_back(connection);
        if kept.len() > KEPT_MAX {
            kept.pop_front();
        }
    }
}

/// The playbook `docs-rag` with its backends at `addresses`, flown from a cockpit.
fn flight(addresses: &Addresses, name: &str, incidents: &Path) -> Result<Program> {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/playbooks/docs-rag.toml");
    let mut text = std::fs::read_to_string(shipped)?;
    for port in PORTS {
        text = text.replace(&format!("127.0.0.1:{port}"), &addresses.tcp.to_string());
    }
    text = text.replace("/tmp/goaround-testbed", &addresses.data.to_string_lossy());
    let path = incidents.join(format!("{name}.toml"));
    std::fs::write(&path, text)?;
    let live = goaround(&["live", "--playbook", &path.to_string_lossy()], incidents);
    Ok(live.with("REDIS_PASS", "none").with("PROM_PASS", "none"))
}
