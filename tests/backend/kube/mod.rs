//! Kubernetes, against `fake_kube_api`: a small HTTPS server with the shapes of the public documents, since no API
//! server was at hand. What is sent, and how far each failure got.

mod fake;
mod login;

use super::{carriers, lost, not_sent, refused};
use fake::{Access, Cut, FakeKubeApi, conflict, service, status};
use goaround::kind::{Answer, Body, Exchange, Fault, KubeAsk, KubeCluster, Use};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const OBJECT: &str = "/api/v1/namespaces/docs/services/docs-live";

fn look(api: &FakeKubeApi) -> KubeAsk {
    let name = "prod-eu".to_owned();
    KubeAsk {
        cluster: KubeCluster::Context { kubeconfig: Some(api.kubeconfig()), name },
        server: None,
        object: OBJECT.to_owned(),
        subresource: None,
        merge: None,
    }
}

fn flip(api: &FakeKubeApi) -> KubeAsk {
    KubeAsk { merge: Some(r#"{"spec":{"selector":{"app":"docs-blue"}}}"#.to_owned()), ..look(api) }
}

async fn perform(ask: KubeAsk) -> Result<Answer, Fault> {
    carriers().perform(&Exchange::Kube(ask), Use::Act, 10_000).await
}

#[track_caller]
fn answered(result: Result<Answer, Fault>) -> (u16, Value) {
    match result {
        Ok(Answer::Kube { status, body, .. }) => (status, serde_json::from_slice(&body.bytes).unwrap()),
        other => panic!("no answer: {other:?}"),
    }
}

#[tokio::test]
async fn a_look_is_one_get_with_the_contexts_token() {
    let api = FakeKubeApi::start(Access::Token).await;
    let (code, object) = answered(perform(look(&api)).await);
    assert_eq!((code, &object["spec"]["selector"]["app"]), (200, &json!("docs-green")));
    let [seen] = &api.seen()[..] else { panic!("{:?}", api.seen()) };
    assert_eq!(seen.line, format!("GET {OBJECT} HTTP/1.1"));
    assert_eq!(seen.header("authorization"), Some("Bearer s3same-0pen"));
}

#[tokio::test]
async fn a_patch_is_sent_once_with_the_version_just_read() {
    let api = FakeKubeApi::start(Access::Token).await;
    let (code, object) = answered(perform(flip(&api)).await);
    assert_eq!((code, &object["spec"]["selector"]["app"]), (200, &json!("docs-blue")));
    let [read, patched] = &api.seen()[..] else { panic!("{:?}", api.seen()) };
    assert_eq!(read.line, format!("GET {OBJECT} HTTP/1.1"));
    assert_eq!(patched.line, format!("PATCH {OBJECT}?fieldManager=goaround&fieldValidation=Strict HTTP/1.1"));
    assert_eq!(patched.header("content-type"), Some("application/merge-patch+json"));
    let sent = json!({"metadata": {"resourceVersion": "41"}, "spec": {"selector": {"app": "docs-blue"}}});
    assert_eq!(serde_json::from_str::<Value>(&patched.body).unwrap(), sent);
}

#[tokio::test]
async fn a_scale_reads_and_patches_the_scale() {
    let api = FakeKubeApi::start(Access::Token).await;
    let ask = KubeAsk { subresource: Some("scale".to_owned()), ..flip(&api) };
    let own_labels = r#"{"metadata":{"labels":{"frozen":"yes"}},"spec":{"replicas":0}}"#;
    answered(perform(KubeAsk { merge: Some(own_labels.to_owned()), ..ask }).await);
    let seen = api.seen();
    assert!(seen.iter().all(|request| request.line.contains("/docs-live/scale")), "{seen:?}");
    let sent: Value = serde_json::from_str(&seen[1].body).unwrap();
    assert_eq!(sent["metadata"], json!({"labels": {"frozen": "yes"}, "resourceVersion": "41"}));
}

#[tokio::test]
async fn a_change_in_between_is_a_conflict_with_the_object_that_names_who() {
    let api = FakeKubeApi::start(Access::Token).await;
    api.change_before_the_patch();
    match perform(KubeAsk { subresource: Some("scale".to_owned()), ..flip(&api) }).await {
        Ok(Answer::Kube { status: 409, body, rival: Some(rival), .. }) => {
            assert_eq!(serde_json::from_slice::<Value>(&body.bytes).unwrap(), conflict());
            let rival: Value = serde_json::from_slice(&rival.bytes).unwrap();
            assert_eq!(rival["metadata"]["managedFields"][0]["manager"], "kubectl-edit");
        }
        other => panic!("{other:?}"),
    }
    let lines: Vec<String> = api.seen().iter().map(|request| request.line.clone()).collect();
    assert_eq!(lines.iter().filter(|line| line.starts_with("PATCH")).count(), 1, "{lines:?}");
    // A scale holds no managedFields; the object it belongs to does.
    assert_eq!(lines.last().unwrap(), &format!("GET {OBJECT} HTTP/1.1"));
    assert_eq!(api.selector(), "docs-red", "nothing was overwritten");
}

#[tokio::test]
async fn a_refusal_to_show_the_object_ends_the_lever_before_its_patch() {
    for code in [301, 401, 403, 404, 410, 422, 429] {
        let api = FakeKubeApi::start(Access::Token).await;
        api.answer("GET", code, status(code, "services \"docs-live\" not found"));
        let (seen, body) = answered(perform(flip(&api)).await);
        assert_eq!((seen, &body["code"]), (code, &json!(code)));
        assert_eq!(api.seen().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_refusal_of_the_patch_is_an_answer_and_nothing_is_repeated() {
    for code in [401, 403, 404, 422, 429, 500, 503, 504] {
        let api = FakeKubeApi::start(Access::Token).await;
        api.answer("PATCH", code, status(code, "no"));
        match perform(flip(&api)).await {
            Ok(Answer::Kube { status, retry_after_s, rival, .. }) => {
                assert_eq!((status, retry_after_s, rival), (code, Some(7), None));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(api.seen().len(), 2, "{code}");
    }
}

#[tokio::test]
async fn a_look_that_fails_before_the_patch_sent_nothing() {
    for code in [408, 500, 503] {
        let api = FakeKubeApi::start(Access::Token).await;
        api.answer("GET", code, status(code, "etcdserver: leader changed"));
        let text = not_sent(perform(flip(&api)).await);
        assert!(text.contains(&format!("HTTP {code}")), "{text}");
    }
    let api = FakeKubeApi::start(Access::Token).await;
    api.answer("GET", 200, json!({"kind": "Login"}));
    assert!(not_sent(perform(flip(&api)).await).contains("no resourceVersion"));
    for cut in [Cut::Unanswered, Cut::HalfAnswered] {
        let api = FakeKubeApi::start(Access::Token).await;
        api.cut("GET", cut);
        let text = not_sent(perform(flip(&api)).await);
        assert!(text.contains("the look before the patch failed"), "{text}");
        assert_eq!(api.seen().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_to_the_patch_that_is_lost_is_lost() {
    for cut in [Cut::Unanswered, Cut::HalfAnswered] {
        let api = FakeKubeApi::start(Access::Token).await;
        api.cut("PATCH", cut);
        lost(perform(flip(&api)).await);
        assert_eq!(api.seen().len(), 2);
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_at_the_total_deadline() {
    for (method, sent) in [("GET", false), ("PATCH", true)] {
        let api = FakeKubeApi::start(Access::Token).await;
        api.cut(method, Cut::Hangs);
        let began = Instant::now();
        let result = carriers().perform(&Exchange::Kube(flip(&api)), Use::Act, 2000).await;
        let text = if sent { lost(result) } else { not_sent(result) };
        assert!(text.contains("no answer within 2000 ms"), "{text}");
        assert_eq!(text.contains("may have been done"), sent, "{text}");
        assert!(began.elapsed() < Duration::from_secs(6));
    }
}

#[tokio::test]
async fn a_look_never_patches() {
    let api = FakeKubeApi::start(Access::Token).await;
    not_sent(carriers().perform(&Exchange::Kube(flip(&api)), Use::Look, 5_000).await);
    assert!(api.seen().is_empty());
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_refused() {
    let api = FakeKubeApi::start(Access::Token).await;
    let stranger = FakeKubeApi::start(Access::Token).await;
    api.edit(|text| text.replace(&api.server(), &stranger.server()));
    let text = refused(perform(flip(&api)).await);
    assert!(text.contains("certificate"), "{text}");
    assert!(stranger.seen().is_empty());
}

#[tokio::test]
async fn a_server_that_is_down_sent_nothing() {
    let api = FakeKubeApi::start(Access::Token).await;
    api.edit(|text| text.replace(&api.server(), "https://127.0.0.1:1"));
    let text = not_sent(perform(flip(&api)).await);
    assert!(text.contains("Connection refused"), "{text}");
}

#[tokio::test]
async fn an_object_longer_than_the_cap_is_cut_and_never_patched() {
    let api = FakeKubeApi::start(Access::Token).await;
    let mut huge = service("docs-green", 41);
    huge["metadata"]["annotations"] = json!({"a": "x".repeat(Body::MAX_BYTES)});
    api.answer("GET", 200, huge);
    not_sent(perform(flip(&api)).await);
    match perform(look(&api)).await {
        Ok(Answer::Kube { body, .. }) => assert!(body.truncated),
        other => panic!("{other:?}"),
    }
}
