//! Claims about templates: the same report, one's own, and none that gets out.

use super::dossier;
use crate::report::{Account, Dossier, HTML_TEMPLATE, MARKDOWN_TEMPLATE, TEMPLATE_MAX};
use base64::Engine;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn rendered(source: &str) -> Result<String, String> {
    Account::of(&dossier()).rendered("own.md", source)
}

#[test]
fn the_printed_template_makes_the_very_report() {
    let account = Account::of(&dossier());
    assert_eq!(account.rendered("own.md", MARKDOWN_TEMPLATE).unwrap(), account.markdown());
}

#[test]
fn what_is_none_prints_nothing_and_can_be_asked_for() {
    let dates = "{% for a in actions %}[{{ a.due }}|{{ a.due is none }}]{% endfor %}";
    for name in ["own.md", "own.html"] {
        let made = Account::of(&dossier()).rendered(name, dates).unwrap();
        assert!(made.contains("[|true]") || made.contains("[|True]"), "{name}: {made}");
        assert!(!made.to_lowercase().contains("[none"), "{name}: {made}");
    }
    assert!(rendered("{{ nowhere }}").is_err(), "what there is not is still refused");
}

#[test]
fn the_printed_page_is_the_very_page_and_nothing_foreign_acts_in_it() {
    let account = Account::of(&dossier());
    let page = account.rendered("own.html", HTML_TEMPLATE).unwrap();
    assert_eq!(page, account.html());
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<path class=\"line\""), "{page:.300}");
    assert!(!page.contains("<now>") && page.contains("&lt;now&gt;"), "{page}");
}

#[test]
fn a_page_with_a_style_of_ones_own_has_a_policy_that_lets_it_act() {
    let teal =
        HTML_TEMPLATE.replace("{%- set style = page.style -%}", "{% set style = page.style ~ 'h1{color:teal}' -%}");
    let page = Account::of(&dossier()).rendered("own.html", &teal).unwrap();
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style));
    assert!(style.ends_with("h1{color:teal}") && page.contains(&format!("style-src 'sha256-{digest}'")), "{page:.900}");
}

#[test]
fn a_page_of_ten_long_charts_is_made_within_the_work_that_a_template_may_cause() {
    let line = |metric: &str, at: i64| {
        let at = 1_795_230_710_250 + at * 20;
        format!("{{\"at\":{at},\"metric\":\"{metric}\",\"sampled\":{at},\"value\":{}}}", at % 977)
    };
    let names = ["p99", "p95", "coverage", "ds", "errors", "a", "b", "c", "d", "e"];
    let samples = names.iter().flat_map(|metric| (0..10_000).map(|at| line(metric, at))).collect();
    let account = Account::of(&Dossier { samples, ..dossier() });
    assert!(account.metrics.len() >= 10);
    assert_eq!(account.rendered("own.html", HTML_TEMPLATE).unwrap(), account.html());
}

#[test]
fn a_template_of_ones_own_reads_every_kind_of_number() {
    let made = rendered(
        "{% for time in times %}{% if time.id == 'sixty' %}{{ time.took_ms|duration }} at {{ time.from.utc|utc }}{% endif %}{% endfor %}\n\
         {{ zero_ms|utc }} {{ none|duration }} {{ -5|duration }}\n\
         {% for action in actions if action.state == 'open' %}{{ action.id }} {% endfor %}\n\
         {{ sections[0].blocks[0]|md }}",
    )
    .unwrap();
    assert!(
        made.starts_with("1 min 08 s at 2026-11-21 03:12:12.250\n2026-11-21 03:12:11.250 not reached -5 ms\n"),
        "{made}"
    );
    assert!(made.contains("override-l30") && made.contains("At the declaration"), "{made}");
}

#[test]
fn the_name_decides_whether_words_are_escaped() {
    let account = Account::of(&Dossier { dir: "<b>".into(), ..dossier() });
    for (name, words) in [
        ("own.html", "&lt;b&gt;\n"),
        ("own.HTM", "&lt;b&gt;\n"),
        ("a.xml", "&lt;b&gt;\n"),
        ("own.md", "<b>\n"),
        ("own", "<b>\n"),
    ] {
        assert_eq!(account.rendered(name, "{{ directory }}").unwrap(), words, "{name}");
    }
}

#[test]
fn what_is_wrong_in_a_template_is_one_sentence_with_its_line() {
    let long = "x".repeat(TEMPLATE_MAX + 1);
    for (source, words) in [
        ("a\n{% for %}", "own.md:2: "),
        ("a\n\n{{ nothing.of.this }}", "own.md:3: "),
        ("{{ title }}\n{{ titel }}", "`goaround schema report` says what there is"),
        ("{{ title|upcase }}", "ours are md, html, duration, utc, "),
        ("\n{% include '/etc/passwd' %}", "own.md:2: "),
        ("{% extends '../x' %}", "a template stands alone"),
        ("{% import 'x' as x %}", "a template stands alone"),
        ("{{ 3|md }}", "`md` takes the blocks"),
        ("{{ title|duration }}", "`duration` takes milliseconds"),
        ("{{ title|utc }}", "`utc` takes milliseconds"),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}",
            "it loops for too long",
        ),
        ("{% set x = 'x' * 50000000 %}{{ x }}{{ x }}", "own.md:1: "),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "own.md:1: "),
        (&long, "own.md: it is longer than"),
    ] {
        let error = rendered(source).expect_err(source);
        assert!(error.contains(words), "{source:.60}: {error}");
        assert!(error.starts_with("own.md:") && !error.contains('\n'), "{error}");
    }
}

#[test]
fn a_name_that_no_report_has_is_told_with_the_one_that_was_meant() {
    for (source, words) in [
        ("{{ title }}\n{{ servce }}", "own.md:2: there is no `servce`; did you mean `service`?; `goaround schema"),
        ("{{ quarterly_revenue }}", "own.md:1: there is no `quarterly_revenue`; `goaround schema report`"),
        ("{% for one in sektions %}{{ one }}{% endfor %}", "there is no `sektions`; did you mean `sections`?"),
        ("{% for time in times %}{{ time.tok_ms }}{% endfor %}", "own.md:1: `time.tok_ms` is undefined; "),
        ("{{ service }} {{ head.x.y }}", "own.md:1: `head.x` is undefined; "),
    ] {
        let error = rendered(source).expect_err(source);
        assert!(error.contains(words), "{source}: {error}");
    }
}

#[test]
fn the_printed_template_begins_with_what_its_names_give_and_prints_none_of_it() {
    assert!(MARKDOWN_TEMPLATE.starts_with("{#-") && MARKDOWN_TEMPLATE.contains("SEV{{ severity }}"));
    assert!(Account::of(&dossier()).markdown().starts_with("# "));
    assert_eq!(rendered("SEV{{ severity }} {{ 0|utc }} UTC").unwrap(), "SEV2 1970-01-01 00:00:00.000 UTC\n");
}

#[test]
fn every_field_that_the_readme_tells_of_is_there() {
    let readme = include_str!("../../../README.md");
    let told = readme.split("<!-- fields -->").nth(1).expect("the README lists the fields of a template");
    let fields: Vec<&str> = told.split('`').skip(1).step_by(2).collect();
    assert!(fields.len() > 15, "{fields:?}");
    for field in fields {
        let source = match field.split_once("[].") {
            Some((list, of)) => format!("{{% for one in {list} %}}{{{{ one.{of} }}}}{{% endfor %}}"),
            None => format!("{{{{ {field} }}}}"),
        };
        if let Err(error) = rendered(&source) {
            panic!("{field}: {error}");
        }
    }
}

/// Pieces of templates, right and wrong.
const PIECES: [&str; 30] = [
    "{{ title }}",
    "{{ head }}",
    "{% for s in sections %}",
    "{{ s.blocks|md }}",
    "{{ s.blocks|html }}",
    "{% endfor %}",
    "{{ times[0].took_ms|duration }}",
    "{{ timeline|length }}",
    "{% if scenario %}",
    "{% else %}",
    "{% endif %}",
    "{{ loop.index }}",
    "{{ zero_ms|utc }}",
    "{{ -9223372036854775807|utc }}",
    "{{ 1e308|duration }}",
    "{{ 'x'|md|html }}",
    "{% set a = [1, 2] %}",
    "{{ a|sum // 0 }}",
    "{{ 1 % 0 }}",
    "{{ severity + 1 }}",
    "{{ (2 ** 63)|duration }}",
    "{% macro m(x) %}",
    "{% endmacro %}",
    "{{ m(m) }}",
    "{{ sections|map(attribute='id')|join(', ') }}",
    "{{",
    "%}",
    "{#",
    "{% raw %}",
    "{{ questions[99].id }}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn no_template_over_any_account_panics(
        pieces in proptest::collection::vec(prop_oneof![proptest::sample::select(PIECES.to_vec()).prop_map(str::to_owned), "[ -~]{0,6}"], 0..10),
        length in 0_usize..49,
        page in any::<bool>(),
    ) {
        let records = dossier().records.into_iter().take(length).collect();
        let account = Account::of(&Dossier { records, ..dossier() });
        let name = if page { "own.html" } else { "own.md" };
        if let Err(error) = account.rendered(name, &pieces.concat()) {
            prop_assert!(error.starts_with(name), "{}", error);
        }
    }
}
