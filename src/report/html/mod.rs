//! The report as one page: no script, nothing fetched, the same bytes each time.
//!
//! What is drawn is worked out here as places and words; `parts.html` and `page.html` have the markup and are the
//! template that `--print-template html` prints, `style.css` has the looks. The page carries a policy that lets only that
//! very style act on it.

mod bars;
mod flags;
mod plot;
mod scale;
mod words;

use super::account::{Account, Entry, Time};
use super::block::{Block, Section};
use super::escape::code;
use super::kept::{Found, Kept};
use super::pulled::Pulled;
use super::show::file_link;
use super::standing::Standing;
use super::written::plain;
use crate::kind::Outcome;
use bars::{Clocks, Track, clocks, name_of, tone_of, tracks};
use base64::Engine;
use minijinja::Environment;
use minijinja::value::Value;
use plot::{Label, Plot, labels, plot};
use serde::Serialize;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("style.css");

/// How many times stand in the page's header; the section on times has them all.
const TILES_MAX: usize = 8;

/// What the page draws of the account: `page` in a template for HTML.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    style: &'static str,
    title: String,
    stands: Stands,
    tiles: Vec<&'a Time>,
    plots: Vec<Plot>,
    times: Vec<Label>,
    tracks: Vec<Track>,
    clocks: Clocks,
    rows: Vec<Row<'a>>,
    pulls: Vec<Card<'a>>,
    sections: Vec<Part<'a>>,
}

/// Where the incident stands: a word and its tone.
#[derive(Serialize)]
struct Stands {
    word: &'static str,
    tone: &'static str,
}

/// A line of the timeline.
#[derive(Serialize)]
struct Row<'a> {
    line: u64,
    utc: &'a str,
    time: String,
    lane: &'static str,
    who: &'a str,
    says: &'a str,
}

/// A pull as a card.
#[derive(Serialize)]
struct Card<'a> {
    #[serde(flatten)]
    pull: &'a Pulled,
    time: String,
    /// The file with request and answer: a line of Markdown.
    file: Option<String>,
    /// Why nothing was read back, where nothing was.
    unseen: &'static str,
}

/// A section: what is drawn in its own way, and the blocks behind that.
#[derive(Serialize)]
struct Part<'a> {
    id: &'a str,
    title: &'a str,
    drawn: Option<&'static str>,
    blocks: &'a [Block],
}

/// What the page's template writes with.
pub(super) fn add_filters(engine: &mut Environment) {
    engine.add_filter("line", line);
    engine.add_filter("paragraphs", paragraphs);
    engine.add_filter("verbatim", words::verbatim);
    engine.add_filter("tone", tone_of);
    engine.add_filter("digest", digest);
}

/// `line`: a line of Markdown within the page.
fn line(markdown: &str) -> Value {
    Value::from_safe_string(words::line(markdown))
}

/// `paragraphs`: Markdown of several lines.
fn paragraphs(markdown: &str) -> Value {
    Value::from_safe_string(words::paragraphs(markdown))
}

/// `digest`: of a style, as a policy names it.
fn digest(style: &str) -> Value {
    Value::from_safe_string(base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style)))
}

impl<'a> Page<'a> {
    /// Everything that is drawn, ready to be written.
    pub(super) fn of(account: &'a Account) -> Self {
        Self {
            style: STYLE,
            title: plain(&account.title),
            stands: stands(account),
            tiles: account.times.iter().filter(|time| time.took_ms.is_some()).take(TILES_MAX).collect(),
            plots: account.metrics.iter().map(|chart| plot(chart, account.axis, &account.marks)).collect(),
            times: labels(account.axis),
            tracks: tracks(account),
            clocks: clocks(account),
            rows: account.timeline.iter().map(row).collect(),
            pulls: account.pulls.iter().map(|pull| card(account, pull)).collect(),
            sections: account.sections.iter().map(|section| part(account, section)).collect(),
        }
    }
}

fn stands(account: &Account) -> Stands {
    let (word, tone) = match account.state {
        Standing::Recovered | Standing::NotRecovered if !account.rehearsed.is_empty() => ("rehearsed", "plain"),
        Standing::Empty => ("nothing recorded", "plain"),
        Standing::Undeclared => ("nothing declared", "plain"),
        Standing::Open => ("open", "bad"),
        Standing::Recovered => ("closed, recovered", "good"),
        Standing::NotRecovered => ("closed, not recovered", "bad"),
    };
    Stands { word, tone }
}

fn row(entry: &Entry) -> Row<'_> {
    Row {
        line: entry.at.line,
        utc: &entry.at.utc,
        time: scale::exact_time(entry.at.t_ms),
        lane: name_of(entry.lane),
        who: &entry.actor,
        says: &entry.says,
    }
}

fn card<'a>(account: &Account, pull: &'a Pulled) -> Card<'a> {
    let is_there = |path: &str| {
        let there = |file: &Kept| file.path == path && matches!(file.found, Found::Unchanged | Found::Changed);
        account.files.iter().any(there)
    };
    let named = |path: &str| if is_there(path) { file_link(path) } else { code(path) };
    let kept = pull.ended.as_ref().and_then(|ended| ended.evidence.as_deref());
    let unchanged = pull
        .ended
        .as_ref()
        .is_some_and(|ended| [Outcome::Rejected, Outcome::NotSent].iter().any(|outcome| outcome.word() == ended.word));
    let unseen = if unchanged { "nothing was changed" } else { "nobody looked" };
    Card { pull, time: scale::exact_time(pull.t_ms), file: kept.map(named), unseen }
}

/// What stands first in a section is drawn where the page has a better way to show it; what people added behind it
/// stays.
fn part<'a>(account: &Account, section: &'a Section) -> Part<'a> {
    let is_card = |block: &Block| matches!(block, Block::Heading(_) | Block::Fields(_) | Block::Verbatim(_));
    let cards = section.blocks.iter().take_while(|block| is_card(block)).count();
    let (drawn, skipped) = match section.id {
        "mitigation" if !account.pulls.is_empty() => (Some("pulls"), cards),
        "pins" if !account.pins.is_empty() => (Some("pins"), 1),
        "timeline" if !account.timeline.is_empty() => (Some("timeline"), 2),
        _ => (None, 0),
    };
    let blocks = section.blocks.get(skipped..).unwrap_or_default();
    Part { id: section.id, title: section.title, drawn, blocks }
}
