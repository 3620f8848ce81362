//! How one finding in `debrief.toml` is changed or taken out, while everything else in the file stays as people wrote it.

use super::answers::{Answers, Finding, quoted};
use serde::Deserialize;
use std::fmt;
use std::ops::Range;
use toml::Spanned;

/// A finding that was kept, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// As it was shown. It is found by what it says: the file may have been edited by hand since.
    pub was: Finding,
    /// As it is to be; `None` takes it out.
    pub now: Option<Finding>,
}

/// Where the findings stand in the file.
#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    findings: Vec<Place>,
}

/// Where the values of one stand.
#[derive(Deserialize)]
struct Place {
    finding: Spanned<String>,
    owner: Spanned<String>,
    redrill: Spanned<String>,
}

impl Place {
    fn values(&self) -> [Range<usize>; 3] {
        [self.finding.span(), self.owner.span(), self.redrill.span()]
    }
}

impl fmt::Display for Revision {
    /// As it would be asked of a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.now {
            Some(now) => write!(f, "change `{}` to `{now}`", self.was),
            None => write!(f, "take out `{}`", self.was),
        }
    }
}

impl Revision {
    /// The file as it is to be, given as it is. An error is one sentence, and then nothing is to be written.
    pub fn of(&self, file: &str) -> Result<String, String> {
        let mut wanted = Answers::parse(file)?;
        let Some(place) = wanted.findings.iter().position(|finding| *finding == self.was) else {
            return Err(format!(
                "debrief.toml does not hold `{}` as it was shown: nothing was changed; open the debrief again",
                self.was.finding
            ));
        };
        match &self.now {
            Some(now) => wanted.findings[place].clone_from(now),
            None => drop(wanted.findings.remove(place)),
        }
        let places: Places = toml::from_str(file).map_err(|error| error.message().trim().to_owned())?;
        let new = match &self.now {
            Some(now) => changed(file, &places.findings[place], now),
            None => without(file, &places.findings[place]),
        };
        // What people wrote by hand may be written in ways that are not foreseen here: those are left to their hands.
        new.filter(|new| Answers::parse(new).as_ref() == Ok(&wanted)).ok_or_else(|| {
            "debrief.toml writes this finding in a way that is not changed from here: change it in the file".to_owned()
        })
    }
}

/// The file with other values in this place; its comments stay where they are.
fn changed(file: &str, place: &Place, now: &Finding) -> Option<String> {
    let values = [quoted(&now.finding), quoted(&now.owner), format!("\"{}\"", now.redrill)];
    let mut edits: Vec<(Range<usize>, String)> = place.values().into_iter().zip(values).collect();
    edits.sort_by_key(|(range, _)| range.start);
    let mut new = file.to_owned();
    for (range, value) in edits.into_iter().rev() {
        new.get(range.clone())?;
        new.replace_range(range, &value);
    }
    Some(new)
}

/// The file without the lines of this place, from its `[[findings]]` to the last of its values; comments between stay.
fn without(file: &str, place: &Place) -> Option<String> {
    let values = place.values();
    let first = values.iter().map(|range| range.start).min()?;
    let last = values.iter().map(|range| range.end).max()?;
    let (mut before, mut begin, mut at) = (0, None, 0);
    for line in file.get(..first)?.split_inclusive('\n') {
        if line.trim_start().starts_with("[[") {
            (before, begin) = (at, Some(at + line.len()));
        }
        at += line.len();
    }
    let end = file.get(last..)?.find('\n').map_or(file.len(), |end| last + end + 1);
    let kept: String = file.get(begin?..end)?.split_inclusive('\n').filter(|line| is_comment(line)).collect();
    // The empty line in front of it goes with it.
    let head = file.get(..before)?;
    let head = head.strip_suffix("\n\n").map_or(head.to_owned(), |head| format!("{head}\n"));
    Some(format!("{head}{kept}{}", &file[end..]))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

#[cfg(test)]
mod tests;
