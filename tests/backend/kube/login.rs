//! Where a kubeconfig leads, and as whom: contexts, tokens, certificates, exec plugins.

use super::fake::{self, Access, FakeKubeApi, status};
use super::{answered, flip, look, perform};
use crate::{carriers, not_sent};
use goaround::{
    backend::{Carriers, Secrets},
    kind::{Exchange, KubeAsk, KubeCluster, Use},
    text::SecretRef,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

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
async fn looks_at_the_same_time_start_one_plugin() {
    let api = FakeKubeApi::start(Access::Plugin).await;
    api.plugin(&format!("echo run >> \"$HOME_OF_TEST/runs\"\n{}", fake::prints(&json!({"token": "s3same-0pen"}))));
    let (carriers, ask) = (carriers(), Exchange::Kube(look(&api)));
    let both = tokio::join!(carriers.perform(&ask, Use::Look, 10_000), carriers.perform(&ask, Use::Look, 10_000));
    assert_eq!((answered(both.0).0, answered(both.1).0), (200, 200));
    assert_eq!(std::fs::read_to_string(api.folder().join("runs")).unwrap().lines().count(), 1);
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
