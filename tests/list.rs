//! `goaround list` and `goaround trends`, by the real binary over directories that drills have left.

#[path = "common/directory.rs"]
mod directory;
#[path = "common/hostile.rs"]
mod hostile;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "a list takes no keys")]
mod pty;
#[path = "common/retold.rs"]
mod retold;

use goaround::incident::Event;
use goaround::incident::event::Trigger;
use goaround::text::Text;
use pty::Terminal;
use retold::{live, retold};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The program over a folder, as wide as `columns`, or in a pipe.
fn goaround(folder: &Path, args: &[&str], columns: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(args).env("GOAROUND_INCIDENTS", folder).env("GOAROUND_CONFIG", "/nowhere");
    command.env_remove("RUST_BACKTRACE").env_remove("COLUMNS");
    command.envs(columns.map(|columns| ("COLUMNS", columns))).output().expect("the program runs")
}

#[track_caller]
fn said(folder: &Path, args: &[&str], columns: Option<&str>) -> String {
    let output = goaround(folder, args, columns);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn declared_on(severity: u8, words: &str) -> impl Fn(Event) -> Option<Event> {
    let words = words.to_owned();
    move |event| match live(event) {
        Event::Declared { size_up, .. } => {
            Some(Event::Declared { severity, triggers: vec![Trigger::Person(words.as_str().into())], size_up })
        }
        Event::StepDone { step, .. } if step.as_str() == "rotate" => {
            Some(Event::StepSkipped { step, reason: "no cache here".into() })
        }
        other => Some(other),
    }
}

/// A folder as it is after three months: incidents, drills, one left open, one damaged, one foreign.
fn shelf() -> (TempDir, PathBuf) {
    let (flown, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let drill = directory::drill(flown.path(), 7, &["index-mismatch"]);
    let at = folder.path();
    retold(&drill, (at, "20260905-100000-drill-index-mismatch"), 0, Some);
    retold(&drill, (at, "20261003-090000-drill-index-mismatch"), 0, Some);
    retold(&drill, (at, "20261121-031200-docs-rag"), 0, |event| Some(live(event)));
    retold(&drill, (at, "20261124-031200-docs-rag"), 3, declared_on(1, "customers call"));
    let unfinished = |event| {
        Some(live(event))
            .filter(|event| !matches!(event, Event::HoldMet { .. } | Event::Closed { .. } | Event::DebtPaid { .. }))
    };
    retold(&drill, (at, "20261203-031200-docs-rag"), 12, unfinished);
    retold(&drill, (at, "20261204-031200-docs-rag"), 13, |event| Some(live(event)));
    let journal = at.join("20261204-031200-docs-rag/journal.jsonl");
    let text = fs::read_to_string(&journal).expect("a journal");
    fs::write(&journal, text.replacen("\"seq\":3", "\"seq\":9", 1)).expect("it can be written");
    fs::create_dir(at.join("screenshots")).expect("a folder");
    let path = at.to_owned();
    (folder, path)
}

#[track_caller]
fn golden(name: &str, made: &str, folder: &Path) {
    let made = made.replace(&*folder.to_string_lossy(), "FOLDER");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lists").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).expect("the golden can be written");
    }
    let golden = fs::read_to_string(&path).expect("there is a golden");
    assert!(golden == made, "look at it, then run the test with UPDATE=1:\n{made}");
}

#[test]
fn lists_and_trends_read_as_their_goldens_and_fit_the_terminal() {
    let (_kept, folder) = shelf();
    for (args, columns, name) in [
        (["list"].as_slice(), Some("80"), "list-80.txt"),
        (&["list", "--sort", "severity"], Some("140"), "list-140.txt"),
        (&["list", "--live", "--open"], None, "list-open.txt"),
        (&["trends"], Some("80"), "trends-80.txt"),
        (&["trends", "--drills"], Some("120"), "trends-drills-120.txt"),
    ] {
        let made = said(&folder, args, columns);
        let room = columns.map_or(usize::MAX, |columns| columns.parse().expect("a number"));
        assert!(made.lines().all(|line| line.len() <= room && line.is_ascii()), "{made}");
        golden(name, &made, &folder);
        assert_eq!(made, said(&folder, &[args, &["--no-index"]].concat(), columns), "the index changes nothing");
    }
}

#[test]
fn a_terminal_is_asked_how_wide_it_is_and_gets_letters_only() {
    let (_kept, folder) = shelf();
    let folder = folder.to_str().expect("UTF-8");
    for (columns, has_what) in [(80, false), (120, true)] {
        let mut terminal = Terminal::start_with(columns, 24, ["list", folder, "--live"], &[("COLUMNS", "")]);
        assert_eq!(terminal.exit_code(), 0);
        let told = String::from_utf8_lossy(terminal.raw()).into_owned();
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 6, "what was skipped, a heading, three rows and the folder: {told}");
        assert!(lines.iter().all(|line| line.len() <= usize::from(columns)), "{told}");
        assert!(told.contains("DIRECTORY") && told.contains("20261203-031200-docs-rag\r"), "{told}");
        assert_eq!(told.contains("WHAT"), has_what, "other columns give way: {told}");
        assert!(!told.contains('\u{1b}'), "{told}");
    }
}

#[test]
fn each_filter_keeps_what_it_names_and_no_more() {
    let (_kept, folder) = shelf();
    let rows = |args: &[&str]| {
        let json: serde_json::Value =
            serde_json::from_str(&said(&folder, &[&["list", "--json"], args].concat(), None)).expect("JSON");
        let rows = json["rows"].as_array().expect("rows").clone();
        rows.iter().map(|row| row["directory"].as_str().expect("a name")[4..8].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rows(&[]), ["1204", "1203", "1124", "1121", "1003", "0905"], "the newest first");
    assert_eq!(rows(&["--drills"]), ["1003", "0905"]);
    assert_eq!(rows(&["--live"]), ["1203", "1124", "1121"]);
    assert_eq!(rows(&["--open"]), ["1203"]);
    assert_eq!(rows(&["--severity", "1,4"]), ["1124"]);
    assert_eq!(rows(&["--since", "2026-11-24"]), ["1204", "1203", "1124"]);
    assert_eq!(rows(&["--severity", "SEV1,sev4"]), ["1124"]);
    assert_eq!(rows(&["--since", "2026-11-24T03:12:01Z"]), ["1204", "1203"]);
    assert_eq!(rows(&["--since", "999999d"]).len(), 6);
    assert_eq!(rows(&["--service", "docs-rag"]), ["1203", "1124", "1121", "1003", "0905"]);
    assert_eq!(rows(&["--service", "docs"]), [""; 0]);
    assert_eq!(rows(&["--playbook", "RAG rollback and fast recovery", "--drills"]), ["1003", "0905"]);
    assert_eq!(rows(&["--playbook", "docs-rag", "--drills"]), ["1003", "0905"]);
    assert_eq!(rows(&["--playbook", "FAST recovery", "--drills"]), ["1003", "0905"]);
    assert_eq!(rows(&["--playbook", "ship"]), [""; 0], "it is one of ours, and was not flown");
    assert_eq!(rows(&["--sort", "severity"])[0], "1124", "the worst first");
    assert_eq!(rows(&["--sort", "debts"])[0], "1203", "who owes most first");
    assert_eq!(rows(&["--sort", "ttr"])[4..], ["1204", "1203"], "what was not reached comes last");
}

#[test]
fn a_filter_that_nobody_understands_is_refused_with_what_it_takes() {
    let (_kept, folder) = shelf();
    for command in ["list", "trends"] {
        for (args, words) in [
            (["--playbook", "shipp"], "no playbook is called `shipp`: there are `"),
            (["--severity", "5"], "write 1 to 4, or SEV1 to SEV4"),
            (["--since", "soon"], "2026-11-21T03:12:00Z, `today`, `yesterday`, or how long ago: 7d, 12h"),
        ] {
            let output = goaround(&folder, &[&[command], args.as_slice()].concat(), None);
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{args:?}: {complaint}");
            assert!(complaint.contains(words), "{args:?}: {complaint}");
        }
    }
}

#[test]
fn a_bare_name_and_last_mean_what_is_listed_for_every_command() {
    let (flown, here) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let drill = directory::drill(flown.path(), 7, &["index-mismatch"]);
    retold(&drill, (flown.path(), "20260905-100000-older"), 0, Some);
    let name = drill.file_name().expect("a name").to_str().expect("UTF-8");
    let run = |args: &[&str], directory: &str| {
        let args: Vec<&str> = args.iter().map(|word| if *word == "DIR" { directory } else { word }).collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
        command.args(args).current_dir(here.path()).env("GOAROUND_CONFIG", "/nowhere");
        command.env("GOAROUND_INCIDENTS", flown.path()).output().expect("the program runs")
    };
    let commands: [&[&str]; 9] = [
        &["report", "DIR"],
        &["verify", "DIR"],
        &["follow-up", "DIR"],
        &["note", "DIR", "seen", "--as", "ann"],
        &["debrief", "DIR", "--decline", "--as", "ann"],
        &["bundle", "DIR", "--force"],
        &["replay", "DIR"],
        &["watch", "DIR", "--plain"],
        &["drill", "--auto", "--from", "DIR", "--incidents", "again"],
    ];
    for args in commands {
        for directory in [name, "last"] {
            let output = run(args, directory);
            let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_ne!(output.status.code(), Some(2), "{args:?} {directory}: {complaint}");
            let meant = format!("goaround: {directory} is {}", drill.display());
            assert_eq!(complaint.lines().next(), Some(&*meant), "{args:?}");
        }
    }
    fs::create_dir(here.path().join("last")).expect("a folder");
    let complaint = String::from_utf8_lossy(&run(&["report", "DIR"], "last").stderr).into_owned();
    assert!(complaint.starts_with("goaround: last/journal.jsonl does not exist"), "what is here wins: {complaint}");
}

#[test]
fn an_empty_folder_says_what_to_do_and_a_wrong_one_is_refused_in_a_sentence() {
    let (_kept, folder) = shelf();
    let empty = tempfile::tempdir().expect("a folder");
    for command in ["list", "trends"] {
        for folder in [empty.path(), &empty.path().join("not-made-yet")] {
            assert!(said(folder, &[command], None).contains("`goaround drill` flies one"));
        }
        let refused = |directory: &Path, words: &str| {
            let output = goaround(empty.path(), &[command, &directory.to_string_lossy()], None);
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{complaint}");
            assert_eq!(complaint.lines().count(), 1, "{complaint}");
            assert!(complaint.contains(words), "{complaint}");
        };
        refused(&empty.path().join("nowhere"), "No such file");
        refused(&folder.join("20261121-031200-docs-rag/journal.jsonl"), "Not a directory");
        refused(&folder.join("20261121-031200-docs-rag"), "is one incident, not a folder of them; `goaround report");
        assert!(said(&folder, &[command, "--service", "nobodys"], None).starts_with("none of the 6 in "));
        let complaint = goaround(&folder, &[command], None).stderr;
        assert_eq!(String::from_utf8_lossy(&complaint), "skipped: 1 directory without a journal (screenshots)\n");
    }
}

#[test]
fn a_reader_who_has_gone_ends_nothing_badly() {
    let (_kept, folder) = shelf();
    for command in ["list", "trends"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_goaround"))
            .args([command, "--incidents"])
            .arg(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panic"), "{output:?}");
    }
}

#[test]
fn nothing_that_people_or_directories_say_acts_on_the_terminal() {
    let (flown, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let drill = directory::drill(flown.path(), 7, &["index-mismatch"]);
    for (n, words) in hostile::strings().iter().enumerate() {
        let name = format!("20261121-{n:06}-docs-rag");
        retold(&drill, (folder.path(), &name), 0, |event| {
            declared_on(2, words)(event).filter(|event| matches!(event, Event::Opened { .. } | Event::Declared { .. }))
        });
    }
    let evil = folder.path().join("\u{1b}[2J\n\u{202e}evil");
    fs::create_dir(&evil).expect("a folder");
    fs::write(evil.join("journal.jsonl"), "{}\n{}\n").expect("a file");
    for args in [["list"].as_slice(), &["list", "--json"], &["trends"], &["trends", "--json"]] {
        for columns in [None, Some("80"), Some("9")] {
            let made = said(folder.path(), args, columns);
            let acting = made.chars().find(|c| *c != '\n' && !Text::keeps(*c));
            assert_eq!(acting, None, "{args:?}");
            let rows = hostile::strings().len() + 3;
            assert!(args != ["list"] || made.lines().count() == rows, "one line each:\n{made}");
        }
    }
}
