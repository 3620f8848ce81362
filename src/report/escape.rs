//! Foreign text in Markdown: shown as it is, never acting as markup.

use crate::text::Text;

/// Text for a line or a table cell. Every character that could open markup is escaped.
pub(super) fn md(raw: &str) -> String {
    let inert = Text::new(raw);
    let chars: Vec<char> = inert.as_str().chars().collect();
    let mut out = String::with_capacity(chars.len() + 8);
    for (at, c) in chars.iter().enumerate() {
        let in_word = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
        let acts = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' | '$' => true,
            // Within a word an underscore opens nothing, and ids are full of them.
            '_' => !(in_word(at.checked_sub(1)) && in_word(Some(at + 1))),
            // At the start these would open a list or a rule.
            '-' | '+' | '=' => at == 0,
            '.' | ')' => {
                at > 0
                    && chars[..at].iter().all(char::is_ascii_digit)
                    && chars.get(at + 1).is_none_or(|next| *next == ' ')
            }
            _ => false,
        };
        if acts {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

/// A value in a code span; where a code span could be left or would split a table cell, escaped text instead.
pub(super) fn code(raw: &str) -> String {
    let inert = Text::new(raw);
    let text = inert.as_str().trim();
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    if text.contains(['`', '|']) { md(text) } else { format!("`{text}`") }
}

/// JSON that may be looked at: what would act on a terminal or an eye stands only within strings, and is written there
/// as JSON's own escape.
pub(super) fn json(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    for c in written.chars() {
        if c == '\n' || Text::keeps(c) {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// A body of several lines as a fenced block that it cannot leave.
pub(super) fn fenced(raw: &str) -> Vec<String> {
    let longest = raw.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut lines = vec![format!("{fence}text")];
    lines.extend(raw.lines().map(|line| Text::new(line).as_str().to_owned()));
    lines.push(fence);
    lines
}

/// A table; cells are Markdown already.
pub(super) fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Vec<String> {
    let mut lines = vec![format!("| {} |", head.join(" | ")), format!("|{}", "---|".repeat(head.len()))];
    lines.extend(rows.into_iter().map(|cells| format!("| {} |", cells.join(" | "))));
    lines
}

/// A table of names and values without a head.
pub(super) fn fields(rows: Vec<(&str, String)>) -> Vec<String> {
    table(&["", ""], rows.into_iter().map(|(name, value)| vec![format!("**{name}**"), value]))
}
