//! A person's template is rendered by a process of its own, which gets only so much memory and time.
//!
//! The engine counts steps and what comes out. It does not count what a step builds inside, and a few lines that double
//! a text each would take all of the machine's memory: only the system can bound that.

use super::{Outcome, Verdict, bad};
use crate::app::printer::complain;
use crate::journal;
use crate::report::{Account, TEMPLATE_FUEL};
use color_eyre::eyre::{Result, WrapErr};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use std::ffi::OsString;
use std::io::{Read, Write, stdin, stdout};
use std::iter::successors;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The memory that rendering may take, in bytes, beside that of the facts it renders.
const MEMORY: u64 = 256 << 20;

/// The processor time that it may take, in seconds.
const SECONDS: u64 = 10;

/// The same, while the line is looked for at which it takes too much: a step that outlasts this is found by it, too.
const SEARCH_SECONDS: u64 = 2;

/// How long that line is looked for; beyond that, the last line known to be bearable is told.
const SEARCH: Duration = Duration::from_secs(120);

/// What is tried first: who is stopped early is stopped soon.
const LEAST: u64 = 64;

/// How often one process renders while the line is looked for: each one reads the incident anew.
const TRIES: u64 = 8;

/// What every complaint of ours begins with.
const PROGRAM: &str = "goaround: ";

/// The signal that ends a process whose processor time is used up.
const USED_UP: i32 = rustix::process::Signal::XCPU.as_raw();

/// A template, and what it is rendered over.
pub(super) struct Sheet<'a> {
    /// The incident's directory.
    pub(super) directory: &'a Path,
    /// The template's file, for sentences and for the kind of its output.
    pub(super) file: &'a Path,
    /// What stands in it.
    pub(super) source: &'a str,
}

impl Sheet<'_> {
    /// The report as this template has it.
    pub(super) fn rendered(&self) -> Result<String> {
        let ended = self.run(&[TEMPLATE_FUEL])?;
        match (ended.status.code(), ended.status.signal()) {
            (Some(0), _) => String::from_utf8(ended.stdout).wrap_err("a template is made of text"),
            (Some(_), _) => {
                let said = String::from_utf8_lossy(&ended.stderr);
                bad(said.trim_end().trim_start_matches(PROGRAM))
            }
            (None, signal) => bad(self.too_much(signal)),
        }
    }

    fn too_much(&self, signal: Option<i32>) -> String {
        let what = match signal {
            Some(USED_UP) => format!("what is made here takes more than {SECONDS} s"),
            _ => format!("what is made here does not fit into {} MiB of memory", MEMORY >> 20),
        };
        format!("{}:{}: {what}; print less, nothing was written", self.file.display(), self.line())
    }

    /// The line at which it takes too much. The same steps are taken each time, so with fuel for fewer of them the
    /// process lives on and says how far it came.
    fn line(&self) -> u64 {
        let until = Instant::now() + SEARCH;
        let (mut lives, mut dies, mut line) = (0, TEMPLATE_FUEL, 1);
        while lives + 1 < dies && Instant::now() < until {
            let tries = tries(lives, dies);
            let reached = self.reached(&tries);
            if let Some(last) = reached.last() {
                (lives, line) = (tries[reached.len() - 1], *last);
            }
            dies = tries.get(reached.len()).copied().unwrap_or(dies);
        }
        line
    }

    /// The lines at which these fuels are used up, of as many of them as the process lives through.
    fn reached(&self, tries: &[u64]) -> Vec<u64> {
        let said = self.run(tries).map(|ended| ended.stderr).unwrap_or_default();
        let place = format!("{PROGRAM}{}:", self.file.display());
        let line = |said: &str| said.strip_prefix(&place)?.split(':').next()?.parse().ok();
        String::from_utf8_lossy(&said).lines().filter_map(line).take(tries.len()).collect()
    }

    /// Renders it in a process of its own.
    fn run(&self, tries: &[u64]) -> Result<Output> {
        let tries: Vec<String> = tries.iter().map(u64::to_string).collect();
        let program = std::env::current_exe().wrap_err("this program cannot be found")?;
        // A name may begin with a dash.
        let mut named = OsString::from("--template=");
        named.push(self.file);
        let mut command = Command::new(program);
        command.arg("report").arg(named).arg(format!("--confined={}", tries.join(",")));
        command.arg("--").arg(self.directory).env_remove("RUST_BACKTRACE");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().wrap_err("a template is rendered by a process of its own")?;
        if let Some(mut inlet) = child.stdin.take() {
            // Whoever is gone before reading it says why by how it ended.
            drop(inlet.write_all(self.source.as_bytes()));
        }
        child.wait_with_output().wrap_err("the process that renders the template is lost")
    }
}

/// Fuels between that which a process lived through and that which it died of.
fn tries(lives: u64, dies: u64) -> Vec<u64> {
    if (lives, dies) == (0, TEMPLATE_FUEL) {
        return successors(Some(LEAST), |fuel| Some(fuel * 4)).take_while(|fuel| *fuel < dies).collect();
    }
    let step = (dies - lives).div_ceil(TRIES);
    (1..TRIES).map(|place| lives + place * step).filter(|fuel| *fuel < dies).collect()
}

/// Renders the template on standard input to standard output, within bounds; with several fuels, once with each, and
/// what that comes to on standard error, but for the last.
pub(super) fn render(directory: &Path, file: &Path, tries: &[u64]) -> Outcome {
    let mut source = String::new();
    stdin().read_to_string(&mut source).wrap_err("the template on standard input")?;
    let dossier = journal::salvage_dossier(directory).or_else(|error| bad(error.to_string()))?;
    let account = Account::of(&dossier);
    let unbounded = "memory and time of this process cannot be bounded";
    bound(Resource::Core, 0).and_then(|()| bound(Resource::As, address_space() + MEMORY)).wrap_err(unbounded)?;
    let seconds = if tries.len() == 1 { SECONDS } else { SEARCH_SECONDS };
    let mut made = Ok(String::new());
    for fuel in tries {
        if let Err(said) = &made {
            complain(format_args!("{PROGRAM}{said}"));
        }
        let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
        bound(Resource::Cpu, used + seconds).wrap_err(unbounded)?;
        made = account.rendered_within(&file.display().to_string(), &source, *fuel);
    }
    stdout().write_all(made.or_else(bad)?.as_bytes())?;
    Ok(Verdict::Yes)
}

/// Bounds this process from here on. What the system allows at most stays: a process that reached that would be killed
/// without a word.
fn bound(resource: Resource, most: u64) -> std::io::Result<()> {
    let maximum = getrlimit(resource).maximum;
    Ok(setrlimit(resource, Rlimit { current: Some(maximum.map_or(most, |max| max.min(most))), maximum })?)
}

/// The bytes that this process has mapped; where the kernel does not tell, what the facts of an incident fit into.
fn address_space() -> u64 {
    const UNTOLD: u64 = 2 << 30;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:")?.trim().strip_suffix(" kB")?.parse().ok());
    size.map_or(UNTOLD, |kib: u64| kib * 1024)
}
