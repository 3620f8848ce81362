//! From a call to what is asked of the API server: a path that values cannot bend, a patch they cannot add to.

use super::{Backend, Call, Replicas, resources};
use crate::kind::http::json_text;
use crate::kind::{Exchange, KubeAsk, KubeCluster, Vars, fill};
use serde_json::json;

/// The longest name of an object: a DNS subdomain (RFC 1123).
const NAME_MAX: usize = 253;

/// What a call asks.
pub(super) fn encode(backend: &Backend, call: &Call, vars: &Vars) -> Result<Exchange, String> {
    let [(key, object)] = call.asked()[..] else {
        return Err("a call has exactly one of get, patch, scale".to_owned());
    };
    let merge = match key {
        "patch" => Some(json_text(call.merge.as_deref().ok_or("there is nothing to merge")?, vars)?),
        "scale" => Some(scale(call.replicas.as_ref(), vars)?),
        _ => None,
    };
    Ok(Exchange::Kube(KubeAsk {
        cluster: cluster(backend)?,
        server: backend.server.clone(),
        object: path(backend, key, object, vars)?,
        subresource: (key == "scale").then(|| "scale".to_owned()),
        merge,
    }))
}

fn cluster(backend: &Backend) -> Result<KubeCluster, String> {
    if backend.in_cluster {
        return Ok(KubeCluster::Own);
    }
    let name = backend.context.clone().ok_or("the backend names no context")?;
    Ok(KubeCluster::Context { kubeconfig: backend.kubeconfig.clone(), name })
}

fn path(backend: &Backend, key: &str, object: &str, vars: &Vars) -> Result<String, String> {
    let (resource, name) = resources::split(key, object).map_err(|fault| fault.what)?;
    let name = fill(name, vars, str::to_owned)?;
    if !is_name(&name) {
        return Err(format!("`{name}` is no name of an object: lower case letters, digits, `-` and `.`"));
    }
    Ok(format!("{}/namespaces/{}/{}/{name}", resource.api, backend.namespace, resource.plural))
}

/// Whether `name` can be an object's, and so holds nothing that a path would read as more than a name.
pub(super) fn is_name(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let outer = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let parts = name.split('.').all(|part| part.starts_with(outer) && part.ends_with(outer));
    name.len() <= NAME_MAX && name.chars().all(inner) && parts
}

fn scale(replicas: Option<&Replicas>, vars: &Vars) -> Result<String, String> {
    let count = match replicas {
        None => return Err("a scale says how many `replicas`".to_owned()),
        Some(Replicas::Count(count)) => *count,
        Some(Replicas::Hole(hole)) => {
            let text = fill(hole, vars, str::to_owned)?;
            text.parse().map_err(|_| format!("`{text}` is no number of replicas"))?
        }
    };
    Ok(json!({ "spec": { "replicas": count } }).to_string())
}
