//! `fake_kube_api`: what the public documents say of one Service behind an API server, and kubeconfigs that lead there.

use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::WebPkiClientVerifier,
    },
};

/// How the kubeconfig's user logs in.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Access {
    Token,
    TokenFile,
    Certificate,
    Plugin,
    PluginCertificate,
}

/// What the server does instead of answering.
#[derive(Clone, Copy)]
pub(super) enum Cut {
    Unanswered,
    HalfAnswered,
    Hangs,
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }
}

#[derive(Default)]
struct World {
    selector: String,
    version: u64,
    seen: Vec<Seen>,
    cuts: HashMap<String, Cut>,
    /// By method; each is given once for every request.
    answers: HashMap<String, (u16, Value)>,
    hasty_rival: bool,
}

pub(super) struct FakeKubeApi {
    folder: tempfile::TempDir,
    server: String,
    world: Arc<Mutex<World>>,
}

/// A Service as the API shows it.
pub(super) fn service(selector: &str, version: u64) -> Value {
    json!({
        "kind": "Service", "apiVersion": "v1",
        "metadata": {
            "name": "docs-live", "namespace": "docs", "resourceVersion": version.to_string(),
            "managedFields": [{
                "manager": "kubectl-edit", "operation": "Update", "apiVersion": "v1",
                "time": "2026-11-21T03:14:05Z", "fieldsType": "FieldsV1",
                "fieldsV1": {"f:spec": {"f:selector": {}}},
            }],
        },
        "spec": {"selector": {"app": selector}},
    })
}

/// A `Status` that says no.
pub(super) fn status(code: u16, message: &str) -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "code": code})
}

/// The `Status` of a stale resourceVersion.
pub(super) fn conflict() -> Value {
    let message = "Operation cannot be fulfilled on services \"docs-live\": the object has been modified; \
                   please apply your changes to the latest version and try again";
    let mut no = status(409, message);
    no["reason"] = json!("Conflict");
    no["details"] = json!({"name": "docs-live", "kind": "services"});
    no
}

/// A script that prints a credential.
pub(super) fn prints(given: &Value) -> String {
    let credential = json!({
        "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1", "status": given,
    });
    format!("cat <<'END'\n{credential}\nEND")
}

impl FakeKubeApi {
    pub(super) async fn start(access: Access) -> Self {
        let folder = tempfile::tempdir().unwrap();
        certificates(folder.path());
        let certain = matches!(access, Access::Certificate | Access::PluginCertificate);
        let acceptor = acceptor(folder.path(), certain);
        let (listener, address) = listen().await;
        let api = Self::new(folder, format!("https://{address}"), access);
        let world = Arc::clone(&api.world);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, world) = (acceptor.clone(), Arc::clone(&world));
                tokio::spawn(async move { serve(acceptor.accept(stream).await?, &world).await });
            }
        });
        api
    }

    /// Without TLS, like `kubectl proxy`.
    pub(super) async fn start_plain(access: Access) -> Self {
        let folder = tempfile::tempdir().unwrap();
        certificates(folder.path());
        let (listener, address) = listen().await;
        let api = Self::new(folder, format!("http://{address}"), access);
        let world = Arc::clone(&api.world);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let world = Arc::clone(&world);
                tokio::spawn(async move { serve(stream, &world).await });
            }
        });
        api
    }

    fn new(folder: tempfile::TempDir, server: String, access: Access) -> Self {
        let world = World { selector: "docs-green".to_owned(), version: 41, ..World::default() };
        let api = Self { folder, server, world: Arc::new(Mutex::new(world)) };
        let user = match access {
            Access::Token => "token: s3same-0pen".to_owned(),
            Access::TokenFile => "tokenFile: token".to_owned(),
            Access::Certificate => {
                let key = encoded(&api.folder().join("client.key"));
                format!("client-certificate: client.pem\n    client-key-data: {key}")
            }
            Access::Plugin | Access::PluginCertificate => format!(
                "exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: ./plugin\n      args: [get-token]\
                 \n      interactiveMode: Never\n      provideClusterInfo: true\
                 \n      env: [{{name: HOME_OF_TEST, value: {}}}]",
                api.folder().display()
            ),
        };
        std::fs::write(api.folder().join("token"), "s3same-0pen\n").unwrap();
        let text = KUBECONFIG
            .replace("{server}", &api.server)
            .replace("{authority}", &encoded(&api.folder().join("ca.pem")))
            .replace("{user}", &user);
        std::fs::write(api.kubeconfig(), text).unwrap();
        api
    }

    pub(super) fn kubeconfig(&self) -> PathBuf {
        self.folder().join("config")
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn server(&self) -> String {
        self.server.clone()
    }

    /// Rewrites the kubeconfig.
    pub(super) fn edit(&self, with: impl FnOnce(String) -> String) {
        let text = with(std::fs::read_to_string(self.kubeconfig()).unwrap());
        std::fs::write(self.kubeconfig(), text).unwrap();
    }

    /// Writes the exec plugin.
    pub(super) fn plugin(&self, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.folder().join("plugin");
        // A file that is open for writing cannot be run; another process does the writing, so that no test that
        // forks at this moment keeps it open.
        let mut shell = Command::new("sh");
        shell.args(["-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$2\"", "sh", script]).arg(&path);
        assert!(shell.status().unwrap().success());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.world.lock().unwrap().seen.clone()
    }

    pub(super) fn selector(&self) -> String {
        self.world.lock().unwrap().selector.clone()
    }

    pub(super) fn answer(&self, method: &str, code: u16, body: Value) {
        self.world.lock().unwrap().answers.insert(method.to_owned(), (code, body));
    }

    pub(super) fn cut(&self, method: &str, cut: Cut) {
        self.world.lock().unwrap().cuts.insert(method.to_owned(), cut);
    }

    /// Somebody else changes the Service between the look and the patch.
    pub(super) fn change_before_the_patch(&self) {
        self.world.lock().unwrap().hasty_rival = true;
    }
}

/// The blanks are in braces, which base64 never holds: a certificate did once say `USER`.
const KUBECONFIG: &str = "\
apiVersion: v1
kind: Config
current-context: staging
clusters:
- name: eu
  cluster:
    server: {server}
    certificate-authority-data: {authority}
contexts:
- name: prod-eu
  context:
    cluster: eu
    user: commander
- name: staging
  context:
    cluster: gone
users:
- name: commander
  user:
    {user}
";

async fn listen() -> (TcpListener, std::net::SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn encoded(file: &Path) -> String {
    let done = Command::new("base64").arg("-w0").arg(file).output().unwrap();
    String::from_utf8(done.stdout).unwrap()
}

/// An authority, a server and a client that it vouches for.
fn certificates(folder: &Path) {
    let openssl = |args: &str| {
        let done = Command::new("openssl").args(args.split(' ')).current_dir(folder).output().unwrap();
        assert!(done.status.success(), "openssl {args}: {}", String::from_utf8_lossy(&done.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30";
    openssl(&format!("req -x509 {key} -subj /CN=fake-authority -keyout ca.key -out ca.pem"));
    for (name, extra) in [("server", "subjectAltName=IP:127.0.0.1"), ("client", "extendedKeyUsage=clientAuth")] {
        let made = format!("req -x509 {key} -subj /CN={name} -CA ca.pem -CAkey ca.key -addext {extra}");
        openssl(&format!("{made} -addext basicConstraints=critical,CA:FALSE -keyout {name}.key -out {name}.pem"));
    }
}

fn acceptor(folder: &Path, certain: bool) -> TlsAcceptor {
    let read = |name: &str| CertificateDer::from_pem_file(folder.join(name)).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(read("ca.pem")).unwrap();
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let builder = if certain { builder.with_client_cert_verifier(clients) } else { builder.with_no_client_auth() };
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
    TlsAcceptor::from(Arc::new(builder.with_single_cert(vec![read("server.pem")], key).unwrap()))
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, world: &Mutex<World>) -> io::Result<()> {
    let seen = request(&mut stream).await?;
    let method = seen.line.split(' ').next().unwrap().to_owned();
    let (cut, (code, body)) = {
        let mut world = world.lock().unwrap();
        world.seen.push(seen.clone());
        (world.cuts.get(&method).copied(), world.answer(&method, &seen.body))
    };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {code} X\r\ncontent-type: application/json\r\nretry-after: 7\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    match cut {
        Some(Cut::Unanswered) => {}
        Some(Cut::HalfAnswered) => stream.write_all(format!("{head}{{\"kind\":").as_bytes()).await?,
        Some(Cut::Hangs) => std::future::pending::<()>().await,
        None => stream.write_all(format!("{head}{body}").as_bytes()).await?,
    }
    stream.shutdown().await
}

impl World {
    fn answer(&mut self, method: &str, body: &str) -> (u16, Value) {
        if let Some(fixed) = self.answers.get(method) {
            return fixed.clone();
        }
        if method != "PATCH" {
            return (200, service(&self.selector, self.version));
        }
        if std::mem::take(&mut self.hasty_rival) {
            "docs-red".clone_into(&mut self.selector);
            self.version += 1;
        }
        let patch: Value = serde_json::from_str(body).unwrap();
        if patch["metadata"]["resourceVersion"] != json!(self.version.to_string()) {
            return (409, conflict());
        }
        if let Some(selector) = patch.pointer("/spec/selector/app").and_then(Value::as_str) {
            selector.clone_into(&mut self.selector);
        }
        self.version += 1;
        (200, service(&self.selector, self.version))
    }
}

async fn request<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<Seen> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.trim_end().lines();
    let line = lines.next().unwrap().to_owned();
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = pairs.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let mut seen = Seen { line, headers, body: String::new() };
    let length = seen.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    seen.body = String::from_utf8(body).unwrap();
    Ok(seen)
}
