//! Claims about `--plain`: the embedded drill flown by sentences, over pipes and on a dumb terminal.

#[path = "common/incidents.rs"]
mod incidents;
#[expect(dead_code, reason = "sizes, hang-ups and screens are the drill's business")]
#[path = "common/pty.rs"]
mod pty;
#[expect(dead_code, reason = "what was told is asked for at the end")]
#[path = "common/seat.rs"]
mod seat;

use goaround::incident::Event;
use pty::Terminal;
use rustix::process::{Signal, kill_process};
use seat::{Pipe, Seat, assert_plain, declare, fire, land};
use std::path::Path;
use std::time::Instant;

/// A dumb terminal, of which only the bytes count.
struct Dumb {
    terminal: Terminal,
    behind: usize,
}

impl Seat for Dumb {
    fn types(&mut self, line: &str) {
        self.terminal.press(&format!("{line}\n"));
    }

    #[track_caller]
    fn wait_for_all(&mut self, sentences: &[&str]) {
        let deadline = Instant::now() + pty::DEADLINE;
        loop {
            assert!(Instant::now() < deadline, "waited in vain for {sentences:?}");
            let told = String::from_utf8_lossy(self.terminal.raw()).into_owned();
            if let Some(end) = seat::end_of_all(&told, self.behind, sentences) {
                self.behind = end;
                return;
            }
            self.terminal.wait_for_change();
        }
    }
}

fn args<'a>(folder: &'a Path, speed: &'a str) -> Vec<&'a str> {
    let folder = folder.to_str().expect("temporary folders are named in UTF-8");
    vec!["drill", "--speed", speed, "--as", "mira", "--incidents", folder]
}

/// Leaves, declines the three questions, and reads what was measured.
fn leave(seat: &mut impl Seat) {
    seat.types("quit");
    seat.wait_for("nothing is open");
    seat.types("leave");
    for question in ["surprised by?", "keep?", "change?"] {
        seat.wait_for(&format!("{question} Type it as one line"));
        seat.types(".");
    }
    seat.wait_for("declare -> first lever");
    seat.wait_for("Type finding to write one down");
    seat.types("leave");
}

#[test]
fn a_drill_is_landed_by_sentences_over_pipes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Pipe::start(args(folder.path(), "5").into_iter().chain(["--plain"]));
    seat.wait_for("When one breaks its stop limit");
    declare(&mut seat);
    for (word, sentence) in [("s", "SEV2 T+00:"), ("t", "recover runs"), ("m", "BREACH coverage"), ("j 2", "checklist")]
    {
        seat.types(word);
        seat.wait_for(sentence);
    }
    land(&mut seat);
    leave(&mut seat);
    let (code, told) = seat.ends();
    assert_eq!(code, 0, "recovered, no debt left:\n{told}");
    assert_plain(&told);
    assert!(!told.contains('\r'), "lines end in a newline and nothing else");
    let directory = incidents::only(folder.path());
    assert_eq!(told.lines().last(), directory.to_str(), "the directory is the last line");
    incidents::recovered(&directory);
    assert_eq!(incidents::pulls(&directory), 6, "four levers and two ways back, each fired once");
}

#[test]
fn a_dumb_terminal_goes_by_lines_by_itself_and_gets_text_only() {
    let folder = tempfile::tempdir().expect("a folder");
    // Wide enough that the emulator breaks no sentence.
    let terminal = Terminal::start_with(300, 60, args(folder.path(), "5"), &[("TERM", "dumb")]);
    let mut seat = Dumb { terminal, behind: 0 };
    seat.wait_for("TERM=dumb: this terminal has no screen");
    declare(&mut seat);
    land(&mut seat);
    leave(&mut seat);
    assert_eq!(seat.terminal.exit_code(), 0, "recovered, no debt left");
    assert_plain(&String::from_utf8_lossy(seat.terminal.raw()));
    seat.terminal.assert_given_back();
    incidents::recovered(&incidents::only(folder.path()));
}

#[test]
fn where_the_lines_end_the_incident_stays_open_and_is_resumed_by_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Pipe::start(args(folder.path(), "8").into_iter().chain(["--plain"]));
    declare(&mut seat);
    seat.types("run");
    seat.wait_for("NEXT step 2 of 7");
    let (code, told) = seat.ends();
    assert_eq!(code, 3, "left open:\n{told}");
    assert!(told.contains("No more lines can be read: leaving."), "{told}");
    assert!(told.contains("go on with: goaround resume"), "{told}");

    let directory = incidents::only(folder.path());
    let path = directory.to_str().expect("named in UTF-8");
    let mut seat = Pipe::start(["resume", path, "--plain", "--as", "mira"]);
    seat.wait_for("resumed");
    seat.wait_for("NEXT step 2 of 7, freeze writers, READY");
    fire(&mut seat, "run");
    seat.wait_for("NEXT step 3 of 7");
    let (code, told) = seat.ends();
    assert_eq!(code, 3, "left open again:\n{told}");
    assert!(!told.contains("capture state SENSED"), "what was told before is not told again:\n{told}");
    assert_eq!(incidents::pulls(&directory), 1);
}

#[test]
fn a_whole_script_at_once_fires_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Pipe::start(args(folder.path(), "8").into_iter().chain(["--plain"]));
    declare(&mut seat);
    seat.types("arm 1");
    seat.wait_for("Type fire on a line of its own");
    seat.types("s\nfire\nfire\nt");
    seat.wait_for("a pasted line never fires");
    seat.wait_for("since the declaration");
    let (code, told) = seat.ends();
    assert_eq!(code, 3, "{told}");
    assert_eq!(incidents::pulls(&incidents::only(folder.path())), 0, "{told}");
}

#[test]
fn a_drill_is_debriefed_by_lines_and_what_is_said_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("named in UTF-8");
    let flown = incidents::goaround(["drill", "--speed", "20", "--plain", "--incidents", path]);
    assert_eq!(flown.status.code(), Some(1), "nobody typed anything: nothing was declared");
    let directory = incidents::only(folder.path());
    let directory = directory.to_str().expect("named in UTF-8");
    let mut seat = Pipe::start(["debrief", directory, "--plain", "--as", "mira"]);
    seat.wait_for("surprised by? Type it as one line");
    seat.types("");
    seat.wait_for("surprised by? Type it as one line");
    seat.types(&"x".repeat(5000));
    seat.wait_for("a line over 4096 bytes is not taken");
    seat.types("how long the index took");
    seat.wait_for("keep? Type it");
    seat.types(".");
    seat.wait_for("change? Type it");
    seat.types(".");
    seat.wait_for("2 MEASURED");
    seat.types("finding");
    for (asked, answer) in [("finding: type", "no alert for dS"), ("owner: type", "ed"), ("re-drill", "2026-12-01")] {
        seat.wait_for(asked);
        seat.types(answer);
    }
    seat.wait_for("no alert for dS, ed, 2026-12-01");
    seat.types("change 2");
    seat.wait_for("change takes the number of a finding");
    seat.types("change 1");
    for (asked, answer) in
        [("finding, now: no alert for dS.", "="), ("owner, now: ed.", "mo"), ("now: 2026-12-01.", "=")]
    {
        seat.wait_for(asked);
        seat.types(answer);
    }
    seat.wait_for("no alert for dS, mo, 2026-12-01");
    seat.types("remove 1");
    seat.wait_for("take out `no alert for dS`");
    seat.wait_for("Type yes to take it out");
    seat.types("y");
    seat.wait_for("change or remove with the number of one");
    seat.types("leave");
    let (code, told) = seat.ends();
    assert_eq!(code, 0, "{told}");
    assert_plain(&told);
    let kept = std::fs::read_to_string(Path::new(directory).join("debrief.toml")).expect("it was written");
    for words in ["how long the index took", "no alert for dS", "\"mo\"", "mira"] {
        assert!(kept.contains(words), "{kept}");
    }
}

#[test]
fn a_paste_that_begins_with_the_answer_closes_nothing_and_an_answer_alone_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Pipe::start(args(folder.path(), "20").into_iter().chain(["--plain"]));
    declare(&mut seat);
    seat.types("close");
    seat.wait_for("Why close all the same?");
    seat.sends(b"1 of 3 replicas\nis back\n");
    seat.wait_for("a pasted line never fires, sends, closes or hands over");
    let closed = |event: &Event| matches!(event, Event::Closed { .. });
    assert!(!incidents::events(&incidents::only(folder.path())).iter().any(closed));
    seat.answers("a false alarm");
    // Nothing more comes behind it, so it came alone.
    let (_, told) = seat.ends();
    assert!(incidents::events(&incidents::only(folder.path())).iter().any(closed), "{told}");
}

#[test]
fn ctrl_c_drops_what_is_open_and_ends_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Pipe::start(args(folder.path(), "8").into_iter().chain(["--plain"]));
    declare(&mut seat);
    seat.types("arm 1");
    seat.wait_for("Type fire on a line of its own");
    let pid = seat.pid();
    kill_process(pid, Signal::INT).expect("it runs");
    seat.wait_for("cancelled; Ctrl-C again within 2 s asks to leave");
    seat.types("fire");
    seat.wait_for("nothing is open that fire could be meant for");
    kill_process(pid, Signal::TERM).expect("it runs");
    let (code, told) = seat.ends();
    assert_eq!(code, 3, "{told}");
    assert_eq!(incidents::pulls(&incidents::only(folder.path())), 0, "{told}");
}

#[test]
fn a_line_too_long_and_one_that_is_no_text_do_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seat = Pipe::start(args(folder.path(), "8").into_iter().chain(["--plain"]));
    seat.wait_for("When one breaks its stop limit");
    seat.types(&"x".repeat(100_000));
    seat.wait_for("is not taken: nothing was done");
    seat.sends(b"\xff\xfe\x1b[2J\n");
    seat.wait_for("is not known");
    seat.types("s");
    seat.wait_for("mira commands.");
    let (_, told) = seat.ends();
    assert_plain(&told);
}

#[test]
fn without_a_terminal_it_says_what_works_without_one() {
    for args in [&["drill"][..], &["drill", "--auto", "--plain"]] {
        let refused = incidents::goaround(args);
        assert_eq!(refused.status.code(), Some(2));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("--plain") && said.contains("--auto"), "{said}");
        assert!(refused.stdout.is_empty());
    }
}

#[test]
fn what_settles_after_the_lines_have_ended_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("named in UTF-8");
    assert_eq!(incidents::goaround(["drill", "bad-deploy", "--auto", "--incidents", path]).status.code(), Some(0));
    let directory = incidents::only(folder.path());
    let journal = directory.join("journal.jsonl");
    let whole = std::fs::read_to_string(&journal).expect("it is there");
    let declared = incidents::events(&directory).iter().position(|event| matches!(event, Event::Declared { .. }));
    let left: String = whole.split_inclusive('\n').take(declared.expect("it was declared") + 1).collect();
    std::fs::write(&journal, left).expect("it can be cut");
    let mut seat = Pipe::start(["resume", directory.to_str().expect("named in UTF-8"), "--plain", "--as", "mira"]);
    seat.wait_for("resumed");
    seat.types("arm 3");
    seat.wait_for("Type fire on a line of its own");
    seat.types("fire");
    // It takes six seconds, and nobody types any more.
    seat.wait_for("pull 1 Stop the services FIRED");
    let (code, told) = seat.ends();
    assert_eq!(code, 3, "left open:\n{told}");
    assert!(told.contains("pull 1 APPLIED in 6"), "what became of it is the last word:\n{told}");
}
