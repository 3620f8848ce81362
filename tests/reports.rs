//! Golden reports: one drill per playbook, flown by the pilot, as Markdown whole and as a page in outline.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Each playbook, and the drill that is reported on.
const DRILLS: [(&str, &str); 6] = [
    ("docs-rag", "index-mismatch"),
    ("ship", "canary-hides-tail"),
    ("rollback", "cache-not-rotated"),
    ("blue-green", "green-worse"),
    ("genesis", "bad-deploy"),
    ("vnext", "bucket-collapse"),
];

fn goaround() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.env("GOAROUND_CONFIG", "/nowhere");
    command
}

/// The directory of a drill flown by the pilot, reported on. How it ended is the report's to say.
fn reported(folder: &Path, scenario: &str) -> PathBuf {
    let output = goaround().args(["drill", scenario, "--auto", "--incidents"]).arg(folder).output().expect("it runs");
    let said = String::from_utf8(output.stdout).expect("text");
    let directory = PathBuf::from(said.lines().last().expect("the directory comes last"));
    let made = goaround().arg("report").arg(&directory).args(["--format", "md,html,json"]).output().expect("it runs");
    assert!(made.status.success(), "{scenario}: {}", String::from_utf8_lossy(&made.stderr));
    directory
}

/// What is counted below each heading of a page.
const COUNTED: [(&str, &str); 10] = [
    ("<figure class=\"lane", "lanes"),
    ("class=\"dot\"", "dots"),
    ("<rect class=\"bar", "bars"),
    ("class=\"bound ", "limits"),
    ("class=\"gap\" x", "gaps"),
    ("class=\"mark\"", "marks"),
    ("<dt>", "fields"),
    ("<li>", "items"),
    ("<tr", "rows"),
    ("<pre", "texts"),
];

/// The page's headings, each with what stands below it.
fn outline(page: &str) -> String {
    let mut lines = Vec::new();
    for piece in page.split("<h").skip(1) {
        let Some(level) = piece.chars().next().and_then(|c| c.to_digit(10)) else { continue };
        let Some((heading, below)) = piece.split_once(&format!("</h{level}>")) else { continue };
        let counts = COUNTED.iter().map(|(needle, name)| (below.matches(needle).count(), name));
        let counts: Vec<String> =
            counts.filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
        let points = below.split_once("class=\"line\" d=\"").and_then(|(_, rest)| rest.split('"').next());
        let points = points.map(|path| format!("{} points", path.matches(['M', 'L']).count()));
        let below: Vec<String> = points.into_iter().chain(counts).collect();
        let marks = "#".repeat(level as usize);
        lines.push(format!("{marks} {}: {}", words(heading), below.join(", ")).trim_end_matches(": ").to_owned());
    }
    lines.join("\n") + "\n"
}

/// What is left of markup without its tags.
fn words(markup: &str) -> String {
    let text = markup.split_once('>').map_or("", |(_, text)| text);
    let mut pieces = text.split('<');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |words, piece| words + piece.split_once('>').map_or("", |(_, text)| text)).trim().to_owned()
}

#[test]
fn every_playbooks_drill_has_the_report_it_had() {
    let folder = tempfile::tempdir().expect("a folder");
    let goldens = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reports");
    for (playbook, scenario) in DRILLS {
        let directory = reported(folder.path(), scenario);
        let read = |name: &str| std::fs::read_to_string(directory.join(name)).expect("it was written");
        for (made, golden) in [(read("report.md"), "md"), (outline(&read("report.html")), "outline.txt")] {
            let golden = goldens.join(format!("{playbook}.{golden}"));
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&golden, &made).expect("a golden can be written");
            }
            let expected = std::fs::read_to_string(&golden).unwrap_or_default();
            let differs = expected.lines().zip(made.lines()).find(|(expected, made)| expected != made);
            assert!(made == expected, "{}: {differs:#?}; UPDATE=1 writes it down anew", golden.display());
        }
        is_as_published_and_derived(&read("report.json"), scenario);
    }
}

/// Whether `report.json` has the shape that `goaround schema report` prints, and its numbers are what their inputs make.
#[track_caller]
fn is_as_published_and_derived(report: &str, scenario: &str) {
    let printed = goaround().args(["schema", "report"]).output().expect("it runs").stdout;
    let shape = jsonschema::validator_for(&serde_json::from_slice(&printed).expect("a schema")).expect("a sound one");
    let report: Value = serde_json::from_str(report).expect("it is JSON");
    let wrong: Vec<String> = shape.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{scenario}: {wrong:#?}");
    let list = |name: &str| report[name].as_array().expect("a list").clone();
    for time in list("times") {
        let (Some(took), from, to) = (time["took_ms"].as_i64(), &time["from"], &time["to"]) else { continue };
        let (from_ms, to_ms) = (from["t_ms"].as_i64().expect("a time"), to["t_ms"].as_i64().expect("a time"));
        // Both ends are whole milliseconds from the declaration on, whose own place within one nobody sees.
        assert!((took - (to_ms - from_ms)).abs() <= 1, "{scenario}: {time:#}");
        let over = time["budget_ms"].as_i64().map(|budget| took - budget).filter(|over| *over > 0);
        assert_eq!(time["over_ms"].as_i64(), over, "{scenario}: {time:#}");
        assert!(time["formula"].as_str().is_some_and(|formula| formula.contains(" − ")), "{scenario}: {time:#}");
    }
    for share in list("shares") {
        assert!(share["part"].as_u64() <= share["whole"].as_u64() && share["formula"] != "", "{scenario}: {share:#}");
    }
    for chart in list("metrics") {
        for bound in chart["bounds"].as_array().expect("bounds").iter().filter(|bound| bound["at"].is_null()) {
            assert!(chart["baseline"]["at"].is_null() && chart["baseline"]["source"] != Value::Null, "{bound:#}");
        }
    }
}

#[test]
fn every_playbook_that_comes_with_goaround_is_reported_on() {
    let known: Vec<&str> = goaround::playbook::embedded_names().collect();
    assert_eq!(known, DRILLS.map(|(playbook, _)| playbook));
}

#[test]
fn the_page_is_opened_when_that_is_asked_for_and_never_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = reported(folder.path(), "index-mismatch");
    std::fs::remove_file(directory.join("report.html")).expect("it was written");
    let (fake, told) = (folder.path().join("xdg-open"), folder.path().join("told"));
    std::fs::write(&fake, format!("#!/bin/sh\necho \"$1\" >> {}\n", told.display())).expect("it is ours");
    std::fs::set_permissions(&fake, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("it is ours");
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let report = |more: &[&str], path: &str| {
        goaround().arg("report").arg(&directory).args(more).env("PATH", path).output().expect("it runs")
    };
    assert!(report(&["--format", "html"], &path).status.success());
    assert!(!told.exists(), "nobody asked");
    std::fs::remove_file(directory.join("report.html")).expect("it was written");
    let opened = report(&["--open"], &path);
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    let page = directory.join("report.html");
    assert_eq!(std::fs::read_to_string(&told).expect("it was asked").trim(), page.display().to_string());
    assert!(page.exists(), "it is written before it is opened");
    let alone = report(&["--open"], "/nowhere");
    let said = String::from_utf8_lossy(&alone.stderr).into_owned();
    assert_eq!(alone.status.code(), Some(2), "{said}");
    assert!(said.contains("xdg-open: ") && said.contains("yourself"), "{said}");
}
