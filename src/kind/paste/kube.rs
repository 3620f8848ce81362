//! A patch of an object as a line of `kubectl`, which reads the same kubeconfig.

use super::path_word;
use crate::kind::{KubeAsk, KubeCluster};
use crate::text::shell_word;
use serde_json::{Value, json};

/// The line; `None` for an object that is in no namespace, and for a pod's own cluster that is pinned to a server.
///
/// A person who pastes it has just looked, so the version that a lever reads before its patch is not part of it.
pub(super) fn line(ask: &KubeAsk) -> Option<String> {
    let mut words = cluster(ask)?;
    let Some(merge) = &ask.merge else {
        words.push(format!("get --raw {}", shell_word(&ask.path())));
        return Some(words.join(" "));
    };
    let (namespace, resource, name) = object(&ask.object)?;
    let (resource, name) = (shell_word(&resource), shell_word(name));
    words.push(format!("-n {}", shell_word(namespace)));
    words.push(match (&ask.subresource, replicas(merge)) {
        (Some(part), Some(count)) if part == "scale" => format!("scale {resource} {name} --replicas={count}"),
        (part, _) => {
            let part = part.as_ref().map(|part| format!(" --subresource={}", shell_word(part))).unwrap_or_default();
            format!("patch {resource} {name}{part} --type=merge -p {}", shell_word(merge))
        }
    });
    Some(words.join(" "))
}

/// The command, told which cluster is meant.
fn cluster(ask: &KubeAsk) -> Option<Vec<String>> {
    match &ask.cluster {
        // Without a kubeconfig it asks the pod around it; nothing else names that server, so nothing could hold it to one.
        KubeCluster::Own => ask.server.is_none().then(|| vec!["KUBECONFIG=/dev/null kubectl".to_owned()]),
        KubeCluster::Context { kubeconfig, name } => {
            let mut words = vec!["kubectl".to_owned()];
            words.extend(kubeconfig.iter().map(|file| format!("--kubeconfig {}", path_word(file))));
            words.push(format!("--context {}", shell_word(name)));
            words.extend(ask.server.iter().map(|server| format!("--server {}", shell_word(server))));
            Some(words)
        }
    }
}

/// The namespace, the resource as `kubectl` tells versions apart (`deployments.v1.apps`), and the name.
fn object(path: &str) -> Option<(&str, String, &str)> {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts[..] {
        ["api", version, "namespaces", namespace, plural, name] => {
            Some((namespace, format!("{plural}.{version}."), name))
        }
        ["apis", group, version, "namespaces", namespace, plural, name] => {
            Some((namespace, format!("{plural}.{version}.{group}"), name))
        }
        _ => None,
    }
}

/// How many replicas a patch asks for, when that is all it asks.
fn replicas(merge: &str) -> Option<u64> {
    let patch: Value = serde_json::from_str(merge).ok()?;
    let count = patch.pointer("/spec/replicas")?.as_u64()?;
    (patch == json!({ "spec": { "replicas": count } })).then_some(count)
}
