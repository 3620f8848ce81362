//! An answer of the terminal is told from keys, however late it comes and in whatever pieces.

use crate::app::live::background::Sieve;
use crate::cockpit::Background;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// What crossterm's parser makes of these bytes: `\x1b` is Alt with what follows, a bell is Ctrl-G.
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
            c if c.is_uppercase() => (c, std::mem::replace(&mut held, KeyModifiers::NONE) | KeyModifiers::SHIFT),
            c => (c, std::mem::replace(&mut held, KeyModifiers::NONE)),
        };
        events.push(Event::Key(KeyEvent::new(KeyCode::Char(letter), modifiers)));
    }
    events
}

/// The same where the first piece ends behind its `\x1b`: that is an Esc then.
fn keys_in_pieces(bytes: &str) -> Vec<Event> {
    let pieces: Vec<&str> = bytes.split('\x1b').collect();
    let mut events = keys(pieces[0]);
    for piece in &pieces[1..] {
        events.push(Event::Key(KeyCode::Esc.into()));
        events.extend(keys(piece));
    }
    events
}

fn sifted(events: Vec<Event>) -> (Vec<Event>, Option<Background>) {
    let mut sieve = Sieve::expecting(true);
    let keys = events.into_iter().flat_map(|event| sieve.sift(event)).collect();
    (keys, sieve.told())
}

#[test]
fn an_answer_tells_the_background_and_presses_no_key() {
    for (answer, told) in [
        ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", Background::Light),
        ("\x1b]11;rgb:FF/FF/FF\x07", Background::Light),
        ("\x1b]11;rgba:f/f/f/0\x07", Background::Light),
        ("\x1b]11;rgb:7777/7777/7777\x07", Background::Light),
        ("\x1b]11;rgb:7676/7676/7676\x07", Background::Dark),
        ("\x1b]11;rgb:0000/0000/ffff\x07", Background::Dark),
    ] {
        assert_eq!(sifted(keys(answer)), (vec![], Some(told)), "{answer:?}");
        assert_eq!(sifted(keys_in_pieces(answer)), (vec![], Some(told)), "{answer:?} in pieces");
    }
    let around = sifted(keys("j\x1b]11;rgb:1010/1414/1818\x07r"));
    assert_eq!(around, (keys("jr"), Some(Background::Dark)), "keys around it are pressed");
}

#[test]
fn an_answer_that_says_nothing_presses_no_key_either() {
    for answer in ["\x1b]11;rgb:\x07", "\x1b]11;rgb:ff/ff\x07", "\x1b]11;rgb:fffff/0/0\x07", "\x1b]11;rgb:/a/:\x07"] {
        assert_eq!(sifted(keys(answer)), (vec![], None), "{answer:?}");
    }
}

#[test]
fn what_only_begins_like_an_answer_is_pressed() {
    for typed in ["\x1b]x", "\x1b]11;rF", "\x1b]\x1b[", "\x1b]\x1b]x", "F", "\x07"] {
        assert_eq!(sifted(keys(typed)), (keys(typed), None), "{typed:?}");
    }
}

#[test]
fn half_an_answer_presses_no_key_and_what_follows_it_does() {
    assert_eq!(sifted(keys("\x1b]11;rgb:ffFF/Q")), (keys("Q"), None));
    let long = format!("\x1b]11;rgb:{}j", "f".repeat(28));
    assert_eq!(sifted(keys(&long)), (keys("j"), None));
}

#[test]
fn a_key_held_back_is_let_go_when_nothing_follows() {
    let mut sieve = Sieve::default();
    for alone in [keys("\x1b]"), keys("\x1b]11")] {
        assert!(alone.iter().all(|event| sieve.sift(event.clone()).is_empty()));
        assert_eq!(sieve.on_silence(), alone);
        assert_eq!(sieve.on_silence(), []);
    }
}

#[test]
fn half_an_answer_is_waited_for_however_long_and_ends_with_the_first_other_key() {
    let mut sieve = Sieve::default();
    let (first, then) = ("\x1b]11;rgb:ffff/ff", "ff/ffff\x07");
    assert!(keys(first).into_iter().all(|event| sieve.sift(event).is_empty()));
    assert!((0..100).all(|_| sieve.on_silence().is_empty()));
    assert!(keys(then).into_iter().all(|event| sieve.sift(event).is_empty()));
    assert_eq!(sieve.told(), Some(Background::Light), "the rest came late");

    assert!(keys(first).into_iter().all(|event| sieve.sift(event).is_empty()));
    assert!((0..100).all(|_| sieve.on_silence().is_empty()));
    assert_eq!(keys("ja").into_iter().flat_map(|event| sieve.sift(event)).collect::<Vec<_>>(), keys("ja"));
}

#[test]
fn an_esc_behind_half_an_answer_is_a_persons_and_gives_the_keys_back() {
    let mut sieve = Sieve::expecting(true);
    let esc = Event::Key(KeyCode::Esc.into());
    assert!(keys("\x1b]11;rgb:ffff/ff").into_iter().all(|event| sieve.sift(event).is_empty()));
    assert!((0..20).all(|_| sieve.on_silence().is_empty()));
    assert_eq!(sieve.sift(esc.clone()), []);
    let pressed: Vec<Event> = (0..20).flat_map(|_| sieve.on_silence()).collect();
    assert_eq!((pressed, sieve.told()), (vec![esc], None));
    assert_eq!(keys("a").into_iter().flat_map(|event| sieve.sift(event)).collect::<Vec<_>>(), keys("a"));
}

#[test]
fn an_answer_that_comes_when_no_esc_is_held_back_any_more_presses_no_letter() {
    let esc = Event::Key(KeyCode::Esc.into());
    for answer in ANSWERS {
        for at in 1..answer.len() {
            let mut sieve = Sieve::expecting(true);
            sieve.give_up();
            let pressed = pressed_late(&mut sieve, &[&answer[..at], &answer[at..]], 20);
            let expected = if at == 1 { vec![esc.clone()] } else { vec![] };
            assert_eq!((pressed, sieve.told()), (expected, Some(Background::Dark)), "{answer:?} split at {at}");
        }
    }
}

#[test]
fn esc_is_held_back_only_while_an_answer_is_due() {
    let esc = Event::Key(KeyCode::Esc.into());
    let mut sieve = Sieve::expecting(true);
    assert_eq!(sieve.sift(esc.clone()), []);
    assert!(sieve.holds_esc());
    assert_eq!(sieve.on_silence(), std::slice::from_ref(&esc));
    sieve.give_up();
    assert_eq!(sieve.sift(esc.clone()), std::slice::from_ref(&esc));

    let mut answered = Sieve::expecting(true);
    assert!(keys("\x1b]11;rgb:0/0/0\x07").into_iter().all(|event| answered.sift(event).is_empty()));
    assert_eq!(answered.sift(esc.clone()), [esc]);
}

const ANSWERS: [&str; 2] = ["\x1b]11;rgb:1f1f/2e2e/Aa07\x1b\\", "\x1b]11;rgb:1010/1414/1818\x07"];

/// What comes out of pieces with so many silent looks between one and the next.
fn sifted_late(pieces: &[&str], silent: u8) -> (Vec<Event>, Option<Background>) {
    let mut sieve = Sieve::expecting(true);
    let pressed = pressed_late(&mut sieve, pieces, silent);
    (pressed, sieve.told())
}

/// What they press.
fn pressed_late(sieve: &mut Sieve, pieces: &[&str], silent: u8) -> Vec<Event> {
    let mut pressed = Vec::new();
    for piece in pieces {
        // Where a piece ends in `\x1b`, crossterm makes an Esc of it.
        let (whole, esc) = piece.strip_suffix('\x1b').map_or((*piece, None), |whole| (whole, Some(KeyCode::Esc)));
        let events = keys(whole).into_iter().chain(esc.map(|esc| Event::Key(esc.into())));
        pressed.extend(events.flat_map(|event| sieve.sift(event)));
        pressed.extend((0..silent).flat_map(|_| sieve.on_silence()));
    }
    pressed
}

#[test]
fn an_answer_split_anywhere_presses_no_key_but_the_esc_that_no_one_can_tell_from_a_key() {
    let esc = Event::Key(KeyCode::Esc.into());
    for answer in ANSWERS {
        for at in 1..answer.len() {
            let (first, rest) = answer.split_at(at);
            for silent in (1..12).chain([100, 255]) {
                let pressed = if at == 1 { vec![esc.clone()] } else { vec![] };
                let expected = (pressed, Some(Background::Dark));
                assert_eq!(sifted_late(&[first, rest], silent), expected, "{first:?}, {silent} silent looks, {rest:?}");
            }
        }
    }
}

#[test]
fn an_answer_split_twice_behind_its_esc_presses_at_most_the_letters_that_came_alone() {
    for answer in ANSWERS {
        for at in 2..answer.len() {
            let (pressed, told) = sifted_late(&[&answer[..1], &answer[1..at], &answer[at..]], 1);
            // Until it is sure, a person may wait for what they typed.
            let alone = if at < "\x1b]11;".len() { at } else { 1 };
            assert_eq!((pressed.len(), told), (alone, Some(Background::Dark)), "{answer:?} split at 1 and {at}");
        }
    }
}

#[test]
fn the_beginning_of_an_answer_that_never_comes_is_dropped_in_the_end() {
    for at in 2..ANSWERS[0].len() {
        let mut sieve = Sieve::expecting(true);
        assert!(keys(&ANSWERS[0][..at]).into_iter().all(|event| sieve.sift(event).is_empty()));
        assert!((0..100).all(|_| sieve.on_silence().is_empty()), "split at {at}");
        assert_eq!(keys("j").into_iter().flat_map(|event| sieve.sift(event)).collect::<Vec<_>>(), keys("j"));
    }
}

#[test]
fn what_a_person_types_behind_an_esc_is_held_for_one_silent_look_at_most() {
    let mut sieve = Sieve::expecting(true);
    let esc = Event::Key(KeyCode::Esc.into());
    assert_eq!((sieve.sift(esc.clone()), sieve.on_silence()), (vec![], vec![esc]));
    assert!(!sieve.holds_esc(), "nobody waits for it any more");
    for letter in ["]", "1", "1"] {
        let key = keys(letter);
        assert_eq!((sieve.sift(key[0].clone()), sieve.on_silence()), (vec![], key), "{letter}");
    }
    assert_eq!(sieve.sift(keys("j")[0].clone()), keys("j"), "and what cannot be an answer is not held at all");
    assert_eq!(sieve.sift(keys("]")[0].clone()), keys("]"), "with it an answer would have ended");
}

#[test]
fn a_new_size_between_two_pieces_is_let_through_and_breaks_no_answer() {
    let (mut sieve, size) = (Sieve::expecting(true), Event::Resize(80, 24));
    let (first, rest) = ANSWERS[1].split_at(14);
    assert!(keys(first).into_iter().all(|event| sieve.sift(event).is_empty()));
    assert_eq!(sieve.sift(size.clone()), [size]);
    assert!(keys(rest).into_iter().all(|event| sieve.sift(event).is_empty()));
    assert_eq!(sieve.told(), Some(Background::Dark));
}
