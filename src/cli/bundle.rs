//! `goaround bundle`: an incident's directory as one file, with a manifest of hashes and a seal.

use super::{Outcome, Verdict, bad, explain, named};
use crate::app::printer::{complain, say};
use crate::journal::{self, Bodies, BundleError, Packed, Wish};
use crate::text::Text;
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory, its bare name as `goaround list` prints it, or `last`: the newest of all
    #[arg(value_name = "DIRECTORY", value_parser = named::incident())]
    directory: PathBuf,
    /// The file that is written [default: the directory's name and .tar.zst, here]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Leave out what was captured and sent, and reports and all else that may quote it; sizes and hashes stay
    #[arg(long)]
    redact: bool,
    /// Replace a file that is there already
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let named = || PathBuf::from(journal::bundle_name(&arguments.directory));
    let output = arguments.output.clone().unwrap_or_else(named);
    let bodies = if arguments.redact { Bodies::Dropped } else { Bodies::Kept };
    let wish = Wish { output: &output, bodies, replace: arguments.force };
    match journal::bundle(&arguments.directory, &wish) {
        Ok(packed) => {
            tell(&packed);
            check(&packed)
        }
        Err(BundleError::Write { source }) => {
            bad(format!("{} cannot be written: {}", output.display(), explain::why(&source)))
        }
        Err(error) => bad(error.to_string()),
    }
}

/// How many faults are named here; `verify` names more.
const FAULTS_MAX: usize = 10;

/// Says what of it does not hold. It was packed all the same: a damaged directory is what a ticket is about.
fn check(packed: &Packed) -> Outcome {
    let found = match journal::verify_bundle(&packed.path, None) {
        Ok(found) if found.ok() => return Ok(Verdict::Yes),
        Ok(found) => found,
        Err(error) => return bad(error.to_string()),
    };
    let lines = found.chain.iter().map(|fault| format!("journal.jsonl {fault}"));
    for fault in lines.chain(found.faults).take(FAULTS_MAX) {
        complain(format_args!("goaround: DAMAGED: {}", Text::new(&fault)));
    }
    complain(format_args!(
        "goaround: it was packed as it is; `goaround verify {}` says all of it",
        packed.path.display()
    ));
    Ok(Verdict::No)
}

/// What was packed and what was not; the bundle's path is the last line.
fn tell(packed: &Packed) {
    for left_out in &packed.left_out {
        complain(format_args!("goaround: left out: {left_out}"));
    }
    let (files, bytes) =
        (packed.manifest.files.len(), packed.manifest.files.iter().map(|file| file.bytes).sum::<u64>());
    let dropped = match packed.manifest.files.iter().filter(|file| file.dropped).count() {
        0 => String::new(),
        dropped => format!(", the bodies of {dropped} dropped"),
    };
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    say(format_args!("{files}, {bytes} bytes{dropped}, head {}", packed.manifest.head));
    say(packed.path.display());
}
