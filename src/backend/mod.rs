//! Carriers: the only code that opens a socket, starts a process or writes a foreign file.
//!
//! A carrier performs one [`Exchange`] and says what came back, or, as a [`Fault`], how far it got. It knows
//! no playbook and no meaning: what an answer is worth is decided by the kind (`kind/`). The boundary that
//! every carrier keeps is the first byte of the request: before it a failure is [`Fault::NotSent`] (or
//! [`Fault::Refused`] when a peer said no), from it on it is [`Fault::Lost`].

mod exec;
mod file;
mod flat;
mod http;
mod kube;
mod lane;
mod line;
mod many;
mod nats;
mod postgres;
mod redis;
mod secrets;
mod stream;

pub use secrets::Secrets;

use crate::{
    kind::{Answer, Exchange, Fault, SqlPurpose, Use},
    text::{Redactor, Text},
};
use std::time::Duration;
use tokio::time::Instant;

/// The longest time spent connecting, name lookup and TLS handshake included, whatever the total deadline.
const CONNECT_MAX: Duration = Duration::from_secs(2);

/// The longest total deadline: a day. Far beyond it an instant cannot be reckoned.
const DEADLINE_MAX_MS: u64 = 24 * 60 * 60 * 1000;

/// Performs exchanges against the real world. One for the whole program; every call is independent of the others.
pub struct Carriers {
    secrets: Secrets,
    redactor: Redactor,
    http: http::Clients,
    kube: kube::Clusters,
    tls: stream::Tls,
    files: file::Files,
}

impl Carriers {
    /// Carriers that know `secrets`; an error is a sentence saying why TLS cannot be set up.
    pub fn new(secrets: Secrets) -> Result<Self, String> {
        // The first provider installed wins; that another part of the program was faster is no fault.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let redactor = secrets.redactor();
        let (http, tls, files) = (http::Clients::new()?, stream::Tls::default(), file::Files::default());
        Ok(Self { secrets, redactor, http, kube: kube::Clusters::default(), tls, files })
    }

    /// Performs `exchange` once, within `deadline_ms` for everything from name lookup to the answer's last byte.
    ///
    /// Dropping the future cancels it: connections are closed and a process is killed with its group. Nothing
    /// is ever sent twice. Fault texts hold no secret and no query of an address.
    pub async fn perform(&self, exchange: &Exchange, use_: Use, deadline_ms: u64) -> Result<Answer, Fault> {
        let deadline = Deadline::after(deadline_ms, use_);
        let result = match exchange {
            Exchange::Http(ask) => self.http.perform(ask, &self.secrets, deadline).await,
            Exchange::HttpMany(_) if use_ == Use::Act => Err(not_sent("a lever asks one thing at a time")),
            Exchange::HttpMany(many) => Ok(Answer::HttpMany(self.many(many, deadline).await)),
            Exchange::Line(ask) => line::perform(ask, deadline).await,
            Exchange::Redis(ask) => redis::perform(ask, &self.secrets, &self.tls, deadline).await,
            Exchange::Exec(ask) => exec::perform(ask, &self.secrets, &self.redactor, deadline).await,
            Exchange::File(ask) if use_ == Use::Look && !ask.only_looks() => {
                Err(not_sent("a look never writes a file"))
            }
            Exchange::File(ask) => self.files.perform(ask, deadline).await,
            Exchange::Sql(ask) if use_ == Use::Look && ask.purpose != SqlPurpose::Read => {
                Err(not_sent("a look never changes a database"))
            }
            Exchange::Sql(ask) => postgres::perform(ask, &self.secrets, &self.tls, deadline).await,
            Exchange::Nats(ask) => nats::perform(ask, &self.secrets, &self.tls, deadline).await,
            Exchange::Kube(ask) if use_ == Use::Look && ask.merge.is_some() => {
                Err(not_sent("a look never patches an object"))
            }
            Exchange::Kube(ask) => self.kube.perform(ask, &self.secrets, deadline).await,
        };
        result.map_err(|fault| self.redact(fault))
    }

    /// The same redaction that fault texts get, for whatever else is about to be stored or shown.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    fn redact(&self, fault: Fault) -> Fault {
        let clean = |text: Text| Text::new(&self.redactor.redact(text.as_str()));
        match fault {
            Fault::NotSent(text) => Fault::NotSent(clean(text)),
            Fault::Refused(text) => Fault::Refused(clean(text)),
            Fault::Lost(text) => Fault::Lost(clean(text)),
        }
    }
}

/// When an exchange must have ended, and how long that was in the first place.
#[derive(Clone, Copy)]
struct Deadline {
    at: Instant,
    ms: u64,
    use_: Use,
}

impl Deadline {
    fn after(ms: u64, use_: Use) -> Self {
        let ms = ms.min(DEADLINE_MAX_MS);
        Self { at: Instant::now() + Duration::from_millis(ms), ms, use_ }
    }

    /// When connecting must have ended.
    fn connect(self) -> Instant {
        self.at.min(Instant::now() + CONNECT_MAX)
    }

    /// What is left of it, in milliseconds.
    fn left_ms(self) -> u64 {
        u64::try_from(self.at.saturating_duration_since(Instant::now()).as_millis()).unwrap_or(u64::MAX)
    }

    /// The fault of an exchange that was still going on at the deadline. Only of what changes something can it be said
    /// that it may have been done: on a look that word would be noise where it matters most.
    fn passed(self, what: &str) -> Fault {
        let done = match self.use_ {
            Use::Look => "",
            Use::Act => "; it may have been done",
        };
        lost(format!("{what}: no answer within {} ms{done}", self.ms))
    }
}

fn not_sent(why: impl Into<Text>) -> Fault {
    Fault::NotSent(why.into())
}

fn refused(why: impl Into<Text>) -> Fault {
    Fault::Refused(why.into())
}

fn lost(why: impl Into<Text>) -> Fault {
    Fault::Lost(why.into())
}
