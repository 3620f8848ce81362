//! `goaround world`: a scenario's world served on loopback, for `goaround live --world`.

use super::{Outcome, Verdict, bad, drill, retrace};
use crate::app::printer::say;
use crate::backend::{Carriers, Secrets};
use crate::drill::{Told, World, serve};
use crate::incident::event::Drill;
use crate::kind::{Answer, Exchange, HttpAsk, Use};
use clap::Args;
use color_eyre::eyre::{Result, eyre};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Instant;

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
    let mut scenario = retrace::scenario(&arguments.scenario)?;
    // Who flies against it lives in real time: a sample's age must be true.
    scenario.epoch_ms = chrono::Utc::now().timestamp_millis();
    let playbook = drill::playbook_of(&scenario)?;
    let world = World::new(&scenario, &playbook, arguments.seed).or_else(|why| bad(why.join("; ")))?;
    let drill = Drill::of(scenario.id.clone(), arguments.seed);
    let told = Told { playbook: playbook.source, profile: scenario.profile, drill };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let started = Instant::now();
        let clock = move || u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let serving = match serve(world, arguments.listen, told, clock).await {
            Ok(serving) => serving,
            Err(why) => return bad(why),
        };
        say(format_args!("world {} on {}; ends with Ctrl-C", scenario.id, serving.address));
        say(format_args!("fly it with: goaround live --world {}", serving.address));
        tokio::select! {
            ended = serving.ended() => ended.map_err(|why| eyre!(why))?,
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
        Ok(Verdict::Yes)
    })
}

/// What the world at `address` is flown with.
pub(super) fn ask(address: SocketAddr) -> Result<Told> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let carriers = Carriers::new(Secrets::default()).map_err(|why| eyre!(why))?;
    let told = runtime.block_on(async {
        let result = carriers.perform(&get(format!("http://{address}/scenario")), Use::Look, 2000).await;
        match result {
            Ok(Answer::Http { status: 200, body, .. }) => {
                serde_json::from_slice(&body.bytes).map_err(|e| e.to_string())
            }
            Ok(_) => Err("something else answers there".to_owned()),
            Err(fault) => Err(fault.to_string()),
        }
    });
    told.or_else(|why| bad(format!("no world at {address}: {why}; start one with `goaround world --listen {address}`")))
}

fn get(url: String) -> Exchange {
    let ask = HttpAsk {
        method: "GET".into(),
        url,
        headers: Vec::new(),
        auth: None,
        secrets: BTreeMap::new(),
        body: None,
        ca_file: None,
    };
    Exchange::Http(ask)
}
