//! Claims about `live --plain`: a served world, in real time and over real sockets, flown by sentences.

#[path = "common/incidents.rs"]
mod incidents;
#[expect(dead_code, reason = "whole lines are typed here, and no signal is sent")]
#[path = "common/seat.rs"]
mod seat;
#[path = "common/world.rs"]
mod world;

use goaround::incident::Event;
use seat::{Pipe, Seat, assert_plain, declare, fire, land};
use std::path::Path;
use world::World;

/// Somebody who flies the served world by lines, into `folder`.
fn fly(world: &World, folder: &Path) -> Pipe {
    let folder = folder.to_str().expect("temporary folders are named in UTF-8");
    let args = ["live", "--world", &world.address, "--profile", "testbed", "--plain"];
    Pipe::start(args.into_iter().chain(["--as", "mira", "--incidents", folder]))
}

#[test]
fn a_live_incident_is_landed_by_sentences_over_pipes() {
    let (world, folder) = (World::start(), tempfile::tempdir().expect("a folder"));
    let mut seat = fly(&world, folder.path());
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
    let mut seat = fly(&world, folder.path());
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
