//! A scenario as its author writes it: the TOML shape, before it is checked.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use toml::Spanned;

/// A duration as people write it (`15s`), in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Millis(pub(super) u64);

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Millis {
    fn parse(text: &str) -> Result<Self, String> {
        let long = humantime::parse_duration(text)
            .map_err(|error| format!("`{text}` is no duration ({error}); write for instance `15s`"))?;
        u64::try_from(long.as_millis()).map(Self).map_err(|_| format!("`{text}` is too long"))
    }
}

/// Names and what each must be.
pub(super) type Pairs = BTreeMap<String, String>;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScenarioFile {
    pub(super) format: Spanned<u32>,
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) brief: String,
    pub(super) playbook: String,
    pub(super) profile: String,
    pub(super) epoch: Spanned<String>,
    #[serde(default)]
    pub(super) boot: Millis,
    #[serde(default)]
    pub(super) starts: Millis,
    #[serde(default)]
    pub(super) vars: Pairs,
    #[serde(default)]
    pub(super) derived: BTreeMap<String, Spanned<DerivedTable>>,
    #[serde(default)]
    pub(super) answers: Vec<Spanned<AnswerTable>>,
    #[serde(default)]
    pub(super) files: Vec<Spanned<FileTable>>,
    #[serde(default)]
    pub(super) signals: BTreeMap<String, Spanned<SignalTable>>,
    #[serde(default)]
    pub(super) latency: BTreeMap<String, LatencyTable>,
    #[serde(default)]
    pub(super) inject: Vec<Spanned<InjectTable>>,
    /// The scenario whose world this one takes over, but for what it says itself.
    pub(super) like: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) events: Vec<Spanned<EventTable>>,
    pub(super) cast: Option<Spanned<CastTable>>,
    #[serde(default)]
    pub(super) pitfalls: Vec<Spanned<PitfallTable>>,
    pub(super) false_alarm: Option<FalseAlarmTable>,
    /// How long after the end the debrief looks once more at what a pitfall has done.
    #[serde(default = "ten_minutes")]
    pub(super) aftermath: Millis,
}

fn ten_minutes() -> Millis {
    Millis(10 * 60_000)
}

impl ScenarioFile {
    /// This script in the world of `base`: its own rows are asked first, its own values count. What happens in it, who
    /// flies it and what it teaches are its own.
    pub(super) fn over(mut self, base: Self) -> Self {
        let Self { vars, derived, answers, files, signals, latency, .. } = base;
        keep(&mut self.vars, vars);
        keep(&mut self.derived, derived);
        keep(&mut self.signals, signals);
        keep(&mut self.latency, latency);
        self.answers.extend(answers);
        let own: Vec<_> = self.files.iter().map(|file| file.get_ref().place()).collect();
        self.files.extend(files.into_iter().filter(|file| !own.contains(&file.get_ref().place())));
        self
    }
}

/// Adds what is not there yet.
fn keep<T>(own: &mut BTreeMap<String, T>, base: BTreeMap<String, T>) {
    for (name, value) in base {
        own.entry(name).or_insert(value);
    }
}

/// A cause that comes by itself: at a time, or once something has been so for a while.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventTable {
    pub(super) at: Option<Millis>,
    #[serde(default)]
    pub(super) after: Pairs,
    pub(super) later: Option<Millis>,
    #[serde(default)]
    pub(super) repeat: bool,
    #[serde(default)]
    pub(super) when: Pairs,
    #[serde(default)]
    pub(super) set: Pairs,
    pub(super) says: Option<String>,
}

/// Who answers in a drill: steps that ask, and levers that two people pull.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CastTable {
    pub(super) commander: Option<String>,
    /// The size-up with which the pilot declares as soon as it has looked around: a release begins because it is due,
    /// not because a limit broke.
    pub(super) declares: Option<String>,
    #[serde(default)]
    pub(super) answers: Pairs,
    #[serde(default)]
    pub(super) approvals: Pairs,
    /// Messages it sends once a rollback is declared, in this order.
    #[serde(default)]
    pub(super) sends: Vec<String>,
}

/// A mistake, how it shows, and how to make it on purpose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PitfallTable {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    /// Ids of the inventory; read by the coverage test, and by nobody here.
    #[serde(default, rename = "covers")]
    pub(super) _covers: Vec<String>,
    #[serde(default)]
    pub(super) fell: Pairs,
    #[serde(default)]
    pub(super) left: Vec<String>,
    pub(super) says: String,
    pub(super) mistake: MistakeTable,
}

/// What the pilot does wrong on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MistakeTable {
    /// Steps it leaves out.
    #[serde(default)]
    pub(super) skip: Vec<String>,
    /// The lever it pulls wherever there is a choice that holds it.
    pub(super) pull: Option<String>,
    /// Steps in the order it flies them, whatever the checklist says.
    #[serde(default)]
    pub(super) order: Vec<String>,
    /// Debts it closes over.
    #[serde(default)]
    pub(super) leave: Vec<String>,
    /// Whether it declares as soon as anything warns.
    #[serde(default)]
    pub(super) declare: bool,
}

/// An alarm that goes away by itself: the right move is to leave it alone.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FalseAlarmTable {
    pub(super) until: Millis,
}

/// A value that follows from a variable.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DerivedTable {
    pub(super) from: String,
    pub(super) is: Pairs,
    #[serde(rename = "else")]
    pub(super) otherwise: String,
}

/// One question and its answer; the backend's kind decides which of the reply keys fit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerTable {
    pub(super) backend: String,
    pub(super) ask: Spanned<String>,
    /// What stands somewhere in an HTTP request's headers (`Name: value`, one a line) or in its body.
    pub(super) carries: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) when: Pairs,
    #[serde(default)]
    pub(super) same: Pairs,
    #[serde(default)]
    pub(super) set: Pairs,
    pub(super) reply: Option<String>,
    pub(super) json: Option<String>,
    pub(super) list: Option<Vec<String>>,
    pub(super) int: Option<i64>,
    pub(super) error: Option<String>,
    #[serde(default)]
    pub(super) nil: bool,
    pub(super) status: Option<u16>,
    pub(super) exit: Option<i32>,
    #[serde(default)]
    pub(super) takes: Millis,
    #[serde(default)]
    pub(super) otherwise: bool,
}

/// One file below a `file` backend's root.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileTable {
    pub(super) backend: String,
    pub(super) path: String,
    pub(super) content: String,
    pub(super) var: String,
    pub(super) find: Spanned<String>,
}

impl FileTable {
    fn place(&self) -> (String, String) {
        (self.backend.clone(), self.path.clone())
    }
}

/// One metric's signal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignalTable {
    pub(super) healthy: f64,
    pub(super) value: f64,
    #[serde(default)]
    pub(super) noise: f64,
    #[serde(default)]
    pub(super) settle: Millis,
    #[serde(default)]
    pub(super) cases: Vec<Spanned<CaseTable>>,
}

/// A signal's value while the variables are so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseTable {
    pub(super) when: Pairs,
    pub(super) value: f64,
    pub(super) settle: Option<Millis>,
}

/// How long a backend takes to answer.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LatencyTable {
    pub(super) base: Millis,
    #[serde(default)]
    pub(super) jitter: Millis,
}

/// A fault that befalls a backend for a while.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InjectTable {
    pub(super) at: Millis,
    pub(super) backend: String,
    pub(super) fault: Injected,
    #[serde(rename = "for")]
    pub(super) lasts: Millis,
}

/// How long a fault lasts that was injected without saying so, in ms.
const LASTS_MS: u64 = 30_000;

impl InjectTable {
    /// `FAULT:BACKEND@T[+FOR]`, as in `hang:cache@20s+10s`.
    pub(super) fn parse(written: &str) -> Result<Self, String> {
        let wrong =
            |why: &str| format!("`{written}` is no fault ({why}); write FAULT:BACKEND@T+FOR: hang:cache@20s+10s");
        let (fault, rest) = written.split_once(':').ok_or_else(|| wrong("it names no backend"))?;
        let (backend, times) = rest.split_once('@').ok_or_else(|| wrong("it says not when"))?;
        let (at, lasts) = times.split_once('+').map_or((times, None), |(at, lasts)| (at, Some(lasts)));
        let faults = FAULTS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let known = FAULTS.iter().find(|(name, _)| *name == fault);
        let (_, fault) = known.ok_or_else(|| wrong(&format!("the faults are {faults}")))?;
        let at = Millis::parse(at).map_err(|why| wrong(&why))?;
        let lasts = lasts.map_or(Ok(Millis(LASTS_MS)), Millis::parse).map_err(|why| wrong(&why))?;
        Ok(Self { at, backend: backend.to_owned(), fault: *fault, lasts })
    }
}

impl InjectTable {
    /// What befalls which backend for how long, in words.
    pub(super) fn words(&self) -> String {
        let fault = FAULTS.iter().find(|(_, fault)| *fault == self.fault).map_or("fault", |(name, _)| *name);
        format!("{fault} at {} for {} s", self.backend, self.lasts.0 / 1000)
    }
}

/// The faults by the names that people write.
const FAULTS: &[(&str, Injected)] = &[
    ("hang", Injected::Hang),
    ("swallow", Injected::Swallow),
    ("refuse", Injected::Refuse),
    ("500", Injected::Internal),
];

/// What befalls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Injected {
    /// The request is taken and never answered; it does nothing.
    #[serde(rename = "hang")]
    Hang,
    /// The request does its work and the answer is lost.
    #[serde(rename = "swallow")]
    Swallow,
    /// Connecting is refused.
    #[serde(rename = "refuse")]
    Refuse,
    /// HTTP 500, nothing done.
    #[serde(rename = "500")]
    Internal,
}
