//! Keys of one's own: read from `config.toml`, listed by `goaround keys`, refused with their line.

use assert_cmd::Command;
use predicates::prelude::*;
use std::fs;
use tempfile::TempDir;

/// A config folder with these keys, the first of them on line 4.
fn config(keys: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("config.toml"), format!("format = 1\n\n[keys]\n{keys}\n")).expect("a config file");
    folder
}

fn goaround(folder: &TempDir, arguments: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("goaround").expect("the binary");
    command.env("GOAROUND_CONFIG", folder.path()).args(arguments).assert()
}

#[test]
fn every_key_is_listed_and_what_was_changed_is_marked() {
    let folder = config("\"main.levers\" = [\"w\", \"Ctrl-K\"]");
    let all = goaround(&folder, &["keys"]).success().get_output().stdout.clone();
    let all = String::from_utf8(all).expect("text");
    let changed: Vec<&str> = all.lines().filter(|line| line.starts_with("* main")).collect();
    assert_eq!(changed.len(), 1, "{all}");
    assert!(changed[0].contains("w Ctrl-K") && changed[0].ends_with("(was L; line 4)"), "{changed:?}");
    let json = goaround(&folder, &["keys", "--json"]).success().get_output().stdout.clone();
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&json).expect("JSON");
    let levers = rows.iter().find(|row| row["name"] == "main.levers").expect("it is listed");
    assert_eq!(levers["keys"], serde_json::json!(["w", "Ctrl-K"]));
    assert_eq!((&levers["ours"], &levers["changed"]), (&serde_json::json!(["L"]), &serde_json::json!(true)));
}

#[test]
fn what_cannot_be_is_refused_with_its_line_before_anything_is_made() {
    let wrong = [
        ("\"main.levers\" = [\"Ctrl-L\"]", "config.toml:4: Ctrl-L would mean two things"),
        ("\"main.lever\" = [\"w\"]", "config.toml:4: `main.lever`: nothing has this name; did you mean `main.levers`?"),
        ("\"arm.fire\" = [\"Enter\"]", "config.toml:4: `arm.fire`: Enter never fires"),
        ("\"preview.send\" = [\"Space\"]", "config.toml:4: `preview.send`: Space never fires"),
    ];
    for (keys, told) in wrong {
        let folder = config(keys);
        let incidents = folder.path().join("incidents");
        let place = incidents.display().to_string();
        for arguments in [vec!["keys"], vec!["drill", "--auto", "--incidents", &place]] {
            goaround(&folder, &arguments).code(2).stderr(predicate::str::contains(told));
        }
        assert!(!incidents.exists(), "nothing was made");
    }
}
