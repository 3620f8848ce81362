//! Markdown on the page, by the rules that hold for whatever is written in Markdown.

use crate::report::written::{html_of, visible};

/// One line of Markdown, without a paragraph around it.
pub(super) fn line(markdown: &str) -> String {
    let written = paragraphs(markdown);
    let inner = written.trim_end().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).map_or_else(|| written.clone(), str::to_owned)
}

/// Markdown of several lines. A line of the journal is a row of this page's own table.
pub(super) fn paragraphs(markdown: &str) -> String {
    // Only a link can look like this: in words a quotation mark is escaped.
    html_of(markdown).replace("href=\"journal.jsonl#L", "href=\"#L")
}

/// Words of several lines as they were, without what acts on a reader's eye.
pub(super) fn verbatim(text: &str) -> String {
    visible(text)
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
}
