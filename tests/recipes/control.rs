//! Control ports of the testbed: the fault proxy's, and the recorder's of messages.

use super::servers::Server;
use std::{
    io::{Read, Write},
    net::TcpStream,
};

/// Asks a control port for something, to its good end.
pub fn put(port: u16, path: &str, json: &str) {
    let mut control = TcpStream::connect(("127.0.0.1", port)).expect("the control port is there");
    let head = format!("PUT {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", json.len());
    control.write_all((head + json).as_bytes()).expect("it reads");
    let mut status = [0; 12];
    control.read_exact(&mut status).expect("it answers");
    assert_eq!(&status, b"HTTP/1.1 200", "{path} {json}");
}

/// Meets the server behind `port`, a `FAULT_X_PORT`, in this way from now on.
pub fn meet(server: &Server, port: &str, rule: &str) {
    put(server.port("FAULT_PORT"), &format!("/{}", server.port(port)), rule);
}
