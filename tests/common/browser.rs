//! A headless Chromium, spoken to through its own pipe: one page at a time, everything it says is kept.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The browser, one page open in it.
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    profile: tempfile::TempDir,
    session: Option<String>,
    asked: u64,
    /// Everything that happened on the page.
    pub events: Vec<Value>,
}

impl Browser {
    /// Starts it, with a page that is empty.
    pub fn start() -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        // The pipe is descriptors 3 and 4, which a shell gives most simply.
        let mut child = Command::new("sh")
            .args(["-c", "exec chromium \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", "chromium"])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
            .args(["--disable-extensions", "--disable-background-networking", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromium starts");
        let to = child.stdin.take().expect("its end is ours");
        let said = child.stdout.take().expect("its end is ours");
        let (tell, from) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(said).split(0).map_while(Result::ok) {
                let heard = serde_json::from_slice(&message).is_ok_and(|message| tell.send(message).is_ok());
                if !heard {
                    break;
                }
            }
        });
        let mut browser = Self { child, to, from, profile, session: None, asked: 0, events: Vec::new() };
        let target = browser.ask("Target.createTarget", json!({"url": "about:blank"}))["targetId"].clone();
        let attached = browser.ask("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Network", "Runtime", "Log"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Opens a file and waits until it is loaded.
    pub fn open(&mut self, file: &std::path::Path) {
        self.events.clear();
        let gone = self.ask("Page.navigate", json!({"url": format!("file://{}", file.display())}));
        assert!(gone.get("errorText").is_none(), "{gone}");
        let until = Instant::now() + PATIENCE;
        while self.named("Page.loadEventFired").is_empty() {
            let event = self.hear(until);
            self.events.push(event);
        }
    }

    /// The events of this name so far.
    pub fn named(&self, method: &str) -> Vec<&Value> {
        self.events.iter().filter(|event| event["method"] == method).collect()
    }

    /// Shows the page this wide.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
        self.ask("Emulation.setDeviceMetricsOverride", size);
    }

    /// Shows the page in light or dark.
    pub fn prefer(&mut self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.ask("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// What an expression comes to on the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let done = self.ask("Runtime.evaluate", json!({"expression": expression, "returnByValue": true}));
        assert!(done.get("exceptionDetails").is_none(), "{expression}: {done}");
        done["result"]["value"].clone()
    }

    /// The page as it is printed.
    pub fn pdf(&mut self) -> Vec<u8> {
        use base64::Engine;
        let printed = self.ask("Page.printToPDF", json!({"preferCSSPageSize": true, "printBackground": true}));
        let data = printed["data"].as_str().expect("a document");
        base64::engine::general_purpose::STANDARD.decode(data).expect("base64")
    }

    fn ask(&mut self, method: &str, params: impl Into<Value>) -> Value {
        self.asked += 1;
        let mut message = json!({"id": self.asked, "method": method, "params": params.into()});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).and_then(|()| self.to.flush()).expect("it listens");
        let until = Instant::now() + PATIENCE;
        loop {
            let heard = self.hear(until);
            if heard["id"] == self.asked {
                assert!(heard.get("error").is_none(), "{method}: {heard}");
                return heard["result"].clone();
            }
            self.events.push(heard);
        }
    }

    fn hear(&self, until: Instant) -> Value {
        let left = until.saturating_duration_since(Instant::now());
        self.from.recv_timeout(left).unwrap_or_else(|error| {
            panic!("chromium says nothing ({error}), its profile is {}", self.profile.path().display())
        })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
