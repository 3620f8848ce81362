//! Flags: off, and believed only when what serves users has them off.

use super::control::meet;
use super::harness::{Flight, is_not_sent, is_rejected, secret};
use super::servers::Server;
use goaround::kind::Outcome;
use std::path::{Path, PathBuf};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
};

/// Which Unleash, as whom, which flag.
struct Unleash<'a> {
    admin_port: &'a str,
    token: &'a str,
    flag: &'a str,
}

const UNLEASH: Unleash<'static> =
    Unleash { admin_port: "UNLEASH_PORT", token: "*:*.admin-token", flag: "prompt_pack_vNplus1" };

fn unleash(server: &Server, Unleash { admin_port, token, flag }: &Unleash<'_>) -> Flight {
    let (admin, client) = (server.port(admin_port), server.port("UNLEASH_PORT"));
    let token = secret(server.data(), "admin-token", token);
    let client_token = secret(server.data(), "client-token", "default:production.client-token");
    Flight::of(&format!(
        r#"
[backends]
admin.http = {{ url = "http://127.0.0.1:{admin}", header = {{ name = "Authorization", value_file = "{token}" }} }}
client.http = {{ url = "http://127.0.0.1:{client}", header = {{ name = "Authorization", value_file = "{client_token}" }} }}
[levers.lever]
use = "unleash.flag-off"
with = {{ admin = "admin", client = "client", flag = "{flag}" }}
"#
    ))
}

#[tokio::test]
async fn unleash_flag_goes_off_for_services_and_on_again_real_servers() {
    let server = Server::start("unleash");
    let mut flight = unleash(&server, &UNLEASH);
    assert_eq!(flight.shows("lever-served").await, "true");
    flight.flies_there_and_back().await;

    is_rejected(&unleash(&server, &Unleash { token: "*:*.wrong", ..UNLEASH }).pull().await, "HTTP 401");
    let client_token = "default:production.client-token";
    is_rejected(&unleash(&server, &Unleash { token: client_token, ..UNLEASH }).pull().await, "HTTP 403");
    let mut missing = unleash(&server, &Unleash { flag: "prompt_pack", ..UNLEASH });
    assert!(!missing.may_be_pulled().await);
    is_rejected(&missing.pull().await, "HTTP 404");
    assert_eq!(flight.shows("lever-served").await, "true", "whoever may not switch it off has not");

    server.down("unleash");
    is_not_sent(&flight.pull().await);
}

#[tokio::test]
async fn an_unleash_flag_whose_answer_was_lost_is_unknown_and_its_read_back_says_off_real_servers() {
    let server = Server::start("unleash");
    server.up("fault");
    let mut flight = unleash(&server, &Unleash { admin_port: "FAULT_UNLEASH_PORT", ..UNLEASH });
    assert!(flight.may_be_pulled().await);
    meet(&server, "FAULT_UNLEASH_PORT", r#"{"mode":"swallow"}"#);
    let settled = flight.pull().await;
    assert_eq!(settled.outcome, Outcome::Unknown, "{}", settled.detail);
    assert!(flight.is_done().await, "the flag is off although nobody said so");
}

#[tokio::test]
async fn an_unleash_flag_goes_off_after_its_caller_gave_up_when_the_database_is_back_real_servers() {
    let server = Server::start("unleash");
    let mut flight = unleash(&server, &UNLEASH);
    assert!(flight.may_be_pulled().await);
    server.down("postgres");
    let settled = flight.pull_within(3_000).await;
    assert_eq!(settled.outcome, Outcome::Unknown, "{}", settled.detail);
    server.up("postgres");
    assert!(flight.is_done().await, "what had been asked for was done late");
}

/// Stands for a service: answers each request with what its flag file says then.
async fn fake_service_that_reads_its_file(path: PathBuf) -> (u16, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (port, mut task) = (listener.local_addr().expect("it is bound").port(), JoinSet::new());
    task.spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.expect("a look");
            let mut asked = [0; 4096];
            assert_ne!(client.read(&mut asked).await.expect("a request"), 0, "a look asks for something");
            let body = std::fs::read_to_string(&path).unwrap_or_else(|_| "no file".into());
            let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
            client.write_all((head + &body).as_bytes()).await.expect("somebody waits");
        }
    });
    (port, task)
}

fn file_flag(root: &Path, port: u16, look: &str, with: &str) -> Flight {
    let root = root.display();
    Flight::of(&format!(
        r#"
[backends]
service.http = {{ url = "http://127.0.0.1:{port}" }}
flags.file = {{ root = "{root}" }}
[probes.does]
http = {{ backend = "service", get = "/", {look} }}
[levers.lever]
use = "flag-file.off"
with = {{ files = "flags", flag = "prompt_pack_vNplus1", running = "does", {with} }}
"#
    ))
}

#[tokio::test]
async fn flag_file_of_yaml_switches_off_what_a_fake_service_reads_and_is_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let on = "flags:\n  prompt_pack_vNplus1:\n    traffic: { baseline_weight: 0.0, canary_weight: 1.0 }\n";
    std::fs::write(root.join("off.yml"), on).unwrap();
    let (port, _service) = fake_service_that_reads_its_file(root.join("off.yml")).await;
    let look = "find = 'canary_weight: ([0-9.]+)'";
    let mut flight = file_flag(&root, port, look, r#"path = "off.yml", shows = "0.0""#);
    flight.flies_there_and_back().await;
    assert_eq!(std::fs::read_to_string(root.join("off.yml")).unwrap(), on);

    flight.applies_and_agrees().await;
    let written = std::fs::read_to_string(root.join("off.yml")).unwrap();
    assert!(written.starts_with("flags:\n  prompt_pack_vNplus1:\n    traffic: { baseline_weight: 1.0"), "{written}");
    assert!(!flight.may_be_pulled().await, "it is off already");

    let nowhere = file_flag(&root.join("none"), port, look, r#"path = "off.yml", shows = "0.0""#).pull().await;
    is_not_sent(&nowhere);
    std::os::unix::fs::symlink(root.join("off.yml"), root.join("link.yml")).unwrap();
    let through_a_link = file_flag(&root, port, look, r#"path = "link.yml", shows = "0.0""#).pull().await;
    is_rejected(&through_a_link, "symbolic link");
}

#[tokio::test]
async fn flag_file_of_json_overrides_what_a_fake_service_reads_and_is_gone_again() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let (port, _service) = fake_service_that_reads_its_file(root.join("override.json")).await;
    let with = r#"path = "override.json", content = '{"prompt_pack_vNplus1": false}', shows = '{"prompt_pack_vNplus1":false}'"#;
    let mut flight = file_flag(&root, port, "find = '(?s)(.*)'", with);
    assert_eq!(flight.shows("does").await, "no file");
    flight.flies_there_and_back().await;
    assert!(!root.join("override.json").exists(), "there was none before");
}

/// The service under supervisord, which reads its environment file when it starts.
fn env_file(server: &Server, key: &str, restart: &str) -> Flight {
    let (service, folder) = (server.port("SERVICE_PORT"), server.data().join("supervisor"));
    let folder = folder.display();
    Flight::of(&format!(
        r#"
[backends]
service.http = {{ url = "http://127.0.0.1:{service}" }}
shell.exec = {{ programs = ["/bin/sh"] }}
[probes.model]
http = {{ backend = "service", get = "/", at = "/env/STUDENT_MODEL" }}
[levers.lever]
use = "env-file.set"
with = {{ shell = "shell", file = "{folder}/service.env", key = "{key}", to = "v1", running = "model", shows = "v1", restart = {restart} }}
"#
    ))
}

#[tokio::test]
async fn env_file_reaches_the_running_service_only_by_its_restart_real_servers() {
    let server = Server::start("supervisor");
    let folder = server.data().join("supervisor");
    let conf = folder.join("supervisord.conf");
    let restart = format!(r#"["/usr/bin/supervisorctl", "-c", "{}", "restart", "service"]"#, conf.display());
    let mut flight = env_file(&server, "STUDENT_MODEL", &restart);
    let before = std::fs::read_to_string(folder.join("service.env")).unwrap();
    flight.flies_there_and_back().await;
    assert_eq!(std::fs::read_to_string(folder.join("service.env")).unwrap(), before, "every other line is as it was");

    let mut missing = env_file(&server, "NO_SUCH_KEY", &restart);
    assert!(!missing.may_be_pulled().await);
    is_rejected(&missing.pull().await, "has not one line NO_SUCH_KEY=");
    assert_eq!(std::fs::read_to_string(folder.join("service.env")).unwrap(), before);

    let settled = env_file(&server, "STUDENT_MODEL", r#"["/bin/false"]"#).pull().await;
    assert_eq!(settled.outcome, Outcome::Unknown, "{}", settled.detail);
    assert!(settled.detail.as_str().contains("the file has changed"), "{}", settled.detail);
    assert!(flight.is_not_done().await, "the file says v1, the service v2");
}
