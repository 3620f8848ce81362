//! A replay: the tape, where one stands on it, and how it is drawn.

use super::stage::{at, golden, id, key, playbook, press, render, type_in, ui, watching};
use crate::cockpit::replay::{Cell, trace};
use crate::cockpit::{Cursor, Intent, Mode, Reel, Scene, Scrub, Tape, Ui};
use crate::incident::{BootId, Event, Moment, Record, State, apply, replay};
use crate::metrics::{Sample, Verdict, VerdictState};
use crate::playbook::Playbook;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use std::sync::Arc;

fn note(seq: u64, at: Moment) -> Record {
    Record { seq, at, actor: "mira".into(), event: Event::NoteAdded { text: format!("note {seq}").into() } }
}

fn sample(line: &str) -> Sample {
    Sample::parse(line).expect("a sample")
}

/// Coverage falls at 120 s, cannot be read from 200 s to 215 s, and is good again from 280 s on.
fn samples() -> Vec<Sample> {
    let read = (0..300_u64).step_by(3).map(|second| {
        let (ms, value) = (at(second).wall_ms, if (120..280).contains(&second) { "0.51" } else { "0.81" });
        let said = if (200..215).contains(&second) {
            "\"nodata\":\"empty\"".to_owned()
        } else {
            format!("\"value\":{value},\"sampled\":{ms}")
        };
        sample(&format!("{{\"at\":{ms},\"metric\":\"coverage\",{said}}}"))
    });
    read.collect()
}

/// The rollback of the stage, from its opening on.
fn tape() -> Tape {
    let scene = watching();
    let mut records = vec![note(1, at(0)), note(2, at(230))];
    records.extend(scene.records.iter().cloned());
    (1..).zip(&mut records).for_each(|(seq, record)| record.seq = seq);
    Tape::new(scene.playbook.clone(), records, samples())
}

/// The stage as a replay of it shows it, stopped right behind the pull.
pub(super) fn replayed() -> (Ui, Scene) {
    let mut scene = watching();
    scene.mode = Mode::Replay;
    scene.backends.clear();
    let reel = Reel::new(Arc::new(tape()), [10_000, 270_000]);
    let pulled = reel.tape().records().iter().position(|record| matches!(record.event, Event::PullStarted { .. }));
    let cursor = reel.tape().behind(pulled.expect("it pulls") + 1);
    (ui().with_reel(reel.standing_at(cursor)), scene)
}

fn cursor(ui: &Ui) -> Cursor {
    ui.reel.as_ref().expect("it replays").cursor()
}

#[test]
fn a_replay_is_drawn_at_every_size() {
    let (ui, scene) = replayed();
    for (width, height) in [(80, 24), (120, 40), (200, 60), (40, 10)] {
        golden(&format!("replay-{width}x{height}"), &render(&ui, &scene, 1000, (width, height)));
    }
    for (width, height) in (1..130).flat_map(|width| [1, 3, 9, 10, 11, 15, 16, 17, 24].map(|height| (width, height))) {
        render(&ui, &scene, 1000, (width, height));
    }
}

#[test]
fn nobody_is_told_where_to_go_on_in_a_replay() {
    let (ui, scene) = replayed();
    let screen = render(&ui, &scene, 1_000_000, (80, 24));
    assert!(!screen.contains("RESUME"), "{screen}");
}

#[test]
fn every_view_opens_over_a_replay_and_the_tape_stays() {
    for keys in ["L", "H", "K", "D", "c", "t", "S", "?"] {
        let (mut ui, scene) = replayed();
        type_in(&mut ui, &scene, keys);
        assert_eq!(ui.stack.len(), 1, "{keys} opens a view");
        let screen = render(&ui, &scene, 1000, (80, 24));
        assert!(screen.contains(" REPLAY ") && screen.contains("journal hash OK"), "{keys}:\n{screen}");
        ui.on_key(key(KeyCode::Esc), &scene, 1000);
        assert!(ui.stack.is_empty(), "Esc leaves it");
    }
}

#[test]
fn no_key_of_a_replay_wishes_for_anything_but_bookmarks_copies_and_leaving() {
    let codes =
        [KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::Home, KeyCode::End, KeyCode::Left, KeyCode::Right];
    let keys = || (' '..='~').map(press).chain(codes.map(key));
    for first in keys() {
        let (mut opened, scene) = replayed();
        let mut wishes = opened.on_key(first, &scene, 1000);
        for second in keys() {
            let mut ui = opened.clone();
            wishes.extend(ui.on_key(second, &scene, 2000));
            wishes.extend(ui.on_key(key(KeyCode::Enter), &scene, 3000));
        }
        for wish in wishes {
            let harmless = [Intent::Quit, Intent::Redraw].contains(&wish)
                || matches!(wish, Intent::KeepBookmark(_) | Intent::DropBookmark(_) | Intent::Copy(_));
            assert!(harmless, "{first:?} and another key wish for {wish:?}");
        }
    }
}

#[test]
fn keys_go_by_event_by_time_by_share_and_by_bookmark() {
    let (mut ui, scene) = replayed();
    let mut go = |key: KeyEvent| {
        ui.on_key(key, &scene, 1000);
        cursor(&ui)
    };
    let here = go(key(KeyCode::Esc));
    let next = go(press('.'));
    assert_eq!((next.count, next.at_ms), (here.count + 1, here.at_ms), "the answer came in the same second");
    assert_eq!(go(press(',')), here);
    assert_eq!(go(key(KeyCode::Right)).at_ms, here.at_ms + 1000);
    assert_eq!(go(press(',')).at_ms, here.at_ms, "the event that has just happened");
    assert_eq!(go(KeyEvent::new(KeyCode::Left, KeyModifiers::SHIFT)).at_ms, here.at_ms - 10_000);
    let end = go(key(KeyCode::End));
    assert_eq!(go(press('5')).at_ms, end.at_ms / 2);
    assert_eq!(go(press(']')).at_ms, 270_000);
    assert_eq!(go(press('[')).at_ms, 10_000);
    assert_eq!(go(press('0')), Cursor { at_ms: 0, count: 1 });
    assert_eq!(go(press(',')), Cursor { at_ms: 0, count: 1 }, "nothing is before the first record");
}

#[test]
fn behind_the_last_event_of_an_open_incident_the_next_event_is_not_the_last_one_again() {
    let (mut ui, scene) = replayed();
    ui.on_key(key(KeyCode::End), &scene, 1000);
    let end = cursor(&ui);
    let last = ui.reel.as_ref().expect("it replays").tape().behind(end.count);
    assert!(last.at_ms < end.at_ms, "the tape is longer than its last event");
    type_in(&mut ui, &scene, ".");
    assert_eq!(cursor(&ui), end);
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("no event behind here"));
    type_in(&mut ui, &scene, ",");
    assert_eq!(cursor(&ui), last);
}

#[test]
fn an_event_is_found_by_its_words_and_n_goes_round() {
    let (mut ui, scene) = replayed();
    type_in(&mut ui, &scene, "/note");
    ui.on_key(key(KeyCode::Enter), &scene, 1000);
    assert_eq!(cursor(&ui).count, 1, "round the end");
    type_in(&mut ui, &scene, "n");
    assert_eq!(cursor(&ui).count, 2);
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("\"note\": 2 of 2"));
    type_in(&mut ui, &scene, "N");
    assert_eq!(cursor(&ui).count, 1);
    type_in(&mut ui, &scene, "/nowhere");
    ui.on_key(key(KeyCode::Enter), &scene, 1000);
    assert_eq!(cursor(&ui).count, 1);
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("no event says \"nowhere\""));
}

#[test]
fn a_bookmark_is_set_and_taken_away_by_the_same_key() {
    let (mut ui, scene) = replayed();
    let set = type_in(&mut ui, &scene, "b");
    assert_eq!(set, [Intent::KeepBookmark(cursor(&ui).at_ms)]);
    assert_eq!(type_in(&mut ui, &scene, "b"), [Intent::DropBookmark(cursor(&ui).at_ms)]);
}

#[test]
fn a_bookmark_behind_the_end_of_a_short_tape_is_gone_to_as_the_end_and_never_moved() {
    let (_, scene) = replayed();
    let tape = Arc::new(tape());
    let (end, behind) = (tape.end_ms(), [tape.end_ms() + 5_000, tape.end_ms() + 9_000]);
    let mut ui = ui().with_reel(Reel::new(tape, behind));
    assert_eq!(type_in(&mut ui, &scene, "]"), []);
    assert_eq!(cursor(&ui).at_ms, end);
    assert_eq!(type_in(&mut ui, &scene, "bb"), [Intent::KeepBookmark(end), Intent::DropBookmark(end)]);
    assert_eq!(ui.reel.as_ref().expect("it replays").bookmarks(), behind);
}

#[test]
fn it_plays_as_fast_as_asked_for_and_stops_at_the_end() {
    let (mut ui, scene) = replayed();
    ui.on_key(key(KeyCode::Home), &scene, 1000);
    type_in(&mut ui, &scene, ">> ");
    ui.tick_reel(3_000);
    assert_eq!(cursor(&ui).at_ms, 8_000, "two seconds, four times as fast");
    type_in(&mut ui, &scene, "<");
    ui.tick_reel(4_000);
    let (_, plays) = ui.tick_reel(5_000).expect("it replays");
    assert!(plays);
    assert_eq!(cursor(&ui).at_ms, 12_000, "then twice");
    let (end, plays) = ui.tick_reel(10_000_000).expect("it replays");
    assert_eq!((end.at_ms, plays), (297_000, false));
    ui.on_key(press(' '), &scene, 10_000_000);
    assert_eq!(cursor(&ui).count, 1, "again from the beginning");
}

#[test]
fn a_place_is_named_by_time_share_or_number_and_a_wrong_one_is_refused_in_a_sentence() {
    let tape = tape();
    let declared = tape.declared_ms();
    assert_eq!(declared, 240_000);
    for (named, at_ms) in [
        ("T+00:12", declared + 12_000),
        ("12", declared + 12_000),
        ("T-01:00", declared - 60_000),
        ("50%", 148_500),
        ("#2", 230_000),
    ] {
        assert_eq!(tape.find(named).map(|cursor| cursor.at_ms), Ok(at_ms), "{named}");
    }
    let told = [
        ("T+99:00", "T+99:00 is not on this tape: it goes from T-04:00 to T+00:57"),
        ("soon", "`soon` is no time: write it like T+02:12, T-00:30, 50% or #12"),
        ("#99", "there is no event #99: the last is #13"),
        ("101%", "`101%` is past the end: write it like T+02:12, T-00:30, 50% or #12"),
    ];
    for (named, why) in told {
        assert_eq!(tape.find(named), Err(why.to_owned()));
    }
    assert!(tape.find("99999999999999999999:00").is_err());
}

#[test]
fn the_tape_goes_by_the_boot_clock_and_a_clock_that_is_set_moves_no_event() {
    let set = |boot_ms: u64, wall_ms: i64| Moment {
        wall_ms: at(0).wall_ms + wall_ms,
        boot_ns: boot_ms * 1_000_000,
        boot_id: BootId::from("one"),
    };
    // An hour back at 20 s, and another boot after half a minute that nobody measured.
    let records = vec![
        note(1, set(0, 0)),
        note(2, set(10_000, 10_000)),
        note(3, set(20_000, 20_000 - 3_600_000)),
        note(4, Moment { boot_id: BootId::from("two"), ..set(500, 50_000 - 3_600_000) }),
    ];
    let shown =
        |wall_ms: i64| sample(&format!("{{\"at\":{},\"metric\":\"p95\",\"value\":1}}", at(0).wall_ms + wall_ms));
    let samples = vec![shown(5_000), shown(15_000), shown(25_000 - 3_600_000), shown(51_000 - 3_600_000)];
    let tape = Tape::new(Arc::new(playbook()), records, samples);
    assert_eq!((0..4).map(|place| tape.time(place)).collect::<Vec<_>>(), [0, 10_000, 20_000, 50_000]);
    let until = |at_ms| tape.samples_until(tape.at(at_ms));
    assert_eq!([4_999, 5_000, 15_000, 24_999, 25_000, 50_999, 51_000].map(until), [0, 1, 2, 2, 3, 3, 4]);
}

#[test]
fn what_is_written_long_after_closing_does_not_stretch_the_tape() {
    let closed = Event::Closed { recovered: true, override_reason: None };
    let records =
        vec![note(1, at(0)), Record { event: closed, ..note(2, at(60)) }, note(3, at(300_000)), note(4, at(300_001))];
    let tape = Tape::new(Arc::new(playbook()), records, Vec::new());
    assert_eq!((0..4).map(|place| tape.time(place)).collect::<Vec<_>>(), [0, 60_000, 70_000, 71_000]);
    assert_eq!(tape.moment(tape.behind(3)), Some(at(300_000)), "its own time stays");
}

#[test]
fn a_gap_is_never_joined_and_the_worst_of_a_column_is_drawn() {
    let tape = tape();
    let metric = &tape.playbook().metrics[&id("coverage")];
    let cells = trace(metric, None, (tape.trace(&metric.id), tape.end_ms()), 100);
    assert_eq!(cells.len(), 100);
    assert!(cells[..40].iter().all(|cell| *cell == Cell::Fine), "{cells:?}");
    assert!(cells[41..66].iter().all(|cell| *cell == Cell::Beyond), "{cells:?}");
    assert!(cells.contains(&Cell::Gap), "{cells:?}");
    assert_eq!(trace(metric, None, (&[], 1000), 3), [Cell::Before; 3]);
    assert_eq!(trace(metric, None, (tape.trace(&metric.id), tape.end_ms()), 0), []);
}

/// Five thousand records that change what is believed.
fn long() -> (Playbook, Vec<Record>) {
    let playbook = playbook();
    let metrics: Vec<_> = playbook.metrics.keys().cloned().collect();
    let steps: Vec<_> = playbook.steps.iter().map(|step| step.id.clone()).collect();
    let event = |seq: usize| match seq % 5 {
        0 => Event::StepStarted { step: steps[seq % steps.len()].clone(), out_of_order: None },
        1 => Event::StepSkipped { step: steps[seq % steps.len()].clone(), reason: format!("{seq}").into() },
        2 => Event::HoldReset { why: format!("{seq}").into() },
        3 => Event::DebtOpened { debt: id("unfreeze"), title: format!("{seq}").into() },
        _ => {
            let state = if seq.is_multiple_of(2) { VerdictState::Breach } else { VerdictState::Ok };
            let exit = crate::metrics::ExitState::None;
            let verdict = Verdict { state, exit, value: Some(0.5), sampled_ms: None, limit: None, why: None };
            Event::VerdictChanged { metric: metrics[seq % metrics.len()].clone(), verdict }
        }
    };
    let records = (1..=5_000).map(|seq| Record { event: event(seq), ..note(seq as u64, at(seq as u64)) });
    (playbook, records.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn after_any_jumps_what_is_believed_is_the_replay_of_the_records_so_far(
        jumps in proptest::collection::vec(0..=5_000_usize, 1..20),
    ) {
        let (playbook, records) = long();
        let mut scrub = Scrub::<State>::new(128);
        for count in jumps {
            let state = scrub.seek(count, |state, place| apply(&playbook, state, &records[place])).clone();
            prop_assert_eq!(&*state, &replay(&playbook, &records[..count]), "after {} records", count);
        }
    }
}

#[test]
fn going_back_folds_fewer_than_lie_between_two_checkpoints() {
    let mut scrub = Scrub::<u64>::new(128);
    let mut folded = 0;
    let mut seek = |count: usize| {
        folded = 0;
        let here = **scrub.seek(count, |sum, place| {
            folded += 1;
            *sum += place as u64;
        });
        (here, folded)
    };
    let sum = |count: u64| count * count.saturating_sub(1) / 2;
    assert_eq!(seek(5_000), (sum(5_000), 5_000));
    for count in [4_999, 127, 4_480, 1, 0, 5_000] {
        let (here, folded) = seek(count);
        assert_eq!(here, sum(count as u64));
        assert!(folded < 128, "{folded} were folded anew to come to {count}");
    }
}
