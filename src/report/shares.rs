//! Shares: how much of a rollback rested on people's hands, and how much of it nobody could measure.

use super::block::Block;
use super::facts::{Facts, Gap};
use super::show::millis;
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
}

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
        vec![share.name.to_owned(), format!("**{percent}** ({part} of {whole})"), share.formula.to_owned()]
    };
    let shares = shares(facts);
    (!shares.is_empty()).then(|| Block::table(&["Share", "Is", "Formula"], shares.iter().map(row)))
}

/// A share in whole percent: none and all of it are said of nothing else.
fn percent(part: u64, whole: u64) -> String {
    let (part, whole) = (u128::from(part), u128::from(whole));
    match part * 100 / whole {
        0 if part > 0 => "<1%".into(),
        99 if part * 100 > whole * 99 => ">99%".into(),
        percent => format!("{percent}%"),
    }
}

/// Each step counts once, by how it was done last.
fn steps(facts: &Facts) -> Share {
    let mut done = std::collections::BTreeMap::new();
    for record in &facts.dossier.records {
        if let Event::StepDone { step, by, .. } = &record.event {
            done.insert(step, !matches!(by, DoneBy::Sensed { .. }));
        }
    }
    let part = done.values().filter(|by_hand| **by_hand).count() as u64;
    Share {
        id: "steps-by-hand",
        name: "Steps done on a person's word",
        formula: "steps that a person confirmed, of all steps done",
        part,
        whole: done.len() as u64,
        unit: "steps",
    }
}

fn pulls(facts: &Facts) -> Share {
    Share {
        id: "pulls-by-hand",
        name: "Pulls done by hand",
        formula: "pulls that a person did outside of goaround, of all pulls",
        part: facts.pulls.values().filter(|pull| pull.by_hand).count() as u64,
        whole: facts.pulls.len() as u64,
        unit: "pulls",
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
        formula: "time in which any metric was NODATA, STALE or ERROR, of the time from the declaration to the end",
        part: part.unsigned_abs(),
        whole: end_ms.unsigned_abs(),
        unit: "ms",
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_is_told_as_none_or_as_all_only_where_it_is() {
        let told = [(0, 1000), (1, 1000), (9, 1000), (10, 1000), (25, 1000), (990, 1000), (991, 1000), (999, 1000)];
        let told = told.map(|(part, whole)| percent(part, whole));
        assert_eq!(told, ["0%", "<1%", "<1%", "1%", "2%", "99%", ">99%", ">99%"]);
        assert_eq!((percent(1000, 1000).as_str(), percent(u64::MAX, u64::MAX).as_str()), ("100%", "100%"));
        assert_eq!(percent(u64::MAX - 1, u64::MAX), ">99%");
    }
}
