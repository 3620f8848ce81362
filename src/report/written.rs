//! What people write, as Markdown that only says: no raw HTML, no image, no link but to the web, to mail and to our
//! own files.

use super::escape::fenced;
use crate::text::Text;
use comrak::nodes::{Node, NodeCodeBlock, NodeValue};
use comrak::{Arena, Options, format_commonmark, format_html, parse_document};
use std::fmt::{Result, Write};

/// Where a link may lead outside of the directory.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// The files of an incident directory that may be linked to, beside those under `evidence/` and `comms/`.
const OURS: [&str; 8] = [
    "journal.jsonl",
    "samples.jsonl",
    "playbook.toml",
    "answers.toml",
    "debrief.md",
    "report.md",
    "report.html",
    "report.json",
];

/// The highest heading that people may use: those above it are the report's own.
const HEADING_MIN: u8 = 4;

/// What the Markdown that comes out of here sets between two lists; it is no HTML of a person's.
pub(super) const BETWEEN_LISTS: &str = "<!-- end list -->";

/// Markdown of several lines as it may stand in a report: the same words, and nothing in them acts. Headings begin
/// below the report's own.
pub fn inert_markdown(raw: &str) -> String {
    let raw = visible(raw);
    let made = tamed(&raw, |root, options, out| format_commonmark(root, options, out));
    let made = made.trim_end();
    // Were there words that act only once they are written anew, they would be shown as they are.
    if acts(made) { fenced(&raw).join("\n") } else { made.to_owned() }
}

/// Markdown as HTML that can be put into a page as it is: the same rules, whoever wrote it.
pub fn html_of(markdown: &str) -> String {
    tamed(&visible(markdown), |root, options, out| format_html(root, options, out))
}

/// The words of a line of Markdown, without its marks.
pub(super) fn plain(markdown: &str) -> String {
    let (arena, options) = (Arena::new(), options());
    let mut words = String::new();
    for node in parse_document(&arena, markdown, &options).descendants() {
        match &node.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            _ => {}
        }
    }
    words
}

type Form = fn(Node, &Options, &mut dyn Write) -> Result;

fn tamed(markdown: &str, form: Form) -> String {
    let (arena, options) = (Arena::new(), options());
    let root = parse_document(&arena, markdown, &options);
    tame(&arena, root);
    let mut made = String::new();
    form(root, &options, &mut made).expect("a string takes every write");
    made
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.render.prefer_fenced = true;
    // Nothing raw is left after the taming; were there any, it would be shown and not followed.
    options.render.escape = true;
    options
}

/// What acts on a reader's eye or terminal becomes a visible escape; lines and indentation stay.
pub(super) fn visible(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.replace("\r\n", "\n").chars() {
        match c {
            '\n' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if Text::keeps(c) => out.push(c),
            c => write!(out, "\\u{{{:x}}}", u32::from(c)).expect("a string takes every write"),
        }
    }
    out
}

fn tame<'a>(arena: &'a Arena<'a>, root: Node<'a>) {
    let nodes: Vec<Node> = root.descendants().collect();
    // Moved down together, so that what stood under another heading still does.
    let least = nodes.iter().filter_map(|node| match &node.data().value {
        NodeValue::Heading(heading) => Some(heading.level),
        _ => None,
    });
    let down = least.min().map_or(0, |least| HEADING_MIN.saturating_sub(least));
    for node in nodes {
        if let NodeValue::Heading(heading) = &mut node.data_mut().value {
            heading.level = (heading.level + down).min(6);
        }
        show(arena, node);
    }
}

/// Leaves of what would act only its words.
fn show<'a>(arena: &'a Arena<'a>, node: Node<'a>) {
    let shown = match &node.data().value {
        NodeValue::HtmlBlock(block) if block.literal.trim() == BETWEEN_LISTS => Shown::Nothing,
        NodeValue::HtmlBlock(block) => Shown::Instead(code_block(&block.literal)),
        NodeValue::HtmlInline(literal) => Shown::Instead(NodeValue::Text(literal.clone().into())),
        NodeValue::Link(link) if leads(&link.url) => return,
        NodeValue::Link(link) | NodeValue::Image(link) => Shown::Apart(format!(" ({})", link.url)),
        _ => return,
    };
    match shown {
        Shown::Nothing => node.detach(),
        Shown::Instead(value) => node.data_mut().value = value,
        Shown::Apart(led_to) => {
            let words: Vec<Node> = node.children().collect();
            words.into_iter().for_each(|word| node.insert_before(word));
            node.insert_before(arena.alloc(NodeValue::Text(led_to.into()).into()));
            node.detach();
        }
    }
}

/// What becomes of a piece that would act.
enum Shown {
    Nothing,
    Instead(NodeValue),
    /// Its words, and behind them where it led.
    Apart(String),
}

fn code_block(literal: &str) -> NodeValue {
    let block = NodeCodeBlock {
        fenced: true,
        fence_char: b'`',
        fence_length: 3,
        fence_offset: 0,
        info: String::new(),
        literal: literal.to_owned(),
        closed: true,
    };
    NodeValue::CodeBlock(Box::new(block))
}

/// Whether anything in it is more than words to a reader who follows raw HTML.
fn acts(markdown: &str) -> bool {
    let (arena, options) = (Arena::new(), options());
    let root = parse_document(&arena, markdown, &options);
    root.descendants().any(|node| match &node.data().value {
        NodeValue::HtmlBlock(block) => block.literal.trim() != BETWEEN_LISTS,
        NodeValue::HtmlInline(_) | NodeValue::Image(_) => true,
        NodeValue::Link(link) => !leads(&link.url),
        _ => false,
    })
}

/// Whether a link may lead there.
fn leads(url: &str) -> bool {
    let small = url.to_ascii_lowercase();
    let (file, line) = url.split_once("#L").unwrap_or((url, ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let kept = ["evidence/", "comms/"].iter().any(|folder| file.starts_with(folder));
    let ours = OURS.contains(&file) || (kept && file.chars().all(plain) && !file.contains(".."));
    (ours && line.chars().all(|c| c.is_ascii_digit())) || SCHEMES.iter().any(|scheme| small.starts_with(scheme))
}
