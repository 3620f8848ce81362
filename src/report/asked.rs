//! What only people know: the questions that every incident leaves, each under the section it belongs to.

use super::block::Block;
use super::facts::Facts;
use schemars::JsonSchema;
use serde::Serialize;

/// A question that only people can answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Question {
    /// Its name, by which it is answered.
    pub id: String,
    /// The section that it stands under.
    pub section: String,
    /// As it is asked: a line of Markdown.
    pub asks: String,
}

/// A question of every incident.
struct Ask {
    id: &'static str,
    section: &'static str,
    asks: &'static str,
    /// Whether a drill asks it too: there nobody was affected.
    of_drills: bool,
}

/// Asked after every rollback; the machine does not guess.
const ASKED: [Ask; 16] = [
    ask("owner", "participants", "Who owns this review?"),
    live("impact-who", "impact", "Who was affected, how many, and in which regions?"),
    live("impact-saw", "impact", "What did they see, and from when to when?"),
    live("impact-lost", "impact", "What was lost or answered wrongly, and does it need to be put right?"),
    live("impact-began", "impact", "When did impact begin? (time to detect is from there to the first BREACH)"),
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

/// Everything that is asked, in the order of the table.
pub(super) fn questions(facts: &Facts) -> Vec<Question> {
    let drill = facts.drill().is_some();
    let asked = ASKED.iter().filter(|ask| ask.of_drills || !drill);
    let question = |Ask { id, section, asks, .. }: &Ask| Question {
        id: (*id).to_owned(),
        section: (*section).to_owned(),
        asks: (*asks).to_owned(),
    };
    asked.map(question).collect()
}

/// What is asked under a section.
pub(super) fn under(questions: &[Question], section: &str) -> Option<Block> {
    let here = questions.iter().filter(|question| question.section == section);
    let asked: Vec<String> = here.map(|question| question.asks.clone()).collect();
    (!asked.is_empty()).then_some(Block::Asked(asked))
}
