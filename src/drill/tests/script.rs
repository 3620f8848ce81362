//! What a scenario may say, and how its faults are reported.

use super::support::{docs_rag, index_mismatch};
use crate::drill::{Scenario, World};

#[test]
fn every_scenario_in_the_folder_is_embedded_under_its_id_and_parses() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/scenarios");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(Scenario::embedded(&id), Some(text.as_str()), "{id} is not in the table");
        let scenario = Scenario::parse(&id, &text).unwrap_or_else(|faults| panic!("{faults:#?}"));
        assert_eq!(scenario.id.as_str(), id);
        found.push(id);
    }
    found.sort();
    assert_eq!(found, Scenario::ids().collect::<Vec<_>>());
}

#[test]
fn the_shared_playbook_asks_nothing_that_index_mismatch_does_not_declare() {
    assert_eq!(index_mismatch().undeclared(&docs_rag()), Vec::<String>::new());
}

#[test]
fn what_is_taken_out_of_a_scenario_is_reported_as_undeclared() {
    let cases = [
        (
            "ask = 'SET live:alias (\\S+)'",
            "ask = 'SET other (\\S+)'",
            "lever `alias`: the scenario has no answer to `SET live:alias docs_vA` (backend `cache`)",
        ),
        (
            "ask = 'GET /pins'",
            "ask = 'GET /other'",
            "probe `arm`: the scenario has no answer to `GET /pins` (backend `edge`)",
        ),
        (
            "path = \"pins.txt\"",
            "path = \"other.txt\"",
            "probe `pinset`: the scenario has no file `pins.txt` (backend `flags`)",
        ),
        ("[signals.lambda]", "[signals.p50]", "signal `p50`: the playbook has no such metric"),
    ];
    for (out, r#in, report) in cases {
        let text = index_mismatch().source.replace(out, r#in);
        assert_ne!(text, index_mismatch().source, "{out}");
        let undeclared = Scenario::parse("x.toml", &text).unwrap().undeclared(&docs_rag());
        assert!(undeclared.iter().any(|one| one == report), "{undeclared:#?}");
    }
}

#[test]
fn a_metric_without_a_signal_is_undeclared() {
    let text = index_mismatch().source;
    let (before, after) = text.split_once("[signals.p95]").unwrap();
    assert!(!after.contains("[signals"), "p95 is the last");
    let undeclared = Scenario::parse("x.toml", before).unwrap().undeclared(&docs_rag());
    assert_eq!(undeclared, ["metric `p95`: the scenario has no signal `p95` (backend `prom`)"]);
}

#[test]
fn a_derived_value_can_be_read_and_not_set() {
    let text = index_mismatch().source.replace("set = { alias = \"$1\" }", "set = { index_hash = \"$1\" }");
    let faults = Scenario::parse("x.toml", &text).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].contains("`index_hash` is no variable; the variables are alias, arm, flag"), "{faults:#?}");
}

const LEAST: &str = "format = 1\nid = \"x\"\ntitle = \"t\"\nbrief = \"b\"\nplaybook = \"docs-rag\"\nprofile = \"drill\"\nepoch = \"2026-11-21T03:12:00Z\"\n[vars]\nalias = \"a\"\n";

#[test]
fn faults_name_their_line_and_what_is_wrong() {
    let cases = [
        ("format = 1", "format = 2", "x.toml:1: format 2 is not one this goaround understands (1)"),
        ("id = \"x\"", "id = \"X Y\"", "x.toml:2: `X Y` is no id"),
        ("2026-11-21T03:12:00Z", "yesterday", "x.toml:7: epoch `yesterday` is no time"),
        ("title", "titel", "x.toml:3: unknown field `titel`"),
        ("[vars]", "starts = \"soon\"\n[vars]", "x.toml:8: `soon` is no duration"),
    ];
    for (out, r#in, report) in cases {
        let faults = Scenario::parse("x.toml", &LEAST.replacen(out, r#in, 1)).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(faults[0].starts_with(report), "{faults:#?}");
    }
}

#[test]
fn all_faults_of_a_script_are_reported_at_once() {
    let text = format!(
        "{LEAST}
[[answers]]
backend = \"cache\"
ask = 'GET ('
reply = \"${{nothing}}\"

[[answers]]
backend = \"cache\"
ask = 'SET (.*)'
set = {{ alias = \"$2\", ghost = \"$1\" }}

[[answers]]
backend = \"cache\"
ask = 'GET'
reply = \"x\"
int = 1

[[files]]
backend = \"flags\"
path = \"p\"
content = \"\"
var = \"alias\"
find = 'no group'
"
    );
    let faults = Scenario::parse("x.toml", &text).unwrap_err();
    let wanted = [
        "x.toml:13: `GET (` is no regular expression",
        "x.toml:11: `nothing` is no variable; the variables are alias",
        "x.toml:16: `ghost` is no variable",
        "x.toml:16: `$2` names a group that `ask` does not have",
        "x.toml:21: an answer has one of reply, json, list, int, error and nil, not several",
        "x.toml:32: find has no group",
    ];
    assert_eq!(faults.len(), wanted.len(), "{faults:#?}");
    for (fault, wanted) in faults.iter().zip(wanted) {
        assert!(fault.starts_with(wanted), "{fault}\nis not\n{wanted}");
    }
}

#[test]
fn a_world_refuses_what_its_playbook_does_not_have() {
    let text = format!(
        "{LEAST}[[answers]]\nbackend = \"ghost\"\nask = 'x'\n[[answers]]\nbackend = \"edge\"\nask = 'GET /'\nint = 1\n"
    );
    let faults = World::new(&Scenario::parse("x.toml", &text).unwrap(), &docs_rag(), 1).unwrap_err();
    assert_eq!(
        faults,
        [
            "answer to `x`: the playbook has no backend `ghost`",
            "answer to `GET /`: a backend of kind http cannot answer so"
        ]
    );
}
