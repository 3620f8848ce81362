//! What people add to a report, and the forms they give it, with the real binary.

#[path = "common/directory.rs"]
mod directory;

use goaround::incident::Event;
use goaround::journal::{self, Journal};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tempfile::TempDir;

/// A drill flown to its end by the pilot.
fn landed() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let directory = directory::drill(folder.path(), 1, &[]);
    (folder, directory)
}

/// Runs `goaround VERB DIR …` without a terminal.
fn run(verb: &str, directory: &Path, more: &[&str]) -> Output {
    directory::goaround().arg(verb).arg(directory).args(more).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[track_caller]
fn succeeds(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    said(output)
}

#[track_caller]
fn report(directory: &Path) -> String {
    succeeds(&run("report", directory, &[]));
    fs::read_to_string(directory.join("report.md")).expect("it was written")
}

#[test]
fn answers_are_merged_each_time_and_no_byte_of_theirs_is_touched() {
    let (_folder, directory) = landed();
    let told = succeeds(&run("report", &directory, &[]));
    assert!(told.contains("open for people: ") && told.contains("--questions"), "{told}");
    assert!(succeeds(&run("report", &directory, &["--questions"])).contains("begun"));
    let path = directory.join("answers.toml");
    let begun = fs::read_to_string(&path).expect("it was begun");
    assert!(begun.contains("# surprised = ''''''") && begun.contains("# [[more]]"), "{begun}");
    let unanswered = report(&directory);
    assert!(unanswered.contains("- [ ] What surprised you?"), "a question alone answers nothing");

    let filled = begun.replace("# surprised = ''''''", "surprised = 'How *calm* it was <img src=x>'") + "\n# mine";
    fs::write(&path, &filled).expect("a person writes it");
    let answered = report(&directory);
    assert!(answered.contains("**What surprised you?**\n\nHow *calm* it was \\<img src=x\\>"), "{answered}");
    assert_eq!(answered, report(&directory), "the same bytes each time");
    assert!(succeeds(&run("report", &directory, &["--questions"])).contains("nothing new is asked"));
    assert_eq!(fs::read_to_string(&path).expect("still there"), filled);
    succeeds(&run("verify", &directory, &[]));
}

#[test]
fn what_is_new_since_is_added_behind() {
    let (_folder, directory) = landed();
    let path = directory.join("answers.toml");
    fs::write(&path, "format = 1\n[answers]\nwell = 'all of it'").expect("a person writes it");
    assert!(succeeds(&run("report", &directory, &["--questions"])).contains("added"));
    let added = fs::read_to_string(&path).expect("still there");
    assert!(added.starts_with("format = 1\n[answers]\nwell = 'all of it'\n\n# Since then:\n"), "{added}");
    assert!(added.contains("# [answers.surprised]") && !added.contains("answers.well"), "{added}");
    assert!(report(&directory).contains("**What went well?**\n\nall of it"), "what was added is no mistake");
}

#[test]
fn wrong_answers_are_refused_with_their_line_and_nothing_is_written() {
    let (_folder, directory) = landed();
    for (text, words) in [
        (&b"format = 1\nwho = 'me'\n"[..], "answers.toml:2: unknown field `who`"),
        (b"format = 1\n[actions.a]\ndue = 'soon'\n", "answers.toml:3: `soon` is no date"),
        (b"format = 7\n", "answers.toml:1: format 7 is newer"),
        (b"format = 1\n\xff\n", "answers.toml:2: this is not UTF-8"),
        (b"well\n", "answers.toml:1: "),
    ] {
        fs::write(directory.join("answers.toml"), text).expect("a person writes it");
        for more in [&[][..], &["--questions"], &["--format", "json"]] {
            let refused = run("report", &directory, more);
            assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
            assert!(said(&refused).contains(words) && said(&refused).lines().count() == 1, "{}", said(&refused));
        }
        assert_eq!(fs::read(directory.join("answers.toml")).expect("still there"), text);
    }
    assert!(!directory.join("report.md").exists() && !directory.join("report.json").exists());
}

#[test]
fn a_note_is_added_after_closing_and_stands_in_the_report() {
    let (_folder, directory) = landed();
    let told = succeeds(&run("note", &directory, &["the index | was old", "--as", "lead"]));
    assert!(told.contains("lead: note: the index | was old"), "{told}");
    let mut read = directory::goaround();
    read.arg("note").arg(&directory).args(["-", "--as", "lead"]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut reading = read.spawn().expect("the program runs");
    reading.stdin.take().expect("a pipe").write_all(b"two\nlines\n").expect("it is read");
    assert!(reading.wait().expect("it ends").success());
    let made = report(&directory);
    assert!(made.contains("`lead`: the index \\| was old [#") && made.contains("`lead`: two lines [#"), "{made}");
    succeeds(&run("verify", &directory, &[]));
}

#[test]
fn what_cannot_be_noted_is_one_sentence_and_writes_nothing() {
    let (folder, directory) = landed();
    let before = fs::read(directory.join("journal.jsonl")).expect("a journal");
    let long = "x".repeat(3000);
    for (text, words) in [(" \n", "there is nothing to note"), (long.as_str(), "a note has 2048 bytes at most")] {
        let refused = run("note", &directory, &[text, "--as", "lead"]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains(words), "{}", said(&refused));
    }
    assert_eq!(run("note", &folder.path().join("none"), &["x"]).status.code(), Some(2));
    // This test is the commander: it holds the journal's lock, as a process does until it ends.
    let (held, records, _) = Journal::open(&directory).expect("nobody else has it");
    let refused = run("note", &directory, &["x", "--as", "lead"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    let commander = records[0].actor.as_str();
    assert!(said(&refused).contains(&format!("{commander} commands this incident")), "{}", said(&refused));
    drop(held);
    assert_eq!(fs::read(directory.join("journal.jsonl")).expect("still there"), before);
}

/// Takes the closing and all behind it out of a drill's journal, and leaves half a line at its end.
fn reopen(directory: &Path) {
    let records = journal::read(directory).expect("it can be read").records;
    let closed = records.iter().position(|record| matches!(record.event, Event::Closed { .. })).expect("it was closed");
    let path = directory.join("journal.jsonl");
    let text = fs::read_to_string(&path).expect("a journal");
    let mut open: String = text.split_inclusive('\n').take(closed).collect();
    open.push_str("{\"v\":1,\"inc");
    fs::write(&path, open).expect("it can be cut");
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn nothing_is_noted_in_what_is_still_open_whoever_commands_it() {
    let (_folder, directory) = landed();
    reopen(&directory);
    let before = (fs::read(directory.join("journal.jsonl")).expect("a journal"), names(&directory));
    let refused = run("note", &directory, &["x", "--as", "lead"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    let words = format!("goaround resume {}", directory.display());
    assert!(said(&refused).contains("nobody commands it") && said(&refused).contains(&words), "{}", said(&refused));
    assert_eq!(said(&refused).lines().count(), 1, "{}", said(&refused));
    let held = fs::File::open(directory.join("journal.jsonl")).expect("a journal");
    held.lock().expect("nobody else has it");
    let refused = run("note", &directory, &["x", "--as", "lead"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("commands this incident"), "{}", said(&refused));
    let after = (fs::read(directory.join("journal.jsonl")).expect("still there"), names(&directory));
    assert_eq!(before, after, "not a byte was changed, and no torn end was set aside");
}

#[test]
fn a_note_on_a_closed_drill_stays_in_its_own_time_and_says_what_torn_end_it_set_aside() {
    let (_folder, directory) = landed();
    let last = journal::read(&directory).expect("it can be read").records.last().expect("records").at.clone();
    let mut journal = fs::OpenOptions::new().append(true).open(directory.join("journal.jsonl")).expect("a journal");
    journal.write_all(b"{\"v\":1,\"inc").expect("a crash left this");
    drop(journal);
    let noted = run("note", &directory, &["the index was old", "--as", "lead"]);
    let told = succeeds(&noted);
    let records = journal::read(&directory).expect("it can be read").records;
    let noted = records.last().expect("records");
    assert!(matches!(noted.event, Event::NoteAdded { .. }));
    assert_eq!(noted.at, last, "no machine's clock gets into a drill");
    let torn = names(&directory).into_iter().find(|name| name.starts_with("journal.torn-")).expect("it was set aside");
    assert!(told.contains("11 torn bytes") && told.contains(&torn), "{told}");
    succeeds(&run("verify", &directory, &[]));
}

#[test]
fn what_a_template_makes_writes_over_nothing_unless_it_is_asked_to() {
    let (folder, directory) = landed();
    let (own, out) = (folder.path().join("own.md"), folder.path().join("out.txt"));
    fs::write(&own, "{{ incident }}").expect("a person writes it");
    fs::write(&out, "mine").expect("a person's own");
    let (own, to) = (own.display().to_string(), out.display().to_string());
    let refused = run("report", &directory, &["--template", &own, "--output", &to]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    let words = format!("{to} exists already and was not changed; name another --output, or add --force");
    assert!(said(&refused).contains(&words), "{}", said(&refused));
    assert_eq!(fs::read_to_string(&out).expect("still there"), "mine");
    let link = folder.path().join("link.txt");
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &link).expect("a link");
    let refused = run("report", &directory, &["--template", &own, "--output", &link.display().to_string()]);
    assert_eq!(refused.status.code(), Some(2), "a link to nothing is a name that is taken: {}", said(&refused));
    succeeds(&run("report", &directory, &["--template", &own, "--output", &to, "--force"]));
    assert!(fs::read_to_string(&out).expect("it was written").starts_with("drill-"));
    assert_eq!(run("report", &directory, &["--force"]).status.code(), Some(2), "our own are made anew without it");
}

#[test]
fn a_template_of_ones_own_goes_to_standard_output_or_a_file() {
    let (folder, directory) = landed();
    let printed = directory::goaround().args(["report", "--print-template", "md"]).output().expect("the program runs");
    let own = folder.path().join("own.md");
    fs::write(&own, succeeds(&printed)).expect("a person keeps it");
    let path = own.display().to_string();
    let shown = succeeds(&run("report", &directory, &["--template", &path]));
    assert!(!directory.join("report.md").exists(), "nothing else is written");
    assert_eq!(shown, report(&directory));

    let out = folder.path().join("out.txt");
    let to = out.display().to_string();
    fs::write(&own, "{{ incident }}\n{{ incidnet }}").expect("a person edits it");
    let refused = run("report", &directory, &["--template", &path, "--output", &to]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains(&format!("{path}:2: ")) && !out.exists(), "{}", said(&refused));
    fs::write(&own, "{{ incident }}").expect("a person mends it");
    succeeds(&run("report", &directory, &["--template", &path, "--output", &to]));
    assert!(fs::read_to_string(&out).expect("it was written").starts_with("drill-"));
    for (name, words) in [("none.md", "name a template that can be read"), (".", "name a template that can be read")] {
        let missing = folder.path().join(name).display().to_string();
        let refused = run("report", &directory, &["--template", &missing]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains(words), "{}", said(&refused));
    }
}

#[test]
fn a_template_that_builds_more_than_memory_holds_ends_in_one_sentence_with_its_line() {
    let (folder, directory) = landed();
    let (own, out) = (folder.path().join("own.md"), folder.path().join("out.txt"));
    let (path, to) = (own.display().to_string(), out.display().to_string());
    let doubled = "{% set s = 'x' %}\n".to_owned() + &"{% set s = s ~ s %}\n".repeat(60);
    let replaced = "{% set s = 'x' * 50000 %}\n\n{{ s|replace('x', s)|length }}";
    // A text of 2 to the 28th bytes, line 29, does not fit; whether one of half of that does beside the half that it
    // is made of is the system's affair.
    for (source, lines) in [(doubled.as_str(), 27..=29), (replaced, 3..=3)] {
        fs::write(&own, source).expect("a person writes it");
        let refused = run("report", &directory, &["--template", &path, "--output", &to]);
        let said = said(&refused);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        let line = said.split(&format!("{path}:")).nth(1).and_then(|rest| rest.split(':').next()?.parse::<u64>().ok());
        assert!(line.is_some_and(|line| lines.contains(&line)), "{said}");
        assert!(said.contains("does not fit into 256 MiB of memory; print less, nothing was written"), "{said}");
        assert!(said.lines().count() == 1 && !out.exists(), "{said}");
    }
}
