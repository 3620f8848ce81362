//! Claims about baselines that are taken at the start.

use super::*;
use crate::incident::TakenBaseline;

fn at_start() -> String {
    PLAYBOOK.replacen("baseline = 50", "baseline = { at_start = \"60s\" }", 1)
}

fn captured(median: Option<f64>) -> Command {
    Command::CaptureBaseline { metric: id("p99"), median, samples: 12 }
}

impl Incident {
    fn taken(&self) -> Option<&TakenBaseline> {
        self.state.baselines.get(&id("p99"))
    }

    fn missed(&self, why: &str) {
        let missed = matches!(self.taken(), Some(TakenBaseline::Missed(said)) if said.as_str() == why);
        assert!(missed, "{:?}", self.taken());
        assert_eq!(replay(&self.playbook, &self.records), self.state);
    }
}

#[test]
fn a_median_is_kept_and_never_taken_again() {
    let mut incident = Incident::opened_with(&at_start());
    incident.does(captured(Some(48.5)));
    assert_eq!(incident.does(captured(Some(99.0))), Vec::new());
    incident.does(Command::Declare { severity: 2, size_up: "slow".into() });
    assert_eq!(incident.taken(), Some(&TakenBaseline::Median { value: 48.5, samples: 12 }));
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}

#[test]
fn what_is_wrong_already_is_no_baseline() {
    let mut declared = Incident::opened_with(&at_start());
    declared.does(Command::Declare { severity: 2, size_up: "slow".into() });
    declared.does(captured(Some(400.0)));
    declared.missed("the rollback was declared before it was taken");

    let mut breached = Incident::opened_with(&at_start());
    breached.judges("errors", VerdictState::Breach, ExitState::Missed);
    breached.judges("errors", VerdictState::Ok, ExitState::Met);
    breached.does(captured(Some(400.0)));
    breached.missed("5xx was in BREACH");

    let mut beyond = Incident::opened_with(&at_start());
    let limit = Some("> 1% for 5s".into());
    let verdict =
        Verdict { state: VerdictState::Warn, exit: ExitState::Missed, value: None, sampled_ms: None, limit, why: None };
    beyond.does(Command::Judge { metric: id("errors"), verdict });
    beyond.does(captured(Some(400.0)));
    beyond.missed("5xx was beyond its stop limit");
}

#[test]
fn without_samples_or_without_anybody_watching_there_is_none() {
    let mut blind = Incident::opened_with(&at_start());
    blind.does(captured(None));
    blind.missed("nothing was sampled in its first moments");

    let mut away = Incident::opened_with(&at_start());
    away.does(Command::Resume { torn_bytes: 0 });
    away.does(captured(Some(48.0)));
    away.missed("goaround was away while it was to be taken");
}

#[test]
fn a_metric_with_another_baseline_takes_none() {
    let mut incident = Incident::opened_with(&at_start());
    incident.is_refused(
        Command::CaptureBaseline { metric: id("ds"), median: Some(1.0), samples: 3 },
        "takes no baseline at the start",
    );
}
