//! What every command says of a directory that it may not read or write, that is not there, or that is no incident's:
//! one sentence that names it, exit code 2, no backtrace, and nothing beforehand as if it had worked.

#[path = "common/directory.rs"]
mod directory;

use directory::drill;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Nobody, to whom files of others are closed even where the tests are run by root.
const NOBODY: u32 = 65534;

/// A place that everybody may enter, with the program in it.
struct Place {
    folder: TempDir,
    program: PathBuf,
    /// Whether reports of bugs are asked for, as `RUST_BACKTRACE` has it; making them takes its time.
    backtrace: &'static str,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("it is ours");
        let program = folder.path().join("goaround");
        fs::copy(env!("CARGO_BIN_EXE_goaround"), &program).expect("the program can be copied");
        Self { folder, program, backtrace: "0" }
    }

    /// A flown drill that everybody may read and nobody may write.
    fn sealed(&self) -> PathBuf {
        let directory = drill(self.folder.path(), 1, &[]);
        let mut folders = vec![directory.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    fs::set_permissions(&entry, Permissions::from_mode(0o444)).expect("it is ours");
                }
            }
            fs::set_permissions(&folder, Permissions::from_mode(0o555)).expect("it is ours");
        }
        directory
    }

    /// Runs the program as somebody to whom nothing here belongs.
    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command.args(args).current_dir(self.folder.path()).env_clear();
        command
            .env("RUST_BACKTRACE", self.backtrace)
            .env("GOAROUND_CONFIG", "/nowhere")
            .env("GOAROUND_INCIDENTS", "inc");
        if rustix::process::geteuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output().expect("the program runs")
    }

    #[track_caller]
    fn is_refused(&self, args: &[&str], about: &str) {
        let output = self.run(args);
        let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}{said}");
        assert_eq!(told.lines().count(), 1, "{args:?}: {told}");
        assert!(told.starts_with("goaround: ") && told.contains(about), "{args:?}, {about}: {told}");
        assert!(!told.contains('\u{1b}') && !told.contains("BACKTRACE"), "{args:?}: {told}");
        assert_eq!(said, "", "{args:?}");
    }
}

/// Makes the directory ours again, so that it can be taken away.
fn unseal(directory: &Path) {
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("it is ours");
        let entries = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        folders.extend(entries.filter(|entry| entry.is_dir()));
    }
}

#[test]
fn what_may_not_be_written_is_named_in_one_sentence_also_to_who_asks_for_reports_of_bugs() {
    let place = Place { backtrace: "1", ..Place::new() };
    let directory = place.sealed();
    let dir = directory.to_str().expect("UTF-8");
    let template = place.folder.path().join("own.md");
    fs::write(&template, "{{ title }}").expect("a file");
    fs::set_permissions(&template, Permissions::from_mode(0o644)).expect("it is ours");
    let incidents = format!("{dir}/journal.jsonl/inc");
    for (args, about) in [
        (["report", dir].as_slice(), "report.md"),
        (&["report", dir, "--format", "json,html"], "report.json"),
        (&["report", dir, "--questions"], "answers.toml"),
        (&["report", dir, "--output", "/nowhere/x.md"], "/nowhere/x.md cannot be written: "),
        (&["report", dir, "--template", "own.md", "--output", "/nowhere/x.md"], "make the folder first"),
        (&["debrief", dir, "--keep", "x", "--as", "ann"], "debrief.toml"),
        (&["note", dir, "hello"], "journal.jsonl"),
        (&["follow-up", dir, "--done", "rca", "--as", "ann", "--note", "y"], "journal.jsonl"),
        (&["resume", dir, "--auto"], "journal.jsonl"),
        (&["bundle", dir], ".tar.zst cannot be written: permission denied; do it as its owner"),
        (
            &["bundle", dir, "--output", "/nowhere/x.tar.zst"],
            "/nowhere/x.tar.zst cannot be written: entity not found; make",
        ),
        (&["init", "ship", "/nowhere/ship.toml"], "/nowhere/ship.toml cannot be made"),
        (&["drill", "--auto", "--incidents", &incidents], "--incidents DIR names another folder"),
        (&["rehearse", "docs-rag", "--incidents", &incidents], "--incidents DIR names another folder"),
    ] {
        place.is_refused(args, about);
    }
    unseal(&directory);
}

#[test]
fn what_may_not_be_read_is_not_there_or_is_no_incident_is_named_in_one_sentence() {
    let place = Place::new();
    for (name, mode) in [("closed", 0o700), ("foreign", 0o755)] {
        fs::create_dir(place.folder.path().join(name)).expect("a folder");
        fs::set_permissions(place.folder.path().join(name), Permissions::from_mode(mode)).expect("it is ours");
    }
    if !rustix::process::geteuid().is_root() {
        fs::set_permissions(place.folder.path().join("closed"), Permissions::from_mode(0o000)).expect("it is ours");
    }
    let commands: [&[&str]; 14] = [
        &["report", "DIR"],
        &["report", "DIR", "--questions"],
        &["report", "DIR", "--output", "x.md"],
        &["debrief", "DIR", "--keep", "x"],
        &["note", "DIR", "hello"],
        &["follow-up", "DIR"],
        &["follow-up", "DIR", "--done", "rca", "--note", "y"],
        &["bundle", "DIR"],
        &["verify", "DIR"],
        &["replay", "DIR"],
        &["resume", "DIR", "--auto"],
        &["watch", "DIR", "--plain"],
        &["take", "DIR", "--plain"],
        &["drill", "--from", "DIR", "--auto"],
    ];
    for (directory, about) in [
        ("closed", "cannot open closed: "),
        ("foreign", "foreign/journal.jsonl does not exist"),
        ("none", "none does not exist"),
    ] {
        for command in commands {
            let args: Vec<&str> = command.iter().map(|word| if *word == "DIR" { directory } else { word }).collect();
            place.is_refused(&args, about);
        }
    }
    for command in ["list", "trends"] {
        place.is_refused(&[command, "closed"], "cannot list closed: ");
        place.is_refused(&[command, "none"], "cannot list none: ");
    }
    place.is_refused(&["drills", "--incidents", "closed"], "closed: Permission denied");
}

#[test]
fn what_may_not_be_read_is_not_called_damaged() {
    let place = Place::new();
    let folder = place.folder.path().join("all");
    let one = drill(&folder, 1, &[]);
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("it is ours");
    let mode = if rustix::process::geteuid().is_root() { 0o700 } else { 0o000 };
    fs::set_permissions(&one, Permissions::from_mode(mode)).expect("it is ours");
    let output = place.run(&["list", "all"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains(" UNREADABLE ") && said.contains("Permission denied"), "{said}");
    assert!(!said.contains("DAMAGED"), "{said}");
    fs::set_permissions(&one, Permissions::from_mode(0o755)).expect("it is ours");
}

#[test]
fn a_bundle_where_its_directory_is_wanted_says_what_to_do_with_it() {
    let place = Place::new();
    let directory = place.sealed();
    let bundle = place.folder.path().join("red.tar.zst");
    let made = directory::goaround().arg("bundle").arg(&directory).arg("--output").arg(&bundle).status();
    assert!(made.expect("the program runs").success());
    fs::set_permissions(&bundle, Permissions::from_mode(0o644)).expect("it is ours");
    for command in ["report", "replay", "follow-up"] {
        place.is_refused(
            &[command, "red.tar.zst"],
            "red.tar.zst is a bundle and no directory: `goaround verify red.tar.zst`",
        );
    }
    unseal(&directory);
}
