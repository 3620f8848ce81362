//! Exec plugins: programs that a kubeconfig names to get a credential (`client.authentication.k8s.io/v1`).

use super::kubeconfig::Target;
use super::login::{Login, pem};
use crate::backend::{Deadline, Secrets, exec};
use crate::kind::{Answer, Body, EnvValue, ExecAsk, Exit, Fault};
use chrono::{DateTime, TimeDelta, Utc};
use kube::config::{ExecConfig, ExecInteractiveMode};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::time::timeout_at;

/// How long before it expires a credential is no longer used: it must last until the request has arrived.
const MARGIN: TimeDelta = TimeDelta::seconds(30);

/// The most of a plugin's complaint that is repeated, in characters.
const COMPLAINT_MAX: usize = 200;

/// What plugins gave, until it expires or the server refuses it; without an expiry, as long as goaround runs. Like
/// client-go: a look every two seconds must not start a program every two seconds, nor eight looks at once eight.
#[derive(Default)]
pub(super) struct Plugins {
    given: Mutex<HashMap<String, Slot>>,
}

/// What one plugin gave, held locked while it runs.
type Slot = Arc<tokio::sync::Mutex<Option<Given>>>;

struct Given {
    login: Login,
    expires: Option<DateTime<Utc>>,
}

impl Given {
    fn lasts(&self) -> bool {
        self.expires.is_none_or(|expires| Utc::now() + MARGIN < expires)
    }
}

/// What a plugin prints.
#[derive(Deserialize)]
struct ExecCredential {
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    expiration_timestamp: Option<DateTime<Utc>>,
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
}

impl Plugins {
    /// The credential of a plugin, from memory or by running it.
    pub(super) async fn ask(
        &self,
        exec: &ExecConfig,
        target: &Target,
        secrets: &Secrets,
        by: Deadline,
    ) -> Result<Login, String> {
        let program = exec.command.as_deref().unwrap_or_default();
        let told = |why: String| format!("{}: exec plugin {program}: {why}", target.origin);
        let slot = Arc::clone(self.lock().entry(key(target)).or_default());
        let waited = timeout_at(by.at, slot.lock()).await;
        let mut slot = waited.map_err(|_| told(format!("it was still running after {} ms", by.ms)))?;
        if let Some(given) = slot.as_ref().filter(|given| given.lasts()) {
            return Ok(given.login.clone());
        }
        if exec.interactive_mode == Some(ExecInteractiveMode::Always) {
            return Err(told("it wants to ask a person; log in by hand, with another plugin or a token".to_owned()));
        }
        let ask = ask(exec, target, secrets);
        let hint = exec.install_hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
        let answer = exec::perform(&ask, secrets, &secrets.redactor(), by).await.map_err(|fault| match fault {
            Fault::NotSent(why) | Fault::Refused(why) => told(format!("{why}{hint}")),
            // What it printed is not repeated: it may be half a credential.
            Fault::Lost(_) => told(format!("it gave no credential within {} ms and was killed", by.ms)),
        })?;
        let given = given(&answer).map_err(told)?;
        Ok(slot.insert(given).login.clone())
    }

    /// Forgets what this target's plugin gave.
    pub(super) fn forget(&self, target: &Target) {
        self.lock().remove(&key(target));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Slot>> {
        self.given.lock().expect("nothing that holds this lock can panic")
    }
}

/// What makes two credentials the same: the plugin as configured, and the server it is for.
fn key(target: &Target) -> String {
    json!([target.server, target.user.exec]).to_string()
}

/// The plugin as a process: nobody to ask, a session of its own, and our environment but for the playbook's secrets.
fn ask(exec: &ExecConfig, target: &Target, secrets: &Secrets) -> ExecAsk {
    let program = exec.command.iter().cloned();
    let ours =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut env: BTreeMap<String, String> = ours.filter(|(name, _)| !secrets.holds_env(name)).collect();
    let own = exec.env.iter().flatten().filter_map(|pair| Some((pair.get("name")?, pair.get("value")?)));
    env.extend(own.map(|(name, value)| (name.clone(), value.clone())));
    let mut spec = json!({ "interactive": false });
    if let Some(about) = &target.about {
        spec["cluster"] = json!(about);
    }
    let info = json!({ "apiVersion": exec.api_version, "kind": "ExecCredential", "spec": spec });
    env.insert("KUBERNETES_EXEC_INFO".to_owned(), info.to_string());
    ExecAsk {
        argv: program.chain(exec.args.iter().flatten().cloned()).collect(),
        stdin: None,
        env: env.into_iter().map(|(name, value)| (name, EnvValue::Literal(value))).collect(),
        cwd: None,
    }
}

fn given(answer: &Answer) -> Result<Given, String> {
    let Answer::Exec { exit, stdout, stderr } = answer else { return Err("it was no program".to_owned()) };
    match exit {
        Exit::Code(0) => {}
        Exit::Code(code) => return Err(format!("it ended with code {code}{}", complaint(stderr))),
        Exit::Signal(signal) => return Err(format!("it was killed by signal {signal}{}", complaint(stderr))),
    }
    // Neither what it printed nor the parser's words about it are repeated: they hold the credential.
    let credential: ExecCredential =
        serde_json::from_slice(&stdout.bytes).map_err(|_| "what it printed is no ExecCredential".to_owned())?;
    let status = credential.status.ok_or("what it printed has no status")?;
    let pem = match (&status.client_certificate_data, &status.client_key_data) {
        (Some(certificate), Some(key)) => Some(pem(key.as_bytes(), certificate.as_bytes())),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err("it gave half of a certificate and its key".to_owned()),
    };
    let login = Login { token: status.token.map(SecretString::from), basic: None, pem };
    if login.is_anonymous() {
        return Err("it gave neither a token nor a certificate".to_owned());
    }
    Ok(Given { login, expires: status.expiration_timestamp })
}

/// The last line of a plugin's standard error.
fn complaint(stderr: &Body) -> String {
    let text = String::from_utf8_lossy(&stderr.bytes).into_owned();
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    last.map(|line| format!(": {}", line.chars().take(COMPLAINT_MAX).collect::<String>())).unwrap_or_default()
}
