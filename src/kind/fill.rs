//! Filling `${name}` holes in what a playbook wrote, without letting a value act as more than a value.

use std::collections::BTreeMap;

/// What the holes are filled with.
pub type Vars = BTreeMap<String, String>;

/// `template` with each `${name}` replaced by `escape(value)`; an unknown name or an unclosed hole is refused.
pub fn fill(template: &str, vars: &Vars, escape: impl Fn(&str) -> String) -> Result<String, String> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find("${") {
        let (before, hole) = rest.split_at(start);
        let Some(end) = hole.find('}') else { return Err(format!("`{hole}` has no closing brace")) };
        let name = &hole[2..end];
        let value = vars.get(name).ok_or_else(|| format!("nothing is known for ${{{name}}}"))?;
        out.push_str(before);
        out.push_str(&escape(value));
        rest = &hole[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// The names of the holes in `template`.
pub fn holes(template: &str) -> Vec<&str> {
    let pieces = template.split("${").skip(1);
    pieces.filter_map(|piece| piece.split_once('}').map(|(name, _)| name)).collect()
}

/// Escapes a value that stands inside a JSON string.
pub fn escape_json(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Percent-encodes a value that stands inside a path segment or a query value.
pub fn escape_url(value: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    value.bytes().map(|b| if safe(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Refuses to fill `template` with a value of which `why_not` says that it would act as more than a value.
pub(super) fn refuse(
    template: &str,
    vars: &Vars,
    why_not: impl Fn(&str) -> Option<&'static str>,
) -> Result<(), String> {
    for name in holes(template) {
        if let Some(why) = vars.get(name).and_then(|value| why_not(value)) {
            return Err(format!("the value of ${{{name}}} {why}"));
        }
    }
    Ok(())
}

/// Why a value cannot stand in a text whose lines mean something.
pub(super) fn breaks_line(value: &str) -> Option<&'static str> {
    value.contains(char::is_control).then_some("holds a line break or another control character")
}
