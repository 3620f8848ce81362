//! Torn ends, damaged middles, flipped bits.

use super::{FLOWN, INCIDENT, at, breach, error_of, fresh, id, opened, some_event, written};
use crate::incident::{Actor, Event, Moment, Record};
use crate::journal::line::{holds_a_whole_line, sha256};
use crate::journal::{Error, Follower, Journal, LINE_MAX, Wrong, read, verify};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::fs;
use std::path::Path;

fn line_ends(bytes: &[u8]) -> Vec<usize> {
    bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1).collect()
}

fn torn_files(dir: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let torn = entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("journal.torn-"));
    torn.map(|path| fs::read(path).unwrap()).collect()
}

fn clear_torn(dir: &Path) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        if entry.file_name().to_string_lossy().starts_with("journal.torn-") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
}

#[test]
fn a_journal_cut_at_any_byte_opens_as_its_valid_prefix_and_keeps_the_torn_bytes() {
    let (_root, dir, records) = written(4);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    let ends = line_ends(&whole);
    for cut in 0..=whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let (_journal, found, torn) = Journal::open(&dir).unwrap();
        let lines = ends.iter().filter(|end| **end <= cut).count();
        let good = lines.checked_sub(1).map_or(0, |last| ends[last]);
        assert_eq!(found, records[..lines], "cut at {cut}");
        assert_eq!(torn.bytes, (cut - good) as u64, "cut at {cut}");
        assert_eq!(fs::read(&path).unwrap(), whole[..good], "cut at {cut}");
        let kept = torn_files(&dir);
        assert_eq!(kept.concat(), whole[good..cut], "cut at {cut}");
        assert_eq!(torn.kept.is_some(), cut > good);
        clear_torn(&dir);
    }
}

#[test]
fn a_journal_goes_on_after_its_torn_end_was_cut() {
    let (_root, dir, records) = written(3);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 7]).unwrap();
    let (mut journal, found, torn) = Journal::open(&dir).unwrap();
    assert_eq!(torn.kept.as_deref(), Some("journal.torn-4"));
    let more = journal.append(INCIDENT, &[at(9, some_event(1)), at(10, some_event(2))]).unwrap();
    drop(journal);
    let all: Vec<Record> = found.into_iter().chain(more).collect();
    assert_eq!(all.len(), 5);
    assert_eq!(all[..3], records[..3]);
    assert_eq!(read(&dir).unwrap().records, all);
}

#[test]
fn two_ends_torn_at_the_same_place_are_both_kept() {
    let (_root, dir, _) = written(1);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    for (tail, name) in [("{\"v\":1", "journal.torn-3"), ("{", "journal.torn-3-2"), ("{", "journal.torn-3-2")] {
        fs::write(&path, [&whole[..], tail.as_bytes()].concat()).unwrap();
        let (_, _, torn) = Journal::open(&dir).unwrap();
        assert_eq!(torn.kept.as_deref(), Some(name));
    }
    assert_eq!(torn_files(&dir).len(), 2);
}

#[test]
fn a_flipped_bit_is_detected_or_torn_and_never_a_wrong_record() {
    let (_root, dir, records) = written(5);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    let last_line = line_ends(&whole)[records.len() - 2];
    let mut random = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..2000 {
        let bit = usize::try_from(random.next_u64() % (whole.len() as u64 * 8)).unwrap();
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, &bytes).unwrap();
        match read(&dir) {
            Ok(found) => {
                assert!(bit / 8 >= last_line, "bit {bit} was not noticed");
                assert_eq!(found.records, records[..records.len() - 1], "bit {bit}");
                assert!(found.torn_bytes > 0);
            }
            Err(Error::Damaged { fault, .. }) => {
                let line = line_ends(&whole[..bit / 8]).len() as u64 + 1;
                assert_eq!(fault.line, line, "bit {bit}");
            }
            Err(other) => panic!("bit {bit}: {other}"),
        }
    }
}

#[test]
fn a_damaged_middle_is_refused_with_its_line_and_left_alone() {
    let (_root, dir, _) = written(5);
    let path = dir.join("journal.jsonl");
    let text = fs::read_to_string(&path).unwrap().replacen("read-only, then silence", "read-only, then SILENCE", 1);
    fs::write(&path, &text).unwrap();
    let refusal = error_of(Journal::open(&dir)).to_string();
    assert!(refusal.contains("line 4 is not as it was written"), "{refusal}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_eq!(torn_files(&dir).len(), 0);
}

#[test]
fn a_line_removed_repeated_or_moved_is_refused() {
    let (_root, dir, _) = written(5);
    let path = dir.join("journal.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let edits: [Vec<usize>; 4] = [vec![0, 1, 3, 4, 5], vec![0, 1, 1, 2, 3], vec![0, 2, 1, 3, 4, 5], vec![1, 2, 3]];
    for (edit, at) in edits.iter().zip([3, 3, 2, 1]) {
        fs::write(&path, edit.iter().map(|line| lines[*line]).collect::<String>()).unwrap();
        match error_of(read(&dir)) {
            Error::Damaged { fault, .. } => assert_eq!(fault.line, at, "{edit:?}"),
            other => panic!("{edit:?}: {other}"),
        }
    }
}

#[test]
fn an_acknowledged_line_that_lost_its_line_break_is_damage_and_not_torn() {
    let (_root, dir, _) = written(2);
    let path = dir.join("journal.jsonl");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() = b'x';
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(error_of(Journal::open(&dir)), Error::Damaged { .. }));
}

#[test]
fn room_without_bytes_is_a_torn_end_however_much_it_is() {
    let (_root, dir, records) = written(2);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    for zeros in [1, LINE_MAX - 1, LINE_MAX, LINE_MAX + 1, 1 << 20] {
        for begun in [&b""[..], b"{\"v\":1"] {
            let tail = [begun, &vec![0; zeros]].concat();
            fs::write(&path, [&whole[..], &tail].concat()).unwrap();
            let (_, found, torn) = Journal::open(&dir).unwrap();
            assert_eq!((&found, torn.bytes), (&records, tail.len() as u64), "{zeros} zeros");
            assert_eq!(torn_files(&dir), [tail], "all of it is kept");
            clear_torn(&dir);
        }
    }
    fs::write(&path, [&whole[..], &vec![0; LINE_MAX + 1], b"x"].concat()).unwrap();
    assert!(Journal::open(&dir).is_err(), "somebody wrote this");
}

#[test]
fn an_end_longer_than_any_line_is_damage_and_a_shorter_one_is_torn() {
    let (_root, dir, records) = written(2);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    let (mut follower, _) = Follower::open(&dir).unwrap();
    for (len, damaged) in [(LINE_MAX - 1, false), (LINE_MAX, true), (3 * LINE_MAX, true)] {
        fs::write(&path, [&whole[..], &vec![b'x'; len]].concat()).unwrap();
        let found =
            [read(&dir).map(|reading| reading.records), follower.look().map(|new| [&records[..], &new].concat())];
        for found in found {
            match found {
                Ok(found) => assert!(!damaged && found == records, "{len}"),
                Err(Error::Damaged { fault, .. }) => {
                    assert!(damaged && (fault.line, &fault.wrong) == (4, &Wrong::TooLong), "{len}: {fault}");
                }
                Err(other) => panic!("{len}: {other}"),
            }
        }
        assert_eq!(Journal::open(&dir).is_err(), damaged, "{len}");
    }
}

#[test]
fn a_line_longer_than_any_that_is_written_is_refused_though_its_hash_fits() {
    let (_root, dir, _) = written(1);
    let path = dir.join("journal.jsonl");
    let body = format!("{{\"v\":1,\"x\":\"{}\"", "x".repeat(LINE_MAX));
    let line = format!("{body},\"hash\":\"{}\"}}\n", sha256(body.as_bytes()));
    fs::write(&path, [fs::read(&path).unwrap(), line.repeat(2).into_bytes()].concat()).unwrap();
    let found = verify(&dir, None).unwrap();
    let faults: Vec<_> = found.chain.iter().map(|fault| (fault.line, &fault.wrong)).collect();
    assert_eq!(faults, [(3, &Wrong::TooLong), (4, &Wrong::TooLong)]);
}

#[test]
fn a_whole_line_is_found_behind_seals_that_do_not_fit() {
    let forged = format!(",\"hash\":\"{}\"}}", "0".repeat(64));
    for seals in [0, 1, 2, 150] {
        let body = format!("{{\"v\":1{}", forged.repeat(seals));
        let line = format!("{body},\"hash\":\"{}\"}}", sha256(body.as_bytes()));
        assert!(holds_a_whole_line(format!("{line}{{\"v\"").as_bytes()), "behind {seals}");
        assert!(!holds_a_whole_line(line.as_bytes()), "nothing stands behind it");
        assert!(!holds_a_whole_line(format!("{{{line}{forged}x").as_bytes()), "it is another one");
    }
}

#[test]
fn so_many_faults_are_named_and_the_others_counted() {
    let (_root, dir, _) = written(0);
    let path = dir.join("journal.jsonl");
    fs::write(&path, [fs::read(&path).unwrap(), b"{}\n".repeat(1_500), b"{}".to_vec()].concat()).unwrap();
    let found = verify(&dir, None).unwrap();
    assert_eq!((found.records, found.chain.len(), found.more_lines), (1, 1_000, 500));
    assert!(found.to_string().contains("FAULT: 500 more lines of journal.jsonl do not hold"));
    assert!(found.notes.iter().any(|note| note.starts_with("2 bytes behind the last complete line")), "{found}");
}

#[test]
fn a_line_of_a_newer_format_is_refused_with_a_clear_sentence() {
    let (_root, dir, _) = written(0);
    let body = "{\"v\":2,\"seq\":1,\"what\":\"ever\",\"prev\":\"\"";
    let line = format!("{body},\"hash\":\"{}\"}}\n", crate::journal::line::sha256(body.as_bytes()));
    fs::write(dir.join("journal.jsonl"), line).unwrap();
    let refusal = error_of(read(&dir)).to_string();
    assert!(refusal.contains("line 1 has format 2, and this goaround reads format 1"), "{refusal}");
}

#[test]
fn an_exchanged_playbook_is_refused() {
    let (_root, dir, _) = written(1);
    fs::write(dir.join("playbook.toml"), format!("{FLOWN}# one more line\n")).unwrap();
    assert!(matches!(error_of(Journal::open(&dir)), Error::OtherPlaybook { .. }));
    assert!(matches!(error_of(read(&dir)), Error::OtherPlaybook { .. }));
}

#[test]
fn the_same_events_give_the_same_bytes() {
    let [a, b] = [written(6), written(6)].map(|(_root, dir, _)| fs::read(dir.join("journal.jsonl")).unwrap());
    assert_eq!(a, b);
}

#[test]
fn a_line_has_exactly_its_fields_in_their_order_and_a_hash_that_sha256sum_can_recheck() {
    let (_root, dir, _) = written(1);
    let text = fs::read_to_string(dir.join("journal.jsonl")).unwrap();
    let line = text.lines().nth(1).unwrap();
    let mut rest = line;
    for key in ["v", "incident", "seq", "wall", "boot_ns", "boot_id", "actor", "event", "prev", "hash"] {
        let at = rest.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} in {line}"));
        rest = &rest[at..];
    }
    let (body, seal) = line.split_once(",\"hash\":").unwrap();
    assert_eq!(seal, format!("\"{}\"}}", crate::journal::line::sha256(body.as_bytes())));
    let first = text.lines().next().unwrap();
    assert!(body.ends_with(&format!("\"prev\":{}", first.split_once(",\"hash\":").unwrap().1.trim_end_matches('}'))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_appended_is_what_is_read(batches in prop::collection::vec(prop::collection::vec(wild_event(), 0..5), 0..6)) {
        let (_root, dir, mut journal) = fresh();
        let mut believed = journal.append(INCIDENT, &[at(0, opened())]).unwrap();
        for batch in &batches {
            let back = journal.append(INCIDENT, batch).unwrap();
            prop_assert_eq!(back.len(), batch.len());
            for (record, (moment, actor, event)) in back.iter().zip(batch) {
                prop_assert_eq!((&record.at, &record.actor), (moment, actor));
                let is_number = matches!(event, Event::VerdictChanged { .. });
                prop_assert!(is_number || record.event == *event);
            }
            believed.extend(back);
        }
        let head = journal.head();
        drop(journal);
        let reading = read(&dir).unwrap();
        prop_assert_eq!(reading.head(), head);
        let (_journal, found, _) = Journal::open(&dir).unwrap();
        prop_assert_eq!(&found, &reading.records);
        prop_assert_eq!(found, believed);
    }
}

/// Notes of any text and verdicts of any number, NaN and infinities included.
fn wild_event() -> impl Strategy<Value = (Moment, Actor, Event)> {
    (any::<u32>(), ".{0,60}", any::<Option<f64>>()).prop_map(|(second, text, value)| {
        let event = match value {
            Some(value) => Event::VerdictChanged { metric: id("ds"), verdict: breach(value) },
            None => Event::NoteAdded { text: text.as_str().into() },
        };
        let (moment, _, event) = at(u64::from(second), event);
        (moment, text.as_str().into(), event)
    })
}

#[test]
fn verifying_knows_what_may_stand_behind_closing() {
    let closed = || Event::Closed { recovered: true, override_reason: None };
    let followed_up = || Event::FollowedUp { id: id("rca"), by: "mira".into(), note: "written down".into() };
    let declared = || Event::Declared { severity: 1, triggers: vec![], size_up: "again".into() };
    let cases: [(Vec<Event>, Option<&str>); 4] = [
        (vec![closed(), followed_up()], None),
        (vec![closed(), Event::NoteAdded { text: "late".into() }], None),
        (vec![followed_up(), closed()], Some("line 2 ticks the follow-up rca off before the incident was closed")),
        (vec![closed(), declared()], Some("line 3 goes on with an incident that line 2 closed")),
    ];
    for (events, fault) in cases {
        let (_root, dir, mut journal) = fresh();
        let batch: Vec<_> = std::iter::once(opened()).chain(events).map(|event| at(0, event)).collect();
        journal.append(INCIDENT, &batch).unwrap();
        let found = verify(&dir, None).unwrap();
        assert_eq!(found.faults.iter().map(String::as_str).collect::<Vec<_>>(), Vec::from_iter(fault), "{found}");
    }
}
