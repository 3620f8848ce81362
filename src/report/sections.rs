//! The report's sections, in order: what the journal says of each, and what only people know of it.

use super::actions::Action;
use super::asked::Question;
use super::block::{Block, Section};
use super::facts::Facts;
use super::{actions, asked, closing, follow_ups, leftovers, noticed, opening, pins, response, times};

/// What the journal says under a heading.
type Part = fn(&Facts) -> Vec<Block>;

/// Name, heading, and what is written there: the union of the postmortem templates people use (Google's SRE book,
/// `PagerDuty`, Atlassian, Howie), the facts apart from what people tell.
const SECTIONS: [(&str, &str, &[Part]); 23] = [
    ("summary", "Summary", &[opening::summary]),
    ("impact", "Impact", &[opening::impact]),
    ("lead-up", "Lead-up", &[opening::lead_up]),
    ("trigger", "Trigger", &[noticed::trigger]),
    ("detection", "Detection", &[noticed::detection]),
    ("response", "Response", &[response::steps]),
    ("deviations", "Overrides, skips and other deviations", &[leftovers::deviations]),
    ("mitigation", "Mitigation", &[response::levers]),
    ("unknown-ends", "Unknown ends", &[leftovers::unknowns]),
    ("pins", "Pins before and after", &[pins::pins]),
    ("recovery", "Recovery", &[times::hold, leftovers::debts]),
    ("times", "Times", &[times::times]),
    ("timeline", "Timeline", &[response::timeline]),
    ("contributing", "Contributing factors", &[]),
    ("questions", "Open questions", &[]),
    ("well", "What went well, what went badly, where we were lucky", &[]),
    ("difficulties", "Difficulties in handling", &[]),
    ("actions", "Actions", &[]),
    ("follow-ups", "Follow-ups", &[follow_ups::follow_ups]),
    ("messaging", "Messaging", &[leftovers::messages]),
    ("participants", "Participants", &[opening::participants]),
    ("gaps", "Gaps in what could be seen", &[leftovers::gaps]),
    ("supporting", "Supporting data", &[leftovers::notes, closing::evidence, opening::sources]),
];

/// Every section.
pub(super) fn all(facts: &Facts, questions: &[Question], actions: &[Action]) -> Vec<Section> {
    let section = |(id, title, parts): &(&'static str, &'static str, &[Part])| {
        let mut blocks: Vec<Block> = parts.iter().flat_map(|part| part(facts)).collect();
        blocks.extend((*id == "actions").then(|| actions::table(actions)));
        blocks.extend(asked::under(questions, id));
        Section { id, title, blocks: apart(blocks) }
    };
    SECTIONS.iter().map(section).collect()
}

/// Two lists in a row would be read as one: what people are asked is told apart by a sentence.
fn apart(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        if matches!((out.last(), &block), (Some(Block::List(_)), Block::Asked(_))) {
            out.push(Block::Said("Only people know:".into()));
        }
        out.push(block);
    }
    out
}
