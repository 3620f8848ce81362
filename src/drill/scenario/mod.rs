//! A drill's script, read once and checked: after [`Scenario::parse`] no pattern, variable or duration is in doubt.

mod check;
mod lesson;

use super::written::{DerivedTable, InjectTable, LatencyTable, MistakeTable, Pairs, ScenarioFile};
use super::{EMBEDDED, noise};
use crate::kind::Vars;
use crate::playbook::Id;
use check::{Checker, line_of};
pub(super) use lesson::CAST;
use regex::Regex;
use std::collections::BTreeMap;

/// The newest format this goaround understands.
const FORMAT: u32 = 1;

/// A checked scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its id, as in `goaround drill ID`.
    pub id: Id,
    /// What it is, in one line.
    pub title: String,
    /// What the person who flies it is told before it starts.
    pub brief: String,
    /// The embedded playbook it is flown with.
    pub playbook: String,
    /// The profile of that playbook.
    pub profile: String,
    /// The wall clock at its start, in milliseconds since 1970.
    pub epoch_ms: i64,
    /// How long the simulated machine had been up at its start, in milliseconds.
    pub boot_ms: u64,
    /// Its text, exactly.
    pub source: String,
    pub(super) starts_ms: u64,
    pub(super) vars: Pairs,
    pub(super) derived: BTreeMap<String, DerivedTable>,
    pub(super) answers: Vec<Row>,
    pub(super) files: Vec<FileRow>,
    pub(super) signals: BTreeMap<String, Signal>,
    pub(super) latency: BTreeMap<String, LatencyTable>,
    pub(super) injections: Vec<InjectTable>,
    pub(super) events: Vec<Cause>,
    pub(super) cast: Cast,
    pub(super) pitfalls: Vec<Pitfall>,
    pub(super) false_alarm_ms: Option<u64>,
    pub(super) aftermath_ms: u64,
}

/// Variables and the whole-value patterns they must match.
pub(super) type When = Vec<(String, Regex)>;

/// Whether every variable is as a case or a row wants it.
pub(super) fn fits(when: &When, facts: &Vars) -> bool {
    when.iter().all(|(name, pattern)| facts.get(name).is_some_and(|value| pattern.is_match(value)))
}

/// One question and its answer.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) backend: String,
    pub(super) ask: Regex,
    /// `ask` as the author wrote it.
    pub(super) written: String,
    /// Searched for in an HTTP request's headers and body: two requests for one path may ask for different things.
    pub(super) carries: Option<Regex>,
    pub(super) when: When,
    /// Variables that must equal this text, captures of `ask` filled in: a compare-and-set.
    pub(super) same: Pairs,
    pub(super) set: Pairs,
    pub(super) reply: Reply,
    pub(super) takes_ms: u64,
    /// How the real thing answers what it does not know: such a row declares nothing.
    pub(super) otherwise: bool,
}

/// What is answered. Texts may hold `${variable}`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    /// A body, a line, a Redis string or a program's standard output; the number is a status or an exit code.
    Text(String, Option<i32>),
    /// The same as JSON: values are escaped.
    Json(String, Option<i32>),
    /// A Redis integer.
    Int(i64),
    /// A Redis array of strings.
    List(Vec<String>),
    /// A Redis error.
    Error(String),
    /// Redis' nil.
    Nil,
}

/// One file and the variable that follows from its content.
#[derive(Clone, Debug)]
pub(super) struct FileRow {
    pub(super) backend: String,
    pub(super) path: String,
    pub(super) content: String,
    pub(super) var: String,
    pub(super) find: Regex,
}

/// One metric's signal.
#[derive(Clone, Debug)]
pub(super) struct Signal {
    /// Its value before the fault sets in.
    pub(super) healthy: f64,
    /// Its value after, when no case fits.
    pub(super) value: f64,
    pub(super) noise: f64,
    pub(super) settle_ms: u64,
    /// The first that fits decides.
    pub(super) cases: Vec<Case>,
}

/// A signal's value while the variables are so.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) when: When,
    pub(super) value: f64,
    pub(super) settle_ms: Option<u64>,
}

/// Something that comes about by itself.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    pub(super) comes: Comes,
    /// Whether it comes again and again.
    pub(super) repeats: bool,
    /// What must be so at its moment, else it passes.
    pub(super) when: When,
    pub(super) set: Pairs,
    /// What the debrief says of it.
    pub(super) says: Option<String>,
}

/// When a cause is due.
#[derive(Clone, Debug)]
pub(super) enum Comes {
    /// This long after the drill's start, and again after as long.
    At(i64),
    /// Once this has been so for `later_ms`.
    After { when: When, later_ms: i64 },
}

/// Who answers in a drill.
#[derive(Clone, Debug, Default)]
pub(super) struct Cast {
    pub(super) commander: Option<String>,
    /// The size-up of what is declared without an alarm.
    pub(super) declares: Option<String>,
    /// The severity of that, where it is known.
    pub(super) severity: Option<u8>,
    /// How long after the start that is declared, in ms.
    pub(super) declares_ms: u64,
    /// What is answered, by step.
    pub(super) answers: BTreeMap<String, String>,
    /// The role that approves, by lever.
    pub(super) approvals: BTreeMap<String, String>,
    /// The messages that are sent once a rollback is declared.
    pub(super) sends: Vec<String>,
}

/// A mistake that this drill teaches not to make.
#[derive(Clone, Debug)]
pub(super) struct Pitfall {
    pub(super) id: Id,
    pub(super) title: String,
    /// Variables that show it at the end.
    pub(super) fell: When,
    pub(super) left: Vec<Left>,
    pub(super) says: String,
    pub(super) mistake: MistakeTable,
}

/// What was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// A step that was neither sensed nor confirmed.
    Step(String),
    /// A debt that was not paid.
    Debt(String),
    /// A message that was not sent.
    Message(String),
}

impl Scenario {
    /// A checked scenario, or every fault as a sentence that starts with `name:line:`.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<String>> {
        let mut file = read(name, text)?;
        if let Some(like) = &file.like {
            let base = like_of(like.get_ref()).map_err(|whys| {
                let at = format!("{name}:{}", line_of(text, like.span().start));
                whys.into_iter().map(|why| format!("{at}: {why}")).collect::<Vec<_>>()
            })?;
            file = file.over(base);
        }
        let vars: Vec<String> = file.vars.keys().cloned().collect();
        let names = vars.iter().chain(file.derived.keys()).cloned().collect();
        Checker { name, text, vars, names, faults: Vec::new() }.check(file)
    }

    /// The text of a scenario that comes with goaround.
    pub fn embedded(id: &str) -> Option<&'static str> {
        EMBEDDED.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
    }

    /// The titles of its pitfalls, by the id that `--mistake` takes.
    pub fn pitfalls(&self) -> impl Iterator<Item = (&Id, &str)> {
        self.pitfalls.iter().map(|pitfall| (&pitfall.id, pitfall.title.as_str()))
    }

    /// Who commands, if the script says so.
    pub fn commander(&self) -> Option<&str> {
        self.cast.commander.as_deref()
    }

    /// When its alarm is over, in ms after the start, if that was false.
    pub fn false_alarm_ms(&self) -> Option<u64> {
        self.false_alarm_ms
    }

    /// The id of any scenario that comes with goaround; the same for the same seed.
    pub fn any(seed: u64) -> &'static str {
        let drawn = noise::pick(seed, EMBEDDED.len());
        EMBEDDED[drawn].0
    }

    /// Adds a fault that its author did not write: `hang:cache@20s+10s`.
    pub fn inject(&mut self, written: &str) -> Result<(), String> {
        self.injections.push(InjectTable::parse(written)?);
        Ok(())
    }

    /// The ids of the scenarios that come with goaround.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(id, _)| *id)
    }
}

fn read(name: &str, text: &str) -> Result<ScenarioFile, Vec<String>> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        vec![format!("{name}:{}: {}", line_of(text, start), error.message())]
    })
}

/// The scenario whose world another one takes over; it stands on its own, so that nobody reads through three files.
fn like_of(id: &str) -> Result<ScenarioFile, Vec<String>> {
    let Some(text) = Scenario::embedded(id) else {
        let known: Vec<&str> = Scenario::ids().collect();
        return Err(vec![format!("like: there is no scenario `{id}`; use one of {}", known.join(", "))]);
    };
    let file = read(id, text)?;
    if let Some(other) = &file.like {
        return Err(vec![format!("like: `{id}` is itself like `{0}`; name `{0}`", other.get_ref())]);
    }
    Scenario::parse(id, text)?;
    Ok(file)
}
