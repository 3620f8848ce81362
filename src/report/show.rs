//! How times, links and names are written.

use super::Dossier;
use super::escape::{code, md};
use crate::incident::{AttemptId, Elapsed, Event, Record};
use crate::metrics::Verdict;
use crate::playbook::{Id, Noun};
use chrono::{DateTime, SecondsFormat, Utc};

/// A wall time, UTC, to the millisecond.
pub(super) fn utc(wall_ms: i64) -> String {
    let time = DateTime::<Utc>::from_timestamp_millis(wall_ms);
    time.map_or_else(|| format!("{wall_ms} ms"), |time| time.format("%Y-%m-%d %H:%M:%S%.3f").to_string())
}

/// The time of day alone, for tables that name the day above.
pub(super) fn time_of_day(wall_ms: i64) -> String {
    let time = DateTime::<Utc>::from_timestamp_millis(wall_ms);
    time.map_or_else(|| format!("{wall_ms} ms"), |time| time.format("%H:%M:%S%.3f").to_string())
}

/// A duration for people; `~` when it rests on the wall clock.
pub(super) fn duration(elapsed: Elapsed) -> String {
    let about = if elapsed.approximate { "~" } else { "" };
    format!("{about}{}", millis(elapsed.ms))
}

/// Milliseconds for people.
pub(super) fn millis(ms: u64) -> String {
    let (s, tenths) = (ms / 1000, ms % 1000 / 100);
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{s}.{tenths} s"),
        60_000..3_600_000 => format!("{} min {:02} s", s / 60, s % 60),
        3_600_000..172_800_000 => format!("{} h {:02} min", s / 3600, s / 60 % 60),
        _ => format!("{} d {:02} h", s / 86_400, s / 3600 % 24),
    }
}

/// A wall time as RFC 3339 has it, in UTC, to the millisecond.
pub(super) fn stamp(wall_ms: i64) -> String {
    let time = DateTime::<Utc>::from_timestamp_millis(wall_ms);
    time.map_or_else(|| format!("{wall_ms} ms"), |time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// A link to a fact's line in the journal.
pub(super) fn link(record: &Record) -> String {
    link_to(record.seq)
}

/// A link to a line of the journal.
pub(super) fn link_to(line: u64) -> String {
    format!("[#{line}](journal.jsonl#L{line})")
}

/// A link to a kept file; a path that could not be one of ours is shown and not linked.
pub(super) fn file_link(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let ours = path.starts_with("evidence/") || path.starts_with("comms/");
    if ours && path.chars().all(plain) && !path.contains("..") { format!("[{path}]({path})") } else { code(path) }
}

/// The first letters of a hash; the line it is on has the whole one.
pub(super) fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// A list as people write it.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Titles where the playbook can be read, ids where it cannot.
impl Dossier {
    /// A link to a kept file that is there; one that is not is named and leads nowhere.
    pub(super) fn file(&self, path: &str) -> String {
        if self.files.iter().any(|found| found.path == path) { file_link(path) } else { code(path) }
    }

    /// What is declared with its playbook: a rollback, a release.
    pub(super) fn noun(&self) -> Noun {
        self.playbook.as_ref().map(|playbook| playbook.declares.clone()).unwrap_or_default()
    }

    pub(super) fn metric(&self, id: &Id) -> String {
        md(self.playbook.as_ref().and_then(|p| p.metrics.get(id)).map_or(id.as_str(), |metric| &metric.title))
    }

    pub(super) fn lever(&self, id: &Id) -> String {
        md(self.playbook.as_ref().and_then(|p| p.levers.get(id)).map_or(id.as_str(), |lever| &lever.title))
    }

    /// Whether a pull is a person's word that it was done: nothing was sent.
    pub(super) fn is_by_hand(&self, pull: AttemptId) -> bool {
        let said =
            |event: &Event| matches!(event, Event::PullStarted { attempt, by_hand: true, .. } if *attempt == pull);
        self.records.iter().any(|record| said(&record.event))
    }

    pub(super) fn step(&self, id: &Id) -> String {
        let at = self.playbook.as_ref().and_then(|p| p.steps.iter().position(|step| step.id == *id));
        match (at, &self.playbook) {
            (Some(at), Some(playbook)) => format!("{} {}", at + 1, md(&playbook.steps[at].title)),
            (_, _) => md(id.as_str()),
        }
    }

    pub(super) fn probe(&self, id: &Id) -> String {
        md(self.playbook.as_ref().and_then(|p| p.probes.get(id)).map_or(id.as_str(), |probe| &probe.title))
    }

    pub(super) fn symptom(&self, id: &Id) -> String {
        md(self.playbook.as_ref().and_then(|p| p.symptoms.get(id)).map_or(id.as_str(), |symptom| &symptom.title))
    }

    pub(super) fn branch(&self, id: &Id) -> String {
        md(self.playbook.as_ref().and_then(|p| p.branches.get(id)).map_or(id.as_str(), |branch| &branch.title))
    }

    /// A debt's title, as it was when it was opened.
    pub(super) fn debt(&self, id: &Id) -> String {
        let opened = self.records.iter().find_map(|record| match &record.event {
            Event::DebtOpened { debt, title } if debt == id => Some(title),
            _ => None,
        });
        opened.map_or_else(|| code(id.as_str()), |title| md(title.as_str()))
    }

    pub(super) fn follow_up(&self, id: &Id) -> String {
        let listed = self.playbook.as_ref().and_then(|playbook| playbook.lists.follow_up(id));
        md(listed.map_or(id.as_str(), |follow_up| &follow_up.title))
    }

    pub(super) fn comm(&self, id: &Id) -> String {
        md(self.playbook.as_ref().and_then(|p| p.comms.get(id)).map_or(id.as_str(), |comm| &comm.title))
    }

    /// A metric's value in its unit.
    pub(super) fn value(&self, id: &Id, verdict: &Verdict) -> String {
        let unit = self.playbook.as_ref().and_then(|p| p.metrics.get(id)).map(|metric| metric.unit);
        match verdict.value {
            Some(value) => unit.unwrap_or_default().show(value),
            None => "no value".to_owned(),
        }
    }
}
