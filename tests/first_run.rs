//! Bare `goaround` is one page that explains itself, and everything on it works.

use std::collections::BTreeSet;
use std::process::{Command, Output};

fn goaround(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(arguments).env("GOAROUND_INCIDENTS", "/tmp/nowhere/incidents");
    command.output().expect("goaround runs")
}

fn page() -> String {
    String::from_utf8(goaround(&[]).stdout).expect("the page is text")
}

/// As of a bare `git`: nothing was done, and a script that lost its command must not read success.
#[test]
fn it_is_printed_and_answers_no() {
    let output = goaround(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "it is no complaint");
    assert!(page().contains("1 no (as here"), "and it says so");
}

#[test]
fn it_is_one_page_of_the_smallest_terminal() {
    let page = page();
    assert!(page.lines().count() <= 23, "with a prompt below it:\n{page}");
    let wide: Vec<&str> = page.lines().filter(|line| line.len() > 80 || !line.is_ascii()).collect();
    assert!(wide.is_empty(), "{wide:#?}");
}

#[test]
fn it_says_where_incidents_are_kept() {
    assert!(page().contains("INCIDENTS  /tmp/nowhere/incidents\n"));
}

#[test]
fn every_command_and_option_it_names_is_known() {
    let page = page();
    let named = page.lines().filter_map(|line| line.split("goaround ").nth(1));
    let words = named.map(|rest| rest.split("  ").next().unwrap_or_default().split(' ').collect::<Vec<_>>());
    let commands: Vec<Vec<&str>> = words.filter(|words| !words[0].contains([':', '.'])).collect();
    let names: BTreeSet<&str> = commands.iter().map(|words| words[0]).collect();
    for name in ["drill", "drills", "resume", "verify", "report", "init", "recipes", "check", "live"] {
        assert!(names.contains(name), "{name} is not named:\n{page}");
    }
    for words in commands.iter().filter(|words| words[0].chars().all(char::is_alphabetic)) {
        let output = goaround(&[words[0], "--help"]);
        let help = String::from_utf8_lossy(&output.stdout);
        let known = words.iter().filter(|word| word.starts_with("--")).all(|option| help.contains(option));
        assert!(output.status.success() && known, "{words:?}:\n{help}");
    }
}

#[test]
fn the_numbers_on_it_are_those_of_the_lists() {
    let count = |arguments: &[&str], is_row: fn(&str) -> bool| {
        let output = goaround(arguments).stdout;
        String::from_utf8_lossy(&output).lines().filter(|line| is_row(line)).count()
    };
    let page = page();
    let playbooks = count(&["init"], |line| !line.starts_with('`'));
    let recipes = count(&["recipes"], |line| line.starts_with("  "));
    assert!(page.contains(&format!("{playbooks} playbooks to begin with")), "{playbooks}:\n{page}");
    assert!(page.contains(&format!("{recipes} ready levers")), "{recipes}:\n{page}");
}
