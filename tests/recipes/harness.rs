//! One lever of a playbook, flown over the real carriers without a cockpit: bound, sent, read back.

use goaround::{
    backend::{Carriers, Secrets},
    kind::{Outcome, Seen, Settled, Use, Vars, fill},
    playbook::{Bind, Condition, Id, Lever, Playbook, Test, Verify, render},
};
use std::path::Path;
use tokio::time::{Duration, Instant, sleep};

/// The deadline of everything asked, in ms: ample on a busy machine.
const PATIENT_MS: u64 = 30_000;

/// How long a read-back may take, in ms; more than any recipe's own.
const WITHIN_MS: u64 = 20_000;

/// A playbook whose lever is `lever`.
pub struct Flight {
    playbook: Playbook,
    carriers: Carriers,
    /// What the lever's names were bound to when it was pulled last.
    vars: Vars,
}

impl Flight {
    /// The playbook made of these tables: `[backends]`, `[probes.…]` and `[levers.lever]`.
    #[track_caller]
    pub fn of(tables: &str) -> Self {
        let text =
            format!("format = 1\nservice = \"docs\"\nenvironment = \"testbed\"\n[hold]\ngreen_for = \"10s\"\n{tables}");
        let playbook = Playbook::parse("recipe.toml", &text, None);
        let playbook = playbook.unwrap_or_else(|flaws| panic!("{}", render("recipe.toml", &text, &flaws)));
        let secrets = Secrets::resolve(&playbook.secrets()).expect("the test wrote its secrets");
        let carriers = Carriers::new(secrets).expect("carriers need nothing of the machine");
        Self { playbook, carriers, vars: Vars::new() }
    }

    fn lever(&self) -> &Lever {
        &self.playbook.levers["lever"]
    }

    /// What a probe of the playbook sees.
    pub async fn sees(&self, probe: &str) -> Seen {
        let call = &self.playbook.probes[probe].call;
        let backend = &self.playbook.backends[call.backend()];
        let exchange = call.encode(backend, Use::Look, &Vars::new()).expect("a look has no holes");
        call.see(&self.carriers.perform(&exchange, Use::Look, PATIENT_MS).await)
    }

    /// What a probe sees, as a value.
    pub async fn shows(&self, probe: &str) -> String {
        match self.sees(probe).await {
            Seen::Value(text) => text.to_string(),
            other => panic!("probe {probe} shows no value: {other:?}"),
        }
    }

    /// Whether every precheck holds now.
    pub async fn may_be_pulled(&mut self) -> bool {
        self.bind().await;
        for check in self.lever().precheck.clone() {
            if !self.holds(&check).await {
                return false;
            }
        }
        true
    }

    /// Pulls the lever, whatever its prechecks say.
    pub async fn pull(&mut self) -> Settled {
        self.pull_within(PATIENT_MS).await
    }

    /// The same, given up after so many ms.
    pub async fn pull_within(&mut self, ms: u64) -> Settled {
        self.bind().await;
        let call = self.lever().call.clone();
        self.act(&call, ms).await
    }

    /// Takes it back.
    pub async fn take_back(&self) -> Settled {
        let undo = self.lever().undo.clone().expect("the recipe can be taken back");
        self.act(&undo.call, PATIENT_MS).await
    }

    /// Whether the read-back agrees in time.
    pub async fn is_done(&self) -> bool {
        self.agrees(self.lever().verify.as_ref().expect("it is read back"), WITHIN_MS).await
    }

    /// That the read-back does not agree, looked at for long enough that it would have.
    pub async fn is_not_done(&self) -> bool {
        !self.agrees(self.lever().verify.as_ref().expect("it is read back"), 2_000).await
    }

    /// Whether the read-back of the undo agrees in time.
    pub async fn is_taken_back(&self) -> bool {
        let undo = self.lever().undo.as_ref().expect("the recipe can be taken back");
        self.agrees(undo.verify.as_ref().expect("it is read back"), WITHIN_MS).await
    }

    /// The whole way there and back, each step believed only when read back.
    pub async fn flies_there_and_back(&mut self) {
        assert!(self.may_be_pulled().await, "its prechecks hold");
        self.applies_and_agrees().await;
        let settled = self.take_back().await;
        assert_eq!(settled.outcome, Outcome::Applied, "undo: {}", settled.detail);
        assert!(self.is_taken_back().await, "the undo's read-back agrees");
    }

    /// The way there.
    pub async fn applies_and_agrees(&mut self) {
        let settled = self.pull().await;
        assert_eq!(settled.outcome, Outcome::Applied, "{}", settled.detail);
        assert!(self.is_done().await, "its read-back agrees");
    }

    async fn act(&self, call: &goaround::kind::Call, ms: u64) -> Settled {
        let backend = &self.playbook.backends[call.backend()];
        match call.encode(backend, Use::Act, &self.vars) {
            Ok(exchange) => call.settle(&self.carriers.perform(&exchange, Use::Act, ms).await),
            Err(why) => panic!("it cannot be encoded: {why}"),
        }
    }

    async fn bind(&mut self) {
        self.vars = Vars::from([("incident".to_owned(), "20260101-030000-docs".to_owned())]);
        for (name, bind) in self.lever().bind.clone() {
            let value = match bind {
                Bind::Probe(probe) => self.sees(probe.as_str()).await.value().map(str::to_owned),
                Bind::Text(text) => fill(&text, &self.vars, str::to_owned).ok(),
                Bind::After(ms) => {
                    let ms = i64::try_from(ms).expect("no bind lies beyond time");
                    Some((chrono::Utc::now() + chrono::TimeDelta::milliseconds(ms)).to_rfc3339())
                }
            };
            // What cannot be read stays open: the cockpit would refuse to arm, a test says what it expects instead.
            self.vars.insert(name, value.unwrap_or_default());
        }
    }

    async fn agrees(&self, verify: &Verify, within_ms: u64) -> bool {
        let until = Instant::now() + Duration::from_millis(within_ms);
        let mut in_a_row = 0;
        while Instant::now() < until {
            in_a_row = if self.holds(&verify.condition).await { in_a_row + 1 } else { 0 };
            if in_a_row == verify.agree {
                return true;
            }
            // The pace of looking, not a wait for luck: the deadline above decides.
            sleep(Duration::from_millis(50)).await;
        }
        false
    }

    async fn holds(&self, condition: &Condition) -> bool {
        for probe in condition.probes() {
            if !self.shows_wanted(probe, &condition.test).await {
                return false;
            }
        }
        true
    }

    async fn shows_wanted(&self, probe: &Id, test: &Test) -> bool {
        let seen = self.sees(probe.as_str()).await;
        let Some(value) = seen.value() else { return false };
        let filled = |text: &str| fill(text, &self.vars, str::to_owned).expect("every name is bound");
        match test {
            Test::Is(text) => value == filled(text),
            Test::IsNot(text) => value != filled(text),
            Test::Matches(pattern) => pattern.is_match(value),
            Test::Below(bound) => value.parse::<f64>().is_ok_and(|value| value < *bound),
            Test::Above(bound) => value.parse::<f64>().is_ok_and(|value| value > *bound),
        }
    }
}

/// A file with a secret, for `password_file` and its like.
pub fn secret(folder: &Path, name: &str, value: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, value).expect("a folder of the test's own");
    path.display().to_string()
}

/// That a server which is gone gets nothing: the lever says so and may be fired again.
#[track_caller]
pub fn is_not_sent(settled: &Settled) {
    assert_eq!(settled.outcome, Outcome::NotSent, "{}", settled.detail);
}

/// That the system said no.
#[track_caller]
pub fn is_rejected(settled: &Settled, words: &str) {
    assert_eq!(settled.outcome, Outcome::Rejected, "{}", settled.detail);
    assert!(settled.detail.as_str().contains(words), "it says why: {}", settled.detail);
}
