//! Programs: no shell, no terminal, nothing inherited, and no survivor of the deadline.

use super::{carriers, lost, not_sent};
use goaround::{
    backend::{Carriers, Secrets},
    kind::{Answer, Body, EnvValue, Exchange, ExecAsk, Exit, Fault, Kind, Use, Vars, exec, exec::Exec},
    text::SecretRef,
};
use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tokio::{sync::oneshot, time::timeout};

fn ask(argv: &[&str]) -> ExecAsk {
    let argv = argv.iter().map(|&arg| arg.to_owned()).collect();
    ExecAsk { argv, stdin: None, env: BTreeMap::new(), cwd: None }
}

fn shell(script: &str) -> ExecAsk {
    ask(&["/bin/sh", "-c", script])
}

async fn perform(ask: ExecAsk, deadline_ms: u64) -> Result<Answer, Fault> {
    carriers().perform(&Exchange::Exec(ask), Use::Act, deadline_ms).await
}

#[track_caller]
fn ended(result: Result<Answer, Fault>) -> (Exit, Body, Body) {
    match result {
        Ok(Answer::Exec { exit, stdout, stderr }) => (exit, stdout, stderr),
        other => panic!("it did not end by itself: {other:?}"),
    }
}

/// A named pipe whose end is reached when the last process that holds it open is gone.
struct Holders {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Holders {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        Self { path, _folder: folder }
    }

    /// A shell and a grandchild that both hold the pipe for five minutes and shrug off TERM.
    fn script(&self) -> String {
        let hold = "trap '' TERM; sleep 300 & wait; sleep 300";
        format!("exec 9>'{}'; echo held >&9; ({hold}) & {hold}", self.path.display())
    }

    /// Waits until a process holds it; what it hands back is told when none does any more.
    async fn held(path: &Path) -> oneshot::Receiver<()> {
        let path = path.to_owned();
        let open = move || {
            let mut pipe = std::fs::File::open(path).unwrap();
            pipe.read_exact(&mut [0; 5]).unwrap();
            pipe
        };
        let mut pipe = tokio::task::spawn_blocking(open).await.unwrap();
        let (tell, gone) = oneshot::channel();
        // A thread of its own: with a survivor it never ends, and the test must fail all the same.
        std::thread::spawn(move || pipe.read_to_end(&mut Vec::new()).map(|_| tell.send(())));
        gone
    }
}

#[tokio::test]
async fn at_the_deadline_the_whole_group_is_killed() {
    let holders = Holders::new();
    let (result, gone) = tokio::join!(perform(shell(&holders.script()), 3_000), Holders::held(&holders.path));
    let text = lost(result);
    assert!(text.contains("killed with its children after 3000 ms"), "{text}");
    timeout(Duration::from_secs(5), gone).await.expect("somebody survived").unwrap();
}

#[tokio::test]
async fn a_dropped_exchange_leaves_no_process() {
    let holders = Holders::new();
    let carriers = carriers();
    let exchange = Exchange::Exec(shell(&holders.script()));
    let gone = tokio::select! {
        result = carriers.perform(&exchange, Use::Act, 60_000) => panic!("it ended: {result:?}"),
        gone = Holders::held(&holders.path) => gone,
    };
    timeout(Duration::from_secs(5), gone).await.expect("somebody survived").unwrap();
}

#[tokio::test]
async fn a_child_left_running_on_purpose_does_not_hold_up_the_answer() {
    let began = Instant::now();
    let (exit, stdout, _) = ended(perform(shell("sleep 2 & echo started"), 30_000).await);
    assert_eq!((exit, stdout.bytes.as_slice()), (Exit::Code(0), &b"started\n"[..]));
    assert!(began.elapsed() < Duration::from_secs(2), "it waited for the child's output");
}

#[tokio::test]
async fn a_password_prompt_finds_no_terminal() {
    let script = "if (exec </dev/tty) 2>/dev/null; then echo tty; else echo none; fi; ps -o sid= -p $$; echo $$";
    let (_, stdout, _) = ended(perform(shell(script), 10_000).await);
    let said = String::from_utf8(stdout.bytes).unwrap();
    let words: Vec<&str> = said.split_whitespace().collect();
    assert_eq!(words[0], "none");
    assert_eq!(words[1], words[2], "it leads no session of its own");
}

#[tokio::test]
async fn a_prompt_on_standard_input_reads_its_end_at_once() {
    let (exit, _, _) = ended(perform(shell("read answer"), 10_000).await);
    assert_eq!(exit, Exit::Code(1));
}

#[tokio::test]
async fn the_environment_holds_what_was_given_and_nothing_else() {
    let (_, stdout, _) = ended(perform(ask(&["/usr/bin/env"]), 10_000).await);
    assert_eq!(String::from_utf8(stdout.bytes).unwrap(), "");
    let mut given = ask(&["/usr/bin/env"]);
    given.env.insert("REGION".into(), EnvValue::Literal("eu west".into()));
    let (_, stdout, _) = ended(perform(given, 10_000).await);
    assert_eq!(String::from_utf8(stdout.bytes).unwrap(), "REGION=eu west\n");
}

#[tokio::test]
async fn a_program_sees_the_path_that_is_passed_on_and_nothing_beside_it() {
    let backend: exec::Backend = toml::from_str("pass_env = [\"PATH\", \"TZ\"]").unwrap();
    let call: exec::Call = toml::from_str("backend = \"tools\"\nargv = [\"/usr/bin/env\"]").unwrap();
    let exchange = Exec::encode(&backend, &call, Use::Look, &Vars::new()).unwrap();
    let secrets = Secrets::resolve(&Exec::secrets(&backend)).expect("a path is no secret");
    let result = Carriers::new(secrets).unwrap().perform(&exchange, Use::Look, 10_000).await;
    let (_, stdout, _) = ended(result);
    let own = |name| std::env::var(name).map(|value| format!("{name}={value}\n")).unwrap_or_default();
    assert_eq!(String::from_utf8(stdout.bytes).unwrap(), own("PATH") + &own("TZ"));
}

#[tokio::test]
async fn arguments_arrive_byte_for_byte() {
    let arguments = ["$(id)", "`id`", "a;b", "--flag=x y", "*", "", "\"q'", "new\nline", "\u{1b}[2J", "ü"];
    let script = "for a; do printf '%s\\0' \"$a\"; done";
    let argv = [&["/bin/sh", "-c", script, "sh"], &arguments[..]].concat();
    let (_, stdout, _) = ended(perform(ask(&argv), 10_000).await);
    let said = String::from_utf8(stdout.bytes).unwrap();
    assert_eq!(said.strip_suffix('\0').unwrap().split('\0').collect::<Vec<_>>(), arguments);
}

#[tokio::test]
async fn exit_code_signal_and_complaints_are_told_apart() {
    let (exit, stdout, stderr) = ended(perform(shell("echo out; echo err >&2; exit 7"), 10_000).await);
    assert_eq!((exit, stdout, stderr), (Exit::Code(7), Body::whole("out\n"), Body::whole("err\n")));
    let (exit, _, _) = ended(perform(shell("kill -KILL $$"), 10_000).await);
    assert_eq!(exit, Exit::Signal(9));
}

#[tokio::test]
async fn endless_talk_is_capped_and_does_not_block_the_program() {
    let (exit, stdout, _) = ended(perform(shell("head -c 4000000 /dev/zero; echo done >&2"), 20_000).await);
    assert_eq!((exit, stdout.bytes.len(), stdout.truncated), (Exit::Code(0), 256 * 1024, true));
}

#[tokio::test]
async fn standard_input_is_given_and_need_not_be_read() {
    let mut asked = ask(&["/bin/cat"]);
    asked.stdin = Some("x".repeat(200_000));
    let (_, stdout, _) = ended(perform(asked, 10_000).await);
    assert_eq!(stdout.bytes.len(), 200_000);
    let mut deaf = ask(&["/bin/true"]);
    deaf.stdin = Some("x".repeat(200_000));
    let (exit, _, _) = ended(perform(deaf, 10_000).await);
    assert_eq!(exit, Exit::Code(0));
}

#[tokio::test]
async fn a_program_that_cannot_be_started_sent_nothing() {
    let text = not_sent(perform(ask(&["/nowhere/kubectl"]), 1_000).await);
    assert!(text.contains("/nowhere/kubectl could not be started"), "{text}");
    not_sent(perform(ask(&["/etc/passwd"]), 1_000).await);
    not_sent(perform(ask(&[]), 1_000).await);
    let mut lost_folder = ask(&["/bin/true"]);
    lost_folder.cwd = Some("/nowhere".into());
    not_sent(perform(lost_folder, 1_000).await);
}

#[tokio::test]
async fn the_last_words_of_a_killed_program_are_told() {
    let text = lost(perform(shell("printf 'Password: ' >&2; sleep 60"), 3_000).await);
    assert!(text.ends_with("its last line was: Password: "), "{text}");
}

#[tokio::test]
async fn the_last_words_are_cut_only_after_the_secret_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "correct-horse-battery").unwrap();
    let reference = SecretRef::File(path);
    let carriers = Carriers::new(Secrets::resolve(std::slice::from_ref(&reference)).unwrap()).unwrap();
    let mut asked = shell("printf '%189s %s' x \"$KEY\" >&2; exec sleep 60");
    asked.env.insert("KEY".into(), EnvValue::Secret(reference));
    let text = lost(carriers.perform(&Exchange::Exec(asked), Use::Act, 3_000).await);
    assert!(!text.contains("correct") && text.ends_with("x [redacted]"), "{text}");
}
