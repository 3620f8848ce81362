//! Claims about opening, declaring, crashing and closing.

use super::*;

#[test]
fn a_rollback_needs_a_broken_limit_or_a_persons_word() {
    let mut incident = Incident::opened();
    incident.is_refused(Command::Declare { severity: 2, size_up: "".into() }, "say what is wrong");
    incident.judges("coverage", VerdictState::Breach, ExitState::Missed);
    let events = incident.does(Command::Declare { severity: 2, size_up: "".into() });
    let Event::Declared { triggers, .. } = &events[0] else { panic!("declared first") };
    assert_eq!(triggers.len(), 1);
}

#[test]
fn closing_with_debts_needs_a_reason_and_is_no_recovery() {
    let mut incident = Incident::holding();
    incident.is_refused(Command::Close { override_reason: None }, "open debts: unfreeze writers, throttle off");
    let events = incident.does(Command::Close { override_reason: Some("handed to the day shift".into()) });
    assert!(matches!(events[0], Event::Closed { recovered: false, .. }));
    incident.is_refused(fire("flag", Way::Do, None), "closed");
}

#[test]
fn after_a_crash_only_looks_are_taken_up() {
    let mut incident = Incident::declared();
    incident.does(fire("freeze", Way::Do, None));
    incident.effects.clear();
    incident.does(Command::Resume { torn_bytes: 0 });
    assert_eq!(incident.effects, [Effect::ReadBack { attempt: 1 }]);
    assert_eq!(incident.open_debts(), ["unfreeze"]);
    incident.is_refused(fire("freeze", Way::Do, None), "UNKNOWN");
}

#[test]
fn the_symptom_ranks_the_levers() {
    let mut incident = Incident::declared();
    incident.judges("coverage", VerdictState::Breach, ExitState::Missed);
    incident.judges("ds", VerdictState::Breach, ExitState::Missed);
    incident.judges("errors", VerdictState::Warn, ExitState::Missed);
    assert!(raised(&incident.playbook, &incident.state).is_empty(), "5xx that warns is not quiet");
    incident.judges("errors", VerdictState::Ok, ExitState::Met);
    assert_eq!(ranked(&incident.playbook, &incident.state)[0], id("alias"));
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    assert_eq!(ranked(&incident.playbook, &incident.state)[0], id("pointer"), "errors mean a bad arm");
}

#[test]
fn replaying_the_records_gives_the_same_state() {
    let mut incident = Incident::holding();
    incident.passes(61);
    incident.does(Command::Tick);
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}

#[test]
fn a_broken_limit_is_no_recovery() {
    let mut incident = Incident::holding();
    incident.passes(61);
    incident.does(Command::Tick);
    incident.judges("coverage", VerdictState::Breach, ExitState::Missed);
    incident.is_refused(Command::Close { override_reason: None }, "coverage is in BREACH");
}

#[test]
fn after_a_crash_nothing_fires_on_what_was_seen_before() {
    let mut incident = Incident::declared();
    incident.sees("writers", "no permissions");
    incident.judges("coverage", VerdictState::Breach, ExitState::Missed);
    incident.does(Command::Resume { torn_bytes: 0 });
    incident.is_refused(fire("alias", Way::Do, None), "cannot be seen");
    assert!(raised(&incident.playbook, &incident.state).is_empty());
}
