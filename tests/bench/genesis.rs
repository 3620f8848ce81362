//! Stages two to five of the Genesis rollback on one service: with the sleeps of its source, and with goaround's waits.

use crate::local;
use crate::rollback::fly;
use crate::table::{Series, versus};
use color_eyre::eyre::{Result, WrapErr, bail, eyre};
use goaround::incident::{Event, Record};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// How many rounds of the quicker measurements make one here.
const SLOWER: usize = 4;
/// How long the service may take until it listens.
const PATIENCE: Duration = Duration::from_secs(10);

/// The stages, and the step each ends with.
const STAGES: [(&str, &str); 4] =
    [("2 drain", "drained"), ("3 service", "start"), ("4 verification", "healthy"), ("5 SLOs", "slo")];

/// The service, ended when dropped.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Flies and scripts it in turn, the service as sick each time.
pub fn run(rounds: usize, folder: &Path) -> Result<()> {
    let rounds = rounds.div_ceil(SLOWER);
    println!("\n6. Genesis, stages 2 to 5 (seed 004), {rounds} rounds in turn");
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let _service = Service(Command::new("python3").arg(local("genesis.py")).arg(port.to_string()).spawn()?);
    listens(port)?;
    let playbook = folder.join("genesis.toml");
    std::fs::write(&playbook, include_str!("genesis.toml").replace("PORT", &port.to_string()))?;
    let both = || (Series::new("goaround's waits"), Series::new("the source's sleeps"));
    let mut stages = STAGES.map(|_| both());
    let mut whole = both();
    for round in 0..rounds {
        call(port, "/reset")?;
        let waited = waited(&fly(&playbook, &folder.join(format!("genesis-{round}")), &[])?)?;
        call(port, "/reset")?;
        let slept = script(port)?;
        whole.0.push(waited.iter().sum());
        whole.1.push(slept.iter().sum());
        for ((waits, sleeps), (waited, slept)) in stages.iter_mut().zip(waited.into_iter().zip(slept)) {
            waits.push(waited);
            sleeps.push(slept);
        }
    }
    println!("   Both drive one service that drains in 12 s, answers 15 s after its start and is good after 20 s, all");
    println!(
        "   divided by 20, and so are the script's sleeps (30, 10, 30, 10 x 10, 10, 60 s). goaround's looks are not:"
    );
    println!("   its pauses between looks, its syncs and its 1 s between readings are what they are in an incident.");
    for ((title, _), (waits, sleeps)) in STAGES.iter().zip(&stages) {
        println!("   {title}");
        versus(&[waits, sleeps]);
    }
    println!("   2 to 5 together");
    versus(&[&whole.0, &whole.1]);
    Ok(())
}

fn listens(port: u16) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > deadline {
            bail!("the service does not listen on {port}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn call(port: u16, path: &str) -> Result<()> {
    let url = format!("http://127.0.0.1:{port}{path}");
    let status = Command::new("curl").args(["-fsS", "-o", "/dev/null", "-X", "POST"]).arg(&url).status()?;
    if status.success() { Ok(()) } else { bail!("{url}: {status}") }
}

/// How long each stage of a flight took.
fn waited(records: &[Record]) -> Result<[Duration; STAGES.len()]> {
    let begun = |event: &Event| matches!(event, Event::ChecklistStarted);
    let mut before = records.iter().find(|record| begun(&record.event)).ok_or_else(|| eyre!("nothing was begun"))?;
    let mut took = [Duration::ZERO; STAGES.len()];
    for (took, (title, last)) in took.iter_mut().zip(STAGES) {
        let done = |event: &Event| matches!(event, Event::StepDone { step, .. } if step.as_str() == last);
        let end = records.iter().find(|record| done(&record.event)).ok_or_else(|| eyre!("{title} has no end"))?;
        *took = Duration::from_nanos(end.at.boot_ns - before.at.boot_ns);
        before = end;
    }
    Ok(took)
}

/// How long each stage of the script took, as it says.
fn script(port: u16) -> Result<[Duration; STAGES.len()]> {
    let done = Command::new("bash").arg(local("genesis.sh")).arg(format!("http://127.0.0.1:{port}")).output()?;
    if !done.status.success() {
        bail!("genesis.sh: {}", String::from_utf8_lossy(&done.stderr));
    }
    let said = String::from_utf8(done.stdout)?;
    let micros = said.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>();
    let took: Vec<Duration> =
        micros.wrap_err("the script prints microseconds")?.into_iter().map(Duration::from_micros).collect();
    took.try_into().map_err(|_| eyre!("the script prints one number a stage, not `{}`", said.trim()))
}
