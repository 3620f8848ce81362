//! Claims about clocks: impact, stages, SLA, and what no longer fits.

use super::*;
use crate::incident::{ClockKind, fits, stages};

/// Two stages, an SLA from the impact on, and a lever that takes five minutes.
fn timed() -> String {
    let text = PLAYBOOK
        .replace("id = \"flip\"\n", "id = \"flip\"\nstage = \"turn\"\n")
        .replace("id = \"rotate\"\n", "id = \"rotate\"\nstage = \"turn\"\n")
        .replace("takes = \"30s\"", "takes = \"5m\"");
    format!(
        "{text}\n[stages.turn]\ntitle = \"turn back\"\nbudget = \"60s\"\n\n[[clocks]]\nid = \"sla\"\ntitle = \"SLA\"\n\
         starts_on = \"impact\"\nstops_on = \"hold-met\"\nbudget = \"10m\"\nsla = true\n\n[[clocks]]\nid = \"ack\"\n\
         starts_on = \"detected\"\nstops_on = \"acknowledged\"\nbudget = \"1m\"\n"
    )
}

impl Incident {
    /// A sample of coverage now: its verdict, and the limit that decided it.
    fn samples(&mut self, state: VerdictState, limit: Option<&str>) {
        let sampled_ms = Some(self.now.wall_ms);
        let limit = limit.map(str::to_owned);
        let verdict = Verdict { state, exit: ExitState::Missed, value: Some(0.5), sampled_ms, limit, why: None };
        self.does(Command::Judge { metric: id("coverage"), verdict });
    }

    fn impact_ms(&self) -> Option<i64> {
        self.state.marks.impact.as_ref().map(|impact| impact.at.wall_ms)
    }
}

const STOP: Option<&str> = Some("< 0.60 for 5s");

#[test]
fn impact_begins_with_the_first_sample_beyond_the_limit_not_with_the_breach() {
    let mut incident = Incident::opened_with(&timed());
    let first = incident.now.wall_ms;
    incident.samples(VerdictState::Warn, STOP);
    incident.passes(5);
    incident.samples(VerdictState::Breach, STOP);
    assert_eq!(incident.impact_ms(), Some(first));
    let sla = incident.clock("sla");
    assert_eq!((sla.running, sla.elapsed_ms, sla.approximate, sla.kind), (true, 5000, true, ClockKind::Sla));
    incident.replays();
}

#[test]
fn a_sample_that_went_back_before_its_window_had_passed_was_no_impact() {
    let mut incident = Incident::opened_with(&timed());
    incident.samples(VerdictState::Warn, STOP);
    incident.passes(2);
    incident.samples(VerdictState::Stale, None);
    assert!(incident.impact_ms().is_some(), "what cannot be seen has not gone back");
    incident.samples(VerdictState::Ok, None);
    assert_eq!(incident.impact_ms(), None);
    incident.passes(600);
    let second = incident.now.wall_ms;
    incident.samples(VerdictState::Breach, STOP);
    incident.samples(VerdictState::Ok, None);
    assert_eq!(incident.impact_ms(), Some(second), "what was detected has been, even if it went back");
    incident.replays();
}

#[test]
fn what_went_back_hours_before_is_no_part_of_what_is_declared() {
    let mut incident = Incident::opened_with(&timed());
    let detected_ms = |incident: &Incident| incident.state.marks.detected.as_ref().map(|at| at.wall_ms);
    incident.samples(VerdictState::Breach, STOP);
    let blip = incident.now.wall_ms;
    incident.passes(15);
    incident.samples(VerdictState::Error, None);
    incident.samples(VerdictState::Breach, STOP);
    assert_eq!(detected_ms(&incident), Some(blip), "what could not be seen had not gone back");
    incident.does(Command::Acknowledge { metric: id("coverage") });
    incident.samples(VerdictState::Ok, None);
    incident.passes(7200);
    incident.samples(VerdictState::Warn, STOP);
    assert_eq!((detected_ms(&incident), incident.impact_ms()), (Some(blip), Some(blip)), "it may yet go back");
    let began = incident.now.wall_ms;
    incident.passes(5);
    incident.samples(VerdictState::Breach, STOP);
    let detected = incident.now.wall_ms;
    assert!(incident.clock("ack").running, "this one was seen by nobody yet");
    incident.passes(7);
    incident.does(Command::Declare { severity: 2, size_up: "".into() });
    incident.samples(VerdictState::Ok, None);
    incident.passes(3);
    incident.samples(VerdictState::Breach, STOP);
    assert_eq!((detected_ms(&incident), incident.impact_ms()), (Some(detected), Some(began)));
    assert_eq!(incident.clock("ack").elapsed_ms, 7000);
    incident.replays();
}

#[test]
fn a_clock_counts_on_over_a_restart_that_set_the_wall_clock_back() {
    let mut incident = Incident::opened_with(&timed());
    incident.samples(VerdictState::Breach, STOP);
    incident.passes(40);
    incident.does(Command::Note { text: "before".into() });
    incident.now = Moment { wall_ms: incident.now.wall_ms - 3_600_000, boot_ns: 7, boot_id: "another".into() };
    incident.does(Command::Note { text: "after".into() });
    incident.passes(20);
    let ack = incident.clock("ack");
    assert_eq!((ack.elapsed_ms, ack.approximate), (60_000, true));
    incident.replays();
}

#[test]
fn a_clock_from_the_impact_counts_on_by_the_boot_clock_whatever_the_wall_clock_is_set_to() {
    for set_ms in [-3_600_000, -30_000, 0, 30_000, 3_600_000] {
        let mut incident = Incident::opened_with(&timed());
        incident.now.wall_ms += 4_000;
        let sampled_ms = Some(incident.now.wall_ms - 4_000);
        let verdict = Verdict {
            state: VerdictState::Breach,
            exit: ExitState::Missed,
            value: Some(0.5),
            sampled_ms,
            limit: STOP.map(str::to_owned),
            why: None,
        };
        incident.does(Command::Judge { metric: id("coverage"), verdict });
        incident.passes(60);
        incident.now.wall_ms += set_ms;
        let sla = incident.clock("sla");
        assert_eq!((sla.elapsed_ms, sla.left_ms()), (64_000, 536_000), "set by {set_ms} ms");
        assert!(sla.running && sla.approximate, "a sample's time is another machine's");
        incident.replays();
    }
}

#[test]
fn a_clock_from_the_impact_is_gone_on_with_by_the_wall_clock_after_a_restart() {
    let mut incident = Incident::opened_with(&timed());
    incident.samples(VerdictState::Breach, STOP);
    incident.passes(40);
    incident.does(Command::Note { text: "before".into() });
    incident.now = Moment { wall_ms: incident.now.wall_ms + 25_000, boot_ns: 7, boot_id: "another".into() };
    incident.does(Command::Note { text: "after".into() });
    incident.now.wall_ms -= 3_600_000;
    incident.passes(20);
    assert_eq!(incident.clock("sla").elapsed_ms, 85_000);
    incident.replays();
}

#[test]
fn a_warning_is_no_impact() {
    let mut incident = Incident::opened_with(&timed());
    incident.samples(VerdictState::Warn, Some("< 0.70"));
    assert_eq!(incident.impact_ms(), None);
}

#[test]
fn whoever_declares_has_acknowledged() {
    let mut incident = Incident::opened_with(&timed());
    incident.samples(VerdictState::Breach, STOP);
    incident.passes(7);
    incident.does(Command::Declare { severity: 2, size_up: "".into() });
    let ack = incident.clock("ack");
    assert_eq!((ack.done, ack.elapsed_ms), (true, 7000));
    incident.replays();
}

#[test]
fn a_stage_runs_from_its_first_step_until_all_of_its_steps_are_settled() {
    let mut incident = Incident::declared_with(&timed());
    incident.skips(&["capture", "freeze", "pick"]);
    let stage = |incident: &Incident| stages(&incident.playbook, &incident.state, &incident.now).remove(0);
    assert!(!stage(&incident).running);
    incident.does(Command::StartStep { step: id("flip"), out_of_order: None });
    incident.passes(40);
    incident.skips(&["flip"]);
    incident.passes(30);
    let open = stage(&incident);
    assert_eq!((open.running, open.elapsed_ms, open.is_over(), open.title.as_str()), (true, 70_000, true, "turn back"));
    incident.skips(&["rotate"]);
    incident.passes(100);
    let done = stage(&incident);
    assert_eq!((done.done, done.elapsed_ms), (true, 70_000));
    incident.does(Command::Reopen { step: id("flip"), why: "it was not".into() });
    incident.passes(5);
    let again = stage(&incident);
    assert_eq!((again.running, again.elapsed_ms), (true, 175_000), "it runs on from where it began");
    incident.replays();
}

#[test]
fn a_slower_lever_no_longer_fits_the_moment_the_sla_leaves_less_than_it_takes() {
    let mut incident = Incident::opened_with(&timed());
    incident.samples(VerdictState::Breach, STOP);
    let late = |incident: &Incident| -> Vec<String> {
        let all = fits(&incident.playbook, &incident.state, &incident.now);
        all.iter().filter(|fit| !fit.fits()).map(|fit| fit.lever.id.to_string()).collect()
    };
    incident.passes(300);
    assert_eq!(late(&incident), Vec::<String>::new(), "five minutes fit into five minutes");
    incident.passes(1);
    assert_eq!(late(&incident), ["pins"]);
    incident.does(Command::Declare { severity: 2, size_up: "".into() });
    incident.pulls(1, "pins", Way::Do, None, "last-known-good");
    assert_eq!(late(&incident), Vec::<String>::new(), "what was tried is no fallback any more");
    incident.passes(299);
    assert!(!late(&incident).contains(&"freeze".to_owned()), "the only lever of its step is no fallback");
    assert!(late(&incident).contains(&"flag".to_owned()));
}

#[test]
fn clocks_between_steps_and_levers_read_their_marks() {
    let clock = |id: &str, from: &str, to: &str| {
        format!("\n[[clocks]]\nid = \"{id}\"\nstarts_on = \"{from}\"\nstops_on = \"{to}\"\nbudget = \"1m\"\n")
    };
    let text = timed() + &clock("begun", "declared", "started:flip") + &clock("fire", "done:freeze", "fired:alias");
    let mut incident = Incident::declared_with(&text);
    incident.skips(&["capture", "freeze", "pick"]);
    incident.passes(3);
    incident.does(Command::StartStep { step: id("flip"), out_of_order: None });
    incident.passes(4);
    incident.pulls(1, "alias", Way::Do, Some("flip"), "docs_vA");
    incident.passes(100);
    assert_eq!((incident.clock("begun").elapsed_ms, incident.clock("fire").elapsed_ms), (3000, 7000));
    assert!(incident.clock("begun").done && incident.clock("fire").done);
    incident.replays();
}
