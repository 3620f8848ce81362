//! A drill's databases and message buses answer in their own words.

use super::support::index_mismatch;
use crate::drill::{Scenario, World};
use crate::kind::{Outcome, Seen, Use, Vars};
use crate::playbook::Playbook;

const PLAYBOOK: &str = r#"
format = 1
service = "docs"
environment = "drill"
[backends]
docs.postgres = { address = "127.0.0.1:5432", database = "rag", user = "ops" }
jobs.nats = { address = "127.0.0.1:4222" }
[probes.view]
postgres = { backend = "docs", query = "select live from pointer where name = $1", params = ["docs"] }
[probes.gone]
postgres = { backend = "docs", query = "select nothing" }
[probes.paused]
nats = { backend = "jobs", request = "$JS.API.CONSUMER.INFO.jobs.worker", at = "/paused" }
[probes.silent]
nats = { backend = "jobs", request = "nobody.listens" }
[levers.view]
postgres = { backend = "docs", act = "update pointer set live = $1", params = ["blue"], ok = "^1$" }
verify = { probe = "view", is = "blue" }
[levers.odd]
postgres = { backend = "docs", act = "update pointer set live = $1", params = ["odd"], ok = "^1$" }
verify = { probe = "view", is = "odd" }
[levers.denied]
postgres = { backend = "docs", act = "drop view docs_live" }
verify = { probe = "view", is = "x" }
[levers.pause]
bind = { until = { after = "30m" } }
nats = { backend = "jobs", request = "$JS.API.CONSUMER.PAUSE.jobs.worker", payload = '{"pause_until":"${until}"}', ok = '"paused":true' }
verify = { probe = "paused", is = "true" }
[[steps]]
id = "flip"
levers = ["view", "odd", "denied", "pause"]
"#;

const ANSWERS: &str = r#"
[vars]
live = "green"
paused = "false"
[[answers]]
backend = "docs"
ask = 'select live from pointer where name = \$1 docs'
reply = "${live}"
[[answers]]
backend = "docs"
ask = 'update pointer set live = \$1 (blue)'
set = { live = "$1" }
int = 1
[[answers]]
backend = "docs"
ask = 'update pointer set live = \$1 odd'
int = 2
[[answers]]
backend = "docs"
ask = 'drop view .*'
error = "42501 must be owner of view docs_live"
[[answers]]
backend = "docs"
ask = 'select nothing'
nil = true
[[answers]]
backend = "jobs"
ask = '\$JS\.API\.CONSUMER\.INFO\.jobs\.worker'
json = '{"paused":${paused}}'
[[answers]]
backend = "jobs"
ask = '\$JS\.API\.CONSUMER\.PAUSE\.jobs\.worker \{"pause_until":"20\S+Z"\}'
set = { paused = "true" }
json = '{"paused":true}'
"#;

fn world() -> (Playbook, World, Scenario) {
    let playbook = Playbook::parse("p.toml", PLAYBOOK, None).unwrap_or_else(|flaws| panic!("{flaws:#?}"));
    let source = index_mismatch().source;
    let head = source.split("[vars]").next().unwrap();
    let scenario =
        Scenario::parse("x.toml", &format!("{head}{ANSWERS}")).unwrap_or_else(|faults| panic!("{faults:#?}"));
    (playbook.clone(), World::new(&scenario, &playbook, 1).unwrap(), scenario)
}

#[test]
fn a_drill_speaks_as_a_database_and_a_bus_do() {
    let (playbook, mut world, scenario) = world();
    let vars = Vars::from([("until".to_owned(), "2026-11-21T03:42:00Z".to_owned())]);
    let look = |world: &mut World, probe: &str| {
        let call = &playbook.probes[probe].call;
        let exchange = call.encode(&playbook.backends[call.backend()], Use::Look, &vars).unwrap();
        call.see(&world.handle(call.backend(), &exchange, 0).0)
    };
    let act = |world: &mut World, lever: &str| {
        let call = &playbook.levers[lever].call;
        let exchange = call.encode(&playbook.backends[call.backend()], Use::Act, &vars).unwrap();
        call.settle(&world.handle(call.backend(), &exchange, 0).0)
    };
    assert_eq!(look(&mut world, "view"), Seen::Value("green".into()));
    assert_eq!(act(&mut world, "view").outcome, Outcome::Applied);
    assert_eq!(look(&mut world, "view"), Seen::Value("blue".into()));
    let odd = act(&mut world, "odd");
    assert!(odd.outcome == Outcome::Rejected && odd.detail.as_str().contains("rolled back"), "{odd:?}");
    let denied = act(&mut world, "denied");
    assert!(
        denied.outcome == Outcome::Rejected && denied.detail.as_str().contains("42501 must be owner"),
        "{denied:?}"
    );
    assert!(matches!(look(&mut world, "gone"), Seen::Absent(_)));
    assert_eq!(look(&mut world, "paused"), Seen::Value("false".into()));
    assert_eq!(act(&mut world, "pause").outcome, Outcome::Applied);
    assert_eq!(look(&mut world, "paused"), Seen::Value("true".into()));
    assert!(matches!(look(&mut world, "silent"), Seen::Failed(why) if why.as_str().starts_with("no responders")));
    let undeclared = scenario.undeclared(&playbook);
    assert_eq!(undeclared, ["probe `silent`: the scenario has no answer to `nobody.listens` (backend `jobs`)"]);
}
