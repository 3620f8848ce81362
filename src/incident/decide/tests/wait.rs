//! Claims about steps that wait.

use super::*;
use crate::incident::{SeenAt, WaitEnd};

const WAITS: &str = r#"
[[steps]]
id = "healthy"
wait = { until = { probe = "limit", is = "20" }, within = "30s" }

[[steps]]
id = "slo"
wait = { exits = ["errors", "coverage"] }
"#;

/// Both steps begun now.
fn waiting() -> Incident {
    let mut incident = Incident::declared_with(&format!("{PLAYBOOK}{WAITS}"));
    for step in ["healthy", "slo"] {
        incident.does(Command::StartStep { step: id(step), out_of_order: Some("for this claim".into()) });
    }
    incident
}

fn met(step: &str, at: SeenAt) -> Command {
    Command::EndWait { step: id(step), end: WaitEnd::Met { saw: "20".into(), at } }
}

#[test]
fn a_wait_begins_looks_of_its_own_and_so_does_a_resume() {
    let mut incident = waiting();
    let looks = vec![Effect::Wait { step: id("healthy") }, Effect::Wait { step: id("slo") }];
    assert_eq!(std::mem::take(&mut incident.effects), looks);
    incident.does(Command::Resume { torn_bytes: 0 });
    assert_eq!(incident.effects, looks);
}

#[test]
fn what_was_seen_before_the_step_or_before_the_last_pull_ends_no_wait() {
    let mut incident = waiting();
    let before = incident.now.clone();
    incident.passes(1);
    incident.does(overriding(fire("freeze", Way::Do, None), "for this claim"));
    assert!(incident.does(met("healthy", SeenAt::Looked(before.plus_ms(500)))).is_empty(), "a pull is on its way");
    incident.settles(1, Outcome::Applied);
    incident.passes(1);
    assert!(incident.does(met("healthy", SeenAt::Looked(incident.now.clone()))).is_empty(), "it is being read back");
    incident.reads_back(1, ReadBack::Agrees, "no permissions");
    let seen_then = incident.now.clone();
    incident.passes(1);
    for at in [before.clone(), seen_then.clone()] {
        let sampled = SeenAt::Sampled(at.wall_ms);
        assert!(incident.does(met("healthy", SeenAt::Looked(at))).is_empty());
        assert!(incident.does(met("slo", sampled)).is_empty());
    }
    incident.does(met("healthy", SeenAt::Looked(seen_then.plus_ms(1))));
    incident.does(met("slo", SeenAt::Sampled(seen_then.wall_ms + 1)));
    assert_eq!(incident.status("healthy"), Some(StepStatus::Sensed));
    assert_eq!(incident.status("slo"), Some(StepStatus::Sensed));
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}

#[test]
fn a_wait_that_is_late_fails_and_may_be_run_again() {
    let mut incident = waiting();
    incident.passes(31);
    let late = Command::EndWait { step: id("healthy"), end: WaitEnd::Late { why: "limit showed `3`".into() } };
    incident.does(late.clone());
    assert_eq!(incident.status("healthy"), Some(StepStatus::Failed));
    incident.does(Command::StartStep { step: id("healthy"), out_of_order: Some("again".into()) });
    assert_eq!(incident.status("healthy"), Some(StepStatus::Running));
    let before = incident.now.plus_ms(0);
    incident.does(met("healthy", SeenAt::Looked(before)));
    assert!(incident.does(late).is_empty(), "what has ended does not fail any more");
    assert_eq!(incident.status("healthy"), Some(StepStatus::Sensed));
}

#[test]
fn no_poll_and_no_person_ends_a_wait() {
    let mut incident = waiting();
    incident.sees("limit", "20");
    incident.all_green();
    assert_eq!(incident.status("healthy"), Some(StepStatus::Running));
    assert_eq!(incident.status("slo"), Some(StepStatus::Running));
    let confirm = Command::Confirm { step: id("slo"), saw: "looks fine".into(), took_ms: 9, approver: None };
    incident.is_refused(confirm, "its own looks decide");
}
