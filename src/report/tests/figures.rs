//! Claims about what a tired reader is told first, and about every number with what it was derived from.

use super::flight::{self, Flight, declared, id};
use super::{Account, Dossier, dossier, markdown};
use crate::incident::Event;
use crate::kind::{Outcome, Seen};
use crate::report::Time;

fn time(account: &Account, id: &str) -> Time {
    account.times.iter().find(|time| time.id == id).unwrap_or_else(|| panic!("no {id}")).clone()
}

fn section<'a>(made: &'a str, title: &str) -> &'a str {
    let body = &made[made.find(&format!("\n## {title}\n")).expect("a section") + title.len() + 5..];
    &body[..body.find("\n## ").unwrap_or(body.len())]
}

#[test]
fn the_first_sentence_says_what_it_was_when_and_how_it_ended() {
    let made = markdown(&dossier());
    let lead = "A SEV2 rollback drill of docs-rag was declared on 2026-11-21 03:12 UTC and was closed as \
                **recovered** 2 min 54 s later [#48](journal.jsonl#L48).";
    let summary = section(&made, "Summary").replace('\\', "");
    assert!(summary.trim_start().starts_with(lead), "{summary}");
    let mut open = Flight::open();
    open.add(1, "ops", declared());
    open.add(61, "ops", Event::NoteAdded { text: "and so on".into() });
    let made = markdown(&Dossier { records: open.records, ..dossier() });
    assert!(section(&made, "Summary").contains("and was **still open** 1 min 00 s later"), "{made}");
}

#[test]
fn nobody_reads_of_zero_milliseconds_later() {
    let mut flight = Flight::open();
    let breach = flight::verdict(crate::metrics::VerdictState::Breach, Some(0.5));
    flight.add(4, "sensor", Event::VerdictChanged { metric: id("coverage"), verdict: breach });
    flight.add(4, "ops", declared());
    let made = markdown(&Dossier { records: flight.records, ..dossier() });
    assert!(made.contains("the rollback was declared at once.") && !made.contains("0 ms later"), "{made}");
    assert!(made.contains("- with the declaration: Metric coverage turned **BREACH**"), "{made}");
}

#[test]
fn every_share_is_told_with_both_of_its_counts() {
    let dossier = dossier();
    let account = Account::of(&dossier);
    let shares: Vec<_> = account.shares.iter().map(|share| (share.id, share.part, share.whole, share.unit)).collect();
    let expected =
        [("steps-by-hand", 1, 5, "steps"), ("pulls-by-hand", 0, 4, "pulls"), ("unmeasured", 8_000, 174_000, "ms")];
    assert_eq!(shares, expected);
    let times = account.markdown();
    assert!(section(&times, "Times").contains("| **20%** (1 of 5) |"), "{times}");
    assert!(section(&times, "Times").contains("| **4%** (8.0 s of 2 min 54 s) |"), "{times}");
}

#[test]
fn a_debt_and_a_silence_are_times_with_both_of_their_lines() {
    let mut flight = Flight::open();
    flight.add(10, "ops", declared());
    let file = |name: &str| crate::incident::EvidenceRef { path: name.into(), sha256: "c4".repeat(32), bytes: 1 };
    for (second, outcome) in [(40, Outcome::Applied), (50, Outcome::NotSent), (100, Outcome::Applied)] {
        let comm = id(&format!("at-{second}"));
        flight.add(second, "ops", Event::MessageQueued { comm: comm.clone(), file: file("comms/x.md") });
        let detail = "so it was".into();
        flight.add(second + 1, "goaround", Event::MessageSettled { again_in_ms: None, comm, outcome, detail });
    }
    flight.add(102, "ops", Event::DebtOpened { debt: id("unfreeze"), title: "unfreeze | writers".into() });
    flight.add(120, "ops", Event::DebtPaid { debt: id("unfreeze"), by: "pull 4".into() });
    flight.add(130, "ops", Event::Closed { recovered: true, override_reason: None });
    let account = Account::of(&Dossier { records: flight.records, ..dossier() });
    let took = |id: &str| (time(&account, id).took_ms, time(&account, id).from.and_then(|from| from.line));
    assert_eq!(took("first-message"), (Some(31_000), Some(2)));
    assert_eq!(took("silence"), (Some(60_000), Some(4)), "a message that was not sent told nobody");
    assert_eq!(took("debt-unfreeze"), (Some(18_000), Some(9)));
    let made = account.markdown();
    assert!(made.contains("Debt paid: unfreeze \\| writers, by pull 4"), "{made}");
    assert!(!section(&made, "Times").contains("| Debt: "), "it stands under Recovery: {made}");
}

#[test]
fn a_debt_that_was_opened_again_is_told_apart_from_the_first() {
    let mut flight = Flight::open();
    flight.add(10, "ops", declared());
    let opened = |debt: &str| Event::DebtOpened { debt: id(debt), title: "unfreeze writers".into() };
    let paid = |debt: &str| Event::DebtPaid { debt: id(debt), by: "pull 4".into() };
    // An id that a number behind the other's could make.
    flight.add(20, "ops", opened("unfreeze-2"));
    flight.add(30, "ops", opened("unfreeze"));
    flight.add(40, "ops", paid("unfreeze"));
    flight.add(50, "ops", opened("unfreeze"));
    flight.add(80, "ops", paid("unfreeze"));
    flight.add(90, "ops", paid("unfreeze-2"));
    flight.add(95, "ops", opened("unfreeze"));
    flight.add(99, "ops", Event::Closed { recovered: false, override_reason: Some("handed over".into()) });
    let account = Account::of(&Dossier { records: flight.records, ..dossier() });
    let debts = account.times.iter().filter(|time| time.id.starts_with("debt-"));
    let told: Vec<(&str, Option<u64>)> = debts.map(|time| (time.id.as_str(), time.took_ms)).collect();
    let expected = [
        ("debt-unfreeze-2", Some(70_000)),
        ("debt-unfreeze", Some(10_000)),
        ("debt-unfreeze#2", Some(30_000)),
        ("debt-unfreeze#3", None),
    ];
    assert_eq!(told, expected);
    let ids: std::collections::BTreeSet<&str> = account.times.iter().map(|time| time.id.as_str()).collect();
    assert_eq!(ids.len(), account.times.len(), "one id, one time");
    let made = account.markdown();
    for words in ["| unfreeze writers |", "| unfreeze writers (time 1 of 3) |", "| unfreeze writers (time 3 of 3) |"] {
        assert!(section(&made, "Recovery").contains(words), "{made}");
    }
    assert!(made.contains("Pay the open debt: unfreeze writers (time 3 of 3)"), "{made}");
}

#[test]
fn a_pin_whose_probe_never_turned_was_looked_at_all_the_while() {
    let mut flight = Flight::open();
    let turned = |probe: &str, value: &str| Event::SensorTurned { probe: id(probe), seen: Seen::Value(value.into()) };
    flight.add(0, "sensor", turned("flag", "on"));
    flight.add(0, "sensor", turned("namespace", "a"));
    flight.add(1, "ops", declared());
    let file = crate::incident::EvidenceRef { path: "evidence/x".into(), sha256: "a1".repeat(32), bytes: 1 };
    let values = [("flag", "on"), ("namespace", "a"), ("diff", "+1")].map(|(k, v)| (k.to_owned(), v.into())).into();
    let captured = Event::EvidenceCaptured { step: None, title: "pins".into(), file, values, missing: Vec::new() };
    flight.add(2, "goaround", captured);
    let gone = Seen::Failed("refused".into());
    flight.add(3, "sensor", Event::SensorTurned { probe: id("namespace"), seen: gone });
    let account = Account::of(&Dossier { records: flight.records, ..dossier() });
    let pins: Vec<_> = account.pins.iter().map(|pin| (pin.name.as_str(), pin.changed, pin.after_line)).collect();
    assert_eq!(pins, [("diff", None, None), ("flag", Some(false), Some(2)), ("namespace", None, None)]);
}

#[test]
fn what_was_declared_before_anything_broke_has_no_time_from_there_to_its_declaration() {
    let mut flight = Flight::open();
    flight.add(1, "ops", declared());
    let breach = flight::verdict(crate::metrics::VerdictState::Breach, Some(0.5));
    flight.add(77, "sensor", Event::VerdictChanged { metric: id("coverage"), verdict: breach });
    let account = Account::of(&Dossier { records: flight.records, ..dossier() });
    assert_eq!(time(&account, "declare").took_ms, None, "it was not declared in 0 ms");
    let made = account.markdown();
    assert!(made.contains("| Detect to declare | none: its end came first |"), "{made}");
    assert!(made.contains("; it was broken 1 min 16 s after the declaration."), "{made}");
}
