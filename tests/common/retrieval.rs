//! A tiny retrieval endpoint over a corpus of its own: it counts words, reckons cosines and answers over real HTTP.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What each document is about. No two share a word.
const TOPICS: [[&str; 3]; 20] = [
    ["reset", "password", "login"],
    ["refund", "invoice", "billing"],
    ["export", "csv", "report"],
    ["invite", "teammate", "seat"],
    ["rotate", "token", "secret"],
    ["delete", "account", "closing"],
    ["upgrade", "plan", "quota"],
    ["webhook", "signature", "retry"],
    ["backup", "restore", "snapshot"],
    ["region", "latency", "routing"],
    ["audit", "trail", "compliance"],
    ["theme", "dark", "contrast"],
    ["mobile", "offline", "sync"],
    ["search", "ranking", "synonym"],
    ["upload", "attachment", "limit"],
    ["timezone", "calendar", "holiday"],
    ["sandbox", "fixture", "trial"],
    ["saml", "okta", "federation"],
    ["archive", "retention", "legal"],
    ["notify", "email", "digest"],
];

/// How the endpoint behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It answers from the index that the alias names.
    Well,
    /// A login page before it.
    LoginPage,
    /// Every fifth question is answered 503.
    Busy,
    /// It no longer says how near a hit is.
    Scoreless,
}

/// The endpoint; it serves until the test's process ends.
pub struct Retrieval {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    /// `docs_vA` holds every document, `docs_vB` has lost half of them.
    alias: Mutex<String>,
    mood: Mutex<Mood>,
    asked: AtomicUsize,
    in_air: AtomicUsize,
    most_in_air: AtomicUsize,
}

impl Retrieval {
    pub fn start(alias: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback can be listened on");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            alias: Mutex::new(alias.to_owned()),
            mood: Mutex::new(Mood::Well),
            asked: AtomicUsize::new(0),
            in_air: AtomicUsize::new(0),
            most_in_air: AtomicUsize::new(0),
        });
        let serving = shared.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let shared = serving.clone();
                std::thread::spawn(move || shared.serve(&socket));
            }
        });
        Self { address, shared }
    }

    /// Points at another index.
    pub fn swap(&self, alias: &str) {
        alias.clone_into(&mut self.shared.alias.lock().expect("no thread panics"));
    }

    pub fn feel(&self, mood: Mood) {
        *self.shared.mood.lock().expect("no thread panics") = mood;
    }

    /// How many requests came, and how many were in the air at the worst.
    pub fn weight(&self) -> (usize, usize) {
        (self.shared.asked.load(Ordering::SeqCst), self.shared.most_in_air.load(Ordering::SeqCst))
    }
}

/// Twenty questions with three paraphrases each, as a gold file.
pub fn gold() -> Value {
    let question = |[a, b, c]: &[&str; 3]| {
        json!({
            "question": format!("how do I {a} the {b}"),
            "paraphrases": [format!("{b} and {c}"), format!("{a} with {c}"), format!("{b} {a}, please")],
            "expected": { "ids": [format!("doc-{a}")], "section": b },
            "anchor": format!("{a} {b} {c}"),
        })
    };
    TOPICS.iter().map(question).collect()
}

/// The documents of an index: id, section and text.
fn index(alias: &str) -> Vec<(String, &'static str, String)> {
    let kept = if alias == "docs_vA" { TOPICS.len() } else { TOPICS.len() / 2 };
    let document = |[a, b, c]: &[&'static str; 3]| (format!("doc-{a}"), *b, format!("{a} {b} {c} guide"));
    TOPICS[..kept].iter().map(document).collect()
}

/// How often each known word stands in a text.
fn bag(text: &str) -> Vec<f64> {
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let known = TOPICS.iter().flatten().copied().chain(["guide"]);
    #[expect(clippy::cast_precision_loss, reason = "no text here has many words")]
    known.map(|known| words().filter(|word| *word == known).count() as f64).collect()
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let length = (dot(a, a) * dot(b, b)).sqrt();
    if length > 0.0 { dot(a, b) / length } else { 0.0 }
}

impl Shared {
    fn serve(&self, mut socket: &TcpStream) {
        let mut reader = BufReader::new(socket);
        let mut head = String::new();
        // A connection that only looks whether somebody listens sends nothing.
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a request is whole");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a request is whole");
        let in_air = self.in_air.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_in_air.fetch_max(in_air, Ordering::SeqCst);
        let path = head.split(' ').nth(1).unwrap_or_default();
        let (status, answer) = self.answer(path, &body);
        self.in_air.fetch_sub(1, Ordering::SeqCst);
        let answer =
            format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}", answer.len());
        // Who asked may have given up.
        let _ = socket.write_all(answer.as_bytes());
    }

    fn answer(&self, path: &str, body: &[u8]) -> (u16, String) {
        if let Some(alias) = path.strip_prefix("/alias/") {
            alias.clone_into(&mut self.alias.lock().expect("no thread panics"));
            return (200, "{}".to_owned());
        }
        let asked: Value = serde_json::from_slice(body).expect("questions are JSON");
        if path == "/embed" {
            return (200, json!({ "embedding": bag(asked["text"].as_str().expect("a text")) }).to_string());
        }
        let place = self.asked.fetch_add(1, Ordering::SeqCst);
        let mood = *self.mood.lock().expect("no thread panics");
        match mood {
            Mood::LoginPage => (200, "<!doctype html><title>Sign in</title>".to_owned()),
            Mood::Busy if place.is_multiple_of(5) => (503, "busy".to_owned()),
            Mood::Well | Mood::Busy | Mood::Scoreless => {
                let found = self.retrieve(asked["question"].as_str().expect("a question"), mood != Mood::Scoreless);
                (200, found.to_string())
            }
        }
    }

    /// The three nearest documents, the nearest first.
    fn retrieve(&self, question: &str, with_scores: bool) -> Value {
        let asked = bag(question);
        let mut hits: Vec<_> = index(&self.alias.lock().expect("no thread panics"))
            .into_iter()
            .map(|(id, section, text)| (cosine(&asked, &bag(&text)), id, section, bag(&text)))
            .collect();
        hits.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let hit = |(score, id, section, vector): &(f64, String, &str, Vec<f64>)| {
            if with_scores {
                json!({ "id": id, "section": section, "score": score, "vector": vector })
            } else {
                json!({ "id": id, "section": section })
            }
        };
        let hits: Vec<Value> = hits.iter().take(3).map(hit).collect();
        json!({ "results": hits, "timings": { "retrieve_ms": 3, "rerank_ms": 1.5 } })
    }
}
