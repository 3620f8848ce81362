//! What can be wrong with a cluster or a call as written.

use super::{Backend, Call, Replicas, resources, send};
use crate::kind::{Complaint, Use, written};
use serde_json::Value;

/// The longest name of a namespace: a DNS label (RFC 1123).
const NAMESPACE_MAX: usize = 63;

/// Faults of a backend.
pub(super) fn check_backend(backend: &Backend) -> Vec<Complaint> {
    let mut found: Vec<Complaint> = which_cluster(backend).into_iter().collect();
    found.extend(written::absolute("kubeconfig", backend.kubeconfig.as_deref()));
    let label = backend.namespace.len() <= NAMESPACE_MAX && !backend.namespace.contains('.');
    if !(label && send::is_name(&backend.namespace)) {
        let what = format!("`{}` is no name of a namespace", backend.namespace);
        found.push(Complaint::new("namespace", what, "lower case letters, digits and `-`, no holes"));
    }
    found.extend(backend.server.as_deref().and_then(bad_server));
    found
}

/// A cluster is pinned by its context, or is the one around us.
fn which_cluster(backend: &Backend) -> Option<Complaint> {
    let context = backend.context.as_deref().map(str::trim);
    match (backend.in_cluster, context, &backend.kubeconfig) {
        (true, Some(_), _) => Some(Complaint::new("context", "stands beside `in_cluster`", "keep one of them")),
        (true, None, Some(_)) => Some(Complaint::new("kubeconfig", "stands beside `in_cluster`", "keep one of them")),
        (true, None, None) => None,
        (false, Some(""), _) => Some(Complaint::new("context", "is empty", "`kubectl config get-contexts` lists them")),
        (false, Some(_), _) => None,
        (false, None, _) => {
            let hint =
                "write the context's name, since the current one may be another tomorrow, or `in_cluster = true`";
            Some(Complaint::new("", "has no `context`", hint))
        }
    }
}

fn bad_server(server: &str) -> Option<Complaint> {
    let rest = server.strip_prefix("https://").or_else(|| server.strip_prefix("http://"));
    // What was written is not repeated: it may hold a password.
    let sound = rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_graphic() && !"@?#{}".contains(c)));
    (!sound).then(|| {
        Complaint::new("server", "is no address of an API server", "as the kubeconfig has it: `https://10.0.0.1:6443`")
    })
}

/// Faults of a call.
pub(super) fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
    let asked = call.asked();
    let keys = ["get", "patch", "scale"].map(|key| (key, asked.iter().any(|(written, _)| *written == key)));
    let mut found: Vec<Complaint> = written::exactly_one(&keys).into_iter().collect();
    for (key, object) in asked {
        found.extend(bad_object(key, object));
        found.extend(bad_use(key, r#use));
    }
    found.extend(match r#use {
        Use::Act => act_faults(call),
        Use::Look => look_faults(call),
    });
    found
}

fn bad_use(key: &str, r#use: Use) -> Option<Complaint> {
    let (what, hint) = match (r#use, key) {
        (Use::Look, "patch" | "scale") => ("changes something, a look only looks", "use `get` and `at`"),
        (Use::Act, "get") => ("changes nothing, a lever does", "use `patch` or `scale`"),
        (Use::Look | Use::Act, _) => return None,
    };
    Some(Complaint::new(key, what, hint))
}

fn bad_object(key: &str, object: &str) -> Option<Complaint> {
    let (resource, name) = match resources::split(key, object) {
        Ok(parts) => parts,
        Err(complaint) => return Some(complaint),
    };
    if key == "scale" && !resource.scales {
        let hint = format!("these do: {}", resources::names(|resource| resource.scales));
        return Some(Complaint::new(key, format!("a {} has no scale", resource.name), hint));
    }
    if let Some(complaint) = written::open_hole(key, name) {
        return Some(complaint);
    }
    let sound = send::is_name(&written::filled_with_x(name).unwrap_or_default());
    let what = || format!("`{name}` is no name of an object");
    (!sound).then(|| Complaint::new(key, what(), "lower case letters, digits, `-` and `.`"))
}

fn act_faults(call: &Call) -> Vec<Complaint> {
    let looks = [("at", call.at.is_some()), ("otherwise", call.otherwise.is_some())];
    let mut found: Vec<Complaint> =
        looks.iter().filter_map(|(key, written)| written::idle_key(key, *written, Use::Look, Use::Act)).collect();
    found.extend(paired(("patch", call.patch.is_some()), ("merge", call.merge.is_some())));
    found.extend(paired(("scale", call.scale.is_some()), ("replicas", call.replicas.is_some())));
    found.extend(call.merge.as_deref().and_then(bad_merge));
    match &call.replicas {
        Some(Replicas::Hole(text)) if !text.contains("${") => {
            found.push(Complaint::new(
                "replicas",
                "is no number",
                "write it without quotes, or one hole: `\"${was}\"`",
            ));
        }
        Some(Replicas::Hole(hole)) => found.extend(written::open_hole("replicas", hole)),
        Some(Replicas::Count(_)) | None => {}
    }
    found
}

/// Two keys of which neither means anything alone.
fn paired(head: (&str, bool), tail: (&str, bool)) -> Option<Complaint> {
    match (head, tail) {
        ((head, true), (tail, false)) => Some(Complaint::new(head, format!("has no `{tail}`"), "write both")),
        ((head, false), (tail, true)) => Some(Complaint::new(tail, format!("has no `{head}`"), "write both")),
        _ => None,
    }
}

fn bad_merge(merge: &str) -> Option<Complaint> {
    if let Some(complaint) = written::open_hole("merge", merge).or_else(|| written::json_template("merge", merge)) {
        return Some(complaint);
    }
    let patch: Value = serde_json::from_str(&written::filled_with_x(merge).ok()?).ok()?;
    let (what, hint) = match patch.as_object() {
        None => ("is no JSON object", "a merge patch has the object's shape: `{\"spec\": {…}}`"),
        Some(keys) if keys.is_empty() => ("changes nothing", "write the keys to change"),
        Some(_) if patch.get("metadata").is_some_and(|metadata| !metadata.is_object()) => {
            ("replaces all of `metadata`", "write only the labels or annotations to change")
        }
        Some(_) if patch.pointer("/metadata/resourceVersion").is_some() => {
            ("holds a resourceVersion", "take it out: the newest is read and sent by itself")
        }
        Some(_) => return None,
    };
    Some(Complaint::new("merge", what, hint))
}

fn look_faults(call: &Call) -> Vec<Complaint> {
    let mut found = vec![
        written::idle_key("merge", call.merge.is_some(), Use::Act, Use::Look),
        written::idle_key("replicas", call.replicas.is_some(), Use::Act, Use::Look),
        written::pointer("at", call.at.as_deref()),
    ];
    let hint = "name the part that is meant: `at = \"/spec/selector/app\"`";
    found.push((call.get.is_some() && call.at.is_none()).then(|| Complaint::new("get", "has no `at`", hint)));
    found.into_iter().flatten().collect()
}
