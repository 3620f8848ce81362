//! What was not seen lately is not acted on as if it were: it costs a reason, and is not written down as seen.

use super::sky::playbook;
use super::slow_disk::{Desk, id};
use crate::incident::{Command, Way};
use crate::text::Text;

/// The freeze lever armed at second 2, its world seen at second 1 and never again.
fn armed() -> Desk {
    let mut desk = Desk::flying(playbook());
    desk.sees(1, "writers", "OK");
    let now = desk.start.plus_ms(2000);
    desk.flight.arm(&now, &id("freeze"), Way::Do, None, 0);
    desk
}

/// Fires what is armed at `second`; answers what it is written down to have shown, or why not.
fn fire(desk: &mut Desk, second: u64, reason: Option<&str>, by_hand: bool) -> Result<Option<Text>, Text> {
    let now = desk.start.plus_ms(second * 1000);
    desk.flight.fire_armed(&now, reason.map(Text::from), by_hand).map(|fire| fire.was)
}

#[test]
fn a_position_not_seen_for_10_s_is_fired_at_with_a_reason_only_and_not_written_down_as_seen() {
    let mut desk = armed();
    assert_eq!(fire(&mut desk, 11, None, false), Ok(Some("OK".into())), "ten seconds are fresh");
    let why = fire(&mut desk, 12, None, false).expect_err("eleven are not").to_string();
    assert!(why.contains("not seen since 11 s"), "{why}");
    assert!(fire(&mut desk, 12, Some(""), false).is_err(), "an empty reason is none");
    assert_eq!(fire(&mut desk, 12, Some("reads are down"), false), Ok(None));
    assert_eq!(fire(&mut desk, 12, None, true), Ok(None), "what was done by hand is done");
    desk.sees(13, "writers", "OK");
    assert_eq!(fire(&mut desk, 13, None, false), Ok(Some("OK".into())), "seen again");
}

#[test]
fn a_position_never_seen_costs_a_reason_and_is_shown_among_the_interlocks() {
    let mut desk = Desk::flying(playbook());
    desk.flight.arm(&desk.start.plus_ms(2000), &id("freeze"), Way::Do, None, 0);
    let position = desk.flight.armed().and_then(|armed| armed.position.clone()).expect("nobody has looked");
    assert_eq!((position.holds, position.read), (None, None));
    assert!(fire(&mut desk, 2, None, false).is_err());
    desk.sees(3, "writers", "OK");
    assert_eq!(desk.flight.armed().and_then(|armed| armed.position.clone()), None, "the look lets it go by itself");
}

#[test]
fn an_interlock_that_held_ten_seconds_ago_holds_no_more() {
    let mut desk = Desk::flying(playbook());
    desk.sees(1, "writers", "no permissions");
    desk.sees(5, "alias", "docs_vB");
    desk.flight.arm(&desk.start.plus_ms(6000), &id("alias"), Way::Do, None, 0);
    let holds = |desk: &Desk| desk.flight.armed().expect("it is armed").interlocks[0].holds;
    assert_eq!(holds(&desk), Some(true));
    assert!(fire(&mut desk, 11, None, false).is_ok());
    desk.sees(12, "alias", "docs_vB");
    let why = fire(&mut desk, 12, None, false).expect_err("the writers may be back").to_string();
    assert!(why.contains("not seen since 11 s"), "{why}");
    assert_eq!(holds(&desk), None, "and the dialog says so");
}

#[test]
fn a_step_begun_out_of_order_lets_its_lever_go_with_no_second_reason() {
    let mut desk = Desk::flying(playbook());
    desk.sees(1, "writers", "OK");
    let begin = Command::StartStep { step: id("freeze"), out_of_order: Some("writers do harm".into()) };
    let batch = desk.ask(2, begin).expect("it is written down");
    let now = desk.start.plus_ms(2000);
    desk.flight.arm(&now, &id("freeze"), Way::Do, Some(id("freeze")), 0);
    let blocked = |desk: &Desk| desk.flight.armed().expect("it is armed").blocked.clone();
    assert!(blocked(&desk).is_some_and(|why| why.as_str().contains("still open")), "the disk has not got it yet");
    desk.saved_all(2, batch);
    assert_eq!(blocked(&desk), None);
    assert!(fire(&mut desk, 3, None, false).is_ok());
}
