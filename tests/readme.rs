//! The README keeps its word: its key table is the keymap, and every command in it runs.

use goaround::cockpit::{KEYMAP, Place};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../README.md");

/// The blocks of shell commands in the README.
fn blocks() -> Vec<&'static str> {
    README.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// Runs a block of the README with `goaround` and `cargo run --release --` standing for the binary under test.
fn run(block: &str, incidents: &Path) -> std::process::Output {
    let binary = env!("CARGO_BIN_EXE_goaround");
    let script = format!("set -euo pipefail\ngoaround() {{ '{binary}' \"$@\"; }}\n{block}");
    let mut bash = Command::new("bash");
    bash.arg("-c")
        .arg(script)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("GOAROUND_INCIDENTS", incidents)
        .env("GOAROUND_CONFIG", "/nowhere");
    bash.output().expect("bash runs")
}

fn succeeds(block: &str) {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let output = run(block, incidents.path());
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{block}\nended with {}:\n{said}\n{complained}", output.status);
}

/// The block that holds `needle`.
fn block_with(needle: &str) -> &'static str {
    let found: Vec<&str> = blocks().into_iter().filter(|block| block.contains(needle)).collect();
    assert_eq!(found.len(), 1, "exactly one block holds `{needle}`");
    found[0]
}

#[test]
fn the_key_table_is_the_keymap() {
    let mut table = String::from("| key | does |\n|---|---|\n");
    let places = [(Place::Main, ""), (Place::Steps, ""), (Place::Arm, "armed: "), (Place::Replay, "replay: ")];
    let told = |place| places.iter().find(|(known, _)| *known == place).map(|(_, word)| *word);
    for (binding, place) in KEYMAP.iter().filter_map(|binding| Some((binding, told(binding.place)?))) {
        writeln!(table, "| `{}` | {place}{} |", binding.shown, binding.help).expect("a string takes every write");
    }
    if std::env::var_os("UPDATE").is_some() {
        let start = README.find("| key | does |").expect("the README has a key table");
        let end = start + README[start..].find("\n\n").expect("the table ends") + 1;
        let text = format!("{}{table}{}", &README[..start], &README[end..]);
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"), text)
            .expect("README.md can be written");
        return;
    }
    assert!(README.contains(&table), "README.md's key table is another; UPDATE=1 rewrites it:\n{table}");
}

#[test]
fn the_screens_shown_are_those_the_cockpit_draws() {
    for drawn in [
        include_str!("../src/cockpit/goldens/main-watching-80x24.txt"),
        include_str!("../src/cockpit/goldens/arm-live-80x24.txt"),
        include_str!("../src/cockpit/goldens/hold-80x24.txt"),
        include_str!("../src/cockpit/goldens/debrief-80x24.txt"),
    ] {
        assert!(README.contains(drawn.trim_end()), "README.md shows another screen than the cockpit draws:\n{drawn}");
    }
}

#[test]
fn the_lines_shown_are_some_that_plain_tells() {
    let told = include_str!("../src/cockpit/goldens/plain.txt");
    let (start, end) = (told.find("> arm 4").expect("it arms"), told.find("> disarm").expect("it disarms"));
    assert!(
        README.contains(&told[start..end]),
        "README.md shows other lines than --plain tells:\n{}",
        &told[start..end]
    );
}

/// The two commands of a newcomer: the drill is flown by keys in `drill_terminal.rs`, and `tests/run` runs this test.
#[test]
fn a_newcomer_needs_two_commands() {
    assert_eq!(blocks()[0], "cargo run --release -- drill\ntests/run\n");
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run").is_file());
}

#[test]
fn the_pilots_drill_verifies_and_reports() {
    succeeds(block_with("goaround drill --auto"));
}

#[test]
fn the_playbook_checks_and_the_schema_prints() {
    succeeds(block_with("goaround schema"));
}

#[test]
fn recipes_are_listed_shown_and_taught() {
    succeeds(block_with("goaround recipes"));
}

#[test]
fn the_testbed_is_flown_real_servers() {
    succeeds(block_with("tests/testbed/up.sh"));
}

#[test]
fn no_block_of_commands_is_left_out() {
    let known = [
        "cargo run --release -- drill",
        "goaround drill --auto",
        "goaround schema",
        "goaround recipes",
        "tests/testbed/up.sh",
    ];
    for block in blocks() {
        assert!(known.iter().any(|needle| block.contains(needle)), "no test runs this block of the README:\n{block}");
    }
}
