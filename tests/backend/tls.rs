//! TLS against real servers (`openssl s_server`, `redis-server`): strict, and refused is not lost.

use super::{answered, carriers, http_ask, refused};
use goaround::kind::{Answer, Body, Exchange, Fault, RedisAsk, RedisValue, Use};
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// How `openssl ca` is told what to write into a certificate.
const CONFIG: &str = "
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
basicConstraints = CA:FALSE
subjectAltName = NAME
[req]
distinguished_name = any
";

/// `openssl s_server` with a certificate of its own; dropped, it ends.
struct Server {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Server {
    /// A server whose self-signed certificate names `name` and ends on the first day of `until`.
    fn start(name: &str, until: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        certify(here, name, until);
        let mut child = Command::new("openssl")
            .args("s_server -www -accept 127.0.0.1:0 -key key.pem -cert cert.pem".split(' '))
            .current_dir(here)
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

/// `redis-server` that speaks nothing but TLS; dropped, it ends.
struct Redis(Server);

impl Redis {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        certify(folder.path(), "IP:127.0.0.1", 2040);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = Command::new("redis-server")
            .args("--port 0 --bind 127.0.0.1 --save --tls-auth-clients no --tls-cert-file cert.pem".split(' '))
            .args("--tls-key-file key.pem --tls-ca-cert-file cert.pem --tls-port".split(' '))
            .arg(port.to_string())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(said.any(|line| line.contains("Ready to accept connections")), "the server did not start");
        Self(Server { child, port, folder })
    }

    async fn ping(&self, host: &str, ca_file: Option<PathBuf>) -> Result<Answer, Fault> {
        let address = format!("{host}:{}", self.0.port);
        let args = vec!["ECHO".into(), "over TLS".into()];
        let ask = RedisAsk { address, tls: true, ca_file, user: None, password: None, db: 3, args };
        carriers().perform(&Exchange::Redis(ask), Use::Look, 5_000).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a key and a certificate that vouches for itself, that names `name` and ends on the first day of `until`.
pub(super) fn certify(folder: &Path, name: &str, until: u32) {
    std::fs::write(folder.join("ca.cnf"), CONFIG.replace("NAME", name)).unwrap();
    std::fs::write(folder.join("index.txt"), "").unwrap();
    openssl(folder, "req -new -newkey rsa:2048 -nodes -subj /CN=testbed -config ca.cnf -keyout key.pem -out csr.pem");
    let dates = format!("-startdate 20200101000000Z -enddate {until}0101000000Z");
    let sign = "ca -selfsign -batch -notext -config ca.cnf -keyfile key.pem -in csr.pem -out cert.pem";
    openssl(folder, &format!("{sign} {dates}"));
}

fn openssl(folder: &Path, args: &str) {
    let done =
        Command::new("openssl").args(args.split(' ')).current_dir(folder).output().expect("openssl is installed");
    assert!(done.status.success(), "openssl {args}: {}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test]
async fn a_server_vouched_for_by_the_given_authority_is_spoken_to() {
    let server = Server::start("IP:127.0.0.1", 2040);
    assert_eq!(answered(server.ask("127.0.0.1", Some(server.certificate())).await).0, 200);
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused() {
    let server = Server::start("IP:127.0.0.1", 2040);
    let text = refused(server.ask("127.0.0.1", None).await);
    assert!(text.contains("certificate"), "{text}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let server = Server::start("DNS:elsewhere.example", 2040);
    let text = refused(server.ask("127.0.0.1", Some(server.certificate())).await);
    assert!(text.contains("not valid for"), "{text}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let server = Server::start("IP:127.0.0.1", 2021);
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

#[tokio::test]
async fn redis_over_tls_is_spoken_to_when_the_given_authority_vouches_for_it() {
    let redis = Redis::start();
    let said = redis.ping("127.0.0.1", Some(redis.0.certificate())).await;
    assert_eq!(said, Ok(Answer::Redis(RedisValue::Text(Body::whole("over TLS")))));
}

#[tokio::test]
async fn redis_over_tls_is_refused_without_a_certificate_that_holds() {
    let redis = Redis::start();
    let stranger = refused(redis.ping("127.0.0.1", None).await);
    assert!(stranger.contains("certificate"), "{stranger}");
    let elsewhere = refused(redis.ping("localhost", Some(redis.0.certificate())).await);
    assert!(elsewhere.contains("not valid for"), "{elsewhere}");
    let missing = super::not_sent(redis.ping("127.0.0.1", Some("/nowhere/ca.pem".into())).await);
    assert!(missing.contains("/nowhere/ca.pem"), "{missing}");
}
