//! Claims about what an incident allows.

use super::*;
use crate::incident::event::{ReadBack, Way};
use crate::incident::{Effect, Fire, Moment, StepStatus, green_for_ms, raised, ranked, react, replay};
use crate::kind::{Outcome, Seen, Settled};
use crate::metrics::{ExitState, Verdict, VerdictState};
use crate::playbook::Id;
use std::collections::BTreeMap;

/// An incident without a disk: every event is believed at once.
struct Incident {
    playbook: Playbook,
    state: State,
    records: Vec<Record>,
    effects: Vec<Effect>,
    now: Moment,
}

fn id(name: &str) -> Id {
    Id::new(name).unwrap()
}

impl Incident {
    fn opened() -> Self {
        let text = include_str!("../../../fixtures/playbooks/docs-rag.toml");
        let playbook = Playbook::parse("docs-rag.toml", text, Some("drill")).expect("the first playbook is sound");
        let now = Moment { wall_ms: 1_700_000_000_000, boot_ns: 5_000_000_000, boot_id: "test".into() };
        let mut incident = Self { playbook, state: State::default(), records: vec![], effects: vec![], now };
        incident.does(Command::Open {
            incident: "test".into(),
            playbook_sha256: String::new(),
            version: "0".into(),
            drill: None,
        });
        incident
    }

    fn declared() -> Self {
        let mut incident = Self::opened();
        incident.does(Command::Declare { severity: 2, size_up: "coverage is down".into() });
        incident
    }

    fn asks(&mut self, command: Command) -> Result<Vec<Event>, Refusal> {
        let stamped = Stamped { at: self.now.clone(), actor: "mira".into(), command };
        let events = decide(&self.playbook, &self.state, &stamped)?;
        for event in &events {
            let seq = self.state.seq + 1;
            let record = Record { seq, at: self.now.clone(), actor: "mira".into(), event: event.clone() };
            apply(&self.playbook, &mut self.state, &record);
            self.effects.extend(react(&self.playbook, &self.state, &record));
            self.records.push(record);
        }
        Ok(events)
    }

    fn does(&mut self, command: Command) -> Vec<Event> {
        self.asks(command).expect("the command is allowed")
    }

    fn is_refused(&mut self, command: Command, because: &str) {
        let refusal = self.asks(command).expect_err("the command must be refused");
        assert!(refusal.0.contains(because), "refused with another sentence: {refusal}");
    }

    fn passes(&mut self, seconds: u64) {
        self.now = self.now.plus_ms(seconds * 1000);
    }

    fn sees(&mut self, probe: &str, value: &str) {
        self.does(Command::Sense { probe: id(probe), seen: Seen::Value(value.into()) });
    }

    fn judges(&mut self, metric: &str, state: VerdictState, exit: ExitState) {
        let verdict = Verdict { state, exit, value: Some(1.0), sampled_ms: None, limit: None, why: None };
        self.does(Command::Judge { metric: id(metric), verdict });
    }

    /// Every exit target green.
    fn all_green(&mut self) {
        for metric in ["errors", "p95", "coverage", "ds", "lambda"] {
            self.judges(metric, VerdictState::Ok, ExitState::Met);
        }
        self.judges("p99", VerdictState::Ok, ExitState::None);
    }

    fn skips(&mut self, steps: &[&str]) {
        for step in steps {
            self.does(Command::Skip { step: id(step), reason: "not part of this claim".into() });
        }
    }

    fn status(&self, step: &str) -> Option<StepStatus> {
        self.state.steps.get(&id(step)).map(|step| step.status)
    }

    fn settles(&mut self, attempt: u32, outcome: Outcome) {
        let settled = Settled::new(outcome, "as asked");
        self.does(Command::Settle { attempt, settled, took_ms: 5, evidence: None });
    }

    fn reads_back(&mut self, attempt: u32, result: ReadBack, saw: &str) {
        let saw = Seen::Value(saw.into());
        self.does(Command::ReadBack { attempt, result, saw, looks: 2, took_ms: 5 });
    }

    fn open_debts(&self) -> Vec<String> {
        self.state.open_debts().map(|(id, _)| id.to_string()).collect()
    }

    /// Freeze and throttle in force, the hold running.
    fn holding() -> Self {
        let mut incident = Self::declared();
        incident.skips(&["capture", "pick", "flip", "rotate"]);
        for (attempt, lever, step, probe, value) in
            [(1, "freeze", "freeze", "writers", "no permissions"), (2, "throttle", "throttle", "limit", "20")]
        {
            incident.does(Command::StartStep { step: id(step), out_of_order: Some("in this claim's order".into()) });
            incident.does(fire(lever, Way::Do, Some(step)));
            incident.settles(attempt, Outcome::Applied);
            incident.reads_back(attempt, ReadBack::Agrees, value);
            incident.sees(probe, value);
        }
        incident.all_green();
        incident.does(Command::StartStep { step: id("watch"), out_of_order: None });
        incident
    }

    fn green_s(&self) -> u64 {
        green_for_ms(&self.playbook, &self.state, &self.now).unwrap() / 1000
    }
}

fn fire(lever: &str, way: Way, step: Option<&str>) -> Command {
    Command::Fire(Fire {
        lever: id(lever),
        way,
        step: step.map(id),
        want: "as wanted".into(),
        was: None,
        bindings: BTreeMap::new(),
        request_sha256: String::new(),
        override_reason: None,
        by_hand: false,
    })
}

fn overriding(command: Command, reason: &str) -> Command {
    let Command::Fire(fire) = command else { panic!("only a pull is overridden like this") };
    Command::Fire(Fire { override_reason: Some(reason.into()), ..fire })
}

#[test]
fn a_rollback_needs_a_broken_limit_or_a_persons_word() {
    let mut incident = Incident::opened();
    incident.is_refused(Command::Declare { severity: 2, size_up: "".into() }, "say what is wrong");
    incident.judges("coverage", VerdictState::Breach, ExitState::Missed);
    let events = incident.does(Command::Declare { severity: 2, size_up: "".into() });
    let Event::Declared { triggers, .. } = &events[0] else { panic!("declared first") };
    assert_eq!(triggers.len(), 1);
}

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
    let confirm = Command::Confirm { step: id("freeze"), saw: "frozen".into(), took_ms: 900 };
    incident.is_refused(confirm.clone(), "its sensor sees `OK`");
    incident.does(Command::Sense { probe: id("writers"), seen: Seen::Failed("refused".into()) });
    incident.does(confirm);
    assert_eq!(incident.status("freeze"), Some(StepStatus::Confirmed));
}

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
fn closing_with_debts_needs_a_reason_and_is_no_recovery() {
    let mut incident = Incident::holding();
    incident.is_refused(Command::Close { override_reason: None }, "open debts: unfreeze writers, throttle off");
    let events = incident.does(Command::Close { override_reason: Some("handed to the day shift".into()) });
    assert!(matches!(events[0], Event::Closed { recovered: false, .. }));
    incident.is_refused(fire("flag", Way::Do, None), "closed");
}

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
fn after_a_crash_only_looks_are_taken_up() {
    let mut incident = Incident::declared();
    incident.does(fire("freeze", Way::Do, None));
    incident.effects.clear();
    incident.does(Command::Resume { torn_bytes: 0 });
    assert_eq!(incident.effects, [Effect::ReadBack { attempt: 1 }]);
    assert_eq!(incident.open_debts(), ["unfreeze"]);
    incident.is_refused(fire("freeze", Way::Do, None), "UNKNOWN");
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
fn the_symptom_ranks_the_levers() {
    let mut incident = Incident::declared();
    incident.judges("coverage", VerdictState::Breach, ExitState::Missed);
    incident.judges("ds", VerdictState::Breach, ExitState::Missed);
    incident.judges("errors", VerdictState::Warn, ExitState::Missed);
    assert!(raised(&incident.playbook, &incident.state).is_empty(), "5xx that warns is not quiet");
    incident.judges("errors", VerdictState::Ok, ExitState::Met);
    assert_eq!(ranked(&incident.playbook, &incident.state)[0], id("alias"));
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    assert_eq!(ranked(&incident.playbook, &incident.state)[0], id("pointer"), "errors mean a bad arm");
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
fn replaying_the_records_gives_the_same_state() {
    let mut incident = Incident::holding();
    incident.passes(61);
    incident.does(Command::Tick);
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}

#[test]
fn what_was_never_pulled_is_not_taken_back() {
    let mut incident = Incident::declared();
    incident.is_refused(overriding(fire("pointer", Way::Undo, None), "back to green"), "not pulled in this incident");
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
fn a_broken_limit_is_no_recovery() {
    let mut incident = Incident::holding();
    incident.passes(61);
    incident.does(Command::Tick);
    incident.judges("coverage", VerdictState::Breach, ExitState::Missed);
    incident.is_refused(Command::Close { override_reason: None }, "coverage is in BREACH");
}

#[test]
fn after_a_crash_nothing_fires_on_what_was_seen_before() {
    let mut incident = Incident::declared();
    incident.sees("writers", "no permissions");
    incident.judges("coverage", VerdictState::Breach, ExitState::Missed);
    incident.does(Command::Resume { torn_bytes: 0 });
    incident.is_refused(fire("alias", Way::Do, None), "cannot be seen");
    assert!(raised(&incident.playbook, &incident.state).is_empty());
}
