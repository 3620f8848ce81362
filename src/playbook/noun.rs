//! What is declared, in a word: a rollback, unless the playbook is one for something else.

use std::fmt;

/// The longest word for it, in characters: it stands in headings.
const MAX: usize = 24;

/// What is declared: `rollback`, `release`, `schema change`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noun(String);

impl Default for Noun {
    fn default() -> Self {
        Self("rollback".into())
    }
}

impl Noun {
    /// Takes lowercase words; what is wrong with others, in words.
    pub fn new(written: &str) -> Result<Self, String> {
        let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        if written.chars().count() > MAX || !written.split(' ').all(is_word) {
            return Err(format!("`{written}` is no word for what is declared"));
        }
        Ok(Self(written.to_owned()))
    }

    /// The same with its article: `a rollback`, `an upgrade`.
    pub fn one(&self) -> String {
        let article = if self.0.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("{article} {}", self.0)
    }

    /// The same as the first word of a sentence.
    pub fn capital(&self) -> String {
        let mut letters = self.0.chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    }

    /// Whether something is wrong when it is declared: a rollback is the answer to that.
    pub fn is_rollback(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
