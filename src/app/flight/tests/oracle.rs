//! What must be true, kept from the records alone and without the fold that is under test.

use crate::app::flight::{Ask, sha256_hex};
use crate::incident::about::Subject;
use crate::incident::{AttemptId, Event, Moment, ReadBack, Record, State, StepStatus, Way};
use crate::kind::{Outcome, Use};
use crate::metrics::{Board, ExitState, Verdict, VerdictState};
use crate::playbook::{Id, Playbook};
use std::collections::{BTreeMap, BTreeSet};

/// One pull, by its records and by what was seen on the wire.
pub(super) struct Pull {
    lever: Id,
    way: Way,
    request_sha256: String,
    outcome: Option<Outcome>,
    read_back: Option<ReadBack>,
    started: Moment,
    wire: Wire,
}

/// A pull that leaves longer than this after it was asked for is one that nobody expects any more.
const PROMPT_MS: u64 = 2000;

impl Pull {
    /// Whether nobody knows yet what became of it.
    fn is_open(&self) -> bool {
        match self.outcome {
            None => true,
            Some(Outcome::Applied | Outcome::Unknown) => matches!(self.read_back, None | Some(ReadBack::Unknown)),
            Some(Outcome::Rejected | Outcome::NotSent) => false,
        }
    }
}

/// Whether a pull's exchange may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    /// Started on disk, not sent yet.
    Ready,
    /// Sent, once.
    Sent,
    /// Done by hand, or a crash came first: it must never be sent.
    Barred,
}

/// What a hold sees, by the board alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colour {
    Green,
    Grey,
    Red,
}

/// Everything kept.
#[derive(Default)]
pub(super) struct Oracle {
    pulls: BTreeMap<AttemptId, Pull>,
    owed: BTreeSet<Id>,
    declared: bool,
    branches: BTreeSet<Id>,
    colours: Vec<(Moment, Colour)>,
    pub(super) seen: Seen,
}

/// How often what was meant to happen has happened: claims about nothing prove nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) sent: u32,
    pub(super) unknown: u32,
    pub(super) crashes: u32,
    pub(super) crashes_in_a_pull: u32,
    pub(super) holds_met: u32,
    pub(super) recovered: u32,
    pub(super) given_up: u32,
    pub(super) failed_appends: u32,
    pub(super) hung_appends: u32,
    pub(super) branches_opened: u32,
    pub(super) branches_flown: u32,
}

impl Seen {
    pub(super) fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.unknown += other.unknown;
        self.crashes += other.crashes;
        self.crashes_in_a_pull += other.crashes_in_a_pull;
        self.holds_met += other.holds_met;
        self.recovered += other.recovered;
        self.given_up += other.given_up;
        self.failed_appends += other.failed_appends;
        self.hung_appends += other.hung_appends;
        self.branches_opened += other.branches_opened;
        self.branches_flown += other.branches_flown;
    }
}

impl Oracle {
    /// A record is on disk.
    pub(super) fn note(&mut self, playbook: &Playbook, record: &Record) {
        match &record.event {
            Event::PullStarted { attempt, lever, way, request_sha256, by_hand, .. } => {
                let wire = if *by_hand { Wire::Barred } else { Wire::Ready };
                let (lever, way, request_sha256) = (lever.clone(), *way, request_sha256.clone());
                let started = record.at.clone();
                let pull = Pull { lever, way, request_sha256, outcome: None, read_back: None, started, wire };
                assert!(self.pulls.insert(*attempt, pull).is_none(), "attempt {attempt} was used twice");
            }
            Event::PullSettled { attempt, outcome, .. } => self.settle(*attempt, *outcome),
            Event::ReadBack { attempt, result, .. } | Event::Attested { attempt, result, .. } => {
                self.read_back(*attempt, *result);
            }
            Event::Resumed { unsettled, .. } => {
                let lost: Vec<_> =
                    self.pulls.iter().filter(|(_, pull)| pull.outcome.is_none()).map(|(id, _)| *id).collect();
                assert_eq!(*unsettled, lost, "what is in flight at a crash is unknown from then on");
                lost.into_iter().for_each(|attempt| self.settle(attempt, Outcome::Unknown));
            }
            Event::HoldMet { .. } => self.hold_met(playbook, &record.at),
            Event::Closed { recovered, override_reason } => self.closed(*recovered, override_reason.is_some()),
            Event::DebtOpened { debt, .. } => {
                self.owed.insert(debt.clone());
            }
            Event::DebtPaid { debt, .. } => assert!(self.owed.remove(debt), "{debt} was paid and never owed"),
            Event::Declared { .. } => self.declared = true,
            Event::BranchOpened { branch, .. } => {
                assert!(self.declared, "{branch} opened before anything was declared");
                assert!(self.branches.insert(branch.clone()), "{branch} opened twice");
                self.seen.branches_opened += 1;
            }
            other => {
                if let Subject::Step(step, _) = other.about().subject {
                    self.flown(playbook, step);
                }
            }
        }
    }

    /// Something was done with a step: what is not flown is left alone.
    fn flown(&mut self, playbook: &Playbook, step: &Id) {
        let branch = playbook.step(step).expect("a step of the checklist").branch.as_ref();
        assert!(branch.is_none_or(|branch| self.branches.contains(branch)), "{step} is N/A: its branch is closed");
        self.seen.branches_flown += u32::from(branch.is_some());
    }

    fn settle(&mut self, attempt: AttemptId, outcome: Outcome) {
        let pull = self.pulls.get_mut(&attempt).expect("only what was started settles");
        assert_eq!(pull.outcome, None, "pull {attempt} settled twice");
        pull.outcome = Some(outcome);
        // Given up before it left: it must never leave.
        if pull.wire == Wire::Ready {
            pull.wire = Wire::Barred;
        }
        self.seen.unknown += u32::from(outcome == Outcome::Unknown);
    }

    fn read_back(&mut self, attempt: AttemptId, result: ReadBack) {
        let pull = self.pulls.get_mut(&attempt).expect("only what was started is read back");
        assert_ne!(pull.outcome, None, "pull {attempt} was read back in flight");
        pull.read_back = Some(result);
    }

    /// An act leaves: it must be the one exchange of the one pull that is on disk for it.
    pub(super) fn sends(&mut self, ask: &Ask, now: &Moment) {
        assert_eq!(ask.purpose, Use::Act);
        let json = serde_json::to_string(&ask.exchange).expect("an exchange is JSON");
        let sha256 = sha256_hex(json.as_bytes());
        let ready = self.pulls.iter().find(|(_, p)| p.wire == Wire::Ready && p.request_sha256 == sha256);
        let Some((&attempt, _)) = ready else { panic!("sent, and no pull on disk is waiting to be: {json}") };
        let lever = self.pulls[&attempt].lever.clone();
        let waited_ms = now.since(&self.pulls[&attempt].started).ms;
        assert!(waited_ms <= PROMPT_MS, "pull {attempt} of {lever} left {waited_ms} ms after it was asked for");
        for (earlier, pull) in self.pulls.range(..attempt).filter(|(_, pull)| pull.lever == lever) {
            assert!(
                !pull.is_open(),
                "pull {attempt} of {lever} was sent while nobody knew what became of pull {earlier}"
            );
        }
        self.pulls.get_mut(&attempt).expect("found above").wire = Wire::Sent;
        self.seen.sent += 1;
    }

    /// The program died: what was started and not sent by then is never sent, what was sent is not sent again.
    pub(super) fn crashed(&mut self) {
        self.seen.crashes += 1;
        self.seen.crashes_in_a_pull += u32::from(self.pulls.values().any(|pull| pull.outcome.is_none()));
        for pull in self.pulls.values_mut().filter(|pull| pull.wire == Wire::Ready) {
            pull.wire = Wire::Barred;
        }
        if let Some((at, _)) = self.colours.last().cloned() {
            self.colours.push((at, Colour::Red));
        }
    }

    /// What may be in force and was not seen to be undone is owed, in the state as in the records.
    pub(super) fn audit(&self, playbook: &Playbook, state: &State) {
        for debt in playbook.debts.values() {
            let of_lever = || self.pulls.iter().filter(|(_, pull)| pull.lever == debt.lever);
            let in_force = |pull: &Pull| {
                pull.way == Way::Do
                    && (matches!(pull.outcome, Some(Outcome::Applied | Outcome::Unknown))
                        || pull.read_back == Some(ReadBack::Agrees))
            };
            let Some((last, _)) = of_lever().rfind(|(_, pull)| in_force(pull)) else { continue };
            let undone = of_lever().any(|(attempt, pull)| {
                attempt > last && pull.way == Way::Undo && pull.read_back == Some(ReadBack::Agrees)
            });
            let open = state.debts.get(&debt.id).is_some_and(|debt| debt.paid.is_none());
            assert!(open || undone, "{} may be in force by pull {last} and is not owed", debt.title);
        }
        for (step, state_of) in &state.steps {
            let debt = Id::new(&format!("step-{step}")).expect("an id");
            let owed = self.owed.contains(&debt);
            assert!(owed || state_of.status != StepStatus::Deferred, "{step} was deferred and is not owed");
        }
        let open: BTreeSet<Id> = state.open_debts().map(|(id, _)| id.clone()).collect();
        assert_eq!(open, self.owed, "the debts shown are the debts written down");
        for (attempt, pull) in &self.pulls {
            let believed = &state.pulls[attempt];
            assert_eq!(believed.outcome.as_ref().map(|(outcome, _)| *outcome), pull.outcome);
            assert_eq!(believed.read_back, pull.read_back);
        }
    }

    /// Looks at the board after every input.
    pub(super) fn look(&mut self, playbook: &Playbook, board: &Board, now: &Moment) {
        let verdicts = || playbook.metrics.values().map(|metric| (metric.exit.is_some(), board.verdict(&metric.id)));
        let red = |(_, verdict): (bool, Option<&Verdict>)| {
            verdict.is_some_and(|v| v.state == VerdictState::Breach || v.exit == ExitState::Missed)
        };
        let met =
            |(target, verdict): (bool, Option<&Verdict>)| !target || verdict.is_some_and(|v| v.exit == ExitState::Met);
        let colour = match (verdicts().any(red), verdicts().all(met)) {
            (true, _) => Colour::Red,
            (false, true) => Colour::Green,
            (false, false) => Colour::Grey,
        };
        if self.colours.last().is_none_or(|(_, last)| *last != colour) {
            self.colours.push((now.clone(), colour));
        }
    }

    /// For how long everything was green up to `at`, grey not counted, red and long greys starting over.
    fn green_ms(&self, playbook: &Playbook, at: &Moment) -> u64 {
        let before = || self.colours.iter().take_while(|(since, _)| since.wall_ms <= at.wall_ms);
        let ends = before().skip(1).map(|(until, _)| until).chain([at]);
        let mut green_ns = 0;
        for ((since, colour), until) in before().zip(ends) {
            let ns = until.boot_ns.saturating_sub(since.boot_ns);
            match colour {
                Colour::Green => green_ns += ns,
                Colour::Grey if ns <= playbook.hold.max_gap_ms * 1_000_000 => {}
                Colour::Grey | Colour::Red => green_ns = 0,
            }
        }
        green_ns / 1_000_000
    }

    fn hold_met(&mut self, playbook: &Playbook, at: &Moment) {
        let green_ms = self.green_ms(playbook, at);
        let asked_ms = playbook.hold.green_for_ms;
        assert!(green_ms >= asked_ms, "the hold was met after {green_ms} ms of green, not {asked_ms}");
        self.seen.holds_met += 1;
    }

    fn closed(&mut self, recovered: bool, reason: bool) {
        assert!(self.pulls.values().all(|pull| pull.outcome.is_some()), "closed with a pull in flight");
        let clean = self.seen.holds_met > 0 && self.owed.is_empty() && !self.pulls.values().any(Pull::is_open);
        assert_eq!(recovered, clean, "recovered is: the hold met, nothing owed, nothing unknown");
        assert!(recovered || reason, "giving up costs a reason");
        self.seen.recovered += u32::from(recovered);
        self.seen.given_up += u32::from(!recovered);
    }
}
