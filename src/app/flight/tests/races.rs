//! Zero false greens: what was good before a restart never ends a wait, however looks, scrapes and pulls race.

use super::dice::Dice;
use super::slow_disk::id;
use crate::app::flight::{Ask, Batch, Flight, Input, Request};
use crate::incident::{Actor, Command, Event, Moment, Record, Way, replay};
use crate::kind::{Answer, Body, Exchange};
use crate::playbook::Playbook;
use crate::text::Redactor;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const PLAYBOOK: &str = include_str!("races.toml");
/// What looks as often as it likes, what is cached, and what is scraped.
const STEPS: &[&str] = &["plain", "healthy", "slo"];
const SEEDS: u64 = 100;
const MS: u64 = 1_000_000;
const EPOCH_MS: u64 = 1_795_230_720_000;
/// Every race is over by then.
const END_MS: u64 = 60_000;

/// A service that is good, is bad for a while once it was restarted, and is good again. What it is scraped into, and a
/// cache in front of it, show an older world.
#[expect(clippy::struct_field_names, reason = "each is a time, and says its unit")]
struct FakeService {
    restarted_ms: Option<u64>,
    bad_ms: u64,
    scrape_every_ms: u64,
    scrape_offset_ms: u64,
    cache_ms: u64,
}

impl FakeService {
    fn is_good(&self, at_ms: u64) -> bool {
        self.restarted_ms.is_none_or(|restarted| at_ms < restarted || at_ms >= restarted + self.bad_ms)
    }

    /// The newest of the times at which somebody looked every `every_ms`.
    fn newest_ms(&self, now_ms: u64, every_ms: u64) -> u64 {
        if every_ms == 0 { now_ms } else { now_ms.saturating_sub((now_ms + self.scrape_offset_ms) % every_ms) }
    }

    fn answer(&self, path: &str, now_ms: u64) -> String {
        let shown = |good: &str, bad: &str, at_ms: u64| {
            let value = if self.is_good(at_ms) { good } else { bad };
            format!(r#"{{"value":{value},"sampled":{}}}"#, EPOCH_MS + at_ms)
        };
        match path {
            "/health" => shown("200", "503", self.newest_ms(now_ms, self.cache_ms)),
            "/errors" => shown("0.001", "0.5", self.newest_ms(now_ms, self.scrape_every_ms)),
            "/plain" => if self.is_good(now_ms) { "200" } else { "503" }.to_owned(),
            "/build" => if self.restarted_ms.is_some_and(|at| at <= now_ms) { "new" } else { "old" }.to_owned(),
            _ => "ok".to_owned(),
        }
    }
}

/// What comes due.
enum Due {
    Input(Input),
    /// A question reaches the service.
    Reach(Ask),
    /// The commander fires.
    Fire,
    /// The commander begins to wait.
    Wait,
}

struct Race {
    dice: Dice,
    flight: Flight,
    service: FakeService,
    paper: Vec<Record>,
    due: BTreeMap<(u64, u64), Due>,
    next: u64,
    now_ms: u64,
    /// Good values shown although the service was restarted and not good since.
    stale: u32,
    ended: BTreeSet<&'static str>,
    ended_behind_a_restart: u32,
}

impl Race {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let playbook = Arc::new(Playbook::parse("races.toml", PLAYBOOK, None).expect("sound"));
        let flight = Flight::new(playbook, &[], Redactor::default(), &moment(0));
        let service = FakeService {
            restarted_ms: None,
            bad_ms: 1 + dice.below(9000),
            scrape_every_ms: 500 + dice.below(4500),
            scrape_offset_ms: dice.below(5000),
            cache_ms: *dice.pick(&[0, 700, 3000]),
        };
        let (due, paper) = (BTreeMap::new(), Vec::new());
        Self {
            dice,
            flight,
            service,
            paper,
            due,
            next: 0,
            now_ms: 0,
            stale: 0,
            ended: BTreeSet::new(),
            ended_behind_a_restart: 0,
        }
    }

    fn later(&mut self, in_ms: u64, due: Due) {
        self.due.insert((self.now_ms + in_ms, self.next), due);
        self.next += 1;
    }

    fn command(&mut self, command: Command) {
        self.feed(Input::Command(Actor::from("commander"), command));
    }

    fn feed(&mut self, input: Input) {
        for request in self.flight.handle(&moment(self.now_ms), input) {
            match request {
                Request::Ask(ask) => {
                    let there_ms = self.dice.below(400);
                    self.later(there_ms, Due::Reach(ask));
                }
                Request::Write(batch) => {
                    let records = self.keep(&batch);
                    let took_ms = *self.dice.pick(&[0, 0, 3, 40]);
                    self.later(took_ms, Due::Input(Input::Written(Ok(records))));
                }
                Request::Sample(_) | Request::Refused(_) | Request::Notice(_) => {}
            }
        }
    }

    fn keep(&mut self, batch: &Batch) -> Vec<Record> {
        let numbered = (self.paper.len() as u64 + 1..).zip(batch.entries.iter().cloned());
        let records: Vec<_> = numbered.map(|(seq, (at, actor, event))| Record { seq, at, actor, event }).collect();
        self.paper.extend_from_slice(&records);
        records
    }

    /// The wire: the service sees a question some time after it was sent, and its answer comes some time later.
    fn reach(&mut self, ask: &Ask) {
        let Exchange::Http(http) = &ask.exchange else { panic!("only HTTP is spoken here") };
        let path = http.url.trim_start_matches("http://127.0.0.1:1").to_owned();
        if path == "/restart" {
            self.service.restarted_ms = Some(self.now_ms);
        }
        let shown = self.service.answer(&path, self.now_ms);
        let looks_good = shown.contains("200") || shown.contains("0.001");
        self.stale += u32::from(looks_good && !self.has_recovered());
        let body = Body::whole(shown);
        let answer = Ok(Answer::Http { status: 200, location: None, retry_after_s: None, body });
        let back_ms = self.dice.below(400);
        self.later(back_ms, Due::Input(Input::Answered(ask.job, answer)));
    }

    /// Whether the service is good, and was restarted if a restart is on its way.
    fn has_recovered(&self) -> bool {
        let pulled = self.flight.state().pulls.values().next().is_some();
        self.service.is_good(self.now_ms) && (!pulled || self.service.restarted_ms.is_some())
    }

    fn comes_due(&mut self, due: Due) {
        match due {
            Due::Input(input) => self.feed(input),
            Due::Reach(ask) => self.reach(&ask),
            Due::Wait => {
                for step in STEPS {
                    self.command(Command::StartStep { step: id(step), out_of_order: Some("all at once".into()) });
                }
            }
            Due::Fire => {
                let now = moment(self.now_ms);
                self.flight.arm(&now, &id("restart"), Way::Do, None, 0);
                let fire = self.flight.fire_armed(&now, Some("now".into()), false).expect("nothing blocks it");
                self.command(Command::Fire(fire));
            }
        }
        self.look();
    }

    /// Whenever a wait has just ended, the service was good by then.
    fn look(&mut self) {
        for step in STEPS {
            let done =
                self.paper.iter().any(|r| matches!(&r.event, Event::StepDone { step: of, .. } if of.as_str() == *step));
            if done && self.ended.insert(step) {
                let fired = self.paper.iter().any(|record| matches!(record.event, Event::PullStarted { .. }));
                assert!(!fired || self.has_recovered(), "{step} ended on what was good before the restart");
                self.ended_behind_a_restart += u32::from(fired);
            }
        }
    }

    fn fly(seed: u64) -> Self {
        let mut race = Self::new(seed);
        race.command(Command::Open {
            incident: "race".into(),
            playbook_sha256: String::new(),
            version: "0".into(),
            drill: None,
        });
        let declare = Command::Declare { severity: 2, size_up: "the build is bad".into() };
        race.later(100, Due::Input(Input::Command(Actor::from("commander"), declare)));
        let (fire_ms, wait_ms) = (6000 + race.dice.below(6000), 6000 + race.dice.below(6000));
        race.later(fire_ms, Due::Fire);
        race.later(wait_ms, Due::Wait);
        while race.now_ms < END_MS {
            let wake = race.flight.next_wake().map_or(END_MS, |at| at.boot_ns.div_ceil(MS));
            let due = race.due.first_key_value().map_or(END_MS, |((at, _), _)| *at);
            race.now_ms = race.now_ms.max(wake.min(due).min(END_MS));
            if let Some(first) = race.due.first_entry().filter(|first| first.key().0 <= race.now_ms) {
                let due = first.remove();
                race.comes_due(due);
            } else {
                race.feed(Input::Tick);
                race.look();
            }
        }
        race
    }
}

fn moment(at_ms: u64) -> Moment {
    let wall_ms = i64::try_from(EPOCH_MS + at_ms).expect("a time");
    Moment { wall_ms, boot_ns: at_ms * MS, boot_id: "race".into() }
}

#[test]
fn no_value_from_before_a_restart_ends_a_wait_in_a_hundred_races() {
    let (mut stale, mut behind) = (0, 0);
    for seed in 0..SEEDS {
        let race = Race::fly(seed);
        assert_eq!(race.ended.len(), STEPS.len(), "seed {seed}: every wait ends once the service is good");
        let believed = race.flight.state();
        let synced = race.paper.iter().take_while(|record| record.seq <= believed.seq).cloned().collect::<Vec<_>>();
        assert_eq!(replay(&race.flight.playbook, &synced), *believed, "seed {seed}");
        stale += race.stale;
        behind += race.ended_behind_a_restart;
    }
    // What never happened was not shown.
    assert!(
        stale > 150 && behind > 200,
        "too little has happened: {stale} stale looks, {behind} waits behind a restart"
    );
}
