//! Ids as playbooks write them: short, lower case, safe in a path and on a screen.

use serde::{Deserialize, Deserializer, Serialize};
use std::{borrow::Borrow, fmt, sync::Arc};

/// An id of `[a-z0-9._-]`, 1 to 64 letters, starting with a letter or digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Id(Arc<str>);

impl Id {
    /// The longest id.
    pub const MAX: usize = 64;

    /// An id, or what is wrong with it.
    pub fn new(raw: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        if raw.is_empty() || raw.len() > Self::MAX {
            return Err(format!("an id has 1 to {} letters", Self::MAX));
        }
        if !raw.chars().all(fits) || raw.starts_with(['.', '_', '-']) {
            return Err(format!("`{raw}` is no id: use a-z, 0-9, `-`, `_`, `.`, starting with a letter or digit"));
        }
        Ok(Self(raw.into()))
    }

    /// The id's letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
