//! The report's head: status, summary, impact, lead-up.

use super::block::{Block, Field};
use super::deviation::is_deviation;
use super::escape::{code, md};
use super::facts::Facts;
use super::lead::{apart, in_order, lead};
use super::sentence::sentence;
use super::show::{duration, link, listed, millis, utc};
use super::standing::Standing;
use super::start::ANSWERED;
use crate::incident::{Event, Record, Way};
use crate::kind::Outcome;
use crate::metrics::VerdictState;
use crate::playbook::Edge;

/// The report's heading.
pub(super) fn title(facts: &Facts) -> String {
    let dossier = facts.dossier;
    match dossier.records.first().map(|record| &record.event) {
        // Nothing was done to the environment that a drill's playbook names.
        Some(Event::Opened { service, drill: Some(drill), .. }) => {
            format!("Drill: {}, {}", md(drill.scenario.as_str()), md(service.as_str()))
        }
        Some(Event::Opened { service, environment, drill: None, .. }) => {
            format!("{}: {} in {}", dossier.noun().capital(), md(service.as_str()), md(environment.as_str()))
        }
        Some(_) | None => md(&dossier.dir),
    }
}

/// What everybody asks first.
pub(super) fn head(facts: &Facts) -> Vec<Field> {
    let dossier = facts.dossier;
    let Some(Event::Opened { incident, service, environment, profile, playbook_sha256, version, drill }) =
        dossier.records.first().map(|record| &record.event)
    else {
        return named(vec![("Status", format!("{}The journal holds no record.", incomplete(facts)))]);
    };
    let owner = dossier.review.owner.as_ref().map_or_else(|| "nobody yet".to_owned(), |owner| md(owner.as_str()));
    let status = format!("{}{}", incomplete(facts), standing(facts));
    let mut rows = vec![("Status", status), ("Owner", owner), ("Incident", code(incident.as_str()))];
    rows.extend(severity(facts).map(|severity| ("Severity", severity)));
    let profile = if profile.is_empty() { String::new() } else { format!(", profile {}", code(profile.as_str())) };
    rows.push(("Where", format!("{}, environment {}{profile}", code(service.as_str()), code(environment.as_str()))));
    if let Some(drill) = drill {
        let script = format!("scenario {}, seed {}", code(drill.scenario.as_str()), drill.seed);
        rows.push(("Drill", format!("{script}: a simulated world, and its times are those of that world")));
    }
    rows.extend(lasted(facts).map(|lasted| ("Duration", lasted)));
    rows.extend(E66.iter().filter_map(|(name, edge)| Some((*name, reached(facts, edge)?))));
    if let (Some(first), Some(last)) = (dossier.records.first(), facts.last()) {
        rows.push(("Recorded", format!("{} to {} UTC", utc(first.at.wall_ms), utc(last.at.wall_ms))));
    }
    rows.extend(facts.figures().map(|figures| ("Figures follow", figures)));
    rows.extend(facts.edition().map(|edition| ("Runbook", edition)));
    let playbook = dossier.playbook.as_ref().map_or(String::new(), |playbook| format!("{}, ", md(&playbook.title)));
    rows.push(("Playbook", format!("{playbook}[playbook.toml](playbook.toml), SHA-256 {}", code(playbook_sha256))));
    rows.push(("Journal", journal(facts, version.as_str())));
    named(rows)
}

fn named(rows: Vec<(&str, String)>) -> Vec<Field> {
    rows.into_iter().map(|(name, says)| Field { name: name.to_owned(), says }).collect()
}

/// Where the incident stands.
pub(super) fn standing_of(facts: &Facts) -> Standing {
    match (facts.closed.map(|record| &record.event), facts.declared) {
        (Some(Event::Closed { recovered: true, .. }), _) => Standing::Recovered,
        (Some(_), _) => Standing::NotRecovered,
        (None, Some(_)) => Standing::Open,
        (None, None) if facts.dossier.records.is_empty() => Standing::Empty,
        (None, None) => Standing::Undeclared,
    }
}

/// 1 (worst) to 4.
pub(super) fn severity_of(facts: &Facts) -> Option<u8> {
    let Event::Declared { severity, .. } = &facts.declared?.event else { return None };
    Some(*severity)
}

/// Said before anything else: what follows is only what still holds.
fn incomplete(facts: &Facts) -> String {
    match &facts.dossier.fault {
        Some(fault) => format!(
            "**incomplete**: the journal is damaged from line {} on, what follows is what stands before it: ",
            fault.line
        ),
        None => String::new(),
    }
}

fn journal(facts: &Facts, version: &str) -> String {
    let dossier = facts.dossier;
    let head = dossier.hashes.last().map_or("", String::as_str);
    let torn = match dossier.torn_bytes {
        0 => String::new(),
        bytes => format!(", {bytes} unfinished bytes behind them are not in this report"),
    };
    let fault = dossier.fault.as_ref().map_or(String::new(), |fault| format!(". **DAMAGED**: {}", md(&fault.says)));
    let records = dossier.records.len();
    format!(
        "[journal.jsonl](journal.jsonl), {records} records, head {}, goaround {}{torn}{fault}",
        code(head),
        md(version)
    )
}

impl Facts<'_> {
    /// Which source the profile's figures follow.
    fn figures(&self) -> Option<String> {
        let profile = &self.dossier.playbook.as_ref()?.profile;
        (!profile.source.is_empty()).then(|| md(&profile.source))
    }

    /// Which edition of the procedure was flown.
    fn edition(&self) -> Option<String> {
        let runbook = self.dossier.playbook.as_ref()?.lists.runbook.as_ref()?;
        Some(format!("{} of {} by {}", md(&runbook.version), md(&runbook.date), md(&runbook.author)))
    }
}

/// Where the incident stands, in bold and a half-sentence.
fn standing(facts: &Facts) -> String {
    let open = facts.debts.iter().filter(|debt| debt.paid.is_none()).count();
    let debts = match open {
        0 => String::new(),
        1 => ", 1 debt open".to_owned(),
        n => format!(", {n} debts open"),
    };
    match facts.closed {
        Some(record) => match &record.event {
            Event::Closed { recovered: true, .. } => format!("**closed, recovered** {}", link(record)),
            _ => format!("**closed, not recovered**{debts} {}", link(record)),
        },
        None if facts.declared.is_none() => format!("**no {} declared**", facts.dossier.noun()),
        None => match facts.edge(&Edge::HoldMet) {
            Some(met) => format!("**open**: hold met{debts} {}", link(met)),
            None => format!("**open**: not recovered{debts}"),
        },
    }
}

fn severity(facts: &Facts) -> Option<String> {
    let record = facts.declared?;
    let Event::Declared { severity, .. } = &record.event else { return None };
    Some(format!(
        "SEV{severity}, declared by {} at {} UTC {}",
        code(record.actor.as_str()),
        utc(record.at.wall_ms),
        link(record)
    ))
}

/// When it was noticed, begun, ended and steady: what the fifth source wants in every report (seed 004, E66).
const E66: [(&str, Edge); 4] = [
    ("Detected", Edge::Detected),
    ("Initiated", Edge::Declared),
    ("Completed", Edge::SixtyDone),
    ("Stabilized", Edge::HoldMet),
];

fn reached(facts: &Facts, edge: &Edge) -> Option<String> {
    // Only a rollback is complete with its 60-second clock, and only where a step is of it: else when watching begins.
    let sixty = *edge == Edge::SixtyDone && (!facts.may_happen(edge) || !facts.dossier.noun().is_rollback());
    let edge = if sixty { &Edge::HoldStarted } else { edge };
    let point = facts.point(edge)?;
    Some(format!("{} UTC {}", utc(point.at.wall_ms), link(point.record)))
}

/// From the declaration to the end.
fn lasted(facts: &Facts) -> Option<String> {
    let (from, to) = (facts.declared?, facts.last()?);
    let so_far = if facts.closed.is_some() { "" } else { " so far" };
    Some(format!("{}{so_far} (from the declaration)", duration(facts.between(from, to))))
}

/// Everyone in whose name something was written down, and how often.
pub(super) fn participants(facts: &Facts) -> Vec<Block> {
    let mut people: Vec<(&str, usize, &Record)> = Vec::new();
    for record in &facts.dossier.records {
        let name = record.actor.as_str();
        match people.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, lines, _)) => *lines += 1,
            None => people.push((name, 1, record)),
        }
    }
    let row = |(name, lines, first): (&str, usize, &Record)| vec![code(name), lines.to_string(), link(first)];
    vec![Block::table(&["On the journal", "Lines", "First"], people.into_iter().map(row))]
}

/// What was seen and said before the declaration.
pub(super) fn lead_up(facts: &Facts) -> Vec<Block> {
    let Some(declared) = facts.declared else { return Vec::new() };
    let tells = |event: &Event| match event {
        Event::VerdictChanged { verdict, .. } => verdict.state != VerdictState::Ok,
        Event::NoteAdded { .. } | Event::SymptomDeclared { .. } | Event::Reverted { .. } => true,
        _ => false,
    };
    let before = facts.dossier.records.iter().take_while(|record| record.seq < declared.seq);
    let told = before.filter(|record| tells(&record.event));
    let line = |record: &Record| {
        let before = apart(facts, (record, declared), "with the declaration", "before the declaration");
        format!("{before}: {} {}", sentence(facts.dossier, &record.event), link(record))
    };
    vec![Block::list_or(
        told.map(line).collect(),
        "Nothing was seen between the journal's opening and the declaration.",
    )]
}

/// What happened in a few sentences, every one a fact.
pub(super) fn summary(facts: &Facts) -> Vec<Block> {
    let mut said = Vec::new();
    let Some(declared) = facts.declared else {
        return vec![Block::Said(format!("No {} was declared.", facts.dossier.noun()))];
    };
    said.extend(lead(facts));
    if let Event::Declared { size_up, .. } = &declared.event
        && !size_up.is_empty()
    {
        said.push(format!(
            "At the declaration the situation was called: “{}” {}.",
            md(size_up.as_str()),
            link(declared)
        ));
    }
    if let Some(breach) = facts.edge(&Edge::Detected)
        && let Event::VerdictChanged { metric, verdict } = &breach.event
    {
        let (metric, value) = (facts.dossier.metric(metric), facts.dossier.value(metric, verdict));
        said.push(format!(
            "The first broken stop limit was {metric} at {value} {}; {}.",
            link(breach),
            in_order(facts, breach, declared)
        ));
    }
    said.extend(effective(facts));
    said.push(recovery(facts));
    said.extend(roughness(facts));
    vec![Block::Said(said.join(" "))]
}

/// How much did not go by the book, so that nobody takes a short summary for a smooth flight.
fn roughness(facts: &Facts) -> Option<String> {
    let deviations = facts.dossier.records.iter().filter(|record| is_deviation(&record.event)).count();
    let unknown = facts.pulls.values().filter(|pull| pull.was_unknown || pull.settled.is_none()).count();
    let unsent = facts.messages.iter().filter(|message| !message.is_sent()).count();
    let counts = [
        (deviations, "deviation"),
        (unknown, "unknown end"),
        (facts.gaps.len(), "measuring gap"),
        (unsent, "unsent message"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told.map(|(count, what)| plural(*count, what)).collect();
    (!told.is_empty()).then(|| format!("Not by the book: {}.", listed(&told)))
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Which levers were seen to work.
fn effective(facts: &Facts) -> Option<String> {
    let agree = |pull: &&super::facts::Pull| matches!(pull.read, Some((_, crate::incident::ReadBack::Agrees)));
    let name = |pull: &super::facts::Pull| {
        let hand = if pull.by_hand { " (by hand)" } else { "" };
        format!("{}{hand} {}", facts.dossier.lever(pull.lever), link(pull.started))
    };
    let pulls = facts.pulls.values().filter(|pull| pull.way == Way::Do);
    let on_a_word = |pull: &&super::facts::Pull| {
        agree(pull) && pull.read.is_some_and(|(record, _)| matches!(record.event, Event::Attested { .. }))
    };
    let told = |what: &str, names: Vec<String>| (!names.is_empty()).then(|| format!("{what}: {}.", listed(&names)));
    let seen = pulls.clone().filter(|pull| agree(pull) && !on_a_word(pull)).map(name).collect();
    let said = pulls.clone().filter(on_a_word).map(name).collect();
    // What was refused has changed nothing: that is no half of an act.
    let refused = |pull: &&super::facts::Pull| {
        !agree(pull) && matches!(pull.settled, Some((_, Outcome::Rejected | Outcome::NotSent)))
    };
    let ended = |pull: &super::facts::Pull| {
        let word = pull.settled.map_or("UNKNOWN", |(_, outcome)| outcome.word());
        format!("{} ({word})", name(pull))
    };
    let nothing = pulls.clone().filter(refused).map(ended).collect();
    let not = pulls.filter(|pull| !agree(pull) && !refused(pull)).map(name).collect();
    let told = [
        told("Pulled and confirmed by read-back", seen),
        told("Pulled and attested by a person", said),
        told("Pulled and not confirmed", not),
        told("Tried, and nothing was changed", nothing),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
}

fn recovery(facts: &Facts) -> String {
    let Some(met) = facts.edge(&Edge::HoldMet) else {
        return "The hold was not met: recovery is not shown by the exit targets.".into();
    };
    let green = match &met.event {
        Event::HoldMet { green_ms } => millis(*green_ms),
        _ => String::new(),
    };
    match (facts.declared, facts.edge(&Edge::DebtsPaid)) {
        (Some(declared), Some(paid)) => format!(
            "Every exit target was green for {green} {}, and nothing was owed {} after the declaration {}.",
            link(met),
            duration(facts.between(declared, paid)),
            link(paid)
        ),
        (_, _) => format!("Every exit target was green for {green} {}; debts are still open.", link(met)),
    }
}

/// Since when there was any, as far as a machine can know.
pub(super) fn impact(facts: &Facts) -> Vec<Block> {
    if facts.drill().is_some() {
        return vec![Block::Said("This was a drill in a simulated world: nobody was affected.".into())];
    }
    let said = facts.impact_said().map(|point| {
        let at = utc(point.at.wall_ms);
        format!("It began at {at} UTC, as answered in {ANSWERED}.")
    });
    let seen = facts.impact_seen().map(|point| {
        let (at, line) = (utc(point.at.wall_ms), link(point.record));
        format!("The first sample beyond a stop limit was taken at {at} UTC, by its source's clock {line}.")
    });
    said.into_iter().chain(seen).map(Block::Said).collect()
}
