//! Claims about untrusted text.

use super::*;
use proptest::prelude::*;

#[test]
fn nothing_that_acts_survives() {
    let hostile = "a\u{1b}[2J\u{7}\u{9b}31m\u{202e}evil\u{200b}\r\n\t\u{0}";
    let text = Text::new(hostile);
    assert_eq!(text.as_str(), "a\\u{1b}[2J\\u{7}\\u{9b}31m\\u{202e}evil\\u{200b}\\r\\n\\t\\u{0}");
}

#[test]
fn making_text_inert_twice_changes_nothing() {
    let once = Text::new("x\u{1b}]52;c;aGk=\u{7}é");
    assert_eq!(Text::new(once.as_str()), once);
}

#[test]
fn length_is_bounded_and_says_so() {
    let text = Text::new(&"\u{202e}".repeat(5000));
    assert!(text.as_str().len() <= Text::MAX_BYTES + 3);
    assert!(text.as_str().ends_with('…'));
}

#[test]
fn bytes_that_are_not_text_become_visible() {
    assert_eq!(Text::from_bytes(b"ok\xff\x1b").as_str(), "ok\\xff\\u{1b}");
}

#[track_caller]
fn is_cut(redactor: &Redactor, spelling: &str) {
    assert_eq!(redactor.redact(&format!("<{spelling}>")), "<[redacted]>", "{spelling}");
}

#[test]
fn a_secret_is_cut_in_every_spelling() {
    let redactor = Redactor::new(["p@ss w\"rD/é?"]);
    let spellings = [
        "p@ss w\"rD/é?",
        "7040737320772272442fc3a93f",
        "7040737320772272442FC3A93F",
        "p%40ss%20w%22rD%2F%C3%A9%3F",
        "p%40ss%20w%22rD%2f%c3%a9%3f",
        "p@ss%20w%22rD%2F%C3%A9%3F",
        "p%40ss+w%22rD%2F%C3%A9%3F",
        "p%40ss+w%22rD%2f%c3%a9%3f",
        "p@ss w\\\"rD/é?",
        "p@ss w\\\"rD\\/é?",
        "p@ss w\\\"rD/\\u00e9?",
        "cEBzcyB3InJEL8OpPw",
        "cEBzcyB3InJEL8OpPw==",
    ];
    for spelling in spellings {
        is_cut(&redactor, spelling);
    }
}

#[test]
fn base64_is_cut_in_both_alphabets_and_behind_a_user_name() {
    // Bytes whose letters are the two in which the alphabets differ.
    let redactor = Redactor::new(["~~~???>>>"]);
    is_cut(&redactor, "fn5+Pz8/Pj4+");
    is_cut(&redactor, "fn5-Pz8_Pj4-");
    for (user, encoded) in [("o:", "bzp+fn4/Pz8+Pj4="), ("op:", "b3A6fn5+Pz8/Pj4+"), ("a:", "YTp-fn4_Pz8-Pj4")] {
        let cut = redactor.redact(encoded);
        let left = cut.replace("[redacted]", "");
        assert!(cut.contains("[redacted]") && left.len() <= user.len() * 4 / 3 + 2, "{encoded} became {cut}");
    }
}

#[test]
fn a_short_word_is_no_secret() {
    assert_eq!(Redactor::new(["on", ""]).redact("on and on"), "on and on");
}

proptest! {
    /// Of any characters at all, those that act included more often than chance would have it.
    #[test]
    fn any_text_is_inert_bounded_and_made_so_once(
        raw in prop::collection::vec(prop_oneof![
            any::<char>(),
            (0..0xa0_u32).prop_map(|c| char::from_u32(c).unwrap_or('x')),
            (0x2000..0x2070_u32).prop_map(|c| char::from_u32(c).unwrap_or('x')),
            (0xe0000..0xe0200_u32).prop_map(|c| char::from_u32(c).unwrap_or('x')),
        ], 0..300),
    ) {
        let raw: String = raw.into_iter().collect();
        let text = Text::new(&raw);
        prop_assert!(text.as_str().chars().all(Text::keeps), "{raw:?}");
        prop_assert!(text.as_str().len() <= Text::MAX_BYTES + 3);
        prop_assert_eq!(Text::new(text.as_str()), text);
    }

    #[test]
    fn any_bytes_are_inert(raw in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(Text::from_bytes(&raw).as_str().chars().all(Text::keeps), "{:?}", raw);
    }
}
