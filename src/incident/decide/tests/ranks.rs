//! Which lever first, and which could be flown at all.

use super::*;
use crate::incident::{Move, Readiness, measured_ms, pilot, readiness};

impl Incident {
    /// The bad arm of the playbook: errors broken, everything else quiet.
    fn with_errors() -> Self {
        Self::with_errors_in(PLAYBOOK)
    }

    fn with_errors_in(text: &str) -> Self {
        let mut incident = Self::declared_with(text);
        incident.judges("errors", VerdictState::Breach, ExitState::Missed);
        for (probe, value) in [
            ("arm", "green"),
            ("alias", "docs_vB"),
            ("flag", "on"),
            ("pinset", "pinned"),
            ("writers", "OK"),
            ("namespace", "ns-green"),
            ("limit", "100000"),
        ] {
            incident.sees(probe, value);
        }
        incident
    }

    fn fails(&mut self, probe: &str, why: &str) {
        self.does(Command::Sense { probe: id(probe), seen: Seen::Failed(why.into()) });
    }

    fn readiness(&self, lever: &str) -> Readiness {
        readiness(&self.playbook, &self.state, &self.playbook.levers[&id(lever)])
    }

    fn ranked(&self) -> Vec<String> {
        ranked(&self.playbook, &self.state).iter().map(ToString::to_string).collect()
    }

    #[track_caller]
    fn is_not_ready(&self, lever: &str, because: &str) {
        let Readiness::Not(why) = self.readiness(lever) else { panic!("{lever}: {:?}", self.readiness(lever)) };
        assert!(why.as_str().contains(because), "{lever}: {why}");
    }
}

#[test]
fn a_lever_that_fits_and_can_be_flown_comes_before_one_that_cannot() {
    let mut incident = Incident::with_errors();
    assert_eq!(incident.ranked()[..4], ["pointer", "flag", "pins", "alias"], "as the symptom's author wrote them");
    incident.fails("arm", "connection refused");
    assert_eq!(incident.ranked()[..4], ["flag", "pins", "alias", "pointer"], "the pointer cannot be read back");
    incident.sees("arm", "green");
    assert_eq!(incident.ranked()[0], "pointer");
}

#[test]
fn a_lever_that_fits_nothing_stays_behind_however_ready_it_is() {
    let mut incident = Incident::with_errors();
    for probe in ["arm", "flag", "pinset", "alias"] {
        incident.fails(probe, "connection refused");
    }
    assert_eq!(incident.ranked()[..4], ["pointer", "flag", "pins", "alias"]);
}

#[test]
fn what_was_measured_in_this_incident_is_believed_before_what_was_written() {
    let mut incident = Incident::with_errors();
    assert_eq!(incident.ranked()[4..], ["freeze", "rotate", "throttle"], "each takes a second, as written");
    incident.does(fire("freeze", Way::Do, None));
    incident.passes(7);
    incident.settles(1, Outcome::Applied);
    incident.reads_back(1, ReadBack::Agrees, "no permissions");
    assert_eq!(incident.ranked()[4..], ["rotate", "throttle", "freeze"]);
    incident.passes(60);
    incident.reads_back(1, ReadBack::Agrees, "no permissions");
    assert_eq!(measured_ms(&incident.state, &id("freeze")), Some(7000), "a later look measures nothing");
}

#[test]
fn what_a_person_did_by_hand_measures_no_lever() {
    let mut incident = Incident::with_errors();
    let Command::Fire(by_hand) = fire("freeze", Way::Do, None) else { unreachable!() };
    incident.does(Command::Fire(Fire { by_hand: true, ..by_hand }));
    incident.passes(90);
    incident.reads_back(1, ReadBack::Agrees, "no permissions");
    assert_eq!(measured_ms(&incident.state, &id("freeze")), None);
}

#[test]
fn a_precheck_that_another_lever_makes_hold_names_that_lever() {
    let mut incident = Incident::with_errors();
    assert_eq!(incident.readiness("pointer"), Readiness::After(vec![id("freeze")]));
    incident.sees("writers", "no permissions");
    assert_eq!(incident.readiness("pointer"), Readiness::Ready);
    assert_eq!(incident.readiness("freeze"), Readiness::There);
    incident.fails("writers", "NOAUTH");
    incident.is_not_ready("pointer", "writers cannot be seen: NOAUTH");
}

#[test]
fn a_precheck_that_no_lever_makes_hold_grounds_it() {
    let by = r#"precheck = [{ probe = "arm", is_not = "green" }]"#;
    let text = PLAYBOOK.replacen("[levers.flag]\n", &format!("[levers.flag]\n{by}\n"), 1);
    let mut incident = Incident::opened_with(&text);
    for (probe, value) in [("arm", "green"), ("flag", "on"), ("limit", "100000"), ("writers", "OK")] {
        incident.sees(probe, value);
    }
    assert_eq!(incident.readiness("flag"), Readiness::After(vec![id("pointer")]));
    incident.fails("limit", "no such socket");
    incident.is_not_ready("flag", "arm in service shows green, must not be green");
}

#[test]
fn a_lever_whose_system_nobody_can_look_at_is_not_ready() {
    let mut incident = Incident::with_errors();
    incident.sees("writers", "no permissions");
    incident.fails("limit", "connection refused");
    incident.is_not_ready("pointer", "backend haproxy: connection refused");
    assert_eq!(incident.readiness("alias"), Readiness::Ready);
}

#[test]
fn a_name_that_cannot_be_read_or_sent_grounds_its_lever() {
    let mut incident = Incident::with_errors();
    assert_eq!(incident.readiness("rotate"), Readiness::Ready);
    incident.does(Command::Sense { probe: id("namespace"), seen: Seen::Absent("nil".into()) });
    incident.is_not_ready("rotate", "`was` cannot be read: nil");
}

#[test]
fn a_pull_nobody_has_read_back_keeps_its_lever_grounded() {
    let mut incident = Incident::with_errors();
    incident.does(fire("flag", Way::Do, None));
    incident.is_not_ready("flag", "pull 1 is in flight");
    incident.settles(1, Outcome::Unknown);
    incident.is_not_ready("flag", "pull 1 is UNKNOWN and not read back");
    incident.reads_back(1, ReadBack::Disagrees, "on");
    assert_eq!(incident.readiness("flag"), Readiness::Ready);
}

#[test]
fn the_pilot_pulls_no_second_lever_while_the_first_may_still_work() {
    let held = r#"levers = ["flag", "pointer", "alias", "pins"]"#;
    let sensed = format!("{held}\ndone = {{ probe = \"arm\", is = \"blue\" }}");
    assert!(PLAYBOOK.contains(held));
    let mut incident = Incident::with_errors_in(&PLAYBOOK.replacen(held, &sensed, 1));
    incident.sees("writers", "no permissions");
    incident.skips(&["capture", "pick"]);
    incident.does(Command::StartStep { step: id("flip"), out_of_order: None });
    let Move::Pull { lever, .. } = pilot(&incident.playbook, &incident.state) else { panic!("it pulls the best") };
    assert_eq!(lever, id("pointer"));
    incident.pulls(1, "flag", Way::Do, Some("flip"), "off");
    assert_eq!(incident.ranked()[0], "pointer", "it still ranks higher");
    assert_eq!(pilot(&incident.playbook, &incident.state), Move::Wait);
}

#[test]
fn of_levers_that_fit_nothing_what_cannot_be_taken_back_comes_late_and_what_is_in_place_last() {
    let mut incident = Incident::with_errors();
    incident.playbook.levers[&id("freeze")].irreversible = true;
    assert_eq!(incident.ranked()[4..], ["rotate", "throttle", "freeze"]);
    incident.sees("limit", "20");
    assert_eq!(incident.ranked()[4..], ["rotate", "freeze", "throttle"]);
    incident.sees("writers", "no permissions");
    assert_eq!(incident.ranked()[4..], ["rotate", "throttle", "freeze"]);
}
