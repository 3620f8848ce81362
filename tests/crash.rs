//! A drill's journal, cut at every place that a crash could leave it at.

#[path = "common/directory.rs"]
mod directory;

use directory::drill;
use goaround::incident::{
    Command, Effect, Event, Fire, Moment, PullState, Record, Stamped, State, Way, apply, decide, react, replay,
};
use goaround::journal::Journal;
use goaround::kind::Outcome;
use goaround::playbook::Playbook;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many bytes at the end are cut one by one.
const STRETCH: usize = 3000;
/// How many more places are drawn from the whole journal.
const DRAWN: usize = 300;

/// A program that is being started holds what is open in this process for a moment, the journal's lock included.
static ALONE: Mutex<()> = Mutex::new(());

/// A drill that was flown to its end.
struct Flown {
    directory: PathBuf,
    bytes: Vec<u8>,
    records: Vec<Record>,
    playbook: Playbook,
    _incidents: tempfile::TempDir,
    _alone: MutexGuard<'static, ()>,
}

fn fly() -> Flown {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let directory = drill(incidents.path(), 1, &[]);
    let bytes = std::fs::read(directory.join("journal.jsonl")).expect("the journal is there");
    let text = std::fs::read_to_string(directory.join("playbook.toml")).expect("the playbook is there");
    let playbook = Playbook::parse("playbook.toml", &text, Some("drill")).expect("it was flown");
    let (_, records, torn) = Journal::open(&directory).expect("a whole journal opens");
    assert_eq!(torn.bytes, 0);
    Flown { directory, bytes, records, playbook, _incidents: incidents, _alone: alone }
}

impl Flown {
    /// The ends of the lines.
    fn ends(&self) -> Vec<usize> {
        self.bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect()
    }

    /// Where to cut: around each line's end, at every byte of the last stretch, and anywhere.
    fn places(&self) -> BTreeSet<usize> {
        let whole = self.bytes.len();
        let mut places: BTreeSet<usize> = self.ends().iter().flat_map(|end| end - 1..=end + 1).collect();
        places.extend(whole - STRETCH..=whole);
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let draw = |_| usize::try_from(random.next_u64() % whole as u64).expect("below a length");
        places.extend((0..DRAWN).map(draw));
        places.retain(|place| *place <= whole);
        places
    }

    /// Opens the journal cut at `place`; answers the records that are left.
    fn open_cut(&self, place: usize) -> Vec<Record> {
        let path = self.directory.join("journal.jsonl");
        std::fs::write(&path, &self.bytes[..place]).expect("the journal can be cut");
        let (journal, records, torn) = Journal::open(&self.directory).unwrap_or_else(|why| panic!("at {place}: {why}"));
        drop(journal);
        let whole = self.ends().into_iter().filter(|end| *end <= place);
        let (count, good) = (whole.clone().count(), whole.max().unwrap_or(0));
        assert!(records == self.records[..count], "cut at {place}, what is left is no prefix");
        assert_eq!(torn.bytes, (place - good) as u64);
        let left = std::fs::read(&path).expect("the journal is there");
        assert!(left == self.bytes[..good], "cut at {place}, other bytes stand there now");
        if let Some(kept) = torn.kept {
            let kept = self.directory.join(kept);
            let aside = std::fs::read(&kept).expect("the torn end was set aside");
            assert!(aside == self.bytes[good..place], "cut at {place}, other bytes were set aside");
            std::fs::remove_file(kept).expect("it can be removed");
        }
        records
    }
}

/// A resume of these records: the state behind it, its own records and what they set going.
fn resume(playbook: &Playbook, records: &[Record]) -> (State, Vec<Event>, Vec<Effect>) {
    let mut state = replay(playbook, records);
    let stamped = Stamped {
        at: records.last().expect("there are records").at.plus_ms(60_000),
        actor: "commander".into(),
        command: Command::Resume { torn_bytes: 0 },
    };
    let events = decide(playbook, &state, &stamped).expect("an open incident can be resumed");
    let mut effects = Vec::new();
    for event in &events {
        let (at, actor) = (stamped.at.clone(), stamped.actor.clone());
        let record = Record { seq: state.seq + 1, at, actor, event: event.clone() };
        apply(playbook, &mut state, &record);
        effects.extend(react(playbook, &state, &record));
    }
    (state, events, effects)
}

fn is_refused(playbook: &Playbook, state: &State, pull: &PullState, at: &Moment) -> bool {
    let fire = Fire {
        lever: pull.lever.clone(),
        way: pull.way,
        step: None,
        want: pull.want.clone(),
        was: None,
        bindings: pull.bindings.clone(),
        request_sha256: String::new(),
        override_reason: Some("at once".into()),
        by_hand: false,
    };
    let stamped = Stamped { at: at.clone(), actor: "commander".into(), command: Command::Fire(fire) };
    decide(playbook, state, &stamped).is_err()
}

/// The levers' debts as the records alone have them: what may be in force and was not seen to be taken back.
fn owed(playbook: &Playbook, state: &State) -> BTreeSet<String> {
    let mut owed = BTreeSet::new();
    for pull in state.pulls.values() {
        let Some(debt) = playbook.debt_of(&pull.lever) else { continue };
        let may_work = matches!(pull.outcome, Some((Outcome::Applied | Outcome::Unknown, _)));
        match pull.way {
            Way::Do if may_work => drop(owed.insert(debt.id.to_string())),
            Way::Undo if pull.is_effective() => drop(owed.remove(debt.id.as_str())),
            Way::Do | Way::Undo => {}
        }
    }
    owed
}

#[test]
fn a_crash_at_any_byte_repeats_no_pull_and_forgets_no_debt() {
    let flown = fly();
    let playbook = &flown.playbook;
    let (mut in_flight, mut tried) = (0, BTreeSet::new());
    for place in flown.places() {
        let records = flown.open_cut(place);
        let before = replay(playbook, &records);
        // The same records lead to the same end, whatever was torn off behind them.
        if records.is_empty() || before.closed.is_some() || !tried.insert(records.len()) {
            continue;
        }
        let (state, _, effects) = resume(playbook, &records);
        let pulls = effects.iter().filter(|effect| matches!(effect, Effect::Pull { .. } | Effect::Send { .. }));
        assert_eq!(pulls.count(), 0, "after {} records a resume acts", records.len());
        for (attempt, _) in before.pulls.iter().filter(|(_, pull)| pull.outcome.is_none()) {
            in_flight += 1;
            let pull = &state.pulls[attempt];
            assert!(matches!(pull.outcome, Some((Outcome::Unknown, _))), "pull {attempt} is not unknown");
            assert!(pull.locks() && is_refused(playbook, &state, pull, &records.last().unwrap().at));
            assert!(effects.contains(&Effect::ReadBack { attempt: *attempt }), "pull {attempt} is not read back");
        }
        let open: BTreeSet<String> = state.open_debts().map(|(id, _)| id.to_string()).collect();
        assert_eq!(open, owed(playbook, &state), "after {} records", records.len());
    }
    assert!(in_flight >= 6, "each of the drill's pulls was cut off in flight");
    assert!(tried.len() > 60, "only {} records were resumed from", tried.len());
}

#[test]
fn a_resume_between_two_commands_adds_nothing_but_itself() {
    let flown = fly();
    let together = |pair: &[Record]| pair[0].at == pair[1].at;
    let mut resumed = 0;
    for (place, pair) in flown.records.windows(2).enumerate().filter(|(_, pair)| !together(pair)) {
        let records = &flown.records[..=place];
        assert_eq!(records.last().map(|record| record.seq), Some(pair[0].seq));
        let (_, events, _) = resume(&flown.playbook, records);
        let own = |event: &Event| {
            matches!(event, Event::Resumed { .. } | Event::HoldReset { .. } | Event::HoldPaused { .. })
                || matches!(event, Event::DebtOpened { .. }) && in_flight(&flown.playbook, records)
        };
        assert!(events.iter().all(own), "after {} records: {events:?}", place + 1);
        resumed += 1;
    }
    assert!(resumed > 20, "only {resumed} places lie between two commands");
}

fn in_flight(playbook: &Playbook, records: &[Record]) -> bool {
    replay(playbook, records).pulls.values().any(|pull| pull.outcome.is_none())
}
