//! A recipe's example: a playbook that uses it, what that sends, and how its system's answers are taken.

use super::{Example, Recipe};
use crate::kind::{
    Answer, Body, Call, Exchange, Exit, Fault, NatsReply, Outcome, RedisValue, Seen, SqlReply, Use, Vars,
};
use crate::playbook::{Comm, Id, Playbook};
use crate::text::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The name of the lever or message in an example.
const EXAMPLE: &str = "example";

/// What is known of an incident on paper; the texts of levers may use only the first.
const KNOWN: &[(&str, &str)] = &[
    ("incident", "20260101-030000-docs"),
    ("service", "docs"),
    ("environment", "production"),
    ("text", "Rolling back \"docs\".\nNext update in 15 minutes."),
];

/// What a system answers: which keys fit follows from what it was asked over.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// An HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A program's exit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// A body, a line, a file's content, a Redis text or a program's standard output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A Redis integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub int: Option<i64>,
    /// A Redis error, what a program complained of, or why a file may not be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// One answer to the act.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Documented {
    /// What is answered.
    #[serde(flatten)]
    pub told: Told,
    /// `applied`, `rejected`, `not_sent` or `unknown`.
    pub means: Means,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// An outcome, as a recipe writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// Answered yes.
    Applied,
    /// Answered no.
    Rejected,
    /// Nothing was sent.
    NotSent,
    /// Nobody knows.
    Unknown,
}

impl From<Means> for Outcome {
    fn from(means: Means) -> Self {
        match means {
            Means::Applied => Self::Applied,
            Means::Rejected => Self::Rejected,
            Means::NotSent => Self::NotSent,
            Means::Unknown => Self::Unknown,
        }
    }
}

/// One answer to a probe of the recipe.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Sight {
    /// Which of its probes.
    pub probe: String,
    /// What is answered.
    #[serde(flatten)]
    pub told: Told,
    /// The value seen; without it, that none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sees: Option<String>,
}

/// A recipe's example, flown on paper.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// A playbook that uses it.
    pub playbook: String,
    /// What would be sent, a line each.
    pub sends: Vec<Text>,
    /// What would take it back, a line each.
    pub undo_sends: Vec<Text>,
    /// Where the recipe is not what it says it is.
    pub complaints: Vec<String>,
}

impl Recipe {
    /// Flies the example on paper; an error says why there is no such thing.
    pub fn rehearse(&self, name: &str) -> Result<Rehearsal, String> {
        let example = self.example.as_ref().ok_or("this recipe has no example")?;
        let text = self.playbook_of(name, example);
        fly_on_paper(name, example, text)
    }

    /// The same for a recipe that stands in a playbook, and nowhere else.
    pub(in crate::playbook) fn rehearse_own(&self, name: &str) -> Option<Result<Rehearsal, String>> {
        let example = self.example.as_ref()?;
        let bare = BTreeMap::from([(name, Self { example: None, ..self.clone() })]);
        let own = toml::to_string(&BTreeMap::from([("recipes", bare)])).expect("a recipe that was read can be written");
        let text = format!("{}\n{own}", self.playbook_of(name, example));
        Some(fly_on_paper(name, example, text))
    }

    /// The example as a playbook.
    fn playbook_of(&self, name: &str, example: &Example) -> String {
        let pairs = |table: &Value, line: &dyn Fn(&str, String) -> String| -> String {
            table.as_object().into_iter().flatten().map(|(key, value)| line(key, inline(value))).collect()
        };
        let backends = example.backends.iter();
        // One kind a backend: `edge.http = { … }`.
        let backends = backends.map(|(id, table)| pairs(table, &|kind, value| format!("{id}.{kind} = {value}\n")));
        let probes = example.probes.iter().map(|(id, table)| {
            format!("\n[probes.{id}]\n{}", pairs(table, &|key, value| format!("{key} = {value}\n")))
        });
        let room = if self.lever.is_some() { "levers" } else { "comms" };
        let says = self.message.as_ref().is_some_and(|message| !message.contains_key("body"));
        let body = if says { "body = \"Rolling back {{ service }}.\"\n" } else { "" };
        format!(
            "format = 1\nservice = \"docs\"\nenvironment = \"production\"\n\n[backends]\n{}{}\n\
             [{room}.{EXAMPLE}]\nuse = \"{name}\"\nwith = {}\n{body}\n[hold]\ngreen_for = \"10m\"\n",
            backends.collect::<String>(),
            probes.collect::<String>(),
            inline(&example.with.clone().into()),
        )
    }
}

/// Flies an example on paper: what its playbook sends, and how the answers are taken.
fn fly_on_paper(name: &str, example: &Example, text: String) -> Result<Rehearsal, String> {
    let playbook = Playbook::parse(name, &text, None).map_err(|flaws| crate::playbook::render(name, &text, &flaws))?;
    let mut vars: Vars = KNOWN.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let lever = playbook.levers.get(EXAMPLE);
    let call = match (lever, playbook.comms.get(EXAMPLE)) {
        (Some(lever), _) => Some(&lever.call),
        (None, Some(Comm { send, .. })) => send.as_ref(),
        (None, None) => None,
    };
    let call = call.ok_or("the example sends nothing")?;
    let mut complaints = Vec::new();
    if let Some(lever) = lever {
        let (bound, open) = lever.bound(&vars["incident"], |name, _| example.bound.get(name).cloned());
        complaints.extend(open.map(|(name, _)| format!("`bound` of the example needs `{name}`")));
        vars.extend(bound);
    }
    let asked = encode(&playbook, call, Use::Act, &vars)?;
    let sends = asked.lines();
    complaints.extend(absent(&example.sends, &sends, "is not sent"));
    for documented in &example.answers {
        complaints.extend(documented.misfit(call, &asked));
    }
    let undo_sends = match lever.and_then(|lever| lever.undo.as_ref()) {
        Some(undo) => encode(&playbook, &undo.call, Use::Act, &vars)?.lines(),
        None => Vec::new(),
    };
    complaints.extend(absent(&example.undo_sends, &undo_sends, "is not sent to take it back"));
    for sight in &example.looks {
        complaints.extend(sight.misfit(&playbook)?);
    }
    Ok(Rehearsal { playbook: text, sends, undo_sends, complaints })
}

/// A value as TOML writes it in one line.
fn inline(value: &Value) -> String {
    toml::Value::try_from(value).expect("an example holds no null").to_string()
}

fn encode(playbook: &Playbook, call: &Call, r#use: Use, vars: &Vars) -> Result<Exchange, String> {
    let backend = playbook.backends.get(call.backend()).ok_or("a checked playbook has every backend")?;
    call.encode(backend, r#use, vars)
}

/// Which of `wanted` stand nowhere in `lines`.
fn absent(wanted: &[String], lines: &[Text], how: &str) -> Vec<String> {
    let all = lines.iter().map(Text::as_str).collect::<Vec<_>>().join("\n");
    wanted.iter().filter(|text| !all.contains(*text)).map(|text| format!("`{text}` {how}; this is:\n{all}")).collect()
}

impl Documented {
    /// The answer and what it is taken for, in one line.
    pub fn told(&self) -> String {
        let because = self.because.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        format!("{} -> {}{because}", self.told.shown(), Outcome::from(self.means).word())
    }

    /// Why it is not taken as the recipe says.
    fn misfit(&self, call: &Call, asked: &Exchange) -> Option<String> {
        let answer = match self.told.answer(asked) {
            // A file says no by not letting itself be written.
            Ok(Answer::File(_)) if let Some(error) = &self.told.error => Err(Fault::Refused(Text::new(error))),
            Ok(answer) => Ok(answer),
            Err(why) => return Some(why),
        };
        let settled = call.settle(&answer);
        let wanted = Outcome::from(self.means);
        (settled.outcome != wanted).then(|| {
            format!("{:?} is {}, not {}: {}", self.told, settled.outcome.word(), wanted.word(), settled.detail)
        })
    }
}

impl Sight {
    /// Why something else is seen than the recipe says.
    fn misfit(&self, playbook: &Playbook) -> Result<Option<String>, String> {
        let id = Id::new(&format!("{EXAMPLE}-{}", self.probe))?;
        let probe =
            playbook.probes.get(&id).ok_or_else(|| format!("`looks` names no probe of its own: {}", self.probe))?;
        let asked = encode(playbook, &probe.call, Use::Look, &Vars::new())?;
        let seen = probe.call.see(&Ok(self.told.answer(&asked)?));
        let same = match (&seen, &self.sees) {
            (Seen::Value(value), Some(wanted)) => value.as_str() == wanted,
            (Seen::Absent(_) | Seen::Failed(_), None) => true,
            (Seen::Value(_), None) | (Seen::Absent(_) | Seen::Failed(_), Some(_)) => false,
        };
        Ok((!same).then(|| format!("probe `{}` sees {seen:?}, not {:?}", self.probe, self.sees)))
    }
}

impl Told {
    /// In one line.
    fn shown(&self) -> String {
        let parts = [
            self.status.map(|status| format!("HTTP {status}")),
            self.exit.map(|exit| format!("exit code {exit}")),
            self.int.map(|int| int.to_string()),
            self.error.as_ref().map(|error| format!("error {:?}", error.trim_end())),
            self.text.as_ref().map(|text| format!("{:?}", text.trim_end())),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "nothing".into() } else { parts.join(", ") }
    }

    /// The answer in the words of the exchange's protocol.
    fn answer(&self, asked: &Exchange) -> Result<Answer, String> {
        let text = self.text.clone().unwrap_or_default();
        let error = self.error.clone().unwrap_or_default();
        match asked {
            Exchange::Http(_) => {
                let status = self.status.ok_or("an HTTP answer needs a `status`")?;
                Ok(Answer::Http { status, location: None, retry_after_s: None, body: Body::whole(text) })
            }
            Exchange::HttpMany(_) => Err("a lever asks one thing at a time".into()),
            Exchange::Line(_) => Ok(Answer::Line(Body::whole(text))),
            Exchange::Redis(_) => Ok(Answer::Redis(match (&self.int, &self.error, &self.text) {
                (Some(int), _, _) => RedisValue::Int(*int),
                (None, Some(error), _) => RedisValue::Error(Text::new(error)),
                (None, None, Some(text)) => RedisValue::Text(Body::whole(text.as_str())),
                (None, None, None) => RedisValue::Nil,
            })),
            Exchange::Exec(_) => {
                let exit = Exit::Code(self.exit.unwrap_or(0));
                Ok(Answer::Exec { exit, stdout: Body::whole(text), stderr: Body::whole(error) })
            }
            Exchange::Sql(_) => Ok(Answer::Sql(self.sql())),
            Exchange::Kube(_) => {
                let status = self.status.ok_or("a Kubernetes answer needs a `status`")?;
                Ok(Answer::Kube { status, retry_after_s: None, body: Body::whole(text), rival: None })
            }
            Exchange::Nats(_) => Ok(Answer::Nats(NatsReply::Message(Body::whole(text)))),
            Exchange::File(_) => Ok(Answer::File(Body::whole(text).into())),
        }
    }

    /// A database's words: `42P01 relation "x" does not exist`, or the only row.
    fn sql(&self) -> SqlReply {
        if let Some(error) = &self.error {
            let (code, message) = error.split_once(' ').unwrap_or((error, ""));
            return SqlReply::Error { code: code.into(), message: message.into() };
        }
        let rows = self.text.iter().map(|text| Some(Body::whole(text.as_str()))).collect();
        SqlReply::Done { rows, touched: 0, committed: true }
    }
}
