//! Tools that are not at hand: what a shell hands over to them.

use super::{HOSTILE, told};
use goaround::{
    kind::{Exchange, KubeAsk, KubeCluster, NatsAsk, NatsAuth},
    text::SecretRef,
};
use std::path::PathBuf;

/// The words a tool would be called with, after the value that `variable` has for it.
#[track_caller]
fn words(exchange: &Exchange, (tool, variable): (&str, &str)) -> Vec<String> {
    let line = exchange.pasted().expect("there is a line");
    assert!(!line.contains("b'u s"), "a secret stands in {line}");
    let shown = told(&format!("{tool}() {{ printf '%s\\0' \"${variable}\" \"$@\"; }}; {line}"));
    shown.strip_suffix('\0').expect("it was called").split('\0').map(str::to_owned).collect()
}

const NATS: (&str, &str) = ("nats", "NATS_PASSWORD");
const KUBECTL: (&str, &str) = ("kubectl", "KUBECONFIG");

fn bus(subject: &str, payload: &str) -> NatsAsk {
    NatsAsk {
        address: "127.0.0.1:4222".into(),
        tls: false,
        ca_file: None,
        auth: None,
        subject: subject.into(),
        payload: payload.into(),
    }
}

#[test]
fn a_pause_of_a_consumer_is_a_request_of_the_nats_command() {
    let pause = bus("$JS.API.CONSUMER.PAUSE.jobs.worker", r#"{"pause_until":"2026-11-21T04:00:00Z"}"#);
    let line = Exchange::Nats(pause).pasted().unwrap();
    let wanted = "nats --no-context --server nats://127.0.0.1:4222 request -- '$JS.API.CONSUMER.PAUSE.jobs.worker' \
                  '{\"pause_until\":\"2026-11-21T04:00:00Z\"}'";
    assert_eq!(line, wanted);
}

#[test]
fn a_payload_reaches_nats_byte_for_byte_once_its_templates_are_read() {
    for payload in HOSTILE {
        let words = words(&Exchange::Nats(bus("jobs.$(id)", payload)), NATS);
        let [.., dashes, subject, sent] = &words[..] else { panic!("{words:?}") };
        assert_eq!((&dashes[..], &subject[..]), ("--", "jobs.$(id)"));
        // What Go makes of a template that holds nothing but its own opening as a string.
        assert_eq!(sent.replace("{{\"{{\"}}", "{{"), payload);
        assert!(!sent.replace("{{\"{{\"}}", "").contains("{{"), "{sent} still holds a template");
    }
}

#[test]
fn who_asks_nats_is_told_in_the_environment_and_by_files() {
    let secret = || SecretRef::Env("BUS".into());
    let ask = |auth| NatsAsk { auth: Some(auth), tls: true, ca_file: Some("/etc/c a.pem".into()), ..bus("a", "") };
    let user = NatsAuth::Password { user: "-o'ps".into(), password: secret() };
    let told = words(&Exchange::Nats(ask(user)), NATS);
    let server = ["--no-context", "--server", "tls://127.0.0.1:4222"];
    assert_eq!(told[..4], [["b'u s"].as_slice(), &server].concat());
    assert_eq!(told[4..], ["--user", "-o'ps", "--tlsca", "/etc/c a.pem", "request", "--", "a", ""]);
    let told = words(&Exchange::Nats(ask(NatsAuth::Token(secret()))), ("nats", "NATS_USER"));
    assert_eq!((&told[0][..], &told[4..6]), ("b'u s", &["--tlsca".to_owned(), "/etc/c a.pem".to_owned()][..]));
    let creds = NatsAuth::Creds(SecretRef::File("/run/ops creds".into()));
    assert_eq!(words(&Exchange::Nats(ask(creds)), NATS)[4..6], ["--creds", "/run/ops creds"]);
}

#[test]
fn what_the_nats_command_cannot_be_told_is_no_line() {
    assert_eq!(Exchange::Nats(bus("jobs.{{Count}}", "")).pasted(), None);
    assert_eq!(Exchange::Nats(bus("jobs", "\u{1b}[201~id")).pasted(), None);
    let creds = Some(NatsAuth::Creds(SecretRef::Env("BUS".into())));
    assert_eq!(Exchange::Nats(NatsAsk { auth: creds, ..bus("jobs", "") }).pasted(), None);
}

fn object(path: &str, merge: &str) -> KubeAsk {
    KubeAsk {
        cluster: KubeCluster::Context { kubeconfig: None, name: "prod-eu".into() },
        server: None,
        object: path.into(),
        subresource: None,
        merge: Some(merge.into()),
    }
}

fn scale(merge: &str) -> KubeAsk {
    let path = "/apis/apps/v1/namespaces/docs/deployments/etl";
    KubeAsk { subresource: Some("scale".into()), ..object(path, merge) }
}

#[test]
fn a_patch_and_a_scale_are_lines_of_kubectl() {
    let service = "/api/v1/namespaces/docs/services/docs-live";
    let flip = object(service, r#"{"spec":{"selector":{"app":"docs-blue"}}}"#);
    let own = KubeAsk { cluster: KubeCluster::Own, ..flip.clone() };
    let looks = KubeAsk { merge: None, ..flip.clone() };
    let labelled = r#"{"metadata":{"labels":{"frozen":"yes"}},"spec":{"replicas":0}}"#;
    let cases = [
        (
            flip,
            "kubectl --context prod-eu -n docs patch services.v1. docs-live --type=merge -p \
             '{\"spec\":{\"selector\":{\"app\":\"docs-blue\"}}}'",
        ),
        (
            scale(r#"{"spec":{"replicas":0}}"#),
            "kubectl --context prod-eu -n docs scale deployments.v1.apps etl --replicas=0",
        ),
        (
            scale(labelled),
            "kubectl --context prod-eu -n docs patch deployments.v1.apps etl --subresource=scale --type=merge -p \
             '{\"metadata\":{\"labels\":{\"frozen\":\"yes\"}},\"spec\":{\"replicas\":0}}'",
        ),
        (looks, "kubectl --context prod-eu get --raw /api/v1/namespaces/docs/services/docs-live"),
        (
            KubeAsk { merge: Some("{}".into()), ..own },
            "KUBECONFIG=/dev/null kubectl -n docs patch services.v1. docs-live --type=merge -p '{}'",
        ),
    ];
    for (ask, line) in cases {
        assert_eq!(Exchange::Kube(ask).pasted().as_deref(), Some(line));
    }
}

#[test]
fn a_patch_reaches_kubectl_byte_for_byte_and_so_does_its_cluster() {
    for value in HOSTILE {
        let merge = serde_json::json!({ "data": { "sync": value } }).to_string();
        let file = PathBuf::from(format!("/etc/{value}"));
        let cluster = KubeCluster::Context { kubeconfig: Some(file), name: value.into() };
        let path = "/apis/networking.istio.io/v1/namespaces/docs/virtualservices/edge";
        let ask = KubeAsk { cluster, server: Some("https://10.0.0.1:6443".into()), ..object(path, &merge) };
        let wanted = [
            ["", "--kubeconfig", &format!("/etc/{value}"), "--context", value, "--server", "https://10.0.0.1:6443"],
            ["-n", "docs", "patch", "virtualservices.v1.networking.istio.io", "edge", "--type=merge", "-p"],
        ];
        let wanted = [wanted.as_flattened(), &[&merge[..]]].concat();
        assert_eq!(words(&Exchange::Kube(ask), KUBECTL), wanted);
    }
}

#[test]
fn an_object_that_no_line_of_kubectl_names_is_no_line() {
    assert_eq!(Exchange::Kube(object("/api/v1/nodes/eu-1", "{}")).pasted(), None);
    let held = KubeAsk { cluster: KubeCluster::Own, server: Some("https://10.0.0.1".into()), ..scale("{}") };
    assert_eq!(Exchange::Kube(held).pasted(), None);
}
