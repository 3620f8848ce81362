//! What a playbook asks that a scenario does not answer.

use super::{Scenario, World};
use crate::kind::{Call, Exchange, Use, Vars};
use crate::playbook::{Bind, Lever, Playbook};
use std::path::Path;

/// One call of a playbook, and how to name it to a person.
struct Asked<'a> {
    what: String,
    call: &'a Call,
    r#use: Use,
    vars: Vars,
}

impl Scenario {
    /// Every call of `playbook` that this scenario does not declare, as a sentence each; what the playbook does not
    /// have comes first.
    pub fn undeclared(&self, playbook: &Playbook) -> Vec<String> {
        match World::new(self, playbook, 0) {
            Ok(mut world) => {
                let asked = every_call(playbook, &mut world);
                asked.iter().filter_map(|asked| world.silent_on(asked)).collect()
            }
            Err(faults) => faults,
        }
    }
}

/// Probes, levers with their undo, metrics and messages.
fn every_call<'a>(playbook: &'a Playbook, world: &mut World) -> Vec<Asked<'a>> {
    let start = Vars::from([("incident".to_owned(), "drill".to_owned()), ("text".to_owned(), "text".to_owned())]);
    let look = |what: String, call| Asked { what, call, r#use: Use::Look, vars: start.clone() };
    let mut all: Vec<Asked<'a>> = Vec::new();
    all.extend(playbook.probes.values().map(|probe| look(format!("probe `{}`", probe.id), &probe.call)));
    all.extend(playbook.metrics.values().map(|metric| look(format!("metric `{}`", metric.id), &metric.source)));
    for lever in playbook.levers.values() {
        let vars = world.bound(lever, playbook, &start);
        let act = |what, call| Asked { what, call, r#use: Use::Act, vars: vars.clone() };
        all.push(act(format!("lever `{}`", lever.id), &lever.call));
        all.extend(lever.undo.as_ref().map(|undo| act(format!("undo of lever `{}`", lever.id), &undo.call)));
    }
    for comm in playbook.comms.values() {
        let message =
            |call| Asked { what: format!("message `{}`", comm.id), call, r#use: Use::Act, vars: start.clone() };
        all.extend(comm.send.as_ref().map(message));
    }
    all
}

/// The exchanges that a world answers one by one.
fn one_by_one(exchange: &Exchange) -> Vec<Exchange> {
    match exchange {
        Exchange::HttpMany(many) => many.asks.iter().cloned().map(Exchange::Http).collect(),
        one => vec![one.clone()],
    }
}

impl World {
    /// The names a lever binds, read from this world.
    fn bound(&mut self, lever: &Lever, playbook: &Playbook, start: &Vars) -> Vars {
        let mut vars = start.clone();
        let (bound, _) = lever.bound(&start["incident"], |_, bind| match bind {
            Bind::Probe(id) => {
                let seen = playbook.probes.get(id).and_then(|probe| self.look(&probe.call, start));
                Some(seen.unwrap_or_else(|| "unseen".to_owned()))
            }
            // Which time it is does not decide whether a call is declared.
            Bind::After(_) => Some("2026-11-21T03:42:00Z".to_owned()),
            Bind::Text(_) => None,
        });
        vars.extend(bound);
        vars
    }

    fn look(&mut self, call: &Call, vars: &Vars) -> Option<String> {
        let exchange = call.encode(self.backends.get(call.backend())?, Use::Look, vars).ok()?;
        let (result, _) = self.handle(call.backend(), &exchange, 0);
        call.see(&result).value().map(str::to_owned)
    }

    /// Why this world has nothing to say to a call.
    fn silent_on(&self, asked: &Asked<'_>) -> Option<String> {
        let Asked { what, call, r#use, vars } = asked;
        let id = call.backend();
        let Some(backend) = self.backends.get(id) else { return Some(format!("{what}: there is no backend `{id}`")) };
        let exchange = match call.encode(backend, *r#use, vars) {
            Ok(exchange) => exchange,
            Err(why) => return Some(format!("{what}: {why}")),
        };
        let gap = match (call, &exchange) {
            (Call::Prometheus(call), _) => self.unmeasured(&call.query),
            (_, Exchange::File(ask)) => {
                let (path, root) = (ask.path(), backend.root().unwrap_or(Path::new("/")));
                let below = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
                let declared = self.files.content(id, &below).is_some();
                (!declared).then(|| format!("the scenario has no file `{below}`"))
            }
            _ => {
                let undeclared = one_by_one(&exchange).into_iter().find(|one| !self.declares(id, one));
                let question = |one: Exchange| self.question(id, &one).unwrap_or_default();
                undeclared.map(question).map(|question| format!("the scenario has no answer to `{question}`"))
            }
        };
        gap.map(|gap| format!("{what}: {gap} (backend `{id}`)"))
    }

    fn unmeasured(&self, query: &str) -> Option<String> {
        match self.questions.metric(query) {
            Some(metric) if self.scenario.signals.contains_key(metric) => None,
            Some(metric) => Some(format!("the scenario has no signal `{metric}`")),
            None => Some(format!("`{query}` is the query of no metric")),
        }
    }
}
