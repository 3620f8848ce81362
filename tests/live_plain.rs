//! Claims about `live --plain`: a served world, in real time and over real sockets, flown by sentences.

#[path = "common/incidents.rs"]
mod incidents;
#[expect(dead_code, reason = "whole lines are typed here, and no signal is sent")]
#[path = "common/seat.rs"]
mod seat;

use goaround::incident::Event;
use seat::{Pipe, Seat, assert_plain, declare, fire, land};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A world on loopback; dropped, it ends.
struct World {
    process: Child,
    address: String,
}

impl World {
    fn start() -> Self {
        let mut world = Command::new(env!("CARGO_BIN_EXE_goaround"));
        world.args(["world", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut process = world.spawn().expect("the world starts");
        let mut told = BufReader::new(process.stdout.take().expect("its output")).lines();
        let line = told.nth(1).expect("two lines").expect("text");
        Self { process, address: line.rsplit(' ').next().expect("an address").to_owned() }
    }

    fn fly(&self, folder: &Path) -> Pipe {
        let folder = folder.to_str().expect("temporary folders are named in UTF-8");
        let world = ["live", "--world", &self.address, "--profile", "testbed", "--plain"];
        Pipe::start(world.into_iter().chain(["--as", "mira", "--incidents", folder]))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.process.kill().expect("the world ends");
        self.process.wait().expect("the world ends");
    }
}

#[test]
fn a_live_incident_is_landed_by_sentences_over_pipes() {
    let (world, folder) = (World::start(), tempfile::tempdir().expect("a folder"));
    let mut seat = world.fly(folder.path());
    declare(&mut seat);
    seat.types("s");
    seat.wait_for("SEV2 T+00:");
    land(&mut seat);
    seat.types("quit");
    seat.wait_for("nothing is open");
    seat.types("leave");
    let (code, told) = seat.ends();
    assert_eq!(code, 0, "recovered, no debt left:\n{told}");
    assert_plain(&told);
    assert!(told.contains("recovered, no debt left"), "{told}");
    assert!(!told.contains("surprised by?"), "only what is flown as a drill from here is debriefed:\n{told}");
    let directory = incidents::only(folder.path());
    assert_eq!(told.lines().last(), directory.to_str(), "the directory is the last line");
    incidents::recovered(&directory);
    assert_eq!(incidents::pulls(&directory), 6, "four levers and two ways back, each fired once");
}

#[test]
fn a_live_incident_whose_lines_end_stays_open_and_what_was_fired_is_settled() {
    let (world, folder) = (World::start(), tempfile::tempdir().expect("a folder"));
    let mut seat = world.fly(folder.path());
    declare(&mut seat);
    seat.types("run");
    seat.wait_for("NEXT step 2 of 7");
    fire(&mut seat, "run");
    let (code, told) = seat.ends();
    assert_eq!(code, 3, "left open:\n{told}");
    assert!(told.contains("go on with: goaround resume"), "{told}");
    let events = incidents::events(&incidents::only(folder.path()));
    let settled = events.iter().filter(|event| matches!(event, Event::PullSettled { .. })).count();
    assert_eq!(settled, 1, "one pull, and its outcome is on disk");
}
