//! Secrets, read once at the start from where the playbook says they are kept.

use crate::text::{Redactor, SecretRef};
use secrecy::{ExposeSecret, SecretString};
use std::{collections::BTreeMap, fmt, io::Read, path::Path};

/// The largest file a secret is read from, in bytes.
const FILE_MAX: u64 = 64 * 1024;

/// The shortest line of a file that may be a key of its own: a seed of NATS has 58 letters, prose has blanks.
const KEY_MIN: usize = 40;

/// The resolved secrets of a playbook; never printed, not even by `{:?}`.
#[derive(Clone, Default)]
pub struct Secrets {
    kept: BTreeMap<SecretRef, SecretString>,
}

impl Secrets {
    /// Reads every secret `refs` name; an error holds one sentence for each that could not be had.
    pub fn resolve(refs: &[SecretRef]) -> Result<Self, Vec<String>> {
        let mut kept = BTreeMap::new();
        let mut missing = Vec::new();
        for reference in refs {
            if kept.contains_key(reference) {
                continue;
            }
            match read(reference) {
                Ok(value) => drop(kept.insert(reference.clone(), value)),
                Err(sentence) if !missing.contains(&sentence) => missing.push(sentence),
                Err(_) => {}
            }
        }
        if missing.is_empty() { Ok(Self { kept }) } else { Err(missing) }
    }

    /// A redactor that cuts every one of them out of text; of a file with several lines also each line alone that is
    /// long enough to be a key.
    pub fn redactor(&self) -> Redactor {
        let whole = self.kept.values().map(SecretString::expose_secret);
        let lines = whole.clone().flat_map(str::lines).map(str::trim);
        Redactor::new(whole.chain(lines.filter(|line| line.len() >= KEY_MIN && !line.contains(' '))))
    }

    /// Whether the environment variable `name` holds one of them.
    pub(super) fn holds_env(&self, name: &str) -> bool {
        self.kept.contains_key(&SecretRef::Env(name.to_owned()))
    }

    /// The secret behind `reference`; an error is a sentence.
    pub(super) fn get(&self, reference: &SecretRef) -> Result<&str, String> {
        let kept = self.kept.get(reference).map(SecretString::expose_secret);
        kept.ok_or_else(|| format!("the secret in {reference} was not read at the start"))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} kept)", self.kept.len())
    }
}

fn read(reference: &SecretRef) -> Result<SecretString, String> {
    let value = match reference {
        SecretRef::Env(name) => match std::env::var(name) {
            Ok(value) => value,
            Err(std::env::VarError::NotPresent) => {
                return Err(format!("environment variable {name} is not set; export it before starting"));
            }
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(format!("environment variable {name} is not UTF-8; a secret must be text"));
            }
        },
        SecretRef::File(path) => read_file(path)?,
    };
    if value.is_empty() {
        return Err(format!("{reference} is empty; put the secret there before starting"));
    }
    Ok(SecretString::from(value))
}

fn read_file(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(FILE_MAX + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("file {shown} cannot be read for a secret: {error}; check its path and rights"))?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(format!("file {shown} is larger than {FILE_MAX} bytes; it cannot be a secret"));
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("file {shown} is not UTF-8; a secret must be text"))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}
