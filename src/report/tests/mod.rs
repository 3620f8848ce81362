//! Claims about the report.

mod charts;
mod clocks;
mod figures;
mod flight;
mod hand;
mod impact;
mod lists;
mod morning;
mod page;
mod review;
mod rough_edges;
mod template;
mod timing;
mod word;

use super::{Account, Answers, Dossier, FoundFile, Review, markdown};
use crate::incident::{Event, EvidenceRef, Moment, Record};
use crate::metrics::VerdictState;
use crate::playbook::Playbook;
use crate::text::Text;
use flight::{Flight, id, verdict};
use std::fs;
use std::path::Path;

const PLAYBOOK: &str = include_str!("../../../fixtures/playbooks/docs-rag.toml");
const GOLDEN: &str = "fixtures/reports/index-mismatch.md";

fn playbook() -> Playbook {
    match Playbook::parse("docs-rag.toml", PLAYBOOK, Some("drill")) {
        Ok(playbook) => playbook,
        Err(flaws) => panic!("{flaws:?}"),
    }
}

/// The hand-written flight, as its directory would hold it.
fn dossier() -> Dossier {
    let records = flight::rough();
    let hashes = records.iter().map(|record| format!("{:064x}", record.seq)).collect();
    let names = [("evidence/pins.json", "a1"), ("evidence/pull-2.json", "b2"), ("comms/first.md", "c4")];
    let found = |(path, hash): &(&str, &str)| FoundFile { path: (*path).into(), sha256: hash.repeat(32), bytes: 120 };
    Dossier {
        dir: "20261121-031200-docs-rag".into(),
        playbook_text: PLAYBOOK.into(),
        playbook: Some(playbook()),
        records,
        hashes,
        torn_bytes: 0,
        fault: None,
        unread: Vec::new(),
        samples: vec![r#"{"at":1,"metric":"coverage","value":0.5,"sampled":1}"#.into(); 3],
        left_out: Vec::new(),
        files: names.iter().map(found).collect(),
        comms: [("comms/first.md".into(), "Rolling back docs-rag.\n```\nImpact: <b>search</b>".into())].into(),
        review: Review::default(),
        debrief: Answers::default(),
    }
}

#[test]
fn a_rough_flight_reads_as_its_golden_report() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    let made = markdown(&dossier());
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &made).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap();
    let differs = golden.lines().zip(made.lines()).find(|(golden, made)| golden != made);
    assert!(golden == made, "{differs:#?}: look at it, then run the test with UPDATE=1");
}

#[test]
fn every_record_is_on_the_timeline_and_links_to_its_line() {
    let dossier = dossier();
    let made = markdown(&dossier);
    let timeline = &made[made.find("## Timeline").unwrap()..made.find("## Contributing").unwrap()];
    for record in &dossier.records {
        let link = format!("[#{0}](journal.jsonl#L{0})", record.seq);
        assert_eq!(
            timeline.lines().filter(|line| line.starts_with("| 0") && line.ends_with(&format!("{link} |"))).count(),
            1,
            "{link}"
        );
    }
    assert!(!timeline.contains("|  |"), "an event has no words");
}

#[test]
fn without_a_readable_playbook_the_report_is_still_made_with_ids() {
    let made = markdown(&Dossier { playbook: None, ..dossier() });
    assert!(made.contains("### Pull 2: alias"), "{made}");
    assert!(!made.contains("Index alias back to docs_vA"));
}

#[test]
fn an_empty_and_a_barely_begun_directory_give_a_report() {
    assert!(markdown(&Dossier::default()).contains("The journal holds no record."));
    let dossier = dossier();
    for length in 1..dossier.records.len() {
        let made = markdown(&Dossier { records: dossier.records[..length].to_vec(), ..dossier.clone() });
        assert!(made.contains("## Supporting data"), "{length}");
    }
    let begun = markdown(&Dossier { records: dossier.records[..1].to_vec(), ..dossier });
    assert!(begun.contains("**no rollback declared**") && begun.contains("not reached"), "{begun}");
}

#[test]
fn a_time_across_a_restart_is_marked_approximate() {
    let mut flight = Flight::open();
    flight.add(
        1,
        "sensor",
        Event::VerdictChanged { metric: id("coverage"), verdict: verdict(VerdictState::Breach, Some(0.52)) },
    );
    flight.reboot();
    flight.add(31, "ops", flight::declared());
    let made = markdown(&Dossier { records: flight.records, ..dossier() });
    assert!(made.contains("| Detect to declare | **~30.0 s** |"), "{made}");
}

#[test]
fn foreign_text_never_acts_as_markup() {
    let hostile = [
        "a | b",
        "`code`",
        "[x](javascript:alert(1))",
        "![x](http://evil)",
        "<script>alert(1)</script>",
        "# heading",
        "**bold** _em_ ~~gone~~",
        "&lt;b&gt;",
        "1. list",
        "- [x] done",
        "\\",
        "</td><td>",
        "line\nbreak\n# two",
        "```\nfence",
        "\u{202e}evil",
        "\u{1b}]52;c;x\u{7}",
        "$x$",
        "[#1]: http://evil",
        "<!-- gone",
        "a\\|b",
    ];
    for raw in hostile {
        let mut flight = Flight::open();
        flight.add(1, raw, Event::NoteAdded { text: Text::new(raw) });
        flight.add(2, "ops", Event::Objected { text: Text::new(raw), id: Text::default() });
        let file = EvidenceRef { path: raw.into(), sha256: raw.into(), bytes: 1 };
        flight.add(
            3,
            "ops",
            Event::EvidenceCaptured {
                step: None,
                title: raw.into(),
                file,
                values: [(raw.into(), raw.into())].into(),
                missing: vec![raw.into()],
            },
        );
        flight.add(
            4,
            "ops",
            Event::Declared {
                severity: 1,
                triggers: vec![crate::incident::event::Trigger::Person(raw.into())],
                size_up: raw.into(),
            },
        );
        let made = markdown(&Dossier { records: flight.records, ..Dossier::default() });
        for line in made.lines() {
            assert_inert(line, raw);
        }
    }
}

/// Outside of code spans nothing foreign is bare; tables keep their number of cells.
fn assert_inert(line: &str, raw: &str) {
    let (mut bare, mut in_code, mut cells) = (String::new(), false, 0);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '`' => in_code = !in_code,
            '|' => {
                assert!(!in_code, "{raw:?} splits a code span: {line}");
                cells += 1;
            }
            _ if in_code => {}
            '\\' => drop(chars.next()),
            c => bare.push(c),
        }
    }
    assert!(!in_code, "{raw:?} leaves a code span open: {line}");
    assert!(!bare.contains(['<', '>', '~', '$', '&']), "{raw:?}: {line}");
    let ours = ["journal.jsonl", "playbook.toml", "samples.jsonl", "evidence/", "comms/"];
    let links = bare.split("](").skip(1);
    assert!(links.into_iter().all(|to| ours.iter().any(|ours| to.starts_with(ours))), "{raw:?}: {line}");
    assert!(!bare.contains("!["), "{raw:?}: {line}");
    assert!(!line.starts_with("# ") || line.starts_with("# Rollback"), "{raw:?}: {line}");
    assert!(cells == 0 || [3, 4, 5, 6, 7].contains(&cells), "{raw:?}: {line}");
    assert!(!line.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{raw:?}: {line}");
}

#[test]
fn a_message_cannot_leave_its_block() {
    let made = markdown(&dossier());
    assert!(made.contains("````text\nRolling back docs-rag.\n```\nImpact: <b>search</b>\n````"), "{made}");
}

#[test]
fn a_changed_or_missing_file_is_said_so() {
    let mut dossier = dossier();
    dossier.files[0].sha256 = "ff".repeat(32);
    dossier.files.remove(1);
    let made = markdown(&dossier);
    assert!(made.contains("**changed**") && made.contains("**missing**"));
}

#[test]
fn moments_before_the_epoch_or_beyond_the_calendar_do_not_panic() {
    for wall_ms in [i64::MIN, -1, 0, i64::MAX] {
        let at = Moment { wall_ms, boot_ns: u64::MAX, boot_id: "drill".into() };
        let records = vec![Record { seq: 1, at, actor: "ops".into(), event: flight::declared() }];
        assert!(markdown(&Dossier { records, ..Dossier::default() }).contains("holds no record"));
    }
}

#[test]
fn what_was_followed_up_days_later_is_told_and_makes_the_incident_no_longer() {
    let note = "written down in the wiki";
    let mut flight = Flight::open();
    flight.add(1, "ops", flight::declared());
    let debt = Event::DebtOpened { debt: id("unfreeze"), title: "unfreeze writers".into() };
    flight.add(2, "ops", debt);
    flight.add(10, "ops", Event::Closed { recovered: false, override_reason: Some("handed over".into()) });
    let before = markdown(&Dossier { records: flight.records.clone(), ..dossier() });
    flight.add(100_000, "ops", Event::NoteAdded { text: "the index was built from last week's dump".into() });
    flight.add(200_000, "lead", Event::FollowedUp { id: id("rca"), by: "lead".into(), note: note.into() });
    flight.add(200_001, "lead", Event::FollowedUp { id: id("gone"), by: "lead".into(), note: note.into() });
    let after = markdown(&Dossier { records: flight.records, ..dossier() });
    let rows =
        |made: &str| made.lines().filter(|line| line.contains("still open")).map(str::to_owned).collect::<Vec<_>>();
    assert!(!rows(&before).is_empty() && rows(&before) == rows(&after), "{after}");
    let due = "was never written";
    assert!(!before.contains(due) && !after.contains(due), "it never came due while the incident ran: {after}");
    assert!(after.contains("| Root cause analysis written down | Tech Lead |"), "{after}");
    assert!(after.contains("by `lead`: written down in the wiki") && after.contains("| `gone` |"), "{after}");
    assert!(before.contains("| **open** |"), "{before}");
}

/// Every value of `key`, wherever it stands.
fn all_of<'v>(value: &'v serde_json::Value, key: &str) -> Vec<&'v serde_json::Value> {
    match value {
        serde_json::Value::Object(map) => {
            map.iter().flat_map(|(name, value)| if name == key { vec![value] } else { all_of(value, key) }).collect()
        }
        serde_json::Value::Array(values) => values.iter().flat_map(|value| all_of(value, key)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_json_is_of_the_shape_that_is_published_and_its_lines_are_in_the_journal() {
    let dossier = dossier();
    let account: serde_json::Value = serde_json::from_str(&Account::of(&dossier).json()).unwrap();
    let shape = jsonschema::validator_for(&Account::schema()).unwrap();
    let wrong: Vec<String> = shape.iter_errors(&account).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let lines: Vec<_> = all_of(&account, "line").into_iter().filter(|line| !line.is_null()).collect();
    assert!(lines.len() > dossier.records.len(), "every record is told");
    assert!(lines.iter().all(|line| (1..=dossier.records.len() as u64).contains(&line.as_u64().unwrap())));
}

#[test]
fn every_derived_time_is_its_end_less_its_beginning() {
    let account = Account::of(&dossier());
    let reached = account.times.iter().filter(|time| time.took_ms.is_some());
    for time in reached.clone() {
        let (from, to) = (time.from.as_ref().unwrap(), time.to.as_ref().unwrap());
        assert_eq!(i64::try_from(time.took_ms.unwrap()).unwrap(), to.t_ms - from.t_ms, "{}", time.name);
        assert!(time.formula.contains(" − "), "{}", time.formula);
    }
    assert!(reached.count() > 8);
}
