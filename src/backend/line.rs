//! One line over TCP or a unix socket.

use super::stream::{Stream, boxed};
use super::{Deadline, lost, not_sent, refused};
use crate::kind::{Address, Answer, Body, Fault, LineAsk};
use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout_at,
};

/// Sends the line and reads until the peer closes or an empty line ends the answer.
///
/// A peer that closes without a byte has not answered: `HAProxy` says yes with an empty line, and a
/// `HAProxy` that died says nothing at all.
pub(super) async fn perform(ask: &LineAsk, deadline: Deadline) -> Result<Answer, Fault> {
    if ask.line.contains(['\n', '\r']) {
        return Err(not_sent("the line holds a line break, which would send a second command"));
    }
    let (peer, connected) = match &ask.address {
        Address::Tcp(address) => (address.clone(), connect(deadline, TcpStream::connect(address), boxed).await),
        Address::Unix(path) => (path.display().to_string(), connect(deadline, UnixStream::connect(path), boxed).await),
    };
    let stream = connected.map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => refused(format!("{peer}: {error}")),
        _ => not_sent(format!("{peer}: {error}")),
    })?;
    match timeout_at(deadline.at, exchange(stream, &ask.line)).await {
        Ok(Ok(body)) => Ok(Answer::Line(body)),
        Ok(Err(error)) => Err(lost(format!("{peer}: {error}"))),
        Err(_) => Err(deadline.passed(&peer)),
    }
}

async fn connect<T>(
    deadline: Deadline,
    connecting: impl Future<Output = io::Result<T>>,
    boxed: impl FnOnce(T) -> Stream,
) -> io::Result<Stream> {
    match timeout_at(deadline.connect(), connecting).await {
        Ok(stream) => stream.map(boxed),
        Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "connecting timed out")),
    }
}

async fn exchange(mut stream: Stream, line: &str) -> io::Result<Body> {
    stream.write_all(format!("{line}\n").as_bytes()).await?;
    stream.flush().await?;
    let mut body = Body::default();
    let mut chunk = [0; 8192];
    loop {
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            break;
        }
        // The search starts a little before the new bytes: an empty line may lie across two reads.
        let seen = body.bytes.len().saturating_sub(3);
        body.bytes.extend_from_slice(&chunk[..read]);
        if let Some(end) = empty_line(&body.bytes, seen) {
            body.bytes.truncate(end);
            return Ok(body);
        }
        if body.bytes.len() > Body::MAX_BYTES {
            body.bytes.truncate(Body::MAX_BYTES);
            body.truncated = true;
            return Ok(body);
        }
    }
    if body.bytes.is_empty() {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the peer closed without an answer"));
    }
    Ok(body)
}

/// Where the first empty line at or after `from` ends.
fn empty_line(bytes: &[u8], from: usize) -> Option<usize> {
    for start in [&b"\n"[..], b"\r\n"] {
        if bytes.starts_with(start) {
            return Some(start.len());
        }
    }
    (from..bytes.len()).find_map(|at| {
        let ends = [&b"\n\n"[..], b"\n\r\n"];
        ends.iter().find(|end| bytes[at..].starts_with(end)).map(|end| at + end.len())
    })
}

#[cfg(test)]
mod tests {
    use super::empty_line;

    #[test]
    fn an_answer_ends_at_its_first_empty_line_and_not_before() {
        assert_eq!(empty_line(b"\n", 0), Some(1));
        assert_eq!(empty_line(b"\r\n", 0), Some(2));
        assert_eq!(empty_line(b"a\nb\n\n", 0), Some(5));
        assert_eq!(empty_line(b"a\r\n\r\nrest", 0), Some(5));
        assert_eq!(empty_line(b"a\nb\n", 0), None);
        assert_eq!(empty_line(b"", 0), None);
    }
}
