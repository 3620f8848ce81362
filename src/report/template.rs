//! Templates: a report as the embedded template has it, or as a person's own does, in a sandbox.
//!
//! A template sees the account as `report.json` has it, one for HTML also what the page draws of it, and nothing else: no
//! file, no other template.

use super::Account;
use super::block::{self, Block};
use super::html::{self, Page};
use super::show::{millis, utc};
use super::undefined;
use super::written::{html_of, visible};
use crate::text::Text;
use chrono::DateTime;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, escape_formatter};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// What `report.md` is made with.
pub const MARKDOWN_TEMPLATE: &str = include_str!("templates/report.md.j2");

/// What `report.html` is made with.
pub const HTML_TEMPLATE: &str = concat!(include_str!("html/parts.html"), include_str!("html/page.html"));

/// The longest template, in bytes.
pub const TEMPLATE_MAX: usize = 256 * 1024;

/// The longest output of a template, in bytes.
const OUTPUT_MAX: usize = 64 * 1024 * 1024;

/// The most work a template may cause, in steps of its engine: some seconds.
pub const TEMPLATE_FUEL: u64 = 20_000_000;

impl Account {
    /// As `report.md`: the same bytes each time.
    pub fn markdown(&self) -> String {
        let made = engine().render_named_str("report.md", MARKDOWN_TEMPLATE, Serde(self));
        made.expect("the embedded template renders every account") + "\n"
    }

    /// As `report.html`: one file that reads without any other, the same bytes each time.
    pub fn html(&self) -> String {
        let made = engine().render_named_str("report.html", HTML_TEMPLATE, Serde(Seen::by("report.html", self)));
        made.expect("the embedded template renders every account") + "\n"
    }

    /// As a person's own template has it; the name decides whether its output is HTML. An error is one sentence that
    /// begins with the name and the line.
    pub fn rendered(&self, name: &str, source: &str) -> Result<String, String> {
        self.rendered_within(name, source, TEMPLATE_FUEL)
    }

    /// The same in at most `fuel` steps. What a step builds inside is not bounded by their number.
    pub fn rendered_within(&self, name: &str, source: &str, fuel: u64) -> Result<String, String> {
        if source.len() > TEMPLATE_MAX {
            return Err(format!("{name}: it is longer than {TEMPLATE_MAX} bytes: a template is a page or two"));
        }
        let mut engine = engine();
        engine.set_fuel(Some(fuel));
        let mut output = Bounded::default();
        let template = engine.template_from_named_str(name, source).map_err(|error| told(name, &error))?;
        let seen = Seen::by(name, self);
        let made = template.render_captured_to(Serde(&seen), &mut output).map(drop);
        made.map_err(|error| match (error.kind(), error.line()) {
            (ErrorKind::UndefinedError, Some(line)) => {
                let asked = template.undeclared_variables(false);
                told_as(name, &error, undefined::unknown(&seen, &asked, (source, line)))
            }
            (_, _) => told(name, &error),
        })?;
        // An account holds what others wrote as they wrote it, and a template may print any of it on a terminal.
        let mut text = visible(&String::from_utf8(output.0).expect("a template is made of text"));
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Ok(text)
    }
}

/// What a template sees.
#[derive(Serialize)]
struct Seen<'a> {
    #[serde(flatten)]
    account: &'a Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<Page<'a>>,
}

impl<'a> Seen<'a> {
    fn by(name: &str, account: &'a Account) -> Self {
        Self { account, page: is_page(name).then(|| Page::of(account)) }
    }
}

/// Whether a template of this name writes a page.
fn is_page(name: &str) -> bool {
    let page = [".html", ".htm", ".xml", ".html.j2", ".htm.j2", ".xml.j2"];
    let name = name.to_ascii_lowercase();
    page.iter().any(|ending| name.ends_with(ending))
}

fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|name| if is_page(name) { AutoEscape::Html } else { AutoEscape::None });
    // What is none is nothing to read: no date, no owner, and not a word for it.
    engine
        .set_formatter(|out, state, value| if value.is_none() { Ok(()) } else { escape_formatter(out, state, value) });
    html::add_filters(&mut engine);
    engine.add_filter("md", md);
    engine.add_filter("html", blocks_html);
    engine.add_filter("duration", duration);
    engine.add_filter("utc", time);
    engine
}

/// `md`: a block, or a list of them, as Markdown; Markdown stays what it is.
fn md(value: &Value) -> Result<String, Error> {
    let blocks = match value.kind() {
        ValueKind::String => return Ok(value.to_string()),
        ValueKind::Seq => Vec::<Block>::deserialize(value),
        _ => Block::deserialize(value).map(|block| vec![block]),
    };
    let wrong =
        |_| Error::new(ErrorKind::InvalidOperation, "`md` takes the blocks of a section, one of them, or Markdown");
    blocks.map(|blocks| block::markdown(&blocks)).map_err(wrong)
}

/// `html`: the same as HTML in which nothing foreign acts.
fn blocks_html(value: &Value) -> Result<Value, Error> {
    md(value).map(|markdown| Value::from_safe_string(html_of(&markdown)))
}

/// `duration`: milliseconds for people; of none, that it was not reached.
fn duration(value: &Value) -> Result<String, Error> {
    if value.is_none() {
        return Ok("not reached".into());
    }
    let wrong = |_| Error::new(ErrorKind::InvalidOperation, "`duration` takes milliseconds, as `took_ms` is");
    i64::try_from(value.clone())
        .map(|ms| if ms < 0 { format!("-{}", millis(ms.unsigned_abs())) } else { millis(ms.unsigned_abs()) })
        .map_err(wrong)
}

/// `utc`: milliseconds since 1970, or a stamp, as date and time of day.
fn time(value: &Value) -> Result<String, Error> {
    let stamp = |raw: &str| DateTime::parse_from_rfc3339(raw).ok().map(|time| time.timestamp_millis());
    let ms = match value.as_str() {
        Some(raw) => stamp(raw),
        None => i64::try_from(value.clone()).ok(),
    };
    let wrong =
        || Error::new(ErrorKind::InvalidOperation, "`utc` takes milliseconds since 1970, or a stamp as `utc` is");
    ms.map(utc).ok_or_else(wrong)
}

/// What is written by a template, up to a bound.
#[derive(Default)]
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > OUTPUT_MAX {
            return Err(io::Error::other(format!("the output is longer than {OUTPUT_MAX} bytes")));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `FILE:LINE: what, what to do`.
fn told(name: &str, error: &Error) -> String {
    told_as(name, error, None)
}

/// The same where more is known than the engine says.
fn told_as(name: &str, error: &Error, what: Option<String>) -> String {
    let said = || error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let what = what.unwrap_or_else(said);
    let todo = match error.kind() {
        ErrorKind::SyntaxError => "docs.rs/minijinja has the syntax",
        ErrorKind::UndefinedError => "`goaround schema report` says what there is, and `is defined` asks for it",
        ErrorKind::UnknownFilter => {
            "ours are md, html, duration, utc, and of the page line, paragraphs, verbatim, tone and digest, beside those of docs.rs/minijinja"
        }
        ErrorKind::TemplateNotFound | ErrorKind::BadInclude => {
            "a template stands alone: put everything into the one file"
        }
        ErrorKind::OutOfFuel => "it loops for too long: print less",
        ErrorKind::WriteFailure => "print less",
        _ => "mend it there",
    };
    let line = error.line().unwrap_or(1);
    format!("{name}:{line}: {}; {todo}, nothing was written", Text::new(&what))
}
