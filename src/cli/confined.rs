//! A person's template is rendered by a process of its own, which gets only so much memory and time.
//!
//! The engine counts steps and what comes out. It does not count what a step builds inside, and a few lines that double
//! a text each would take all of the machine's memory: only the system can bound that.

use super::{Outcome, Verdict, bad};
use crate::journal;
use crate::report::{Account, TEMPLATE_FUEL};
use color_eyre::eyre::{Result, WrapErr};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use std::ffi::OsString;
use std::io::{Read, Write, stdin, stdout};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The memory that rendering may take, in bytes, beside that of the facts it renders.
const MEMORY: u64 = 512 << 20;

/// The processor time that it may take, in seconds.
const SECONDS: u64 = 20;

/// How long the line is looked for at which it takes too much; beyond that, the last line known to be bearable is told.
const SEARCH: Duration = Duration::from_secs(10);

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
        let ended = self.run(TEMPLATE_FUEL)?;
        let said = complaint(&ended);
        match (ended.status.code(), ended.status.signal()) {
            (Some(0), _) => String::from_utf8(ended.stdout).wrap_err("a template is made of text"),
            (Some(_), _) => bad(said),
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
    /// process lives on and says how far it came; from few upwards, since whoever is stopped early is stopped soon.
    fn line(&self) -> u64 {
        let until = Instant::now() + SEARCH;
        let (mut lives, mut dies, mut line) = (0, TEMPLATE_FUEL, 1);
        let mut fuel = 64;
        while lives + 1 < dies && Instant::now() < until {
            match self.reached(fuel) {
                Some(reached) => (lives, line) = (fuel, reached),
                None => dies = fuel,
            }
            fuel = (lives + (dies - lives) / 2).min(if dies == TEMPLATE_FUEL { fuel * 4 } else { dies });
        }
        line
    }

    /// The line at which this fuel is used up; none, if the process does not live that long.
    fn reached(&self, fuel: u64) -> Option<u64> {
        let ended = self.run(fuel).ok().filter(|ended| ended.status.code().is_some())?;
        let said = complaint(&ended);
        let line = said.strip_prefix(&format!("{}:", self.file.display()))?.split(':').next()?;
        line.parse().ok()
    }

    /// Renders it in a process of its own.
    fn run(&self, fuel: u64) -> Result<Output> {
        let program = std::env::current_exe().wrap_err("this program cannot be found")?;
        // A name may begin with a dash.
        let mut named = OsString::from("--template=");
        named.push(self.file);
        let mut command = Command::new(program);
        command.arg("report").arg(named).arg(format!("--confined={fuel}"));
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

/// What it said on standard error, without the program's name.
fn complaint(ended: &Output) -> String {
    let said = String::from_utf8_lossy(&ended.stderr);
    said.trim_end().trim_start_matches("goaround: ").to_owned()
}

/// Renders the template on standard input to standard output, within bounds.
pub(super) fn render(directory: &Path, file: &Path, fuel: u64) -> Outcome {
    let mut source = String::new();
    stdin().read_to_string(&mut source).wrap_err("the template on standard input")?;
    let dossier = journal::salvage_dossier(directory).or_else(|error| bad(error.to_string()))?;
    let account = Account::of(&dossier);
    confine().wrap_err("the memory of this process cannot be bounded")?;
    let made = account.rendered_within(&file.display().to_string(), &source, fuel).or_else(bad)?;
    stdout().write_all(made.as_bytes())?;
    Ok(Verdict::Yes)
}

/// Bounds this process from here on.
fn confine() -> std::io::Result<()> {
    let used_seconds = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    for (resource, most) in
        [(Resource::As, address_space() + MEMORY), (Resource::Cpu, used_seconds + SECONDS), (Resource::Core, 0)]
    {
        // What the system allows at most stays: a process that reached that would be killed without a word.
        let maximum = getrlimit(resource).maximum;
        setrlimit(resource, Rlimit { current: Some(maximum.map_or(most, |max| max.min(most))), maximum })?;
    }
    Ok(())
}

/// The bytes that this process has mapped; where the kernel does not tell, what the facts of an incident fit into.
fn address_space() -> u64 {
    const UNTOLD: u64 = 2 << 30;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:")?.trim().strip_suffix(" kB")?.parse().ok());
    size.map_or(UNTOLD, |kib: u64| kib * 1024)
}
