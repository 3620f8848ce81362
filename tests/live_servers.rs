//! All seven steps on all the servers of one service, in one incident, with traffic flowing: every lever is a recipe.

#[path = "common/incidents.rs"]
mod incidents;
#[path = "common/rewritten.rs"]
mod rewritten;
#[path = "common/servers.rs"]
#[expect(dead_code, reason = "no server is ended here")]
mod servers;

use goaround::incident::Event;
use rewritten::rewritten;
use servers::Server;
use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// What the playbook's backends need, each with what it needs itself.
const SERVERS: &[&str] = &["arms", "redis", "haproxy", "prometheus", "load", "unleash", "nats", "redisearch", "hook"];

/// The secrets of the testbed's scripts.
const SECRETS: &[(&str, &str)] = &[
    ("REDIS_PASS", "redispass"),
    ("REDISEARCH_PASS", "searchpass"),
    ("PROM_PASS", "opspass"),
    ("NATS_TOKEN", "natstoken"),
    ("UNLEASH_TOKEN", "*:*.admin-token"),
    ("UNLEASH_CLIENT_TOKEN", "default:production.client-token"),
];

struct Production {
    servers: Server,
    folder: tempfile::TempDir,
    playbook: PathBuf,
}

impl Production {
    fn start() -> Self {
        let (first, more) = SERVERS.split_first().expect("there are some");
        let servers = Server::start(first);
        more.iter().for_each(|name| servers.up(name));
        let folder = tempfile::tempdir().expect("a folder");
        let playbook = folder.path().join("servers.toml");
        let text = rewritten("servers.toml", servers.port("BLUE_PORT") - 1, servers.data());
        std::fs::write(&playbook, text).expect("it can be written");
        Self { servers, folder, playbook }
    }

    fn goaround(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
        command.args(arguments).env("GOAROUND_CONFIG", "/nowhere").env_remove("RUST_BACKTRACE").stdin(Stdio::null());
        command.env("GOAROUND_INCIDENTS", self.incidents()).envs(SECRETS.iter().copied());
        command.output().expect("the binary was built")
    }

    fn incidents(&self) -> PathBuf {
        self.folder.path().join("incidents")
    }

    fn port(&self, name: &str) -> String {
        self.servers.port(name).to_string()
    }
}

/// What a command of somebody else's says about the world.
fn told(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|why| panic!("{program}: {why}"));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn the_seven_steps_fly_on_every_server_with_traffic_flowing_real_servers() {
    let production = Production::start();
    let playbook = production.playbook.to_str().expect("temporary folders are named in UTF-8");
    let flown = production.goaround(&[
        "live",
        "--playbook",
        playbook,
        "--profile",
        "testbed",
        "--auto",
        "--auto-confirm",
        "testbed",
        "--as",
        "mira",
    ]);
    let (said, complained) = (String::from_utf8_lossy(&flown.stdout), String::from_utf8_lossy(&flown.stderr));
    assert_eq!(flown.status.code(), Some(0), "{said}\n{complained}");
    let directory = incidents::only(&production.incidents());
    incidents::recovered(&directory);

    let redis = |port: &str, user: &[&str], command: &[&str]| {
        let port = production.port(port);
        told("redis-cli", &[&["-p", &port, "--no-auth-warning"], user, command].concat())
    };
    let (cockpit, search) = (["--user", "cockpit", "--pass", "redispass"], ["--pass", "searchpass"]);
    assert!(redis("REDIS_PORT", &cockpit, &["get", "cache:ns"]).starts_with("index_hash-blue:prompt_ver-blue:"));
    let writer = ["--user", "writer", "--pass", "writerpass"];
    assert_eq!(redis("REDIS_PORT", &writer, &["set", "cache:probe", "x"]), "OK", "the writer writes again");
    assert!(redis("REDISEARCH_PORT", &search, &["ft.info", "docs_live"]).contains("docs_vA"), "the alias is back");
    let flag = format!("http://127.0.0.1:{}/api/client/features/prompt_pack_vNplus1", production.port("UNLEASH_PORT"));
    let flag = told("curl", &["-s", "-H", "Authorization: default:production.client-token", &flag]);
    assert!(flag.contains("\"enabled\":false"), "the flag is off: {flag}");
    let edge = format!("http://127.0.0.1:{}/pins", production.port("EDGE_PORT"));
    assert!(told("curl", &["-s", &edge]).contains("\"arm\": \"blue\""), "users get blue");

    let pulled = incidents::events(&directory);
    let pulled: Vec<&str> = pulled
        .iter()
        .filter_map(|event| if let Event::PullStarted { lever, .. } = event { Some(lever.as_str()) } else { None })
        .collect();
    let undone = ["freeze", "pause", "throttle"];
    let done = ["freeze", "pause", "flag", "pointer", "alias", "rotate", "throttle"];
    assert_eq!(pulled, [&done[..], &undone[..]].concat());
    let kept = std::fs::read_to_string(directory.join("playbook.toml")).expect("the flown playbook");
    assert!(kept.contains("[recipes.\"haproxy.map\"]"), "it no longer depends on the recipes of this version");
    for (_, secret) in SECRETS {
        let found = told("grep", &["-rlF", "-e", secret, directory.to_str().expect("named in UTF-8")]);
        assert_eq!(found, "", "no secret is at rest");
    }
}
