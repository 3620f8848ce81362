//! Claims about untrusted text.

use super::*;

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

#[test]
fn a_secret_is_cut_in_every_spelling() {
    let secret = "p@ss w\"rd!";
    let redactor = Redactor::new([secret]);
    let spellings = [
        "p@ss w\"rd!".to_owned(),
        hex::encode(secret),
        hex::encode(secret).to_uppercase(),
        "p%40ss%20w%22rd%21".to_owned(),
        "p%40ss%20w%22rd%21".to_lowercase(),
        "p@ss w\\\"rd!".to_owned(),
        "b3BzOnBAc3MgdyJyZCE=".to_owned(), // base64 of "ops:" and the secret
    ];
    for spelling in spellings {
        let cut = redactor.redact(&format!("<{spelling}>"));
        assert!(cut.contains("[redacted]") && !cut.contains(&spelling), "{spelling} stayed: {cut}");
    }
}
