//! The simulated production: variables, files and signals that follow from them.

use super::curve::Curve;
use super::files::Files;
use super::happening::{Happenings, Passed};
use super::misfits::misfits;
use super::noise;
use super::questions::Questions;
use super::scenario::{Scenario, Signal, fits};
use super::written::Injected;
use crate::kind::{Answer, BackendConfig, Body, Exchange, Fault, Vars};
use crate::playbook::{Id, Playbook};
use crate::text::Text;
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// How often the simulated Prometheus scrapes: samples lie on this grid.
const SCRAPE_MS: i64 = 1000;

/// How long a backend takes to answer when the scenario does not say, in milliseconds.
const LATENCY_MS: u64 = 2;

/// For how long a backend that answers 429 wants to be left in peace, in seconds.
const RETRY_AFTER_S: u64 = 10;

/// What a scenario makes of a playbook's backends: the drill's only carrier.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) scenario: Scenario,
    pub(super) backends: IndexMap<Id, BackendConfig>,
    pub(super) questions: Questions,
    pub(super) files: Files,
    seed: u64,
    vars: Vars,
    curves: BTreeMap<String, Curve>,
    /// Whether the fault has set in.
    started: bool,
    pub(super) happenings: Happenings,
}

impl World {
    /// The world of `scenario` for the backends and metrics of `playbook`; an error names what of the scenario
    /// the playbook does not have.
    pub fn new(scenario: &Scenario, playbook: &Playbook, seed: u64) -> Result<Self, Vec<String>> {
        let faults = misfits(scenario, playbook);
        if !faults.is_empty() {
            return Err(faults);
        }
        let curve = |(metric, signal): (&String, &Signal)| (metric.clone(), Curve::new(signal.healthy));
        Ok(Self {
            scenario: scenario.clone(),
            backends: playbook.backends.clone(),
            questions: Questions::new(playbook),
            files: Files::new(scenario),
            seed,
            vars: scenario.vars.clone(),
            curves: scenario.signals.iter().map(curve).collect(),
            started: false,
            happenings: Happenings::new(&scenario.events),
        })
    }

    /// Performs `exchange` as `backend` would, `now_ms` after the drill's start. The result and how long it takes
    /// to come, in milliseconds; a hung backend takes as long as its fault lasts, so the caller's deadline decides.
    pub fn handle(&mut self, backend: &str, exchange: &Exchange, now_ms: u64) -> (Result<Answer, Fault>, u64) {
        let now = signed(now_ms);
        self.advance(now);
        match self.befallen(backend, now_ms) {
            None => self.perform(backend, exchange, now),
            Some((Injected::Hang, left_ms)) => (Err(lost()), left_ms),
            Some((Injected::Swallow, left_ms)) => {
                let _lost = self.perform(backend, exchange, now);
                (Err(lost()), left_ms)
            }
            Some((Injected::Refuse, _)) => (Err(Fault::NotSent("connection refused (os error 111)".into())), 1),
            Some((Injected::Internal, _)) => (Ok(http(500, "Internal Server Error\n")), self.latency(backend, now)),
        }
    }

    /// Where `goaround live` would send a request for `path_and_query` of this backend; nothing when it speaks no HTTP.
    pub fn http_url(&self, backend: &str, path_and_query: &str) -> Option<String> {
        self.base(backend).map(|base| format!("{base}{path_and_query}"))
    }

    /// The address below which a backend's HTTP paths lie.
    pub(super) fn base(&self, backend: &str) -> Option<&str> {
        self.backends.get(backend)?.url()
    }

    fn perform(&mut self, backend: &str, exchange: &Exchange, now: i64) -> (Result<Answer, Fault>, u64) {
        let latency = self.latency(backend, now);
        let config = self.backends.get(backend);
        let (result, takes_ms) = match (config, exchange, config.and_then(BackendConfig::root)) {
            (Some(BackendConfig::Prometheus(_)), Exchange::Http(ask), _) => (Ok(self.prometheus(backend, ask, now)), 0),
            (_, Exchange::File(ask), Some(root)) => {
                let wall_ms = self.scenario.epoch_ms.saturating_add(now);
                (self.files.handle(backend, root, ask, wall_ms), 0)
            }
            (Some(_), Exchange::HttpMany(many), _) => {
                let (answer, takes_ms) = self.reply_to_many(backend, many, latency);
                (Ok(answer), takes_ms)
            }
            (Some(_), exchange, _) => self.reply(backend, exchange),
            (None, ..) => (Err(Fault::NotSent(Text::new(&format!("there is no backend `{backend}` here")))), 0),
        };
        self.follow(now);
        (result, latency + takes_ms)
    }

    /// What a metric's sample showed; times before the drill's start show the healthy value.
    pub(super) fn sample(&self, metric: &str, sampled: i64) -> Option<f64> {
        let noise = self.scenario.signals.get(metric)?.noise;
        let swing = noise::swing(self.seed, metric, sampled);
        Some(self.curves.get(metric)?.at(sampled) + noise * swing)
    }

    /// The newest scrape at or before a time.
    pub(super) fn scraped(at_ms: i64) -> i64 {
        at_ms.div_euclid(SCRAPE_MS) * SCRAPE_MS
    }

    /// The variables, and what is derived from them.
    pub(super) fn facts(&self) -> Vars {
        let mut facts = self.vars.clone();
        for (name, derived) in &self.scenario.derived {
            let value = self.vars.get(&derived.from).and_then(|of| derived.is.get(of)).unwrap_or(&derived.otherwise);
            facts.insert(name.clone(), value.clone());
        }
        facts
    }

    /// Changes variables; the signals are steered anew once the exchange is over.
    pub(super) fn set(&mut self, changes: Vars) {
        self.vars.extend(changes);
    }

    /// A variable that stands for a file's content follows it, however the content came about.
    fn follow_files(&mut self) {
        for row in &self.scenario.files {
            let content = self.files.content(&row.backend, &row.path);
            let found = content.and_then(|content| row.find.captures(content)).and_then(|groups| groups.get(1));
            let value = found.map(|found| found.as_str().to_owned()).unwrap_or_default();
            self.vars.insert(row.var.clone(), value);
        }
    }

    /// Lets everything happen that is due by now, the fault's own beginning included, one after the other.
    pub(super) fn advance(&mut self, now: i64) {
        loop {
            let starts = signed(self.scenario.starts_ms);
            let begins = (!self.started).then_some(starts);
            let cause = self.happenings.next();
            let at = begins.into_iter().chain(cause.map(|(due, _)| due)).min();
            let Some(at) = at.filter(|at| *at <= now) else { return };
            match cause {
                _ if begins == Some(at) => self.started = true,
                Some((_, place)) => self.happen(place, at),
                None => return,
            }
            self.follow(at);
        }
    }

    /// One cause at its moment: it changes the world, or passes.
    fn happen(&mut self, place: usize, at: i64) {
        let cause = self.scenario.events[place].clone();
        let comes = fits(&cause.when, &self.facts());
        if comes {
            self.set(cause.set.clone());
        }
        self.happenings.passed(place, cause, Passed { at, comes });
    }

    /// What follows from the files and variables as they are now.
    fn follow(&mut self, now: i64) {
        self.follow_files();
        self.steer(now);
        let facts = self.facts();
        self.happenings.look(&self.scenario.events, &facts, now);
    }

    /// Sends every signal where the variables say.
    fn steer(&mut self, now: i64) {
        if !self.started {
            return;
        }
        let facts = self.facts();
        for (metric, signal) in &self.scenario.signals {
            let case = signal.cases.iter().find(|case| fits(&case.when, &facts));
            let target = case.map_or(signal.value, |case| case.value);
            let settle_ms = case.and_then(|case| case.settle_ms).unwrap_or(signal.settle_ms);
            if let Some(curve) = self.curves.get_mut(metric) {
                curve.bend(now, target, settle_ms);
            }
        }
    }

    /// The fault that befalls a backend now, and for how much longer.
    fn befallen(&self, backend: &str, now_ms: u64) -> Option<(Injected, u64)> {
        let left = |at: u64, lasts: u64| (at.saturating_add(lasts)).checked_sub(now_ms).filter(|left| *left > 0);
        self.scenario
            .injections
            .iter()
            .filter(|fault| fault.backend == backend && now_ms >= fault.at.0)
            .find_map(|fault| Some((fault.fault, left(fault.at.0, fault.lasts.0)?)))
    }

    /// How long a backend takes to answer now.
    fn latency(&self, backend: &str, now: i64) -> u64 {
        let Some(latency) = self.scenario.latency.get(backend) else { return LATENCY_MS };
        latency.base.0 + portion(latency.jitter.0, noise::share(self.seed, backend, now))
    }
}

/// A whole HTTP answer.
pub(super) fn http(status: u16, body: &str) -> Answer {
    // Who is asked too much says for how long to leave it in peace.
    let retry_after_s = (status == 429).then_some(RETRY_AFTER_S);
    Answer::Http { status, location: None, retry_after_s, body: Body::whole(body) }
}

fn lost() -> Fault {
    Fault::Lost("no answer came before the deadline".into())
}

pub(super) fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a jitter of milliseconds is between nothing and the jitter"
)]
fn portion(whole: u64, share: f64) -> u64 {
    (whole as f64 * share) as u64
}
