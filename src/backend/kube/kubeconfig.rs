//! Which server, vouched for by whom, and as which user: from a pinned context, or from the pod around us.

use crate::backend::flat::flat;
use crate::kind::KubeCluster;
use crate::text::nearest;
use base64::{Engine, engine::general_purpose::STANDARD};
use kube::config::{AuthInfo, Cluster, Config, Context, ExecAuthCluster, Kubeconfig, KubeconfigError};
use reqwest::Certificate;
use std::path::Path;

/// The most names listed in a sentence.
const LISTED_MAX: usize = 12;

/// A server and who we are to it.
pub(super) struct Target {
    /// Where all this is written, for sentences.
    pub origin: String,
    /// The server's address.
    pub server: String,
    /// The only authorities to trust; empty for the system's.
    pub roots: Vec<Certificate>,
    /// The user.
    pub user: AuthInfo,
    /// What an exec plugin may be told about the cluster.
    pub about: Option<ExecAuthCluster>,
}

impl Target {
    /// Whether what is said to the server is encrypted.
    pub(super) fn is_private(&self) -> bool {
        !self.server.starts_with("http://")
    }
}

/// Finds the cluster; `pinned` is the only server it may have.
pub(super) fn find(cluster: &KubeCluster, pinned: Option<&str>) -> Result<Target, String> {
    let target = match cluster {
        KubeCluster::Own => own()?,
        KubeCluster::Context { kubeconfig, name } => in_context(kubeconfig.as_deref(), name)?,
    };
    let same = |pinned: &str| pinned.trim_end_matches('/') == target.server.trim_end_matches('/');
    match pinned.filter(|pinned| !same(pinned)) {
        None => Ok(target),
        Some(pinned) => Err(format!(
            "{} leads to {}, the playbook wants {pinned}; check which cluster is meant",
            target.origin, target.server
        )),
    }
}

fn own() -> Result<Target, String> {
    let config = Config::incluster().map_err(|error| format!("this is no pod of a cluster: {}", flat(&error)))?;
    let roots = config.root_cert.unwrap_or_default();
    let roots = roots.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>();
    Ok(Target {
        origin: "the pod's service account".to_owned(),
        server: config.cluster_url.to_string(),
        roots: roots.map_err(|error| format!("the pod's certificate authorities: {}", flat(&error)))?,
        user: config.auth_info,
        about: None,
    })
}

fn in_context(path: Option<&Path>, name: &str) -> Result<Target, String> {
    let (config, file) = match path {
        Some(path) => (Kubeconfig::read_from(path), path.display().to_string()),
        None => (Kubeconfig::read(), "the kubeconfig".to_owned()),
    };
    let config = config.map_err(|error| format!("{file}: {}", unread(&error)))?;
    let origin = format!("context `{name}` of {file}");
    let context = context(&config, name).map_err(|why| format!("{file} {why}"))?;
    let cluster = config.clusters.iter().find(|named| named.name == context.cluster);
    let cluster = cluster.and_then(|named| named.cluster.clone());
    let cluster = cluster.ok_or_else(|| format!("{origin} names cluster `{}`, which is not there", context.cluster))?;
    let user = user(&config, &context).map_err(|why| format!("{origin} {why}"))?;
    let server = cluster.server.clone().ok_or_else(|| format!("{origin} has no server"))?;
    strange(&cluster, &user).map_or(Ok(()), |why| Err(format!("{origin} {why}")))?;
    let roots = authorities(&cluster).map_err(|why| format!("{origin}: certificate authority: {why}"))?;
    let wants_cluster = user.exec.as_ref().is_some_and(|exec| exec.provide_cluster_info);
    let about = wants_cluster.then(|| ExecAuthCluster::try_from(&cluster)).transpose();
    let about = about.map_err(|error| format!("{origin}: {}", unread(&error)))?;
    Ok(Target { origin, server, roots, user, about })
}

/// Why a kubeconfig cannot be used, without a line of it: it may hold a token.
fn unread(error: &KubeconfigError) -> String {
    match error {
        KubeconfigError::Parse(error) => {
            let place = error.location().map(|place| format!(" at line {}", place.line())).unwrap_or_default();
            format!("it is no sound kubeconfig{place}")
        }
        KubeconfigError::FindPath => "there is no home directory; write `kubeconfig` into the backend".to_owned(),
        error => flat(error),
    }
}

fn context(config: &Kubeconfig, name: &str) -> Result<Context, String> {
    if let Some(context) = config.contexts.iter().find(|named| named.name == name).and_then(|n| n.context.clone()) {
        return Ok(context);
    }
    let known = || config.contexts.iter().map(|named| named.name.as_str());
    let hint = match nearest(name, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has: {}", known().take(LISTED_MAX).collect::<Vec<_>>().join(", ")),
    };
    Err(format!("has no context `{name}`; {hint}"))
}

fn user(config: &Kubeconfig, context: &Context) -> Result<AuthInfo, String> {
    let Some(name) = context.user.as_deref().filter(|name| !name.is_empty()) else { return Ok(AuthInfo::default()) };
    let named = config.auth_infos.iter().find(|named| named.name == name);
    let named = named.ok_or_else(|| format!("names user `{name}`, who is not there"))?;
    Ok(named.auth_info.clone().unwrap_or_default())
}

/// What is asked for and not done here; doing without would reach another server, or more than was meant.
fn strange(cluster: &Cluster, user: &AuthInfo) -> Option<String> {
    let through_exec = "; use `kubectl` through an `exec` backend";
    let asked = [
        (
            cluster.insecure_skip_tls_verify == Some(true),
            "skips TLS verification, which goaround never does; give it \
          a certificate-authority",
        ),
        (cluster.proxy_url.is_some(), "goes through a proxy, which goaround does not"),
        (cluster.tls_server_name.is_some(), "checks the server by another name than its address"),
        (
            user.auth_provider.is_some(),
            "logs in by an auth-provider, which Kubernetes 1.26 removed; use an exec plugin",
        ),
        (user.impersonate_user_extra.is_some(), "impersonates with extra fields"),
    ];
    let (_, why) = asked.iter().find(|(written, _)| *written)?;
    Some(format!("{why}{}", if why.contains(';') { "" } else { through_exec }))
}

fn authorities(cluster: &Cluster) -> Result<Vec<Certificate>, String> {
    let pem = data_or_file(cluster.certificate_authority_data.as_deref(), cluster.certificate_authority.as_deref())?;
    let Some(pem) = pem else { return Ok(Vec::new()) };
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| flat(&error))?;
    if found.is_empty() { Err("it holds no certificate".to_owned()) } else { Ok(found) }
}

/// What stands in a pair of keys, the content in base64 before the file's path.
pub(super) fn data_or_file(data: Option<&str>, file: Option<&str>) -> Result<Option<Vec<u8>>, String> {
    match (data.filter(|data| !data.is_empty()), file.filter(|file| !file.is_empty())) {
        // What does not decode is not repeated: it may be a key.
        (Some(data), _) => STANDARD.decode(data.trim()).map(Some).map_err(|_| "its data is no base64".to_owned()),
        (None, Some(file)) => std::fs::read(file).map(Some).map_err(|error| format!("{file}: {error}")),
        (None, None) => Ok(None),
    }
}
