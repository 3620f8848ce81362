//! Shares: how much of a rollback rested on people's hands, and how much of it nobody could measure.

use super::block::Block;
use super::facts::{Facts, Gap};
use super::show::{link_to, millis};
use crate::incident::event::DoneBy;
use crate::incident::{Event, Record};
use schemars::JsonSchema;
use serde::Serialize;

/// A part of a whole, with what both were counted from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Share {
    /// Its name for programs.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How it is derived: `part` of `whole`.
    pub formula: &'static str,
    /// The part.
    pub part: u64,
    /// The whole; nothing is told of a share of nothing.
    pub whole: u64,
    /// What both are counted in: `steps`, `pulls` or `ms`.
    pub unit: &'static str,
    /// The lines of the journal that the part was counted from.
    pub part_lines: Vec<u64>,
    /// The lines that the whole was counted from; of a time, those where it begins and ends.
    pub whole_lines: Vec<u64>,
}

/// How many lines a row of the table links to; JSON has them all.
const LINKS_MAX: usize = 6;

/// Every share of which there is a whole.
pub(super) fn shares(facts: &Facts) -> Vec<Share> {
    [steps(facts), pulls(facts), unmeasured(facts)].into_iter().filter(|share| share.whole > 0).collect()
}

/// The same as a table.
pub(super) fn table(facts: &Facts) -> Option<Block> {
    let shown = |count: u64, unit: &str| if unit == "ms" { millis(count) } else { count.to_string() };
    let row = |share: &Share| {
        let (part, whole) = (shown(share.part, share.unit), shown(share.whole, share.unit));
        let percent = percent(share.part, share.whole);
        let lines = format!("{} of {}", links(&share.part_lines), links(&share.whole_lines));
        vec![share.name.to_owned(), format!("**{percent}** ({part} of {whole})"), share.formula.to_owned(), lines]
    };
    let shares = shares(facts);
    (!shares.is_empty()).then(|| Block::table(&["Share", "Is", "Formula", "Lines"], shares.iter().map(row)))
}

fn links(lines: &[u64]) -> String {
    let shown: Vec<String> = lines.iter().take(LINKS_MAX).map(|line| link_to(*line)).collect();
    match lines.len() - shown.len() {
        0 if shown.is_empty() => "none".to_owned(),
        0 => shown.join(" "),
        more => format!("{} and {more} more", shown.join(" ")),
    }
}

/// A share to the nearest whole percent: none and all of it are said of nothing else.
fn percent(part: u64, whole: u64) -> String {
    let (part, whole) = (u128::from(part), u128::from(whole));
    match part * 100 / whole {
        0 if part > 0 => "<1%".into(),
        99 if part * 100 > whole * 99 => ">99%".into(),
        _ => format!("{}%", (part * 200 + whole) / (whole * 2)),
    }
}

/// Each step counts once, by how it was done last.
fn steps(facts: &Facts) -> Share {
    let mut done = std::collections::BTreeMap::new();
    for record in &facts.dossier.records {
        if let Event::StepDone { step, by, .. } = &record.event {
            done.insert(step, (!matches!(by, DoneBy::Sensed { .. }), record.seq));
        }
    }
    let part_lines = sorted(done.values().filter(|(by_hand, _)| *by_hand).map(|(_, line)| *line));
    Share {
        id: "steps-by-hand",
        name: "Steps done on a person's word",
        formula: "steps that a person confirmed, of all steps done",
        part: part_lines.len() as u64,
        whole: done.len() as u64,
        unit: "steps",
        part_lines,
        whole_lines: sorted(done.values().map(|(_, line)| *line)),
    }
}

fn sorted(lines: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut lines: Vec<u64> = lines.collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

fn pulls(facts: &Facts) -> Share {
    let by_hand = facts.pulls.values().filter(|pull| pull.by_hand);
    Share {
        id: "pulls-by-hand",
        name: "Pulls done by hand",
        formula: "pulls that a person did outside of goaround, of all pulls",
        part: by_hand.clone().count() as u64,
        whole: facts.pulls.len() as u64,
        unit: "pulls",
        part_lines: sorted(by_hand.map(|pull| pull.started.seq)),
        whole_lines: sorted(facts.pulls.values().map(|pull| pull.started.seq)),
    }
}

/// The time in which any metric could not be believed; where several could not, it counts once.
fn unmeasured(facts: &Facts) -> Share {
    let at = |record: &Record| facts.t_ms(record).max(0);
    let end_ms = facts.last().map_or(0, at);
    let span = |gap: &Gap| (at(gap.from), gap.to.map_or(end_ms, at).min(end_ms));
    let mut spans: Vec<(i64, i64)> = facts.gaps.iter().map(span).collect();
    spans.sort_unstable();
    let (mut part, mut seen_ms) = (0, 0);
    for (from_ms, to_ms) in spans {
        part += (to_ms - from_ms.max(seen_ms)).max(0);
        seen_ms = seen_ms.max(to_ms);
    }
    Share {
        id: "unmeasured",
        name: "Time with a metric unmeasured",
        formula: match facts.declared {
            Some(_) => {
                "time in which any metric was NODATA, STALE or ERROR, of the time from the declaration to the end"
            }
            None => {
                "time in which any metric was NODATA, STALE or ERROR, of the time from the journal's opening to the end"
            }
        },
        part: part.unsigned_abs(),
        whole: end_ms.unsigned_abs(),
        unit: "ms",
        // What was over before the whole begins has no part in it.
        part_lines: sorted(facts.gaps.iter().filter(|gap| span(gap).1 > 0).map(|gap| gap.from.seq)),
        whole_lines: facts.zero().into_iter().chain(facts.last()).map(|record| record.seq).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_is_told_as_none_or_as_all_only_where_it_is() {
        let told = [(0, 1000), (1, 1000), (9, 1000), (10, 1000), (25, 1000), (990, 1000), (991, 1000), (999, 1000)];
        let told = told.map(|(part, whole)| percent(part, whole));
        assert_eq!(told, ["0%", "<1%", "<1%", "1%", "3%", "99%", ">99%", ">99%"]);
        assert_eq!((percent(2487, 10_000).as_str(), percent(2449, 10_000).as_str()), ("25%", "24%"), "the nearest");
        assert_eq!((percent(1000, 1000).as_str(), percent(u64::MAX, u64::MAX).as_str()), ("100%", "100%"));
        assert_eq!(percent(u64::MAX - 1, u64::MAX), ">99%");
    }
}
