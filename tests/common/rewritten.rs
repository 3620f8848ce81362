//! A playbook of `fixtures/playbooks`, its addresses rewritten to servers that a test has started.

use std::path::Path;

/// The playbook of that name, for servers whose block of ports begins at `base` and whose folder is `data`.
pub fn rewritten(name: &str, base: u16, data: &Path) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/playbooks").join(name);
    let mut text = std::fs::read_to_string(path).expect("the playbook is part of the project");
    for (_, offset) in include_str!("../testbed/ports.env").lines().filter_map(|line| line.split_once('=')) {
        let offset: u16 = offset.parse().expect("a port is an offset");
        text = text.replace(&format!("127.0.0.1:{}\"", 17000 + offset), &format!("127.0.0.1:{}\"", base + offset));
    }
    text.replace("/tmp/goaround-testbed", data.to_str().expect("temporary folders are named in UTF-8"))
}
