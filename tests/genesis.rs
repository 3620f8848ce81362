//! The waits of the Genesis playbook, flown in the drill's world: what was good before a restart ends none of them.

use goaround::app::auto::{Auto, Ending};
use goaround::app::flight::{Flight, sha256_hex};
use goaround::app::ledger::Ledger;
use goaround::drill::{Policy, Scenario, World};
use goaround::incident::{Command, Event, Moment, Record};
use goaround::journal::{self, Journal};
use goaround::playbook::{self, Playbook};
use goaround::text::Redactor;
use std::sync::Arc;

/// A hundred seeds, in four parts that fly at the same time.
const PART: u64 = 25;
/// The last lever: the services start again.
const START: &str = "up";

/// `text` with `old`, which must stand in it, replaced by `new`.
fn put(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "`{old}` does not stand there any more");
    text.replace(old, new)
}

/// A deployment whose flag heals every number before anything is restarted. Started again, its health is bad for
/// `sick_ms` and its numbers for `slow_ms`, while everybody may still remember how good they were.
fn scenario(sick_ms: u64, slow_ms: u64) -> Scenario {
    let text = Scenario::embedded("bad-deploy").expect("it is embedded");
    let up = "set = { containers = \"all 4 run\", instance = \"c4d5e6\" }\ntakes = \"9s\"";
    let text = put(
        text,
        up,
        &format!(
            "{}\ntakes = \"1s\"",
            up.lines().next().expect("a line").replace(" }", ", sick = \"yes\", slow = \"yes\" }")
        ),
    );
    let text = put(&text, "cut = \"no\"    ", "slow = \"no\"\ncut = \"no\"    ");
    let text = put(
        &text,
        "[signals.errors]\nhealthy = 0.0004\nvalue = 0.031\nnoise = 0.0002\nsettle = \"3s\"\ncases = [",
        "[signals.errors]\nhealthy = 0.0004\nvalue = 0.031\nnoise = 0.0002\nsettle = \"3s\"\ncases = [\n{ when = { slow = \"yes\" }, value = 0.05, settle = \"0s\" },",
    );
    let text = put(&text, "value = 0.02 }", "value = 0.0004 }");
    let text = put(&text, "value = 0.006", "value = 0.0004");
    let ends = |name: &str, after_ms: u64| {
        format!("[[events]]\nafter = {{ {name} = \"yes\" }}\nlater = \"{after_ms}ms\"\nset = {{ {name} = \"no\" }}\n")
    };
    let text = put(&text, "[cast]", &format!("{}{}[cast]", ends("sick", sick_ms), ends("slow", slow_ms)));
    Scenario::parse("races", &text).expect("it parses")
}

fn fly(scenario: &Scenario, seed: u64) -> Vec<Record> {
    let text = put(playbook::embedded("genesis").expect("it is embedded"), "green_for = \"2m\"", "green_for = \"1s\"");
    let playbook = Arc::new(Playbook::parse("genesis", &text, Some("drill")).expect("it is sound"));
    // Nothing here is about the disk: a hundred flights would wait for its syncs most of the time.
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.expect("a temporary folder");
    let journal = Journal::create(folder.path(), "races", &playbook.source).expect("a journal");
    let directory = journal.dir().to_owned();
    let epoch = Moment { wall_ms: scenario.epoch_ms, boot_ns: 0, boot_id: "drill".into() };
    let mut auto = Auto {
        flight: Flight::new(playbook.clone(), &[], Redactor::default(), &epoch),
        stage: World::new(scenario, &playbook, seed).expect("it fits").into(),
        policy: Policy::new(scenario, &playbook, None).expect("no mistake is asked for"),
        ledger: Ledger::new(journal),
        tells: false,
        speed: None,
        start: epoch.clone(),
        epoch,
    };
    let playbook_sha256 = sha256_hex(playbook.source.as_bytes());
    let open = Command::Open { incident: "races".into(), playbook_sha256, version: "0".into(), drill: None };
    assert_eq!(auto.fly(open).expect("the disk is fine"), Ending::Closed { recovered: true }, "seed {seed}");
    journal::read(&directory).expect("it can be read").records
}

/// When this happened, in ms after the world's start.
fn at(records: &[Record], what: impl Fn(&Event) -> bool) -> u64 {
    records.iter().find(|record| what(&record.event)).expect("it happened").at.boot_ns / 1_000_000
}

fn done(records: &[Record], id: &str) -> u64 {
    at(records, |event| matches!(event, Event::StepDone { step, .. } if step.as_str() == id))
}

/// That no wait of these flights ended on what was good before the restart.
fn race(part: u64) {
    let mut early = 0;
    for seed in part * PART..(part + 1) * PART {
        let (sick_ms, slow_ms) = (seed * 137 % 4000, 5000 + seed * 611 % 15_000);
        let records = fly(&scenario(sick_ms, slow_ms), seed);
        let started =
            at(&records, |event| matches!(event, Event::PullStarted { lever, .. } if lever.as_str() == START));
        let (healthy, smoke, slo) = (done(&records, "healthy"), done(&records, "smoke"), done(&records, "slo"));
        assert!(
            healthy.min(smoke) >= started + sick_ms,
            "seed {seed}: healthy {healthy}, sick until {started} + {sick_ms}"
        );
        assert!(slo >= started + slow_ms, "seed {seed}: SLOs met at {slo}, bad until {started} + {slow_ms}");
        early += u64::from(smoke < started + slow_ms);
    }
    // Otherwise nothing would have been there to be fooled by.
    assert!(early > PART / 2, "in {early} flights the wait for the SLOs began before they were good again");
}

#[test]
fn no_wait_ends_on_what_was_good_before_the_restart() {
    race(0);
}

#[test]
fn nor_in_the_second_quarter_of_a_hundred_flights() {
    race(1);
}

#[test]
fn nor_in_the_third() {
    race(2);
}

#[test]
fn nor_in_the_last() {
    race(3);
}
