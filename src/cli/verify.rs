//! `goaround verify`: whether chain and evidence hold, of a directory or of a bundle of one.

use super::{Outcome, Verdict, bad, named};
use crate::app::printer::say;
use crate::journal::{self, BundleError};
use crate::text::Text;
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory, its bare name as `goaround list` prints it, `last`, or a bundle
    #[arg(value_name = "DIRECTORY|BUNDLE", value_parser = named::incident())]
    path: PathBuf,
    /// The journal's head as it was published; without it a rewritten journal cannot be told from a true one
    #[arg(long, value_name = "HASH")]
    expect_head: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let head = arguments.expect_head.as_deref();
    let verified = if arguments.path.is_file() {
        journal::verify_bundle(&arguments.path, head)
    } else {
        journal::verify(&arguments.path, head).map_err(BundleError::from)
    };
    let verification = match verified {
        Ok(verification) => verification,
        Err(BundleError::Broken(why)) => {
            say(format_args!("FAULT: {}: {}\nNOT VERIFIED", arguments.path.display(), Text::new(&why)));
            return Ok(Verdict::No);
        }
        Err(error) => return bad(error.to_string()),
    };
    say(&verification);
    Ok(if verification.ok() { Verdict::Yes } else { Verdict::No })
}
