//! Claims about what a reader takes from it the morning after.

use super::flight::{self, Flight, id, verdict};
use super::{dossier, markdown};
use crate::incident::{Event, EvidenceRef, ReadBack, Way};
use crate::kind::{Outcome, Seen};
use crate::metrics::VerdictState;
use crate::playbook::Playbook;
use crate::report::{Account, Answer, Answers, Debrief, Dossier, Finding, Question, Review, Taught};

/// A flight that was opened and declared, and then went like this: second, actor, event.
fn flown(events: Vec<(u64, &str, Event)>) -> Dossier {
    let mut flight = Flight::open();
    flight.add(1, "ops", flight::declared());
    for (second, actor, event) in events {
        flight.add(second, actor, event);
    }
    Dossier { records: flight.records, ..dossier() }
}

fn line<'a>(report: &'a str, with: &str) -> &'a str {
    report.lines().find(|line| line.contains(with)).unwrap_or_else(|| panic!("no line with {with}:\n{report}"))
}

fn breach() -> Event {
    Event::VerdictChanged { metric: id("coverage"), verdict: verdict(VerdictState::Breach, Some(0.5)) }
}

fn started(attempt: u32, way: Way) -> Event {
    flight::pulled(attempt, "alias", (way, None), ("docs_vB", "docs_vA"))
}

fn settled(attempt: u32, outcome: Outcome) -> Event {
    Event::PullSettled { attempt, outcome, detail: "HTTP 403".into(), took_ms: 5, evidence: None }
}

fn agrees(attempt: u32) -> Event {
    let saw = Seen::Value("docs_vA".into());
    Event::ReadBack { attempt, result: ReadBack::Agrees, saw, looks: 1, took_ms: 9, detail: None }
}

#[test]
fn a_limit_that_broke_after_the_declaration_was_not_what_it_was_declared_on() {
    let dossier = flown(vec![(78, "sensor", breach())]);
    let made = markdown(&dossier);
    assert!(made.contains("[#3](journal.jsonl#L3); it was broken 1 min 17 s after the declaration."), "{made}");
    assert!(line(&made, "| Detect to declare |").contains("| none: its end came first |"), "{made}");
    let account = Account::of(&dossier);
    let time = account.times.iter().find(|time| time.id == "declare").unwrap();
    assert_eq!((time.took_ms, time.over_ms), (None, None), "no time is less than none");
    assert!(time.from.is_some() && time.to.is_some(), "and both its ends are named");
}

#[test]
fn what_was_refused_has_changed_nothing_and_was_no_half_of_an_act() {
    let refused = vec![(5, "ops", started(1, Way::Do)), (6, "sensor", settled(1, Outcome::Rejected))];
    let made = markdown(&flown(refused));
    assert!(
        made.contains("Tried, and nothing was changed: Index alias back to docs_vA [#3](journal.jsonl#L3) (REJECTED)."),
        "{made}"
    );
    assert!(!made.contains("Pulled and not confirmed"), "{made}");
    assert!(made.contains("None: every pull's end was answered; 1 was refused and changed nothing"), "{made}");
}

#[test]
fn taking_back_does_not_read_as_doing_it_again() {
    let mut events =
        vec![(5, "ops", started(1, Way::Do)), (6, "sensor", settled(1, Outcome::Applied)), (7, "sensor", agrees(1))];
    events.extend([
        (9, "ops", started(2, Way::Undo)),
        (10, "sensor", settled(2, Outcome::Applied)),
        (11, "sensor", agrees(2)),
    ]);
    let account = Account::of(&flown(events));
    let back = "2: Index alias back to docs_vA (taken back)";
    assert!(account.stretches.iter().any(|stretch| stretch.title == back), "{:?}", account.stretches);
    assert!(account.times.iter().any(|time| time.name == format!("Pull {back}")), "{:?}", account.times);
}

#[test]
fn a_release_is_not_called_a_rollback() {
    let text = include_str!("../../../fixtures/playbooks/ship.toml");
    let mut dossier = flown(vec![(78, "sensor", breach())]);
    dossier.playbook = Playbook::parse("ship.toml", text, Some("drill")).ok();
    let made = markdown(&dossier);
    assert!(
        made.contains("A SEV2 release of docs-rag in testbed was declared") && made.contains("**Release declared**"),
        "{made}"
    );
    assert!(!made.to_lowercase().contains("rollback was declared") && !made.contains("Rollback declared"), "{made}");
    dossier.records.truncate(1);
    assert!(markdown(&dossier).contains("No release was declared."));
}

#[test]
fn what_was_said_in_the_debrief_is_asked_no_more_and_stands_in_the_report() {
    let by = || "mira | lead".into();
    let answer = |to, says: Option<&str>| Answer { to, says: says.map(Into::into), by: by() };
    let finding = Finding::new("cache <runbook>", "ops", "2026-12-01").unwrap();
    let mut said = Answers::default();
    said.answers = vec![
        answer(Question::Surprised, Some("it was *fast*")),
        answer(Question::Keep, Some("freeze first")),
        answer(Question::Change, None),
    ];
    said.findings = vec![finding];
    let debriefed = Dossier { debrief: said.clone(), ..flown(vec![]) };
    let made = markdown(&debriefed);
    assert!(made.contains("**What surprised you?**\n\nit was \\*fast\\* (mira \\| lead, in the debrief)"), "{made}");
    assert!(made.contains("**What went well?**\n\nTo keep: freeze first"), "{made}");
    assert!(made.contains("- [ ] What went badly?"), "who declined has not answered: {made}");
    let row =
        "| cache \\<runbook\\> (found in the debrief) | ops | drill again | 2026-12-01 | **open** | `finding-1` |";
    assert!(made.contains(row), "{made}");

    let review = "format = 1\n[answers]\nsurprised = \"And slow.\"\n[actions.finding-1]\ndone = true\n";
    let both = Dossier { review: Review::parse(review).unwrap(), ..debriefed };
    let made = markdown(&both);
    assert!(made.contains("And slow.\n\nit was \\*fast\\*"), "neither hides the other: {made}");
    assert!(made.contains("| ops | drill again | 2026-12-01 | done | `finding-1` |"), "{made}");
    assert_eq!(Debrief::of(&both, &Taught::default(), said).answers.findings.len(), 1);
}

/// The rows of a debrief: what, what it was, whether that was missed.
fn measured(dossier: &Dossier) -> Vec<(String, String, bool)> {
    let debrief = Debrief::of(dossier, &Taught::default(), dossier.debrief.clone());
    debrief.measured.into_iter().map(|row| (row.what, row.you, row.missed)).collect()
}

/// Whether this row says that it was not reached, and that this is a miss.
fn unreached(dossier: &Dossier, what: &str) -> (bool, bool) {
    let rows = measured(dossier);
    let row = rows.iter().find(|row| row.0 == what).unwrap_or_else(|| panic!("no {what} in {rows:?}"));
    (row.1 == "not reached", row.2)
}

#[test]
fn what_was_not_reached_is_missed_once_there_was_time_for_it_and_not_before() {
    let debt = || Event::DebtOpened { debt: id("unfreeze"), title: "unfreeze writers".into() };
    let begun = || ("ops", Event::StepStarted { step: id("capture"), out_of_order: None });
    let left = |second: u64| {
        let (actor, step) = begun();
        flown(vec![(2, "sensor", breach()), (3, actor, step), (second, "sensor", debt())])
    };
    let (early, late) = (left(40), left(1_320));
    for what in ["declare -> first lever", "60-second steps", "first comms", "detect -> recovered"] {
        assert_eq!(unreached(&early, what), (true, false), "{what}");
        assert_eq!(unreached(&late, what), (true, true), "{what}");
    }
    assert!(measured(&late).contains(&("debts left open".into(), "1".into(), true)), "{:?}", measured(&late));
    // Who leaves writes nothing down, but what was read until then tells when that was.
    let at = early.records[0].at.wall_ms + 1_320_000;
    let read = Dossier { samples: vec![format!(r#"{{"at":{at},"metric":"coverage","nodata":"empty"}}"#)], ..left(40) };
    assert_eq!(unreached(&read, "first comms"), (true, true));
}

#[test]
fn an_alarm_that_nobody_could_see_for_a_while_rang_on() {
    let turned = |state| Event::VerdictChanged { metric: id("coverage"), verdict: verdict(state, Some(0.5)) };
    let acknowledged = Event::Acknowledged { metric: id("coverage") };
    let (lost, over) = (turned(VerdictState::Error), turned(VerdictState::Ok));
    let rung = |events: Vec<(u64, &str, Event)>| {
        let rows = measured(&flown(events));
        rows.into_iter().find(|row| row.0 == "longest unacknowledged alarm").map(|row| row.1)
    };
    let on = vec![
        (2, "sensor", breach()),
        (4, "sensor", lost.clone()),
        (50, "sensor", breach()),
        (62, "ops", acknowledged.clone()),
    ];
    assert_eq!(rung(on).as_deref(), Some("01:00"));
    let known = vec![
        (2, "sensor", breach()),
        (3, "ops", acknowledged),
        (4, "sensor", lost),
        (5, "sensor", breach()),
        (90, "sensor", over),
    ];
    assert_eq!(rung(known).as_deref(), Some("00:01"), "who knew of it still knows");
}

#[test]
fn an_answer_to_nothing_is_told_with_its_line_and_what_was_meant() {
    let text = "format = 1\n\n[answers]\nsuprised = \"x\"\nwell = \"y\"\n\n[actions.gap-coverag]\nowner = \"o\"\n\n[actions.zebra]\nowner = \"o\"\n";
    let mut dossier = dossier();
    dossier.review = Review::parse(text).unwrap();
    assert_eq!(
        Account::of(&dossier).unasked(&dossier.review),
        [
            "answers.toml:4: this journal has no question `suprised`; did you mean `surprised`?",
            "answers.toml:7: this journal has no action `gap-coverag`; did you mean `gap-coverage`?",
            "answers.toml:10: this journal has no action `zebra`; it is kept as it is",
        ]
    );
}

#[test]
fn only_what_nobody_has_taken_is_open_for_people() {
    let mut dossier = dossier();
    let (questions, actions) = Account::of(&dossier).open();
    dossier.review = Review::parse("format = 1\n[answers]\nwell = \"y\"\n[actions.gap-coverage]\nowner = \"o\"\n[[more]]\nwhat = \"x\"\nowner = \"me\"\n").unwrap();
    assert_eq!(Account::of(&dossier).open(), (questions - 1, actions - 1));
}

#[test]
fn a_message_that_went_out_with_a_blank_is_told_with_it_and_is_something_to_do() {
    let file = EvidenceRef { path: "comms/first.md".into(), sha256: "c4".repeat(32), bytes: 120 };
    let sent = |outcome| {
        let settled = Event::MessageSettled { comm: id("first"), outcome, detail: "ok".into(), again_in_ms: None };
        let queued = Event::MessageQueued { comm: id("first"), file: file.clone() };
        let mut dossier = flown(vec![(5, "ops", queued), (6, "sensor", settled)]);
        dossier.comms.insert(file.path.clone(), "Impact: [[who / what]]\nand [[where".into());
        markdown(&dossier)
    };
    let made = sent(Outcome::Applied);
    assert!(made.contains("**Sent with a blank**: `[[who / what]]` and `[[where`."), "{made}");
    let action = line(&made, "| `blank-l3` |");
    assert!(action.contains("left blank: `[[who / what]]` and `[[where` [#3](journal.jsonl#L3)"), "{action}");
    assert!(!sent(Outcome::NotSent).contains("blank-l3"), "what nobody got leaves nobody guessing");
}
