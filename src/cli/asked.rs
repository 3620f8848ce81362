//! What a filter's words mean: a time, a severity, a playbook.

use super::bad;
use crate::playbook::{Playbook, embedded, embedded_names};
use crate::report::Row;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use color_eyre::eyre::Result;
use std::collections::{BTreeMap, BTreeSet};

/// From when on: a day, a moment, or how long ago.
pub(super) fn since(text: &str) -> std::result::Result<DateTime<Utc>, String> {
    since_by(text, Utc::now())
}

fn since_by(text: &str, now: DateTime<Utc>) -> std::result::Result<DateTime<Utc>, String> {
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let ago = || now.checked_sub_signed(TimeDelta::from_std(humantime::parse_duration(text).ok()?).ok()?);
    let day = match text.to_ascii_lowercase().as_str() {
        "today" => Some(now.date_naive()),
        "yesterday" => now.date_naive().checked_sub_days(Days::new(1)),
        _ => text.parse::<NaiveDate>().ok(),
    };
    let moment = || Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc());
    day.map(midnight).or_else(moment).or_else(ago).ok_or_else(|| {
        "write a day as 2026-11-21, a moment as 2026-11-21T03:12:00Z, `today`, `yesterday`, or how long ago: 7d, 12h"
            .into()
    })
}

/// 1 to 4, also as a person says it: SEV2.
pub(super) fn severity(text: &str) -> std::result::Result<u8, String> {
    let said = text.trim().to_ascii_lowercase();
    let number = said.strip_prefix("sev").unwrap_or(&said).trim_start_matches(['-', ' ']).parse().ok();
    number.filter(|number| (1..=4).contains(number)).ok_or_else(|| "write 1 to 4, or SEV1 to SEV4".into())
}

/// The titles of the playbooks that are meant: one of ours by its name, or any that was flown by its title.
pub(super) fn titles(asked: &str, rows: &[Row]) -> Result<BTreeSet<String>> {
    let title_of = |name: &str| Some(Playbook::parse(name, embedded(name)?, None).ok()?.title);
    let ours: BTreeMap<String, &str> = embedded_names().filter_map(|name| Some((title_of(name)?, name))).collect();
    let flown = rows.iter().filter_map(|row| Some(row.incident()?.playbook.as_ref()?.to_string()));
    let flown: BTreeSet<String> = flown.collect();
    let known = ours.keys().chain(&flown);
    let meant = asked.trim().to_lowercase();
    let is_it = |title: &&String| {
        title.to_lowercase() == meant || ours.get(*title).is_some_and(|name| name.to_lowercase() == meant)
    };
    let exact: BTreeSet<String> = known.clone().filter(is_it).cloned().collect();
    if !exact.is_empty() {
        return Ok(exact);
    }
    let part: BTreeSet<String> = known.filter(|title| title.to_lowercase().contains(&meant)).cloned().collect();
    if part.is_empty() || meant.is_empty() {
        let foreign = flown.iter().filter(|title| !ours.contains_key(*title)).map(|title| format!("`{title}`"));
        let all: Vec<String> = embedded_names().map(|name| format!("`{name}`")).chain(foreign).collect();
        return bad(format!(
            "no playbook is called `{asked}`: there are {}; a part of a title does too",
            all.join(", ")
        ));
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_be_a_day_a_moment_a_word_or_how_long_ago() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).expect("a stamp").to_utc();
        let now = at("2026-11-21T20:35:00Z");
        for (text, meant) in [
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("2026-11-20T03:12:00Z", "2026-11-20T03:12:00Z"),
            ("2026-11-20T03:12:00+02:00", "2026-11-20T01:12:00Z"),
            ("today", "2026-11-21T00:00:00Z"),
            ("Yesterday", "2026-11-20T00:00:00Z"),
            ("7d", "2026-11-14T20:35:00Z"),
            ("12h", "2026-11-21T08:35:00Z"),
            ("2weeks", "2026-11-07T20:35:00Z"),
        ] {
            assert_eq!(since_by(text, now), Ok(at(meant)), "{text}");
        }
        for text in ["", "soon", "2026-13-01", "7", "99999999999999y", "-1d"] {
            let refused = since_by(text, now).expect_err(text);
            assert!(
                refused.contains("2026-11-21") && refused.contains("yesterday") && refused.contains("7d"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_severity_may_be_said_as_people_say_it() {
        for text in ["2", "SEV2", "sev2", "Sev-2", "SEV 2"] {
            assert_eq!(severity(text), Ok(2), "{text}");
        }
        for text in ["0", "5", "SEV", "two", "22", ""] {
            assert_eq!(severity(text), Err("write 1 to 4, or SEV1 to SEV4".into()), "{text}");
        }
    }

    #[test]
    fn a_playbook_is_meant_by_its_name_its_title_or_a_part_of_it_and_an_unknown_one_is_told_those_there_are() {
        let docs = BTreeSet::from(["RAG rollback and fast recovery".to_owned()]);
        for asked in ["docs-rag", "DOCS-RAG", "rag rollback and fast recovery", "RAG rollback AND"] {
            assert_eq!(titles(asked, &[]).expect(asked), docs, "{asked}");
        }
        for asked in ["shipp", ""] {
            let refused = titles(asked, &[]).expect_err("nobody is called so").to_string();
            assert!(refused.contains("`docs-rag`") && refused.contains("`ship`"), "{refused}");
        }
    }
}
