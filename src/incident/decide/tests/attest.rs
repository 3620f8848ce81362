//! Claims about levers that nothing can read back.

use super::*;
use crate::incident::{Move, pilot};

/// The shared playbook, its kill switch without a read-back.
fn text() -> String {
    let verify = "verify = { probe = \"flag\", is = \"off\" }";
    assert!(PLAYBOOK.contains(verify));
    PLAYBOOK.replacen(verify, "attest = true", 1)
}

/// The kill switch pulled for its step, and accepted.
fn pulled() -> Incident {
    let mut incident = Incident::declared_with(&text());
    incident.skips(&["capture", "freeze", "pick"]);
    incident.does(fire("flag", Way::Do, Some("flip")));
    incident.settles(1, Outcome::Applied);
    incident
}

fn attest(attempt: u32, result: ReadBack, saw: &str) -> Command {
    Command::Attest { attempt, result, saw: saw.into() }
}

#[test]
fn accepted_is_not_done_until_a_person_has_said_what_they_saw() {
    let mut incident = pulled();
    assert_eq!(incident.effects.last(), Some(&Effect::Pull { attempt: 1 }), "there is nothing to look with");
    assert_eq!(incident.status("flip"), Some(StepStatus::Running));
    incident.is_refused(fire("flag", Way::Do, Some("flip")), "nobody has said what they saw");
    for nothing in ["", "ok", "yes", "- 200 -"] {
        incident.is_refused(attest(1, ReadBack::Agrees, nothing), "say what you saw");
    }
    incident.is_refused(attest(1, ReadBack::Unknown, "I cannot tell"), "say what you saw");
    incident.does(attest(1, ReadBack::Agrees, "the banner is gone on two hosts"));
    assert_eq!(incident.status("flip"), Some(StepStatus::Confirmed));
    let done = incident.state.steps[&id("flip")].done_by.clone();
    assert!(matches!(done, Some(DoneBy::Confirmed { saw, .. }) if saw.as_str().contains("banner")));
}

#[test]
fn what_was_seen_not_to_work_may_be_fired_again() {
    let mut incident = pulled();
    incident.does(attest(1, ReadBack::Disagrees, "the banner is still there"));
    assert_eq!(incident.status("flip"), Some(StepStatus::Running));
    incident.does(fire("flag", Way::Do, Some("flip")));
}

#[test]
fn a_word_taken_back_opens_the_step_and_a_new_one_ends_it() {
    let mut incident = pulled();
    incident.does(attest(1, ReadBack::Agrees, "the banner is gone"));
    incident.does(attest(1, ReadBack::Disagrees, "the banner is back"));
    assert_eq!(incident.status("flip"), Some(StepStatus::Reopened));
    incident.does(attest(1, ReadBack::Agrees, "gone, it was my cache"));
    assert_eq!(incident.status("flip"), Some(StepStatus::Confirmed));
}

#[test]
fn a_step_that_a_person_opened_again_waits_for_a_new_word() {
    let mut incident = pulled();
    incident.does(attest(1, ReadBack::Agrees, "the banner is gone"));
    incident.does(Command::Reopen { step: id("flip"), why: "not so sure".into() });
    incident.sees("arm", "green");
    assert_eq!(incident.status("flip"), Some(StepStatus::Reopened));
}

#[test]
fn nobodys_word_counts_where_something_can_look() {
    let mut incident = Incident::declared();
    incident.does(fire("freeze", Way::Do, None));
    incident.settles(1, Outcome::Applied);
    incident.is_refused(attest(1, ReadBack::Agrees, "I saw the writers stand still"), "nobody's word");
}

#[test]
fn an_unknown_end_stays_locked_until_a_person_has_looked() {
    let mut incident = Incident::declared_with(&text());
    incident.does(fire("flag", Way::Do, None));
    incident.settles(1, Outcome::Unknown);
    incident.is_refused(fire("flag", Way::Do, None), "nobody has said");
    incident.does(Command::Resume { torn_bytes: 0 });
    assert!(!incident.effects.contains(&Effect::ReadBack { attempt: 1 }));
    incident.does(attest(1, ReadBack::Disagrees, "the flag is on as before"));
    incident.does(fire("flag", Way::Do, None));
}

#[test]
fn the_pilot_stops_for_a_persons_word() {
    let mut incident = pulled();
    let stop = pilot(&incident.playbook, &incident.state);
    assert!(matches!(&stop, Move::Stop(why) if why.contains("a person must say what they see")), "{stop:?}");
    incident.does(attest(1, ReadBack::Agrees, "the banner is gone"));
    assert!(!matches!(pilot(&incident.playbook, &incident.state), Move::Stop(_)));
}

#[test]
fn an_attested_journal_replays_to_the_same_state() {
    let mut incident = pulled();
    incident.does(attest(1, ReadBack::Agrees, "the banner is gone"));
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}
