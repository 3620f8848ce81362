//! TLS against a real server (`openssl s_server`): strict, and refused is not lost.

use super::{answered, carriers, http_ask, refused};
use goaround::kind::{Answer, Exchange, Fault, Use};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// `openssl s_server` with a certificate of its own; dropped, it ends.
struct Server {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Server {
    /// A server whose certificate names `name` and is valid for `days` from now.
    fn start(name: &str, days: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (key, certificate) = (folder.path().join("key.pem"), folder.path().join("cert.pem"));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=testbed", "-days", days])
            .args(["-addext", &format!("subjectAltName={name}")])
            .args([Path::new("-keyout"), &key, Path::new("-out"), &certificate])
            .output()
            .expect("openssl is installed");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut child = Command::new("openssl")
            .args(["s_server", "-www", "-accept", "127.0.0.1:0"])
            .args([Path::new("-key"), &key, Path::new("-cert"), &certificate])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = said.map_while(Result::ok).find_map(|line| line.strip_prefix("ACCEPT 127.0.0.1:")?.parse().ok());
        Self { child, port: port.expect("the server says where it listens"), folder }
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    async fn ask(&self, host: &str, ca_file: Option<PathBuf>) -> Result<Answer, Fault> {
        let mut ask = http_ask("GET", &format!("https://{host}:{}/", self.port));
        ask.ca_file = ca_file;
        carriers().perform(&Exchange::Http(ask), Use::Look, 5_000).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_server_vouched_for_by_the_given_authority_is_spoken_to() {
    let server = Server::start("IP:127.0.0.1", "2");
    assert_eq!(answered(server.ask("127.0.0.1", Some(server.certificate())).await).0, 200);
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused() {
    let server = Server::start("IP:127.0.0.1", "2");
    let text = refused(server.ask("127.0.0.1", None).await);
    assert!(text.contains("certificate"), "{text}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let server = Server::start("DNS:elsewhere.example", "2");
    let text = refused(server.ask("127.0.0.1", Some(server.certificate())).await);
    assert!(text.contains("not valid for"), "{text}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let server = Server::start("IP:127.0.0.1", "-1");
    let text = refused(server.ask("127.0.0.1", Some(server.certificate())).await);
    assert!(text.contains("expired"), "{text}");
}

#[tokio::test]
async fn an_authority_file_that_is_missing_or_empty_sends_nothing() {
    let empty = tempfile::NamedTempFile::new().unwrap();
    for path in [PathBuf::from("/nowhere/ca.pem"), empty.path().to_owned()] {
        let mut ask = http_ask("GET", "https://127.0.0.1:1/");
        ask.ca_file = Some(path.clone());
        let text = super::not_sent(carriers().perform(&Exchange::Http(ask), Use::Look, 5_000).await);
        assert!(text.contains(path.to_str().unwrap()), "{text}");
    }
}
