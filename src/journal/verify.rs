//! Whether a directory still says what it said: chain, playbook, evidence, head.

use super::drafts;
use super::error::short;
use super::holding::{Body, Holding};
use super::line::LineFault;
use super::reader::Scan;
use super::shortened::{self, is_newest};
use super::{JOURNAL, PLAYBOOK, split_name, telemetry};
use crate::incident::{Event, EvidenceRef};
use crate::report::file_of;
use crate::text::Text;
use std::collections::BTreeSet;
use std::fmt;

/// What verifying found. Prints as clear sentences, one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// How many records hold, from the first on.
    pub records: u64,
    /// The hash of the last of them.
    pub head: String,
    /// The first lines that do not hold.
    pub chain: Vec<LineFault>,
    /// How many more do not.
    pub more_lines: u64,
    /// Files that are not what the journal says, a head or a playbook that is another.
    pub faults: Vec<String>,
    /// How many files there are that no record names, so that nothing vouches for them.
    pub strays: u64,
    /// Worth knowing, and no fault.
    pub notes: Vec<String>,
    /// Whether bodies were left out on purpose: of those, only sizes and hashes are known here.
    pub redacted: bool,
}

impl Verification {
    /// Whether everything holds.
    pub fn ok(&self) -> bool {
        self.chain.is_empty() && self.faults.is_empty()
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} records hold, head {}", self.records, self.head)?;
        for fault in &self.chain {
            writeln!(f, "FAULT: {JOURNAL} {}", inert(fault))?;
        }
        if self.more_lines > 0 {
            writeln!(f, "FAULT: {} more lines of {JOURNAL} do not hold", self.more_lines)?;
        }
        for fault in &self.faults {
            writeln!(f, "FAULT: {}", inert(fault))?;
        }
        for note in &self.notes {
            writeln!(f, "note: {}", inert(note))?;
        }
        let all = match self.strays {
            _ if !self.ok() => return f.write_str("NOT VERIFIED"),
            0 if self.redacted => "everything that is here holds".to_owned(),
            0 => "everything holds".to_owned(),
            1 => "everything that the journal names holds; nothing vouches for 1 other file".to_owned(),
            strays => format!("everything that the journal names holds; nothing vouches for {strays} other files"),
        };
        let redacted = "; what was left out by --redact is known by its size and hash only";
        write!(f, "verified: {all}{}", if self.redacted { redacted } else { "" })
    }
}

/// A forged journal may name a file after a line of ours, `verified: everything holds`, or after an escape.
fn inert(sentence: &impl fmt::Display) -> Text {
    Text::new(&sentence.to_string())
}

/// Checks what was read of a directory, or of a bundle of one.
pub(super) fn verify_holding(holding: Holding, expect_head: Option<&str>) -> Verification {
    let scan = &holding.journal;
    let mut found = Verification {
        records: scan.records.len() as u64,
        head: scan.hashes.last().cloned().unwrap_or_default(),
        more_lines: scan.more_faults,
        redacted: holding.files.values().any(|body| matches!(body, Body::Dropped { .. })),
        ..Verification::default()
    };
    found.check_end(scan);
    found.check_head(scan, expect_head);
    found.check_playbook(scan, &holding);
    found.check_closing(scan);
    found.check_files(scan, &holding);
    found.check_samples(scan, &holding);
    found.check_length(scan, &holding);
    found.chain = holding.journal.faults;
    found
}

impl Verification {
    fn check_end(&mut self, scan: &Scan) {
        if scan.records.is_empty() && scan.faults.is_empty() {
            self.faults.push(format!("{JOURNAL} holds no record"));
        }
        if scan.torn_bytes > 0 {
            self.notes.push(format!(
                "{} bytes behind the last complete line: being written just now, or torn by a crash and never acknowledged",
                scan.torn_bytes
            ));
        }
    }

    fn check_head(&mut self, scan: &Scan, expected: Option<&str>) {
        const LEAST: usize = 8;
        let Some(expected) = expected else {
            self.notes.push(
                "no saved head was given with `--expect-head HASH`: whoever can write this directory could have rewritten or shortened all of it unseen".into(),
            );
            return;
        };
        let expected = expected.trim().to_ascii_lowercase();
        if expected.len() < LEAST {
            self.faults.push(format!("the saved head has fewer than {LEAST} letters, which proves nothing"));
            return;
        }
        match scan.hashes.iter().position(|hash| hash.starts_with(&expected)) {
            Some(at) if at + 1 == scan.hashes.len() => self.notes.push("the saved head is the head".into()),
            Some(at) => self.notes.push(format!("the saved head is line {}; the journal has grown since", at + 1)),
            None => self.faults.push(format!(
                "the saved head {} is the hash of no line: the journal was rewritten or shortened",
                short(&expected)
            )),
        }
    }

    fn check_playbook(&mut self, scan: &Scan, holding: &Holding) {
        let Some(flown) = scan.flown() else { return };
        match &holding.playbook {
            Ok(found) if *found == flown => {}
            Ok(found) => self.faults.push(format!(
                "{PLAYBOOK} is not the one that was flown (flown {}, found {})",
                short(flown),
                short(found)
            )),
            Err(why) => self.faults.push(why.clone()),
        }
    }

    /// That a closed incident stands still: behind `closed` only late answers, notes and follow-ups are written, and no
    /// follow-up before it.
    fn check_closing(&mut self, scan: &Scan) {
        let (mut closed, mut followed_up) = (None, 0);
        for record in &scan.records {
            match (&record.event, closed) {
                (Event::Closed { .. }, None) => closed = Some(record.seq),
                (Event::FollowedUp { .. }, Some(_)) => followed_up += 1,
                (Event::FollowedUp { id, .. }, None) => self
                    .faults
                    .push(format!("line {} ticks the follow-up {id} off before the incident was closed", record.seq)),
                (Event::Declared { .. } | Event::PullStarted { .. } | Event::Closed { .. }, Some(line)) => {
                    self.faults.push(format!("line {} goes on with an incident that line {line} closed", record.seq));
                }
                (_, _) => {}
            }
        }
        if let (Some(line), 1..) = (closed, followed_up) {
            let many =
                if followed_up == 1 { "1 follow-up was".to_owned() } else { format!("{followed_up} follow-ups were") };
            self.notes.push(format!("line {line} closed the incident; {many} written down since"));
        }
    }

    fn check_files(&mut self, scan: &Scan, holding: &Holding) {
        let mut named = BTreeSet::new();
        for record in &scan.records {
            if let Some(file) = file_of(&record.event) {
                named.insert(file.path.clone());
                let wrong = fault_of(holding, file);
                self.faults.extend(wrong.map(|wrong| format!("{} (line {}) {wrong}", file.path, record.seq)));
            }
        }
        let strays =
            holding.files.iter().filter(|(path, body)| !named.contains(*path) && !matches!(body, Body::Unreadable(_)));
        let records = self.records;
        for (path, _) in strays {
            let is_draft = path.strip_prefix("comms/").is_some_and(|name| drafts::comm_of(name).is_some());
            let says = if is_draft {
                "holds words that were edited and not sent"
            } else if is_newest(path, records) {
                "is named by no record: a crash before its record was written leaves that, and so does a journal cut right there"
            } else {
                "is named by no record"
            };
            self.strays += u64::from(!is_draft);
            self.notes.push(format!("{path} {says}"));
        }
        self.notes.extend(holding.notes.iter().cloned());
    }
}

impl Verification {
    /// That the readings which the journal tells of are there: telemetry, so that it is no fault.
    fn check_samples(&mut self, scan: &Scan, holding: &Holding) {
        if !holding.has_samples {
            self.notes.extend(telemetry::gone(&scan.records));
        }
    }

    /// That nothing beside the journal is younger than its last record. Behind a line that does not hold the records
    /// are not counted, and that is a fault already.
    fn check_length(&mut self, scan: &Scan, holding: &Holding) {
        if scan.faults.is_empty() {
            self.faults.extend(shortened::fault(holding, self.records));
        }
        self.notes.extend(holding.aside.iter().map(|(name, bytes)| {
            format!("{name} keeps {bytes} bytes of a torn line, set aside when the journal was opened again: a crash, or a cut")
        }));
    }
}

/// What is wrong with a file that a record names.
fn fault_of(holding: &Holding, file: &EvidenceRef) -> Option<String> {
    if split_name(&file.path).is_none() {
        return Some("lies outside the folders of this incident and was not read".into());
    }
    let (bytes, found) = match holding.files.get(&file.path) {
        Some(Body::Whole { bytes, sha256 } | Body::Dropped { bytes, sha256 }) => (*bytes, sha256.as_str()),
        // Only a file of another size is not read.
        Some(Body::Unread { bytes }) => (*bytes, ""),
        Some(Body::Unreadable(why)) => return Some(format!("cannot be read: {why}")),
        None => return Some("is missing".into()),
    };
    if bytes != file.bytes {
        return Some(format!("has {bytes} bytes, and the journal says {}", file.bytes));
    }
    (found != file.sha256)
        .then(|| format!("was changed: its SHA-256 is {}, and the journal says {}", short(found), short(&file.sha256)))
}
