//! Claims about the checklist.

use super::*;

#[test]
fn leaving_the_order_costs_a_reason() {
    let mut incident = Incident::declared();
    incident.is_refused(Command::StartStep { step: id("rotate"), out_of_order: None }, "needs a reason");
    incident.does(Command::StartStep { step: id("rotate"), out_of_order: Some("cache is worst".into()) });
    assert_eq!(incident.status("rotate"), Some(StepStatus::Running));
}

#[test]
fn a_sensed_step_ticks_itself_and_opens_again() {
    let mut incident = Incident::declared();
    incident.sees("limit", "100000");
    assert_eq!(incident.status("throttle"), None);
    incident.sees("limit", "20");
    assert_eq!(incident.status("throttle"), Some(StepStatus::Sensed));
    incident.sees("limit", "100000");
    assert_eq!(incident.status("throttle"), Some(StepStatus::Reopened));
}

#[test]
fn a_sensor_that_cannot_be_seen_opens_nothing() {
    let mut incident = Incident::declared();
    incident.sees("limit", "20");
    incident.does(Command::Sense { probe: id("limit"), seen: Seen::Failed("refused".into()) });
    assert_eq!(incident.status("throttle"), Some(StepStatus::Sensed));
}

#[test]
fn what_is_found_in_force_is_owed_all_the_same() {
    let mut incident = Incident::declared();
    incident.sees("writers", "no permissions");
    assert_eq!(incident.open_debts(), ["unfreeze"]);
}

#[test]
fn a_sensed_step_cannot_be_ticked_by_hand() {
    let mut incident = Incident::declared();
    incident.skips(&["capture"]);
    incident.sees("writers", "OK");
    let confirm = Command::Confirm { step: id("freeze"), saw: "frozen".into(), took_ms: 900, approver: None };
    incident.is_refused(confirm.clone(), "its sensor sees `OK`");
    incident.does(Command::Sense { probe: id("writers"), seen: Seen::Failed("refused".into()) });
    incident.does(confirm);
    assert_eq!(incident.status("freeze"), Some(StepStatus::Confirmed));
}

#[test]
fn deferring_a_step_is_a_debt_until_it_is_done() {
    let mut incident = Incident::declared();
    incident.does(Command::Defer { step: id("throttle"), trigger: "when writers are up".into() });
    assert_eq!(incident.open_debts(), ["step-throttle"]);
    incident.sees("limit", "20");
    assert_eq!(incident.status("throttle"), Some(StepStatus::Sensed));
    assert_eq!(incident.open_debts(), ["unthrottle"], "the deferral is paid, the throttle is owed");
}

#[test]
fn a_deferral_that_is_settled_otherwise_owes_nothing() {
    let mut incident = Incident::declared();
    let throttle = || id("throttle");
    incident.does(Command::Defer { step: throttle(), trigger: "later".into() });
    incident.does(Command::Reopen { step: throttle(), why: "now".into() });
    incident.does(Command::Skip { step: throttle(), reason: "not needed".into() });
    assert_eq!(incident.open_debts(), [""; 0]);
}

#[test]
fn the_sixty_second_clock_stops_when_no_marked_step_is_open() {
    let mut incident = Incident::declared();
    incident.does(Command::StartStep { step: id("capture"), out_of_order: None });
    incident.passes(10);
    incident.skips(&["capture", "freeze", "pick", "flip", "rotate"]);
    assert!(incident.state.marks.sixty_done.is_none());
    incident.skips(&["throttle"]);
    let marks = &incident.state.marks;
    let took = marks.sixty_done.as_ref().unwrap().since(marks.first_step.as_ref().unwrap());
    assert_eq!(took.ms, 10_000);
}

#[test]
fn the_undo_of_another_lever_leaves_the_watch_on() {
    let mut incident = Incident::declared();
    incident.skips(&["capture", "freeze", "pick"]);
    incident.pulls(1, "alias", Way::Do, Some("flip"), "docs_vA");
    incident.pulls(2, "flag", Way::Do, Some("flip"), "off");
    incident.pulls(3, "flag", Way::Undo, None, "on");
    assert_eq!(incident.status("flip"), Some(StepStatus::Sensed), "the alias stands");
    incident.sees("alias", "docs_vB");
    assert_eq!(incident.status("flip"), Some(StepStatus::Reopened));
}

#[test]
fn an_undo_that_was_refused_takes_nothing_back() {
    for outcome in [Outcome::Rejected, Outcome::NotSent] {
        let mut incident = Incident::declared();
        incident.skips(&["capture"]);
        incident.pulls(1, "freeze", Way::Do, Some("freeze"), "no permissions");
        incident.does(overriding(fire("freeze", Way::Undo, None), "now"));
        incident.settles(2, outcome);
        incident.sees("writers", "OK");
        assert_eq!(incident.status("freeze"), Some(StepStatus::Reopened), "{outcome:?}");
    }
}

#[test]
fn what_was_taken_back_on_purpose_is_not_open_again() {
    let mut incident = Incident::declared();
    incident.skips(&["capture", "pick", "flip", "rotate"]);
    incident.sees("writers", "no permissions");
    incident.pulls(1, "throttle", Way::Do, Some("throttle"), "20");
    for (attempt, lever, seen, step) in [(2, "freeze", "OK", "freeze"), (3, "throttle", "100000", "throttle")] {
        incident.pulls(attempt, lever, Way::Undo, None, seen);
        assert_eq!(incident.status(step), Some(StepStatus::Sensed), "{lever}, found in force or pulled");
    }
}

#[test]
fn the_sixty_second_clock_runs_on_while_a_step_of_it_is_open_again() {
    let mut incident = Incident::holding();
    assert!(incident.clock("60s").done);
    incident.passes(100);
    incident.sees("limit", "100000");
    let again = incident.clock("60s");
    assert!(again.running && !again.done);
    incident.passes(10);
    incident.sees("limit", "20");
    incident.passes(5);
    let done = incident.clock("60s");
    assert!(done.done);
    assert_eq!(done.elapsed_ms, 110_000, "from the first step until none is open for good");
}

#[test]
fn the_holds_clock_has_the_profiles_budget() {
    let incident = Incident::holding();
    assert_eq!(incident.clock("hold").budget_ms, 300_000, "as the profile `drill` has it, not 15 minutes");
    assert_eq!(incident.clock("total").budget_ms, 900_000);
}

#[test]
fn what_was_sensed_before_an_undo_is_not_shown_as_seen() {
    let saw = |incident: &Incident| match &incident.state.steps[&id("freeze")].done_by {
        Some(DoneBy::Sensed { saw }) => saw.to_string(),
        Some(DoneBy::Confirmed { .. }) | None => "unknown".to_owned(),
    };
    let mut incident = Incident::holding();
    assert_eq!(saw(&incident), "no permissions");
    incident.pulls(3, "freeze", Way::Undo, None, "OK");
    assert_eq!(saw(&incident), "unknown");
    assert_eq!(incident.status("freeze"), Some(StepStatus::Sensed));
    incident.sees("limit", "20");
    assert_eq!(saw(&incident), "unknown", "another probe says nothing of it");
    incident.sees("writers", "no permissions");
    assert_eq!(saw(&incident), "no permissions", "it was read again");
}

#[test]
fn what_turned_while_an_undo_was_on_its_way_is_open_again_once_it_is_refused() {
    let mut incident = Incident::declared();
    incident.skips(&["capture"]);
    incident.pulls(1, "freeze", Way::Do, Some("freeze"), "no permissions");
    incident.does(overriding(fire("freeze", Way::Undo, None), "now"));
    incident.sees("writers", "OK");
    assert_eq!(incident.status("freeze"), Some(StepStatus::Sensed), "the undo may be what turned it");
    incident.settles(2, Outcome::Rejected);
    assert_eq!(incident.status("freeze"), Some(StepStatus::Reopened));
}
