//! As much of the query language's lexis as it takes to join expressions without one of them reaching into the next.

/// Where a scan of an expression is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Code,
    Comment,
    /// In a string that this quote ends.
    Quoted(char),
    /// Behind a backslash in such a string.
    Escaped(char),
}

/// The characters that are neither in a string nor in a comment, with their places, and the last place.
fn code(text: &str) -> (Vec<(usize, char)>, Place) {
    let mut place = Place::Code;
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        place = match (place, c) {
            (Place::Code, '#') => Place::Comment,
            (Place::Code, '"' | '\'' | '`') => Place::Quoted(c),
            (Place::Code, _) => {
                found.push((at, c));
                Place::Code
            }
            (Place::Comment, '\n' | '\r') => Place::Code,
            (Place::Comment, _) => Place::Comment,
            // A raw string knows no escapes.
            (Place::Quoted(quote), '\\') if quote != '`' => Place::Escaped(quote),
            (Place::Quoted(quote), _) if c == quote => Place::Code,
            (Place::Quoted(quote) | Place::Escaped(quote), _) => Place::Quoted(quote),
        };
    }
    (found, place)
}

/// Why an expression could not stand between parentheses without reaching out of them.
pub(super) fn unsound(text: &str) -> Option<&'static str> {
    let (code, end) = code(text);
    if matches!(end, Place::Quoted(_) | Place::Escaped(_)) {
        return Some("has a string that is not closed");
    }
    if code.iter().all(|(_, c)| c.is_whitespace()) {
        return Some("has nothing to evaluate");
    }
    let mut open = Vec::new();
    for (_, c) in code {
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' if open.pop() != Some(c) => return Some("has a bracket that closes nothing"),
            ',' if open.is_empty() => return Some("is more than one expression"),
            ';' => return Some("holds `;`, which no expression does"),
            _ => {}
        }
    }
    (!open.is_empty()).then_some("has a bracket that is not closed")
}

/// Where the first comma or closing bracket outside of every bracket is.
pub(super) fn end_of_expression(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in code(text).0 {
        match c {
            '(' | '[' | '{' => depth += 1,
            ',' | ')' | ']' | '}' if depth == 0 => return Some(at),
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether an expression is a metric's name, its matchers, or both, and nothing else.
pub(super) fn is_bare_selector(text: &str) -> bool {
    let (name, matchers) = text.split_at(text.find(|c: char| !is_name(c)).unwrap_or(text.len()));
    let named = !name.starts_with(|c: char| c.is_ascii_digit()) && !is_number_word(name);
    let matchers = matchers.trim_start();
    if matchers.is_empty() {
        return named && !name.is_empty();
    }
    let closes = matchers.strip_prefix('{').and_then(end_of_expression_or_brace);
    named && unsound(text).is_none() && closes == Some(matchers.len() - 1)
}

/// Where the brace closes that stands before `inside`, counted from that brace.
fn end_of_expression_or_brace(inside: &str) -> Option<usize> {
    code(inside).0.into_iter().find(|(_, c)| *c == '}').map(|(at, _)| at + 1)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':')
}

/// Whether a word is a number, not a name.
fn is_number_word(word: &str) -> bool {
    word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("nan")
}

/// Whether an expression answers a scalar: it is made of numbers, `time()`, `pi()`, `scalar(…)` and operators.
/// Such a one cannot be given a label until `vector(…)` has made a series of it.
pub(super) fn is_scalar(text: &str) -> bool {
    let code = code(text).0;
    let mut at = 0;
    while let Some(&(_, c)) = code.get(at) {
        let word = word_at(&code, at);
        let next = at + word.len();
        at = match word.as_str() {
            "scalar" | "time" | "pi" => match after_call(&code, next) {
                Some(after) => after,
                None => return false,
            },
            "" if c.is_whitespace() || "+-*/%^()<>=!".contains(c) => at + 1,
            "bool" => next,
            number if number.starts_with(|c: char| c.is_ascii_digit() || c == '.') || is_number_word(number) => next,
            _ => return false,
        };
    }
    !code.is_empty()
}

/// The name or number that begins at `at`; empty if neither does.
fn word_at(code: &[(usize, char)], at: usize) -> String {
    code[at..].iter().map(|(_, c)| *c).take_while(|c| is_name(*c) || *c == '.').collect()
}

/// The place after the brackets of a call whose name ends before `at`.
fn after_call(code: &[(usize, char)], at: usize) -> Option<usize> {
    let open = at + code[at..].iter().position(|(_, c)| !c.is_whitespace())?;
    let mut depth = 0_usize;
    for (offset, (_, c)) in code[open..].iter().enumerate() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return Some(open + offset + 1),
            ')' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
