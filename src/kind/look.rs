//! Values found in what came back: whole texts, JSON pointers, first groups of regular expressions.

use super::{Answer, Body, Fault, Outcome, Seen, Settled};
use crate::text::Text;
use regex::Regex;
use serde_json::Value;

/// The most characters of an answer quoted in a sentence for a person.
const QUOTED_MAX: usize = 240;

/// The room [`Text`] keeps for its last character: a value that comes this close to the bound may have been cut.
const CUT_MARGIN: usize = 12;

/// Which part of an answer is the value; without either, all of it. A value that is a JSON object or array is on one
/// line, however it was printed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted<'a> {
    /// A JSON pointer.
    pub at: Option<&'a str>,
    /// A regular expression whose first group is the value, looked for in what `at` points at.
    pub find: Option<&'a str>,
}

impl Wanted<'_> {
    /// The value in a body that must be whole and UTF-8.
    pub fn in_body(self, body: &Body) -> Seen {
        if body.truncated {
            return failed(format!("the answer is longer than the {} bytes kept", body.bytes.len()));
        }
        match std::str::from_utf8(&body.bytes) {
            Ok(text) => self.in_text(text.trim()),
            Err(_) => failed(format!("the answer is not UTF-8: {}", quote(body))),
        }
    }

    /// The value in a text.
    pub fn in_text(self, text: &str) -> Seen {
        let part = match self.at {
            Some(at) => match pointed_at(text, at) {
                Ok(part) => part,
                Err(seen) => return seen,
            },
            None => text.to_owned(),
        };
        match self.find {
            Some(pattern) => first_group(&part, pattern),
            None => value(&part),
        }
    }
}

/// What the JSON pointer `at` points at in `text`, strings without their quotes.
fn pointed_at(text: &str, at: &str) -> Result<String, Seen> {
    let json: Value = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => return Err(failed(format!("the answer is no JSON ({error}): {}", shorten(text)))),
    };
    match json.pointer(at) {
        None => Err(absent(format!("nothing is at {at}"))),
        Some(Value::Null) => Err(absent(format!("null is at {at}"))),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_))) => Ok(other.to_string()),
    }
}

/// The first group of the first match of `pattern` in `text`.
fn first_group(text: &str, pattern: &str) -> Seen {
    let regex = match Regex::new(pattern) {
        Ok(regex) => regex,
        Err(error) => return failed(format!("`{pattern}` is no regular expression: {error}")),
    };
    match regex.captures(text).and_then(|groups| groups.get(1)) {
        Some(group) => value(group.as_str()),
        None => absent(format!("`{pattern}` matches nothing in: {}", shorten(text))),
    }
}

/// `text` as a value. An empty one is nothing; one that would be cut is refused, for a part is not the value.
fn value(text: &str) -> Seen {
    if text.is_empty() {
        return absent("the answer is empty");
    }
    let inert = compact(text).map_or_else(|| Text::new(text), Text::from);
    if inert.as_str().len() + CUT_MARGIN > Text::MAX_BYTES {
        return failed(format!("the value is longer than {} bytes; name the part that is meant", Text::MAX_BYTES));
    }
    Seen::Value(inert)
}

/// A JSON object or array on one line, as [`Text`] keeps it whole: without the white space between its parts, and with
/// JSON's own escapes where a character would become an escape that JSON does not know. Names keep their order and
/// numbers their spelling. `None` for anything else.
fn compact(text: &str) -> Option<String> {
    let looks_so = text.starts_with(['{', '[']);
    if !looks_so || serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        if !in_string && c.is_ascii_whitespace() {
            continue;
        }
        if Text::keeps(c) {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
        in_string ^= c == '"' && !escaped;
        escaped = in_string && c == '\\' && !escaped;
    }
    Some(out)
}

/// Nothing is there, and why.
pub(super) fn absent(why: impl Into<Text>) -> Seen {
    Seen::Absent(why.into())
}

/// It could not be seen, and why.
pub(super) fn failed(why: impl Into<Text>) -> Seen {
    Seen::Failed(why.into())
}

/// What a look saw when there was no answer.
pub(super) fn blinded(fault: &Fault) -> Seen {
    failed(fault.to_string())
}

/// Whether `pattern` matches somewhere in `text`; what is no regular expression matches nothing.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|regex| regex.is_match(text))
}

/// A body as text, without the white space around it; what is not UTF-8 is replaced.
pub(super) fn trimmed(body: &Body) -> String {
    String::from_utf8_lossy(&body.bytes).trim().to_owned()
}

/// The beginning of a body, for a sentence; empty when the body is.
pub(super) fn quote(body: &Body) -> String {
    let kept = &body.bytes[..body.bytes.len().min(Text::MAX_BYTES)];
    shorten(String::from_utf8_lossy(kept).trim())
}

/// Both ends of a body, for a sentence: some programs name the cause first, others in their last words.
pub(super) fn quote_ends(body: &Body) -> String {
    let text = String::from_utf8_lossy(&body.bytes);
    let text = text.trim();
    let letters = text.chars().count();
    if letters <= QUOTED_MAX {
        return text.to_owned();
    }
    let head: String = text.chars().take(QUOTED_MAX / 2).collect();
    let tail: String = text.chars().skip(letters - QUOTED_MAX / 2).collect();
    format!("{head}…{tail}")
}

/// The beginning of a text.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(QUOTED_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `said`, then what the peer answered, if it answered anything.
pub(super) fn saying(said: &str, quoted: &str) -> String {
    if quoted.is_empty() { said.to_owned() } else { format!("{said}: {quoted}") }
}

/// An answer that belongs to another kind of exchange: nobody knows what happened.
pub(super) fn misfit_act(foreign: &Answer) -> Settled {
    Settled::new(Outcome::Unknown, misfit(foreign))
}

/// The same for a look.
pub(super) fn misfit_look(foreign: &Answer) -> Seen {
    failed(misfit(foreign))
}

/// What is wrong with an answer that belongs to another kind of exchange.
pub(super) fn misfit(foreign: &Answer) -> String {
    format!("the answer is of another kind than the call: {}", foreign.kind())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Seen {
        Wanted::default().in_body(&Body::whole(text))
    }

    #[test]
    fn json_is_one_line_however_it_was_printed() {
        let cases = [
            ("{\n  \"b\": 1.50,\r\n\t\"a\": [1, 2]\n}", r#"{"b":1.50,"a":[1,2]}"#),
            ("[\n]", "[]"),
            (r#"{"a b": "c \\" , "d\"": " e "}"#, r#"{"a b":"c \\","d\"":" e "}"#),
            (r#"{"n": 12345678901234567890123}"#, r#"{"n":12345678901234567890123}"#),
        ];
        for (printed, value) in cases {
            assert_eq!(all(printed), Seen::Value(value.into()), "{printed}");
        }
    }

    #[test]
    fn what_is_no_json_object_or_array_stays_as_it_was_written() {
        for text in ["{ not json }", "[1, 2", "a  b", "\"a  b\"", "12  "] {
            assert_eq!(all(text), Seen::Value(text.trim().into()), "{text}");
        }
    }

    #[test]
    fn an_invisible_character_leaves_json_readable_and_is_still_seen() {
        let Seen::Value(value) = all("{\"GIT_SHA\": \"a\u{202e}b\u{e0001}\", \"BUILD_ID\": \"7\"}") else {
            panic!("it was not seen")
        };
        assert_eq!(value.as_str(), r#"{"GIT_SHA":"a\u202eb\udb40\udc01","BUILD_ID":"7"}"#);
        let json: Value = serde_json::from_str(value.as_str()).unwrap();
        assert_eq!(Text::from(json["GIT_SHA"].as_str().unwrap()).as_str(), "a\\u{202e}b\\u{e0001}");
    }

    #[test]
    fn white_space_does_not_make_json_too_long() {
        let printed = format!("{{\"a\":{}1}}", " ".repeat(2 * Text::MAX_BYTES));
        assert_eq!(all(&printed), Seen::Value(r#"{"a":1}"#.into()));
    }
}
