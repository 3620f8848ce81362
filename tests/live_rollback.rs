//! The whole way on real servers: Prometheus, `HAProxy`, Redis and a service whose green arm is sick. What the
//! servers are like afterwards is asked by clients of our own.

#[path = "common/incidents.rs"]
mod incidents;
#[path = "common/keys.rs"]
mod keys;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "signals and sizes are the drill's business")]
mod pty;
#[path = "common/testbed.rs"]
mod testbed;

use goaround::incident::Event;
use pty::Terminal;
use std::{
    fmt::Write as _,
    io::{Read, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use testbed::Testbed;

const SECRETS: [(&str, &str); 2] = [("REDIS_PASS", "redispass"), ("PROM_PASS", "opspass")];
const PINS: [&str; 8] =
    ["BUILD_ID", "GIT_SHA", "MODEL_VER", "PROMPT_VER", "INDEX_HASH", "RERANK_CONF", "TOK_VER", "ANALYZER_CONF"];

/// The servers with green in service and sick, and where the incident will be.
struct Production {
    servers: Testbed,
    folder: tempfile::TempDir,
    playbook: PathBuf,
}

impl Production {
    fn start() -> Self {
        let servers = Testbed::start();
        let folder = tempfile::tempdir().expect("a folder");
        let playbook = folder.path().join("docs-rag.toml");
        std::fs::write(&playbook, servers.playbook()).expect("it can be written");
        let production = Self { servers, folder, playbook };
        assert_eq!(production.pointer(), "be_green", "green is in service before");
        assert!(production.writer_may_write(), "writers write before");
        production
    }

    fn incidents(&self) -> PathBuf {
        self.folder.path().join("incidents")
    }

    fn args(&self) -> Vec<String> {
        let text = |path: &Path| path.to_str().expect("temporary folders are named in UTF-8").to_owned();
        let (playbook, incidents) = (text(&self.playbook), text(&self.incidents()));
        ["live", "--playbook", &playbook, "--profile", "testbed", "--as", "mira", "--incidents", &incidents]
            .map(str::to_owned)
            .to_vec()
    }

    /// What `HAProxy`'s map says, asked over its runtime socket.
    fn map(&self, name: &str, key: &str) -> String {
        let haproxy = self.servers.data.join("haproxy");
        let mut socket = UnixStream::connect(haproxy.join("sock")).expect("HAProxy listens");
        let map = haproxy.join(name);
        let said = talk(&mut socket, &format!("get map {} {key}\n", map.display()));
        let value = said.split("value=\"").nth(1).and_then(|rest| rest.split('"').next());
        value.unwrap_or_else(|| panic!("no value of {key}: {said}")).to_owned()
    }

    fn pointer(&self) -> String {
        self.map("live.map", "live")
    }

    /// What Redis answers to these lines, as this user.
    fn redis(&self, user: &str, password: &str, line: &str) -> String {
        let mut socket = TcpStream::connect(("127.0.0.1", self.servers.base + 79)).expect("Redis listens");
        talk(&mut socket, &format!("AUTH {user} {password}\r\n{line}\r\nQUIT\r\n"))
    }

    fn writer_may_write(&self) -> bool {
        let said = self.redis("writer", "writerpass", "SET probe:writer 1");
        assert!(said.starts_with("+OK"), "the writer may log in: {said}");
        !said.contains("NOPERM")
    }

    /// Which arm answers users.
    fn arm(&self) -> String {
        let mut socket = TcpStream::connect(("127.0.0.1", self.servers.base + 82)).expect("the edge listens");
        talk(&mut socket, "GET /pins HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n\r\n")
    }

    #[track_caller]
    fn assert_rolled_back(&self) {
        assert_eq!(self.pointer(), "be_blue", "the pointer is back");
        assert!(self.arm().contains("build_id-blue"), "users are answered by blue: {}", self.arm());
        let namespace = self.redis("cockpit", "redispass", "GET cache:ns");
        assert!(namespace.contains("index_hash-blue:prompt_ver-blue:"), "the namespace is another: {namespace}");
        assert!(self.writer_may_write(), "the writers are thawed");
        assert_eq!(self.map("limit.map", "rps"), "100000", "the throttle is off");
    }

    #[track_caller]
    fn assert_written_down(&self) {
        let directory = incidents::only(&self.incidents());
        let report = incidents::recovered(&directory);
        let mut missing = String::new();
        for words in ["## Timeline", "Pointer back to blue", "5xx", "build_id-green", "closed, recovered"] {
            if !report.contains(words) {
                writeln!(missing, "{words}").expect("a string takes every write");
            }
        }
        assert!(missing.is_empty(), "the report lacks {missing}:\n{report}");
        assert_eq!(incidents::pulls(&directory), 6, "four levers and two ways back, each fired once");
        let captured = incidents::events(&directory).into_iter().find_map(|event| match event {
            Event::EvidenceCaptured { values, .. } if values.contains_key("BUILD_ID") => Some(values),
            _ => None,
        });
        let captured = captured.expect("the pins were captured");
        for pin in PINS {
            let value = captured.get(pin).map(ToString::to_string);
            assert_eq!(value, Some(format!("{}-green", pin.to_lowercase())), "{pin} as it was before");
        }
        let secrets = SECRETS.map(|(_, secret)| secret);
        assert!(!holds_any(&directory, &secrets), "no secret was written down");
    }
}

/// Whether a file below `folder` holds one of `words`.
fn holds_any(folder: &Path, words: &[&str]) -> bool {
    std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).any(|path| {
        if path.is_dir() {
            return holds_any(&path, words);
        }
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).into_owned();
        words.iter().any(|word| text.contains(word))
    })
}

/// Says everything, then listens until the other side has said everything.
fn talk(socket: &mut (impl Read + Write), words: &str) -> String {
    socket.write_all(words.as_bytes()).expect("it listens");
    let mut said = Vec::new();
    socket.read_to_end(&mut said).expect("it answers");
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn a_commander_rolls_back_by_keys_on_real_servers() {
    let production = Production::start();
    let mut terminal = Terminal::start_with(120, 40, production.args(), &SECRETS);
    terminal.wait_for(" LIVE ");
    terminal.wait_for("docs-rag/testbed");
    terminal.wait_for_line(&["X 5xx", "BREACH"]);
    terminal.wait_for("not declared");
    assert_eq!(production.pointer(), "be_green", "a breach moves nothing");
    assert_eq!(incidents::pulls(&incidents::only(&production.incidents())), 0, "a breach fires nothing");

    keys::declare(&mut terminal, "5xx BREACH");
    terminal.wait_for("bad arm: errors up");
    keys::land(&mut terminal, "Pointer back to blue");
    terminal.wait_for("DEBTS 0");
    terminal.press("q");
    terminal.wait_for("nothing is open");
    terminal.press("y");
    assert_eq!(terminal.exit_code(), 0, "recovered with no debt left");
    terminal.assert_given_back();
    assert!(terminal.screen().contains("recovered, no debt left"), "{}", terminal.screen());
    production.assert_rolled_back();
    production.assert_written_down();
}

#[test]
fn the_pilot_rolls_back_without_a_terminal_on_real_servers() {
    let production = Production::start();
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command
        .args(production.args())
        .args(["--auto", "--auto-confirm", "testbed"])
        .envs(SECRETS)
        .env("GOAROUND_CONFIG", "/nowhere");
    let flown = command.stdin(Stdio::null()).output().expect("the binary was built");
    let (said, complained) = (String::from_utf8_lossy(&flown.stdout), String::from_utf8_lossy(&flown.stderr));
    assert_eq!(flown.status.code(), Some(0), "{said}\n{complained}");
    let directory = incidents::only(&production.incidents());
    assert_eq!(said.lines().last(), directory.to_str(), "the directory is the last line");
    assert_eq!(complained, "", "nothing to complain about");
    production.assert_rolled_back();
    production.assert_written_down();
}
