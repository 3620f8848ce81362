//! What did not go by the book: overrides, debts, gaps, unknown ends, messages.

use super::block::Block;
use super::deviation::is_deviation;
use super::escape::{code, md};
use super::facts::{Facts, Message};
use super::sentence::{as_wanted, read_back_saw, sentence};
use super::show::{duration, file_link, link, listed, millis};
use super::wall::settings;
use crate::incident::{Event, ReadBack, Record, blanks_in};
use crate::kind::Outcome;
use crate::playbook::{Comm, Id};

/// Overrides, skips and the like, each with its reason.
pub(super) fn deviations(facts: &Facts) -> Vec<Block> {
    let told = |record: &Record| {
        let why = match &record.event {
            Event::PullStarted { override_reason: Some(why), .. } => {
                format!(", against a precheck: {}", md(why.as_str()))
            }
            _ => String::new(),
        };
        format!("{}{why} ({}) {}", sentence(facts.dossier, &record.event), code(record.actor.as_str()), link(record))
    };
    let lines: Vec<String> =
        facts.dossier.records.iter().filter(|record| is_deviation(&record.event)).map(told).collect();
    vec![Block::list_or(lines, "None: every step was done by its sensor or by what a person saw.")]
}

/// Debts, how long they were open and how they were paid.
pub(super) fn debts(facts: &Facts) -> Vec<Block> {
    if facts.debts.is_empty() {
        return vec![Block::Said("No debt was opened.".into())];
    }
    let end = facts.last();
    let row = |debt: &super::facts::Debt| {
        let (paid, how, until) = match debt.paid {
            Some((record, by)) => {
                (format!("{} {}", facts.clock(record.at.wall_ms), link(record)), md(by.as_str()), Some(record))
            }
            None => ("**still open**".to_owned(), String::new(), end),
        };
        let open = until.map_or_else(String::new, |until| duration(facts.between(debt.opened, until)));
        let opened = format!("{} {}", facts.clock(debt.opened.at.wall_ms), link(debt.opened));
        let owner = facts.owner_of(debt.id).map_or_else(|| "nobody named".to_owned(), md);
        vec![facts.owed(debt), owner, opened, paid, open, how]
    };
    let head = ["Debt", "Owner", "Opened (UTC)", "Paid (UTC)", "Open for", "How"];
    vec![Block::table(&head, facts.debts.iter().map(row))]
}

/// Spans in which a metric could not be believed.
pub(super) fn gaps(facts: &Facts) -> Vec<Block> {
    let resumed = |record: &&Record| matches!(record.event, Event::Resumed { .. });
    let away = facts.dossier.records.iter().filter(resumed).filter_map(|record| Some((record, facts.away(record)?)));
    let mut lines: Vec<String> = away.map(|(record, words)| format!("{words} {}", link(record))).collect();
    lines.extend(settings(facts));
    let mut blocks = Vec::new();
    if !lines.is_empty() {
        blocks.push(Block::List(lines));
    }
    blocks.extend(unmeasured(facts));
    if blocks.is_empty() {
        blocks.push(Block::Said("None: every metric of the journal was fresh throughout.".into()));
    }
    blocks
}

/// The gaps of each metric as a table.
fn unmeasured(facts: &Facts) -> Option<Block> {
    if facts.gaps.is_empty() {
        return None;
    }
    let end = facts.last();
    let row = |gap: &super::facts::Gap| {
        let to =
            gap.to.map_or_else(|| "the end".to_owned(), |to| format!("{} {}", facts.clock(to.at.wall_ms), link(to)));
        let lasted = gap.to.or(end).map_or_else(String::new, |to| duration(facts.between(gap.from, to)));
        let from = format!("{} {}", facts.clock(gap.from.at.wall_ms), link(gap.from));
        let why = gap.why.map_or_else(String::new, |why| md(why.as_str()));
        vec![facts.dossier.metric(gap.metric), gap.state.word().into(), from, to, lasted, why]
    };
    let head = ["Metric", "State", "From (UTC)", "To (UTC)", "Lasted", "Why"];
    Some(Block::table(&head, facts.gaps.iter().map(row)))
}

/// Pulls whose end nobody knew, or whose read-back did not agree.
pub(super) fn unknowns(facts: &Facts) -> Vec<Block> {
    let mut lines = Vec::new();
    for (attempt, pull) in &facts.pulls {
        let lever = facts.pulled(pull);
        let said = match pull.read {
            Some((record, result)) => match &record.event {
                Event::ReadBack { saw, detail, .. } => {
                    let saw = read_back_saw(saw, detail.as_ref());
                    format!("read back later: {}, {saw} {}", result.word(), link(record))
                }
                Event::Attested { saw, .. } => {
                    let (by, said) = (code(record.actor.as_str()), md(saw.as_str()));
                    format!("attested by {by} to be {}: “{said}” {}", as_wanted(result), link(record))
                }
                _ => continue,
            },
            None => "never read back".to_owned(),
        };
        if pull.was_unknown || pull.settled.is_none() {
            lines.push(format!("Pull {attempt}, {lever}: nobody knew how it ended {}; {said}", link(pull.started)));
        } else if matches!(pull.read, Some((_, ReadBack::Disagrees | ReadBack::Unknown))) {
            let claim = if pull.by_hand { "said to be done by hand" } else { "accepted" };
            lines.push(format!("Pull {attempt}, {lever}: {claim} and not seen to work {}; {said}", link(pull.started)));
        }
    }
    let refused = facts.pulls.values().filter(|pull| pull.read.is_none()).count();
    let none = match refused {
        0 => "None: every pull's end was answered and read back.".to_owned(),
        1 => {
            "None: every pull's end was answered; 1 was refused and changed nothing, the others were read back.".into()
        }
        many => format!(
            "None: every pull's end was answered; {many} were refused and changed nothing, the others were read back."
        ),
    };
    vec![Block::list_or(lines, &none)]
}

/// Messages as sent, with the receiver's answer.
pub(super) fn messages(facts: &Facts) -> Vec<Block> {
    let mut blocks: Vec<Block> = facts.messages.iter().flat_map(|message| told(facts, message)).collect();
    let missing: Vec<String> = unwritten(facts).into_iter().map(missing).collect();
    if !missing.is_empty() {
        blocks.push(Block::List(missing));
    }
    if blocks.is_empty() {
        blocks.push(Block::Said("No message was written.".into()));
    }
    blocks
}

/// Messages that came due while the incident ran and were never written.
pub(super) fn unwritten<'a>(facts: &Facts<'a>) -> Vec<&'a Comm> {
    let (Some(declared), Some(last)) = (facts.declared, facts.last()) else { return Vec::new() };
    let lasted_ms = facts.between(declared, last).ms;
    let written = |id: &Id| {
        facts
            .messages
            .iter()
            .any(|message| matches!(&message.queued.event, Event::MessageQueued { comm, .. } if comm == id))
    };
    let comms = facts.dossier.playbook.iter().flat_map(|playbook| playbook.comms.values());
    comms.filter(|comm| comm.due_ms.is_some_and(|due| due < lasted_ms) && !written(&comm.id)).collect()
}

fn missing(comm: &Comm) -> String {
    let due = millis(comm.due_ms.unwrap_or_default());
    format!("**{}** was due {due} after the declaration and was never written.", md(&comm.title))
}

fn told(facts: &Facts, message: &Message) -> Vec<Block> {
    let Event::MessageQueued { file, .. } = &message.queued.event else { return Vec::new() };
    let end = match message.settled {
        Some((record, Outcome::Applied, detail)) => {
            format!("sent {}, answer {} {}", facts.clock(record.at.wall_ms), code(detail.as_str()), link(record))
        }
        Some((record, outcome, detail)) => {
            format!("**{}**: {} {}", outcome.word(), md(detail.as_str()), link(record))
        }
        None => "**not sent** when the journal ended".to_owned(),
    };
    let written = facts.clock(message.queued.at.wall_ms);
    let tries = if message.tries > 1 { format!("tried {} times, ", message.tries) } else { String::new() };
    let said = format!(
        "**{}**, written {written} UTC {}, {tries}{end}. {}",
        facts.dossier.comm(message.comm),
        link(message.queued),
        file_link(&file.path)
    );
    let blank = match left_blank(facts, message).as_slice() {
        [] => String::new(),
        blanks => format!(" **Sent with a blank**: {}.", listed(blanks)),
    };
    let body = facts.dossier.comms.get(&file.path).cloned().map(Block::Verbatim);
    std::iter::once(Block::Said(said + &blank)).chain(body).collect()
}

/// What a message that went out left blank, each as it stands there.
pub(super) fn left_blank(facts: &Facts, message: &Message) -> Vec<String> {
    let Event::MessageQueued { file, .. } = &message.queued.event else { return Vec::new() };
    let words = facts.dossier.comms.get(&file.path).filter(|_| message.is_sent()).map_or("", String::as_str);
    blanks_in(words).map(|blank| code(&words[blank])).collect()
}

/// Notes as they were written down.
pub(super) fn notes(facts: &Facts) -> Vec<Block> {
    let mut lines = Vec::new();
    for record in &facts.dossier.records {
        if let Event::NoteAdded { text } = &record.event {
            let (at, by) = (facts.clock(record.at.wall_ms), code(record.actor.as_str()));
            lines.push(format!("{at} {by}: {} {}", md(text.as_str()), link(record)));
        }
    }
    vec![Block::list_or(lines, "No note was written down.")]
}
