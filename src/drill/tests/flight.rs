//! What happens to production when levers are pulled.

use super::support::Flight;
use crate::kind::{Outcome, Reading};

/// When the newcomer has seen the breach and begins.
const BEGIN: u64 = 15_000;

#[test]
fn everything_is_green_before_the_fault_sets_in() {
    let mut flight = Flight::new(1);
    for now_ms in (0..4_000).step_by(500) {
        assert!(flight.recovered(now_ms), "at {now_ms} ms");
    }
}

#[test]
fn coverage_and_ds_break_their_stop_limits_soon_and_nothing_else_ever_does() {
    let mut flight = Flight::new(1);
    for now_ms in (0..180_000).step_by(1000) {
        let broken = flight.broken(now_ms);
        match now_ms {
            ..5_000 => assert!(broken.is_empty(), "{broken:?} at {now_ms} ms"),
            5_000..7_000 => {
                let others = broken.iter().filter(|id| *id != "coverage" && *id != "ds");
                assert_eq!(others.count(), 0, "{broken:?} at {now_ms} ms");
            }
            _ => assert_eq!(broken, ["coverage", "ds"], "at {now_ms} ms"),
        }
    }
}

#[test]
fn the_right_flight_recovers_within_twenty_seconds_and_holds_a_minute() {
    let mut flight = Flight::new(1);
    for (after_ms, lever) in [(1_000, "freeze"), (2_000, "alias"), (3_000, "rotate"), (4_000, "throttle")] {
        assert_eq!(flight.pull(lever, BEGIN + after_ms), Outcome::Applied, "{lever}");
    }
    assert!(!flight.recovered(BEGIN + 5_000), "it takes its time");
    for now_ms in (BEGIN + 20_000..BEGIN + 90_000).step_by(1000) {
        assert!(flight.recovered(now_ms), "at {now_ms} ms");
    }
}

#[test]
fn every_seed_breaks_and_recovers() {
    for seed in 0..50 {
        let mut flight = Flight::new(seed);
        assert!(flight.recovered(2_000), "seed {seed}");
        assert_eq!(flight.broken(8_000), ["coverage", "ds"], "seed {seed}");
        flight.pull("freeze", BEGIN);
        flight.pull("alias", BEGIN);
        flight.pull("rotate", BEGIN);
        assert!(flight.recovered(BEGIN + 16_000), "seed {seed}");
    }
}

#[test]
fn no_wrong_lever_alone_helps() {
    for lever in ["pointer", "flag", "pins", "rotate", "throttle", "freeze"] {
        let mut flight = Flight::new(1);
        assert_eq!(flight.pull(lever, BEGIN), Outcome::Applied, "{lever}");
        for now_ms in (BEGIN..BEGIN + 120_000).step_by(1000) {
            assert_eq!(flight.broken(now_ms), ["coverage", "ds"], "{lever} at {now_ms} ms");
        }
    }
}

#[test]
fn without_a_fresh_cache_namespace_coverage_stays_between_stop_and_exit() {
    let mut flight = Flight::new(1);
    flight.pull("freeze", BEGIN);
    flight.pull("alias", BEGIN);
    for now_ms in (BEGIN + 16_000..BEGIN + 120_000).step_by(1000) {
        assert!(flight.broken(now_ms).is_empty(), "at {now_ms} ms");
        assert!(!flight.recovered(now_ms), "at {now_ms} ms");
        assert!((0.64..0.68).contains(&flight.value("coverage", now_ms)), "at {now_ms} ms");
    }
    flight.pull("rotate", BEGIN + 120_000);
    assert!(flight.recovered(BEGIN + 136_000));
}

#[test]
fn an_alias_that_moves_under_running_writers_mixes_answers_until_they_have_been_frozen_a_while() {
    let mut flight = Flight::new(1);
    flight.pull("alias", BEGIN);
    flight.pull("rotate", BEGIN);
    assert_eq!(flight.broken(BEGIN + 60_000), ["lambda"]);
    flight.pull("freeze", BEGIN + 60_000);
    assert_eq!(flight.broken(BEGIN + 140_000), ["lambda"]);
    assert!(flight.recovered(BEGIN + 170_000));
}

#[test]
fn levers_pulled_before_the_fault_sets_in_keep_it_away() {
    let mut flight = Flight::new(1);
    flight.pull("freeze", 500);
    flight.pull("alias", 1_000);
    flight.pull("rotate", 2_000);
    assert!((0..60_000).step_by(1000).all(|now_ms| flight.recovered(now_ms)));
}

#[test]
fn taking_the_alias_back_to_the_bad_index_hurts_again() {
    let mut flight = Flight::new(1);
    flight.pull("freeze", BEGIN);
    flight.pull("alias", BEGIN);
    flight.pull("rotate", BEGIN);
    assert!(flight.recovered(BEGIN + 20_000));
    assert_eq!(flight.undo("alias", BEGIN + 20_000), Outcome::Applied);
    assert!(flight.value("coverage", BEGIN + 30_000) < 0.60);
}

#[test]
fn every_read_back_follows_its_lever_and_its_undo() {
    let cases = [
        ("freeze", "writers", "OK", "no permissions"),
        ("pointer", "arm", "green", "blue"),
        ("alias", "alias", "docs_vB", "docs_vA"),
        ("flag", "flag", "on", "off"),
        ("pins", "pinset", "green-2026-11-21", "last-known-good"),
        ("throttle", "limit", "100000", "20"),
    ];
    let mut flight = Flight::new(1);
    for (lever, probe, before, after) in cases {
        assert_eq!(flight.look(probe, BEGIN).as_deref(), Some(before), "before {lever}");
        assert_eq!(flight.pull(lever, BEGIN), Outcome::Applied, "{lever}");
        assert_eq!(flight.look(probe, BEGIN).as_deref(), Some(after), "after {lever}");
        assert_eq!(flight.undo(lever, BEGIN), Outcome::Applied, "undo of {lever}");
        assert_eq!(flight.look(probe, BEGIN).as_deref(), Some(before), "after the undo of {lever}");
    }
}

#[test]
fn rotating_with_a_namespace_that_has_moved_on_is_rejected() {
    let mut flight = Flight::new(1);
    assert_eq!(flight.pull("rotate", BEGIN), Outcome::Applied);
    let rotated = "index_hash-blue:prompt_ver-blue:drill-index-mismatch-1";
    assert_eq!(flight.look("namespace", BEGIN).as_deref(), Some(rotated));

    let args = ["EVAL", "return", "1", "cache:ns", "an-older-one", "mine"].map(str::to_owned).to_vec();
    let answer = flight.redis(args, BEGIN);
    assert_eq!(answer, Ok(crate::kind::Answer::Redis(crate::kind::RedisValue::Int(0))));
    assert_eq!(flight.look("namespace", BEGIN).as_deref(), Some(rotated));
}

#[test]
fn the_pins_name_all_eight_versions_and_follow_the_index() {
    let mut flight = Flight::new(1);
    let pins = |flight: &mut Flight| -> serde_json::Value {
        serde_json::from_str(&flight.look("pins", BEGIN).unwrap()).unwrap()
    };
    let before = pins(&mut flight);
    let names =
        ["BUILD_ID", "GIT_SHA", "MODEL_VER", "PROMPT_VER", "INDEX_HASH", "RERANK_CONF", "TOK_VER", "ANALYZER_CONF"];
    for name in names {
        assert!(before[name].as_str().is_some_and(|pin| !pin.is_empty()), "{name}");
    }
    assert_eq!(before["INDEX_HASH"], "index_hash-green");
    flight.pull("alias", BEGIN);
    flight.pull("pointer", BEGIN);
    let after = pins(&mut flight);
    assert_eq!(after["INDEX_HASH"], "index_hash-blue");
    assert_eq!(after["BUILD_ID"], "build_id-blue");
}

#[test]
fn a_pointer_to_nowhere_is_accepted_and_users_get_errors() {
    let mut flight = Flight::new(1);
    let said = flight.line("set map /tmp/goaround-testbed/haproxy/live.map live be_typo", BEGIN);
    assert_eq!(said, "\n");
    assert_eq!(flight.look("arm", BEGIN), None);
    assert!(flight.value("errors", BEGIN + 6_000) > 0.01);
}

#[test]
fn samples_lie_on_the_scrape_grid_and_never_in_the_future() {
    let mut flight = Flight::new(1);
    let epoch_ms = super::support::index_mismatch().epoch_ms;
    for (_, reading) in flight.readings(9_730) {
        assert!(matches!(reading, Reading::Value { sampled_ms, .. } if sampled_ms == epoch_ms + 9_000), "{reading:?}");
    }
}

#[test]
fn a_sample_does_not_change_when_the_world_moves_on() {
    let mut flight = Flight::new(1);
    let before = flight.value("coverage", BEGIN + 300);
    flight.pull("alias", BEGIN + 400);
    let after = flight.value("coverage", BEGIN + 900);
    assert_eq!(before.to_bits(), after.to_bits());
}

#[test]
fn the_same_seed_and_calls_answer_alike_and_another_seed_does_not() {
    let fly = |seed| {
        let mut flight = Flight::new(seed);
        let early = flight.readings(9_000);
        flight.pull("alias", BEGIN);
        (early, flight.readings(BEGIN + 5_000))
    };
    assert_eq!(fly(7), fly(7));
    assert_ne!(fly(7), fly(8));
}

#[test]
fn an_extra_look_changes_no_later_reading() {
    let mut quiet = Flight::new(7);
    let mut curious = Flight::new(7);
    for now_ms in (0..20_000).step_by(250) {
        curious.readings(now_ms);
        curious.look("pins", now_ms);
    }
    assert_eq!(quiet.readings(20_000), curious.readings(20_000));
}
