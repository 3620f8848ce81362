//! How it came to be noticed: what it was declared on, which limits broke first, and who saw it.

use super::block::Block;
use super::escape::{code, md};
use super::facts::{Facts, is_breach};
use super::show::link;
use crate::incident::Event;
use crate::incident::event::Trigger;
use crate::metrics::VerdictState;
use crate::playbook::Id;

/// What the rollback was declared on, value against limit.
pub(super) fn trigger(facts: &Facts) -> Vec<Block> {
    let Some(record) = facts.declared else {
        return vec![Block::Said("Nothing was declared.".into())];
    };
    let Event::Declared { triggers, .. } = &record.event else { return Vec::new() };
    let row = |trigger: &Trigger| match trigger {
        Trigger::Metric { metric, verdict } => vec![
            facts.dossier.metric(metric),
            facts.dossier.value(metric, verdict),
            verdict.limit.as_deref().map_or_else(|| "none".into(), code),
            verdict.state.word().into(),
            verdict.sampled_ms.map_or_else(|| "not known".into(), |at| facts.clock(at)),
        ],
        Trigger::Person(said) => {
            vec!["a person".into(), format!("“{}”", md(said.as_str())), "none".into(), String::new(), String::new()]
        }
    };
    let mut blocks = vec![Block::Said(format!("As of the declaration {}:", link(record)))];
    blocks.push(Block::table(&["What", "Value", "Stop limit", "State", "Sampled (UTC)"], triggers.iter().map(row)));
    blocks.extend(symptoms(facts));
    blocks
}

fn symptoms(facts: &Facts) -> Option<Block> {
    let mut lines = Vec::new();
    for record in &facts.dossier.records {
        if let Event::SymptomDeclared { symptom } = &record.event {
            let by = code(record.actor.as_str());
            lines.push(format!("Symptom raised by {by}: {} {}", facts.dossier.symptom(symptom), link(record)));
        }
    }
    (!lines.is_empty()).then_some(Block::List(lines))
}

/// Which metrics said so, and when someone saw it.
pub(super) fn detection(facts: &Facts) -> Vec<Block> {
    let mut seen: Vec<&Id> = Vec::new();
    let mut rows = Vec::new();
    for record in &facts.dossier.records {
        let Event::VerdictChanged { metric, verdict } = &record.event else { continue };
        if !is_breach(&record.event) || seen.contains(&metric) {
            continue;
        }
        seen.push(metric);
        rows.push(vec![
            facts.dossier.metric(metric),
            warned(facts, metric, record.seq),
            facts.clock(record.at.wall_ms),
            format!(
                "{} against {}",
                facts.dossier.value(metric, verdict),
                verdict.limit.as_deref().map_or("none".into(), code)
            ),
            acknowledged(facts, metric),
            link(record),
        ]);
    }
    if rows.is_empty() {
        return vec![Block::Said(unbroken(facts))];
    }
    let head = ["Metric", "First WARN (UTC)", "First BREACH (UTC)", "Value", "Acknowledged (UTC)", "Line"];
    vec![Block::table(&head, rows)]
}

/// What is told where nothing but a person can have noticed.
fn unbroken(facts: &Facts) -> String {
    let none = "No stop limit was broken in this journal";
    match facts.declared {
        Some(record) => format!("{none}; {} declared it {}.", code(record.actor.as_str()), link(record)),
        None => format!("{none}, and nothing was declared."),
    }
}

fn warned(facts: &Facts, metric: &Id, before: u64) -> String {
    let warn = facts.first(|event| {
        matches!(event, Event::VerdictChanged { metric: m, verdict } if m == metric && verdict.state == VerdictState::Warn)
    });
    warn.filter(|record| record.seq < before).map_or_else(|| "none".into(), |record| facts.clock(record.at.wall_ms))
}

fn acknowledged(facts: &Facts, metric: &Id) -> String {
    let seen = facts.first(|event| matches!(event, Event::Acknowledged { metric: m } if m == metric));
    seen.map_or_else(|| "no".into(), |record| format!("{} {}", facts.clock(record.at.wall_ms), link(record)))
}
