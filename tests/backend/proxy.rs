//! A wire between us and a real server that is cut once certain bytes have gone over it.

use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinSet,
};

/// The wire; dropped, it ends.
pub struct Proxy {
    pub address: String,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
    _task: JoinSet<()>,
}

impl Proxy {
    /// A wire to `server`. When the client has said `needle`, the server gets it and answers, and both ends are cut
    /// before the client has read a byte of that answer.
    pub async fn cutting_after(server: String, needle: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let mut task = JoinSet::new();
        let all = heard.clone();
        task.spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let place = {
                    let mut all = all.lock().unwrap();
                    all.push(Vec::new());
                    all.len() - 1
                };
                let server = TcpStream::connect(&server).await.unwrap();
                pass(client, server, needle, &all, place).await;
            }
        });
        Self { address, heard, _task: task }
    }

    /// What clients have said, a text for each connection.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().iter().map(|said| String::from_utf8_lossy(said).into_owned()).collect()
    }
}

/// Passes bytes both ways until the needle, or an end, is seen.
async fn pass(client: TcpStream, server: TcpStream, needle: &[u8], all: &Mutex<Vec<Vec<u8>>>, place: usize) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (mut up, mut down) = (vec![0; 8192], vec![0; 8192]);
    loop {
        tokio::select! {
            read = from_client.read(&mut up) => {
                let Ok(size @ 1..) = read else { return };
                let seen = {
                    let mut all = all.lock().unwrap();
                    all[place].extend_from_slice(&up[..size]);
                    all[place].windows(needle.len()).any(|part| part == needle)
                };
                if to_server.write_all(&up[..size]).await.is_err() {
                    return;
                }
                if seen {
                    return swallow(&mut from_server, to_client).await;
                }
            }
            read = from_server.read(&mut down) => {
                let Ok(size @ 1..) = read else { return };
                if to_client.write_all(&down[..size]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Waits for the answer and lets nobody have it.
async fn swallow(from_server: &mut OwnedReadHalf, to_client: OwnedWriteHalf) {
    let _ = from_server.read(&mut vec![0; 8192]).await;
    drop(to_client);
}
