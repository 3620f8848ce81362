//! The summary's first sentence: what it was, when, how it ended, how long it took.

use super::escape::md;
use super::facts::Facts;
use super::show::{duration, link, utc};
use crate::incident::{Event, Record};

/// In place of a time that is none.
const AT_ONCE: &str = "at once";

/// What somebody is told who reads no further.
pub(super) fn lead(facts: &Facts) -> Option<String> {
    let Event::Opened { service, environment, drill, .. } = &facts.dossier.records.first()?.event else { return None };
    let declared = facts.declared?;
    let Event::Declared { severity, .. } = &declared.event else { return None };
    let (service, environment) = (md(service.as_str()), md(environment.as_str()));
    // Nothing was done to the environment that a drill's playbook names.
    let what = match drill {
        Some(_) => format!("{} drill of {service}", facts.dossier.noun()),
        None => format!("{} of {service} in {environment}", facts.dossier.noun()),
    };
    let at: String = utc(declared.at.wall_ms).chars().take("2026-11-21 03:12".len()).collect();
    let later = apart(facts, (declared, facts.last()?), AT_ONCE, "later");
    let ended = match facts.closed.map(|record| &record.event) {
        Some(Event::Closed { recovered: true, .. }) => format!("was closed as **recovered** {later}"),
        Some(_) => format!("was closed as **not recovered** {later}"),
        None if later == AT_ONCE => "is **still open**".into(),
        None => format!("was **still open** {later}"),
    };
    let link = link(facts.closed.unwrap_or(declared));
    Some(format!("A SEV{severity} {what} was declared on {at} UTC and {ended} {link}."))
}

/// How a broken limit and the declaration follow each other: a release is declared before anything is wrong.
pub(super) fn in_order(facts: &Facts, breach: &Record, declared: &Record) -> String {
    if declared.seq < breach.seq {
        let later = apart(facts, (declared, breach), AT_ONCE, "after the declaration");
        return format!("it was broken {later}");
    }
    format!("the {} was declared {}", facts.dossier.noun(), apart(facts, (breach, declared), AT_ONCE, "later"))
}

/// How far two records are apart in words: nobody wants to read of 0 ms.
pub(super) fn apart(facts: &Facts, (one, other): (&Record, &Record), at_once: &str, else_how: &str) -> String {
    let between = facts.between(one, other);
    if between.ms == 0 && !between.approximate { at_once.into() } else { format!("{} {else_how}", duration(between)) }
}
