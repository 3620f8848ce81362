//! Actions: what the journal suggests, each from a line of it, what people add, and what became of either.

use super::block::Block;
use super::debrief::Finding;
use super::deviation::{OfStep, is_deviation, of_step};
use super::escape::{code, md};
use super::facts::Facts;
use super::leftovers::{left_blank, unwritten};
use super::review::{Stands, Taken};
use super::sentence::sentence;
use super::show::{link, listed, millis};
use super::times::spans;
use crate::incident::{Event, ReadBack, Record};
use crate::kind::Outcome;
use crate::playbook::{Comm, Id};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Something to be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Action {
    /// Its name, by which `answers.toml` says who does it.
    pub id: String,
    /// What is to be done: a line of Markdown.
    pub what: String,
    /// The line of the journal that suggests it, if it is one.
    pub line: Option<u64>,
    /// Whether the journal suggests it; what people say of one that it does not is kept.
    pub suggested: bool,
    /// Whether it is neither suggested nor of people's own: they took one that this journal does not know.
    #[serde(skip)]
    pub(super) gone: bool,
    /// Who sees to it: a line of Markdown.
    pub owner: Option<String>,
    /// Of which type it is: a line of Markdown.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// When it is due, as `2026-12-01`.
    pub due: Option<String>,
    /// What became of it.
    pub state: Stands,
    /// Why it was dropped: a line of Markdown.
    pub why: Option<String>,
}

/// Everything that is suggested and was added, and what became of it.
pub(super) fn actions(facts: &Facts) -> Vec<Action> {
    let review = &facts.dossier.review;
    let mut actions = suggested(facts);
    actions.extend(found(facts));
    for action in &mut actions {
        if let Some(taken) = review.actions.get(&action.id) {
            *action = action.clone().taken(taken);
        }
    }
    let known = |id: &str| actions.iter().any(|action| action.id == id);
    let gone = review.actions.iter().filter(|(id, _)| !known(id));
    let gone = gone.map(|(id, taken)| {
        Action::new(id.clone(), format!("{}, which this journal does not suggest", code(id)), None).taken(taken)
    });
    let more = review.more.iter().enumerate();
    let more =
        more.map(|(at, (what, taken))| Action::new(format!("more-{}", at + 1), md(what.as_str()), None).taken(taken));
    let gone = gone.map(|action| Action { gone: true, ..action });
    let added: Vec<Action> = gone.chain(more).map(|action| Action { suggested: false, ..action }).collect();
    actions.extend(added);
    actions
}

/// What was found in the debrief of a drill, and is to be drilled again.
fn found(facts: &Facts) -> Vec<Action> {
    let action = |(at, found): (usize, &Finding)| Action {
        suggested: false,
        owner: Some(md(found.owner.as_str())),
        kind: Some("drill again".into()),
        due: Some(found.redrill.to_string()),
        ..Action::new(
            format!("finding-{}", at + 1),
            format!("{} (found in the debrief)", md(found.finding.as_str())),
            None,
        )
    };
    facts.dossier.debrief.findings.iter().enumerate().map(action).collect()
}

/// The same as a table.
pub(super) fn table(actions: &[Action]) -> Block {
    if actions.is_empty() {
        return Block::Said("The journal suggests none.".into());
    }
    let unknown = |said: &Option<String>| said.clone().unwrap_or_else(|| "?".into());
    let row = |action: &Action| {
        let state = match (action.state, &action.why) {
            (Stands::Open, _) => "**open**".to_owned(),
            (Stands::Done, _) => "done".to_owned(),
            (Stands::Dropped, why) => format!("dropped: {}", unknown(why)),
        };
        let (owner, kind, due) = (unknown(&action.owner), unknown(&action.kind), unknown(&action.due));
        vec![action.what.clone(), owner, kind, due, state, code(&action.id)]
    };
    Block::table(&["Action", "Owner", "Type", "Due", "State", "Id"], actions.iter().map(row))
}

impl Action {
    fn new(id: String, what: String, line: Option<u64>) -> Self {
        Self {
            id,
            what,
            line,
            suggested: true,
            gone: false,
            owner: None,
            kind: None,
            due: None,
            state: Stands::Open,
            why: None,
        }
    }

    /// One that a record suggests. Its id is made of what never changes in a journal that only grows.
    fn of(id: String, what: &str, record: &Record) -> Self {
        Self::new(id, format!("{what} {}", link(record)), Some(record.seq))
    }

    fn taken(self, taken: &Taken) -> Self {
        let said = |text: &Option<crate::text::Text>| text.as_ref().map(|text| md(text.as_str()));
        Self {
            owner: said(&taken.owner).or(self.owner),
            kind: said(&taken.kind).or(self.kind),
            due: taken.due.map(|due| due.to_string()).or(self.due),
            state: taken.state,
            why: said(&taken.why),
            ..self
        }
    }
}

/// Stubs, each from a line of the journal. Owner, type and date are for people.
fn suggested(facts: &Facts) -> Vec<Action> {
    let parts: [fn(&Facts) -> Vec<Action>; 7] =
        [of_deviations, of_reversions, of_pulls, of_gaps, of_messages, of_overruns, of_debts];
    parts.into_iter().flat_map(|part| part(facts)).collect()
}

fn of_overruns(facts: &Facts) -> Vec<Action> {
    let over = |span: &super::times::Span| {
        let (over, record) = span.overrun()?;
        let what = format!("{} took {} too long: shorten it or change its budget", span.name, millis(over));
        Some(Action::of(format!("slow-{}", span.id), &what, record))
    };
    spans(facts).iter().filter_map(over).collect()
}

fn of_debts(facts: &Facts) -> Vec<Action> {
    let open = facts.debts.iter().filter(|debt| debt.paid.is_none());
    let stub = |debt: &super::facts::Debt| {
        let whose = facts.owner_of(debt.id).map_or_else(String::new, |owner| format!(" ({})", md(owner)));
        let what = format!("Pay the open debt: {}{whose}", facts.owed(debt));
        Action::of(format!("debt-l{}", debt.opened.seq), &what, debt.opened)
    };
    open.map(stub).collect()
}

fn of_reversions(facts: &Facts) -> Vec<Action> {
    let stub = |record: &Record| {
        let Event::Reverted { probe, .. } = &record.event else { return None };
        let what = format!("Keep what put {} back from doing it again", facts.dossier.probe(probe));
        Some(Action::of(format!("unflip-l{}", record.seq), &what, record))
    };
    facts.dossier.records.iter().filter_map(stub).collect()
}

/// One stub a step, however often it left the book; one for everything else that did.
fn of_deviations(facts: &Facts) -> Vec<Action> {
    let mut groups: Vec<Vec<&Record>> = Vec::new();
    for record in facts.dossier.records.iter().filter(|record| is_deviation(&record.event)) {
        let same_step = |group: &&mut Vec<&Record>| step_of(record).is_some() && step_of(record) == step_of(group[0]);
        match groups.iter_mut().find(same_step) {
            Some(group) => group.push(record),
            None => groups.push(vec![record]),
        }
    }
    groups.iter().map(|group| stub(facts, group)).collect()
}

fn step_of(record: &Record) -> Option<&Id> {
    of_step(&record.event).map(|deviation| deviation.step)
}

/// What one step's deviations, or one that is of no step, ask for.
fn stub(facts: &Facts, group: &[&Record]) -> Action {
    let fits = |(test, _): &&Lead| group.iter().any(|record| test(record));
    let lead = LEADS.iter().find(fits).map_or(ANY_LEAD, |(_, lead)| *lead);
    let (first, last) = (group[0], group[group.len() - 1]);
    let id = format!("{}-l{}", word_of(&first.event), first.seq);
    let deviations: Vec<OfStep> = group.iter().filter_map(|record| of_step(&record.event)).collect();
    let [_, .., newest] = deviations.as_slice() else {
        return Action::of(id, &format!("{lead}: {}", sentence(facts.dossier, &last.event)), last);
    };
    let why = format!(", last because: {}", md(newest.reason.as_str()));
    let (step, what) = (facts.dossier.step(newest.step), counted(&deviations));
    let what = format!("{lead}: Step **{step}** {what}{why} {} to {}", link(first), link(last));
    Action::new(id, what, Some(first.seq))
}

/// What a deviation is called in an id.
fn word_of(event: &Event) -> &'static str {
    match event {
        Event::StepStarted { .. } => "order",
        Event::StepSkipped { .. } => "skip",
        Event::StepOverridden { .. } => "override",
        Event::StepDeferred { .. } => "deferred",
        Event::StepDone { .. } => "pick",
        Event::StepFailed { .. } => "failed",
        Event::StepReopened { .. } => "reopened",
        Event::PullStarted { by_hand: true, .. } => "by-hand",
        Event::PullStarted { .. } => "precheck",
        Event::Objected { .. } => "objection",
        Event::Closed { .. } => "closed",
        // Which events are deviations is listed where they are told apart.
        _ => "deviation",
    }
}

/// `SKIPPED 2 times and REOPENED`, each word where it came first.
fn counted(deviations: &[OfStep]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for deviation in deviations {
        match counts.iter_mut().find(|(word, _)| *word == deviation.word) {
            Some((_, count)) => *count += 1,
            None => counts.push((deviation.word, 1)),
        }
    }
    let often = |(word, count): &(&str, usize)| match count {
        1 => (*word).to_owned(),
        many => format!("{word} {many} times"),
    };
    listed(&counts.iter().map(often).collect::<Vec<_>>())
}

/// What a deviation asks for.
type Lead = (fn(&Record) -> bool, &'static str);

/// The gravest first; a step that a person opened again was undone by nobody.
const LEADS: [Lead; 6] = [
    (|record| matches!(record.event, Event::StepFailed { .. }), "Make the step work"),
    (
        |record| matches!(record.event, Event::StepReopened { .. }) && !is_by_person(record),
        "Find out what undid the step",
    ),
    (|record| matches!(record.event, Event::StepOverridden { .. }), "Mend the sensor or the step"),
    (|record| matches!(record.event, Event::StepDeferred { .. }), "Finish what was put off"),
    (
        |record| matches!(record.event, Event::StepDone { .. }),
        "Let a symptom list the lever, or leave it alone next time",
    ),
    (|record| matches!(record.event, Event::Objected { .. }), "Answer the objection"),
];

/// Where none of them fits.
const ANY_LEAD: &str = "Decide whether the playbook or the habit should change";

/// Whether a person asked for it, and not goaround by what it saw.
fn is_by_person(record: &Record) -> bool {
    !["sensor", "pilot"].contains(&record.actor.as_str())
}

fn of_pulls(facts: &Facts) -> Vec<Action> {
    let mut stubs = Vec::new();
    for (attempt, pull) in &facts.pulls {
        let lever = facts.pulled(pull);
        let mut stub = |word: &str, how: &str| {
            let what = format!("Find out why pull {attempt} ({lever}) {how}");
            stubs.push(Action::of(format!("{word}-pull-{attempt}"), &what, pull.started));
        };
        if pull.was_unknown || pull.settled.is_none() {
            stub("unknown", "had no known end");
        }
        if let Some((_, ReadBack::Disagrees)) = pull.read {
            stub("disagrees", "was not effective");
        }
        match pull.settled {
            Some((_, outcome @ Outcome::Rejected)) => stub("rejected", &format!("was {}", outcome.word())),
            Some((_, outcome @ Outcome::NotSent)) => stub("not-sent", &format!("was {}", outcome.word())),
            Some((_, Outcome::Applied | Outcome::Unknown)) | None => {}
        }
    }
    stubs
}

/// One stub a metric, at its first gap.
fn of_gaps(facts: &Facts) -> Vec<Action> {
    let mut first: BTreeMap<&Id, (&Record, usize)> = BTreeMap::new();
    for gap in &facts.gaps {
        first.entry(gap.metric).or_insert((gap.from, 0)).1 += 1;
    }
    let stub = |(metric, (record, times)): (&Id, (&Record, usize))| {
        let often = if times == 1 { "once".to_owned() } else { format!("{times} times") };
        let what = format!("Make {} measurable: it could not be believed {often}, first", facts.dossier.metric(metric));
        Action::of(format!("gap-{metric}"), &what, record)
    };
    first.into_iter().map(stub).collect()
}

/// One stub a message that did not go out, or went out with a blank, and one for each that came due and was never written.
fn of_messages(facts: &Facts) -> Vec<Action> {
    let unsent = facts.messages.iter().filter(|message| !message.is_sent());
    let stub = |message: &super::facts::Message| {
        let what = format!("Send or withdraw the message {}", facts.dossier.comm(message.comm));
        Action::of(format!("message-l{}", message.queued.seq), &what, message.queued)
    };
    let blank = |message: &super::facts::Message| {
        let blanks = left_blank(facts, message);
        let what = format!("Say what {} left blank: {}", facts.dossier.comm(message.comm), listed(&blanks));
        (!blanks.is_empty()).then(|| Action::of(format!("blank-l{}", message.queued.seq), &what, message.queued))
    };
    let never = |comm: &Comm| {
        let what = format!("Send the message {}, or say why it was not needed", facts.dossier.comm(&comm.id));
        Action::new(format!("unwritten-{}", comm.id), what, None)
    };
    let blanks = facts.messages.iter().filter_map(blank);
    unsent.map(stub).chain(blanks).chain(unwritten(facts).into_iter().map(never)).collect()
}
