//! Whether a lever could be flown now, as far as the probes see.

use super::derive;
use super::state::State;
use crate::kind::{Seen, Use, Vars};
use crate::playbook::{Bind, Condition, Id, Lever, Playbook, Test, Verify};
use crate::text::Text;

/// A time as it is bound at arming: when it will be is not known before, what it looks like is.
const SOME_TIME: &str = "2026-11-21T03:12:00Z";

/// What an incident is called before there is one.
const SOME_INCIDENT: &str = "20261121-031200-preflight";

/// Whether a lever could be flown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Armed now, F would fire it.
    Ready,
    /// The world is already where it would go.
    There,
    /// Its prechecks hold once these levers have been pulled.
    After(Vec<Id>),
    /// It could not be flown, or only against an interlock: why.
    Not(Text),
}

impl Readiness {
    /// Its word, the same in the cockpit and in `check --probe`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Ready => "READY",
            Self::There => "THERE",
            Self::After(_) => "AFTER",
            Self::Not(_) => "NOT READY",
        }
    }

    /// Whether it could be flown, now or in its turn.
    pub fn can_fly(&self) -> bool {
        match self {
            Self::Ready | Self::There | Self::After(_) => true,
            Self::Not(_) => false,
        }
    }
}

/// Whether this lever could be flown on what `state` has seen.
pub fn readiness(playbook: &Playbook, state: &State, lever: &Lever) -> Readiness {
    if let Some(why) = locked(state, lever).or_else(|| cannot_be_sent(playbook, state, lever)) {
        return Readiness::Not(why.into());
    }
    let (vars, _) = bound(state, lever);
    let shown = lever.verify.as_ref().map(|verify| &verify.condition);
    if shown.is_some_and(|condition| derive::holds_now(state, condition, &vars) == Some(true)) {
        return Readiness::There;
    }
    let mut after = Vec::new();
    for check in &lever.precheck {
        match derive::holds_now(state, check, &vars) {
            Some(true) => {}
            None => {
                let probe = derive::telling(check, &vars, |probe| state.seen(probe));
                return Readiness::Not(unseen(playbook, state, probe).into());
            }
            Some(false) => match opener(playbook, state, lever, check, &vars) {
                Some(other) => after.push(other.clone()),
                None => return Readiness::Not(unmet(playbook, state, check, &vars).into()),
            },
        }
    }
    after.dedup();
    if after.is_empty() { Readiness::Ready } else { Readiness::After(after) }
}

/// The names a lever would be armed with now, and why one of them cannot be read.
pub fn bound(state: &State, lever: &Lever) -> (Vars, Option<String>) {
    let incident = if state.incident.is_empty() { SOME_INCIDENT } else { state.incident.as_str() };
    let (vars, open) = lever.bound(incident, |_, bind| match bind {
        Bind::Probe(probe) => state.seen(probe).and_then(Seen::value).map(str::to_owned),
        Bind::After(_) => Some(SOME_TIME.to_owned()),
        Bind::Text(_) => None,
    });
    let unread = open.map(|(name, bind)| {
        let why = match bind {
            Bind::Probe(probe) => state.seen(probe).map_or("not looked yet", why_not),
            Bind::After(_) | Bind::Text(_) => "its text names what is not bound",
        };
        format!("`{name}` cannot be read: {why}")
    });
    (vars, unread)
}

/// Never re-fire what may be under way or may have worked.
fn locked(state: &State, lever: &Lever) -> Option<String> {
    let (attempt, pull) = state.locking_pull(&lever.id)?;
    Some(match &pull.outcome {
        None => format!("pull {attempt} is in flight"),
        Some((outcome, _)) => format!("pull {attempt} is {} and not read back", outcome.word()),
    })
}

/// What keeps the call from being made, or its read-back from being seen.
fn cannot_be_sent(playbook: &Playbook, state: &State, lever: &Lever) -> Option<String> {
    let (vars, unread) = bound(state, lever);
    let encodes = |call: &crate::kind::Call| {
        let backend = playbook.backends.get(call.backend());
        let backend = backend.ok_or_else(|| format!("there is no backend `{}`", call.backend()));
        backend.and_then(|backend| call.encode(backend, Use::Act, &vars)).err()
    };
    let undo = lever.undo.as_ref();
    let unseen_probe = |verify: &Verify| {
        let dark = |probe: &&Id| state.seen(probe).and_then(Seen::value).is_none();
        verify.condition.probes().find(dark).map(|probe| unseen(playbook, state, probe))
    };
    unread
        .or_else(|| unseen_probe(lever.verify.as_ref()?))
        .or_else(|| unseen_probe(undo?.verify.as_ref()?))
        .or_else(|| dark(playbook, state, lever.call.backend()))
        .or_else(|| undo.and_then(|undo| dark(playbook, state, undo.call.backend())))
        .or_else(|| encodes(&lever.call).map(|why| format!("it cannot be sent: {why}")))
        .or_else(|| undo.and_then(|undo| encodes(&undo.call)).map(|why| format!("its undo cannot be sent: {why}")))
}

/// Why a backend counts as unreachable: every probe that looks there fails.
fn dark(playbook: &Playbook, state: &State, backend: &str) -> Option<String> {
    let mut why = None;
    for probe in playbook.probes.values().filter(|probe| probe.call.backend() == backend) {
        match state.seen(&probe.id) {
            Some(Seen::Failed(text)) => why = why.or(Some(text)),
            Some(Seen::Value(_) | Seen::Absent(_)) | None => return None,
        }
    }
    why.map(|why| format!("backend {backend}: {why}"))
}

/// The lever that makes this precheck of another one hold, if it can be sent itself.
fn opener<'a>(playbook: &'a Playbook, state: &State, lever: &Lever, check: &Condition, vars: &Vars) -> Option<&'a Id> {
    let opens = |other: &&Lever| {
        let (theirs, _) = bound(state, other);
        let Some(made) = other.verify.as_ref().map(|verify| &verify.condition) else { return false };
        let holds = match &made.test {
            Test::Is(_) => derive::holds(check, vars, &Seen::Value(derive::want(made, &theirs))) == Some(true),
            Test::IsNot(_) | Test::Matches(_) | Test::Below(_) | Test::Above(_) => {
                derive::want(made, &theirs) == derive::want(check, vars)
            }
        };
        other.id != lever.id
            && check.probes().all(|probe| made.asks(probe))
            && holds
            && cannot_be_sent(playbook, state, other).is_none()
    };
    playbook.levers.values().find(opens).map(|other| &other.id)
}

fn unseen(playbook: &Playbook, state: &State, probe: &Id) -> String {
    let title = playbook.probes.get(probe).map_or(probe.as_str(), |probe| probe.title.as_str());
    match state.seen(probe) {
        Some(Seen::Absent(why)) => format!("{title} shows nothing: {why}"),
        Some(seen) => format!("{title} cannot be seen: {}", why_not(seen)),
        None => format!("{title} was not looked at yet"),
    }
}

fn unmet(playbook: &Playbook, state: &State, check: &Condition, vars: &Vars) -> String {
    let probe = derive::telling(check, vars, |probe| state.seen(probe));
    let title = playbook.probes.get(probe).map_or(probe.as_str(), |probe| probe.title.as_str());
    let shows = state.seen(probe).and_then(Seen::value).unwrap_or("nothing");
    format!("{title} shows {shows}, {}", must(check, vars))
}

/// What a precheck asks for, as a demand: `must be blue`, `must not be none`.
fn must(check: &Condition, vars: &Vars) -> String {
    let want = derive::want(check, vars);
    match &check.test {
        Test::IsNot(_) => format!("must {}", want.as_str().replacen("not ", "not be ", 1)),
        Test::Matches(pattern) => format!("must match {pattern}"),
        Test::Is(_) | Test::Below(_) | Test::Above(_) => format!("must be {want}"),
    }
}

fn why_not(seen: &Seen) -> &str {
    match seen {
        Seen::Value(text) | Seen::Absent(text) | Seen::Failed(text) => text.as_str(),
    }
}
