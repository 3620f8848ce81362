//! Claims about pulls and what they owe.

use super::*;

#[test]
fn nothing_fires_before_the_declaration() {
    let mut incident = Incident::opened();
    incident.is_refused(fire("freeze", Way::Do, None), "no rollback is declared");
}

#[test]
fn a_precheck_holds_a_lever_back_until_it_is_overridden() {
    let mut incident = Incident::declared();
    incident.sees("writers", "OK");
    incident.is_refused(fire("alias", Way::Do, None), "needs a reason");
    incident.does(overriding(fire("alias", Way::Do, None), "writers are down anyway"));
    assert_eq!(incident.effects, [Effect::Pull { attempt: 1 }]);
}

#[test]
fn a_pull_in_flight_or_unknown_locks_its_lever() {
    let mut incident = Incident::declared();
    incident.does(fire("freeze", Way::Do, None));
    incident.is_refused(fire("freeze", Way::Do, None), "in flight");
    incident.settles(1, Outcome::Unknown);
    incident.is_refused(fire("freeze", Way::Do, None), "read-back has not said");
    incident.reads_back(1, ReadBack::Unknown, "?");
    incident.is_refused(fire("freeze", Way::Do, None), "read-back has not said");
    incident.reads_back(1, ReadBack::Disagrees, "OK");
    incident.does(fire("freeze", Way::Do, None));
}

#[test]
fn accepted_and_never_seen_locks_too() {
    let mut incident = Incident::declared();
    incident.does(fire("freeze", Way::Do, None));
    incident.settles(1, Outcome::Applied);
    incident.reads_back(1, ReadBack::Unknown, "?");
    incident.is_refused(fire("freeze", Way::Do, None), "read-back has not said");
    incident.is_refused(Command::Close { override_reason: None }, "outcome is unknown");
}

#[test]
fn a_refused_pull_locks_nothing_and_owes_nothing() {
    for outcome in [Outcome::Rejected, Outcome::NotSent] {
        let mut incident = Incident::declared();
        incident.does(fire("freeze", Way::Do, None));
        incident.settles(1, outcome);
        assert_eq!(incident.open_debts(), [""; 0], "{outcome:?}");
        incident.does(fire("freeze", Way::Do, None));
    }
}

#[test]
fn what_may_have_worked_is_owed() {
    for outcome in [Outcome::Applied, Outcome::Unknown] {
        let mut incident = Incident::declared();
        incident.does(fire("freeze", Way::Do, None));
        incident.settles(1, outcome);
        assert_eq!(incident.open_debts(), ["unfreeze"], "{outcome:?}");
    }
}

/// The pointer, read back through the edge and through one more resolver.
fn two_resolvers() -> Incident {
    let other = "[probes.resolver_b]\nhttp = { backend = \"edge\", get = \"/pins\", at = \"/arm\" }\n\n[probes.arm]";
    let text = PLAYBOOK.replace("[probes.arm]", other);
    let text = text.replace(
        "verify = { probe = \"arm\", is = \"blue\"",
        "verify = { probes = [\"arm\", \"resolver_b\"], is = \"blue\"",
    );
    assert!(text.contains("probes = ["), "the first playbook flips a pointer that the edge shows");
    let mut incident = Incident::declared_with(&text);
    incident.sees("arm", "green");
    incident.sees("resolver_b", "green");
    incident.does(overriding(fire("pointer", Way::Do, None), "now"));
    incident.settles(1, Outcome::Applied);
    incident
}

/// The read-back's record.
fn read_back(events: &[Event]) -> &Event {
    events.iter().find(|event| matches!(event, Event::ReadBack { .. })).expect("it is written down")
}

#[test]
fn a_read_back_through_two_probes_names_the_one_that_does_not_follow() {
    let mut incident = two_resolvers();
    let value = |text: &str| Seen::Value(text.into());
    let (saw, also) = (value("blue"), vec![value("192.0.2.1")]);
    let command = Command::ReadBack { attempt: 1, result: ReadBack::Disagrees, saw, also, looks: 8, took_ms: 5 };
    let events = incident.does(command);
    let Event::ReadBack { saw, detail, .. } = read_back(&events) else { unreachable!("it was looked for") };
    assert_eq!(saw, &value("192.0.2.1"), "what one shows that disagrees says more than what agrees");
    let detail = detail.as_ref().map(Text::as_str);
    assert_eq!(detail, Some("set, propagating: 1 of 2 agree (resolver_b still shows 192.0.2.1)"));
    assert_eq!(incident.state.seen(&id("arm")), Some(&value("blue")));
    assert_eq!(incident.state.seen(&id("resolver_b")), Some(&value("192.0.2.1")));
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}

#[test]
fn a_lever_read_back_through_two_probes_is_there_only_once_both_show_it() {
    let mut incident = two_resolvers();
    let ready = |incident: &Incident| {
        readiness(&incident.playbook, &incident.state, &incident.playbook.levers["pointer"]).word()
    };
    let value = |text: &str| Seen::Value(text.into());
    let (saw, also) = (value("blue"), vec![value("green")]);
    incident.does(Command::ReadBack { attempt: 1, result: ReadBack::Disagrees, saw, also, looks: 8, took_ms: 5 });
    assert_ne!(ready(&incident), "THERE");
    incident.sees("resolver_b", "blue");
    assert_eq!(ready(&incident), "THERE");
    let (saw, also) = (value("blue"), vec![value("blue")]);
    let command = Command::ReadBack { attempt: 1, result: ReadBack::Agrees, saw, also, looks: 8, took_ms: 5 };
    let events = incident.does(command);
    assert!(matches!(read_back(&events), Event::ReadBack { detail: None, .. }), "nobody is left to be named");
    // Either of them going back is an alarm, and the other does not hide it.
    incident.sees("resolver_b", "green");
    assert_eq!(incident.state.reverted.keys().map(Id::as_str).collect::<Vec<_>>(), ["resolver_b"]);
}

#[test]
fn a_lever_in_force_is_not_fired_again() {
    let mut incident = Incident::holding();
    incident.is_refused(fire("freeze", Way::Do, None), "in force already");
}

#[test]
fn debts_are_paid_in_order_after_the_hold() {
    let mut incident = Incident::holding();
    incident.is_refused(fire("freeze", Way::Undo, None), "the hold is not met");
    incident.passes(61);
    incident.does(Command::Tick);
    assert_eq!(incident.status("watch"), Some(StepStatus::Sensed));
    incident.is_refused(fire("throttle", Way::Undo, None), "comes first");
    for (attempt, lever, value) in [(3, "freeze", "OK"), (4, "throttle", "100000")] {
        incident.does(fire(lever, Way::Undo, None));
        incident.settles(attempt, Outcome::Applied);
        incident.reads_back(attempt, ReadBack::Agrees, value);
    }
    assert_eq!(incident.open_debts(), [""; 0]);
    assert_eq!(incident.status("freeze"), Some(StepStatus::Sensed), "taken back on purpose is not open again");
    let events = incident.does(Command::Close { override_reason: None });
    assert_eq!(events, [Event::Closed { recovered: true, override_reason: None }]);
}

#[test]
fn an_undo_read_back_behind_a_newer_pull_pays_nothing() {
    let mut incident = Incident::declared();
    for (attempt, way, read_back) in [(1, Way::Do, ReadBack::Agrees), (2, Way::Undo, ReadBack::Disagrees)] {
        incident.does(overriding(fire("freeze", way, None), "now"));
        incident.settles(attempt, Outcome::Applied);
        incident.reads_back(attempt, read_back, "OK");
    }
    incident.does(fire("freeze", Way::Do, None));
    incident.settles(3, Outcome::Unknown);
    incident.reads_back(2, ReadBack::Agrees, "OK");
    assert_eq!(incident.open_debts(), ["unfreeze"], "pull 3 may be in force");
}

#[test]
fn what_was_never_pulled_is_not_taken_back() {
    let mut incident = Incident::declared();
    incident.is_refused(overriding(fire("pointer", Way::Undo, None), "back to green"), "not pulled in this incident");
}

#[test]
fn a_lever_fired_for_no_step_fulfils_the_step_that_holds_it() {
    let mut incident = Incident::declared();
    incident.skips(&["capture", "freeze"]);
    incident.does(Command::Pick { step: id("pick"), lever: id("alias"), took_ms: 900, reason: None });
    incident.pulls(1, "alias", Way::Do, None, "docs_vA");
    assert_eq!(incident.status("flip"), None, "among several levers nothing is chosen before the step begins");
    incident.does(Command::StartStep { step: id("flip"), out_of_order: None });
    assert_eq!(incident.status("flip"), Some(StepStatus::Sensed));
}

#[test]
fn a_lever_that_was_not_picked_fulfils_nothing() {
    let mut incident = Incident::declared();
    incident.skips(&["capture", "freeze"]);
    incident.does(Command::Pick { step: id("pick"), lever: id("alias"), took_ms: 900, reason: None });
    incident.pulls(1, "flag", Way::Do, None, "off");
    incident.does(Command::StartStep { step: id("flip"), out_of_order: None });
    assert_eq!(incident.status("flip"), Some(StepStatus::Running));
}
