//! What is said after a drill: people first, then numbers; a golden debrief for every scenario we ship.

use goaround::drill::Scenario;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Flies a scenario by the pilot; answers its directory.
fn flown(folder: &Path, scenario: &str, more: &[&str]) -> PathBuf {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command
        .args(["drill", scenario, "--auto", "--incidents"])
        .arg(folder)
        .args(more)
        .env("GOAROUND_CONFIG", "/nowhere");
    let output = command.output().expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{scenario} {more:?}");
    PathBuf::from(String::from_utf8(output.stdout).expect("text").lines().last().expect("the directory comes last"))
}

/// `goaround debrief` on a directory.
fn debriefed(directory: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.arg("debrief").arg(directory).args(more).env("GOAROUND_CONFIG", "/nowhere").env_remove("RUST_BACKTRACE");
    command.output().expect("the program runs")
}

/// A drill flown by the pilot whose debrief nobody has begun.
fn unspoken(more: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = flown(folder.path(), "index-mismatch", more);
    std::fs::remove_file(directory.join("debrief.toml")).expect("the pilot declined");
    (folder, directory)
}

fn read(directory: &Path, name: &str) -> String {
    std::fs::read_to_string(directory.join(name)).expect("it was written")
}

#[test]
fn every_scenario_has_the_debrief_it_had() {
    let folder = tempfile::tempdir().expect("a folder");
    for id in Scenario::ids() {
        let debrief = read(&flown(folder.path(), id, &[]), "debrief.md");
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/debriefs/{id}.md"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&golden, &debrief).expect("a golden can be written");
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(debrief, expected, "{id}: UPDATE=1 writes it down anew");
    }
}

#[test]
fn numbers_are_locked_until_all_three_questions_are_answered() {
    let (_folder, directory) = unspoken(&[]);
    let half = debriefed(&directory, &["--surprised", "the alias", "--keep", "the calm", "--as", "mira"]);
    assert_eq!(half.status.code(), Some(3), "{half:?}");
    let locked = read(&directory, "debrief.md");
    assert!(locked.contains("surprised by? the alias (mira)") && locked.contains("Locked until"), "{locked}");
    assert!(!locked.contains("| Target |") && !locked.contains("## 3 Injected"), "{locked}");
    let whole = debriefed(&directory, &["--change", "nothing", "--as", "mira"]);
    assert_eq!(whole.status.code(), Some(0), "{whole:?}");
    let open = read(&directory, "debrief.md");
    assert!(open.contains("declare -\\> first lever | 01:00") && open.contains("surprised by? the alias"), "{open}");
}

#[test]
fn what_was_declined_is_said_so_and_unlocks() {
    let (_folder, directory) = unspoken(&[]);
    let declined = debriefed(&directory, &["--keep", "the calm", "--decline", "--as", "mira"]);
    assert_eq!(declined.status.code(), Some(0), "{declined:?}");
    let text = read(&directory, "debrief.md");
    for said in ["surprised by? declined by mira", "keep? the calm (mira)", "change? declined by mira", "| Target |"] {
        assert!(text.contains(said), "no `{said}` in\n{text}");
    }
}

#[test]
fn findings_are_added_and_nothing_written_by_hand_is_lost() {
    let (_folder, directory) = unspoken(&[]);
    let by_hand =
        "format = 1\n# ours\n[[findings]]\nfinding = \"no runbook\"\nowner = \"ed\"\nredrill = \"2026-12-01\"";
    std::fs::write(directory.join("debrief.toml"), by_hand).expect("it can be written");
    let finding = ["--finding", "a \"late\" | page", "--owner", "mira", "--redrill", "2026-12-05", "--decline"];
    let added = debriefed(&directory, &finding);
    assert_eq!(added.status.code(), Some(0), "{added:?}");
    assert!(read(&directory, "debrief.toml").starts_with(by_hand), "what stood there stands there");
    let text = read(&directory, "debrief.md");
    assert!(text.contains("| no runbook | ed | 2026-12-01 |"), "{text}");
    assert!(text.contains("| a \"late\" \\| page | mira | 2026-12-05 |"), "{text}");
    let again = debriefed(&directory, &[]);
    assert_eq!((again.status.code(), read(&directory, "debrief.md")), (Some(0), text), "a pure function");
}

#[test]
fn a_pitfall_fallen_into_and_an_injected_fault_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let fell = flown(folder.path(), "index-mismatch", &["--mistake", "cache-not-rotated"]);
    let text = read(&fell, "debrief.md");
    assert!(text.contains("- cache-not-rotated: "), "{text}");
    let faulty = flown(folder.path(), "index-mismatch", &["--inject", "hang:edge@5s+3s"]);
    let text = read(&faulty, "debrief.md");
    assert!(text.contains("00:05 hang at edge for 3 s -\\> "), "{text}");
}

#[test]
fn what_cannot_be_debriefed_is_refused_in_a_sentence() {
    let (folder, directory) = unspoken(&[]);
    let cases: [(&str, &[&str], &str); 3] = [
        ("format = 1\nanswer = 1\n", &[], "debrief.toml:2: unknown field `answer`"),
        ("format = 2\n", &[], "debrief.toml has format 2; this goaround reads 1"),
        ("", &["--finding", "x", "--owner", "ed", "--redrill", "soon"], "`soon` is no date: write"),
    ];
    for (written, more, wanted) in cases {
        std::fs::write(directory.join("debrief.toml"), written).expect("it can be written");
        let refused = debriefed(&directory, more);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains(wanted) && said.lines().count() == 1, "{said}");
        assert_eq!(read(&directory, "debrief.toml"), written, "a refusal writes nothing");
    }
    let nowhere = debriefed(folder.path(), &[]);
    assert_eq!(nowhere.status.code(), Some(2), "{nowhere:?}");
}

#[test]
fn a_debrief_that_leads_elsewhere_is_refused_and_nothing_elsewhere_is_read_or_written() {
    type Plant<'a> = (&'a str, &'a dyn Fn() -> bool);

    let (folder, directory) = unspoken(&[]);
    let (outside, planted) = (folder.path().join("outside.toml"), directory.join("debrief.toml"));
    let kept = "format = 1\n# another's\n";
    std::fs::write(&outside, kept).expect("it can be written");
    let plants: [Plant; 4] = [
        ("a link to a file", &|| std::os::unix::fs::symlink(&outside, &planted).is_ok()),
        ("a link to nothing yet", &|| std::os::unix::fs::symlink(folder.path().join("new.toml"), &planted).is_ok()),
        ("a second name of a file", &|| std::fs::hard_link(&outside, &planted).is_ok()),
        ("a FIFO that nobody writes", &|| {
            Command::new("mkfifo").arg(&planted).status().is_ok_and(|made| made.success())
        }),
    ];
    for (what, plant) in plants {
        assert!(plant(), "{what}");
        let refused = debriefed(&directory, &["--decline", "--as", "mira"]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{what}: {said}");
        assert!(
            said.contains("debrief.toml is a link or no plain file") && said.lines().count() == 1,
            "{what}: {said}"
        );
        assert_eq!(std::fs::read_to_string(&outside).expect("it is there"), kept, "{what}");
        assert!(!folder.path().join("new.toml").exists(), "{what}");
        std::fs::remove_file(&planted).expect("it is taken away");
    }
}
