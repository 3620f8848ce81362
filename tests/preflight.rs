//! `goaround check --probe`: what it says of systems that are well and of systems that are not, and that it changes
//! none of them.

#[path = "common/testbed.rs"]
mod testbed;
#[path = "common/world.rs"]
mod world;

use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use testbed::Testbed;
use world::World;

const DOCS_RAG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/playbooks/docs-rag.toml");
const LEVERS: [&str; 7] = ["freeze", "flag", "pointer", "alias", "pins", "rotate", "throttle"];

fn check(playbook: &Path, more: &[&str], redis_pass: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.arg("check").arg(playbook).arg("--probe").args(more);
    command.env("PROM_PASS", "opspass").env_remove("REDIS_PASS").envs(redis_pass.map(|pass| ("REDIS_PASS", pass)));
    command.output().expect("goaround runs")
}

#[track_caller]
fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// The levers that could not be flown.
fn grounded(report: &Value) -> Vec<&str> {
    let rows = report["levers"].as_array().expect("rows").iter();
    rows.filter(|row| row["can_fly"] == false).filter_map(|row| row["lever"].as_str()).collect()
}

fn lever<'a>(report: &'a Value, name: &str) -> &'a Value {
    report["levers"].as_array().expect("rows").iter().find(|row| row["lever"] == name).expect("a row")
}

#[test]
fn a_served_world_that_is_well_is_ready_and_said_so_in_a_table() {
    let world = World::start();
    let output = check(Path::new(DOCS_RAG), &["--world", &world.address], None);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let row = |lever: &str| said.lines().find(|line| line.split_whitespace().nth(1) == Some(lever)).expect("a row");
    assert!(row("flag").contains("on") && row("flag").contains("off") && row("flag").ends_with("READY"), "{said}");
    assert!(row("pointer").ends_with("AFTER freeze"), "{said}");
    assert!(said.contains("7 of 7 levers could be flown"), "{said}");
}

#[test]
fn bad_input_is_told_before_anything_is_asked() {
    for arguments in [
        &["check", "/nowhere.toml", "--probe"][..],
        &["check", DOCS_RAG, "--probe", "--profile", "no-such"],
        &["check", DOCS_RAG, "--json"],
        &["check", DOCS_RAG, "--probe", "--scenario", "index-mismatch"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_goaround")).args(arguments).output().expect("goaround runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_program_that_is_not_there_grounds_its_lever() {
    let folder = tempfile::tempdir().expect("a folder");
    let playbook = folder.path().join("tools.toml");
    let state = folder.path().join("state");
    std::fs::write(&state, "green").expect("a file");
    let text = format!(
        r#"
format = 1
service = "tools"
environment = "testbed"
[backends]
tools.exec = {{}}
[probes.now]
exec = {{ backend = "tools", argv = ["/bin/cat", "{}"] }}
[levers.there]
exec = {{ backend = "tools", argv = ["/bin/true"] }}
verify = {{ probe = "now", is = "blue" }}
[levers.gone]
exec = {{ backend = "tools", argv = ["/opt/no/such/program"] }}
verify = {{ probe = "now", is = "blue" }}
[hold]
green_for = "10s"
"#,
        state.display()
    );
    std::fs::write(&playbook, text).expect("a playbook");
    let output = check(&playbook, &["--json"], None);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let report = json(&output);
    assert_eq!(grounded(&report), ["gone"]);
    let why = lever(&report, "gone")["why"].as_str().expect("a reason");
    assert!(why.contains("/opt/no/such/program is no program"), "{why}");
}

/// The real servers, and the playbook on them.
struct Production {
    servers: Testbed,
    folder: tempfile::TempDir,
}

impl Production {
    fn start() -> Self {
        Self { servers: Testbed::start(), folder: tempfile::tempdir().expect("a folder") }
    }

    /// The playbook with `from` replaced by `to` everywhere.
    fn playbook(&self, from: &str, to: &str) -> PathBuf {
        let path = self.folder.path().join("docs-rag.toml");
        std::fs::write(&path, self.servers.playbook().replace(from, to)).expect("it can be written");
        path
    }

    fn redis(&self, line: &str) -> String {
        let mut socket = TcpStream::connect(("127.0.0.1", self.servers.base + 79)).expect("Redis listens");
        talk(&mut socket, &format!("AUTH cockpit redispass\r\n{line}\r\nQUIT\r\n"))
    }

    /// Everything that a lever of the playbook could have changed.
    fn everything(&self) -> Vec<String> {
        let haproxy = self.servers.data.join("haproxy");
        let map = |name: &str| {
            let mut socket = UnixStream::connect(haproxy.join("sock")).expect("HAProxy listens");
            talk(&mut socket, &format!("show map {}\n", haproxy.join(name).display()))
        };
        let flags = self.servers.data.join("flags");
        let mut files: Vec<String> = std::fs::read_dir(flags)
            .expect("the flags")
            .map(|entry| entry.expect("an entry").path())
            .map(|path| format!("{}: {}", path.display(), std::fs::read_to_string(&path).expect("a flag")))
            .collect();
        files.sort();
        let redis = ["KEYS *", "GET live:alias", "GET cache:ns", "ACL GETUSER writer"].map(|line| self.redis(line));
        [map("live.map"), map("limit.map")].into_iter().chain(redis).chain(files).collect()
    }
}

fn talk(socket: &mut (impl Read + Write), words: &str) -> String {
    socket.write_all(words.as_bytes()).expect("it listens");
    let mut said = Vec::new();
    socket.read_to_end(&mut said).expect("it answers");
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn real_servers_that_are_well_are_ready_and_left_as_they_were_real_servers() {
    let production = Production::start();
    let before = production.everything();
    let output = check(&production.playbook("", ""), &["--json"], Some("redispass"));
    let report = json(&output);
    assert_eq!(output.status.code(), Some(0), "{report:#}");
    assert_eq!(report["format"], 1);
    assert_eq!(grounded(&report), [""; 0]);
    assert_eq!(lever(&report, "pointer")["now"], "green");
    assert_eq!(lever(&report, "pointer")["after"], serde_json::json!(["freeze"]));
    assert_eq!(lever(&report, "alias")["target"], "docs_vA");
    assert!(lever(&report, "alias")["look_ms"].is_u64());
    assert!(report["backends"].as_array().expect("rows").iter().all(|row| row["state"] == "up"), "{report:#}");
    assert_eq!(production.everything(), before, "a preflight changes nothing");
}

#[test]
fn real_servers_that_are_not_well_ground_their_own_levers_real_servers() {
    let production = Production::start();
    let open = format!("127.0.0.1:{}", production.servers.base + 79);
    let closed = format!("127.0.0.1:{}", production.servers.base + 99);
    let of_redis = ["freeze", "pointer", "alias", "rotate"];

    let down = check(&production.playbook(&open, &closed), &["--json"], Some("redispass"));
    assert_eq!(down.status.code(), Some(1));
    assert_eq!(grounded(&json(&down)), of_redis);
    let why = json(&down)["backends"].as_array().expect("rows").iter().find(|row| row["backend"] == "cache").cloned();
    let why = why.expect("a row");
    assert!(why["state"] == "down" && why["why"].as_str().is_some_and(|why| why.contains("refused")), "{why}");

    let wrong = check(&production.playbook("", ""), &["--json"], Some("wrong-password"));
    assert_eq!(wrong.status.code(), Some(1));
    assert_eq!(grounded(&json(&wrong)), of_redis);
    let why = lever(&json(&wrong), "alias")["why"].to_string();
    assert!(why.contains("WRONGPASS") && !why.contains("wrong-password"), "{why}");

    let unset = check(&production.playbook("", ""), &[], None);
    let said = String::from_utf8_lossy(&unset.stdout).into_owned();
    assert_eq!(unset.status.code(), Some(1), "{said}");
    assert!(said.contains("REDIS_PASS is not set") && said.contains("3 of 7 levers could be flown"), "{said}");

    production.redis("DEL live:alias");
    let missing = check(&production.playbook("", ""), &["--json"], Some("redispass"));
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(grounded(&json(&missing)), ["alias"]);
    let why = lever(&json(&missing), "alias")["why"].to_string();
    assert!(why.contains("index alias shows nothing"), "{why}");
    assert_eq!(json(&missing)["levers"].as_array().map(Vec::len), Some(LEVERS.len()));
}
