//! A drill answers gold questions, and what its variables are shows in the numbers.

use super::support::index_mismatch;
use crate::drill::{Scenario, World};
use crate::kind::{Seen, Use, Vars};
use crate::playbook::Playbook;

const PLAYBOOK: &str = r#"
format = 1
service = "docs"
environment = "drill"
[backends]
edge.http = { url = "http://127.0.0.1:17082" }
[backends.docs.gold]
url = "http://127.0.0.1:17082"
post = "/retrieve"
file = "gold.json"
[probes.coverage]
gold = { backend = "docs", show = "coverage" }
[probes.nearness]
gold = { backend = "docs", show = "ds_question" }
[levers.alias]
http = { backend = "edge", post = "/alias/docs_vA" }
verify = { probe = "coverage", above = 0.9 }
[[steps]]
id = "alias"
levers = ["alias"]
[files."gold.json"]
text = '''
[{"question": "How?", "paraphrases": ["In what way?"], "expected": {"ids": ["a"]}},
 {"question": "Who?", "expected": {"ids": ["b"]}}]
'''
"#;

/// One row for all questions: what is retrieved follows from the alias.
const ANSWERS: &str = r#"
[vars]
alias = "docs_vB"
[derived]
hits = { from = "alias", is = { docs_vA = '[{"id":"a","score":0.8},{"id":"b","score":0.7}]' }, else = '[{"id":"a","score":0.3}]' }
[[answers]]
backend = "docs"
ask = 'POST /retrieve'
reply = '{"results":${hits}}'
[[answers]]
backend = "edge"
ask = 'POST /alias/(\w+)'
set = { alias = "$1" }
"#;

#[test]
fn one_row_of_a_scenario_answers_every_gold_question() {
    let playbook = Playbook::parse("p.toml", PLAYBOOK, None).unwrap_or_else(|flaws| panic!("{flaws:#?}"));
    let head = index_mismatch().source.split("[vars]").next().unwrap().to_owned();
    let scenario =
        Scenario::parse("x.toml", &format!("{head}{ANSWERS}")).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(scenario.undeclared(&playbook), Vec::<String>::new());
    let mut world = World::new(&scenario, &playbook, 1).unwrap();
    let look = |world: &mut World, probe: &str| {
        let call = &playbook.probes[probe].call;
        let exchange = call.encode(&playbook.backends[call.backend()], Use::Look, &Vars::new()).unwrap();
        let (result, took_ms) = world.handle(call.backend(), &exchange, 0);
        assert!(took_ms > 0, "questions take time in a drill as well");
        call.see(&result)
    };
    assert_eq!(look(&mut world, "coverage"), Seen::Value("0.5".into()));
    assert_eq!(look(&mut world, "nearness"), Seen::Value("0.7".into()));
    let lever = &playbook.levers["alias"].call;
    let exchange = lever.encode(&playbook.backends[lever.backend()], Use::Act, &Vars::new()).unwrap();
    world.handle(lever.backend(), &exchange, 0).0.unwrap();
    assert_eq!(look(&mut world, "coverage"), Seen::Value("1".into()));
    assert_eq!(look(&mut world, "nearness"), Seen::Value("0.2".into()));

    let silent = Scenario::parse("x.toml", &format!("{head}{}", ANSWERS.replace("/retrieve", "/other"))).unwrap();
    let why = "probe `coverage`: the scenario has no answer to `POST /retrieve` (backend `docs`)";
    assert_eq!(silent.undeclared(&playbook).first().map(String::as_str), Some(why));
}
