//! A key is answered by a frame although no backend has answered anything: all of them hang, for longer than the test.

#[path = "common/keys.rs"]
#[expect(dead_code, reason = "nothing is flown to its end here")]
mod keys;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "signals and sizes are the drill's business")]
mod pty;
#[path = "common/silent.rs"]
mod silent;

use pty::Terminal;
use silent::Silent;

/// A probe, a metric and a lever whose every call may hang for ten minutes.
const PLAYBOOK: &str = r#"
format = 1
service = "silent-shop"
environment = "nowhere"

[backends]
api.http = { url = "http://ADDRESS" }
prom.prometheus = { url = "http://ADDRESS" }

[probes.arm]
title = "arm in service"
http = { backend = "api", get = "/pins", at = "/arm" }
timeout = "10m"

[metrics.errors]
title = "5xx"
prometheus = { backend = "prom", query = "errors", fresh = "timestamp(errors)" }
stop = "> 1"
exit = "< 1"
timeout = "10m"

[levers.pointer]
title = "Pointer back to blue"
http = { backend = "api", post = "/blue" }
verify = { probe = "arm", is = "blue" }

[[steps]]
id = "flip"
title = "flip pointer"
levers = ["pointer"]
"#;

/// A key, and what it brings.
const KEYS: [(&str, &str); 9] = [
    ("?", "HELP"),
    (keys::ESC, "2 CHECKLIST"),
    ("H", "HOLD AND WATCH"),
    (keys::ESC, "2 CHECKLIST"),
    (":", "Esc close"),
    (keys::ESC, "2 CHECKLIST"),
    ("I", "2  SEV2  many are hurt"),
    ("2", "e types it"),
    ("e", "Enter declares"),
];

#[test]
fn with_every_backend_hanging_each_key_has_its_frame() {
    let (folder, mut silent) = (tempfile::tempdir().expect("a folder"), Silent::listen());
    let playbook = folder.path().join("silent.toml");
    std::fs::write(&playbook, PLAYBOOK.replace("ADDRESS", &silent.address().to_string())).expect("it is ours");
    let text = |path: &std::path::Path| path.to_str().expect("temporary folders are named in UTF-8").to_owned();
    let (playbook, incidents) = (text(&playbook), text(folder.path()));
    let args = ["live", "--playbook", &playbook, "--as", "mira", "--incidents", &incidents];
    let mut terminal = Terminal::start(80, 24, args);
    terminal.wait_for("2 CHECKLIST");
    // The probe and the metric have asked, each once, and wait.
    silent.wait_for(2);
    for (key, brings) in KEYS {
        terminal.press(key);
        terminal.wait_for(brings);
    }
    terminal.press("all of it hangs\r");
    terminal.wait_for("IC mira  SEV2  T+");
    terminal.press("L");
    terminal.wait_for("Pointer back to blue");
    terminal.press("1");
    terminal.wait_for("nowhere  lever 1: Pointer back to blue");
    terminal.press(keys::ESC);
    terminal.wait_without("nowhere  lever 1");
    assert!(silent.hanging() >= 2, "nobody has been answered, and nobody has given up");
}
