//! What only people know: the questions that an incident leaves, each under the section it belongs to, and what was
//! answered to them.

use super::block::Block;
use super::debrief::Question as Debriefed;
use super::escape::{code, md};
use super::facts::Facts;
use super::show::{link_to, listed, utc};
use super::written::inert_markdown;
use crate::incident::Event;
use schemars::JsonSchema;
use serde::Serialize;

/// A question that only people can answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Question {
    /// Its name, by which it is answered in `answers.toml`.
    pub id: String,
    /// The section that it stands under.
    pub section: String,
    /// As it is asked: a line of Markdown.
    pub asks: String,
    /// The line of the journal that raises it.
    pub line: Option<u64>,
    /// What people say: Markdown of several lines, nothing in it acts.
    pub answer: Option<String>,
    /// Whether it is still asked; an answer to what is not is kept.
    pub asked: bool,
}

/// A question of every incident.
struct Ask {
    id: &'static str,
    section: &'static str,
    asks: &'static str,
    /// Whether a drill asks it too: there nobody was affected.
    of_drills: bool,
}

/// Who owns the review: answered by its own key.
pub(super) const OWNER: &str = "owner";

/// When impact began: answered by a time under its own table, and in words as every other.
pub(super) const BEGAN: &str = "impact-began";

/// Asked after every rollback; the machine does not guess.
const ASKED: [Ask; 16] = [
    ask(OWNER, "participants", "Who owns this review?"),
    live("impact-who", "impact", "Who was affected, how many, and in which regions?"),
    live("impact-saw", "impact", "What did they see, and from when to when?"),
    live("impact-lost", "impact", "What was lost or answered wrongly, and does it need to be put right?"),
    live(BEGAN, "impact", "When did impact begin? (TTD, TTM and TTR count from there)"),
    ask("changed", "lead-up", "What changed before it, and why did nothing stop it earlier?"),
    ask("contributed", "contributing", "What contributed? (several causes, no names)"),
    ask("surprised", "questions", "What surprised you?"),
    ask("well", "well", "What went well?"),
    ask("badly", "well", "What went badly?"),
    ask("lucky", "well", "Where were we lucky?"),
    ask("hard", "difficulties", "What was hard to see, to find or to decide while it ran?"),
    ask("lessons", "difficulties", "Which two lessons does it teach?"),
    ask("prevent", "actions", "Which three measures would prevent it?"),
    live("tell", "messaging", "Who should hear of this and has not yet?"),
    ask("else", "supporting", "What else should a reader see? (dashboards, tickets, threads)"),
];

const fn ask(id: &'static str, section: &'static str, asks: &'static str) -> Ask {
    Ask { id, section, asks, of_drills: true }
}

const fn live(id: &'static str, section: &'static str, asks: &'static str) -> Ask {
    Ask { id, section, asks, of_drills: false }
}

/// Everything that is asked, what this journal asks first, with what was answered; behind it every answer to what is
/// not asked.
pub(super) fn questions(facts: &Facts) -> Vec<Question> {
    let drill = facts.drill().is_some();
    let always = ASKED.iter().filter(|ask| ask.of_drills || !drill);
    let always = always.map(|ask| question(ask.id.to_owned(), ask.section, ask.asks.to_owned(), None));
    let mut questions: Vec<Question> = of_journal(facts).into_iter().chain(always).collect();
    let review = &facts.dossier.review;
    for question in &mut questions {
        let owner = review.owner.as_ref().filter(|_| question.id == OWNER).map(|owner| md(owner.as_str()));
        let began = review.impact.filter(|_| question.id == BEGAN).map(|felt| format!("{} UTC", utc(felt.began_ms)));
        let said = review.answers.get(&question.id).map(|said| inert_markdown(said));
        let said = began.into_iter().chain(owner.or(said));
        let all: Vec<String> = said.chain(debriefed(facts, &question.id)).collect();
        question.answer = (!all.is_empty()).then(|| all.join("\n\n"));
    }
    let known = |id: &str| questions.iter().any(|question| question.id == id);
    let unasked = review.answers.iter().filter(|(id, _)| !known(id));
    let unasked = unasked.map(|(id, said)| Question {
        answer: Some(inert_markdown(said)),
        asked: false,
        ..question(id.clone(), "questions", format!("Said to {}, which this journal does not ask", code(id)), None)
    });
    let unasked: Vec<Question> = unasked.collect();
    questions.extend(unasked);
    questions
}

/// Where what is said in a drill's debrief stands, and what it is called there.
const DEBRIEFED: [(&str, Debriefed, &str); 3] = [
    ("surprised", Debriefed::Surprised, ""),
    ("well", Debriefed::Keep, "To keep: "),
    ("badly", Debriefed::Change, "To change: "),
];

/// What was said to this in the debrief: nobody is asked the same twice.
fn debriefed<'a>(facts: &Facts<'a>, id: &str) -> impl Iterator<Item = String> + use<'a> {
    let asked = DEBRIEFED.iter().find(|(known, ..)| *known == id);
    let said = asked.into_iter().flat_map(|(_, to, lead)| facts.dossier.debrief.to(*to).map(move |said| (lead, said)));
    said.filter_map(|(lead, said)| {
        let words = md(said.says.as_ref()?.as_str());
        Some(format!("{lead}{words} ({}, in the debrief)", md(said.by.as_str())))
    })
}

fn question(id: String, section: &str, asks: String, line: Option<u64>) -> Question {
    Question { id, section: section.to_owned(), asks, line, answer: None, asked: true }
}

/// What this incident's journal asks of people. The ids are made of what never changes in a journal that only grows.
fn of_journal(facts: &Facts) -> Vec<Question> {
    let mut asked = Vec::new();
    for (attempt, pull) in &facts.pulls {
        if pull.was_unknown || pull.settled.is_none() {
            let asks = format!("Pull {attempt} ended UNKNOWN: what happened to the request?");
            asked.push(question(format!("unknown-pull-{attempt}"), "questions", asks, Some(pull.started.seq)));
        }
    }
    for record in &facts.dossier.records {
        let (word, asks) = match &record.event {
            Event::HoldReset { .. } => ("reset", "What made the hold start again?".to_owned()),
            Event::EvidenceCaptured { missing, .. } if !missing.is_empty() => {
                let names: Vec<String> = missing.iter().map(|name| code(name.as_str())).collect();
                ("missing", format!("What was {}? It could not be captured.", listed(&names)))
            }
            Event::Reverted { probe, .. } => ("reverted", format!("What put {} back?", facts.dossier.probe(probe))),
            Event::Objected { .. } => ("objection", "How was this objection answered?".to_owned()),
            _ => continue,
        };
        asked.push(question(format!("{word}-l{}", record.seq), "questions", asks, Some(record.seq)));
    }
    asked
}

/// What is said under a section, and behind it what is still asked there.
pub(super) fn under(questions: &[Question], section: &str) -> Vec<Block> {
    let here = || questions.iter().filter(|question| question.section == section);
    let mut blocks = Vec::new();
    for question in here() {
        if let Some(answer) = &question.answer {
            blocks.extend([
                Block::Said(format!("**{}**{}", question.asks, line_of(question))),
                Block::Written(answer.clone()),
            ]);
        }
    }
    let open = here().filter(|question| question.answer.is_none());
    let open: Vec<String> = open.map(|question| format!("{}{}", question.asks, line_of(question))).collect();
    blocks.extend((!open.is_empty()).then_some(Block::Asked(open)));
    blocks
}

fn line_of(question: &Question) -> String {
    question.line.map_or_else(String::new, |line| format!(" {}", link_to(line)))
}
