//! What of a directory can still be shown, whatever has happened to it, and what that was.

use super::PLAYBOOK;
use super::dir::Dir;
use super::dossier::samples;
use super::error::{Error, short};
use super::line::sha256;
use super::reader::scan_of;
use super::shortened::Beside;
use crate::incident::Record;

/// The part of an incident directory that holds.
#[derive(Clone, Debug)]
pub struct Salvage {
    /// The records in front of the first damaged line.
    pub records: Vec<Record>,
    /// `playbook.toml` as it stands there.
    pub playbook: String,
    /// The complete lines of the samples.
    pub samples: Vec<String>,
    /// What is damaged and from where, as a sentence.
    pub damage: Option<String>,
    /// The bytes behind the last complete line.
    pub torn_bytes: u64,
}

/// Reads a directory without its lock, a damaged one up to its damage. Nothing is changed.
pub fn salvage(path: &std::path::Path) -> Result<Salvage, Error> {
    let dir = Dir::open(path)?;
    let (beside, scan) = (Beside::of(&dir), scan_of(&dir)?);
    let playbook = dir.read(PLAYBOOK)?;
    let found = sha256(&playbook);
    let exchanged = scan.flown().filter(|flown| *flown != found).map(|flown| {
        format!("{PLAYBOOK} is not the one that was flown (flown {}, found {})", short(flown), short(&found))
    });
    let broken = scan.fault().map(|fault| fault.says).or_else(|| beside.fault(&scan));
    Ok(Salvage {
        records: scan.records,
        playbook: String::from_utf8_lossy(&playbook).into_owned(),
        samples: samples(&dir)?,
        damage: broken.or(exchanged),
        torn_bytes: scan.torn_bytes,
    })
}
