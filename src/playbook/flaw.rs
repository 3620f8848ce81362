//! What is wrong with a playbook, where, and how it is shown.

use crate::text::Text;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

/// A secret written where none belongs: the value of a key that says so, or the password in an address.
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    let key = r#"(?i)(?:password|passwd|secret|credentials|token|bearer|api_?key|\bvalue\s)"?\s*=\s*["']([^"'\n]+)"#;
    Regex::new(&format!(r#"{key}|://[^\s/"'@:]*:([^\s"']+)@"#)).expect("our own pattern is a pattern")
});

/// Something wrong with a playbook as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The bytes of the file it is about.
    pub span: Range<usize>,
    /// What is wrong, as one sentence without a full stop.
    pub what: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl Flaw {
    /// A flaw of `span` in `text`; what it quotes from the file is made inert.
    pub(super) fn new(text: &str, span: Range<usize>, what: &str, hint: &str) -> Self {
        let Range { start, end } = inside(text, span);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            span: start..end,
            what: one_line(what),
            hint: one_line(hint),
        }
    }
}

/// All flaws as a terminal shows them: sentence, place, the lines of the file with the fault marked, hint. No colour,
/// and a secret that was written into the file does not travel on into a build's log.
pub fn render(name: &str, text: &str, flaws: &[Flaw]) -> String {
    let name = Text::new(name).to_string();
    let text = masked(text);
    let renderer = Renderer::plain();
    let shown: Vec<_> = flaws.iter().map(|flaw| renderer.render(&[group(&name, &text, flaw)])).collect();
    let shown = shown.join("\n\n");
    // The renderer replaces most of what acts on a terminal, and leaves the controls beyond ASCII as they are.
    let lines: Vec<_> = shown.lines().map(|line| Text::new(line).to_string()).collect();
    lines.join("\n") + if flaws.is_empty() { "" } else { "\n" }
}

/// One flaw with its place in the file.
fn group<'a>(name: &'a str, text: &'a str, flaw: &'a Flaw) -> Group<'a> {
    // A flaw may have been made from another text than the one shown; a wrong place must not end in a panic.
    let place = AnnotationKind::Primary.span(inside(text, flaw.span.clone()));
    let snippet = Snippet::source(text).path(name).annotation(place);
    let group = Level::ERROR.primary_title(flaw.what.as_str()).element(snippet);
    if flaw.hint.is_empty() { group } else { group.element(Level::HELP.message(flaw.hint.as_str())) }
}

/// `text` with stars for every byte of a secret, so that places stay true.
fn masked(text: &str) -> String {
    let mut masked = text.to_owned();
    for secret in SECRET.captures_iter(text).filter_map(|found| found.get(1).or_else(|| found.get(2))) {
        masked.replace_range(secret.range(), &"*".repeat(secret.len()));
    }
    masked
}

/// A sentence on one line, inert.
fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    Text::new(&words.join(" ")).to_string()
}

/// `span` cut down to whole characters of `text`.
fn inside(text: &str, span: Range<usize>) -> Range<usize> {
    let whole = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = whole(span.start);
    start..whole(span.end).max(start)
}
