//! Code and data put back: exactly what was named, refused where it would do more, and seen where it runs.

use super::harness::{Flight, is_not_sent, is_rejected, secret};
use super::servers::Server;
use goaround::{kind::Outcome, playbook::Playbook};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::{fd::OwnedFd, unix::fs::PermissionsExt},
    path::Path,
    process::{Command, Stdio},
};

/// A lever on the work tree of the service under supervisord; `to` as TOML.
fn git(server: &Server, tree: &str, to: &str) -> Flight {
    let tree = server.data().join("supervisor").join(tree);
    let tree = tree.display();
    Flight::of(&format!(
        r#"
[backends]
shell.exec = {{ }}
[probes.good]
exec = {{ backend = "shell", argv = ["/bin/sh", "-euc", 'git -C "$1" rev-parse "last-good^{{commit}}"', "goaround", "{tree}"] }}
[probes.branch]
exec = {{ backend = "shell", argv = ["/bin/sh", "-euc", "echo main"] }}
[levers.lever]
use = "git.checkout"
with = {{ shell = "shell", tree = "{tree}", to = {to} }}
"#
    ))
}

fn supervisor(server: &Server, password: &str, program: &str) -> Flight {
    let (port, service) = (server.port("SUPERVISOR_PORT"), server.port("SERVICE_PORT"));
    let password = secret(server.data(), "supervisor-password", password);
    Flight::of(&format!(
        r#"
[backends]
service.http = {{ url = "http://127.0.0.1:{service}" }}
supervisor.http = {{ url = "http://127.0.0.1:{port}", basic = {{ user = "ops", password_file = "{password}" }} }}
[probes.version]
http = {{ backend = "service", get = "/", at = "/version" }}
[levers.lever]
use = "supervisor.restart"
with = {{ supervisor = "supervisor", program = "{program}" }}
"#
    ))
}

#[tokio::test]
async fn git_checkout_goes_to_one_commit_and_back_and_runs_after_a_restart_real_servers() {
    let server = Server::start("supervisor");
    let mut flight = git(&server, "worktree", r#"{ probe = "good" }"#);
    flight.flies_there_and_back().await;

    let mut restart = supervisor(&server, "suppass", "service");
    flight.applies_and_agrees().await;
    assert_eq!(restart.shows("version").await, "v2-bad", "a checkout alone changes nothing that runs");
    restart.applies_and_agrees().await;
    assert_eq!(restart.shows("version").await, "v1-good");
    assert!(!flight.may_be_pulled().await, "it is there already");
}

#[tokio::test]
async fn git_checkout_refuses_a_dirty_tree_and_whatever_is_no_commit_real_servers() {
    let server = Server::start("supervisor");
    // The same in both commits: git would check out the other one and carry the edit along.
    let edited = server.data().join("supervisor/worktree/service.py");
    let sound = fs::read_to_string(&edited).unwrap();
    let mut flight = git(&server, "worktree", r#"{ probe = "good" }"#);
    let before = flight.shows("lever-head").await;
    fs::write(&edited, format!("{sound}# edited\n")).unwrap();
    assert_eq!(flight.shows("lever-edits").await, "M service.py");
    assert!(!flight.may_be_pulled().await);
    is_rejected(&flight.pull().await, "the work tree is dirty:  M service.py");
    assert_eq!(flight.shows("lever-head").await, before);
    fs::write(&edited, sound).unwrap();
    assert!(flight.may_be_pulled().await);

    let missing = "0123456789abcdef0123456789abcdef01234567";
    is_rejected(&git(&server, "worktree", &format!("\"{missing}\"")).pull().await, "there is no commit");
    is_rejected(&git(&server, "worktree", r#"{ probe = "branch" }"#).pull().await, "main is no full commit");
    is_rejected(&git(&server, "nowhere", &format!("\"{missing}\"")).pull().await, "there is no /");
}

#[test]
fn git_checkout_takes_no_name_that_means_something_else_tomorrow() {
    for name in ["HEAD~1", "main", "8c1f9d6"] {
        let text = format!(
            "format = 1\nservice = \"x\"\nenvironment = \"x\"\n[hold]\ngreen_for = \"1s\"\n[backends]\nshell.exec = {{ }}\n\
             [levers.x]\nuse = \"git.checkout\"\nwith = {{ shell = \"shell\", tree = \"/srv\", to = \"{name}\" }}\n"
        );
        let flaws = Playbook::parse("x.toml", &text, None).expect_err("a name is refused");
        assert_eq!(flaws.len(), 1, "{flaws:#?}");
        assert!(flaws[0].what.contains(name) && flaws[0].hint.contains("all 40 hex digits"), "{flaws:#?}");
    }
}

#[tokio::test]
async fn supervisor_restart_is_done_by_another_process_and_its_refusals_are_no_success_real_servers() {
    let server = Server::start("supervisor");
    let mut flight = supervisor(&server, "suppass", "service");
    assert!(flight.may_be_pulled().await);
    flight.applies_and_agrees().await;

    let conf = server.data().join("supervisor/supervisord.conf");
    let stopped = Command::new("supervisorctl").arg("-c").arg(&conf).args(["stop", "service"]).output().unwrap();
    assert!(stopped.status.success(), "{stopped:?}");
    assert_eq!(flight.shows("lever-pid").await, "0");
    flight.applies_and_agrees().await;
    assert_eq!(flight.shows("version").await, "v2-bad", "a restart also starts what had stopped");

    is_rejected(&supervisor(&server, "wrong", "service").pull().await, "HTTP 401");
    let mut missing = supervisor(&server, "suppass", "nobody");
    assert!(!missing.may_be_pulled().await);
    is_rejected(&missing.pull().await, "BAD_NAME");

    // What cannot start is stopped all the same: an HTTP 200 that is neither yes nor no.
    let tree = server.data().join("supervisor/worktree");
    fs::rename(&tree, tree.with_extension("gone")).unwrap();
    let mut flight = supervisor(&server, "suppass", "service");
    let settled = flight.pull().await;
    assert_eq!(settled.outcome, Outcome::Unknown, "{}", settled.detail);
    assert!(flight.is_not_done().await);
    server.down("supervisor");
    is_not_sent(&flight.pull().await);
}

fn rsync(root: &Path, from: &str) -> Flight {
    rsync_from(root, &format!("{}/{from}", root.display()))
}

fn rsync_from(root: &Path, from: &str) -> Flight {
    let root = root.display();
    Flight::of(&format!(
        r#"
[backends]
shell.exec = {{ programs = ["/bin/sh"] }}
index.file = {{ root = "{root}/index" }}
[probes.hash]
file = {{ backend = "index", read = "HASH" }}
[levers.lever]
use = "rsync.restore"
with = {{ shell = "shell", from = "{from}", to = "{root}/index", keep = "{root}/before", edge = "hash", shows = "hash-a" }}
"#
    ))
}

/// An rsync server that greets whoever comes, with a module named `docs`; each connection gets a process of its own.
fn greeting_rsync(folder: &Path, docs: &Path) -> u16 {
    let (greeting, conf) = (folder.join("motd"), folder.join("rsyncd.conf"));
    fs::write(&greeting, "Welcome to the backups.\nAuthorised use only.\n").expect("a folder of the test's own");
    let (motd, path) = (greeting.display(), docs.display());
    fs::write(&conf, format!("motd file = {motd}\nuse chroot = no\n[docs]\npath = {path}\n"))
        .expect("a folder of the test's own");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut server = Command::new("rsync");
            server.args(["--daemon", "--config"]).arg(&conf).stdin(OwnedFd::from(stream));
            drop(server.status());
        }
    });
    port
}

#[tokio::test]
async fn rsync_restore_mirrors_no_empty_folder_however_it_is_greeted() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    // The server may run as nobody.
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
    for name in ["empty", "full", "index"] {
        fs::create_dir(root.join(name)).unwrap();
    }
    fs::write(root.join("index/HASH"), "hash-b").unwrap();
    fs::write(root.join("full/HASH"), "hash-a").unwrap();
    let empty = greeting_rsync(&root, &root.join("empty"));
    is_rejected(&rsync_from(&root, &format!("rsync://127.0.0.1:{empty}/docs")).pull().await, "is empty");
    assert_eq!(fs::read_to_string(root.join("index/HASH")).unwrap(), "hash-b", "production is as it was");
    fs::create_dir(root.join("conf")).unwrap();
    let full = greeting_rsync(&root.join("conf"), &root.join("full"));
    rsync_from(&root, &format!("rsync://127.0.0.1:{full}/docs")).applies_and_agrees().await;
}

#[tokio::test]
async fn rsync_restore_puts_back_exactly_the_snapshot_and_takes_it_back_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    for (path, text) in [("good/HASH", "hash-a"), ("good/old", "1"), ("index/HASH", "hash-b"), ("index/new", "2")] {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), text).unwrap();
    }
    // Of the same size and age: only their bytes tell them apart.
    let age = fs::metadata(root.join("good/HASH")).unwrap().modified().unwrap();
    fs::File::options().write(true).open(root.join("index/HASH")).unwrap().set_modified(age).unwrap();
    let names = |name: &str| {
        let mut names: Vec<_> = fs::read_dir(root.join(name)).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let mut flight = rsync(&root, "good");
    flight.flies_there_and_back().await;
    assert_eq!(names("index"), ["HASH", "new"], "as it was before");
    flight.applies_and_agrees().await;
    assert_eq!(names("index"), ["HASH", "old"], "as the snapshot is");

    fs::create_dir(root.join("empty")).unwrap();
    is_rejected(&rsync(&root, "empty").pull().await, "empty is empty");
    is_rejected(&rsync(&root, "none").pull().await, "none cannot be read");
    is_not_sent(&rsync_from(&root, "rsync://127.0.0.1:1/docs").pull().await);
    assert_eq!(names("index"), ["HASH", "old"]);
    let nothing_kept = tempfile::tempdir().unwrap();
    is_rejected(&rsync(nothing_kept.path(), "good").pull().await, "there is no folder");
}

/// The testbed's database, with its password in a file that libpq reads.
fn postgres(server: &Server, password: &str, archive: &Path) -> Flight {
    let port = server.port("POSTGRES_PORT");
    let pgpass = secret(server.data(), "pgpass", &format!("*:*:*:*:{password}\n"));
    fs::set_permissions(&pgpass, fs::Permissions::from_mode(0o600)).expect("a folder of the test's own");
    let known = secret(server.data(), "pg-password", "pgpass");
    let archive = archive.display();
    Flight::of(&format!(
        r#"
[backends]
shell.exec = {{ programs = ["/bin/sh"], env = {{ PGHOST = "127.0.0.1", PGPORT = "{port}", PGUSER = "ops", PGPASSFILE = "{pgpass}" }} }}
rag.postgres = {{ address = "127.0.0.1:{port}", database = "rag", user = "ops", password_file = "{known}" }}
[probes.count]
postgres = {{ backend = "rag", query = "select count(*) from receipts" }}
[levers.lever]
use = "postgres.restore"
with = {{ shell = "shell", archive = "{archive}", database = "rag", restored = "count", shows = "1" }}
"#
    ))
}

/// One of the database's own programs, as the superuser.
fn pg(server: &Server, program: &str) -> Command {
    let mut command = Command::new(program);
    let port = server.port("POSTGRES_PORT").to_string();
    let known = [("PGHOST", "127.0.0.1"), ("PGPORT", &port), ("PGUSER", "ops"), ("PGPASSWORD", "pgpass")];
    command.envs(known).arg("--dbname=rag");
    command
}

#[track_caller]
fn insert(server: &Server, key: &str) {
    let done = pg(server, "psql")
        .arg(format!("--command=insert into receipts (key) values ('{key}')"))
        .output()
        .expect("psql is there");
    assert!(done.status.success(), "{done:?}");
}

#[tokio::test]
async fn postgres_restore_puts_the_data_back_whole_or_not_at_all_real_servers() {
    let server = Server::start("postgres");
    let archive = server.data().join("rag.dump");
    insert(&server, "before");
    let dumped = pg(&server, "pg_dump").args(["--format=custom", "--table=receipts", "--file"]).arg(&archive).output();
    assert!(dumped.unwrap().status.success());
    insert(&server, "after");
    let mut flight = postgres(&server, "pgpass", &archive);
    assert_eq!(flight.shows("count").await, "2");
    assert!(flight.may_be_pulled().await);

    // An open reader: nothing is dropped, and nobody waits behind the restore for ever.
    let mut reader = pg(&server, "psql").args(["-qAt"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(reader.stdin.as_mut().unwrap(), "begin; select count(*) from receipts;").unwrap();
    let mut line = String::new();
    BufReader::new(reader.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let settled = flight.pull().await;
    is_rejected(&settled, "lock timeout");
    drop(reader.stdin.take());
    reader.wait().unwrap();
    assert_eq!(flight.shows("count").await, "2", "whole or not at all");

    flight.applies_and_agrees().await;
    assert_eq!(flight.shows("count").await, "1");
    is_rejected(&postgres(&server, "wrong", &archive).pull().await, "password authentication failed");
    let mut missing = postgres(&server, "pgpass", &server.data().join("none.dump"));
    assert!(!missing.may_be_pulled().await);
    is_rejected(&missing.pull().await, "No such file");
    server.down("postgres");
    is_not_sent(&flight.pull().await);
}

/// Puts a program in the place of one that is not to be had here; it only says what the real one's documents say.
fn fake(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}")).expect("a folder of the test's own");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a folder of the test's own");
}

#[tokio::test]
async fn compose_restart_is_done_by_a_later_start_as_a_fake_docker_tells_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().display();
    fs::write(folder.path().join("started"), "2026-01-01T02:00:00.5Z\n").unwrap();
    fake(
        folder.path(),
        "docker",
        &format!(
            "case $* in\n*'ps --all --quiet rag') echo c1 ;;\n*' restart rag') echo 2026-01-01T03:00:00.5Z >{root}/started ;;\n\
             inspect*) cat {root}/started ;;\n*' rgb') echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1 ;;\n*) echo 'no such service' >&2; exit 1 ;;\nesac\n"
        ),
    );
    let flight = |service: &str| {
        Flight::of(&format!(
            "[backends]\nshell.exec = {{ env = {{ PATH = \"{root}:/usr/bin:/bin\" }} }}\n[levers.lever]\nuse = \"compose.restart\"\n\
             with = {{ shell = \"shell\", file = \"/srv/compose.yaml\", service = \"{service}\" }}\n"
        ))
    };
    let mut sound = flight("rag");
    assert!(sound.may_be_pulled().await);
    sound.applies_and_agrees().await;
    let mut missing = flight("rga");
    assert!(!missing.may_be_pulled().await);
    is_rejected(&missing.pull().await, "rga cannot be found");
    is_not_sent(&flight("rgb").pull().await);
}

#[tokio::test]
async fn mongo_restore_runs_dry_before_it_drops_anything_as_a_fake_mongorestore_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().display();
    fs::write(folder.path().join("hash"), "hash-b").unwrap();
    let script = format!(
        "echo \"$*\" >>{root}/asked\ncase $* in *none.gz*) echo 'Failed: no such file' >&2; exit 1 ;; *far.gz*) echo 'Failed: server selection error' >&2; exit 1 ;; *--dryRun*) exit 0 ;; esac\n\
         printf hash-a >{root}/hash\n"
    );
    fake(folder.path(), "mongorestore", &script);
    let flight = |archive: &str| {
        Flight::of(&format!(
            "[backends]\nshell.exec = {{ env = {{ PATH = \"{root}:/usr/bin:/bin\" }} }}\nindex.file = {{ root = \"{root}\" }}\n\
             [probes.hash]\nfile = {{ backend = \"index\", read = \"hash\" }}\n[levers.lever]\nuse = \"mongo.restore\"\n\
             with = {{ shell = \"shell\", config = \"/etc/m.yaml\", archive = \"{archive}\", database = \"rag\", restored = \"hash\", shows = \"hash-a\" }}\n"
        ))
    };
    is_rejected(&flight("/none.gz").pull().await, "it was only a dry run");
    is_not_sent(&flight("/far.gz").pull().await);
    flight("/rag.gz").applies_and_agrees().await;
    let asked = fs::read_to_string(folder.path().join("asked")).unwrap();
    let common = "--config=/etc/m.yaml --gzip --archive=/rag.gz --nsInclude=rag.* --drop --stopOnError";
    let last: Vec<&str> = asked.lines().skip(2).collect();
    assert_eq!(last, [format!("{common} --dryRun").as_str(), common]);
}
