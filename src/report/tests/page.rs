//! Claims about the page, without a browser; `tests/report_page.rs` has those that need one.

use super::flight::{Flight, declared};
use super::*;
use base64::Engine;
use sha2::{Digest, Sha256};

fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let begin = page.find(from).unwrap_or_else(|| panic!("no {from}")) + from.len();
    &page[begin..begin + page[begin..].find(to).unwrap_or_else(|| panic!("no {to}"))]
}

#[test]
fn the_policy_lets_exactly_the_pages_own_style_act() {
    let page = Account::of(&dossier()).html();
    let digest =
        base64::engine::general_purpose::STANDARD.encode(Sha256::digest(between(&page, "<style>", "</style>")));
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
    assert!(policy.starts_with(&format!("default-src 'none'; style-src 'sha256-{digest}';")), "{policy}");
    assert_eq!(page.matches("<style").count(), 1);
    for never in ["<script", " style=", "<link", "<img", "<iframe", "<object", "@import", "javascript:", " on"] {
        let acts = page.match_indices(never).find(|(at, _)| never != " on" || is_handler(&page[*at..]));
        assert_eq!(acts, None, "{never}");
    }
    assert!(!page.contains("url(h") && !page.contains("src="), "nothing is fetched");
}

/// ` onload=` and its like, in a tag or not.
fn is_handler(rest: &str) -> bool {
    let name: String = rest[1..].chars().take_while(char::is_ascii_alphabetic).collect();
    name.len() > 3 && rest[1 + name.len()..].starts_with('=')
}

#[test]
fn every_line_of_the_journal_is_a_row_that_can_be_led_to() {
    let dossier = dossier();
    let page = Account::of(&dossier).html();
    for record in &dossier.records {
        assert_eq!(page.matches(&format!("<tr id=\"L{}\">", record.seq)).count(), 1, "{}", record.seq);
    }
    let anchors = page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    for anchor in anchors {
        assert!(page.contains(&format!("id=\"{anchor}\"")), "a link leads nowhere: {anchor}");
    }
}

#[test]
fn ids_are_there_once_and_headings_go_down_step_by_step() {
    let page = Account::of(&dossier()).html();
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    let level = |rest: &str| rest.chars().next().and_then(|c| c.to_digit(10));
    let levels: Vec<u32> = page.split("<h").skip(1).filter_map(level).collect();
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
}

#[test]
fn who_listens_to_the_page_or_walks_it_by_keys_finds_their_way() {
    let page = Account::of(&dossier()).html();
    assert!(between(&page, "<body>", "</a>").contains("class=\"skip\" href=\"#main\""), "it is the first thing");
    for landmark in ["<html lang=\"en\">", "<header>", "<nav aria-label=", "<main id=\"main\"", "<footer>"] {
        assert_eq!(page.matches(landmark).count(), 1, "{landmark}");
    }
    assert_eq!(page.matches("<th ").count() + page.matches("<th>").count(), page.matches("<th scope=").count());
    let drawings: Vec<&str> = page.split("<svg ").skip(1).filter_map(|rest| rest.split('>').next()).collect();
    let named =
        |tag: &&&str| tag.contains("aria-label") || tag.contains("aria-hidden") || tag.contains("class=\"field\"");
    assert_eq!(drawings.iter().filter(named).count(), drawings.len(), "{drawings:#?}");
    let boxes = page.matches("<div class=\"scroll").count();
    assert_eq!(page.matches("\" tabindex=\"0\"><table").count(), boxes, "a box that scrolls can be reached");
}

#[test]
fn the_page_is_the_same_bytes_each_time_and_is_made_of_less_too() {
    let dossier = dossier();
    let account = Account::of(&dossier);
    assert_eq!(account.html(), account.html());
    assert!(Account::of(&Dossier::default()).html().contains("nothing recorded"));
    let without = Account::of(&Dossier { playbook: None, ..dossier.clone() }).html();
    assert!(without.contains("Pull 2: alias"), "ids stand for titles");
    for length in 1..dossier.records.len() {
        let made = Account::of(&Dossier { records: dossier.records[..length].to_vec(), ..dossier.clone() }).html();
        assert!(made.ends_with("</html>\n") || made.ends_with("</html>"), "{length}");
    }
}

#[test]
fn foreign_words_are_words_wherever_they_stand() {
    let raw = "\"><script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) {{ 7*7 }} </style>";
    let mut flight = Flight::open();
    flight.add(1, raw, declared());
    flight.add(2, raw, Event::NoteAdded { text: Text::new(raw) });
    let file = EvidenceRef { path: raw.into(), sha256: raw.into(), bytes: 1 };
    let values = [(raw.to_owned(), Text::new(raw))].into();
    flight.add(
        3,
        raw,
        Event::EvidenceCaptured { step: None, title: raw.into(), file, values, missing: vec![raw.into()] },
    );
    let page = Account::of(&Dossier { records: flight.records, dir: raw.into(), ..Dossier::default() }).html();
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("href=\"java"), "{page}");
    assert_eq!(page.matches("</style>").count(), 1);
    assert!(page.contains("{{ 7*7 }}") && !page.contains("49 "), "no template is run over them");
}
