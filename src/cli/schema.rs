//! `goaround schema`: so that an editor completes a playbook.

use super::{Outcome, Verdict};
use crate::playbook;
use clap::Args;

#[derive(Args, Debug)]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments) -> Outcome {
    println!("{:#}", playbook::schema());
    Ok(Verdict::Yes)
}
