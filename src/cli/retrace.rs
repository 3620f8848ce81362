//! A drill's world as its journal left it, and what the script has to say of the flight.

use super::bad;
use crate::drill::{Scenario, Score, World};
use crate::incident::{Record, Way, event, replay};
use crate::kind::{Outcome as Ended, Use};
use crate::playbook::{Playbook, embedded};
use crate::report::Taught;
use crate::text::nearest;
use color_eyre::eyre::{Result, eyre};

/// A scenario that comes with goaround.
pub(super) fn scenario(id: &str) -> Result<Scenario> {
    let Some(text) = Scenario::embedded(id) else {
        return bad(unknown(id));
    };
    Scenario::parse(id, text).map_err(|flaws| eyre!("the scenario `{id}` is broken: {}", flaws.join("; ")))
}

/// What somebody who named no scenario probably meant.
fn unknown(id: &str) -> String {
    if let Some(drills) = drills_of(id) {
        return format!("`{id}` is a playbook; its drills are {}", drills.join(", "));
    }
    match nearest(id, Scenario::ids()) {
        Some(meant) => format!("there is no scenario `{id}`; did you mean `{meant}`?"),
        None => format!("there is no scenario `{id}`: use one of {}", Scenario::ids().collect::<Vec<_>>().join(", ")),
    }
}

/// The scenarios that are flown with this playbook of ours.
fn drills_of(name: &str) -> Option<Vec<&'static str>> {
    embedded(name)?;
    let is_its = |id: &&str| {
        let parsed = Scenario::embedded(id).and_then(|text| Scenario::parse(id, text).ok());
        parsed.is_some_and(|scenario| scenario.playbook == name)
    };
    Some(Scenario::ids().filter(is_its).collect()).filter(|drills: &Vec<&str>| !drills.is_empty())
}

/// The drill's world is what the journal's pulls made of it.
pub(super) fn world(playbook: &Playbook, records: &[Record], drill: &event::Drill) -> Result<World> {
    let Some(opened) = records.first().map(|record| &record.at) else { return bad("this journal is empty") };
    if drill.from.is_some() {
        return bad(
            "a recording is flown in one go: what you did otherwise is not known to it; fly it again with `goaround drill --from DIR`",
        );
    }
    if drill.rehearsal {
        return bad("a rehearsal is flown in one go; fly it again with `goaround rehearse`");
    }
    let mut scenario = scenario(drill.scenario.as_str())?;
    // A world that was served began in real time, not at the scenario's epoch: a sample's age must stay true.
    scenario.epoch_ms = opened.wall_ms;
    for fault in &drill.inject {
        scenario.inject(fault.as_str()).or_else(bad)?;
    }
    let mut world = World::new(&scenario, playbook, drill.seed).or_else(|why| bad(why.join("; ")))?;
    for pull in replay(playbook, records).pulls.values() {
        let lever = &playbook.levers[&pull.lever];
        let call = match (pull.way, &lever.undo) {
            (Way::Undo, Some(undo)) => &undo.call,
            (Way::Do | Way::Undo, _) => &lever.call,
        };
        let sent = !pull.by_hand && !matches!(pull.outcome, Some((Ended::NotSent, _)));
        let backend = &playbook.backends[call.backend()];
        if let (true, Ok(exchange)) = (sent, call.encode(backend, Use::Act, &pull.bindings)) {
            // Only what it does to the world matters; its answer is in the journal already.
            drop(world.handle(call.backend(), &exchange, pull.started.since(opened).ms));
        }
    }
    Ok(world)
}

/// What the script has to say; nothing where it is not known here.
pub(super) fn taught(playbook: &Playbook, records: &[Record]) -> Taught {
    let state = replay(playbook, records);
    let known = state.drill.as_ref().filter(|drill| {
        drill.from.is_none() && !drill.rehearsal && Scenario::embedded(drill.scenario.as_str()).is_some()
    });
    let Some(Ok(mut world)) = known.map(|drill| world(playbook, records, drill)) else { return Taught::default() };
    let (Some(opened), Some(last)) = (records.first(), records.last()) else { return Taught::default() };
    let (declared, closed) = (state.marks.declared.is_some(), state.marks.closed.as_ref());
    let left_alone_ms = world.false_alarm_ms().filter(|_| !declared);
    let ended_ms = left_alone_ms.unwrap_or_else(|| closed.unwrap_or(&last.at).since(&opened.at).ms);
    let Score { injected, fallen, aftermath, needless, .. } = world.score(playbook, &state, ended_ms);
    if closed.is_some() || left_alone_ms.is_some() {
        return Taught { injected, fallen, aftermath, needless };
    }
    // What is still open may still be put right.
    Taught { injected, ..Taught::default() }
}
