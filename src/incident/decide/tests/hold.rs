//! Claims about the hold.

use super::*;

#[test]
fn a_missed_target_or_a_breach_resets_the_hold() {
    for (metric, state, exit) in
        [("errors", VerdictState::Ok, ExitState::Missed), ("p99", VerdictState::Breach, ExitState::None)]
    {
        let mut incident = Incident::holding();
        incident.passes(40);
        assert_eq!(incident.green_s(), 40);
        incident.judges(metric, state, exit);
        incident.passes(5);
        assert_eq!(incident.green_s(), 0, "{metric}");
        incident.judges(metric, VerdictState::Ok, if metric == "p99" { ExitState::None } else { ExitState::Met });
        incident.passes(10);
        assert_eq!(incident.green_s(), 10, "{metric}");
    }
}

#[test]
fn no_data_is_never_green() {
    for state in [VerdictState::NoData, VerdictState::Stale, VerdictState::Error] {
        let mut incident = Incident::holding();
        incident.passes(20);
        incident.judges("coverage", state, ExitState::Unknown);
        incident.passes(30);
        incident.does(Command::Tick);
        assert_eq!(incident.green_s(), 20, "{state:?} stands still");
        incident.judges("coverage", VerdictState::Ok, ExitState::Met);
        incident.passes(10);
        assert_eq!(incident.green_s(), 30, "{state:?} goes on");
    }
}

#[test]
fn a_pause_longer_than_the_gap_costs_the_streak() {
    let mut incident = Incident::holding();
    incident.passes(20);
    incident.judges("coverage", VerdictState::Stale, ExitState::Unknown);
    incident.passes(61);
    assert_eq!(incident.green_s(), 0);
    let verdict = Verdict {
        state: VerdictState::Ok,
        exit: ExitState::Met,
        value: Some(1.0),
        sampled_ms: None,
        limit: None,
        why: None,
    };
    let events = incident.does(Command::Judge { metric: id("coverage"), verdict });
    assert!(events.iter().any(|event| matches!(event, Event::HoldReset { .. })), "{events:?}");
    incident.passes(59);
    incident.does(Command::Tick);
    assert_eq!(incident.status("watch"), Some(StepStatus::Running));
    incident.passes(1);
    incident.does(Command::Tick);
    assert_eq!(incident.status("watch"), Some(StepStatus::Sensed));
}

#[test]
fn a_step_that_opens_again_resets_the_hold() {
    let mut incident = Incident::holding();
    incident.passes(30);
    incident.sees("limit", "100000");
    assert_eq!(incident.green_s(), 0);
    incident.passes(120);
    incident.does(Command::Tick);
    assert_eq!(incident.status("watch"), Some(StepStatus::Running), "an open step keeps the hold from being met");
}

#[test]
fn a_stop_limit_that_cannot_be_judged_pauses_the_hold() {
    let mut incident = Incident::holding();
    incident.passes(20);
    incident.judges("p99", VerdictState::Error, ExitState::None);
    incident.passes(100);
    incident.does(Command::Tick);
    assert_eq!(incident.status("watch"), Some(StepStatus::Running));
}

#[test]
fn an_extended_hold_is_late_later_and_green_no_sooner() {
    let mut incident = Incident::holding();
    let max_ms = incident.playbook.hold.max_ms;
    incident.judges("coverage", VerdictState::Ok, ExitState::Missed);
    incident.does(Command::ExtendHold { by_ms: 300_000 });
    incident.does(Command::ExtendHold { by_ms: 300_000 });
    assert_eq!(crate::incident::derive::hold_max_ms(&incident.playbook, &incident.state), max_ms + 600_000);
    let hold = |incident: &Incident| {
        let all = clocks(&incident.playbook, &incident.state, &incident.now);
        all.into_iter().find(|clock| clock.id == "hold").map(|clock| clock.budget_ms)
    };
    assert!(hold(&incident).is_none_or(|budget_ms| budget_ms == max_ms + 600_000));
    assert_eq!(incident.green_s(), 0);
    incident.judges("coverage", VerdictState::Ok, ExitState::Met);
    incident.passes(61);
    incident.does(Command::Tick);
    assert_eq!(incident.status("watch"), Some(StepStatus::Sensed));
    incident.replays();
    incident.is_refused(Command::ExtendHold { by_ms: 300_000 }, "it needs no more time");
}

#[test]
fn a_hold_that_does_not_run_is_not_extended_and_none_for_ever() {
    let mut incident = Incident::declared();
    incident.is_refused(Command::ExtendHold { by_ms: 300_000 }, "was not started");
    let mut incident = Incident::holding();
    incident.is_refused(Command::ExtendHold { by_ms: u64::MAX }, "24 h at most");
    incident.is_refused(Command::ExtendHold { by_ms: 0 }, "24 h at most");
}

#[test]
fn the_hold_does_not_wait_for_a_step_behind_the_watch() {
    let ask = "watch = true\n\n[[steps]]\nid = \"look\"\nask = { question = \"Is it good?\", answers = [\"yes\"] }\n";
    let mut incident = Incident::holding_with(&PLAYBOOK.replacen("watch = true\n", ask, 1));
    incident.passes(61);
    incident.does(Command::Tick);
    assert_eq!(incident.status("watch"), Some(StepStatus::Sensed));
    let look = Command::Confirm { step: id("look"), saw: "yes".into(), took_ms: 900, approver: None };
    incident.does(look);
    assert_eq!(incident.status("look"), Some(StepStatus::Confirmed));
}

#[test]
fn a_pause_names_what_cannot_be_judged_and_not_what_has_just_turned() {
    let mut incident = Incident::holding();
    incident.judges("errors", VerdictState::Ok, ExitState::Missed);
    let unread = Verdict {
        state: VerdictState::Ok,
        exit: ExitState::Unknown,
        value: Some(0.8),
        sampled_ms: None,
        limit: None,
        why: Some("sampled before the last lever; a newer sample decides".into()),
    };
    incident.does(Command::Judge { metric: id("coverage"), verdict: unread.clone() });
    let events = incident
        .does(Command::Judge { metric: id("errors"), verdict: Verdict { exit: ExitState::Met, why: None, ..unread } });
    let paused = events.iter().find_map(|event| match event {
        Event::HoldPaused { why } => Some(why.as_str()),
        _ => None,
    });
    let why = paused.expect("the hold is paused");
    assert_eq!(why, "coverage sampled before the last lever; a newer sample decides");
}
