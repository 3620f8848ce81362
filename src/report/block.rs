//! What a section of the account is made of: data, so that Markdown, HTML and JSON each write it in their own way.

use super::escape::{fenced, fields, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Section {
    /// Its name for links and templates, as `lead-up`.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What stands under it, in order.
    pub blocks: Vec<Block>,
}

/// One piece of a section. Its words are one line of Markdown, whatever was foreign in them escaped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading within the section.
    Heading(String),
    /// A paragraph.
    Said(String),
    /// A list.
    List(Vec<String>),
    /// What waits for a person, each with a box to tick.
    Asked(Vec<String>),
    /// A table with a head.
    Table {
        /// The heads of its columns.
        head: Vec<String>,
        /// Its rows, each as long as the head.
        rows: Vec<Vec<String>>,
    },
    /// Names and values.
    Fields(Vec<Field>),
    /// Words of several lines as they were: no Markdown, nothing escaped.
    Verbatim(String),
    /// What a person wrote: Markdown of several lines, made so that nothing in it acts.
    Written(String),
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// What it is.
    pub name: String,
    /// A line of Markdown.
    pub says: String,
}

impl Block {
    /// A table.
    pub(super) fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self::Table { head: head.iter().map(|&name| name.to_owned()).collect(), rows: rows.into_iter().collect() }
    }

    /// Names and values.
    pub(super) fn fields(rows: Vec<(&str, String)>) -> Self {
        Self::Fields(rows.into_iter().map(|(name, says)| Field { name: name.to_owned(), says }).collect())
    }

    /// A list, or a sentence where there is nothing to list.
    pub(super) fn list_or(lines: Vec<String>, otherwise: &str) -> Self {
        if lines.is_empty() { Self::Said(otherwise.to_owned()) } else { Self::List(lines) }
    }

    /// As Markdown, line by line.
    pub fn markdown(&self) -> Vec<String> {
        match self {
            Self::Heading(words) => vec![format!("### {words}")],
            Self::Said(words) => vec![words.clone()],
            Self::List(lines) => lines.iter().map(|line| format!("- {line}")).collect(),
            Self::Asked(lines) => lines.iter().map(|line| format!("- [ ] {line}")).collect(),
            Self::Table { head, rows } => {
                table(&head.iter().map(String::as_str).collect::<Vec<_>>(), rows.iter().cloned())
            }
            Self::Fields(rows) => fields(rows.iter().map(|row| (row.name.as_str(), row.says.clone())).collect()),
            Self::Verbatim(text) => fenced(text),
            Self::Written(text) => text.lines().map(str::to_owned).collect(),
        }
    }
}

/// Blocks as Markdown, a blank line between each two.
pub fn markdown(blocks: &[Block]) -> String {
    let written: Vec<String> = blocks.iter().map(|block| block.markdown().join("\n")).collect();
    written.join("\n\n")
}
