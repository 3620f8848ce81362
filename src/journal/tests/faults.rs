//! A disk that fails: no false acknowledgement, no second sync.

use super::{INCIDENT, at, opened, some_event};
use crate::incident::Record;
use crate::journal::AppendError;
use crate::journal::log::{Disk, End, Log};
use crate::journal::reader::{Scan, scan_from};
use std::cell::RefCell;
use std::io;
use std::rc::Rc;

/// How the Nth call fails.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    /// With an error, nothing done.
    Error,
    /// A write stops half-way and says so; other calls fail.
    Short,
    /// A write stops half-way and fails.
    ErrorAfterHalf,
}

fn scan(bytes: &[u8]) -> Scan {
    scan_from(bytes).expect("bytes in memory can be read")
}

/// A file in memory whose Nth call fails, once or from then on.
struct Plan {
    fail_at: usize,
    sticky: bool,
    mode: Mode,
    calls: usize,
    cache: Vec<u8>,
    /// What a power cut would leave.
    durable: Vec<u8>,
    sync_failed: bool,
    synced_after_failure: bool,
}

#[derive(Clone)]
struct Faulty(Rc<RefCell<Plan>>);

impl Plan {
    fn fails(&mut self) -> bool {
        self.calls += 1;
        self.calls == self.fail_at || (self.sticky && self.calls > self.fail_at)
    }

    fn put(&mut self, bytes: &[u8], offset: u64) {
        let offset = usize::try_from(offset).unwrap();
        self.cache.resize(self.cache.len().max(offset + bytes.len()), 0);
        self.cache[offset..offset + bytes.len()].copy_from_slice(bytes);
    }
}

impl Disk for Faulty {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let mut plan = self.0.borrow_mut();
        if !plan.fails() {
            plan.put(bytes, offset);
            return Ok(bytes.len());
        }
        let half = bytes.len() / 2;
        match plan.mode {
            Mode::Error => Err(io::ErrorKind::StorageFull.into()),
            Mode::Short => {
                plan.put(&bytes[..half], offset);
                Ok(half)
            }
            Mode::ErrorAfterHalf => {
                plan.put(&bytes[..half], offset);
                Err(io::ErrorKind::Interrupted.into())
            }
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut plan = self.0.borrow_mut();
        plan.synced_after_failure |= plan.sync_failed;
        if plan.fails() {
            plan.sync_failed = true;
            return Err(io::Error::other("EIO"));
        }
        plan.durable = plan.cache.clone();
        Ok(())
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        let mut plan = self.0.borrow_mut();
        if plan.fails() {
            return Err(io::Error::other("EIO"));
        }
        plan.cache.truncate(usize::try_from(len).unwrap());
        Ok(())
    }
}

/// Appends ten batches; answers with what was acknowledged, how often it was refused, and the disk.
fn fly(fail_at: usize, sticky: bool, mode: Mode) -> (Vec<Record>, usize, Faulty) {
    let disk = Faulty(Rc::new(RefCell::new(Plan {
        fail_at,
        sticky,
        mode,
        calls: 0,
        cache: Vec::new(),
        durable: Vec::new(),
        sync_failed: false,
        synced_after_failure: false,
    })));
    let mut log = Log::new(disk.clone(), End { offset: 0, next_seq: 1, head: String::new() });
    let (mut acknowledged, mut refused): (Vec<Record>, usize) = (Vec::new(), 0);
    for n in 0..10 {
        let first = if acknowledged.is_empty() { opened() } else { some_event(n) };
        match log.append(INCIDENT, &[at(n.into(), first), at(n.into(), some_event(n + 1))]) {
            Ok(records) => {
                acknowledged.extend(records);
                assert_eq!(scan(&disk.0.borrow().durable).records, acknowledged, "acknowledged before it was synced");
            }
            Err(AppendError::NotSaved(_)) => {
                refused += 1;
                let plan = disk.0.borrow();
                let found = scan(&plan.cache);
                assert_eq!((found.records, found.torn_bytes), (acknowledged.clone(), 0), "not as before");
                assert_eq!(plan.cache, plan.durable);
            }
            Err(AppendError::Poisoned(_)) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    (acknowledged, refused, disk)
}

#[test]
fn whichever_call_fails_nothing_is_falsely_acknowledged_and_no_sync_is_repeated() {
    let calls_without_fault = 20;
    for mode in [Mode::Error, Mode::Short, Mode::ErrorAfterHalf] {
        for sticky in [false, true] {
            for fail_at in 1..=calls_without_fault {
                let (acknowledged, refused, disk) = fly(fail_at, sticky, mode);
                let case = format!("{mode:?}, sticky {sticky}, call {fail_at}");
                assert!(refused > 0, "{case}: the fault was swallowed");
                let plan = disk.0.borrow();
                assert!(!plan.synced_after_failure, "{case}: a sync was repeated");
                let survived = scan(&plan.durable);
                assert_eq!(survived.faults, [], "{case}");
                assert_eq!(survived.records[..acknowledged.len()], acknowledged, "{case}");
            }
        }
    }
}

#[test]
fn a_write_that_fails_once_costs_one_batch_and_a_sync_that_fails_ends_the_journal() {
    let (acknowledged, refused, _) = fly(5, false, Mode::ErrorAfterHalf);
    assert_eq!((acknowledged.len(), refused), (18, 1));
    let (acknowledged, refused, _) = fly(6, false, Mode::Error);
    assert_eq!((acknowledged.len(), refused), (4, 8));
}

#[test]
fn an_event_too_long_for_a_line_is_refused_and_its_batch_with_it() {
    let (_root, dir, mut journal) = super::fresh();
    journal.append(INCIDENT, &[at(0, opened())]).unwrap();
    let head = journal.head();
    let bindings = (0..10).map(|n| (format!("n{n}"), "x".repeat(2000))).collect();
    let long = crate::incident::Event::PullStarted {
        attempt: 1,
        lever: super::id("alias"),
        way: crate::incident::Way::Do,
        step: None,
        want: "docs_vA".into(),
        was: None,
        bindings,
        request_sha256: String::new(),
        deadline_ms: 1,
        override_reason: None,
        by_hand: false,
    };
    match journal.append(INCIDENT, &[at(1, some_event(1)), at(1, long)]) {
        Err(AppendError::TooLong { place: 2, bytes }) => assert!(bytes > 16 * 1024),
        other => panic!("{other:?}"),
    }
    assert_eq!(journal.head(), head);
    journal.append(INCIDENT, &[at(1, some_event(1))]).unwrap();
    assert_eq!(crate::journal::read(&dir).unwrap().records.len(), 2);
}

#[test]
fn a_first_record_that_does_not_say_what_is_flown_is_not_written() {
    let (_root, dir, mut journal) = super::fresh();
    let refusal = journal.append(INCIDENT, &[at(0, some_event(1))]).unwrap_err().to_string();
    assert!(refusal.contains("does not say what was flown"), "{refusal}");
    assert_eq!(std::fs::read(dir.join("journal.jsonl")).unwrap(), b"");
}
