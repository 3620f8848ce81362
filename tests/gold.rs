//! Gold questions put to a retrieval endpoint by the real binary: what a swapped index does to the numbers, and that
//! no verdict is made up.

#[path = "common/incidents.rs"]
mod incidents;
#[path = "common/retrieval.rs"]
mod retrieval;

use goaround::incident::Event;
use retrieval::{Mood, Retrieval, gold};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Twenty questions with three paraphrases and two seeds.
const QUESTIONS: usize = 20 * 4 * 2;

const PLAYBOOK: &str = r#"
format = 1
service = "docs"
environment = "testbed"
default_profile = "auto"

[profiles.auto]
allow_auto = true

[backends]
edge.http = { url = "http://ADDRESS" }

[backends.docs.gold]
url = "http://ADDRESS"
post = "/retrieve"
body = '{"question": "${question}", "seed": ${seed}}'
seeds = [1, 2]
file = "gold.json"
at_once = 8
embed = { post = "/embed" }
MORE

[probes.coverage]
every = "1s"
gold = { backend = "docs", show = "coverage" }

[metrics.coverage]
every = "2s"
gold = { backend = "docs", show = "coverage" }
stop = "< 0.60"
exit = ">= 0.70"

[metrics.ds_question]
every = "2s"
gold = { backend = "docs", show = "ds_question" }
exit = "<= 0.45"

[metrics.ds_anchor]
every = "2s"
gold = { backend = "docs", show = "ds_anchor" }

[metrics.lambda]
every = "2s"
gold = { backend = "docs", show = "lambda" }

[metrics.rerank]
unit = "ms"
every = "2s"
gold = { backend = "docs", show = "rerank_p95" }

[symptoms.index]
when = ["coverage"]
levers = ["alias"]

[levers.alias]
title = "Index alias back to docs_vA"
http = { backend = "edge", post = "/alias/docs_vA" }
verify = { probe = "coverage", above = 0.9, within = "30s" }
undo = { http = { backend = "edge", post = "/alias/docs_vB" } }

[[steps]]
id = "alias"
levers = ["alias"]

[[steps]]
id = "watch"
watch = true

[hold]
green_for = "1s"
max = "30s"
"#;

/// An endpoint, and a playbook beside its gold file.
struct Desk {
    docs: Retrieval,
    folder: TempDir,
}

impl Desk {
    fn start(alias: &str, more: &str) -> Self {
        let desk = Self { docs: Retrieval::start(alias), folder: tempfile::tempdir().expect("a folder") };
        let text = PLAYBOOK.replace("ADDRESS", &desk.docs.address.to_string()).replace("MORE", more);
        std::fs::write(desk.playbook(), text).expect("it can be written");
        desk.keep(&gold().to_string());
        desk
    }

    fn playbook(&self) -> PathBuf {
        self.folder.path().join("docs.toml")
    }

    fn keep(&self, gold: &str) {
        std::fs::write(self.folder.path().join("gold.json"), gold).expect("it can be written");
    }

    fn goaround(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
        command.args(arguments).env("GOAROUND_CONFIG", "/nowhere").env_remove("RUST_BACKTRACE").stdin(Stdio::null());
        command.env("GOAROUND_INCIDENTS", self.folder.path().join("incidents"));
        // The folder that it is started in is not the folder of the playbook.
        command.current_dir("/").output().expect("goaround runs")
    }

    fn check(&self, more: &[&str]) -> Output {
        let path = self.playbook();
        let arguments = ["check", path.to_str().expect("UTF-8")];
        self.goaround(&[&arguments, more].concat())
    }

    /// What each metric shows: its value, else its state and why.
    fn looks(&self) -> impl Fn(&str) -> String + use<> {
        let output = self.check(&["--probe", "--json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {output:?}"));
        move |metric: &str| {
            let rows = report["metrics"].as_array().expect("rows");
            let row = rows.iter().find(|row| row["id"] == metric).expect("a row");
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            if row["state"] == "ok" { text("value") } else { format!("{}: {}", text("state"), text("why")) }
        }
    }
}

#[test]
fn a_swapped_index_costs_coverage_and_nearness_and_one_run_says_so() {
    let desk = Desk::start("docs_vA", "");
    let well = desk.looks();
    let number = |text: String| text.parse::<f64>().unwrap_or_else(|why| panic!("{why}: {text}"));
    assert_eq!((well("coverage"), well("lambda"), well("rerank")), ("1".into(), "0".into(), "1.5ms".into()));
    assert!(number(well("ds_question")) < 0.45 && number(well("ds_anchor")) < 0.2);
    let (asked, most_in_air) = desk.docs.weight();
    assert_eq!(asked, QUESTIONS, "six looks at the same numbers are one run");
    assert!(most_in_air <= 8, "{most_in_air} at once");

    desk.docs.swap("docs_vB");
    let swapped = desk.looks();
    assert_eq!(swapped("coverage"), "0.5");
    assert!(number(swapped("ds_question")) > number(well("ds_question")) + 0.15, "{}", swapped("ds_question"));
    assert!(number(swapped("ds_anchor")) > 0.45, "{}", swapped("ds_anchor"));
}

#[test]
fn no_verdict_is_made_up_of_what_is_no_answer() {
    let desk = Desk::start("docs_vA", "");
    desk.docs.feel(Mood::LoginPage);
    let page = desk.looks();
    for metric in ["coverage", "ds_question", "lambda", "rerank"] {
        assert!(page(metric).starts_with("failed: ") && page(metric).contains("a web page, perhaps a login"));
    }
    desk.docs.feel(Mood::Busy);
    let busy = desk.looks();
    assert!(
        busy("ds_question").starts_with("nodata: 128 of 160 answers can be used; question "),
        "{}",
        busy("ds_question")
    );
    assert!(busy("ds_question").contains("HTTP 503: busy"));

    let plain = Desk::start("docs_vA", "at_least = 0.5");
    plain.docs.feel(Mood::Scoreless);
    let scoreless = plain.looks();
    assert_eq!(scoreless("coverage"), "1");
    assert!(scoreless("ds_question").contains("no score at /score, and there are no two vectors"));
    plain.docs.feel(Mood::Busy);
    assert_eq!(plain.looks()("coverage"), "1", "half of the answers are enough where the playbook says so");
}

#[test]
fn a_gold_file_that_cannot_be_used_is_refused_with_its_place() {
    let desk = Desk::start("docs_vA", "");
    let cases = [
        ("[]", "gold.json: has no questions"),
        ("[\n  {\"question\": }\n]", "gold.json: line 2, column 16: expected value"),
        (r#"[{"question": "q", "expected": {}}]"#, "gold.json: question 1: `q` does not say what is expected"),
        (r#"{"questions": []}"#, "gold.json: line 1, column 0: invalid type: map, expected a sequence"),
    ];
    for (content, why) in cases {
        desk.keep(content);
        let output = desk.check(&[]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(why) && said.contains("docs.toml:18"), "{said}");
    }
    std::fs::remove_file(desk.folder.path().join("gold.json")).expect("it was there");
    let output = desk.check(&[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the file `gold.json` cannot be read: No such file or directory"), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_rollback_is_begun_read_back_and_held_by_gold_questions() {
    let desk = Desk::start("docs_vB", "");
    let playbook = desk.playbook();
    let flown = desk.goaround(&[
        "live",
        "--playbook",
        playbook.to_str().expect("UTF-8"),
        "--auto",
        "--auto-confirm",
        "testbed",
    ]);
    let said = format!("{}{}", String::from_utf8_lossy(&flown.stdout), String::from_utf8_lossy(&flown.stderr));
    assert_eq!(flown.status.code(), Some(0), "{said}");
    // Nothing that was flown depends on a file that may change.
    desk.keep("[]");
    let directory = incidents::only(&desk.folder.path().join("incidents"));
    let report = incidents::recovered(&directory);
    assert!(report.contains("coverage"), "{report}");
    assert_eq!(incidents::pulls(&directory), 1);
    assert!(kept(&directory).contains("[files.\"gold.json\"]"));
    let declared = incidents::events(&directory).into_iter().any(|event| matches!(event, Event::Declared { .. }));
    assert!(declared, "by coverage alone");
}

fn kept(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("playbook.toml")).expect("it was kept")
}
