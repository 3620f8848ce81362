//! What an observer knows: the same fold as the commander's, fed from what the commander has written down.

use crate::app::flight::set_known_baselines;
use crate::cockpit::{Company, Mode, Scene};
use crate::incident::{self, Moment, Record, State};
use crate::journal::Follower;
use crate::metrics::{Board, Sample};
use crate::playbook::Playbook;
use crate::text::Text;
use std::collections::VecDeque;
use std::sync::Arc;

/// The newest records kept for the journal panel.
const RECORDS_MAX: usize = 200;

/// An incident as its journal and its samples tell it so far.
pub struct Onlooker {
    follower: Follower,
    playbook: Arc<Playbook>,
    state: Arc<State>,
    board: Arc<Board>,
    records: Arc<VecDeque<Record>>,
    /// The newest moment heard of, in incident time.
    heard: Option<Moment>,
    /// How many looks in a row have found nothing new.
    quiet: u32,
    /// Why nothing is followed any more: what was shown does not hold.
    lost: Option<Text>,
}

impl Onlooker {
    /// Takes in what stands there already.
    pub fn new(follower: Follower, playbook: Playbook, beginning: &[Record]) -> Self {
        let mut onlooker = Self {
            follower,
            playbook: Arc::new(playbook),
            state: Arc::default(),
            board: Arc::default(),
            records: Arc::default(),
            heard: None,
            quiet: 0,
            lost: None,
        };
        onlooker.believe(beginning);
        onlooker.hear();
        onlooker
    }

    /// Takes in what has come since; answers with the new records.
    pub fn look(&mut self) -> Vec<Record> {
        if self.lost.is_some() {
            return Vec::new();
        }
        match self.follower.look() {
            Ok(records) => {
                self.believe(&records);
                let heard = self.hear();
                self.quiet = if heard || !records.is_empty() { 0 } else { self.quiet.saturating_add(1) };
                records
            }
            Err(error) => {
                self.lost = Some(error.to_string().into());
                Vec::new()
            }
        }
    }

    /// How many looks in a row have found neither a record nor a sample.
    pub fn quiet_looks(&self) -> u32 {
        self.quiet
    }

    /// What is believed.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is flown.
    pub fn playbook(&self) -> &Playbook {
        &self.playbook
    }

    /// Why nothing is followed any more, if so.
    pub fn lost(&self) -> Option<&Text> {
        self.lost.as_ref()
    }

    fn believe(&mut self, records: &[Record]) {
        for record in records {
            incident::apply(&self.playbook, Arc::make_mut(&mut self.state), record);
            self.note_time(record.at.clone());
        }
        let kept = Arc::make_mut(&mut self.records);
        kept.extend(records.iter().cloned());
        kept.drain(..kept.len().saturating_sub(RECORDS_MAX));
    }

    /// Takes the new samples in; whether there were any.
    fn hear(&mut self) -> bool {
        let board = Arc::make_mut(&mut self.board);
        let mut newest_ms = i64::MIN;
        for sample in self.follower.samples().iter().filter_map(|line| Sample::parse(line)) {
            newest_ms = newest_ms.max(sample.at);
            if let Some(metric) = self.playbook.metrics.get(&sample.metric) {
                let at_ms = sample.at;
                board.hear(metric, sample.heard(), at_ms);
            }
        }
        let some = newest_ms > i64::MIN;
        let later = self.heard.as_ref().and_then(|heard| {
            let more_ms = u64::try_from(newest_ms.saturating_sub(heard.wall_ms)).ok()?;
            Some(heard.plus_ms(more_ms))
        });
        later.into_iter().for_each(|later| self.note_time(later));
        some
    }

    fn note_time(&mut self, at: Moment) {
        if self.heard.as_ref().is_none_or(|heard| heard.wall_ms < at.wall_ms) {
            self.heard = Some(at);
        }
    }

    /// Incident time: a drill's runs in its commander's process alone, and is as late as what was heard from there.
    fn now(&self, machine: &Moment) -> Moment {
        let drill = self.state.drill.as_ref().and(self.heard.clone());
        self.state.marks.closed.clone().or(drill).unwrap_or_else(|| machine.clone())
    }

    /// Everything a frame is drawn from.
    pub fn scene(&mut self, machine: &Moment) -> Scene {
        let now = self.now(machine);
        let board = Arc::make_mut(&mut self.board);
        set_known_baselines(board, &self.playbook, &self.state, &now);
        for (id, slot) in &self.state.verdicts {
            if let Some(metric) = self.playbook.metrics.get(id) {
                board.told(metric, &slot.verdict, now.wall_ms);
            }
        }
        Scene {
            mode: Mode::Watch,
            playbook: self.playbook.clone(),
            state: self.state.clone(),
            board: self.board.clone(),
            records: self.records.clone(),
            now,
            // Who looked when is not written down, only what was seen.
            looked: Arc::default(),
            backends: Vec::new(),
            journal_saved: true,
            commander: self.state.people.commander.clone(),
            armed: None,
            letter: None,
            ranked: incident::ranked(&self.playbook, &self.state),
            brief: Arc::new([]),
            company: Company { lost: self.lost.clone(), ..Company::default() },
            toast: None,
            refused: None,
        }
    }
}
