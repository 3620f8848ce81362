//! One line of the journal: a record, chained to the line before it by hash.

use crate::incident::{Actor, BootId, Event, Moment, Record};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// The longest line in bytes, its line break included.
pub const LINE_MAX: usize = 16 * 1024;
/// The `prev` of the first line.
pub(super) const NO_PREV: &str = "";
/// The record format written and read.
const FORMAT: u64 = 1;
const HASH_KEY: &[u8] = b",\"hash\":\"";
const HASH_HEX: usize = 64;
/// `,"hash":"…"}` at the end of each line.
const SEAL: usize = HASH_KEY.len() + HASH_HEX + 2;

/// The line's fields in their order on disk; `hash` follows them.
#[derive(Serialize)]
struct Written<'a> {
    v: u64,
    incident: &'a str,
    seq: u64,
    wall: i64,
    boot_ns: u64,
    boot_id: &'a str,
    actor: &'a str,
    event: &'a Event,
    prev: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    v: u64,
    incident: Text,
    seq: u64,
    wall: i64,
    boot_ns: u64,
    boot_id: BootId,
    actor: Actor,
    event: Event,
    prev: String,
    #[serde(rename = "hash")]
    _hash: String,
}

/// The format alone, for lines of a newer goaround.
#[derive(Deserialize)]
struct Format {
    v: u64,
}

/// What is to be written on a line.
pub(super) struct Draft<'a> {
    pub(super) incident: &'a str,
    pub(super) seq: u64,
    pub(super) at: &'a Moment,
    pub(super) actor: &'a Actor,
    pub(super) event: &'a Event,
    pub(super) prev: &'a str,
}

/// The line's bytes with its line break, and its hash.
pub(super) fn encode(draft: &Draft) -> (Vec<u8>, String) {
    let written = Written {
        v: FORMAT,
        incident: draft.incident,
        seq: draft.seq,
        wall: draft.at.wall_ms,
        boot_ns: draft.at.boot_ns,
        boot_id: &draft.at.boot_id,
        actor: draft.actor.as_str(),
        event: draft.event,
        prev: draft.prev,
    };
    let mut line = serde_json::to_vec(&written).expect("an event has only string keys");
    line.pop();
    let hash = sha256(&line);
    line.extend_from_slice(HASH_KEY);
    line.extend_from_slice(hash.as_bytes());
    line.extend_from_slice(b"\"}\n");
    (line, hash)
}

/// SHA-256 in hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// Which, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// The ways in which a line does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It does not end in a hash.
    Unsealed,
    /// It has more bytes than a line may have, and was not read to its end.
    TooLong,
    /// Its hash is not that of its bytes.
    Hash,
    /// The hash it names as the one before is another.
    Prev,
    /// Its number is not the next.
    Seq(u64),
    /// It belongs to another incident.
    Incident(Text),
    /// It was written by a newer goaround.
    Newer(u64),
    /// It is sealed and cannot be understood.
    Foreign(String),
    /// Record 1 does not say what was flown.
    NotOpened,
}

impl Wrong {
    /// Whether the bytes are not as they were written: what a power cut leaves of a last line.
    pub(super) fn is_torn(&self) -> bool {
        match self {
            Self::Unsealed | Self::Hash => true,
            Self::TooLong
            | Self::Prev
            | Self::Seq(_)
            | Self::Incident(_)
            | Self::Newer(_)
            | Self::Foreign(_)
            | Self::NotOpened => false,
        }
    }
}

impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} ", self.line)?;
        match &self.wrong {
            Wrong::Unsealed => f.write_str("does not end in a hash"),
            Wrong::TooLong => {
                write!(f, "is longer than the {LINE_MAX} bytes of a line: it was not written by goaround")
            }
            Wrong::Hash => f.write_str("is not as it was written: its hash does not fit its bytes"),
            Wrong::Prev => {
                f.write_str("does not follow the line before it: a line was changed, removed or put between")
            }
            Wrong::Seq(seq) => write!(f, "carries the number {seq}"),
            Wrong::Incident(incident) => write!(f, "belongs to another incident, {incident}"),
            Wrong::Newer(v) => write!(f, "has format {v}, and this goaround reads format {FORMAT}; use a newer one"),
            Wrong::Foreign(why) => write!(f, "cannot be understood ({why})"),
            Wrong::NotOpened => f.write_str("does not say what was flown"),
        }
    }
}

/// Where the chain stands before a line.
pub(super) struct Place<'a> {
    /// The number the line must carry.
    pub(super) seq: u64,
    /// The hash it must name; `None` behind a broken line, whose hash nobody knows.
    pub(super) prev: Option<&'a str>,
    /// The incident it must name; `None` for the first.
    pub(super) incident: Option<&'a Text>,
}

/// One line that holds.
pub(super) struct Sealed {
    pub(super) incident: Text,
    pub(super) record: Record,
    pub(super) hash: String,
}

/// Reads a line (without its line break) and checks that it follows.
pub(super) fn decode(line: &[u8], place: &Place) -> Result<Sealed, Wrong> {
    if line.len() >= LINE_MAX {
        return Err(Wrong::TooLong);
    }
    let (body, hash) = unseal(line).ok_or(Wrong::Unsealed)?;
    if sha256(body) != hash {
        return Err(Wrong::Hash);
    }
    let read: Read = serde_json::from_slice(line).map_err(|err| foreign(line, &err))?;
    if read.v != FORMAT {
        return Err(Wrong::Newer(read.v));
    }
    if place.incident.is_some_and(|incident| *incident != read.incident) {
        return Err(Wrong::Incident(read.incident));
    }
    if place.prev.is_some_and(|prev| prev != read.prev) {
        return Err(Wrong::Prev);
    }
    if read.seq != place.seq {
        return Err(Wrong::Seq(read.seq));
    }
    if place.seq == 1 && !matches!(read.event, Event::Opened { .. }) {
        return Err(Wrong::NotOpened);
    }
    let at = Moment { wall_ms: read.wall, boot_ns: read.boot_ns, boot_id: read.boot_id };
    let record = Record { seq: read.seq, at, actor: read.actor, event: read.event };
    Ok(Sealed { incident: read.incident, record, hash: hash.to_owned() })
}

/// The bytes a line's hash is over, and the hash it names.
pub(super) fn unseal(line: &[u8]) -> Option<(&[u8], &str)> {
    let body_len = line.len().checked_sub(SEAL)?;
    let (body, seal) = line.split_at(body_len);
    let hex = seal.strip_prefix(HASH_KEY)?.strip_suffix(b"\"}")?;
    let is_hex = hex.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
    is_hex.then(|| (body, std::str::from_utf8(hex).expect("hex digits are ASCII")))
}

/// What is wrong with a last line that has no line break, of which at most [`LINE_MAX`] bytes are given. A power cut may
/// leave a batch's room without its bytes: where no line can reach there are only zeros then, and that is a tear.
pub(super) fn unended(line: &[u8], zeros_behind: bool) -> Wrong {
    let fits = line.get(LINE_MAX - 1).is_none_or(|last| *last == 0 && zeros_behind);
    if fits { Wrong::Unsealed } else { Wrong::TooLong }
}

/// Whether a whole line hides in these bytes with something behind it: its line break was lost, so this
/// is damage to something acknowledged, not the torn end of a write.
///
/// Somebody may have written a thousand seals one behind the other: the bytes are hashed once, and at each seal the
/// hash of everything before it is taken from there.
pub(super) fn holds_a_whole_line(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(LINE_MAX)];
    let (mut hasher, mut hashed) = (Sha256::new(), 0);
    let ends = (SEAL..bytes.len()).filter(|end| bytes[..*end].ends_with(b"\"}"));
    ends.filter_map(|end| unseal(&bytes[..end])).any(|(body, hash)| {
        hasher.update(&body[hashed..]);
        hashed = body.len();
        hex::encode(hasher.clone().finalize()) == hash
    })
}

fn foreign(line: &[u8], err: &serde_json::Error) -> Wrong {
    match serde_json::from_slice::<Format>(line) {
        Ok(Format { v }) if v != FORMAT => Wrong::Newer(v),
        Ok(_) | Err(_) => Wrong::Foreign(err.to_string()),
    }
}
