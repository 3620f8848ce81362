//! Claims about an alarm that nobody can see any more: it is not over, and it is the same when it is there again.

use super::*;

/// In BREACH since 20 s, and acknowledged if so.
fn broken(acknowledged: bool) -> Incident {
    let mut incident = Incident::declared();
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    if acknowledged {
        incident.does(Command::Acknowledge { metric: id("errors") });
    }
    incident.passes(20);
    incident
}

/// What errors is in, since how many seconds, and whether that is acknowledged.
fn alarm(incident: &Incident) -> Option<(VerdictState, u64, bool)> {
    let slot = &incident.state.verdicts[&id("errors")];
    let alarm = slot.alarm()?;
    Some((alarm.state, incident.now.since(&alarm.since).ms / 1000, slot.acknowledged))
}

#[test]
fn a_breach_that_cannot_be_read_any_more_is_not_over() {
    for acknowledged in [false, true] {
        let mut incident = broken(acknowledged);
        for blind in [VerdictState::Error, VerdictState::Stale, VerdictState::NoData] {
            incident.judges("errors", blind, ExitState::Unknown);
            assert_eq!(alarm(&incident), Some((VerdictState::Breach, 20, acknowledged)), "{blind:?}");
        }
        incident.judges("errors", VerdictState::Ok, ExitState::Met);
        assert_eq!(alarm(&incident), None);
        incident.judges("errors", VerdictState::Breach, ExitState::Missed);
        assert_eq!(alarm(&incident), Some((VerdictState::Breach, 0, false)), "another one is another alarm");
        incident.replays();
    }
}

#[test]
fn a_breach_that_is_there_again_after_a_resume_keeps_its_time_and_its_acknowledgement() {
    let mut incident = broken(true);
    incident.does(Command::Resume { torn_bytes: 0 });
    assert_eq!(alarm(&incident), Some((VerdictState::Breach, 20, true)));
    incident.passes(10);
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    assert_eq!(alarm(&incident), Some((VerdictState::Breach, 30, true)));
    incident.replays();
}

#[test]
fn what_was_only_a_warning_and_is_a_breach_when_it_is_seen_again_is_news() {
    let mut incident = Incident::declared();
    incident.judges("errors", VerdictState::Warn, ExitState::Missed);
    incident.does(Command::Acknowledge { metric: id("errors") });
    incident.judges("errors", VerdictState::Error, ExitState::Unknown);
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    assert_eq!(alarm(&incident), Some((VerdictState::Breach, 0, false)));
    incident.replays();
}

#[test]
fn what_is_acknowledged_unseen_is_remembered_as_what_it_was() {
    let mut incident = broken(false);
    incident.judges("errors", VerdictState::Error, ExitState::Unknown);
    incident.does(Command::Acknowledge { metric: id("errors") });
    assert_eq!(incident.state.acknowledgements.last().map(|acknowledged| acknowledged.saw), Some("BREACH"));
}
