//! The testbed keeps its promises: each server starts alone, twice makes no difference, ended it is gone, and the
//! fault proxy does exactly the harm it was told to.

#[path = "common/servers.rs"]
mod servers;

use servers::Server;
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

/// Every folder of the testbed that has a server.
fn names() -> Vec<String> {
    let testbed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testbed");
    let folders =
        fs::read_dir(testbed).expect("the testbed is part of the project").map(|entry| entry.expect("a file"));
    let with_server = folders.filter(|folder| folder.path().join("up.sh").is_file());
    with_server.map(|folder| folder.file_name().into_string().expect("our names are UTF-8")).collect()
}

fn ports(server: &Server) -> Vec<u16> {
    let lines = include_str!("testbed/ports.env").lines().filter_map(|line| line.split_once('='));
    lines.map(|(name, _)| server.port(name)).collect()
}

/// The ports somebody listens on.
fn open(server: &Server) -> Vec<u16> {
    ports(server).into_iter().filter(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok()).collect()
}

/// What is recorded of each process that was started.
fn processes(server: &Server) -> BTreeMap<String, String> {
    let folders = fs::read_dir(server.data()).expect("servers leave folders").map(|entry| entry.expect("a folder"));
    let name = |folder: &fs::DirEntry| folder.file_name().into_string().expect("our names are UTF-8");
    folders.filter_map(|folder| Some((name(&folder), fs::read_to_string(folder.path().join("pid")).ok()?))).collect()
}

fn lives_as_promised(name: &str) {
    let server = Server::start(name);
    let (started, listening) = (processes(&server), open(&server));
    assert!(!started.is_empty(), "{name}: nothing was started");

    server.up(name);
    assert_eq!(processes(&server), started, "{name}: a second start changed something");

    server.down(name);
    assert!(processes(&server).len() < started.len(), "{name}: it was not ended");
    let left = open(&server);
    assert!(left.len() < listening.len() || name == "load", "{name}: ended, it still listens on {left:?}");
    server.up(name);
    assert_eq!(open(&server), listening, "{name}: it did not come back as it was");

    let ports = ports(&server);
    drop(server);
    let taken: Vec<u16> = ports.into_iter().filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_err()).collect();
    assert!(taken.is_empty(), "{name}: left over on {taken:?}");
}

#[test]
fn every_server_starts_once_ends_comes_back_and_leaves_nothing_real_servers() {
    let names = Mutex::new(names());
    let next = || names.lock().expect("no lane panics with it").pop();
    // As many at a time as the smallest machine has cores: the slow ones have deadlines.
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = next() {
                    lives_as_promised(&name);
                }
            });
        }
    });
}

/// Redis with the fault proxy before it.
struct Harmed(Server);

impl Harmed {
    fn start() -> Self {
        let server = Server::start("redis");
        server.up("fault");
        Self(server)
    }

    /// Sets the rule for Redis; answers the status.
    fn rule(&self, rule: &str) -> u16 {
        let (listen, length) = (self.0.port("FAULT_REDIS_PORT"), rule.len());
        let mut control = TcpStream::connect(("127.0.0.1", self.0.port("FAULT_PORT"))).expect("the proxy is there");
        write!(control, "PUT /{listen} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{rule}").expect("it listens");
        let mut answer = String::new();
        control.read_to_string(&mut answer).expect("it answers");
        answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
    }

    /// A client that has logged in, through the proxy.
    fn client(&self) -> BufReader<TcpStream> {
        let stream = TcpStream::connect(("127.0.0.1", self.0.port("FAULT_REDIS_PORT"))).expect("the proxy is there");
        // A proxy that does the wrong harm fails the test, not its clock.
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        let mut client = BufReader::new(stream);
        assert_eq!(ask(&mut client, "AUTH cockpit redispass").expect("logins are let through"), "+OK\r\n");
        client
    }

    /// The cache namespace as Redis itself says it.
    fn namespace(&self) -> String {
        let stream = TcpStream::connect(("127.0.0.1", self.0.port("REDIS_PORT"))).expect("Redis is there");
        let mut client = BufReader::new(stream);
        ask(&mut client, "AUTH cockpit redispass").expect("Redis answers");
        ask(&mut client, "GET cache:ns").expect("Redis answers");
        line(&mut client).expect("Redis answers").trim_end().to_owned()
    }
}

/// Sends one command and reads the first line of what comes back, empty at the end of it all.
fn ask(client: &mut BufReader<TcpStream>, command: &str) -> std::io::Result<String> {
    write!(client.get_mut(), "{command}\r\n")?;
    line(client)
}

fn line(client: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut line = String::new();
    client.read_line(&mut line).map(|_| line)
}

#[test]
fn a_refused_port_has_no_listener_until_it_passes_again_real_servers() {
    let harmed = Harmed::start();
    let address = ("127.0.0.1", harmed.0.port("FAULT_REDIS_PORT"));
    assert_eq!(harmed.rule(r#"{"mode":"refuse"}"#), 200);
    assert_eq!(TcpStream::connect(address).expect_err("nobody listens").kind(), ErrorKind::ConnectionRefused);
    assert_eq!(harmed.rule("{}"), 200);
    assert_eq!(ask(&mut harmed.client(), "SET cache:ns again").expect("it passes"), "+OK\r\n");
}

#[test]
fn a_swallowed_write_lands_and_its_answer_does_not_real_servers() {
    let harmed = Harmed::start();
    assert_eq!(harmed.rule(r#"{"mode":"swallow","when":"SET"}"#), 200);
    let end = ask(&mut harmed.client(), "SET cache:ns landed").expect_err("the answer is lost");
    assert_eq!(end.kind(), ErrorKind::ConnectionReset);
    assert_eq!(harmed.namespace(), "landed");
}

#[test]
fn a_hung_write_goes_nowhere_and_is_not_answered_real_servers() {
    let harmed = Harmed::start();
    assert_eq!(harmed.rule(r#"{"mode":"hang","when":"SET"}"#), 200);
    let before = harmed.namespace();
    let mut client = harmed.client();
    client.get_mut().set_read_timeout(Some(Duration::from_millis(300))).expect("a timeout");
    assert_eq!(ask(&mut client, "SET cache:ns gone").expect_err("silence").kind(), ErrorKind::WouldBlock);
    assert_eq!(harmed.namespace(), before);
}

#[test]
fn a_cut_answer_ends_short_and_a_delayed_one_comes_late_real_servers() {
    let harmed = Harmed::start();
    assert_eq!(harmed.rule(r#"{"mode":"cut","bytes":2,"when":"ECHO"}"#), 200);
    assert_eq!(ask(&mut harmed.client(), "ECHO whole").expect("some of it"), "$5");

    assert_eq!(harmed.rule(r#"{"mode":"delay","ms":300,"when":"ECHO"}"#), 200);
    let mut client = harmed.client();
    let began = Instant::now();
    assert_eq!(ask(&mut client, "ECHO whole").expect("all of it"), "$5\r\n");
    assert!(began.elapsed() >= Duration::from_millis(300), "it came after {:?}", began.elapsed());
}

#[test]
fn a_rule_the_proxy_does_not_know_changes_nothing_real_servers() {
    let harmed = Harmed::start();
    assert_eq!(harmed.rule(r#"{"mode":"refuse","milliseconds":3}"#), 400);
    assert_eq!(harmed.rule(r#"{"mode":"refused"}"#), 400);
    assert_eq!(harmed.rule("refuse"), 400);
    assert_eq!(ask(&mut harmed.client(), "SET cache:ns still").expect("it passes"), "+OK\r\n");
}
