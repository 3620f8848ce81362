//! Rollbacks of what a cluster runs, by fakes of the programs that ask for them: no cluster is to be had here.

use super::harness::{Flight, is_rejected};
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
    is_rejected(&helm(folder.path(), "docs", "revision = \"7\"").pull().await, "cluster unreachable");
}

/// What came before a rollback is what was rolled back from: fired twice, "the one before" would bring it back.
#[tokio::test]
async fn after_a_rollback_the_revision_before_is_not_gone_to_by_a_fake_helm() {
    let folder = cluster("history", "7 superseded blue Upgrade complete\n8 deployed green Upgrade complete\n");
    let mut flight = helm(folder.path(), "docs", "");
    flight.applies_and_agrees().await;
    assert!(flight.sees("lever-previous").await.value().is_none(), "8 is the bad one");
    assert_eq!(flight.shows("lever-now").await, "9");
    assert_eq!(flight.take_back().await.outcome, goaround::kind::Outcome::Applied);
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
    is_rejected(&flight.pull().await, "the revisions of docs cannot be read");
}
