//! Claims about what an incident allows: an incident without a disk, and the claims by room.

mod approve;
mod attest;
mod baselines;
mod branches;
mod follow_up;
mod hold;
mod life;
mod people;
mod pulls;
mod ranks;
mod sequence;
mod steps;
mod timing;
mod unflip;
mod unseen;
mod wait;
mod words;

use super::*;
use crate::incident::event::{DoneBy, ReadBack, Way};
use crate::incident::{
    ClockReading, Effect, Fire, Moment, StepStatus, clocks, green_for_ms, raised, ranked, react, readiness, replay,
};
use crate::kind::{Outcome, Seen, Settled};
use crate::metrics::{ExitState, Verdict, VerdictState};
use crate::playbook::Id;
use crate::text::Text;
use std::collections::BTreeMap;

const PLAYBOOK: &str = include_str!("../../../../fixtures/playbooks/docs-rag.toml");

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
    /// What was believed can be believed again, from the journal alone.
    fn replays(&self) {
        assert_eq!(replay(&self.playbook, &self.records), self.state);
        let opened = self.records.iter().filter_map(|record| match &record.event {
            Event::BranchOpened { branch, .. } => Some(branch),
            _ => None,
        });
        let opened: Vec<&Id> = opened.collect();
        let each: std::collections::BTreeSet<_> = opened.iter().collect();
        assert_eq!(opened.len(), each.len(), "each branch opens once");
    }

    fn opened() -> Self {
        Self::opened_with(PLAYBOOK)
    }

    fn opened_with(text: &str) -> Self {
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
        Self::declared_with(PLAYBOOK)
    }

    fn declared_with(text: &str) -> Self {
        let mut incident = Self::opened_with(text);
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
        self.does(Command::ReadBack { attempt, result, saw, also: Vec::new(), looks: 2, took_ms: 5 });
    }

    /// A pull that is accepted and read back as done, whatever stands against it.
    fn pulls(&mut self, attempt: u32, lever: &str, way: Way, step: Option<&str>, saw: &str) {
        self.does(overriding(fire(lever, way, step), "for this claim"));
        self.settles(attempt, Outcome::Applied);
        self.reads_back(attempt, ReadBack::Agrees, saw);
    }

    fn open_debts(&self) -> Vec<String> {
        self.state.open_debts().map(|(id, _)| id.to_string()).collect()
    }

    /// Freeze and throttle in force, the hold running.
    fn holding() -> Self {
        Self::holding_with(PLAYBOOK)
    }

    fn holding_with(text: &str) -> Self {
        let mut incident = Self::declared_with(text);
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

    fn clock(&self, id: &str) -> ClockReading {
        let all = clocks(&self.playbook, &self.state, &self.now);
        all.into_iter().find(|clock| clock.id == id).expect("the playbook has this clock")
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
