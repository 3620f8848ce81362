//! `goaround verify`: whether chain and evidence hold.

use super::{Outcome, Verdict, bad};
use crate::app::printer::say;
use crate::journal;
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory
    directory: PathBuf,
    /// The journal's head as it was published; without it a rewritten journal cannot be told from a true one
    #[arg(long, value_name = "HASH")]
    expect_head: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let verification = match journal::verify(&arguments.directory, arguments.expect_head.as_deref()) {
        Ok(verification) => verification,
        Err(error) => return bad(error.to_string()),
    };
    say(verification.to_string().trim_end());
    Ok(if verification.ok() { Verdict::Yes } else { Verdict::No })
}
