//! The world behind a real socket.

use super::support::{Flight, docs_rag, index_mismatch};
use crate::drill::{Scenario, Told, World, serve};
use crate::incident::event::Drill;
use crate::playbook::Id;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Sends one request and returns everything that comes back.
async fn ask(address: std::net::SocketAddr, path: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A connection that is cut ends in an error or in silence; both are no answer.
    let _ended = stream.read_to_string(&mut answer).await;
    answer
}

fn told() -> Told {
    Told {
        playbook: "service = \"docs-rag\"".into(),
        profile: "drill".into(),
        drill: Drill::of(Id::new("index-mismatch").unwrap(), 1),
    }
}

#[tokio::test]
async fn the_world_answers_over_http_below_its_backends_ids() {
    let serving = serve(Flight::new(1).world, "127.0.0.1:0".parse().unwrap(), told(), || 2_000).await.unwrap();
    let pins = ask(serving.address, "/b/edge/pins").await;
    assert!(pins.starts_with("HTTP/1.1 200"), "{pins}");
    assert!(pins.contains(r#""INDEX_HASH":"index_hash-green""#), "{pins}");
    let empty = ask(serving.address, "/b/prom/api/v1/query?query=up").await;
    assert!(empty.contains(r#""status":"success""#), "{empty}");
    for path in ["/b/cache/GET", "/b/ghost/", "/pins"] {
        assert!(ask(serving.address, path).await.starts_with("HTTP/1.1 404"), "{path}");
    }
}

#[tokio::test]
async fn a_fault_cuts_the_connection_without_a_word() {
    let text = format!(
        "{}\n[[inject]]\nat = \"0s\"\nfor = \"1h\"\nbackend = \"edge\"\nfault = \"refuse\"",
        index_mismatch().source
    );
    let world = World::new(&Scenario::parse("x.toml", &text).unwrap(), &docs_rag(), 1).unwrap();
    let serving = serve(world, "127.0.0.1:0".parse().unwrap(), told(), || 0).await.unwrap();
    assert_eq!(ask(serving.address, "/b/edge/pins").await, "");
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused() {
    let refused = serve(Flight::new(1).world, "0.0.0.0:0".parse().unwrap(), told(), || 0).await.unwrap_err();
    assert!(refused.contains("127.0.0.1 or [::1] only"), "{refused}");
}

#[tokio::test]
async fn what_is_no_http_comes_as_an_exchange() {
    let serving = serve(Flight::new(1).world, "127.0.0.1:0".parse().unwrap(), told(), || 2_000).await.unwrap();
    let line = r#"{"line":{"address":{"unix":"/x/sock"},"line":"set map /x/live.map live be_blue"}}"#;
    let mut stream = tokio::net::TcpStream::connect(serving.address).await.unwrap();
    let request = format!(
        "POST /x/haproxy HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{line}",
        line.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains(r#"{"Ok":{"line":"#), "{answer}");
    assert!(ask(serving.address, "/b/edge/pins").await.contains(r#""arm":"blue""#));
}

#[tokio::test]
async fn the_world_says_how_it_is_flown() {
    let serving = serve(Flight::new(1).world, "127.0.0.1:0".parse().unwrap(), told(), || 0).await.unwrap();
    assert!(ask(serving.address, "/scenario").await.contains(r#""profile":"drill""#));
}

#[tokio::test]
async fn what_a_request_carries_in_a_header_reaches_the_world() {
    let text = index_mismatch().source.replacen(
        "[[answers]]",
        "[[answers]]\nbackend = \"edge\"\nask = \"GET /model\"\ncarries = \"X-Student-Model: v1\"\nreply = \"v1\"\n\n[[answers]]",
        1,
    );
    let world = World::new(&Scenario::parse("x.toml", &text).unwrap(), &docs_rag(), 1).unwrap();
    let serving = serve(world, "127.0.0.1:0".parse().unwrap(), told(), || 0).await.unwrap();
    assert!(ask(serving.address, "/b/edge/model").await.starts_with("HTTP/1.1 404"));
    let named = ask(serving.address, "/b/edge/model HTTP/1.1\r\nX-Student-Model: v1\r\nX-Rest:").await;
    assert!(named.starts_with("HTTP/1.1 200") && named.ends_with("v1"), "{named}");
}
