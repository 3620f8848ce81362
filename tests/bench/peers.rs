//! The full-screen programs people know: `htop` and `btop`, as Debian packages them.

use crate::pty::Program;
use std::process::{Command, Stdio};

/// A full-screen program, and how its pages are recognised.
pub struct Peer {
    /// As it is called.
    pub name: &'static str,
    /// How it is started.
    pub program: Program,
    /// Its main page is whole.
    pub main_page: fn(&vt100::Screen) -> bool,
    /// Its help is shown.
    pub help: fn(&vt100::Screen) -> bool,
    /// What opens the help.
    pub open: &'static [u8],
    /// What closes it.
    pub close: &'static [u8],
}

/// Those that are installed here; of the others it is said.
pub fn installed() -> Vec<Peer> {
    [htop(), btop()].into_iter().filter(is_installed).collect()
}

fn is_installed(peer: &Peer) -> bool {
    let asked = Command::new(peer.name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let there = asked.is_ok_and(|status| status.success());
    if !there {
        println!("!! SKIPPED: {0} is not installed here (apt-get install {0})", peer.name);
    }
    there
}

fn shows(screen: &vt100::Screen, wanted: &str, unwanted: &str) -> bool {
    let contents = screen.contents();
    contents.contains(wanted) && !contents.contains(unwanted)
}

fn htop() -> Peer {
    Peer {
        name: "htop",
        program: Program::new(&["htop"]),
        main_page: |screen| shows(screen, "F10Quit", "Released under"),
        help: |screen| shows(screen, "Released under", "F10Quit"),
        open: b"?",
        close: b"q",
    }
}

fn btop() -> Peer {
    Peer {
        name: "btop",
        // Its own detection of colours and letters asks for a locale that is UTF-8.
        program: Program::new(&["btop", "--utf-force"]),
        main_page: |screen| shows(screen, "filter", "Description:"),
        help: |screen| screen.contents().contains("Description:"),
        open: b"h",
        close: b"\x1b",
    }
}
