//! The debrief on a terminal of its own, by keys: answers first, then numbers, then findings.

#[path = "common/pty.rs"]
#[expect(dead_code, reason = "stalls and hang-ups are the drill's business")]
mod pty;

use goaround::app::flight::{Flight, Unwritten};
use goaround::app::live::{Keeper, Manners, Screen, debrief};
use goaround::cockpit::{Mode, Theme, Ui};
use goaround::incident::Moment;
use goaround::playbook::{self, Playbook};
use goaround::report::{Answers, Debrief};
use goaround::text::Redactor;
use pty::Terminal;
use rustix::process::Signal;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

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
    // What is written one after the other is written once the last of it is.
    terminal.press("m");
    terminal.wait_for("report.md and debrief.md are written in");
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

/// Where the program below finds the FIFO that its disk is.
const DISK: &str = "GOAROUND_TEST_DISK";

/// Not a claim: what the next ones run as a program of its own, on a terminal of its own. Its disk is a fake: it takes
/// what is said once somebody has written to a FIFO.
#[test]
#[ignore = "its disk hangs, for the tests below"]
fn a_program_whose_disk_hangs_over_the_debrief() {
    let disk = std::env::var_os(DISK).expect("the tests below tell");
    let mut said = Answers::default();
    let keep = move |words: &Answers| {
        if *words != Answers::default() {
            std::fs::read(&disk)?;
        }
        said.add(words);
        Ok(Debrief { title: "drill-hanging-1".into(), answers: said.clone(), ..Debrief::default() })
    };
    let keeper = Keeper {
        keep: Box::new(keep),
        revise: Box::new(|_| Err(Unwritten::Never("nothing was kept here".into()))),
        print: Box::new(|_| Ok("it is written".into())),
    };
    let text = playbook::embedded("docs-rag").expect("it comes with goaround");
    let playbook = Playbook::parse("docs-rag", text, Some("drill")).expect("it is sound");
    let now = Moment { wall_ms: 0, boot_ns: 0, boot_id: "drill".into() };
    let scene =
        Flight::new(Arc::new(playbook), &[], Redactor::default(), &now).scene(Mode::Drill, &"mira".into(), &now);
    let ui = Ui::new(Theme::embedded("ansi16").expect("it comes with goaround"));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let then = runtime.block_on(async {
        let screen = Screen::open(ui, Path::new("/incidents/one"), Manners::default()).expect("there is a terminal");
        debrief(screen, &scene, (keeper, "mira".into())).await
    });
    println!("wanted then: {:?}", then.expect("it was left"));
}

/// That program, one answer given, and its disk.
fn hanging() -> (Terminal, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = folder.path().join("disk");
    assert!(Command::new("mkfifo").arg(&disk).status().is_ok_and(|made| made.success()));
    let myself = std::env::current_exe().expect("a test knows its own file");
    let args = ["--ignored", "--exact", "--nocapture", "a_program_whose_disk_hangs_over_the_debrief"];
    let env = [(DISK, disk.to_str().expect("UTF-8"))];
    let mut terminal = Terminal::run(80, 24, pty::command(&myself.to_string_lossy(), args, &env));
    terminal.wait_for("DRILL DEBRIEF  drill-hanging-1");
    terminal.press("the alias moved");
    terminal.press(ENTER);
    terminal.wait_for("surprised by?  the alias moved  (not saved yet)");
    (terminal, folder)
}

#[test]
fn a_disk_that_hangs_over_the_debrief_stops_neither_keys_nor_drawing_nor_whoever_leaves() {
    for way in ["Ctrl-C", "SIGTERM"] {
        let (mut terminal, _folder) = hanging();
        terminal.wait_for("NOT SAVED YET: the disk does not answer; leaving prints what is not");
        terminal.press("more qa");
        terminal.wait_for_line(&["> keep?", "more qa_"]);
        terminal.resize(100, 30);
        terminal.press("!");
        terminal.wait_for("more qa!_");
        match way {
            "Ctrl-C" => terminal.press(CTRL_C),
            _ => terminal.signal(Signal::TERM),
        }
        assert_eq!(terminal.exit_code(), 0, "{way}: the test harness's own code");
        terminal.assert_given_back();
        let screen = terminal.screen();
        for said in ["debrief NOT saved: the disk does not answer", "says = \"the alias moved\"", "wanted then: Stuck"]
        {
            assert!(screen.contains(said), "{way}: no `{said}` on\n{screen}");
        }
    }
}

#[test]
fn what_hung_is_saved_once_the_disk_goes_on() {
    let (mut terminal, folder) = hanging();
    std::fs::write(folder.path().join("disk"), "go on").expect("the program reads it");
    terminal.wait_without("(not saved yet)");
    terminal.press(CTRL_C);
    assert_eq!(terminal.exit_code(), 0, "the test harness's own code");
    assert!(terminal.screen().contains("wanted then: Shell"), "{}", terminal.screen());
}

#[test]
fn what_could_not_be_saved_is_tried_again_and_stands_there_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = unspoken(folder.path());
    let mut terminal = terminal(&directory);
    // The words can be added, what is made of them cannot be written.
    let made = directory.join("debrief.md");
    std::fs::remove_file(&made).and_then(|()| std::fs::create_dir(&made)).expect("it is ours");
    terminal.press("the alias moved");
    terminal.press(ENTER);
    terminal.wait_for("NOT SAVED YET: ");
    terminal.wait_for("surprised by?  the alias moved  (not saved yet)");
    std::fs::remove_dir(&made).expect("it is ours");
    terminal.wait_without("(not saved yet)");
    terminal.press(CTRL_C);
    assert_eq!(terminal.exit_code(), 3, "two questions are open");
    let kept = std::fs::read_to_string(directory.join("debrief.toml")).expect("it was written");
    assert_eq!(kept.matches("the alias moved").count(), 1, "{kept}");
}

#[test]
fn a_finding_that_could_not_be_changed_is_tried_again_and_is_changed_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = unspoken(folder.path());
    let mut terminal = terminal(&directory);
    (0..3).for_each(|_| terminal.press(CTRL_D));
    terminal.wait_for("3 INJECTED");
    terminal.press("f");
    for part in ["one", "ed", "2026-12-01"] {
        terminal.press(part);
        terminal.press(ENTER);
    }
    terminal.wait_for("one, ed, 2026-12-01");
    terminal.press("m");
    terminal.wait_for("report.md and debrief.md are written in");
    // First the file cannot be replaced, and once it was, what is made of it cannot be written.
    let (beside, made) = (directory.join("debrief.toml.new"), directory.join("debrief.md"));
    std::fs::create_dir(&beside).expect("it is ours");
    std::fs::remove_file(&made).and_then(|()| std::fs::create_dir(&made)).expect("it is ours");
    terminal.press(&"j".repeat(40));
    terminal.wait_for("> one, ed, 2026-12-01");
    terminal.press("e late");
    (0..3).for_each(|_| terminal.press(ENTER));
    terminal.wait_for("> one late, ed, 2026-12-01  (not saved yet)");
    terminal.wait_for("NOT SAVED YET: ");
    std::fs::remove_dir(&beside).expect("it is ours");
    terminal.wait_for("written:");
    std::fs::remove_dir(&made).expect("it is ours");
    terminal.wait_without("(not saved yet)");
    terminal.wait_for("> one late, ed, 2026-12-01");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0, "every question was declined");
    let kept = std::fs::read_to_string(directory.join("debrief.toml")).expect("it was written");
    assert!(kept.matches("one late").count() == 1 && kept.matches("[[findings]]").count() == 1, "{kept}");
    assert!(std::fs::read_to_string(&made).is_ok_and(|text| text.contains("| one late | ed |")));
}

#[test]
fn a_signal_leaves_a_debrief_of_its_own_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut terminal = terminal(&unspoken(folder.path()));
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.exit_code(), 3, "the questions are open");
    terminal.assert_given_back();
}
