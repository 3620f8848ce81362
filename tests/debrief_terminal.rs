//! The debrief on a terminal of its own, by keys: answers first, then numbers, then findings.

#[path = "common/pty.rs"]
#[expect(dead_code, reason = "signals and sizes are the drill's business")]
mod pty;

use pty::Terminal;
use std::path::{Path, PathBuf};
use std::process::Command;

const ENTER: &str = "\r";
const ESC: &str = "\x1b";
const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

/// A drill flown by the pilot whose debrief nobody has begun.
fn unspoken(folder: &Path) -> PathBuf {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(["drill", "--auto", "--incidents"]).arg(folder).env("GOAROUND_CONFIG", "/nowhere");
    let output = command.output().expect("the program runs");
    let said = String::from_utf8(output.stdout).expect("text");
    let directory = PathBuf::from(said.lines().last().expect("the directory comes last"));
    std::fs::remove_file(directory.join("debrief.toml")).expect("the pilot declined");
    directory
}

fn terminal(directory: &Path) -> Terminal {
    let args = ["debrief".as_ref(), directory.as_os_str(), "--as".as_ref(), "mira".as_ref()];
    let mut terminal = Terminal::start(80, 24, args);
    terminal.wait_for("DRILL DEBRIEF  drill-index-mismatch-1");
    terminal
}

#[test]
fn numbers_come_after_the_three_answers_and_findings_after_the_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = unspoken(folder.path());
    let mut terminal = terminal(&directory);
    terminal.wait_for("locked until all three");
    assert!(!terminal.screen().contains("first lever"), "{}", terminal.screen());
    terminal.press("the alias moved");
    terminal.press(ENTER);
    terminal.wait_for("surprised by?  the alias moved");
    terminal.press(ENTER);
    terminal.wait_for("type an answer, or decline");
    terminal.press(CTRL_D);
    terminal.wait_for("declined by mira");
    assert!(!terminal.screen().contains("first lever"), "two answers unlock nothing");
    terminal.press("more qa");
    terminal.press(ENTER);
    terminal.wait_for_line(&["declare -> first lever", "01:00"]);
    terminal.wait_for("3 INJECTED");

    terminal.press("f");
    terminal.wait_for("finding: _");
    for part in ["no runbook", "ed", "soon"] {
        terminal.press(part);
        terminal.press(ENTER);
    }
    terminal.wait_for("`soon` is no date");
    terminal.press("2026-12-01");
    terminal.press(ENTER);
    terminal.wait_for("no runbook, ed, 2026-12-01");
    terminal.press("f");
    terminal.wait_for("finding: _");
    terminal.press(ESC);
    terminal.wait_without("finding: _");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0, "every question was answered or declined");
    terminal.assert_given_back();
    let text = std::fs::read_to_string(directory.join("debrief.md")).expect("it was written");
    for said in ["the alias moved (mira)", "keep? declined by mira", "more qa", "| no runbook | ed | 2026-12-01 |"] {
        assert!(text.contains(said), "no `{said}` in\n{text}");
    }
}

#[test]
fn a_finding_that_was_kept_is_changed_and_taken_out_and_comments_in_the_file_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = unspoken(folder.path());
    let said = directory.join("debrief.toml");
    let of = |to: &str| format!("[[answers]]\nto = \"{to}\"\nby = \"ed\"\n");
    let found = |what: &str| {
        format!("# {what}!\n[[findings]]\nfinding = '{what}'\nowner = 'ed' # for now\nredrill = '2026-12-01'\n")
    };
    let answers = ["surprised", "keep", "change"].map(of).concat();
    std::fs::write(&said, format!("format = 1\n{answers}{}{}", found("one"), found("two"))).expect("it can be written");
    let mut terminal = terminal(&directory);
    terminal.press(&"j".repeat(40));
    terminal.wait_for("> two, ed, 2026-12-01");
    terminal.press("e");
    terminal.wait_for("finding: two_");
    terminal.press(" late");
    terminal.press(ENTER);
    terminal.wait_for("owner: ed_");
    terminal.press(ENTER);
    terminal.wait_for("2026-12-01_");
    terminal.press(ENTER);
    terminal.wait_for("> two late, ed, 2026-12-01");
    let now = std::fs::read_to_string(&said).expect("it is there");
    let wanted = format!(
        "format = 1\n{answers}{}{}",
        found("one"),
        found("two")
            .replace("'two'", "\"two late\"")
            .replace("'2026-12-01'", "\"2026-12-01\"")
            .replace("'ed'", "\"ed\"")
    );
    assert_eq!(now, wanted);

    terminal.press("k");
    terminal.wait_for("> one, ed, 2026-12-01");
    terminal.press("x");
    terminal.wait_for("take out `one`");
    terminal.press(ENTER);
    terminal.wait_without("take out `one`");
    terminal.press("x");
    terminal.wait_for("take out `one`");
    terminal.press("y");
    terminal.wait_without("one, ed, 2026-12-01");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
    let now = std::fs::read_to_string(&said).expect("it is there");
    assert!(now.contains("# one!\n# two!") && !now.contains("'one'") && now.contains("two late"), "{now}");
    let text = std::fs::read_to_string(directory.join("debrief.md")).expect("it was written");
    assert!(text.contains("| two late | ed | 2026-12-01 |") && !text.contains("| one |"), "{text}");
}

#[test]
fn what_was_answered_is_kept_and_not_asked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = unspoken(folder.path());
    let mut first = terminal(&directory);
    first.press("half a word");
    first.press(ENTER);
    first.wait_for("> keep?");
    first.press(CTRL_C);
    assert_eq!(first.exit_code(), 3, "left open");
    first.assert_given_back();
    let mut second = terminal(&directory);
    second.wait_for("surprised by?  half a word");
    second.wait_for("> keep?");
    second.press(CTRL_C);
    assert_eq!(second.exit_code(), 3, "still open");
}

#[test]
fn from_the_numbers_one_goes_to_the_moment_back_and_on_to_the_next_drill() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = unspoken(folder.path());
    let mut terminal = terminal(&directory);
    for _ in 0..3 {
        terminal.press(CTRL_D);
    }
    terminal.wait_for_line(&["> impact -> detect", "b1"]);
    terminal.press("m");
    terminal.wait_for("report.md and debrief.md are written in");
    assert!(directory.join("report.md").is_file() && directory.join("debrief.md").is_file());
    terminal.press("h");
    terminal.wait_for("report.html and debrief.md are written in");
    assert!(directory.join("report.html").is_file());
    terminal.press("\t");
    terminal.wait_for_line(&["> declare -> first lever", "b2"]);
    terminal.press("R");
    terminal.wait_for("STOPPED x1  T+00:00");
    terminal.wait_for("DECLARED SEV");
    terminal.press("q");
    terminal.wait_for("DRILL DEBRIEF  drill-index-mismatch-1");
    terminal.press("N");
    terminal.wait_for(" DRILL ");
    terminal.press(&CTRL_C.repeat(3));
    terminal.exit_code();
    terminal.assert_given_back();
    let names = std::fs::read_dir(folder.path()).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    let made: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    assert_eq!(made.len(), 2, "{made:?}");
    let next = made.iter().find(|name| !name.contains("index-mismatch"));
    assert!(next.is_some(), "the drill that was just flown is not the next: {made:?}");
}
