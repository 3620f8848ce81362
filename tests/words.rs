//! What a newcomer types and reads: names that were nearly right, files that stand elsewhere, directories that are broken.

#[path = "common/directory.rs"]
mod directory;

use goaround::incident::Event;
use goaround::journal;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

/// A drill flown to its end by the pilot.
fn landed() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let directory = directory::drill(folder.path(), 1, &[]);
    (folder, directory)
}

/// Runs the program in `here`; `DIR` stands for the directory.
fn run(here: &Path, directory: &Path, args: &[&str]) -> Output {
    let directory = directory.to_str().expect("UTF-8");
    let args: Vec<&str> = args.iter().map(|word| if *word == "DIR" { directory } else { word }).collect();
    let mut command = directory::goaround();
    command.args(args).current_dir(here).env("USER", "ann").env("GOAROUND_INCIDENTS", here.join("inc"));
    command.output().expect("the program runs")
}

#[track_caller]
fn says(output: &Output, code: i32, words: &str) {
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(words), "{words}: {said}");
}

#[test]
fn a_report_goes_to_the_file_that_is_named_in_the_form_that_its_ending_says() {
    let (folder, directory) = landed();
    assert!(run(folder.path(), &directory, &["report", "DIR", "--format", "md,html,json"]).status.success());
    for (file, own) in [("x.md", "report.md"), ("x.HTML", "report.html"), ("sub.json", "report.json")] {
        says(&run(folder.path(), &directory, &["report", "DIR", "--output", file]), 0, file);
        let made = fs::read(folder.path().join(file)).expect("it was written");
        assert!(made == fs::read(directory.join(own)).expect("the report"), "{file} is {own}");
    }
    for file in ["x", "x.txt", "x.md.bak"] {
        let refused = run(folder.path(), &directory, &["report", "DIR", "--output", file]);
        says(&refused, 2, "end its name in .md, .html or .json, or name a --template");
        assert!(!folder.path().join(file).exists());
    }
    fs::remove_file(directory.join("report.md")).expect("it was written");
    says(&run(folder.path(), &directory, &["report", "DIR", "--output", "y.md"]), 0, "y.md");
    assert!(!directory.join("report.md").exists(), "nothing is written into the directory");
}

#[test]
fn a_damaged_directory_is_packed_and_said_to_be_damaged() {
    let (folder, directory) = landed();
    let path = directory.join("journal.jsonl");
    let text = fs::read_to_string(&path).expect("a journal");
    let lines = text.lines().enumerate().map(|(at, line)| if at == 39 { "garbage" } else { line });
    fs::write(&path, lines.collect::<Vec<_>>().join("\n") + "\n").expect("it can be written");
    for more in [[].as_slice(), &["--redact"]] {
        let packed = run(folder.path(), &directory, &[&["bundle", "DIR", "--force"], more].concat());
        says(&packed, 1, "goaround: DAMAGED: journal.jsonl line 40");
        let bundle = String::from_utf8_lossy(&packed.stdout).lines().last().expect("its path").to_owned();
        assert!(folder.path().join(bundle).is_file(), "it was packed all the same");
    }
}

#[test]
fn a_journal_without_a_record_gives_no_report() {
    let (folder, directory) = landed();
    for journal in ["", "{\"v\":1,\"inci"] {
        fs::write(directory.join("journal.jsonl"), journal).expect("it can be written");
        says(&run(folder.path(), &directory, &["report", "DIR"]), 2, "journal.jsonl holds no record");
        assert!(!directory.join("report.md").exists());
    }
}

#[test]
fn a_scenario_that_is_nearly_one_or_is_a_playbook_is_told_so() {
    let here = TempDir::new().expect("a temporary folder");
    for (typed, words) in [
        ("index_mismatch", "there is no scenario `index_mismatch`; did you mean `index-mismatch`?"),
        ("ship", "`ship` is a playbook; its drills are canary-hides-tail, retry-storm, ship-clean"),
        ("xyzzy", "there is no scenario `xyzzy`: use one of "),
    ] {
        says(&run(here.path(), here.path(), &["drill", "--auto", typed]), 2, words);
    }
}

#[test]
fn who_signs_without_a_name_is_the_login_everywhere() {
    let (folder, directory) = landed();
    says(&run(folder.path(), &directory, &["note", "DIR", "seen"]), 0, " ann: ");
    let done = ["follow-up", "DIR", "--done", "rca", "--note", "written down in the wiki"];
    says(&run(folder.path(), &directory, &done), 0, "1 of 1 done");
    run(folder.path(), &directory, &["drill", "index-mismatch", "--plain"]);
    let drill =
        fs::read_dir(folder.path().join("inc")).expect("it was flown").next().expect("a drill").expect("a drill");
    for (directory, at_least) in [(directory, 2), (drill.path(), 1)] {
        let records = journal::read(&directory).expect("it can be read").records;
        let signed = records.iter().filter(|record| record.actor.as_str() == "ann");
        assert!(signed.count() >= at_least, "{records:?}");
        let nameless = |event: &Event| matches!(event, Event::NoteAdded { .. } | Event::FollowedUp { .. });
        let others = records.iter().filter(|record| record.actor.as_str() != "ann");
        assert!(!others.into_iter().any(|record| nameless(&record.event)), "{records:?}");
    }
}
