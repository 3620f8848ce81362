//! `goaround world`: a scenario's world served on loopback, for `goaround live --world`.

use super::flying;
use super::{Outcome, Verdict, bad, drill};
use crate::drill::{World, serve};
use crate::playbook::Playbook;
use clap::Args;
use color_eyre::eyre::Result;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The scenario
    #[arg(default_value = "index-mismatch")]
    scenario: String,
    /// Where to listen: a loopback address and a port, 0 for any
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The seed of the world's noise
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let scenario = drill::scenario(&arguments.scenario)?;
    let playbook = drill::playbook_of(&scenario)?;
    let world = World::new(&scenario, &playbook, arguments.seed).or_else(|why| bad(why.join("; ")))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let served = match serve::serve(Arc::new(Mutex::new(world)), arguments.listen, playbook.source.clone()).await {
            Ok(served) => served,
            Err(why) => return bad(why),
        };
        println!("world `{}` on http://{}", scenario.id, served.address());
        println!("fly it with: goaround live --world {}", served.address());
        served.until_interrupted().await;
        Ok(Verdict::Yes)
    })
}

/// The playbook that the world at `address` is flown with.
pub(super) fn playbook_at(address: &str, profile: Option<&str>) -> Result<Playbook> {
    let text = match serve::fetch_playbook(address) {
        Ok(text) => text,
        Err(why) => return bad(format!("no world at {address}: {why}; start one with `goaround world --listen {address}`")),
    };
    flying::parse("the world's playbook", &text, profile.or(Some("drill")))
}
