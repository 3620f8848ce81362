//! Claims about what was flipped and goes back by itself.

use super::*;
use crate::incident::{Move, derive, pilot};

/// The pointer on blue and read back so, the hold running.
fn flipped() -> Incident {
    let mut incident = Incident::holding();
    incident.pulls(3, "pointer", Way::Do, None, "blue");
    incident.passes(30);
    incident
}

fn told(events: &[Event]) -> Vec<String> {
    let incident = Incident::opened();
    events.iter().map(|event| crate::incident::tell(&incident.playbook, event)).collect()
}

#[test]
fn a_pointer_that_reverts_raises_a_breach_with_both_values_and_starts_the_hold_again() {
    let mut incident = flipped();
    incident.does(Command::Sense { probe: id("arm"), seen: Seen::Failed("connection refused".into()) });
    assert!(incident.state.reverted.is_empty(), "what cannot be seen has not reverted");
    let events = incident.does(Command::Sense { probe: id("arm"), seen: Seen::Value("green".into()) });
    let told = told(&events);
    assert!(told.contains(&"BREACH: arm in service reverted: blue -> green".to_owned()), "{told:?}");
    assert!(told.contains(&"HOLD reset: arm in service reverted: blue -> green".to_owned()), "{told:?}");
    incident.passes(5);
    assert_eq!(incident.green_s(), 5);
    let open = derive::open_before_closing(&incident.playbook, &incident.state);
    assert!(open.iter().any(|why| why.contains("blue -> green")), "{open:?}");
    assert!(matches!(pilot(&incident.playbook, &incident.state), Move::Stop(why) if why.contains("blue -> green")));
    incident.passes(600);
    incident.does(Command::Tick);
    assert!(incident.state.marks.hold_met.is_none(), "no hold is met while it is so");
}

#[test]
fn it_is_told_once_and_over_when_it_is_back_or_somebody_acts_on_it() {
    let mut incident = flipped();
    incident.sees("arm", "green");
    incident.does(Command::Sense { probe: id("arm"), seen: Seen::Failed("gone".into()) });
    incident.sees("arm", "green");
    let reverted = |incident: &Incident| {
        incident.records.iter().filter(|record| matches!(record.event, Event::Reverted { .. })).count()
    };
    assert_eq!(reverted(&incident), 1);
    incident.sees("arm", "blue");
    assert!(incident.state.reverted.is_empty());
    incident.sees("arm", "green");
    assert_eq!(reverted(&incident), 2);
    incident.does(overriding(fire("pointer", Way::Do, None), "once more"));
    assert!(incident.state.reverted.is_empty());
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}

#[test]
fn what_is_taken_back_and_read_back_elsewhere_has_not_reverted() {
    let undo = r#"send = "set map /tmp/goaround-testbed/haproxy/live.map live be_green", ok = "^$" } }"#;
    let elsewhere = undo.replacen(" } }", " }, verify = { probe = \"alias\", is = \"docs_vB\" } }", 1);
    assert_eq!(PLAYBOOK.matches(undo).count(), 1);
    let mut incident = Incident::declared_with(&PLAYBOOK.replacen(undo, &elsewhere, 1));
    incident.pulls(1, "pointer", Way::Do, None, "blue");
    incident.sees("arm", "blue");
    incident.does(overriding(fire("pointer", Way::Undo, None), "blue is worse"));
    incident.sees("arm", "green");
    assert!(incident.state.reverted.is_empty(), "the undo is on its way");
    incident.settles(2, Outcome::Applied);
    incident.reads_back(2, ReadBack::Agrees, "docs_vB");
    incident.sees("arm", "blue");
    incident.sees("arm", "green");
    assert!(incident.state.reverted.is_empty(), "what nobody wants there any more cannot revert");
    incident.replays();
}

#[test]
fn what_is_taken_back_on_purpose_has_not_reverted() {
    let mut incident = flipped();
    incident.does(overriding(fire("pointer", Way::Undo, None), "blue is worse"));
    incident.sees("arm", "green");
    incident.settles(4, Outcome::Applied);
    incident.reads_back(4, ReadBack::Agrees, "green");
    assert!(incident.state.reverted.is_empty());
}

#[test]
fn a_step_that_its_sensor_ticked_is_watched_too() {
    let mut incident = Incident::declared();
    incident.does(Command::StartStep { step: id("freeze"), out_of_order: Some("now".into()) });
    incident.sees("writers", "no permissions");
    assert_eq!(incident.status("freeze"), Some(StepStatus::Sensed));
    incident.sees("writers", "OK");
    assert_eq!(incident.state.reverted[&id("writers")].now, "OK".into());
    assert_eq!(incident.status("freeze"), Some(StepStatus::Reopened));
}

#[test]
fn an_acknowledged_alarm_is_quiet_and_no_less_true_and_the_next_one_is_loud_again() {
    let mut incident = flipped();
    incident.is_refused(Command::AcknowledgeReversion { probe: id("arm") }, "nothing that `arm` sees has reverted");
    incident.sees("arm", "green");
    let acknowledge = || Command::AcknowledgeReversion { probe: id("arm") };
    let events = incident.does(acknowledge());
    assert_eq!(told(&events), ["arm in service reverted, acknowledged"]);
    assert_eq!(incident.does(acknowledge()), [], "once is enough");
    assert!(incident.state.reverted[&id("arm")].acknowledged);
    let open = derive::open_before_closing(&incident.playbook, &incident.state);
    assert!(open.iter().any(|why| why.contains("blue -> green")), "it still stands against closing: {open:?}");
    assert!(matches!(pilot(&incident.playbook, &incident.state), Move::Stop(why) if why.contains("blue -> green")));
    incident.passes(600);
    incident.does(Command::Tick);
    assert!(incident.state.marks.hold_met.is_none(), "nor does it let the hold be met");
    incident.sees("arm", "blue");
    incident.sees("arm", "green");
    assert!(!incident.state.reverted[&id("arm")].acknowledged, "another one is another alarm");
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}

/// The pointer on blue and read back so; then the alias, read back through the same probe, did not show in time.
fn disagreed() -> Incident {
    let own = r#"verify = { probe = "alias", is = "docs_vA", agree = 2, within = "10s" }"#;
    assert_eq!(PLAYBOOK.matches(own).count(), 1);
    let text = PLAYBOOK.replacen(own, &own.replace("alias", "arm"), 1);
    let mut incident = Incident::declared_with(&text);
    incident.pulls(1, "pointer", Way::Do, None, "blue");
    incident.sees("arm", "blue");
    incident.does(overriding(fire("alias", Way::Do, None), "this one too"));
    incident.settles(2, Outcome::Applied);
    incident.reads_back(2, ReadBack::Disagrees, "blue");
    incident
}

#[test]
fn a_lever_that_did_not_work_leaves_the_watch_on_the_one_that_did() {
    let mut incident = disagreed();
    let events = incident.does(Command::Sense { probe: id("arm"), seen: Seen::Value("green".into()) });
    let told = told(&events);
    assert!(told.contains(&"BREACH: arm in service reverted: blue -> green".to_owned()), "{told:?}");
    incident.replays();
}

#[test]
fn a_lever_that_works_late_has_reverted_nothing_and_what_nobody_asked_for_has() {
    let mut incident = disagreed();
    incident.sees("arm", "docs_vA");
    assert!(incident.state.reverted.is_empty(), "it is what was asked for last: {:?}", incident.state.reverted);
    assert!(!matches!(pilot(&incident.playbook, &incident.state), Move::Stop(why) if why.contains("reverted")));
    incident.sees("arm", "green");
    assert_eq!(incident.state.reverted[&id("arm")].was, "docs_vA".into(), "nobody asked for green");
    incident.replays();
}

#[test]
fn an_alarm_is_over_once_the_newest_lever_works_late() {
    let mut incident = disagreed();
    incident.sees("arm", "green");
    assert_eq!(incident.state.reverted[&id("arm")].was, "blue".into());
    incident.sees("arm", "docs_vA");
    assert!(incident.state.reverted.is_empty(), "{:?}", incident.state.reverted);
    incident.replays();
}

#[test]
fn a_lever_that_works_later_than_a_ticked_step_has_reverted_nothing() {
    let own = r#"verify = { probe = "alias", is = "docs_vA", agree = 2, within = "10s" }"#;
    let text = PLAYBOOK.replacen(own, &own.replace("alias", "writers"), 1);
    let mut incident = Incident::declared_with(&text);
    incident.does(Command::StartStep { step: id("freeze"), out_of_order: Some("now".into()) });
    incident.sees("writers", "no permissions");
    assert_eq!(incident.status("freeze"), Some(StepStatus::Sensed));
    incident.does(overriding(fire("alias", Way::Do, None), "this one too"));
    incident.settles(1, Outcome::Applied);
    incident.reads_back(1, ReadBack::Disagrees, "no permissions");
    incident.sees("writers", "docs_vA");
    assert!(incident.state.reverted.is_empty(), "{:?}", incident.state.reverted);
    incident.replays();
}
