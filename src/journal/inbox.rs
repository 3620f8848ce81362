//! The inbox: what observers leave for the commander, a small file each. They write nothing else.

use super::JOURNAL;
use super::dir::Dir;
use super::error::Error;
use crate::text::Text;
use rustix::fs::{AtFlags, renameat, unlinkat};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// The most files read at one look; what is left waits for the next.
const FILES_MAX: usize = 100;
/// The longest file in bytes.
const BYTES_MAX: u64 = 4096;
/// The longest name an observer goes by, in bytes.
pub const ROLE_MAX: usize = 64;
/// After this long without a sign of life an observer counts as gone, in ms.
pub const GONE_MS: u64 = 20_000;
/// The longest objection in bytes.
pub const OBJECTION_MAX: usize = 1024;
/// The format written and read.
const FORMAT: u32 = 1;
const ENDING: &str = ".json";

/// What an observer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Who, as they call themselves.
    pub role: Text,
    /// When it was written, in milliseconds since 1970.
    pub at_ms: i64,
    /// What.
    pub says: Says,
}

/// What a slip is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// I am here; and perhaps I want to command, under this name of my asking.
    Here {
        /// The name of the asking.
        wants_command: Option<Text>,
    },
    /// I object.
    Objects(Text),
}

/// A file of the inbox: the name it has without its ending, and what it says or why it is refused.
pub type Found = (String, Result<Slip, String>);

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Presence,
    Objection,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    kind: Kind,
    role: Text,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wants_command: Option<Text>,
}

/// The folder `inbox/` of an incident directory.
pub struct Inbox {
    dir: Dir,
}

impl Inbox {
    /// Opens the inbox of an incident directory; one that was lost is made again.
    pub fn open(incident: &Path) -> Result<Self, Error> {
        let incident = Dir::open(incident)?;
        incident.open_read(JOURNAL)?;
        Ok(Self { dir: incident.sub_or_make(super::INBOX)? })
    }

    /// Puts a slip there under this name, whole or not at all; the one that had the name before is replaced.
    pub fn put(&self, id: &str, slip: &Slip) -> Result<(), Error> {
        let (kind, text, wants_command) = match &slip.says {
            Says::Here { wants_command } => (Kind::Presence, None, wants_command.clone()),
            Says::Objects(text) => (Kind::Objection, Some(text.clone()), None),
        };
        let written = Written { format: FORMAT, kind, role: slip.role.clone(), at: slip.at_ms, text, wants_command };
        let bytes = serde_json::to_vec(&written).expect("a slip has only string keys");
        let (draft, name) = (format!(".{id}.draft"), format!("{id}{ENDING}"));
        let path = self.dir.path.join(&name);
        // What a crash has left of an earlier try stands in nobody's way.
        self.unlink(&draft)?;
        let mut file = self.dir.create(&draft)?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|err| Error::io(&path, "write", err))?;
        renameat(self.dir.fd(), &draft, self.dir.fd(), &name).map_err(|errno| Error::io(&path, "write", errno.into()))
    }

    /// Everything that lies there, the first hundred by name. Nothing is followed that leads elsewhere.
    pub fn look(&self) -> Result<Vec<Found>, Error> {
        let (files, others) = self.dir.names()?;
        let is_draft = |name: &&String| name.starts_with('.');
        let refused = others.into_iter().map(|name| (name, Err("it is no plain file".to_owned())));
        let read = files.iter().filter(|name| !is_draft(name)).map(|name| match name.strip_suffix(ENDING) {
            Some(id) if is_id(id) => (id.to_owned(), self.read(name)),
            Some(_) | None => (name.clone(), Err("its name is none that goaround gives".to_owned())),
        });
        Ok(read.chain(refused).take(FILES_MAX).collect())
    }

    /// Takes a slip away, or whatever else has its name; a folder that somebody made stays.
    pub fn remove(&self, found: &str) -> Result<(), Error> {
        let name = if is_id(found) { format!("{found}{ENDING}") } else { found.to_owned() };
        self.unlink(&name)
    }

    fn unlink(&self, name: &str) -> Result<(), Error> {
        match unlinkat(self.dir.fd(), name, AtFlags::empty()) {
            Ok(()) | Err(rustix::io::Errno::NOENT) => Ok(()),
            Err(errno) => Err(Error::io(&self.dir.path.join(name), "remove", errno.into())),
        }
    }

    fn read(&self, name: &str) -> Result<Slip, String> {
        let mut bytes = Vec::new();
        let file = self.dir.open_read(name).map_err(|error| error.to_string())?;
        file.take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() as u64 > BYTES_MAX {
            return Err(format!("it is longer than {BYTES_MAX} bytes"));
        }
        understand(&bytes)
    }
}

fn understand(bytes: &[u8]) -> Result<Slip, String> {
    let written: Written =
        serde_json::from_slice(bytes).map_err(|error| format!("it cannot be understood ({error})"))?;
    if written.format != FORMAT {
        return Err(format!("it has format {}, and this goaround reads format {FORMAT}", written.format));
    }
    if written.role.is_empty() || written.role.as_str().len() > ROLE_MAX {
        return Err(format!("it does not say in 1 to {ROLE_MAX} bytes who wrote it"));
    }
    let says = match (written.kind, written.text, written.wants_command) {
        (Kind::Presence, None, wants) if wants.as_ref().is_none_or(|id| is_id(id.as_str())) => {
            Says::Here { wants_command: wants }
        }
        (Kind::Objection, Some(text), None) if !text.is_empty() && text.as_str().len() <= OBJECTION_MAX => {
            Says::Objects(text)
        }
        (Kind::Objection, Some(_), None) => return Err(format!("it does not object in 1 to {OBJECTION_MAX} bytes")),
        (Kind::Presence | Kind::Objection, _, _) => return Err("its fields do not belong together".into()),
    };
    Ok(Slip { role: written.role, at_ms: written.at, says })
}

/// Whether this is a name as [`new_id`] makes them.
fn is_id(name: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let fits = |(place, b): (usize, u8)| if dashes.contains(&place) { b == b'-' } else { is_hex(b) };
    name.len() == 36 && name.bytes().enumerate().all(fits)
}

/// A name that nobody else has: a random UUID (RFC 9562, version 4).
pub fn new_id() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    Ok([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}
