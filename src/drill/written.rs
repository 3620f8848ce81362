//! A scenario as its author writes it: the TOML shape, before it is checked.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use toml::Spanned;

/// A duration as people write it (`15s`), in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Millis(pub(super) u64);

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let long = humantime::parse_duration(&text).map_err(|error| {
            serde::de::Error::custom(format!("`{text}` is no duration ({error}); write for instance `15s`"))
        })?;
        u64::try_from(long.as_millis()).map(Self).map_err(|_| serde::de::Error::custom(format!("`{text}` is too long")))
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
