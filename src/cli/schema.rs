//! `goaround schema`: so that an editor completes a playbook.

use super::{Outcome, Verdict};
use crate::app::printer::say;
use crate::playbook;
use clap::Args;

#[derive(Args, Debug)]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments) -> Outcome {
    say(format_args!("{:#}", playbook::schema()));
    Ok(Verdict::Yes)
}
