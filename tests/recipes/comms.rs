//! Messages: sent to a recorder that stands for the services they are for, as their documents have them.

use super::control::put;
use super::harness::{is_not_sent, is_rejected, secret};
use super::servers::Server;
use goaround::{
    backend::{Carriers, Secrets},
    kind::{Outcome, Settled, Use, Vars},
    playbook::{Playbook, render},
};
use serde_json::{Value, json};

const TEXT: &str = "Rolling back \"docs\".\nNext update in 15 minutes.";

/// A message out of a recipe, sent over the real carrier: how it ended, and the request as a person sees it.
async fn send(backend: &str, with: &str, recipe: &str) -> (Settled, String) {
    let text = format!(
        "format = 1\nservice = \"docs\"\nenvironment = \"testbed\"\n[hold]\ngreen_for = \"10s\"\n[backends]\n\
         to.http = {{ {backend} }}\n[comms.message]\nuse = \"{recipe}\"\nwith = {{ {with} }}\nbody = \"said elsewhere\"\n"
    );
    let playbook = Playbook::parse("message.toml", &text, None);
    let playbook = playbook.unwrap_or_else(|flaws| panic!("{}", render("message.toml", &text, &flaws)));
    let call = playbook.comms["message"].send.as_ref().expect("a recipe's message goes somewhere");
    let known = [("text", TEXT), ("incident", "20260101-030000-docs"), ("service", "docs"), ("environment", "testbed")];
    let vars: Vars = known.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let exchange = call.encode(&playbook.backends["to"], Use::Act, &vars).expect("everything is known");
    let shown: Vec<String> = exchange.lines().iter().map(ToString::to_string).collect();
    let carriers = Carriers::new(Secrets::resolve(&playbook.secrets()).expect("the test wrote it")).expect("carriers");
    (call.settle(&carriers.perform(&exchange, Use::Act, 10_000).await), shown.join("\n"))
}

/// The recorder, and the address it listens on as a backend has it.
fn recorder() -> (Server, String) {
    let server = Server::start("hook");
    let url = format!("url = \"http://127.0.0.1:{}\"", server.port("HOOK_PORT"));
    (server, url)
}

/// The last message that arrived: its path, its headers, and its body.
fn arrived(server: &Server) -> (String, Value, Value) {
    let posts = std::fs::read_to_string(server.data().join("hook/posts.jsonl")).expect("something arrived");
    let post: Value = serde_json::from_str(posts.lines().last().expect("something arrived")).expect("the recorder's");
    let body = serde_json::from_str(post["body"].as_str().expect("a text")).expect("every message is JSON");
    (post["path"].as_str().expect("a text").to_owned(), post["headers"].clone(), body)
}

#[tokio::test]
async fn slack_is_sent_the_message_and_never_shows_its_hook_to_a_recorder() {
    let (server, url) = recorder();
    let hook = secret(server.data(), "hook-secret", "T0AB/B0CD/tops3cret\n");
    let backend = format!("{url}, secrets = {{ hook = {{ file = \"{hook}\" }} }}");
    let (settled, shown) = send(&backend, "slack = \"to\"", "slack.webhook").await;
    assert_eq!(settled.outcome, Outcome::Applied, "{}", settled.detail);
    let (path, _, body) = arrived(&server);
    assert_eq!((path.as_str(), body), ("/services/T0AB/B0CD/tops3cret", json!({ "text": TEXT })));
    assert!(!shown.contains("tops3cret"), "{shown}");

    put(server.port("HOOK_PORT"), "/answer", r#"{"status":429}"#);
    let (settled, _) = send(&backend, "slack = \"to\"", "slack.webhook").await;
    is_rejected(&settled, "fire again in 3 s");
    put(server.port("HOOK_PORT"), "/answer", r#"{"status":404}"#);
    is_rejected(&send(&backend, "slack = \"to\"", "slack.webhook").await.0, "HTTP 404");

    server.down("hook");
    let (settled, _) = send(&backend, "slack = \"to\"", "slack.webhook").await;
    is_not_sent(&settled);
    assert!(!settled.detail.as_str().contains("tops3cret"), "{}", settled.detail);
}

#[tokio::test]
async fn pagerduty_is_sent_one_dedup_key_per_incident_by_a_recorder() {
    let (server, url) = recorder();
    let key = secret(server.data(), "key", "r0utingkey");
    let backend = format!("{url}, secrets = {{ routing_key = {{ file = \"{key}\" }} }}");
    let mut keys = Vec::new();
    for action in ["trigger", "resolve"] {
        let with = format!("pagerduty = \"to\", action = \"{action}\"");
        let (settled, shown) = send(&backend, &with, "pagerduty.events-v2").await;
        // The recorder answers `ok`, which is not what PagerDuty says of an event it took.
        assert_eq!(settled.outcome, Outcome::Unknown, "{}", settled.detail);
        assert!(!shown.contains("r0utingkey"), "{shown}");
        let (path, _, body) = arrived(&server);
        assert_eq!(path, "/v2/enqueue");
        assert_eq!((&body["routing_key"], &body["event_action"]), (&json!("r0utingkey"), &json!(action)));
        assert_eq!(body["payload"]["summary"], "Rollback of docs in testbed");
        assert_eq!(body["payload"]["custom_details"]["message"], TEXT);
        keys.push(body["dedup_key"].clone());
    }
    assert_eq!(keys, ["goaround-20260101-030000-docs", "goaround-20260101-030000-docs"]);
}

#[tokio::test]
async fn statuspage_grafana_and_webhook_get_their_documented_bodies_at_a_recorder() {
    let (server, url) = recorder();
    let key = secret(server.data(), "key", "OAuth s3cretkey");
    let id = secret(server.data(), "id", "p31zj");
    let auth = format!(
        "{url}, header = {{ name = \"Authorization\", value_file = \"{key}\" }}, secrets = {{ id = {{ file = \"{id}\" }} }}"
    );
    let rows = [
        (
            "statuspage.incident",
            r#"statuspage = "to", page = "kctb", name = "Wrong \"answers\"", notify = "false""#,
            "/v1/pages/kctb/incidents",
            json!({ "incident": { "name": "Wrong \"answers\"", "status": "investigating", "body": TEXT, "deliver_notifications": false } }),
        ),
        (
            "statuspage.update",
            r#"statuspage = "to", page = "kctb", id = "p0", status = "monitoring", notify = "false""#,
            "/v1/pages/kctb/incidents/p0",
            json!({ "incident": { "status": "monitoring", "body": TEXT, "deliver_notifications": false } }),
        ),
        (
            "statuspage.update",
            r#"statuspage = "to", page = "kctb", id = "${secret.id}", status = "resolved""#,
            "/v1/pages/kctb/incidents/p31zj",
            json!({ "incident": { "status": "resolved", "body": TEXT, "deliver_notifications": true } }),
        ),
        (
            "grafana.annotation",
            r#"grafana = "to""#,
            "/api/annotations",
            json!({ "text": TEXT, "tags": ["goaround", "rollback", "docs", "testbed", "20260101-030000-docs"] }),
        ),
        (
            "webhook",
            r#"to = "to", path = "/in""#,
            "/in",
            json!({ "service": "docs", "environment": "testbed", "incident": "20260101-030000-docs", "text": TEXT }),
        ),
    ];
    for (recipe, with, path, body) in rows {
        let (settled, shown) = send(&auth, with, recipe).await;
        // Whoever answers with an id is believed only when there is one; the recorder gives none.
        let believed = if recipe == "webhook" { Outcome::Applied } else { Outcome::Unknown };
        assert_eq!(settled.outcome, believed, "{recipe}: {}", settled.detail);
        let (at, headers, sent) = arrived(&server);
        assert_eq!((at.as_str(), sent), (path, body), "{recipe}");
        assert_eq!(headers["authorization"], "OAuth s3cretkey", "{recipe}: {headers}");
        assert!(!shown.contains("s3cretkey"), "{recipe}: {shown}");
    }
}
