//! The program under test, and the incident directory it leaves.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The program.
pub fn goaround() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    // Whatever the person who runs the tests has settled for themselves.
    command.env("GOAROUND_CONFIG", "/nowhere");
    command
}

/// Flies a drill by the pilot to its recovery; answers its incident directory.
pub fn drill(incidents: &Path, seed: u64, more: &[&str]) -> PathBuf {
    let mut command = goaround();
    command.args(["drill", "--auto", "--seed", &seed.to_string(), "--incidents"]).arg(incidents).args(more);
    let output = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "seed {seed} ended with {}:\n{said}", output.status);
    PathBuf::from(said.lines().last().expect("the directory is the last line"))
}
