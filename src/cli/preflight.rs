//! `goaround check --probe`: looks at every system once, and changes none.

use super::{Outcome, Verdict};
use crate::app::live::Carrier;
use crate::app::preflight::{Preflight, table};
use crate::app::printer::say;
use crate::app::time::Clock;
use crate::backend::{Carriers, Secrets};
use crate::kind::{Exchange, ExecAsk, FileAsk};
use crate::playbook::{Id, Playbook};
use crate::text::Text;
use color_eyre::eyre::eyre;
use rustix::fs::{Access, access};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc;

/// How many answers may wait to be judged; more are never in the air for long.
const ANSWERS_MAX: usize = 64;

/// Where a preflight looks, and how it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// A served world instead of the playbook's own backends.
    pub(super) world: Option<SocketAddr>,
    /// Whether the report is printed as JSON.
    pub(super) json: bool,
}

pub(super) fn run(playbook: Playbook, manner: Manner) -> Outcome {
    // A served world asks for no credentials.
    let (secrets, missing) = if manner.world.is_some() { Default::default() } else { secrets(&playbook) };
    let redactor = secrets.redactor();
    let carriers = Arc::new(Carriers::new(secrets).map_err(|why| eyre!(why))?);
    let carrier = match manner.world {
        Some(address) => Carrier::Served(carriers, address),
        None => Carrier::Live(carriers),
    };
    let clock = Clock::machine();
    let mut preflight = Preflight::new(playbook, redactor, &missing, clock.now().wall_ms);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(look(&mut preflight, &carrier, &clock));
    // A look that hangs must not keep the program: it has been given up.
    runtime.shutdown_background();
    // What is served elsewhere needs nothing of this machine.
    let report = preflight.report(&|exchange| if manner.world.is_some() { None } else { unfit(exchange) });
    if manner.json {
        say(serde_json::to_string_pretty(&report)?);
    } else {
        say(table(&report).trim_end());
    }
    Ok(if report.ready { Verdict::Yes } else { Verdict::No })
}

/// Sends every look when its turn has come, until all are over; each has a deadline, so this ends.
async fn look(preflight: &mut Preflight, carrier: &Carrier, clock: &Clock) {
    let (send, mut answers) = mpsc::channel(ANSWERS_MAX);
    let mut sent = BTreeMap::new();
    loop {
        for ask in preflight.due() {
            sent.insert(ask.job, Instant::now());
            carrier.carry(ask, clock, send.clone());
        }
        if preflight.is_over() {
            return;
        }
        let (job, result) = answers.recv().await.expect("this end holds a sender");
        let took_ms = sent.remove(&job).map_or(0, |sent: Instant| sent.elapsed().as_millis());
        preflight.answered(job, u64::try_from(took_ms).unwrap_or(u64::MAX), clock.now().wall_ms, result);
    }
}

/// The secrets that can be had, and which backends lack one.
fn secrets(playbook: &Playbook) -> (Secrets, BTreeMap<Id, Text>) {
    let mut missing = BTreeMap::new();
    let mut there = Vec::new();
    for (id, backend) in &playbook.backends {
        match Secrets::resolve(&backend.secrets()) {
            Ok(_) => there.extend(backend.secrets()),
            Err(why) => drop(missing.insert(id.clone(), Text::from(why.join("; ")))),
        }
    }
    // Read twice: one that went away in between is missing everywhere, and its carrier says so.
    (Secrets::resolve(&there).unwrap_or_default(), missing)
}

/// Why this machine could not perform an exchange that a lever would send.
fn unfit(exchange: &Exchange) -> Option<String> {
    match exchange {
        Exchange::Exec(ask) => cannot_run(ask),
        Exchange::File(FileAsk::Write { path, keep, .. } | FileAsk::Restore { path, keep }) => {
            // Files are replaced by renaming, so it is the folder that must be writable.
            [path, keep].into_iter().filter_map(|file| file.parent()).find_map(cannot_write)
        }
        Exchange::File(FileAsk::Read { .. } | FileAsk::Tail { .. })
        | Exchange::Http(_)
        | Exchange::HttpMany(_)
        | Exchange::Line(_)
        | Exchange::Redis(_)
        | Exchange::Sql(_)
        | Exchange::Nats(_)
        | Exchange::Kube(_) => None,
    }
}

fn cannot_run(ask: &ExecAsk) -> Option<String> {
    let program = Path::new(ask.argv.first()?);
    if !program.is_file() || access(program, Access::EXEC_OK).is_err() {
        return Some(format!("{} is no program that can be run here", program.display()));
    }
    let folder = ask.cwd.as_deref().filter(|folder| !folder.is_dir())?;
    Some(format!("{} is no folder to run {} in", folder.display(), program.display()))
}

fn cannot_write(folder: &Path) -> Option<String> {
    // A folder that is not there yet is made below one that is.
    let there = folder.ancestors().find(|folder| folder.exists())?;
    let why = access(there, Access::WRITE_OK).err()?;
    Some(format!("{} cannot be written: {why}", there.display()))
}
