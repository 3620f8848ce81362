//! The first post on a terminal of its own: edited, looked at exactly as it will leave, sent, and received as it was
//! shown, over real HTTP.

#[path = "common/incidents.rs"]
#[expect(dead_code, reason = "no incident is closed here")]
mod incidents;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "sizes are the drill's business")]
mod pty;
#[path = "common/servers.rs"]
#[expect(dead_code, reason = "this receiver is never gone")]
mod servers;

use goaround::incident::Event;
use pty::Terminal;
use rustix::process::Signal;
use serde_json::Value;
use servers::Server;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

const ESC: &str = "\x1b";
const CTRL_S: &str = "\x13";

fn playbook(hook: u16) -> String {
    format!(
        r#"format = 1
service = "docs"
environment = "test"
[hold]
green_for = "10s"
[backends]
chat.http = {{ url = "http://127.0.0.1:{hook}", bearer_env = "CHAT_TOKEN" }}
[comms.first]
title = "first post"
body = "Rolling back {{{{ service }}}}. Impact: [[who]]"
send = {{ http = {{ backend = "chat", post = "/first", body = '{{"text":"${{text}}"}}' }} }}
"#
    )
}

/// A live incident of that playbook in a terminal, and where it is kept.
fn live(folder: &Path, hook: u16) -> (Terminal, PathBuf) {
    let (playbook_file, incidents) = (folder.join("playbook.toml"), folder.join("incidents"));
    std::fs::write(&playbook_file, playbook(hook)).expect("it can be written");
    let args = ["live".as_ref(), "--playbook".as_ref(), playbook_file.as_os_str(), "--as".as_ref(), "mira".as_ref()];
    let args = args.into_iter().chain(["--incidents".as_ref(), incidents.as_os_str()]);
    (Terminal::start_with(80, 24, args, &[("CHAT_TOKEN", "tops3cret")]), incidents)
}

#[test]
fn a_person_edits_the_first_post_sees_its_payload_and_the_receiver_gets_those_bytes() {
    let server = Server::start("hook");
    let folder = tempfile::tempdir().expect("a folder");
    let (mut terminal, incidents) = live(folder.path(), server.port("HOOK_PORT"));

    terminal.wait_for("c comms");
    terminal.press("c");
    terminal.wait_for("P preview");
    terminal.press("e");
    terminal.wait_for("Rolling back docs. Impact: [[who]]");
    terminal.wait_for("1 blank: [[who]]");
    terminal.press(&"\x7f".repeat("[[who]]".len()));
    terminal.wait_for("no blank is left open");
    // A paste acts as no key: F in it sends nothing, Q in it closes nothing.
    terminal.press("\x1b[200~\"F\" and \\ Q\x1b[201~");
    terminal.press(", Zürich");
    terminal.wait_for("Impact: \"F\" and \\ Q, Zürich");
    terminal.press(CTRL_S);
    terminal.wait_for("saved; Esc, then P");
    terminal.press(ESC);
    terminal.wait_for("edited; ");
    terminal.press("P");
    let payload = r#"{"text":"Rolling back docs. Impact: \"F\" and \\ Q, Zürich"}"#;
    terminal.wait_for(&format!("POST http://127.0.0.1:{}/first", server.port("HOOK_PORT")));
    terminal.wait_for(payload);
    terminal.wait_for("F sends.");
    let posts = server.data().join("hook/posts.jsonl");
    assert!(!posts.exists(), "nothing was sent before F");
    terminal.press("F");
    terminal.wait_for("APPLIED");

    let posts = std::fs::read_to_string(posts).expect("the receiver keeps what it gets");
    let [post] = &posts.lines().collect::<Vec<_>>()[..] else { panic!("one message: {posts}") };
    let post: Value = serde_json::from_str(post).expect("the receiver writes JSON");
    assert_eq!(post["body"].as_str(), Some(payload), "what was shown is what arrived");
    assert_eq!(post["headers"]["authorization"].as_str(), Some("Bearer tops3cret"));
    assert!(!String::from_utf8_lossy(terminal.raw()).contains("tops3cret"), "the secret was never on the screen");

    let directory = incidents::only(&incidents);
    let queued = incidents::events(&directory).into_iter().find_map(|event| match event {
        Event::MessageQueued { file, .. } => Some(file),
        _ => None,
    });
    let file = queued.expect("it was journaled");
    let kept = std::fs::read(directory.join(&file.path)).expect("its words were kept");
    assert_eq!(String::from_utf8_lossy(&kept), "Rolling back docs. Impact: \"F\" and \\ Q, Zürich");
    assert_eq!(file.sha256, hex::encode(Sha256::digest(&kept)));
}

#[test]
fn words_typed_and_not_saved_outlive_a_hang_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut terminal, incidents) = live(folder.path(), 9);
    terminal.wait_for("c comms");
    terminal.press("c");
    terminal.wait_for("P preview");
    terminal.press("e");
    terminal.wait_for("1 blank: [[who]]");
    terminal.press(", eu only");
    terminal.wait_for("[[who]], eu only");
    terminal.signal(Signal::HUP);
    assert_eq!(terminal.exit_code(), 1, "nothing was declared");
    let kept = std::fs::read_to_string(incidents::only(&incidents).join("comms/draft-first.txt"));
    assert_eq!(kept.expect("it is kept"), "Rolling back docs. Impact: [[who]], eu only");
}
