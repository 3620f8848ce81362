//! One process: no shell, no terminal, a session of its own that ends as a whole.

use super::{Deadline, Secrets, lost, not_sent};
use crate::kind::{Answer, Body, EnvValue, ExecAsk, Exit, Fault};
use crate::text::Redactor;
use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop, ProcessSession};
use std::{io, os::unix::process::ExitStatusExt, process::ExitStatus, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    time::{timeout, timeout_at},
};

/// The most bytes kept of each output stream: 256 KiB. What comes after is read and dropped, so that a
/// talkative program does not block on a full pipe.
const OUTPUT_MAX: usize = 256 * 1024;

/// How long output is still read after the program has ended: a child it left behind may hold the pipes open.
const DRAIN: Duration = Duration::from_millis(200);

/// Runs the program to its end, or kills its whole group at the deadline.
///
/// It runs in a new session, so a password prompt finds no terminal and fails instead of taking the cockpit's.
/// Children that it leaves running after it ended by itself are left alone (starting one may have been the
/// point); at the deadline, and when the caller drops the exchange, none survives that kept to its group.
pub(super) async fn perform(
    ask: &ExecAsk,
    secrets: &Secrets,
    redactor: &Redactor,
    deadline: Deadline,
) -> Result<Answer, Fault> {
    let program = ask.argv.first().ok_or_else(|| not_sent("there is no program to run"))?;
    let mut command = command(program, ask, secrets).map_err(|why| not_sent(format!("{program}: {why}")))?;
    let child = command.spawn().map_err(|error| not_sent(format!("{program} could not be started: {error}")))?;
    let mut group = Group { child, reaped: false };
    let mut output = (Body::default(), Body::default());
    let ended = timeout_at(deadline.at, run(&mut group, ask.stdin.as_deref(), &mut output)).await;
    let (stdout, stderr) = output;
    match ended {
        Ok(Ok(status)) => Ok(Answer::Exec { exit: exit(status), stdout, stderr }),
        Ok(Err(error)) => Err(lost(format!("{program}: {error}"))),
        Err(_) => {
            group.end().await;
            let said = last_words(redactor, &stdout, &stderr);
            Err(lost(format!("{program} was killed with its children after {} ms{said}", deadline.ms)))
        }
    }
}

fn command(program: &str, ask: &ExecAsk, secrets: &Secrets) -> Result<CommandWrap, String> {
    let mut command = CommandWrap::with_new(program, |_| {});
    let inner = command.command_mut();
    inner.args(&ask.argv[1..]).env_clear().stdout(Stdio::piped()).stderr(Stdio::piped());
    inner.stdin(if ask.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
    for (name, value) in &ask.env {
        match value {
            EnvValue::Literal(value) => inner.env(name, value),
            EnvValue::Secret(reference) => inner.env(name, secrets.get(reference)?),
            EnvValue::Inherit => match std::env::var_os(name) {
                Some(value) => inner.env(name, value),
                None => inner.env_remove(name),
            },
        };
    }
    if let Some(cwd) = &ask.cwd {
        inner.current_dir(cwd);
    }
    command.wrap(ProcessSession).wrap(KillOnDrop);
    Ok(command)
}

/// A running group; whatever of it still runs when this is dropped is killed.
struct Group {
    child: Box<dyn ChildWrapper>,
    reaped: bool,
}

impl Group {
    async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        self.reaped = true;
        Ok(status)
    }

    /// Kills the group and waits until its leader is gone.
    async fn end(&mut self) {
        self.kill();
        let _ = timeout(DRAIN, self.wait()).await;
    }

    fn kill(&mut self) {
        // Once the leader has been reaped its number may belong to somebody else.
        if !self.reaped {
            let _ = self.child.start_kill();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn run(group: &mut Group, stdin: Option<&str>, output: &mut (Body, Body)) -> io::Result<ExitStatus> {
    let mut input = group.child.stdin().take();
    let stdout = group.child.stdout().take();
    let stderr = group.child.stderr().take();
    let feed = async {
        if let (Some(pipe), Some(text)) = (input.as_mut(), stdin) {
            // A program that does not read all of its input has decided so; its exit code says the rest.
            let _ = pipe.write_all(text.as_bytes()).await;
        }
        drop(input.take());
    };
    let listen = async { tokio::join!(keep(stdout, &mut output.0), keep(stderr, &mut output.1)) };
    tokio::pin!(feed, listen);
    let (mut input_done, mut output_done) = (false, false);
    let status = loop {
        tokio::select! {
            () = &mut feed, if !input_done => input_done = true,
            _ = &mut listen, if !output_done => output_done = true,
            status = group.wait() => break status?,
        }
    };
    if !output_done {
        let _ = timeout(DRAIN, listen).await;
    }
    Ok(status)
}

/// Reads a stream to its end, keeping its beginning.
async fn keep(stream: Option<impl AsyncRead + Unpin>, body: &mut Body) {
    let Some(mut stream) = stream else { return };
    let mut chunk = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = stream.read(&mut chunk).await {
        let room = (OUTPUT_MAX - body.bytes.len()).min(read);
        body.bytes.extend_from_slice(&chunk[..room]);
        body.truncated |= room < read;
    }
}

fn exit(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Code(-1),
    }
}

/// The last line a killed program wrote: often the question that nobody could answer.
fn last_words(redactor: &Redactor, stdout: &Body, stderr: &Body) -> String {
    let last = |body: &Body| {
        // Before a line is chosen or cut: half a secret is found by no redactor.
        let text = redactor.redact(&String::from_utf8_lossy(&body.bytes));
        text.lines().rev().find(|line| !line.trim().is_empty()).map(|line| line.chars().take(200).collect::<String>())
    };
    last(stderr).or_else(|| last(stdout)).map(|line| format!("; its last line was: {line}")).unwrap_or_default()
}
