//! A lever whose world cannot be read costs the pilot some seconds, not the flight, and asks without haste.

use super::{Arming, Wanted};
use crate::app::auto::{Auto, Ending};
use crate::app::flight::{Flight, Input, Request};
use crate::app::ledger::Ledger;
use crate::drill::{Policy, Scenario, World};
use crate::incident::{Command, Moment, Way};
use crate::journal::Journal;
use crate::kind::Fault;
use crate::playbook::{self, Id, Playbook};
use crate::text::Redactor;
use std::sync::Arc;

/// The shared playbook, the cache rotation bound to a key that nobody has.
fn playbook() -> Playbook {
    let text = playbook::embedded("docs-rag").unwrap();
    let text = text.replacen(r#"was = { probe = "namespace" }"#, r#"was = { probe = "blind" }"#, 1)
        + "\n[probes.blind]\nredis = { backend = \"cache\", command = [\"GET\", \"nothing\"] }\n";
    let parsed = Playbook::parse("docs-rag", &text, Some("drill"));
    parsed.unwrap_or_else(|flaws| panic!("{}", playbook::render("docs-rag", &text, &flaws)))
}

fn open() -> Command {
    Command::Open { incident: "blind".into(), playbook_sha256: String::new(), version: "0".into(), drill: None }
}

#[test]
fn the_pilot_leaves_a_lever_whose_binding_cannot_be_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scenario = Scenario::parse("index-mismatch", Scenario::embedded("index-mismatch").unwrap()).unwrap();
    let playbook = Arc::new(playbook());
    let world = World::new(&scenario, &playbook, 1).unwrap();
    let journal = Journal::create(folder.path(), "blind", &playbook.source).expect("a journal");
    let policy = Policy::new(&scenario, &playbook, None).unwrap();
    let epoch = Moment { wall_ms: scenario.epoch_ms, boot_ns: 0, boot_id: "drill".into() };
    let flight = Flight::new(playbook, &[], Redactor::default(), &epoch);
    let start = epoch.clone();
    let mut auto = Auto {
        flight,
        stage: world.into(),
        policy,
        ledger: Ledger::new(journal),
        tells: true,
        speed: None,
        epoch,
        start,
    };
    let Ending::Open(why) = auto.fly(open()).expect("the disk is fine") else { panic!("it landed") };
    assert!(why.contains("`rotate` could not be armed") && why.contains("`was` could not be read"), "{why}");
    let state = auto.flight.state();
    let last = state.pulls.values().filter_map(|pull| pull.settled.as_ref()).map(|at| at.boot_ns).max();
    assert!(last.is_some_and(|ns| ns < 60_000_000_000), "the pilot came as far as this lever, and soon");
}

#[test]
fn what_cannot_be_read_is_asked_for_once_a_second() {
    let start = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() };
    let mut flight = Flight::new(Arc::new(playbook()), &[], Redactor::default(), &start);
    let mut arming = Arming::default();
    let rotate = || Wanted { lever: Id::new("rotate").unwrap(), way: Way::Do, step: None, against: None };
    let every_ms = flight.playbook().probes["blind"].every_ms;
    let mut asked = 0;
    let mut given_up_at = None;
    let command = Input::Command("pilot".into(), open());
    let opened = flight.handle(&start, command);
    assert!(matches!(opened[..], [Request::Write(_)]));
    for ms in (0..12_000).step_by(10) {
        let now = start.plus_ms(ms);
        let Ok(fire) = arming.arm(&mut flight, &now, rotate()) else {
            given_up_at = Some(ms);
            break;
        };
        assert!(fire.is_none(), "fired with nothing bound");
        let mut requests = flight.handle(&now, Input::Tick);
        while let Some(request) = requests.pop() {
            if let Request::Ask(ask) = request {
                asked += u64::from(format!("{:?}", ask.exchange).contains("nothing"));
                let refused = Err(Fault::NotSent("connection refused".into()));
                requests.extend(flight.handle(&now, Input::Answered(ask.job, refused)));
            }
        }
    }
    assert_eq!(given_up_at, Some(10_000));
    let polls = 10_000 / every_ms + 1;
    assert!((8..=11 + polls).contains(&asked), "asked {asked} times, {polls} of them are its own polls");
}

#[test]
fn another_lever_has_its_own_ten_seconds() {
    let start = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() };
    let mut flight = Flight::new(Arc::new(playbook()), &[], Redactor::default(), &start);
    let mut arming = Arming::default();
    let wanted = |lever| Wanted { lever: Id::new(lever).unwrap(), way: Way::Do, step: None, against: None };
    assert_eq!(arming.arm(&mut flight, &start, wanted("rotate")), Ok(None));
    assert_eq!(arming.arm(&mut flight, &start.plus_ms(9_000), wanted("freeze")), Ok(None), "nothing is declared");
    assert_eq!(arming.arm(&mut flight, &start.plus_ms(11_000), wanted("freeze")), Ok(None));
    assert!(arming.arm(&mut flight, &start.plus_ms(19_000), wanted("freeze")).is_err());
}
