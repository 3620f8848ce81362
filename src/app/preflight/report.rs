//! What a preflight says: which levers could be flown, what cannot be seen, which systems are there.

use super::backends::{BackendRow, BackendState};
use super::messages::{self, MessageRow};
use super::{Look, What};
use crate::incident::{self, Moment, Readiness, SensorState, State, derive};
use crate::kind::{Call, Exchange, Seen, Use};
use crate::playbook::{Id, Lever, Playbook};
use crate::text::Text;
use serde::Serialize;

/// A preflight's answer; `goaround check FILE --probe --json` prints it in this shape.
///
/// Times are in milliseconds. A reason (`why`) is a sentence for a person and holds no secret.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The format of this report: 1.
    pub format: u32,
    /// The service that would be rolled back.
    pub service: Id,
    /// The environment that would be acted on.
    pub environment: Id,
    /// The profile; empty when the playbook has none.
    pub profile: String,
    /// Whether every lever could be flown: then the exit code is 0, else 1.
    pub ready: bool,
    /// The levers, in the playbook's order.
    pub levers: Vec<LeverRow>,
    /// What the probes see.
    pub probes: Vec<LookRow>,
    /// What the metrics read; a value that is too old counts as `nodata`.
    pub metrics: Vec<LookRow>,
    /// The baselines that have to be asked for.
    pub baselines: Vec<LookRow>,
    /// The messages, in the playbook's order; none of them makes the exit code 1.
    pub messages: Vec<MessageRow>,
    /// The systems behind them.
    pub backends: Vec<BackendRow>,
}

/// One lever.
#[derive(Debug, Serialize)]
pub struct LeverRow {
    /// Its number in the cockpit, from 1.
    pub number: usize,
    /// Its id.
    pub lever: Id,
    /// In words.
    pub title: String,
    /// The recipe it was made of.
    pub recipe: Option<String>,
    /// What its read-back sees now.
    pub now: Option<Text>,
    /// What its read-back wants to see; names bound at arming are filled in as far as they can be read.
    pub target: Text,
    /// `READY`, `THERE` (it is where it would go), `AFTER` (other levers come first) or `NOT READY`.
    pub state: &'static str,
    /// Whether it could be flown: anything but `NOT READY`.
    pub can_fly: bool,
    /// The levers that come first.
    pub after: Vec<Id>,
    /// Why it could not be flown.
    pub why: Option<Text>,
    /// How long it takes until it is effective, as its author says.
    pub takes_ms: u64,
    /// How long its read-back's look took.
    pub look_ms: Option<u64>,
}

/// How a look ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LookState {
    /// It saw a value.
    Ok,
    /// It was answered, and there was nothing there, or nothing fresh.
    Nodata,
    /// It failed.
    Failed,
}

/// One look.
#[derive(Debug, Serialize)]
pub struct LookRow {
    /// The probe's or the metric's id.
    pub id: Id,
    /// Where it looks.
    pub backend: Id,
    /// How it ended.
    pub state: LookState,
    /// What it saw.
    pub value: Option<Text>,
    /// Why it saw nothing.
    pub why: Option<Text>,
    /// From sending to the whole answer; absent when nothing was sent.
    pub took_ms: Option<u64>,
}

/// Judges what was seen. `unfit` says why an exchange that would be sent cannot be performed on this machine.
pub(super) fn judge(playbook: &Playbook, looks: &[Look], unfit: &dyn Fn(&Exchange) -> Option<String>) -> Report {
    let backends_by = |counts: fn(&Look) -> bool| -> Vec<BackendRow> {
        let counted: Vec<&Look> = looks.iter().filter(|look| counts(look)).collect();
        playbook.backends.keys().map(|id| backend(playbook, &counted, id)).collect()
    };
    // Whom only messages go to says nothing about a lever.
    let backends = backends_by(|look| !matches!(look.what, What::Message(_)));
    let state = believed(looks);
    let bench = Bench { playbook, looks, state: &state, backends: &backends, unfit };
    let levers: Vec<LeverRow> =
        playbook.levers.values().enumerate().map(|(at, lever)| bench.lever(at, lever)).collect();
    let rows =
        |of: fn(&What) -> Option<&Id>| looks.iter().filter_map(|look| Some(row(of(&look.what)?, look))).collect();
    Report {
        format: 1,
        service: playbook.service.clone(),
        environment: playbook.environment.clone(),
        profile: playbook.profile.name.clone(),
        ready: levers.iter().all(|lever| lever.can_fly),
        levers,
        probes: rows(|what| if let What::Probe(id) = what { Some(id) } else { None }),
        metrics: rows(|what| if let What::Metric(id) = what { Some(id) } else { None }),
        baselines: rows(|what| if let What::Baseline(id) = what { Some(id) } else { None }),
        messages: messages::rows(playbook, looks, &backends, unfit),
        backends: backends_by(|_| true),
    }
}

/// What a lever is judged by.
struct Bench<'a> {
    playbook: &'a Playbook,
    looks: &'a [Look],
    state: &'a State,
    backends: &'a [BackendRow],
    unfit: &'a dyn Fn(&Exchange) -> Option<String>,
}

impl Bench<'_> {
    fn lever(&self, at: usize, lever: &Lever) -> LeverRow {
        let seen = incident::readiness(self.playbook, self.state, lever);
        let ready = match self.grounded(lever) {
            Some(why) if seen.can_fly() => Readiness::Not(why.into()),
            Some(_) | None => seen,
        };
        let (vars, _) = incident::bound(self.state, lever);
        // Where nothing can look, a person will say what they saw.
        let condition = lever.verify.as_ref().map(|verify| &verify.condition);
        // Of several probes the one that is not there yet says where the lever stands, and the slowest how long it takes.
        let telling = condition.map(|condition| derive::telling(condition, &vars, |probe| self.state.seen(probe)));
        let sensor = telling.and_then(|probe| self.state.sensors.get(probe));
        let asked = |look: &&Look| matches!(&look.what, What::Probe(id) if condition.is_some_and(|condition| condition.asks(id)));
        LeverRow {
            number: at + 1,
            lever: lever.id.clone(),
            title: lever.title.clone(),
            recipe: lever.recipe.clone(),
            now: sensor.and_then(|sensor| sensor.last_value.clone()),
            target: condition.map_or("attested".into(), |condition| derive::want(condition, &vars)),
            state: ready.word(),
            can_fly: ready.can_fly(),
            after: if let Readiness::After(levers) = &ready { levers.clone() } else { Vec::new() },
            why: if let Readiness::Not(why) = ready { Some(why) } else { None },
            takes_ms: lever.takes_ms,
            look_ms: self.looks.iter().filter(asked).filter_map(|look| look.took_ms).max(),
        }
    }

    /// What no probe can see: a system that is not there, a program or a folder that this machine does not have.
    fn grounded(&self, lever: &Lever) -> Option<String> {
        let (vars, _) = incident::bound(self.state, lever);
        let calls = [Some(&lever.call), lever.undo.as_ref().map(|undo| &undo.call)];
        calls.into_iter().flatten().find_map(|call: &Call| {
            let down = self.backends.iter().find(|row| {
                row.backend.as_str() == call.backend()
                    && matches!(row.state, BackendState::Down | BackendState::Refuses)
            });
            if let Some(row) = down {
                let why = row.why.as_ref().map_or("", |why| why.as_str());
                return Some(format!("backend {}: {why}", row.backend));
            }
            let backend = self.playbook.backends.get(call.backend())?;
            (self.unfit)(&call.encode(backend, Use::Act, &vars).ok()?)
        })
    }
}

/// The state of an incident that has only looked.
fn believed(looks: &[Look]) -> State {
    let never = Moment { wall_ms: 0, boot_ns: 0, boot_id: "preflight".into() };
    let sensor = |look: &Look| {
        let (What::Probe(id), Some(seen)) = (&look.what, &look.seen) else { return None };
        let last_value = seen.value().map(Text::from);
        Some((id.clone(), SensorState { seen: seen.clone(), since: never.clone(), last_value }))
    };
    State { sensors: looks.iter().filter_map(sensor).collect(), ..State::default() }
}

fn row(id: &Id, look: &Look) -> LookRow {
    let (state, value, why) = match &look.seen {
        Some(Seen::Value(value)) => (LookState::Ok, Some(value.clone()), None),
        Some(Seen::Absent(why)) => (LookState::Nodata, None, Some(why.clone())),
        Some(Seen::Failed(why)) => (LookState::Failed, None, Some(why.clone())),
        None => (LookState::Failed, None, Some("it was not looked at".into())),
    };
    LookRow { id: id.clone(), backend: look.backend.clone(), state, value, why, took_ms: look.took_ms }
}

fn backend(playbook: &Playbook, looks: &[&Look], id: &Id) -> BackendRow {
    let own = || looks.iter().copied().filter(|look| look.backend == *id);
    let failed = |look: &Look| if let Some(Seen::Failed(why)) = &look.seen { Some(why.clone()) } else { None };
    let why = own().find_map(failed);
    let state = match (own().count(), own().any(|look| look.answered)) {
        (0, _) => BackendState::Unseen,
        (_, false) => BackendState::Down,
        (_, true) if own().all(|look| failed(look).is_some()) => BackendState::Refuses,
        (_, true) => BackendState::Up,
    };
    BackendRow {
        backend: id.clone(),
        kind: playbook.backends[id].kind(),
        state,
        slowest_ms: own().filter_map(|look| look.took_ms).max(),
        why: match state {
            BackendState::Up => None,
            BackendState::Unseen => Some("no probe and no metric looks there".into()),
            BackendState::Refuses | BackendState::Down => why,
        },
    }
}
