//! Markdown as HTML: no raw HTML, no image, no link but to the web, to mail and into our own directory.

use crate::report::written::{BETWEEN_LISTS, visible};
use crate::text::Text;
use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};

/// The files of an incident directory that a page may link to.
const OURS: [&str; 7] =
    ["journal.jsonl", "samples.jsonl", "playbook.toml", "report.md", "report.json", "debrief.md", "answers.toml"];

/// Where a link may lead outside of the directory.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// The least heading within what a person wrote: those above it are the page's own.
const HEADING_MIN: u8 = 4;

/// One line of Markdown, without a paragraph around it.
pub(super) fn line(markdown: &str) -> String {
    let written = rendered(markdown);
    let inner = written.trim_end().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).map_or_else(|| written.clone(), str::to_owned)
}

/// What a person wrote: Markdown of several lines.
pub(super) fn paragraphs(markdown: &str) -> String {
    rendered(&visible(markdown))
}

/// Words of several lines as they were, without what acts on a reader's eye.
pub(super) fn verbatim(text: &str) -> String {
    text.lines().map(inert).collect::<Vec<_>>().join("\n")
}

/// The words alone.
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

/// A line as [`Text`] has it, with the indentation that Markdown reads.
fn inert(line: &str) -> String {
    let indented = line.len() - line.trim_start_matches([' ', '\t']).len();
    line[..indented].replace('\t', "    ") + Text::new(&line[indented..]).as_str()
}

fn rendered(markdown: &str) -> String {
    let (arena, options) = (Arena::new(), options());
    let root = parse_document(&arena, markdown, &options);
    let nodes: Vec<Node> = root.descendants().collect();
    nodes.into_iter().for_each(tamed);
    let mut html = String::new();
    format_html(root, &options, &mut html).expect("a string takes every write");
    html
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.render.escape = true;
    options
}

/// Leaves of an image and of a link that leads elsewhere only their words.
fn tamed(node: Node) {
    let value = &mut node.data_mut().value;
    let words_only = match value {
        NodeValue::Link(link) => match destination(&link.url) {
            Some(url) => {
                link.url = url;
                false
            }
            None => true,
        },
        NodeValue::Image(_) => true,
        NodeValue::Heading(heading) => {
            heading.level = heading.level.max(HEADING_MIN);
            false
        }
        NodeValue::HtmlBlock(block) if block.literal.trim() == BETWEEN_LISTS => {
            block.literal.clear();
            false
        }
        _ => false,
    };
    if words_only {
        *value = NodeValue::Emph;
    }
}

/// Where a link leads on this page: a line of the journal is a row of its table.
fn destination(url: &str) -> Option<String> {
    if let Some(line) = url.strip_prefix("journal.jsonl#L") {
        return line.chars().all(|c| c.is_ascii_digit()).then(|| format!("#L{line}"));
    }
    let small = url.to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let kept = ["evidence/", "comms/"].iter().any(|folder| url.starts_with(folder));
    let ours = OURS.contains(&url) || (kept && url.chars().all(plain) && !url.contains(".."));
    (ours || SCHEMES.iter().any(|scheme| small.starts_with(scheme))).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_leads_to_its_row_and_a_file_to_itself() {
        assert_eq!(line("at `x` [#12](journal.jsonl#L12)"), "at <code>x</code> <a href=\"#L12\">#12</a>");
        assert_eq!(line("[evidence/a.json](evidence/a.json)"), "<a href=\"evidence/a.json\">evidence/a.json</a>");
    }

    #[test]
    fn nothing_foreign_acts_or_is_fetched() {
        let hostile = [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,<script>1</script>)",
            "[x](JaVaScRiPt:alert(1))",
            "![x](http://evil/x.png)",
            "![x](evidence/a.svg)",
            "[x](//evil)",
            "[x](evidence/../../etc/passwd)",
            "[x](journal.jsonl#Lx\"onclick=1)",
            "<svg onload=alert(1)>",
            "<http://ok.example/\"><img src=x>",
            "[![x](http://evil/y)](vbscript:1)",
            "[x]: javascript:alert(1)\n\n[x]",
        ];
        for raw in hostile {
            for made in [line(raw), paragraphs(raw)] {
                let low = made.to_lowercase();
                for bad in
                    ["<script", "<img", "<svg", "href=\"java", "href=\"data", "href=\"vb", "href=\"//", "etc/passwd\""]
                {
                    assert!(!low.contains(bad), "{raw}: {made}");
                }
            }
        }
    }

    #[test]
    fn what_a_person_wrote_keeps_its_headings_below_the_pages_own() {
        assert_eq!(paragraphs("# One\n\ntwo"), "<h4>One</h4>\n<p>two</p>\n");
    }

    #[test]
    fn the_words_alone_are_without_marks() {
        assert_eq!(plain("Step **4 a\\|b** `x` [#1](journal.jsonl#L1)"), "Step 4 a|b x #1");
    }
}
