//! The table of kinds: one row each, everything else that depends on the set of kinds is made from it.

use super::{
    Answer, Complaint, Exchange, Fault, Kind, Pace, Reading, Seen, Settled, Told, Use, Vars, exec, exposition, file,
    gold, hosts, http, kubernetes, log, nats, postgres, prometheus, reading, redis, socket,
};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A kind, for listings.
#[derive(Clone, Copy, Debug)]
pub struct KindRow {
    /// Its key in playbooks.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
}

macro_rules! kinds {
    ($($field:ident : $variant:ident => $kind:ty),+ $(,)?) => {
        /// Every kind there is.
        pub const KINDS: &[KindRow] = &[$(KindRow { name: <$kind as Kind>::NAME, doc: <$kind as Kind>::DOC }),+];

        /// A backend as written: exactly one key, its kind.
        #[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
        pub struct BackendTable {
            $(#[doc = concat!("A backend of kind `", stringify!($field), "`.")]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<<$kind as Kind>::Backend>,)+
        }

        /// A call as written: exactly one key, its kind.
        #[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
        pub struct CallTable {
            $(#[doc = concat!("A call to a backend of kind `", stringify!($field), "`.")]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<<$kind as Kind>::Call>,)+
        }

        /// A backend of one kind.
        #[derive(Clone, Debug)]
        pub enum BackendConfig {
            $(#[doc = concat!("Kind `", stringify!($field), "`.")]
            $variant(<$kind as Kind>::Backend),)+
        }

        /// A call of one kind.
        #[derive(Clone, Debug)]
        pub enum Call {
            $(#[doc = concat!("Kind `", stringify!($field), "`.")]
            $variant(<$kind as Kind>::Call),)+
        }

        impl BackendTable {
            /// Every backend written in this table; a sound table has exactly one.
            pub fn all(self) -> Vec<BackendConfig> {
                let mut all = Vec::new();
                $(all.extend(self.$field.map(BackendConfig::$variant));)+
                all
            }
        }

        impl CallTable {
            /// Every call written in this table; a sound table has exactly one.
            pub fn all(self) -> Vec<Call> {
                let mut all = Vec::new();
                $(all.extend(self.$field.map(Call::$variant));)+
                all
            }
        }

        impl BackendConfig {
            /// The name of its kind.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => <$kind as Kind>::NAME,)+ }
            }

            /// Its faults as written.
            pub fn check(&self) -> Vec<Complaint> {
                match self { $(Self::$variant(backend) => <$kind as Kind>::check_backend(backend),)+ }
            }

            /// The secrets it refers to.
            pub fn secrets(&self) -> Vec<SecretRef> {
                match self { $(Self::$variant(backend) => <$kind as Kind>::secrets(backend),)+ }
            }

            /// The hosts that it names.
            pub fn hosts(&self) -> Vec<String> {
                match self { $(Self::$variant(backend) => hosts::of(backend),)+ }
            }

            /// The address below which its paths lie, when it speaks HTTP.
            pub fn url(&self) -> Option<&str> {
                match self { $(Self::$variant(backend) => <$kind as Kind>::url(backend),)+ }
            }

            /// The file that belongs to it, relative to the playbook's folder.
            pub fn file(&self) -> Option<&str> {
                match self { $(Self::$variant(backend) => <$kind as Kind>::file(backend),)+ }
            }

            /// Takes in what is in that file; an error is a sentence.
            pub fn take_file(&mut self, content: &str) -> Result<(), String> {
                match self { $(Self::$variant(backend) => <$kind as Kind>::take_file(backend, content),)+ }
            }

            /// The folder below which its paths lie, when it has files.
            pub fn root(&self) -> Option<&Path> {
                match self { $(Self::$variant(backend) => <$kind as Kind>::root(backend),)+ }
            }
        }

        impl Call {
            /// The name of its kind.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => <$kind as Kind>::NAME,)+ }
            }

            /// The id of the backend it goes to.
            pub fn backend(&self) -> &str {
                match self { $(Self::$variant(call) => <$kind as Kind>::backend_of(call),)+ }
            }

            /// How often it looks and for how long, where nothing is written.
            pub fn pace(&self) -> Option<Pace> {
                match self { $(Self::$variant(_) => <$kind as Kind>::PACE,)+ }
            }

            /// Whether one exchange answers every such call to its backend.
            pub fn is_shared(&self) -> bool {
                match self { $(Self::$variant(_) => <$kind as Kind>::SHARED,)+ }
            }

            /// Takes over from its backend what it needs to understand an answer.
            pub fn meet(&mut self, backend: &BackendConfig) {
                match (self, backend) {
                    $((Self::$variant(call), BackendConfig::$variant(backend)) => {
                        <$kind as Kind>::meet(call, backend);
                    })+
                    _ => {}
                }
            }

            /// Its faults as written, for the use it is put to.
            pub fn check(&self, r#use: Use) -> Vec<Complaint> {
                match self { $(Self::$variant(call) => <$kind as Kind>::check_call(call, r#use),)+ }
            }

            /// The texts that may hold `${name}` holes.
            pub fn templates(&self) -> Vec<&str> {
                match self { $(Self::$variant(call) => <$kind as Kind>::templates(call),)+ }
            }

            /// What to send to `backend`.
            pub fn encode(&self, backend: &BackendConfig, r#use: Use, vars: &Vars) -> Result<Exchange, String> {
                match (self, backend) {
                    $((Self::$variant(call), BackendConfig::$variant(backend)) => {
                        <$kind as Kind>::encode(backend, call, r#use, vars)
                    })+
                    _ => Err(format!("a {} call cannot go to a {} backend", self.kind(), backend.kind())),
                }
            }

            /// How an act ended.
            pub fn settle(&self, result: &Result<Answer, Fault>) -> Settled {
                if let Some(told) = Told::of(result) {
                    return told.settled();
                }
                match self { $(Self::$variant(call) => <$kind as Kind>::settle(call, result),)+ }
            }

            /// What a look saw.
            pub fn see(&self, result: &Result<Answer, Fault>) -> Seen {
                if let Some(told) = Told::of(result) {
                    return told.seen();
                }
                match self { $(Self::$variant(call) => <$kind as Kind>::see(call, result),)+ }
            }

            /// What metrics read whose calls are answered by one exchange.
            pub fn read_all(calls: &[&Self], result: &Result<Answer, Fault>, now_ms: i64) -> Vec<Reading> {
                match calls.first() {
                    $(Some(Self::$variant(_)) => {
                        let own = |call: &&'_ Self| if let Self::$variant(call) = *call { Some(call.clone()) } else { None };
                        let own: Vec<<$kind as Kind>::Call> = calls.iter().filter_map(own).collect();
                        <$kind as Kind>::read_all(&own, result, now_ms)
                    })+
                    None => Vec::new(),
                }
            }

            /// What a metric read.
            pub fn read(&self, result: &Result<Answer, Fault>, now_ms: i64) -> Reading {
                if let Some(told) = Told::of(result) {
                    return reading::number(&told.seen(), now_ms);
                }
                match self { $(Self::$variant(call) => <$kind as Kind>::read(call, result, now_ms),)+ }
            }
        }
    };
}

kinds! {
    http: Http => http::Http,
    exec: Exec => exec::Exec,
    file: File => file::File,
    socket: Socket => socket::Socket,
    redis: Redis => redis::Redis,
    kubernetes: Kubernetes => kubernetes::Kubernetes,
    prometheus: Prometheus => prometheus::Prometheus,
    exposition: Exposition => exposition::Exposition,
    log: Log => log::Log,
    gold: Gold => gold::Gold,
    postgres: Postgres => postgres::Postgres,
    nats: Nats => nats::Nats,
}
