//! HTTP: the fault list's shapes, each with how far it got.

use super::{answered, carriers, http_ask, lost, not_sent, post};
use goaround::kind::{Answer, Body, Exchange, Use};
use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};

/// A server that does `behave` to each connection; returns its address.
async fn fake<F>(behave: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(behave(stream));
        }
    });
    url
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).await?;
        seen.push(byte[0]);
    }
    Ok(())
}

/// A server that reads the request and answers these bytes.
async fn fake_answer(bytes: Vec<u8>) -> String {
    fake(move |mut stream| {
        let bytes = bytes.clone();
        async move {
            read_request(&mut stream).await?;
            stream.write_all(&bytes).await
        }
    })
    .await
}

fn reset(stream: &TcpStream) {
    stream.set_zero_linger().unwrap();
}

async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn a_refused_connection_sent_nothing() {
    let text = not_sent(post(&format!("http://127.0.0.1:{}/flip?token=hush", free_port().await)).await);
    assert!(text.contains("Connection refused"), "{text}");
    assert!(!text.contains("hush"), "the query is shown: {text}");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_sent_nothing() {
    not_sent(post("http://no-such-host.invalid/").await);
}

#[tokio::test]
async fn a_black_hole_is_given_up_after_two_seconds_and_sent_nothing() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    // Nobody accepts: once the queue is full the kernel drops what comes.
    while let Ok(stream) = timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
        waiting.push(stream);
    }
    let began = Instant::now();
    not_sent(post(&format!("http://{address}/")).await);
    let took = began.elapsed();
    assert!((1900..9000).contains(&took.as_millis()), "took {took:?}");
}

#[tokio::test]
async fn connecting_for_longer_than_a_short_deadline_sent_nothing() {
    let fake_silent_tls = fake(|stream| async move {
        let held = stream;
        std::future::pending::<()>().await;
        drop(held);
        Ok(())
    });
    let url = fake_silent_tls.await.replace("http", "https");
    not_sent(carriers().perform(&Exchange::Http(http_ask("POST", &url)), Use::Act, 5_000).await);
}

#[tokio::test]
async fn a_reset_after_connecting_is_lost() {
    let fake_reset = fake(|stream| async move {
        reset(&stream);
        Ok(())
    });
    lost(post(&fake_reset.await).await);
}

#[tokio::test]
async fn a_reset_in_the_middle_of_the_request_is_lost() {
    let fake_reset = fake(|mut stream| async move {
        stream.read_exact(&mut [0; 64]).await?;
        reset(&stream);
        Ok(())
    });
    let mut ask = http_ask("PUT", &fake_reset.await);
    ask.body = Some("x".repeat(8 << 20));
    lost(carriers().perform(&Exchange::Http(ask), Use::Act, 10_000).await);
}

#[tokio::test]
async fn a_request_that_was_read_and_not_answered_is_lost() {
    let fake_mute = fake(|mut stream| async move { read_request(&mut stream).await });
    lost(post(&fake_mute.await).await);
}

#[tokio::test]
async fn a_request_without_an_answer_is_sent_once() {
    let (came, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&came);
    let requests = Arc::clone(&seen);
    let fake_mute = fake(move |mut stream| {
        counter.fetch_add(1, Ordering::SeqCst);
        let requests = Arc::clone(&requests);
        async move {
            read_request(&mut stream).await?;
            // The first of two requests is answered, so that a connection worth keeping exists.
            if requests.fetch_add(1, Ordering::SeqCst) == 0 {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await?;
                read_request(&mut stream).await?;
            }
            Ok(())
        }
    });
    let (carriers, ask) = (carriers(), Exchange::Http(http_ask("POST", &fake_mute.await)));
    answered(carriers.perform(&ask, Use::Act, 5_000).await);
    lost(carriers.perform(&ask, Use::Act, 5_000).await);
    assert_eq!((came.load(Ordering::SeqCst), seen.load(Ordering::SeqCst)), (2, 2));
}

#[tokio::test]
async fn an_answer_after_the_deadline_is_lost() {
    let fake_late = fake(|mut stream| async move {
        read_request(&mut stream).await?;
        std::future::pending().await
    });
    let ask = Exchange::Http(http_ask("POST", &fake_late.await));
    let text = lost(carriers().perform(&ask, Use::Act, 300).await);
    assert!(text.contains("no answer within 300 ms; it may have been done"), "{text}");
    let text = lost(carriers().perform(&ask, Use::Look, 300).await);
    assert!(text.ends_with("no answer within 300 ms"), "a look does nothing: {text}");
}

#[tokio::test]
async fn a_body_that_drips_for_ever_is_lost_at_the_total_deadline() {
    let fake_drip = fake(|mut stream| async move {
        read_request(&mut stream).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await?;
        loop {
            stream.write_all(b".").await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let ask = Exchange::Http(http_ask("POST", &fake_drip.await));
    let began = Instant::now();
    lost(carriers().perform(&ask, Use::Act, 500).await);
    assert!(began.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_lost_and_its_status_named() {
    let url = fake_answer(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".to_vec()).await;
    let text = lost(post(&url).await);
    assert!(text.contains("answered 200, but not whole"), "{text}");
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_cap() {
    let fake_endless = fake(|mut stream| async move {
        read_request(&mut stream).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        loop {
            stream.write_all(&[b'x'; 8192]).await?;
        }
    });
    let (status, body) = answered(post(&fake_endless.await).await);
    assert_eq!((status, body.bytes.len(), body.truncated), (200, Body::MAX_BYTES, true));
}

#[tokio::test]
async fn a_body_of_exactly_the_cap_is_whole() {
    let mut bytes = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", Body::MAX_BYTES).into_bytes();
    bytes.resize(bytes.len() + Body::MAX_BYTES, b'x');
    let (_, body) = answered(post(&fake_answer(bytes).await).await);
    assert_eq!((body.bytes.len(), body.truncated), (Body::MAX_BYTES, false));
}

#[tokio::test]
async fn a_gzip_bomb_is_cut_while_it_unpacks() {
    let packed = Command::new("sh").args(["-c", "head -c 67108864 /dev/zero | gzip"]).output().unwrap().stdout;
    assert!(packed.len() < 100_000, "this is no bomb");
    let mut bytes = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len());
    bytes.reserve(packed.len());
    let bytes = [bytes.into_bytes(), packed].concat();
    let (status, body) = answered(post(&fake_answer(bytes).await).await);
    assert_eq!((status, body.bytes.len(), body.truncated), (200, Body::MAX_BYTES, true));
}

#[tokio::test]
async fn no_redirect_is_followed_neither_by_a_lever_nor_by_a_look() {
    let trap = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = format!("http://{}/stolen", trap.local_addr().unwrap());
    for status in [301, 302, 303, 307, 308] {
        let head = format!("HTTP/1.1 {status} Elsewhere\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n");
        let url = fake_answer(head.into_bytes()).await;
        for (method, use_) in [("POST", Use::Act), ("GET", Use::Look)] {
            match carriers().perform(&Exchange::Http(http_ask(method, &url)), use_, 5_000).await {
                Ok(Answer::Http { status: seen, location: Some(location), .. }) => {
                    assert_eq!((seen, location.as_str()), (status, target.as_str()));
                }
                other => panic!("{other:?}"),
            }
        }
    }
    let caught = timeout(Duration::from_millis(50), trap.accept()).await;
    assert!(caught.is_err(), "somebody followed");
}

#[tokio::test]
async fn an_error_status_is_an_answer_with_its_body_and_retry_after() {
    for status in [401, 404, 429, 500, 502, 503, 504] {
        let head = format!("HTTP/1.1 {status} No\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\nno");
        match post(&fake_answer(head.into_bytes()).await).await {
            Ok(Answer::Http { status: seen, retry_after_s, body, location }) => {
                assert_eq!((seen, retry_after_s, body, location), (status, Some(7), Body::whole("no"), None));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_is_not_http_is_lost() {
    lost(post(&fake_answer(b"\x16\x03\x01 what?\r\n\r\n".to_vec()).await).await);
}

#[tokio::test]
async fn a_request_that_cannot_be_written_sent_nothing() {
    for url in ["ftp://127.0.0.1/", "http://", "not an address", "http://127.0.0.1:99999/"] {
        not_sent(post(url).await);
    }
    let mut ask = http_ask("GET", "http://127.0.0.1:1/");
    ask.headers = vec![("x-a".into(), "two\r\nx-b: lines".into())];
    not_sent(carriers().perform(&Exchange::Http(ask), Use::Look, 1_000).await);
}
