//! Claims about what people write into a report.

use crate::report::{html_of, inert_markdown};
use comrak::{Options, markdown_to_html};
use proptest::prelude::*;

/// As a reader shows it that follows raw HTML and every link.
fn followed(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.render.r#unsafe = true;
    markdown_to_html(markdown, &options)
}

/// Every tag of a page is one of those that Markdown makes, every link leads where it may.
fn assert_harmless(page: &str, raw: &str) {
    const MADE: &str =
        " p h4 h5 h6 ul ol li pre code em strong del blockquote hr br table thead tbody tr th td a input ";
    let page = page.replace("<!-- end list -->", "");
    for tag in page.split('<').skip(1) {
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(MADE.contains(&format!(" {name} ")), "{raw:?} makes <{name}>: {page}");
        let inside = tag.split('>').next().unwrap_or_default();
        assert!(!inside.contains(" on"), "{raw:?} hears: {page}");
    }
    for href in page.split("href=\"").skip(1) {
        let led = ["https://", "http://", "mailto:", "journal.jsonl", "evidence/", "comms/"];
        assert!(led.iter().any(|to| href.to_ascii_lowercase().starts_with(to)), "{raw:?} leads elsewhere: {page}");
    }
}

const HOSTILE: [&str; 26] = [
    "<script>alert(1)</script>",
    "text <img src=x onerror=alert(1)> text",
    "<!-- gone",
    "<div>\n\n[x](javascript:alert(1))\n\n</div>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x]: javascript:alert(1)\n\n[x] and [x][]",
    "![x](https://evil.example/x.png)",
    "[![x](https://evil.example/x.png)](vbscript:x)",
    "<javascript:alert(1)>",
    "[x](//evil.example)",
    "[x](evidence/../../etc/passwd)",
    "[x](file:///etc/passwd)",
    "```\nunbalanced <b>",
    "~~~html\n<script>",
    "`<b>` and `` ` <i> ``",
    "&lt;script&gt; &#60;script&#62; \\<script>",
    "# One\n\nTwo\n===\n\n---\n",
    "- a\n- b\n\n1. c\n\n        code <b>",
    "| a | b |\n|---|---|\n| <b>x</b> | \\| [y](data:x) |",
    "> <svg onload=alert(1)>\n> quoted",
    "[^1]\n\n[^1]: <b>note</b>",
    "\u{202e}txt.exe \u{1b}]52;c;x\u{7} \u{200b}",
    "<a href=\"x\"\nonclick=alert(1)>",
    "\\[x](javascript:alert(1)) ![](x)",
];

#[test]
fn nothing_that_a_person_writes_acts_in_markdown_or_on_a_page() {
    for raw in HOSTILE {
        let made = inert_markdown(raw);
        assert_harmless(&followed(&made), raw);
        assert_harmless(&html_of(raw), raw);
        assert_harmless(&html_of(&made), raw);
        assert!(!made.contains(['\u{202e}', '\u{1b}', '\u{7}', '\u{200b}']), "{made:?}");
        assert_eq!(inert_markdown(&made), made, "made twice it is another: {raw:?}");
    }
}

#[test]
fn what_a_person_writes_stays_readable() {
    for (raw, made) in [
        ("The **index** was `wrong`, see [the thread](https://chat.example/1).\n\n- one\n- two", None),
        ("# One\n\n## Two", Some("#### One\n\n##### Two")),
        ("[x](javascript:a)", Some("x (javascript:a)")),
        ("![the graph](https://evil.example/x.png)", Some("the graph (https://evil.example/x.png)")),
        ("<b>bold</b>", Some("\\<b\\>bold\\</b\\>")),
        ("<script>\nx\n</script>", Some("```\n<script>\nx\n</script>\n```")),
        ("```\nopen", Some("```\nopen\n```")),
        ("| a | b |\n|---|---|\n| 1 | 2 |", Some("| a | b |\n| --- | --- |\n| 1 | 2 |")),
        ("at [#12](journal.jsonl#L12)", Some("at [\\#12](journal.jsonl#L12)")),
    ] {
        assert_eq!(inert_markdown(raw), made.unwrap_or(raw));
    }
    assert_eq!(html_of("# One <b>"), "<h4>One &lt;b&gt;</h4>\n");
}

#[test]
fn a_huge_or_deeply_nested_answer_is_made_in_time() {
    for piece in [">", "- ", "[", "*", "`", "<a ", "![", "|", "\n\n"] {
        let raw = piece.repeat(20_000);
        assert_harmless(&followed(&inert_markdown(&raw)), piece);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn no_mixture_of_marks_acts(pieces in proptest::collection::vec(prop_oneof![
        proptest::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
        "[<>!\\[\\]()`*_|~\\\\#&\n -]{1,6}",
        "[a-z:/]{1,5}",
    ], 1..8)) {
        let raw = pieces.concat();
        assert_harmless(&followed(&inert_markdown(&raw)), &raw);
        assert_harmless(&html_of(&raw), &raw);
    }
}
