//! What levers really reach: a small service over HTTP that counts every POST, answers late, and sometimes never.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The longest a POST waits for its answer, in ms.
const LATE_MAX_MS: u64 = 300;

/// What has arrived.
#[derive(Default)]
pub struct Ledger {
    /// POSTs by the life of the program that sent them, and by path.
    pub posts: BTreeMap<(usize, String), usize>,
    life: usize,
    frozen: bool,
    blue: bool,
}

/// A service that runs until the test ends.
pub struct Receiver {
    pub address: SocketAddr,
    pub ledger: Arc<Mutex<Ledger>>,
}

/// What becomes of a POST, drawn when its connection is accepted.
struct Fate {
    late_ms: u64,
    swallowed: bool,
}

impl Receiver {
    /// Starts the service; so many of a hundred POSTs are done and never answered.
    pub fn start(seed: u64, swallows: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let shared = ledger.clone();
        std::thread::spawn(move || {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            for stream in listener.incoming().flatten() {
                let fate =
                    Fate { late_ms: random.next_u64() % LATE_MAX_MS, swallowed: random.next_u64() % 100 < swallows };
                let (ledger, life) = (shared.clone(), shared.lock().expect("no thread panics").life);
                std::thread::spawn(move || serve(stream, &ledger, (life, fate)));
            }
        });
        Self { address, ledger }
    }

    /// The program has died: whatever it sent was accepted before this connection, and belongs to its life.
    pub fn next_life(&self) {
        let mut stream = TcpStream::connect(self.address).expect("the receiver listens");
        stream.write_all(b"GET /next-life HTTP/1.1\r\n\r\n").expect("the receiver reads");
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).expect("the receiver answers");
        self.ledger.lock().expect("no thread panics").life += 1;
    }
}

/// Serves one request of one connection. What is cut off before its end was never asked.
fn serve(mut stream: TcpStream, ledger: &Mutex<Ledger>, (life, fate): (usize, Fate)) {
    let Some((method, path)) = asked(&stream) else { return };
    let body = {
        let mut ledger = ledger.lock().expect("no thread panics");
        if method == "POST" {
            *ledger.posts.entry((life, path.clone())).or_default() += 1;
            ledger.act(&path);
        }
        ledger.state()
    };
    if method == "POST" {
        if fate.swallowed {
            return;
        }
        // The fault itself: an answer that is late.
        std::thread::sleep(Duration::from_millis(fate.late_ms));
    }
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // Nobody may be there any more to read it.
    let _ = stream.write_all((head + &body).as_bytes());
}

/// The method and the path of a whole request without a body.
fn asked(stream: &TcpStream) -> Option<(String, String)> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next()?;
    let (method, rest) = first.split_once(' ')?;
    let (path, _) = rest.split_once(' ')?;
    lines.any(|line| line.is_empty()).then(|| (method.to_owned(), path.to_owned()))
}

impl Ledger {
    fn act(&mut self, path: &str) {
        match path {
            "/freeze" => self.frozen = true,
            "/thaw" => self.frozen = false,
            "/blue" => self.blue = true,
            other => panic!("nobody asked for {other}"),
        }
    }

    fn state(&self) -> String {
        let (arm, errors) = if self.blue { ("blue", 0.001) } else { ("green", 0.5) };
        let writers = if self.frozen { "off" } else { "on" };
        format!(r#"{{"arm":"{arm}","writers":"{writers}","errors":{errors}}}"#)
    }
}
