//! What can be named: a table, since the API does not say of itself which path a resource has without being asked.

use crate::kind::Complaint;
use crate::text::nearest;

/// A kind of object in a namespace.
#[derive(Clone, Copy, Debug)]
pub struct Resource {
    /// What playbooks call it.
    pub name: &'static str,
    /// Its group and version, as a path.
    pub api: &'static str,
    /// Its name in paths.
    pub plural: &'static str,
    /// Whether it has a `scale` subresource.
    pub scales: bool,
}

const fn row(name: &'static str, api: &'static str, plural: &'static str) -> Resource {
    Resource { name, api, plural, scales: false }
}

const fn scaled(name: &'static str, api: &'static str, plural: &'static str) -> Resource {
    Resource { name, api, plural, scales: true }
}

/// Every resource that may be named, from the public API references of Kubernetes 1.33, Argo Rollouts 1.8, Gateway
/// API 1.3 and Istio 1.26. `secret` is missing on purpose: whatever is looked at ends up in the journal.
pub const RESOURCES: &[Resource] = &[
    row("configmap", "/api/v1", "configmaps"),
    row("cronjob", "/apis/batch/v1", "cronjobs"),
    row("daemonset", "/apis/apps/v1", "daemonsets"),
    scaled("deployment", "/apis/apps/v1", "deployments"),
    row("destinationrule", "/apis/networking.istio.io/v1", "destinationrules"),
    row("endpointslice", "/apis/discovery.k8s.io/v1", "endpointslices"),
    row("horizontalpodautoscaler", "/apis/autoscaling/v2", "horizontalpodautoscalers"),
    row("httproute", "/apis/gateway.networking.k8s.io/v1", "httproutes"),
    row("ingress", "/apis/networking.k8s.io/v1", "ingresses"),
    row("job", "/apis/batch/v1", "jobs"),
    row("networkpolicy", "/apis/networking.k8s.io/v1", "networkpolicies"),
    row("pod", "/api/v1", "pods"),
    scaled("replicaset", "/apis/apps/v1", "replicasets"),
    scaled("rollout", "/apis/argoproj.io/v1alpha1", "rollouts"),
    row("service", "/api/v1", "services"),
    scaled("statefulset", "/apis/apps/v1", "statefulsets"),
    row("virtualservice", "/apis/networking.istio.io/v1", "virtualservices"),
];

/// The short names `kubectl` knows, for people who write them here.
const SHORT: &[(&str, &str)] = &[
    ("cj", "cronjob"),
    ("cm", "configmap"),
    ("deploy", "deployment"),
    ("ds", "daemonset"),
    ("hpa", "horizontalpodautoscaler"),
    ("ing", "ingress"),
    ("netpol", "networkpolicy"),
    ("po", "pod"),
    ("rs", "replicaset"),
    ("sts", "statefulset"),
    ("svc", "service"),
    ("vs", "virtualservice"),
];

/// `resource/name` taken apart; a complaint says which resource was probably meant.
pub(super) fn split<'a>(key: &str, object: &'a str) -> Result<(&'static Resource, &'a str), Complaint> {
    let Some((written, name)) = object.split_once('/') else {
        let what = format!("`{object}` is not `resource/name`");
        return Err(Complaint::new(key, what, "for instance `service/docs-live`"));
    };
    match RESOURCES.iter().find(|resource| resource.name == written) {
        Some(resource) => Ok((resource, name)),
        None => Err(Complaint::new(key, format!("`{written}` is no resource known here"), meant(written))),
    }
}

/// What to write instead of a name that is unknown.
fn meant(written: &str) -> String {
    let lower = written.to_lowercase();
    let short = SHORT.iter().find(|(short, _)| *short == lower).map(|(_, name)| *name);
    let plural = || RESOURCES.iter().find(|resource| resource.plural == lower).map(|resource| resource.name);
    let close = || nearest(written, RESOURCES.iter().map(|resource| resource.name));
    match short.or_else(plural).or_else(close) {
        Some(name) => format!("write `{name}`"),
        None => format!("it may be one of {}", names(|_| true)),
    }
}

/// The names of the resources of which `fits` holds, in one line.
pub(super) fn names(fits: impl Fn(&Resource) -> bool) -> String {
    let names: Vec<&str> = RESOURCES.iter().filter(|resource| fits(resource)).map(|resource| resource.name).collect();
    names.join(", ")
}
