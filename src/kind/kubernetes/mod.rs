//! Kubernetes: one object of a cluster, patched, scaled or looked at.

mod answer;
mod check;
mod resources;
mod send;

pub use resources::{RESOURCES, Resource};

use super::{Answer, Complaint, Exchange, Fault, Kind, Seen, Settled, Use, Vars};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The kind `kubernetes`.
#[derive(Clone, Copy, Debug)]
pub struct Kubernetes;

/// A namespace of a cluster: `prod.kubernetes = { context = "prod-eu", namespace = "docs" }`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// The kubeconfig file; `$KUBECONFIG`, else `~/.kube/config`, without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kubeconfig: Option<PathBuf>,
    /// The kubeconfig's context to use; its current one is never used, since anybody may have switched it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Use the service account of the pod goaround runs in instead of a kubeconfig.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_cluster: bool,
    /// The namespace of every object named.
    pub namespace: String,
    /// The only API server to speak to (`https://10.0.0.1:6443`); where the context leads elsewhere, nothing is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
}

/// One object, `resource/name`: exactly one of `get`, `patch`, `scale`; names may hold `${name}`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// Look: the object to read, `service/docs-live`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub get: Option<String>,
    /// Look: a JSON pointer to the value, `/spec/selector/app`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Look: the value where an object has nothing at `at`: the server leaves out what is zero, false or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
    /// Act: the object to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
    /// Act: the JSON merge patch for `patch`; `null` removes a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<String>,
    /// Act: the object to scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<String>,
    /// Act: how many replicas `scale` asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<Replicas>,
}

/// A number of replicas, written out or read from somewhere: `0`, `"${was}"`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Replicas {
    /// So many.
    Count(u32),
    /// As many as the hole's value says.
    Hole(String),
}

impl Call {
    /// The ways it is asked that are written: key, `resource/name`; a sound call has exactly one.
    fn asked(&self) -> Vec<(&'static str, &str)> {
        let keys = [("get", &self.get), ("patch", &self.patch), ("scale", &self.scale)];
        keys.into_iter().filter_map(|(key, object)| Some((key, object.as_deref()?))).collect()
    }
}

impl Kind for Kubernetes {
    const NAME: &'static str = "kubernetes";
    const DOC: &'static str = "\
One object of a Kubernetes cluster: merge-patched, scaled or looked at. A lever reads the object's resourceVersion, \
then sends exactly one PATCH with it, so that a change made in between is answered 409 instead of being overwritten.
Applied: any 2xx whose body is an object.
Rejected: 3xx and 4xx but 408: 401 and 403 (the credential), 404 (which name), 409 (with who changed it, and when), \
422 (why not); 429 shows how long to wait, and a person fires again. A refused certificate is Rejected.
NotSent: the kubeconfig or its context is missing or leads to another server than `server`, its exec plugin gave no \
credential in time, connecting failed, or the resourceVersion could not be read.
Unknown: 408 and 5xx to the PATCH, a 2xx whose body is no object, and every answer that was lost on its way.
Look: only 2xx is believed. The value is what `at` points at (strings without quotes, objects and arrays as compact \
JSON); null and missing are absent, or `otherwise` where it is given.";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        check::check_backend(backend)
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        check::check_call(call, r#use)
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    /// None of the playbook's: the credential belongs to the context and is read anew for every exchange.
    fn secrets(_backend: &Backend) -> Vec<SecretRef> {
        Vec::new()
    }

    fn templates(call: &Call) -> Vec<&str> {
        let replicas = match &call.replicas {
            Some(Replicas::Hole(hole)) => Some(hole.as_str()),
            Some(Replicas::Count(_)) | None => None,
        };
        let objects = call.asked().into_iter().map(|(_, object)| object);
        objects.chain(call.merge.as_deref()).chain(replicas).collect()
    }

    fn encode(backend: &Backend, call: &Call, _use: Use, vars: &Vars) -> Result<Exchange, String> {
        send::encode(backend, call, vars)
    }

    fn settle(_call: &Call, result: &Result<Answer, Fault>) -> Settled {
        answer::settle(result)
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        answer::see(call, result)
    }
}

#[cfg(test)]
mod tests;
