//! Arming: everything a pull would send and expect, made absolute and shown before anything leaves.

use super::{Flight, capture, poll};
use crate::cockpit::{Armed, Interlock};
use crate::incident::{self, Command, Fire, Moment, Stamped, Way, derive};
use crate::kind::{Call, Exchange, Seen, Use, Vars};
use crate::playbook::{Bind, Condition, Id, Lever, Verify};
use crate::text::Text;

/// A value read longer ago than this is read again before it is armed on.
const FRESH_MS: u64 = 10_000;

/// Why what was armed is not what would be sent now.
const MOVED: &str = "the world changed since arming, and so would the request: r reads again";

/// How a lever without a read-back is verified, in words.
const ATTESTED: &str = "nothing can look: it counts as done once a person has said what they saw";

impl Flight {
    /// Prepares a lever; nothing is sent. `human_ms` is when, in human time.
    pub fn arm(&mut self, now: &Moment, lever: &Id, way: Way, step: Option<Id>, human_ms: u64) {
        // What was armed before is forgotten first: a time bound anew counts from now.
        self.armed = None;
        let armed = self.prepare(now, lever, way, step, human_ms);
        self.look_soon(now, &self.probes_of(lever));
        self.armed = armed;
    }

    /// Drops the armed lever or message.
    pub fn disarm(&mut self) {
        (self.armed, self.letter) = (None, None);
    }

    /// The armed lever.
    pub fn armed(&self) -> Option<&Armed> {
        self.armed.as_ref()
    }

    /// Reads the armed lever's world again; its target cannot move, so arming anew is the only way to change it.
    pub fn rearm(&mut self, now: &Moment, human_ms: u64) {
        if let Some(Armed { lever, way, step, .. }) = self.armed.clone() {
            self.arm(now, &lever, way, step, human_ms);
        }
    }

    /// Whether the armed lever may be fired, asked anew; nothing is read, and what it would send does not move.
    pub(super) fn look_at_armed_again(&mut self, now: &Moment) {
        let Some(armed) = self.armed.clone() else { return };
        let fresh = self.prepare(now, &armed.lever, armed.way, armed.step.clone(), armed.armed_at_ms);
        let moved = |fresh: &Armed| {
            let known = !armed.request_sha256.is_empty() && !fresh.request_sha256.is_empty();
            known && fresh.request_sha256 != armed.request_sha256
        };
        self.armed = match fresh {
            Some(fresh) if moved(&fresh) => Some(Armed { blocked: Some(MOVED.into()), ..armed }),
            fresh => fresh,
        };
    }

    /// The same, if it is this probe that has just looked at its world.
    pub(super) fn look_at_armed_through(&mut self, now: &Moment, probe: &Id) {
        if self.armed.as_ref().is_some_and(|armed| self.probes_of(&armed.lever).contains(probe)) {
            self.look_at_armed_again(now);
        }
    }

    /// What the armed lever fires; refused when the world it was armed on is another by now.
    pub fn fire_armed(&mut self, now: &Moment, override_reason: Option<Text>, by_hand: bool) -> Result<Fire, Text> {
        let Some(armed) = self.armed.clone() else { return Err("no lever is armed".into()) };
        let Some(fresh) = self.prepare(now, &armed.lever, armed.way, armed.step.clone(), armed.armed_at_ms) else {
            return Err("no such lever".into());
        };
        if let Some(why) = fresh.blocked {
            return Err(why);
        }
        if fresh.request_sha256 != armed.request_sha256 && !by_hand {
            return Err(MOVED.into());
        }
        let explained = override_reason.as_ref().is_some_and(|reason| !reason.is_empty());
        let unseen = self.unseen(now, &armed.lever, armed.way).filter(|_| !explained && !by_hand);
        if let Some(why) = unseen {
            return Err(format!("{why}; r looks again, o and a reason fires all the same").into());
        }
        // What was seen too long ago is not what it was.
        let was = fresh.was.filter(|_| fresh.position.is_none());
        Ok(Fire {
            lever: armed.lever,
            way: armed.way,
            step: armed.step,
            want: armed.want,
            was: was.map(|(was, _)| was),
            bindings: armed.bindings,
            request_sha256: armed.request_sha256,
            override_reason,
            by_hand,
        })
    }

    /// The lever made absolute, as of now.
    pub fn prepare(&self, now: &Moment, id: &Id, way: Way, step: Option<Id>, human_ms: u64) -> Option<Armed> {
        let lever = self.playbook.levers.get(id)?;
        if way == Way::Undo && lever.undo.is_none() {
            return None;
        }
        let verify = derive::verify_of(lever, way);
        let (bindings, unread) = self.bind(now, lever, way);
        let encoded = poll::encode_with(&self.playbook, call_of(lever, way), Use::Act, &bindings);
        let (request, request_sha256, unfit) = match &encoded {
            Ok((_, exchange)) => (exchange.lines(), digest(exchange), None),
            Err(why) => (Vec::new(), String::new(), Some(Text::from(why.as_str()))),
        };
        let was = verify.and_then(|verify| self.last_read(&verify.condition.probe));
        let position = verify.and_then(|verify| self.lost(now, &verify.condition, &bindings));
        let mut armed = Armed {
            lever: id.clone(),
            way,
            step,
            // Where nothing can look, what it is for is all that can be said.
            want: verify
                .map_or_else(|| lever.title.as_str().into(), |verify| derive::want(&verify.condition, &bindings)),
            was,
            request,
            pasted: encoded.as_ref().ok().and_then(|(_, exchange)| exchange.pasted()),
            request_sha256,
            verify: verify.map_or_else(|| ATTESTED.into(), |verify| self.verify_words(verify, &bindings)),
            undo: self.undo_words(lever, way, &bindings),
            position,
            interlocks: self.interlocks(now, lever, way, &bindings),
            blocked: unread.or(unfit).or_else(|| self.journal_block(now)),
            bindings,
            armed_at_ms: human_ms,
        };
        armed.blocked = self.refusal(now, &armed).or(armed.blocked);
        Some(armed)
    }

    /// What a probe showed last, and when.
    fn last_read(&self, probe: &Id) -> Option<(Text, Moment)> {
        self.state.sensors.get(probe)?.last_value.clone().zip(self.looked.get(probe).cloned())
    }

    /// Why firing would be refused whatever the interlocks say: asked of `decide` itself, so that `F fires` is true.
    fn refusal(&self, now: &Moment, armed: &Armed) -> Option<Text> {
        let fire = Fire {
            lever: armed.lever.clone(),
            way: armed.way,
            step: armed.step.clone(),
            want: armed.want.clone(),
            was: None,
            bindings: armed.bindings.clone(),
            request_sha256: armed.request_sha256.clone(),
            override_reason: Some("asked beforehand".into()),
            by_hand: false,
        };
        let stamped = Stamped { at: now.clone(), actor: super::sensor(), command: Command::Fire(fire) };
        incident::decide(&self.playbook, &self.state, &stamped).err().map(|refusal| refusal.0.into())
    }

    fn journal_block(&self, now: &Moment) -> Option<Text> {
        (!self.is_saved(now)).then(|| "JOURNAL NOT SAVED: nothing is fired while appends fail".into())
    }

    /// The names bound now; a probe that was not read in time is named instead. What is taken back uses the
    /// names of the pull that found the world as it was before.
    fn bind(&self, now: &Moment, lever: &Lever, way: Way) -> (Vars, Option<Text>) {
        if let (Way::Undo, Some(done)) = (way, derive::pull_to_undo(&self.state, &lever.id)) {
            return (done.bindings.clone(), None);
        }
        let (vars, open) = lever.bound(self.state.incident.as_str(), |name, bind| match bind {
            Bind::Probe(probe) => self.fresh_value(now, probe),
            Bind::After(ms) => self.time_armed(lever, way, name).or_else(|| now.plus_ms(*ms).rfc3339()),
            Bind::Text(_) => None,
        });
        let unread = open.map(|(name, _)| format!("`{name}` could not be read; r reads again").into());
        (vars, unread)
    }

    /// The time that is already shown for this name: it does not move while the lever stays armed.
    fn time_armed(&self, lever: &Lever, way: Way, name: &str) -> Option<String> {
        let armed = self.armed.as_ref().filter(|armed| armed.lever == lever.id && armed.way == way)?;
        armed.bindings.get(name).cloned()
    }

    /// What a probe showed lately. What it showed before the last pull ended may be another by now, and a name bound to
    /// it would act on the world as it was.
    fn fresh_value(&self, now: &Moment, probe: &Id) -> Option<String> {
        let looked = self.looked.get(probe)?;
        let fresh = self.is_of_this_world(looked) && now.since(looked).ms <= FRESH_MS;
        fresh.then(|| self.state.sensors.get(probe)?.seen.value().map(str::to_owned)).flatten()
    }

    fn interlocks(&self, now: &Moment, lever: &Lever, way: Way, vars: &Vars) -> Vec<Interlock> {
        match way {
            Way::Do => lever.precheck.iter().map(|check| self.interlock(now, check, vars)).collect(),
            Way::Undo => {
                let Some(debt) = self.playbook.debt_of(&lever.id) else { return Vec::new() };
                let against = derive::not_yet_payable(&self.playbook, &self.state, debt);
                let saw = against.clone().unwrap_or_else(|| "payable".into());
                let (title, holds) = (debt.title.as_str().into(), Some(against.is_none()));
                vec![Interlock { title, holds, saw: saw.into(), read: None }]
            }
        }
    }

    fn interlock(&self, now: &Moment, check: &Condition, vars: &Vars) -> Interlock {
        let probe = derive::telling(check, vars, |probe| self.state.seen(probe));
        let title = format!("{}: {}", self.playbook.probes[probe].title, derive::want(check, vars));
        let holds = derive::holds_now(&self.state, check, vars);
        match self.lost(now, check, vars).filter(|_| holds == Some(true)) {
            // It held when it was seen last, and that is too long ago.
            Some(lost) => Interlock { title: title.into(), ..lost },
            None => Interlock { title: title.into(), holds, saw: self.saw(probe), read: self.read_at(probe) },
        }
    }

    /// What a probe sees, in its own words.
    fn saw(&self, probe: &Id) -> Text {
        match self.state.seen(probe) {
            None => "not looked yet".into(),
            Some(Seen::Value(text) | Seen::Absent(text) | Seen::Failed(text)) => text.clone(),
        }
    }

    /// When a probe showed a value last, if it did.
    fn read_at(&self, probe: &Id) -> Option<Moment> {
        self.looked.get(probe).cloned()
    }

    /// What of `condition` was not seen for too long to act on it. That there is nothing to be seen is seen.
    fn lost(&self, now: &Moment, condition: &Condition, vars: &Vars) -> Option<Interlock> {
        let old = |probe: &Id| self.looked.get(probe).is_none_or(|looked| now.since(looked).ms > FRESH_MS);
        let absent = |probe: &Id| matches!(self.state.seen(probe), Some(Seen::Absent(_)));
        let telling = derive::telling(condition, vars, |probe| self.state.seen(probe));
        let lost = |probe: &&Id| old(probe) && !absent(probe);
        let probe = std::iter::once(telling).chain(condition.probes()).find(lost)?;
        let title = format!("position of {}", self.playbook.probes[probe].title);
        Some(Interlock { title: title.into(), holds: None, saw: self.saw(probe), read: self.read_at(probe) })
    }

    /// What a lever is fired by, and was not seen lately: where it stands, and what must hold.
    pub(in crate::app) fn unseen(&self, now: &Moment, id: &Id, way: Way) -> Option<String> {
        let lever = self.playbook.levers.get(id)?;
        let (vars, _) = self.bind(now, lever, way);
        let holds = |check: &&Condition| derive::holds_now(&self.state, check, &vars) == Some(true);
        let checks = lever.precheck.iter().filter(|_| way == Way::Do).filter(holds);
        let position = derive::verify_of(lever, way).map(|verify| &verify.condition);
        let lost = position.into_iter().chain(checks).find_map(|condition| self.lost(now, condition, &vars))?;
        let since = lost
            .read
            .map_or("not seen yet".to_owned(), |read| format!("not seen since {} s", now.since(&read).ms / 1000));
        Some(format!("{} {since}", lost.title))
    }

    fn verify_words(&self, verify: &Verify, vars: &Vars) -> Text {
        let titles: Vec<&str> =
            verify.condition.probes().map(|probe| self.playbook.probes[probe].title.as_str()).collect();
        let want = derive::want(&verify.condition, vars);
        if let [_, _, ..] = titles[..] {
            let (titles, agree, within) = (titles.join(", "), verify.agree, verify.within_ms / 1000);
            return format!("{titles}: each shows {want}, {agree} times in a row, within {within} s").into();
        }
        let title = titles.concat();
        format!("{title} shows {want}, {} times in a row, within {} s", verify.agree, verify.within_ms / 1000).into()
    }

    /// How a pull is taken back: the request itself where it is known now.
    fn undo_words(&self, lever: &Lever, way: Way, bindings: &Vars) -> Option<Text> {
        let undo = match (way, &lever.undo) {
            (Way::Undo, _) => return Some("fire the lever again".into()),
            (Way::Do, undo) => undo.as_ref()?,
        };
        let known = poll::encode_with(&self.playbook, &undo.call, Use::Act, bindings);
        let request = known.ok().and_then(|(_, exchange)| exchange.brief());
        let unknown =
            || format!("one {} call to {}; arm it from DEBTS or LEVERS", undo.call.kind(), undo.call.backend());
        Some(request.unwrap_or_else(unknown).into())
    }

    fn probes_of(&self, lever: &Id) -> Vec<Id> {
        let Some(lever) = self.playbook.levers.get(lever) else { return Vec::new() };
        let bound = lever.bind.values().filter_map(|bind| match bind {
            Bind::Probe(probe) => Some(probe),
            Bind::After(_) | Bind::Text(_) => None,
        });
        let checked = lever.precheck.iter().flat_map(Condition::probes);
        let read_back = lever.verify.iter().flat_map(|verify| verify.condition.probes());
        bound.chain(checked).chain(read_back).cloned().collect()
    }
}

/// What is sent to pull a lever this way. An undo is asked for only where there is one.
pub(super) fn call_of(lever: &Lever, way: Way) -> &Call {
    match (way, &lever.undo) {
        (Way::Do, _) => &lever.call,
        (Way::Undo, Some(undo)) => &undo.call,
        (Way::Undo, None) => unreachable!("`decide` refuses to take back a lever without an undo"),
    }
}

/// The SHA-256 of an exchange as JSON.
fn digest(exchange: &Exchange) -> String {
    capture::sha256_hex(serde_json::to_string(exchange).unwrap_or_default().as_bytes())
}
