//! Rollbacks of what a cluster runs, by fakes of the programs and of the server that are asked: no cluster is to be had here.

use super::fake_kube::FakeKube;
use super::harness::{Flight, is_not_sent, is_rejected};
use goaround::kind::Outcome;
use serde_json::json;
use std::{fs, path::Path};

/// A folder that a fake program keeps its cluster in.
fn cluster(file: &str, content: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join(file), content).expect("a folder of the test's own");
    fs::write(folder.path().join("arm"), "green\n").expect("a folder of the test's own");
    folder
}

fn flight(folder: &Path, uses: &str) -> Flight {
    let (folder, fakes) = (folder.display(), concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recipes"));
    Flight::of(&format!(
        r#"
[backends]
edge.file = {{ root = "{folder}" }}
tools.exec = {{ cwd = "{folder}" }}
[probes.arm]
file = {{ backend = "edge", read = "arm" }}
[levers.lever]
{}
"#,
        uses.replace("FAKES", fakes)
    ))
}

fn helm(folder: &Path, release: &str, revision: &str) -> Flight {
    let uses = r#"use = "helm.rollback"
[levers.lever.with]
tools = "tools"
helm = "FAKES/fake-helm"
context = "prod-eu"
namespace = "docs"
release = "RELEASE"
edge = "arm"
shows = "blue"
"#;
    flight(folder, &format!("{}{revision}", uses.replace("RELEASE", release)))
}

#[tokio::test]
async fn helm_rollback_goes_to_the_revision_before_and_back_by_a_fake_helm() {
    let folder = cluster("history", "7 superseded blue Upgrade complete\n8 deployed green Upgrade complete\n");
    let mut flight = helm(folder.path(), "docs", "");
    assert_eq!(flight.shows("lever-previous").await, "7");
    flight.flies_there_and_back().await;
    assert_eq!(fs::read_to_string(folder.path().join("arm")).expect("the fake wrote it"), "green\n");

    let mut mistyped = helm(folder.path(), "dosc", "revision = \"7\"");
    assert!(!mistyped.may_be_pulled().await, "there is no such release");
    is_rejected(&mistyped.pull().await, "release: not found");
    is_rejected(&helm(folder.path(), "docs", "revision = \"6\"").pull().await, "release: not found");
    fs::remove_file(folder.path().join("history")).expect("it is there");
    is_not_sent(&helm(folder.path(), "docs", "revision = \"7\"").pull().await);
}

/// What came before a rollback is what was rolled back from: fired twice, "the one before" would bring it back.
#[tokio::test]
async fn after_a_rollback_the_revision_before_is_not_gone_to_by_a_fake_helm() {
    let folder = cluster("history", "7 superseded blue Upgrade complete\n8 deployed green Upgrade complete\n");
    let mut flight = helm(folder.path(), "docs", "");
    flight.applies_and_agrees().await;
    assert!(flight.sees("lever-previous").await.value().is_none(), "8 is the bad one");
    assert_eq!(flight.shows("lever-now").await, "9");
    assert_eq!(flight.take_back().await.outcome, Outcome::Applied);
    assert!(flight.is_taken_back().await, "it went to 8, not to the one before");
}

fn rollout(folder: &Path, name: &str, revision: &str) -> Flight {
    let uses = r#"use = "argo-rollouts.undo"
[levers.lever.with]
tools = "tools"
kubectl = "FAKES/fake-kubectl"
context = "prod-eu"
namespace = "docs"
rollout = "NAME"
revision = "REVISION"
edge = "arm"
shows = "blue"
"#;
    flight(folder, &uses.replace("NAME", name).replace("REVISION", revision))
}

#[tokio::test]
async fn argo_rollouts_undo_goes_to_a_revision_and_back_by_a_fake_kubectl() {
    let folder = cluster("revisions", "7 blue\n8 green\n");
    let mut flight = rollout(folder.path(), "docs", "7");
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("arm").await, "green");

    // Going back to 7 has made it 9, and going back to 8 has made that 10.
    is_rejected(&flight.pull().await, "docs has no revision 7");
    assert!(!rollout(folder.path(), "docs", "10").may_be_pulled().await, "it is there already");
    assert!(!rollout(folder.path(), "dosc", "9").may_be_pulled().await, "there is no such rollout");
    fs::remove_file(folder.path().join("revisions")).expect("it is there");
    is_not_sent(&flight.pull().await);
}

fn service(kube: &FakeKube, service: &str, workload: &str) -> Flight {
    let kubeconfig = kube.kubeconfig();
    Flight::of(&format!(
        r#"
[backends.prod.kubernetes]
kubeconfig = "{}"
context = "fake"
namespace = "docs"
[probes.users]
kubernetes = {{ backend = "prod", get = "service/docs", at = "/spec/selector/app.kubernetes.io~1instance" }}
[levers.lever]
use = "kubernetes.service-selector"
[levers.lever.with]
cluster = "prod"
service = "{service}"
label = "app.kubernetes.io/instance"
to = "blue"
workload = "deployment/{workload}"
edge = "users"
shows = "blue"
"#,
        kubeconfig.display()
    ))
}

/// The fake moves no traffic: what is proved is the way to the Service and back, and what is looked at before.
#[tokio::test]
async fn kubernetes_service_selector_selects_other_pods_and_back_by_a_fake_kube() {
    let version = json!({ "resourceVersion": "41" });
    let selector = json!({ "tier": "web", "app.kubernetes.io/instance": "green" });
    let kube = FakeKube::serve(&[
        ("services/docs", json!({ "kind": "Service", "metadata": version, "spec": { "selector": selector } })),
        ("deployments/blue", json!({ "kind": "Deployment", "metadata": version, "status": { "readyReplicas": 2 } })),
        ("deployments/empty", json!({ "kind": "Deployment", "metadata": version, "status": { "replicas": 0 } })),
    ]);
    assert!(!service(&kube, "docs", "empty").may_be_pulled().await, "no pod would answer");
    assert!(!service(&kube, "docs", "gone").may_be_pulled().await, "there is no such workload");

    let mut flight = service(&kube, "docs", "blue");
    flight.flies_there_and_back().await;
    assert_eq!(kube.at("services/docs", "/spec/selector"), selector, "the other labels stay");
    assert_eq!(kube.at("services/docs", "/metadata/resourceVersion"), json!("43"), "one change there, one back");

    let mut mistyped = service(&kube, "dosc", "blue");
    assert!(!mistyped.may_be_pulled().await, "there is no such service");
    is_rejected(&mistyped.pull().await, "there is no such thing");
}
