//! Claims about what a terminal is told.

#[path = "../../../../../tests/common/hostile.rs"]
mod hostile;

use super::*;

const PLAIN: Voice = Voice { notify: Notify::Full, hears: true, tmux: false };
const TMUX: Voice = Voice { tmux: true, ..PLAIN };

#[test]
fn a_call_rings_and_notifies_in_both_ways() {
    assert_eq!(PLAIN.call("p99 BREACH"), "\x07\x1b]9;p99 BREACH\x07\x1b]777;notify;goaround;p99 BREACH\x07");
}

#[test]
fn in_tmux_the_bell_is_plain_and_the_rest_is_wrapped() {
    let said = TMUX.call("x");
    let wrapped = "\x1bPtmux;\x1b\x1b]9;x\x07\x1b\\\x1bPtmux;\x1b\x1b]777;notify;goaround;x\x07\x1b\\";
    assert_eq!(said, format!("\x07{wrapped}"));
}

#[test]
fn less_is_said_where_less_is_wanted_or_understood() {
    assert_eq!(Voice { notify: Notify::Bell, ..PLAIN }.call("x"), "\x07");
    assert_eq!(Voice { notify: Notify::Off, ..PLAIN }.call("x"), "");
    let deaf = Voice { hears: false, ..TMUX };
    assert_eq!((deaf.call("x"), deaf.title("x"), deaf.copy("x")), ("\x07".into(), String::new(), String::new()));
}

#[test]
fn no_word_ends_splits_or_begins_a_sequence() {
    let said = PLAIN.call("a\x07b\x1b\\c;d\u{9c}e\u{202e}f\nnotify;x");
    assert_eq!(said.matches('\x07').count(), 3, "the bell and one end of each sequence: {said:?}");
    assert_eq!(said.matches('\x1b').count(), 2, "one beginning of each: {said:?}");
    assert_eq!(said.matches(';').count(), 1 + 3, "only our own: {said:?}");
    assert!(!said.contains(['\u{9c}', '\u{202e}', '\n']), "{said:?}");
    assert!(PLAIN.title(&"x".repeat(10_000)).len() < 200);
}

#[test]
fn a_copy_is_sent_both_ways_in_tmux_and_not_at_all_when_it_is_too_long() {
    assert_eq!(PLAIN.copy("hi"), "\x1b]52;c;aGk=\x07");
    assert_eq!(TMUX.copy("hi"), "\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\");
    assert!(!PLAIN.copy(&"x".repeat(COPY_MAX)).is_empty());
    assert_eq!(PLAIN.copy(&"x".repeat(COPY_MAX + 1)), "");
}

#[test]
fn of_any_words_only_our_own_sequences_are_left() {
    for words in hostile::strings() {
        let words = words.as_str();
        let call = PLAIN.call(words);
        assert_eq!((call.matches('\x1b').count(), call.matches('\x07').count()), (2, 3), "{words:?}");
        assert_eq!(call.matches(';').count(), 4, "{words:?}");
        let title = PLAIN.title(words);
        let inner = title.strip_prefix("\x1b]2;").and_then(|rest| rest.strip_suffix('\x07'));
        assert!(inner.is_some_and(|inner| inner.chars().all(Text::keeps)), "{words:?}");
        let copy = PLAIN.copy(words);
        let coded = copy.strip_prefix("\x1b]52;c;").and_then(|rest| rest.strip_suffix('\x07'));
        let is_code = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        assert!(copy.is_empty() || coded.is_some_and(|coded| coded.chars().all(is_code)), "{words:?}");
    }
    assert!(hostile::bytes().iter().all(|bytes| !bytes.is_empty()));
}
