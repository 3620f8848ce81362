//! An answer that comes after its time is no keys.

use crate::app::live::background::LateAnswer;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// What the terminal's own parser makes of these bytes: `\x1b` is Alt with what follows, a bell is Ctrl-G.
fn keys(bytes: &str) -> Vec<Event> {
    let mut events = Vec::new();
    let mut held = KeyModifiers::NONE;
    for c in bytes.chars() {
        let (letter, modifiers) = match c {
            '\x1b' => {
                held = KeyModifiers::ALT;
                continue;
            }
            '\x07' => ('g', KeyModifiers::CONTROL),
            c => (c, std::mem::replace(&mut held, KeyModifiers::NONE)),
        };
        events.push(Event::Key(KeyEvent::new(KeyCode::Char(letter), modifiers)));
    }
    events
}

fn sifted(bytes: &str) -> Vec<Event> {
    let mut late = LateAnswer::default();
    keys(bytes).into_iter().flat_map(|event| late.sift(event)).collect()
}

#[test]
fn a_late_answer_presses_no_key() {
    assert_eq!(sifted("\x1b]11;rgb:ffff/ffff/ffff\x1b\\"), []);
    assert_eq!(sifted("\x1b]11;rgba:f/f/f/f\x07"), []);
    assert_eq!(sifted("j\x1b]11;rgb:1010/1414/1818\x07r"), keys("jr"), "keys around it are pressed");
}

#[test]
fn what_only_begins_like_an_answer_is_pressed() {
    for typed in ["\x1b]x", "\x1b]11;rF", "\x1b]\x1b[", "\x1b]11;rgb:ffFF/Q", "F"] {
        assert_eq!(sifted(typed), keys(typed), "{typed:?}");
    }
    let long = format!("\x1b]11;rgb:{}", "f".repeat(40));
    assert_eq!(sifted(&long), keys(&long), "no answer is so long");
}

#[test]
fn a_key_held_back_is_let_go_when_nothing_follows() {
    let mut late = LateAnswer::default();
    let alone = keys("\x1b]");
    assert_eq!(late.sift(alone[0].clone()), []);
    assert_eq!(late.let_go(), alone);
    assert_eq!(late.let_go(), []);
}
