//! One look at, or one patch of, an object of a Kubernetes cluster.
//!
//! Kubeconfigs and the pod's service account are read by the `kube` crate. Its client is not used: it repeats
//! requests that were answered 429, 503 or 504, keeps connections, and runs exec plugins on goaround's own terminal
//! without a deadline. Requests go the way of every other HTTP request here: once, on a connection of their own.

mod kubeconfig;
mod login;
mod plugin;

use super::{Deadline, Secrets, flat::flat, http, lost, not_sent, refused};
use crate::{
    kind::{Answer, Body, Fault, KubeAsk},
    text::{Redactor, Text},
};
use kubeconfig::Target;
use login::Login;
use plugin::Plugins;
use reqwest::{
    Client, Method, Request, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde_json::{Value, json};
use tokio::time::timeout_at;

/// Added to every patch: changes carry our name in `managedFields`, and a field that does not exist is refused
/// instead of being dropped without a word.
const PATCH_QUERY: &str = "fieldManager=goaround&fieldValidation=Strict";

/// What is remembered between exchanges: the credentials that exec plugins gave.
#[derive(Default)]
pub(super) struct Clusters {
    plugins: Plugins,
}

impl Clusters {
    /// Reads the kubeconfig, logs in, asks or patches. Until the PATCH itself every failure is `NotSent`.
    pub(super) async fn perform(&self, ask: &KubeAsk, secrets: &Secrets, by: Deadline) -> Result<Answer, Fault> {
        let (target, own) = find(ask, by).await.map_err(not_sent)?;
        let login = match &target.user.exec {
            Some(exec) if own.is_anonymous() && target.is_private() => {
                self.plugins.ask(exec, &target, secrets, by).await.map_err(not_sent)?
            }
            Some(_) | None => own,
        };
        let door = Door::new(&target, &login, by).map_err(|why| not_sent(format!("{}: {why}", target.origin)))?;
        let answer = match &ask.merge {
            None => door.look(&ask.path()).await,
            Some(merge) => door.patch(ask, merge).await,
        };
        if matches!(answer, Ok(Answer::Kube { status: 401, .. })) {
            // Nothing is sent again with a fresh credential; the next exchange asks the plugin for one.
            self.plugins.forget(&target);
        }
        let redactor = login.redactor();
        answer.map(|answer| answer.cleaned(&|bytes| redactor.redact_bytes(bytes))).map_err(|f| cleaned(f, &redactor))
    }
}

/// Finds the cluster and what its user says himself, on a thread where blocking is allowed: home directories may hang.
async fn find(ask: &KubeAsk, by: Deadline) -> Result<(Target, Login), String> {
    let (cluster, server) = (ask.cluster.clone(), ask.server.clone());
    let work = tokio::task::spawn_blocking(move || {
        let target = kubeconfig::find(&cluster, server.as_deref())?;
        // Like `kubectl`: no credential travels in the clear. `kubectl proxy` wants none.
        let login = if target.is_private() { Login::of(&target.user) } else { Ok(Login::default()) };
        let login = login.map_err(|why| format!("{}: {why}", target.origin))?;
        Ok((target, login))
    });
    match timeout_at(by.at, work).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => Err(format!("reading the kubeconfig was broken off: {error}")),
        Err(_) => Err(format!("the kubeconfig could not be read within {} ms", by.ms)),
    }
}

fn cleaned(fault: Fault, redactor: &Redactor) -> Fault {
    let clean = |text: Text| Text::new(&redactor.redact(text.as_str()));
    match fault {
        Fault::NotSent(text) => Fault::NotSent(clean(text)),
        Fault::Refused(text) => Fault::Refused(clean(text)),
        Fault::Lost(text) => Fault::Lost(clean(text)),
    }
}

/// A server that can be spoken to.
struct Door {
    client: Client,
    server: Url,
    headers: HeaderMap,
    by: Deadline,
}

impl Door {
    fn new(target: &Target, login: &Login, by: Deadline) -> Result<Self, String> {
        let mut builder = http::quiet(http::connect_ms(by.left_ms()));
        if !target.is_private() {
            builder = builder.tls_certs_only([]);
        } else if !target.roots.is_empty() {
            builder = builder.tls_certs_only(target.roots.clone());
        }
        if let Some(identity) = login.identity()? {
            builder = builder.identity(identity);
        }
        let client = builder.build().map_err(|error| format!("TLS cannot be set up: {}", flat(&error)))?;
        let mut headers = login.headers()?;
        headers.extend(login::masks(&target.user)?);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(Self { client, server: http::address(&target.server)?, headers, by })
    }

    /// One GET, and nothing that it could have done.
    async fn look(&self, path: &str) -> Result<Answer, Fault> {
        let request = Request::new(Method::GET, self.url(path, None));
        let late = |peer: &str| lost(format!("{peer}: no answer within {} ms", self.by.ms));
        self.send(request, late).await
    }

    /// Reads the resourceVersion, then sends the one PATCH.
    async fn patch(&self, ask: &KubeAsk, merge: &str) -> Result<Answer, Fault> {
        let path = ask.path();
        let version = match self.version(&path).await? {
            Version::Is(version) => version,
            Version::Refused(answer) => return Ok(answer),
        };
        let body = with_version(merge, &version).map_err(not_sent)?;
        if self.by.left_ms() == 0 {
            return Err(not_sent(format!("the look before the patch took all of the {} ms", self.by.ms)));
        }
        let mut request = Request::new(Method::PATCH, self.url(&path, Some(PATCH_QUERY)));
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/merge-patch+json"));
        *request.body_mut() = Some(body.into());
        match self.send(request, |peer| self.by.passed(peer)).await? {
            Answer::Kube { status: 409, retry_after_s, body, rival: _ } => {
                let rival = self.rival(&ask.object).await;
                Ok(Answer::Kube { status: 409, retry_after_s, body, rival })
            }
            answer => Ok(answer),
        }
    }

    /// The object's resourceVersion, or the server's refusal to show it. Whatever fails here, nothing was sent.
    async fn version(&self, path: &str) -> Result<Version, Fault> {
        let answer = self.look(path).await.map_err(|fault| match fault {
            Fault::Refused(why) => refused(why),
            Fault::NotSent(why) | Fault::Lost(why) => not_sent(format!("the look before the patch failed: {why}")),
        })?;
        let Answer::Kube { status, body, .. } = &answer else {
            return Err(not_sent("the look before the patch was answered in another protocol"));
        };
        match status {
            200..=299 => match version_in(body) {
                Some(version) => Ok(Version::Is(version)),
                None => {
                    Err(not_sent(format!("{path}: the answer to the look before the patch has no resourceVersion")))
                }
            },
            300..=407 | 409..=499 => Ok(Version::Refused(answer)),
            _ => Err(not_sent(format!("{path}: the look before the patch was answered HTTP {status}; fire again"))),
        }
    }

    /// The object after a conflict; that it cannot be had changes nothing about the conflict.
    async fn rival(&self, object: &str) -> Option<Body> {
        match self.look(object).await {
            Ok(Answer::Kube { status: 200..=299, body, .. }) => Some(body),
            Ok(_) | Err(_) => None,
        }
    }

    async fn send(&self, mut request: Request, late: impl Fn(&str) -> Fault) -> Result<Answer, Fault> {
        request.headers_mut().extend(self.headers.clone());
        let peer = http::peer(request.method().as_str(), request.url());
        let sent = timeout_at(self.by.at, http::exchange(&self.client, request, &peer)).await;
        sent.unwrap_or_else(|_| Err(late(&peer))).map(|answer| match answer {
            Answer::Http { status, retry_after_s, body, location: _ } => {
                Answer::Kube { status, retry_after_s, body, rival: None }
            }
            other => other,
        })
    }

    /// The server's address may have a path of its own, as behind Rancher or a proxy.
    fn url(&self, path: &str, query: Option<&str>) -> Url {
        let mut url = self.server.clone();
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }
}

/// What the look before a patch found.
enum Version {
    /// The object's resourceVersion.
    Is(String),
    /// The server does not show it.
    Refused(Answer),
}

fn version_in(body: &Body) -> Option<String> {
    let object: Value = serde_json::from_slice(&body.bytes).ok()?;
    object.pointer("/metadata/resourceVersion")?.as_str().filter(|version| !version.is_empty()).map(str::to_owned)
}

/// The patch with the version it is meant for: on any other the server answers 409.
fn with_version(merge: &str, version: &str) -> Result<String, String> {
    let mut patch: Value = serde_json::from_str(merge).map_err(|error| format!("the patch is no JSON: {error}"))?;
    let keys = patch.as_object_mut().ok_or("the patch is no JSON object")?;
    let metadata = keys.entry("metadata").or_insert_with(|| json!({}));
    let metadata = metadata.as_object_mut().ok_or("the patch replaces all of `metadata`")?;
    metadata.insert("resourceVersion".to_owned(), version.into());
    Ok(patch.to_string())
}
