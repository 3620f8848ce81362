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
