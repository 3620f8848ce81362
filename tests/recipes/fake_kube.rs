//! A fake API server: one Service, one Deployment, one namespace, in the shapes of the API's public documents.

use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
};

/// Objects by path, each with the resourceVersion it moves at every change.
type Objects = Arc<Mutex<BTreeMap<String, Value>>>;

/// The server, for as long as the test; and a kubeconfig that leads to it.
pub struct FakeKube {
    folder: tempfile::TempDir,
    objects: Objects,
}

impl FakeKube {
    /// Serves these objects of namespace `docs`, by the end of their paths.
    pub fn serve(objects: &[(&str, Value)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let server = format!("http://{}", listener.local_addr().expect("it is bound"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = json!({
            "apiVersion": "v1", "kind": "Config",
            "clusters": [{"name": "fake", "cluster": {"server": server}}],
            "users": [{"name": "ops", "user": {"token": "made-up"}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "ops"}}],
        });
        fs::write(folder.path().join("kubeconfig"), config.to_string()).expect("a folder of the test's own");
        let objects = objects.iter().map(|(path, object)| ((*path).to_owned(), object.clone()));
        let objects: Objects = Arc::new(Mutex::new(objects.collect()));
        let served = Arc::clone(&objects);
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.expect("somebody connects"), &served);
            }
        });
        Self { folder, objects }
    }

    /// Where its kubeconfig is; the context is `fake`.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("kubeconfig")
    }

    /// What is at a pointer of an object.
    pub fn at(&self, path: &str, pointer: &str) -> Value {
        let objects = self.objects.lock().expect("the server did not panic");
        objects[path].pointer(pointer).expect("it is there").clone()
    }
}

/// One request, one answer.
fn answer(mut stream: TcpStream, objects: &Objects) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream can be cloned"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("a request line");
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).expect("a header");
        match header.trim().to_ascii_lowercase().strip_prefix("content-length: ") {
            Some(number) => length = number.parse().expect("a number"),
            None if header.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    let asked = line.split([' ', '?']).nth(1).expect("a path");
    let path = asked.rsplit("/namespaces/docs/").next().expect("a last part");
    let mut objects = objects.lock().expect("no answer panicked");
    let (status, said) = match objects.get_mut(path) {
        None => (404, no(404, "NotFound")),
        Some(object) if line.starts_with("PATCH") => {
            patch(object, &serde_json::from_slice(&body).expect("a JSON body"))
        }
        Some(object) => (200, object.clone()),
    };
    let said = said.to_string();
    let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n");
    write!(stream, "{head}Content-Length: {}\r\n\r\n{said}", said.len()).expect("the client listens");
}

/// A `Status` that says no.
fn no(code: u16, reason: &str) -> Value {
    json!({"kind": "Status", "status": "Failure", "reason": reason, "code": code, "message": format!("fake: {reason}")})
}

/// A merge patch, refused unless it names the newest resourceVersion.
fn patch(object: &mut Value, patch: &Value) -> (u16, Value) {
    let version = object["metadata"]["resourceVersion"].clone();
    if patch["metadata"]["resourceVersion"] != version {
        return (409, no(409, "Conflict"));
    }
    merge(object, patch);
    let next: u64 = version.as_str().and_then(|version| version.parse().ok()).expect("versions count here");
    object["metadata"]["resourceVersion"] = json!((next + 1).to_string());
    (200, object.clone())
}

/// RFC 7396.
fn merge(target: &mut Value, patch: &Value) {
    let Some(keys) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    for (key, value) in keys {
        if value.is_null() {
            target.as_object_mut().expect("an object").remove(key);
        } else {
            merge(&mut target[key], value);
        }
    }
}
