//! Kubernetes, against `fake_kube_api`: a small HTTPS server with the shapes of the public documents, since no API
//! server was at hand. What the kubeconfigs lead to, what is sent, and how far each failure got.

#[path = "kube_fake.rs"]
mod fake;

use super::{carriers, lost, not_sent, refused};
use fake::{Access, Cut, FakeKubeApi, conflict, service, status};
use goaround::{
    backend::{Carriers, Secrets},
    kind::{Answer, Body, Exchange, Fault, KubeAsk, KubeCluster, Use},
    text::SecretRef,
};
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
async fn a_context_that_leads_elsewhere_sends_nothing_and_both_are_named() {
    let api = FakeKubeApi::start(Access::Token).await;
    let pinned = Some("https://10.0.0.1:6443".to_owned());
    let text = not_sent(perform(KubeAsk { server: pinned, ..flip(&api) }).await);
    assert!(text.contains("https://10.0.0.1:6443") && text.contains(&api.server()), "{text}");
    assert!(api.seen().is_empty());
    answered(perform(KubeAsk { server: Some(format!("{}/", api.server())), ..look(&api) }).await);
}

#[tokio::test]
async fn the_current_context_is_never_used() {
    let api = FakeKubeApi::start(Access::Token).await;
    let other = |name: &str| KubeCluster::Context { kubeconfig: Some(api.kubeconfig()), name: name.to_owned() };
    let text = not_sent(perform(KubeAsk { cluster: other("prod-ue"), ..flip(&api) }).await);
    assert!(text.contains("no context `prod-ue`; did you mean `prod-eu`?"), "{text}");
    let text = not_sent(perform(KubeAsk { cluster: other("x"), ..flip(&api) }).await);
    assert!(text.contains("it has: prod-eu, staging"), "{text}");
    assert!(api.seen().is_empty());
}

#[tokio::test]
async fn a_kubeconfig_that_cannot_be_used_says_why_without_a_line_of_it() {
    let rows: &[(&str, &str, &str)] = &[
        ("token: s3same-0pen", "token: [s3same-0pen", "no sound kubeconfig at line"),
        ("user: commander", "user: nobody", "names user `nobody`, who is not there"),
        ("cluster: eu", "cluster: us", "names cluster `us`, which is not there"),
        ("certificate-authority-data: ", "certificate-authority-data: s3same-0pen", "is no base64"),
        ("    certificate-authority-data: ", "    insecure-skip-tls-verify: true\n    x: ", "skips TLS verification"),
        ("    certificate-authority-data: ", "    proxy-url: http://127.0.0.1:3128\n    x: ", "goes through a proxy"),
        ("    certificate-authority-data: ", "    tls-server-name: kube\n    x: ", "by another name"),
        ("token: s3same-0pen", "auth-provider: {name: gcp}", "auth-provider"),
        ("token: s3same-0pen", "tokenFile: gone", "gone: No such file"),
        ("token: s3same-0pen", "client-key-data: czNzYW1lLTBwZW4=", "the client key has no certificate"),
    ];
    for (was, is, said) in rows {
        let api = FakeKubeApi::start(Access::Token).await;
        api.edit(|text| {
            assert!(text.contains(was), "{was}");
            text.replacen(was, is, 1)
        });
        let text = not_sent(perform(flip(&api)).await);
        assert!(text.contains(said) && !text.contains("s3same-0pen"), "{is}: {text}");
        assert!(api.seen().is_empty());
    }
    let api = FakeKubeApi::start(Access::Token).await;
    std::fs::remove_file(api.kubeconfig()).unwrap();
    let text = not_sent(perform(flip(&api)).await);
    assert!(text.contains("No such file"), "{text}");
    let text = not_sent(perform(KubeAsk { cluster: KubeCluster::Own, ..flip(&api) }).await);
    assert!(text.contains("no pod of a cluster"), "{text}");
}

#[tokio::test]
async fn a_token_file_is_read_each_time() {
    let api = FakeKubeApi::start(Access::TokenFile).await;
    answered(perform(look(&api)).await);
    std::fs::write(api.folder().join("token"), "another-0ne\n").unwrap();
    answered(perform(look(&api)).await);
    let tokens: Vec<_> = api.seen().iter().map(|seen| seen.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["Bearer s3same-0pen", "Bearer another-0ne"]);
}

#[tokio::test]
async fn a_client_certificate_opens_a_server_that_wants_one() {
    let api = FakeKubeApi::start(Access::Certificate).await;
    answered(perform(flip(&api)).await);
    api.edit(|text| text.replace("client-", "x-client-"));
    not_sent(perform(flip(&api)).await);
    assert_eq!(api.seen().len(), 2, "nobody in particular was let in");
}

#[tokio::test]
async fn whom_a_user_acts_as_is_said() {
    let api = FakeKubeApi::start(Access::Token).await;
    api.edit(|text| text.replace("token: ", "as: reader\n    as-groups: [ops, sre]\n    token: "));
    answered(perform(look(&api)).await);
    let seen = &api.seen()[0];
    assert_eq!(seen.header("impersonate-user"), Some("reader"));
    assert_eq!(seen.all("impersonate-group"), ["ops", "sre"]);
}

#[tokio::test]
async fn no_credential_travels_in_the_clear() {
    let api = FakeKubeApi::start_plain(Access::Token).await;
    answered(perform(flip(&api)).await);
    assert!(api.seen().iter().all(|seen| seen.header("authorization").is_none()), "{:?}", api.seen());
}

#[tokio::test]
async fn a_credential_that_comes_back_is_cut_out() {
    let api = FakeKubeApi::start(Access::Token).await;
    api.answer("PATCH", 401, status(401, "token s3same-0pen is unknown"));
    let (_, body) = answered(perform(flip(&api)).await);
    assert_eq!(body["message"], "token [redacted] is unknown");
}

#[tokio::test]
async fn a_plugin_gives_the_token_and_is_asked_again_only_after_a_refusal() {
    let api = FakeKubeApi::start(Access::Plugin).await;
    let count = "echo run >> \"$HOME_OF_TEST/runs\"";
    api.plugin(&format!("{count}\n{}", fake::prints(&json!({"token": "s3same-0pen"}))));
    let carriers = carriers();
    let ask = Exchange::Kube(look(&api));
    for _ in 0..2 {
        answered(carriers.perform(&ask, Use::Look, 10_000).await);
    }
    let runs = || std::fs::read_to_string(api.folder().join("runs")).unwrap().lines().count();
    assert_eq!(runs(), 1);
    assert_eq!(api.seen()[1].header("authorization"), Some("Bearer s3same-0pen"));
    api.answer("GET", 401, status(401, "Unauthorized"));
    assert_eq!(answered(carriers.perform(&ask, Use::Look, 10_000).await).0, 401);
    assert_eq!((runs(), api.seen().len()), (1, 3), "a refusal is an answer, nothing is tried again by itself");
    carriers.perform(&ask, Use::Look, 10_000).await.unwrap();
    assert_eq!(runs(), 2);
}

#[tokio::test]
async fn a_credential_past_its_time_is_asked_for_again() {
    let api = FakeKubeApi::start(Access::Plugin).await;
    let old = json!({"token": "s3same-0pen", "expirationTimestamp": "2020-01-01T00:00:00Z"});
    api.plugin(&format!("echo run >> \"$HOME_OF_TEST/runs\"\n{}", fake::prints(&old)));
    let carriers = carriers();
    for _ in 0..2 {
        answered(carriers.perform(&Exchange::Kube(look(&api)), Use::Look, 10_000).await);
    }
    assert_eq!(std::fs::read_to_string(api.folder().join("runs")).unwrap().lines().count(), 2);
}

#[tokio::test]
async fn a_plugin_may_give_a_certificate() {
    let api = FakeKubeApi::start(Access::PluginCertificate).await;
    let read = |name: &str| std::fs::read_to_string(api.folder().join(name)).unwrap();
    let pair = json!({"clientCertificateData": read("client.pem"), "clientKeyData": read("client.key")});
    api.plugin(&fake::prints(&pair));
    answered(perform(flip(&api)).await);
}

#[tokio::test]
async fn a_plugin_that_fails_sends_nothing_and_what_it_printed_is_not_repeated() {
    let rows = [
        ("echo 'log in first: aws sso login' >&2; exit 7", "ended with code 7: log in first: aws sso login"),
        ("echo '{\"status\":{\"token\":\"s3same-0pen\"'", "no ExecCredential"),
        ("echo '{\"kind\":\"ExecCredential\"}'", "has no status"),
        ("echo '{\"status\":{}}'", "neither a token nor a certificate"),
        ("echo '{\"status\":{\"clientKeyData\":\"s3same-0pen\"}}'", "half of a certificate"),
        ("kill -9 $$", "killed by signal 9"),
        // Nobody answers: there is no terminal to ask on, and standard input is empty.
        ("read -r answer </dev/tty || { echo 'no terminal' >&2; exit 1; }", "no terminal"),
        ("read -r answer || { echo 'no answer' >&2; exit 1; }", "no answer"),
    ];
    for (script, said) in rows {
        let api = FakeKubeApi::start(Access::Plugin).await;
        api.plugin(script);
        let text = not_sent(perform(flip(&api)).await);
        assert!(text.contains(said) && !text.contains("s3same"), "{script}: {text}");
        assert!(api.seen().is_empty());
    }
    let api = FakeKubeApi::start(Access::Plugin).await;
    api.edit(|text| text.replace("command: ", "installHint: brew install x\n      command: /nowhere"));
    let text = not_sent(perform(flip(&api)).await);
    assert!(text.contains("could not be started") && text.contains("brew install x"), "{text}");
    api.edit(|text| text.replace("interactiveMode: Never", "interactiveMode: Always"));
    assert!(not_sent(perform(flip(&api)).await).contains("ask a person"));
}

#[tokio::test]
async fn a_plugin_that_waits_is_killed_at_the_deadline_and_sent_nothing() {
    let api = FakeKubeApi::start(Access::Plugin).await;
    api.plugin("echo $$ > \"$HOME_OF_TEST/pid\"\nprintf 's3same-0pen'\nsleep 60");
    let began = Instant::now();
    let text = not_sent(carriers().perform(&Exchange::Kube(flip(&api)), Use::Act, 1500).await);
    assert!(text.contains("no credential within 1500 ms and was killed") && !text.contains("s3same"), "{text}");
    assert!(began.elapsed() < Duration::from_secs(6));
    let pid = std::fs::read_to_string(api.folder().join("pid")).unwrap();
    assert!(!std::path::Path::new("/proc").join(pid.trim()).exists(), "it still runs");
}

#[tokio::test]
async fn a_plugin_is_told_what_is_asked_of_it_and_none_of_the_playbooks_secrets() {
    let api = FakeKubeApi::start(Access::Plugin).await;
    let given = fake::prints(&json!({"token": "s3same-0pen"}));
    api.plugin(&format!("env > \"$HOME_OF_TEST/env\"\necho \"$1\" > \"$HOME_OF_TEST/arg\"\n{given}"));
    let secrets = Secrets::resolve(&[SecretRef::Env("CARGO_MANIFEST_DIR".to_owned())]).unwrap();
    let carriers = Carriers::new(secrets).unwrap();
    answered(carriers.perform(&Exchange::Kube(look(&api)), Use::Look, 10_000).await);
    let env = std::fs::read_to_string(api.folder().join("env")).unwrap();
    assert!(env.lines().any(|line| line.starts_with("PATH=")), "{env}");
    assert!(!env.contains("CARGO_MANIFEST_DIR="), "{env}");
    let info = env.lines().find_map(|line| line.strip_prefix("KUBERNETES_EXEC_INFO=")).unwrap();
    let info: Value = serde_json::from_str(info).unwrap();
    assert_eq!((&info["kind"], &info["spec"]["interactive"]), (&json!("ExecCredential"), &json!(false)));
    assert_eq!(info["spec"]["cluster"]["server"], api.server());
    assert_eq!(std::fs::read_to_string(api.folder().join("arg")).unwrap(), "get-token\n");
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
