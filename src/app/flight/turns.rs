//! Whose turn it is to be looked at: one list, and who has waited longest comes first, whatever it is for.

use crate::incident::Moment;
use crate::kind::{Call, prometheus};
use crate::playbook::{Baseline, Id, Metric, Playbook};

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Metrics that one query can answer together, for ever.
    Metrics(Vec<Id>),
    /// A metric of a batch that failed, by itself and once.
    Alone(Id),
    /// A probe, for ever.
    Probe(Id),
    /// A baseline, until it is known.
    Baseline(Id),
}

/// Something to be looked at, where, and when next; `None` while a look is in the air.
struct Turn {
    look: Look,
    backend: Id,
    at: Option<Moment>,
}

/// Everything that is looked at.
pub(super) struct Turns(Vec<Turn>);

impl Turns {
    pub(super) fn new(playbook: &Playbook, now: &Moment) -> Self {
        let turn = |look, backend| Turn { look, backend, at: Some(now.clone()) };
        let metrics = batches(playbook).into_iter().map(|ids| {
            let backend = backend_of(playbook, &playbook.metrics[&ids[0]].source);
            turn(Look::Metrics(ids), backend)
        });
        let probes = playbook
            .probes
            .values()
            .map(|probe| turn(Look::Probe(probe.id.clone()), backend_of(playbook, &probe.call)));
        let baselines = playbook
            .metrics
            .values()
            .filter_map(|metric| Some(turn(Look::Baseline(metric.id.clone()), baseline_backend(playbook, metric)?)));
        Self(metrics.chain(probes).chain(baselines).collect())
    }

    /// What is due at `now` and where, the longest waiting first.
    pub(super) fn due(&self, now: &Moment) -> Vec<(Look, Id)> {
        let waits = |turn: &&Turn| turn.at.as_ref().is_some_and(|at| at.boot_ns <= now.boot_ns);
        let mut due: Vec<&Turn> = self.0.iter().filter(waits).collect();
        due.sort_by_key(|turn| turn.at.as_ref().map(|at| at.boot_ns));
        due.into_iter().map(|turn| (turn.look.clone(), turn.backend.clone())).collect()
    }

    /// When each waiting turn is due, and where.
    pub(super) fn waiting(&self) -> impl Iterator<Item = (&Id, &Moment)> {
        self.0.iter().filter_map(|turn| Some((&turn.backend, turn.at.as_ref()?)))
    }

    /// The look is in the air.
    pub(super) fn sent(&mut self, look: &Look) {
        self.set(look, None);
    }

    /// The look is due again.
    pub(super) fn again(&mut self, look: &Look, at: Moment) {
        self.set(look, Some(at));
    }

    fn set(&mut self, look: &Look, at: Option<Moment>) {
        if let Some(turn) = self.0.iter_mut().find(|turn| turn.look == *look) {
            turn.at = at;
        }
    }

    /// Nothing more is to be looked at here.
    pub(super) fn over(&mut self, look: &Look) {
        self.0.retain(|turn| turn.look != *look);
    }

    /// Waiting probes among these are due now.
    pub(super) fn soon(&mut self, probes: &[Id], now: &Moment) {
        for turn in &mut self.0 {
            let meant = matches!(&turn.look, Look::Probe(id) if probes.contains(id));
            if meant && turn.at.is_some() {
                turn.at = Some(now.clone());
            }
        }
    }

    /// A batch has failed: each of its metrics is due by itself.
    pub(super) fn split(&mut self, ids: &[Id], backend: &Id, now: &Moment) {
        let alone = |id: &Id| Turn { look: Look::Alone(id.clone()), backend: backend.clone(), at: Some(now.clone()) };
        self.0.extend(ids.iter().map(alone));
    }

    /// These metrics have answered; their batch is due again at `at`, unless others of it are still asked one by one.
    pub(super) fn answered(&mut self, ids: &[Id], at: Moment) {
        self.0.retain(|turn| !matches!(&turn.look, Look::Alone(id) if ids.contains(id)));
        let whole =
            |turn: &&Turn| matches!(&turn.look, Look::Metrics(batch) if batch.iter().any(|id| ids.contains(id)));
        let Some(Look::Metrics(batch)) = self.0.iter().find(whole).map(|turn| turn.look.clone()) else { return };
        let asked = |turn: &Turn| matches!(&turn.look, Look::Alone(id) if batch.contains(id));
        if !self.0.iter().any(asked) {
            self.again(&Look::Metrics(batch), at);
        }
    }
}

/// Metrics that one exchange can answer together: the same backend at the same pace.
fn batches(playbook: &Playbook) -> Vec<Vec<Id>> {
    /// Which backend, and how often.
    type Pace<'a> = Option<(&'a str, u64)>;
    let mut batches: Vec<(Pace<'_>, Vec<Id>)> = Vec::new();
    for metric in playbook.metrics.values() {
        let together = batched(metric).is_some() || metric.source.is_shared();
        let key = together.then(|| (metric.source.backend(), metric.every_ms));
        match batches.iter_mut().find(|(other, _)| key.is_some() && *other == key) {
            Some((_, ids)) => ids.push(metric.id.clone()),
            None => batches.push((key, vec![metric.id.clone()])),
        }
    }
    batches.into_iter().map(|(_, ids)| ids).collect()
}

/// The call of a metric whose query is joined with the others of its server; of any other the exchange is as it is.
pub(super) fn batched(metric: &Metric) -> Option<&prometheus::Call> {
    if let Call::Prometheus(call) = &metric.source { Some(call) } else { None }
}

/// Where a metric's baseline is asked for; `None` where it need not be.
pub(super) fn baseline_backend(playbook: &Playbook, metric: &Metric) -> Option<Id> {
    match &metric.baseline {
        Some(Baseline::Offset(_)) => Some(backend_of(playbook, &metric.source)),
        Some(Baseline::File { .. }) => Some(Id::new("baseline-file").expect("a literal id")),
        Some(Baseline::Value(_) | Baseline::AtStart(_)) | None => None,
    }
}

/// The id of the backend a call goes to.
pub(super) fn backend_of(playbook: &Playbook, call: &Call) -> Id {
    let (id, _) = playbook.backends.get_key_value(call.backend()).expect("a checked playbook has every backend");
    id.clone()
}
