//! Claims about the cockpit on a terminal of its own, flying the embedded drill by keys.

#[path = "common/incidents.rs"]
mod incidents;
#[path = "common/keys.rs"]
mod keys;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "stalls and sequences are the business of terminal faults")]
mod pty;

use goaround::incident::Event;
use keys::{ENTER, ESC, back_to_main, fire, run_step};
use pty::Terminal;
use rustix::process::Signal;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

/// A drill in a terminal, and the folder its incident is in.
struct Drill {
    terminal: Terminal,
    folder: TempDir,
}

impl Drill {
    fn start(columns: u16, rows: u16, speed: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_str().expect("temporary folders are named in UTF-8");
        let args = ["drill", "--speed", speed, "--as", "mira", "--incidents", path];
        Self { terminal: Terminal::start(columns, rows, args), folder }
    }

    /// Waits until something is wrong, declares it, and waits until the checklist stands at its first step.
    fn declared(columns: u16, rows: u16, speed: &str) -> Self {
        let mut drill = Self::start(columns, rows, speed);
        drill.terminal.wait_for("I declares a rollback");
        keys::declare(&mut drill.terminal, "coverage BREACH, dS BREACH");
        drill
    }

    fn directory(&self) -> PathBuf {
        incidents::only(self.folder.path())
    }
}

fn land_by_keys(columns: u16, rows: u16) {
    let mut drill = Drill::start(columns, rows, "5");
    drill.terminal.wait_for(" DRILL ");
    drill.terminal.wait_for("When one breaks its stop limit");
    drill.terminal.wait_for("any key puts this away");
    drill.terminal.wait_for("X 2 BREACH");
    drill.terminal.wait_for("I declares a rollback");
    drill.terminal.wait_for("not declared");
    let directory = drill.directory();
    let begun = |event: &Event| matches!(event, Event::Declared { .. } | Event::PullStarted { .. });
    assert!(!incidents::events(&directory).iter().any(begun), "a breach offers, and does nothing by itself");

    let terminal = &mut drill.terminal;
    keys::declare(terminal, "coverage BREACH, dS BREACH");
    keys::land(terminal, "Index alias back to docs_vA");
    terminal.press("q");
    terminal.wait_for("nothing is open");
    terminal.press("y");
    terminal.wait_for("locked until all three");
    for question in ["> surprised by?", "> keep?", "> change?"] {
        terminal.wait_for(question);
        terminal.press(CTRL_D);
    }
    terminal.wait_for("declare -> first lever");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0, "recovered with no debt left");
    terminal.assert_given_back();
    let screen = terminal.screen();
    assert!(screen.contains("recovered, no debt left"), "{screen}");
    assert_ends_with_directory(&screen, &directory);
    assert_postmortem(&directory);
}

#[track_caller]
fn assert_ends_with_directory(screen: &str, directory: &Path) {
    let last = screen.lines().rev().find(|line| !line.trim().is_empty());
    assert_eq!(last.map(str::trim), directory.to_str(), "the directory is the last line");
}

fn assert_postmortem(directory: &Path) {
    let report = incidents::recovered(directory);
    for words in ["## Timeline", "declared by `mira`", "Index alias back to docs_vA", "closed, recovered"] {
        assert!(report.contains(words), "no `{words}` in the report:\n{report}");
    }
    assert_eq!(incidents::pulls(directory), 6, "four levers and two ways back, each fired once");
}

#[test]
fn a_newcomer_lands_the_drill_by_keys_at_80x24() {
    land_by_keys(80, 24);
}

#[test]
fn a_newcomer_lands_the_drill_by_keys_at_120x40() {
    land_by_keys(120, 40);
}

#[test]
fn keys_in_the_guard_are_dropped_and_enter_never_fires() {
    let Drill { mut terminal, folder } = Drill::declared(80, 24, "8");
    run_step(&mut terminal, 1, "capture state");
    terminal.wait_for("[*] SENSED");
    back_to_main(&mut terminal, 1);
    terminal.wait_for("> 2 [ ] freeze writers");
    terminal.press(ENTER);
    terminal.wait_for("STEP 2/7");
    // A habit of fingers: run it, fire it, all at once.
    terminal.press("rFFFFF");
    terminal.wait_for("F fires.");
    terminal.press(ENTER);
    // What follows Enter was taken, and so Enter was taken before it.
    terminal.press("y");
    terminal.wait_for("copied");
    assert!(terminal.screen().contains("ARMED"), "{}", terminal.screen());
    let directory = incidents::only(folder.path());
    assert_eq!(incidents::pulls(&directory), 0, "nothing was fired");
    fire(&mut terminal);
    assert_eq!(incidents::pulls(&directory), 1, "and F, once it is live, does");
}

#[test]
fn esc_never_leaves_and_q_asks_first() {
    let Drill { mut terminal, folder: _kept } = Drill::declared(80, 24, "8");
    terminal.press("j");
    terminal.wait_for("> 2 [ ]");
    // The first Esc goes back to where the checklist stands, the second has nothing left to close.
    terminal.press(ESC);
    terminal.wait_for("> 1 [ ]");
    terminal.press(ESC);
    // It shows nothing. The clocks move on, and by then it was taken as a key of its own.
    terminal.wait_for_change();
    terminal.wait_for_change();
    terminal.press("q");
    terminal.wait_for("LEAVE GOAROUND?");
    terminal.wait_for("the incident is not closed");
    terminal.press(ESC);
    terminal.wait_without("LEAVE GOAROUND?");
    terminal.press("q");
    terminal.wait_for("LEAVE GOAROUND?");
    terminal.press("y");
    terminal.wait_for("DRILL DEBRIEF");
    terminal.press(CTRL_C);
    assert_eq!(terminal.exit_code(), 3, "left open");
    terminal.assert_given_back();
    assert!(terminal.screen().contains("go on with: goaround resume"), "{}", terminal.screen());
}

#[test]
fn the_third_ctrl_c_leaves() {
    let Drill { mut terminal, folder: _kept } = Drill::declared(80, 24, "8");
    terminal.press("I");
    terminal.wait_for("SIZE-UP  how do things stand?");
    terminal.press(CTRL_C);
    terminal.wait_for("Ctrl-C again");
    terminal.wait_without("SIZE-UP  how do things stand?");
    terminal.press(CTRL_C);
    terminal.press(CTRL_C);
    assert_eq!(terminal.exit_code(), 3, "left open");
    terminal.assert_given_back();
}

#[test]
fn pasted_keys_do_nothing() {
    let Drill { mut terminal, folder } = Drill::declared(80, 24, "8");
    terminal.press("\x1b[200~r2FQq\r\x1b[201~");
    terminal.press("?");
    terminal.wait_for("HELP");
    let directory = incidents::only(folder.path());
    let begun = |event: &Event| matches!(event, Event::StepStarted { .. } | Event::PullStarted { .. });
    assert!(!incidents::events(&directory).iter().any(begun), "text is no keys");
}

#[test]
fn signals_give_the_terminal_back_and_leave_the_incident_open() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let Drill { mut terminal, folder } = Drill::declared(80, 24, "8");
        let directory = incidents::only(folder.path());
        terminal.signal(signal);
        assert_eq!(terminal.exit_code(), 3, "{signal:?} leaves it open");
        terminal.assert_given_back();
        assert_ends_with_directory(&terminal.screen(), &directory);
        assert_holds(&directory);
    }
}

#[test]
fn a_signal_under_arms_fires_nothing() {
    let Drill { mut terminal, folder } = Drill::declared(80, 24, "8");
    terminal.press("L");
    terminal.wait_for("LEVERS");
    terminal.press("1");
    terminal.wait_for("F fires.");
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.exit_code(), 3, "left open");
    terminal.assert_given_back();
    assert_eq!(incidents::pulls(&incidents::only(folder.path())), 0, "nothing was fired");
}

#[test]
fn a_lost_terminal_ends_the_flight_and_loses_nothing() {
    let Drill { terminal, folder } = Drill::declared(80, 24, "8");
    assert_eq!(terminal.hang_up(), 3, "left open");
    assert_holds(&incidents::only(folder.path()));
}

#[track_caller]
fn assert_holds(directory: &Path) {
    let verified = incidents::goaround(["verify".as_ref(), directory.as_os_str()]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn a_terminal_of_10x3_gets_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(10, 3, ["drill".as_ref(), "--incidents".as_ref(), folder.path().as_os_str()]);
    assert_eq!(terminal.exit_code(), 2, "bad input");
    terminal.assert_given_back();
    let said = String::from_utf8_lossy(terminal.raw()).into_owned();
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    assert!(said.contains("this terminal is 10x3") && said.contains("80x24"), "{said}");
    assert!(!said.contains('\x1b'), "nothing was done to the terminal: {said:?}");
    let left = std::fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(left, 0, "no incident was begun");
}

#[test]
fn a_storm_of_200_resizes_kills_nothing() {
    let Drill { mut terminal, folder: _kept } = Drill::declared(80, 24, "8");
    for n in 0..200_u16 {
        terminal.resize(1 + n * 37 % 200, 1 + n * 23 % 60);
    }
    terminal.resize(30, 8);
    terminal.wait_for("goaround needs 40x10 or more");
    terminal.resize(80, 24);
    terminal.wait_for("> 1 [ ] capture state");
    terminal.wait_for("q quit");
    terminal.press("q");
    terminal.wait_for("LEAVE GOAROUND?");
    terminal.press("y");
    terminal.wait_for("DRILL DEBRIEF");
    terminal.press(CTRL_C);
    assert_eq!(terminal.exit_code(), 3, "left open");
    terminal.assert_given_back();
}

#[test]
fn a_window_too_small_to_show_what_is_armed_fires_nothing() {
    let mut drill = Drill::declared(80, 24, "8");
    let directory = drill.directory();
    let terminal = &mut drill.terminal;
    terminal.press("L");
    terminal.wait_for("1-9 arm");
    terminal.press("1");
    terminal.wait_for("F fires.");
    terminal.resize(30, 8);
    terminal.wait_for("ARMED lever 1");
    terminal.press("F");
    terminal.press("x");
    terminal.resize(80, 24);
    terminal.wait_for("F fires.");
    terminal.press(ESC);
    terminal.wait_for("1-9 arm");
    assert_eq!(incidents::pulls(&directory), 0, "what nobody saw is not fired");
    terminal.press(CTRL_C);
    terminal.press(CTRL_C);
    terminal.press(CTRL_C);
    assert_eq!(terminal.exit_code(), 3, "left open");
}

#[test]
fn nothing_stands_still_while_a_pull_is_in_flight_and_then_it_may() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("temporary folders are named in UTF-8");
    // The copy of the backup takes 40 seconds of the world's time.
    let args = ["drill", "bad-deploy", "--speed", "4", "--as", "mira", "--incidents", path];
    let mut terminal = Terminal::start(120, 40, args);
    terminal.wait_for("I declares a rollback");
    terminal.press("I");
    terminal.wait_for("2  SEV2");
    terminal.press("2");
    terminal.wait_for("Enter declares with it");
    terminal.press(ENTER);
    terminal.wait_for("SEV2  T+");
    terminal.press("L");
    terminal.wait_for("LEVERS");
    terminal.press("5");
    terminal.wait_for("F fires.");
    terminal.press("F");
    terminal.wait_for("FIRED");
    terminal.signal(Signal::TSTP);
    terminal.wait_for("not stopped: what was fired is still in flight");
    terminal.wait_for("+ AGREES");
    let directory = incidents::only(folder.path());
    let settled = |event: &Event| matches!(event, Event::PullSettled { .. });
    assert!(incidents::events(&directory).iter().any(settled), "its outcome was awaited and written down");
    terminal.signal(Signal::TSTP);
    terminal.wait_for("stopped, nothing is in flight");
    terminal.signal(Signal::CONT);
    terminal.wait_for("2 CHECKLIST");
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.exit_code(), 3, "left open");
    terminal.assert_given_back();
    assert_holds(&directory);
}
