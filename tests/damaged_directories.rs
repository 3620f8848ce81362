//! What `report` and `verify` make of a directory that is not as it was left: the rest is told, and what is missing said.

#[path = "common/flown.rs"]
mod flown;

use flown::directory::goaround;
use flown::flown;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The exit code and everything said.
fn run(what: &str, directory: &Path) -> (Option<i32>, String) {
    let output = goaround().arg(what).arg(directory).output().expect("the program runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

fn markdown(directory: &Path) -> String {
    fs::read_to_string(directory.join("report.md")).expect("a report was written")
}

fn edit(path: &Path, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(path).expect("a text");
    let changed = change(&text);
    assert_ne!(changed, text, "the edit changes something");
    fs::write(path, changed).expect("written");
}

/// The journal with a letter of line `line` changed.
fn damage(directory: &Path, line: usize) {
    edit(&directory.join("journal.jsonl"), |text| {
        let lines = text.lines().enumerate().map(|(at, text)| {
            let damaged = text.replacen("\"actor\":\"", "\"actor\":\"x", 1);
            if at + 1 == line { damaged } else { text.to_owned() }
        });
        lines.map(|line| line + "\n").collect()
    });
}

#[test]
fn a_damaged_middle_is_reported_up_to_the_damage_and_says_so() {
    let (_kept, directory) = flown();
    damage(&directory, 12);
    let (code, said) = run("report", &directory);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("incomplete: journal.jsonl line 12 is not as it was written"), "{said}");
    let report = markdown(&directory);
    assert!(report.contains("**incomplete**: the journal is damaged from line 12 on"), "{report}");
    assert!(report.contains("11 records") && report.contains("**DAMAGED**"), "{report}");
    assert!(report.contains("journal.jsonl#L11") && !report.contains("journal.jsonl#L12"), "only what holds is told");
    let (code, said) = run("verify", &directory);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("FAULT: journal.jsonl line 12"), "{said}");
    let (code, said) = run("resume", &directory);
    assert!(code != Some(0) && said.contains("damaged"), "a damaged journal is never flown on: {said}");
}

#[test]
fn half_a_line_is_damage_unless_somebody_is_writing_it() {
    let (_kept, directory) = flown();
    let mut journal = fs::OpenOptions::new().append(true).open(directory.join("journal.jsonl")).expect("a journal");
    journal.write_all(b"{\"v\":1,\"inc").expect("a write under way");
    // This test is the commander: it holds the journal's lock, as a process does until it ends.
    journal.lock().expect("nobody else has it");
    let (code, said) = run("report", &directory);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("is being written") && !said.contains("incomplete"), "{said}");
    assert!(markdown(&directory).contains("11 bytes"), "the report says what stands behind its last line");
    fs::remove_dir_all(directory.join("evidence")).expect("gone");
    let (code, said) = run("report", &directory);
    assert!(code == Some(1) && said.contains("is missing"), "what is lost stays lost beside a commander: {said}");
    drop(journal);
    let (code, said) = run("report", &directory);
    assert!(code == Some(1) && said.contains("bytes that are no whole line"), "{said}");
    assert!(!said.contains("is being written"), "{said}");
}

#[test]
fn a_damaged_journal_says_its_fault_as_json() {
    let (_kept, directory) = flown();
    damage(&directory, 12);
    let made = goaround().args(["report", "--format", "json"]).arg(&directory).output().expect("the program runs");
    assert_eq!(made.status.code(), Some(1));
    let text = fs::read_to_string(directory.join("report.json")).expect("a report");
    let account: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(account["journal"]["fault"]["line"], 12);
    assert_eq!(account["journal"]["records"], 11);
    assert!(account["lost"][0].as_str().expect("a sentence").contains("line 12"));
}

#[test]
fn a_journal_that_was_cut_after_a_whole_line_is_reported_and_listed_as_shortened() {
    let (_kept, directory) = flown();
    edit(&directory.join("journal.jsonl"), |text| text.split_inclusive('\n').take(30).collect());
    let made = goaround().args(["report", "--format", "md,html,json"]).arg(&directory).output().expect("it runs");
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    assert_eq!(made.status.code(), Some(1), "{said}");
    assert!(said.contains("incomplete: journal.jsonl was shortened: it had at least"), "{said}");
    let report = markdown(&directory);
    assert!(report.contains("**incomplete**") && report.contains("was shortened"), "{report}");
    let text = fs::read_to_string(directory.join("report.json")).expect("a report");
    let account: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(account["journal"]["fault"]["line"], 31);
    assert!(account["lost"][0].as_str().expect("a sentence").contains("was shortened"), "{account}");
    let folder = directory.parent().expect("the folder of incidents");
    let (code, said) = run("list", folder);
    assert!(code == Some(0) && said.contains("DAMAGED") && said.contains("was shortened"), "{said}");
}

#[test]
fn readings_that_are_gone_are_noted_when_the_directory_is_verified() {
    let (_kept, directory) = flown();
    assert!(!run("verify", &directory).1.contains("samples.jsonl"), "they are there");
    fs::write(directory.join("samples.jsonl"), "").expect("emptied");
    let (code, said) = run("verify", &directory);
    assert_eq!(code, Some(0), "readings are telemetry: {said}");
    assert!(said.contains("note: samples.jsonl is missing or empty, and line"), "{said}");
}

/// Spoils a directory; the exit code of `report`, and what it says.
type Spoiled = (fn(&Path), i32, &'static str);

#[test]
fn every_other_loss_is_said_and_the_report_still_made() {
    let cases: [Spoiled; 6] = [
        (
            |dir| {
                let bytes = fs::read(dir.join("journal.jsonl")).expect("the journal");
                fs::write(dir.join("journal.jsonl"), &bytes[..bytes.len() - 9]).expect("cut");
            },
            1,
            "bytes that are no whole line",
        ),
        (|dir| fs::remove_file(dir.join("playbook.toml")).expect("gone"), 1, "playbook.toml is missing"),
        (
            |dir| edit(&dir.join("playbook.toml"), |text| format!("{text}# more\n")),
            1,
            "playbook.toml is not the one that was flown",
        ),
        (|dir| fs::remove_dir_all(dir.join("evidence")).expect("gone"), 1, "is missing"),
        (|dir| fs::remove_file(dir.join("samples.jsonl")).expect("gone"), 1, "samples.jsonl is missing or empty"),
        (
            |dir| edit(&dir.join("samples.jsonl"), |text| format!("{{}}\n\u{1b}[31m\n{text}")),
            0,
            "2 lines of samples.jsonl are no readings",
        ),
    ];
    for (spoil, expected, sentence) in cases {
        let (_kept, directory) = flown();
        spoil(&directory);
        let (code, said) = run("report", &directory);
        assert_eq!(code, Some(expected), "{sentence}: {said}");
        assert!(said.contains(sentence), "{sentence}: {said}");
        assert!(!said.contains('\u{1b}') && !said.contains("panicked"), "{said}");
        let first = markdown(&directory);
        assert!(expected == 0 || first.contains("**Not in this report**"), "{sentence}: {first}");
        run("report", &directory);
        assert_eq!(first, markdown(&directory), "{sentence}: the same bytes each time");
    }
}

#[test]
fn what_is_no_incident_is_refused_in_one_sentence_and_nothing_is_written() {
    let (_kept, directory) = flown();
    let root = tempfile::tempdir().expect("a temporary folder");
    let newer = root.path().join("newer");
    fs::create_dir(&newer).expect("a folder");
    fs::write(newer.join("playbook.toml"), "").expect("a file");
    let line = fs::read_to_string(directory.join("journal.jsonl")).expect("the journal");
    fs::write(newer.join("journal.jsonl"), sealed(line.lines().next().expect("a line"))).expect("a file");
    let foreign = root.path().join("foreign");
    fs::create_dir(&foreign).expect("a folder");
    let odd = root.path().join("odd");
    fs::create_dir_all(odd.join("journal.jsonl")).expect("a folder");
    let cases = [
        (root.path().join("nowhere"), "does not exist"),
        (foreign, "is this an incident directory?"),
        (directory.join("playbook.toml"), "no plain file or folder"),
        (odd, "journal.jsonl is a link or no plain file"),
        (newer.clone(), "line 1 has format 9, and this goaround reads format 1; use a newer one"),
    ];
    for (path, sentence) in cases {
        let (code, said) = run("report", &path);
        assert_eq!(code, Some(2), "{}: {said}", path.display());
        assert!(said.contains(sentence) && said.lines().count() == 1, "{}: {said}", path.display());
        assert!(!path.join("report.md").exists(), "nothing was written");
    }
    assert_eq!(run("verify", &newer).0, Some(1), "a newer journal does not verify here");
}

/// The line as a newer goaround would have sealed it.
fn sealed(line: &str) -> String {
    use sha2::Digest as _;
    let (body, _) = line.split_once(",\"hash\":").expect("a sealed line");
    let body = body.replacen("\"v\":1", "\"v\":9", 1);
    format!("{body},\"hash\":\"{}\"}}\n", hex::encode(sha2::Sha256::digest(body.as_bytes())))
}
