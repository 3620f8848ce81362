//! Claims about the kind `kubernetes`. No cluster was at hand: answers have the shapes of the public documents
//! (API conventions, `metav1.Status`, `ManagedFieldsEntry`).

use super::*;
use crate::kind::{Body, KubeAsk, KubeCluster, Outcome};
use proptest::prelude::*;
use serde_json::json;

fn backend(text: &str) -> Backend {
    toml::from_str(&format!("namespace = \"docs\"\n{text}")).unwrap()
}

fn pinned() -> Backend {
    backend("context = \"prod-eu\"\nserver = \"https://10.0.0.1:6443\"")
}

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"prod\"\n{text}")).unwrap()
}

fn flip() -> Call {
    call("patch = \"service/docs-live\"\nmerge = '{\"spec\":{\"selector\":{\"app\":\"docs-${arm}\"}}}'")
}

fn vars(pairs: &[(&str, &str)]) -> Vars {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn ask(call: &Call, vars: &Vars) -> KubeAsk {
    match Kubernetes::encode(&pinned(), call, Use::Act, vars).unwrap() {
        Exchange::Kube(ask) => ask,
        other => panic!("{other:?}"),
    }
}

fn answer(status: u16, body: &serde_json::Value) -> Answer {
    Answer::Kube { status, retry_after_s: None, body: Body::whole(body.to_string()), rival: None }
}

fn no(code: u16, reason: &str, message: &str) -> serde_json::Value {
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
           "reason": reason, "code": code})
}

#[test]
fn a_patch_names_its_object_and_escapes_its_values() {
    let asked = ask(&flip(), &vars(&[("arm", "blue\",\"x\":\"y")]));
    assert_eq!(asked.path(), "/api/v1/namespaces/docs/services/docs-live");
    assert_eq!(asked.merge.as_deref(), Some(r#"{"spec":{"selector":{"app":"docs-blue\",\"x\":\"y"}}}"#));
    assert_eq!(asked.cluster, KubeCluster::Context { kubeconfig: None, name: "prod-eu".to_owned() });
    assert_eq!(asked.server.as_deref(), Some("https://10.0.0.1:6443"));
}

#[test]
fn a_scale_asks_for_the_part_of_the_object() {
    let zero = call("scale = \"deployment/worker\"\nreplicas = 0");
    let asked = ask(&zero, &Vars::new());
    assert_eq!(asked.path(), "/apis/apps/v1/namespaces/docs/deployments/worker/scale");
    assert_eq!(asked.object, "/apis/apps/v1/namespaces/docs/deployments/worker");
    assert_eq!(asked.merge.as_deref(), Some(r#"{"spec":{"replicas":0}}"#));
    let back = call("scale = \"rollout/worker\"\nreplicas = \"${was}\"");
    assert_eq!(Kubernetes::templates(&back), ["rollout/worker", "${was}"]);
    let asked = ask(&back, &vars(&[("was", "3")]));
    assert_eq!(asked.path(), "/apis/argoproj.io/v1alpha1/namespaces/docs/rollouts/worker/scale");
    assert_eq!(asked.merge.as_deref(), Some(r#"{"spec":{"replicas":3}}"#));
    for many in ["-1", "three", "", "1e3", "3,\"x\":1"] {
        assert!(Kubernetes::encode(&pinned(), &back, Use::Act, &vars(&[("was", many)])).is_err(), "{many}");
    }
}

#[test]
fn a_look_patches_nothing() {
    let look = call("get = \"service/docs-live\"\nat = \"/spec/selector/app\"");
    let asked = ask(&look, &Vars::new());
    assert_eq!((asked.method(), asked.merge, asked.subresource), ("GET", None, None));
    let own = backend("in_cluster = true");
    let Ok(Exchange::Kube(asked)) = Kubernetes::encode(&own, &look, Use::Look, &Vars::new()) else { panic!() };
    assert_eq!((asked.cluster, asked.server), (KubeCluster::Own, None));
}

proptest! {
    #[test]
    fn no_value_of_a_name_leaves_its_segment(value in "\\PC{0,40}|[a-z0-9./%-]{0,20}") {
        let named = call("get = \"configmap/${name}\"\nat = \"/data\"");
        let encoded = Kubernetes::encode(&pinned(), &named, Use::Look, &vars(&[("name", &value)]));
        if let Ok(Exchange::Kube(asked)) = encoded {
            let name = asked.object.strip_prefix("/api/v1/namespaces/docs/configmaps/").unwrap();
            prop_assert!(name == value && !name.contains(['/', '%', '?', '#']) && !name.starts_with('.'));
        }
    }
}

#[test]
fn a_yes_is_applied_only_with_the_object() {
    let service = json!({"kind": "Service", "metadata": {"name": "docs-live", "resourceVersion": "812"}});
    let settled = Kubernetes::settle(&flip(), &Ok(answer(200, &service)));
    assert_eq!((settled.outcome, settled.detail.as_str()), (Outcome::Applied, "HTTP 200, now resourceVersion 812"));
    let page = Answer::Kube { status: 200, retry_after_s: None, body: Body::whole("<html>log in"), rival: None };
    for odd in [page, answer(200, &no(500, "InternalError", "etcd is gone")), answer(200, &json!("ok"))] {
        let settled = Kubernetes::settle(&flip(), &Ok(odd.clone()));
        assert_eq!(settled.outcome, Outcome::Unknown, "{odd:?}");
    }
}

#[test]
fn a_no_says_what_and_what_to_do() {
    let rows = [
        (400, no(400, "BadRequest", "unknown field \"spec.selctor\""), "unknown field \"spec.selctor\""),
        (401, no(401, "Unauthorized", "Unauthorized"), "credential was not accepted"),
        (403, no(403, "Forbidden", "services \"docs-live\" is forbidden: User \"ops\" cannot patch"), "User \"ops\""),
        (404, no(404, "NotFound", "services \"docs-live\" not found"), "services \"docs-live\" not found"),
        (409, no(409, "Conflict", "the object has been modified"), "someone changed it first"),
        (422, no(422, "Invalid", "spec.ports: Required value"), "spec.ports: Required value"),
        (429, no(429, "TooManyRequests", "too many requests"), "too many"),
        (307, json!({}), "no redirect"),
    ];
    for (status, body, said) in rows {
        let settled = Kubernetes::settle(&flip(), &Ok(answer(status, &body)));
        assert_eq!(settled.outcome, Outcome::Rejected, "{status}");
        assert!(settled.detail.as_str().contains(said), "{status}: {}", settled.detail);
    }
}

#[test]
fn nobody_knows_what_a_failing_server_did() {
    for status in [408, 500, 502, 503, 504, 100, 599] {
        let settled = Kubernetes::settle(&flip(), &Ok(answer(status, &no(status, "Timeout", "request timed out"))));
        assert_eq!(settled.outcome, Outcome::Unknown, "{status}");
        assert!(settled.detail.as_str().contains("timed out"), "{}", settled.detail);
    }
    let foreign = Ok(Answer::File(Body::whole("x").into()));
    assert_eq!(Kubernetes::settle(&flip(), &foreign).outcome, Outcome::Unknown);
}

#[test]
fn a_conflict_names_who_changed_it_last() {
    let rival = json!({"kind": "Service", "metadata": {"managedFields": [
        {"manager": "helm", "operation": "Update", "time": "2026-11-21T01:00:00Z"},
        {"manager": "kubectl-edit", "operation": "Update", "time": "2026-11-21T03:14:05Z"},
        {"manager": "no-time", "operation": "Apply"},
        {"manager": "goaround", "operation": "Update", "time": "2026-11-20T23:59:59Z"},
    ]}});
    let conflict = |rival: &str| Answer::Kube {
        status: 409,
        retry_after_s: None,
        body: Body::whole(no(409, "Conflict", "the object has been modified").to_string()),
        rival: Some(Body::whole(rival)),
    };
    let settled = Kubernetes::settle(&flip(), &Ok(conflict(&rival.to_string())));
    assert_eq!(settled.outcome, Outcome::Rejected);
    assert!(settled.detail.as_str().contains("last changed by kubectl-edit at 2026-11-21T03:14:05Z"), "{settled:?}");
    let by_status = json!({"metadata": {"managedFields": [
        {"manager": "kube-controller-manager", "time": "2026-11-21T03:14:05Z", "subresource": "status"}]}});
    let settled = Kubernetes::settle(&flip(), &Ok(conflict(&by_status.to_string())));
    assert!(settled.detail.as_str().contains("kube-controller-manager (its status) at"), "{settled:?}");
    for nobody in ["", "{}", "<html>", r#"{"metadata":{"managedFields":[]}}"#] {
        let settled = Kubernetes::settle(&flip(), &Ok(conflict(nobody)));
        assert!(!settled.detail.as_str().contains("last changed"), "{settled:?}");
    }
}

#[test]
fn too_many_requests_shows_how_long_to_wait() {
    let busy = Answer::Kube { status: 429, retry_after_s: Some(7), body: Body::default(), rival: None };
    let settled = Kubernetes::settle(&flip(), &Ok(busy));
    assert!(settled.detail.as_str().contains("fire again in 7 s"), "{}", settled.detail);
}

#[test]
fn a_look_sees_the_part_and_only_in_a_yes() {
    let look = call("get = \"service/docs-live\"\nat = \"/spec/selector/app\"");
    let service = json!({"kind": "Service", "spec": {"selector": {"app": "docs-green"}}});
    assert_eq!(Kubernetes::see(&look, &Ok(answer(200, &service))).value(), Some("docs-green"));
    assert!(matches!(Kubernetes::see(&look, &Ok(answer(200, &json!({})))), Seen::Absent(_)));
    for status in [301, 401, 403, 404, 500, 503] {
        match Kubernetes::see(&look, &Ok(answer(status, &no(status, "No", "because of the moon")))) {
            Seen::Failed(why) => assert!(why.as_str().contains("because of the moon"), "{why}"),
            other => panic!("{status}: {other:?}"),
        }
    }
    let cut = Body { bytes: service.to_string().into_bytes(), truncated: true };
    let cut = Answer::Kube { status: 200, retry_after_s: None, body: cut, rival: None };
    assert!(matches!(Kubernetes::see(&look, &Ok(cut)), Seen::Failed(_)));
}

#[test]
fn what_the_server_leaves_out_may_stand_for_a_value_and_a_missing_object_never() {
    let pods = call("get = \"deployment/ingest\"\nat = \"/status/replicas\"\notherwise = \"0\"");
    let none = json!({"kind": "Deployment", "status": {"observedGeneration": 4}});
    assert_eq!(Kubernetes::see(&pods, &Ok(answer(200, &none))).value(), Some("0"));
    let some = json!({"kind": "Deployment", "status": {"replicas": 2}});
    assert_eq!(Kubernetes::see(&pods, &Ok(answer(200, &some))).value(), Some("2"));
    let gone = no(404, "NotFound", "deployments.apps \"ingest\" not found");
    assert!(matches!(Kubernetes::see(&pods, &Ok(answer(404, &gone))), Seen::Failed(_)));
    assert!(
        faults("scale = \"deployment/ingest\"\nreplicas = 0\notherwise = \"0\"", Use::Act)[0].contains("otherwise")
    );
}

/// The faults of a call, as `key: what; hint`.
fn faults(text: &str, r#use: Use) -> Vec<String> {
    let told = |fault: Complaint| format!("{}: {}; {}", fault.key, fault.what, fault.hint);
    Kubernetes::check_call(&call(text), r#use).into_iter().map(told).collect()
}

#[test]
fn sound_calls_have_no_fault() {
    let acts = [
        "patch = \"service/docs-live\"\nmerge = '{\"spec\":{\"selector\":{\"app\":\"${to}\"}}}'",
        "patch = \"cronjob/reindex.v2\"\nmerge = '{\"spec\":{\"suspend\":true}}'",
        "patch = \"ingress/${name}\"\nmerge = '{\"metadata\":{\"annotations\":{\"a\":null}}}'",
        "scale = \"statefulset/worker\"\nreplicas = \"${was}\"",
        "scale = \"deployment/worker\"\nreplicas = 0",
    ];
    for act in acts {
        assert_eq!(faults(act, Use::Act), [""; 0], "{act}");
    }
    assert_eq!(faults("get = \"deployment/worker\"\nat = \"/spec/replicas\"", Use::Look), [""; 0]);
}

#[test]
fn what_is_wrong_with_a_call_is_said_with_a_way_out() {
    let merge = "\nmerge = '{\"spec\":{}}'";
    let acts = [
        (format!("patch = \"sevice/docs\"{merge}"), "write `service`"),
        (format!("patch = \"svc/docs\"{merge}"), "write `service`"),
        (format!("patch = \"ingresses/docs\"{merge}"), "write `ingress`"),
        (format!("patch = \"Deployment/docs\"{merge}"), "write `deployment`"),
        (format!("patch = \"secret/docs\"{merge}"), "no resource known"),
        (format!("patch = \"docs-live\"{merge}"), "is not `resource/name`"),
        (format!("patch = \"service/Docs\"{merge}"), "no name of an object"),
        (format!("patch = \"service/a/../b\"{merge}"), "no name of an object"),
        (format!("patch = \"service/${{x\"{merge}"), "no closing brace"),
        (format!("get = \"service/a\"{merge}"), "changes nothing"),
        ("patch = \"service/a\"".into(), "has no `merge`"),
        (format!("scale = \"deployment/a\"\nreplicas = 1{merge}"), "merge: has no `patch`"),
        ("scale = \"deployment/a\"".into(), "has no `replicas`"),
        (format!("patch = \"service/a\"\nreplicas = 1{merge}"), "replicas: has no `scale`"),
        ("scale = \"service/a\"\nreplicas = 1".into(), "deployment, replicaset, rollout, statefulset"),
        ("scale = \"deployment/a\"\nreplicas = \"2\"".into(), "is no number"),
        ("patch = \"service/a\"\nmerge = '[]'".into(), "no JSON object"),
        ("patch = \"service/a\"\nmerge = '{}'".into(), "changes nothing"),
        ("patch = \"service/a\"\nmerge = '{\"spec\": ${x}}'".into(), "is no JSON"),
        ("patch = \"service/a\"\nmerge = '{\"metadata\": null}'".into(), "replaces all of `metadata`"),
        (
            r#"patch = "service/a"
            merge = '{"metadata":{"resourceVersion":"${v}"}}'"#
                .into(),
            "holds a resourceVersion",
        ),
        (format!("patch = \"service/a\"\nat = \"/x\"{merge}"), "at: does nothing here"),
        (format!("patch = \"service/a\"\nscale = \"deployment/a\"\nreplicas = 1{merge}"), "exactly one of"),
        (String::new(), "has none of get, patch, scale"),
    ];
    for (act, said) in acts {
        let found = faults(&act, Use::Act);
        assert!(found.iter().any(|fault| fault.contains(said)), "{act}: {found:?}");
    }
    let looks = [
        (format!("patch = \"service/a\"{merge}"), "changes something"),
        ("scale = \"deployment/a\"\nreplicas = 1".into(), "replicas: does nothing here"),
        ("get = \"service/a\"".into(), "has no `at`"),
        ("get = \"service/a\"\nat = \"spec\"".into(), "no JSON pointer"),
    ];
    for (look, said) in looks {
        let found = faults(&look, Use::Look);
        assert!(found.iter().any(|fault| fault.contains(said)), "{look}: {found:?}");
    }
}

#[test]
fn a_cluster_is_pinned_or_refused() {
    assert_eq!(Kubernetes::check_backend(&pinned()), []);
    assert_eq!(Kubernetes::check_backend(&backend("in_cluster = true")), []);
    assert_eq!(Kubernetes::check_backend(&backend("context = \"a\"\nkubeconfig = \"/etc/kube\"")), []);
    let rows = [
        ("", "has no `context`"),
        ("context = \" \"", "is empty"),
        ("context = \"a\"\nin_cluster = true", "stands beside"),
        ("kubeconfig = \"/k\"\nin_cluster = true", "stands beside"),
        ("context = \"a\"\nkubeconfig = \"k\"", "not absolute"),
        ("context = \"a\"\nserver = \"10.0.0.1\"", "no address"),
        ("context = \"a\"\nserver = \"https://ops:hush@10.0.0.1\"", "no address"),
    ];
    for (text, said) in rows {
        let found = Kubernetes::check_backend(&backend(text));
        assert!(found.len() == 1 && found[0].what.contains(said), "{text}: {found:?}");
        assert!(!format!("{found:?}").contains("hush"));
    }
    for namespace in ["", "Docs", "a.b", "a/b", "${x}", "-a", &"a".repeat(64)] {
        let found = Kubernetes::check_backend(&Backend { namespace: namespace.to_owned(), ..pinned() });
        assert_eq!(found.len(), 1, "{namespace}");
    }
}

#[test]
fn every_resource_is_found_by_its_name_alone() {
    for resource in RESOURCES {
        let object = format!("{}/x", resource.name);
        assert_eq!(resources::split("get", &object).unwrap().0.plural, resource.plural);
        assert_eq!(RESOURCES.iter().filter(|other| other.name == resource.name).count(), 1);
        let hint = resources::split("get", &format!("{}/x", resource.plural)).unwrap_err().hint;
        assert_eq!(hint, format!("write `{}`", resource.name));
    }
    assert!(RESOURCES.is_sorted_by_key(|resource| resource.name));
}
