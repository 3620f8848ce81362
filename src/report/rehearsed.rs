//! How each lever did in a rehearsal: there, and back within the playbook's clock.

use super::block::Block;
use super::facts::Facts;
use super::show::{link, millis};
use crate::incident::{State, Way, replay};
use crate::playbook::{Id, Playbook};
use schemars::JsonSchema;
use serde::Serialize;

/// The clock whose budget a way back has (seed 002, C10).
const CLOCK: &str = "ttr";

/// How one lever did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rehearsed {
    /// Its id.
    pub lever: String,
    /// From the pull to the first look that showed it had worked, in milliseconds; none where none did.
    pub there_ms: Option<u64>,
    /// The same of taking it back.
    pub ttr_ms: Option<u64>,
    /// What taking it back may take, in milliseconds.
    pub budget_ms: Option<u64>,
    /// `PASS`, `LATE` (back beyond its budget), `NOT BACK`, or `NOT READY`: it was not pulled.
    pub verdict: &'static str,
}

impl Rehearsed {
    /// By what the incident came to.
    pub fn of(playbook: &Playbook, state: &State, lever: &Id) -> Self {
        let pulls = |way| state.pulls.values().find(move |pull| pull.lever == *lever && pull.way == way);
        let took = |way| {
            let pull = pulls(way)?;
            Some(pull.effective_at.as_ref()?.since(&pull.started).ms)
        };
        let clock = playbook.clocks.iter().find(|clock| clock.id == CLOCK);
        let (there_ms, ttr_ms, budget_ms) = (took(Way::Do), took(Way::Undo), clock.map(|clock| clock.budget_ms));
        let verdict = match (ttr_ms, budget_ms) {
            _ if state.last_pull(lever).is_none() => "NOT READY",
            (None, _) => "NOT BACK",
            (Some(ttr), Some(budget)) if ttr > budget => "LATE",
            (Some(_), _) => "PASS",
        };
        Self { lever: lever.to_string(), there_ms, ttr_ms, budget_ms, verdict }
    }
}

/// Every lever that was asked for, in that order; of a journal that does not say which, every one that was pulled.
fn levers(facts: &Facts) -> Vec<Id> {
    let asked: Vec<Id> = facts.drill().map(|drill| drill.levers.clone()).unwrap_or_default();
    if !asked.is_empty() {
        return asked;
    }
    let mut pulled: Vec<Id> = Vec::new();
    for pull in facts.pulls.values() {
        if !pulled.contains(pull.lever) {
            pulled.push(pull.lever.clone());
        }
    }
    pulled
}

/// How each did; nothing where it is no rehearsal.
pub(super) fn rehearsed(facts: &Facts) -> Vec<Rehearsed> {
    let (true, Some(playbook)) = (facts.is_rehearsal(), &facts.dossier.playbook) else { return Vec::new() };
    let state = replay(playbook, &facts.dossier.records);
    let known = levers(facts).into_iter().filter(|lever| playbook.levers.contains_key(lever));
    known.map(|lever| Rehearsed::of(playbook, &state, &lever)).collect()
}

/// The same in a sentence and a table.
pub(super) fn blocks(facts: &Facts) -> Vec<Block> {
    let rows = rehearsed(facts);
    if rows.is_empty() {
        return Vec::new();
    }
    let back = rows.iter().filter(|row| row.verdict == "PASS").count();
    let all = rows.len();
    let said = format!(
        "A rehearsal pulls each lever in a simulated world and takes it back: {back} of {all} came back in time. It ends there, so that nothing recovers in it."
    );
    let head = ["Lever", "Verdict", "There", "Back", "Budget of the way back"];
    vec![Block::Said(said), Block::table(&head, rows.iter().map(|row| cells(facts, row)))]
}

fn cells(facts: &Facts, row: &Rehearsed) -> Vec<String> {
    let pull = |way| facts.pulls.values().find(|pull| pull.way == way && pull.lever.as_str() == row.lever);
    let cell = |took: Option<u64>, way| match (took, pull(way)) {
        (Some(ms), Some(pull)) => format!("{} {}", millis(ms), link(pull.started)),
        (None, Some(pull)) => format!("never seen {}", link(pull.started)),
        (_, None) if way == Way::Undo => "not taken back".to_owned(),
        (_, None) => "not pulled".to_owned(),
    };
    let title = Id::new(&row.lever).map_or_else(|_| row.lever.clone(), |lever| facts.dossier.lever(&lever));
    let verdict = format!("**{}**", row.verdict);
    let budget = row.budget_ms.map_or_else(|| "none".to_owned(), millis);
    vec![title, verdict, cell(row.there_ms, Way::Do), cell(row.ttr_ms, Way::Undo), budget]
}
