//! Claims about recipes: each of ours is what it says it is, and a slip in using one is shown where it stands.

use super::*;
use crate::playbook::{Flaw, Playbook};

/// A playbook with one lever out of a recipe.
const USES: &str = r#"format = 1
service = "docs"
environment = "production"

[hold]
green_for = "10m"

[backends]
edge.http = { url = "http://127.0.0.1:8080" }
haproxy.socket = { unix = "/run/haproxy.sock" }

[probes.arm]
http = { backend = "edge", get = "/pins", at = "/arm" }

[levers.pointer]
use = "haproxy.map"
with = { haproxy = "haproxy", map = "live.map", key = "live", to = "be_blue", edge = "arm", shows = "blue" }
"#;

fn flaws(text: &str) -> Vec<Flaw> {
    Playbook::parse("test.toml", text, None).err().unwrap_or_default()
}

#[test]
fn every_recipe_of_ours_stands_on_the_shelf_and_is_what_it_says() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/playbook/recipes")).unwrap();
    let mut files: Vec<String> = folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let mut shelf: Vec<String> = recipes().map(|(name, _)| format!("{name}.toml")).collect();
    files.sort();
    shelf.sort();
    assert_eq!(files, shelf);
    let mut wrong = Vec::new();
    for (name, recipe) in recipes() {
        match recipe.rehearse(name) {
            Ok(rehearsal) => wrong.extend(rehearsal.complaints.into_iter().map(|what| format!("{name}: {what}"))),
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
        let example = recipe.example.as_ref().expect("rehearsed");
        let unsure = example.answers.iter().all(|answer| answer.means == example::Means::Applied);
        if example.sends.is_empty() || unsure || recipe.docs.is_empty() {
            wrong
                .push(format!("{name}: its example must show what is sent, a yes and a no, and it must name its docs"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_lever_out_of_a_recipe_is_a_lever_like_any_other() {
    let playbook = Playbook::parse("test.toml", USES, None).unwrap();
    let lever = &playbook.levers["pointer"];
    assert_eq!(lever.recipe.as_deref(), Some("haproxy.map"));
    assert_eq!(lever.verify.as_ref().unwrap().condition.probe.as_str(), "arm");
    assert_eq!(lever.title, "live to be_blue");
    assert!(playbook.probes.contains_key("pointer-now"), "{:?}", playbook.probes.keys());
    assert!(!lever.risks.is_empty());
}

#[test]
fn what_a_playbook_says_beside_use_wins_and_prechecks_add_up() {
    let text = format!("{USES}title = \"Back to blue\"\nprecheck = [{{ probe = \"arm\", is = \"green\" }}]\n");
    let playbook = Playbook::parse("test.toml", &text, None).unwrap();
    let lever = &playbook.levers["pointer"];
    assert_eq!((lever.title.as_str(), lever.precheck.len()), ("Back to blue", 2));
}

#[test]
fn the_flown_playbook_keeps_the_recipes_it_used_and_parses_to_itself() {
    let playbook = Playbook::parse("test.toml", USES, None).unwrap();
    assert!(playbook.source.starts_with(USES.trim_end()));
    assert!(playbook.source.contains("[recipes.\"haproxy.map\"]"), "{}", playbook.source);
    let again = Playbook::parse("test.toml", &playbook.source, None).unwrap();
    assert_eq!(again.source, playbook.source);
    assert_eq!(format!("{:?}", again.levers), format!("{:?}", playbook.levers));
}

#[test]
fn every_recipe_that_was_flown_parses_to_itself_again() {
    for (name, recipe) in recipes() {
        let text = recipe.rehearse(name).unwrap().playbook;
        let playbook = Playbook::parse("test.toml", &text, None).unwrap();
        let again = Playbook::parse("test.toml", &playbook.source, None).unwrap();
        let shown = |playbook: &Playbook| format!("{:?} {:?} {:?}", playbook.levers, playbook.probes, playbook.comms);
        assert_eq!(shown(&again), shown(&playbook), "{name}");
    }
}

#[test]
fn a_recipe_of_ones_own_comes_before_ours() {
    let own = r#"
[recipes."haproxy.map"]
format = 1
title = "ours"
family = "pointer"
params.to = { doc = "where to" }
lever = { title = "own @{to|json}", http = { backend = "edge", post = "/@{to|url}" }, verify = { probe = "arm", is = "@{to}" } }
"#;
    let uses = USES.split("with = ").next().unwrap();
    let text = format!("{uses}with = {{ to = \"a b\" }}\n{own}");
    let playbook = Playbook::parse("test.toml", &text, None).unwrap();
    assert_eq!(playbook.levers["pointer"].title, "own a b");
    assert_eq!(playbook.source, text);
    assert!(format!("{:?}", playbook.levers["pointer"].call).contains("/a%20b"));
}

/// Each slip, what is said, what is advised, and the line it points at.
#[test]
fn a_slip_in_using_a_recipe_is_shown_where_it_stands() {
    let slips = [
        ("haproxy.map", "haproxy.mapp", "there is no recipe `haproxy.mapp`", "did you mean `haproxy.map`?", 16),
        ("map = ", "mapp = ", "recipe `haproxy.map` has no parameter `mapp`", "did you mean `map`?", 17),
        (", shows = \"blue\"", "", "recipe `haproxy.map` needs `shows`", "what `edge` shows", 17),
        ("to = \"be_blue\"", "to = 3", "`to` must be a text", "what it is set to", 17),
        ("to = \"be_blue\"", "to = \"be blue\"", "`to` cannot be `be blue`", "must match", 17),
        ("haproxy = \"haproxy\"", "haproxy = \"edge\"", "backend `edge` is not of kind socket", "`haproxy`", 17),
        ("edge = \"arm\"", "edge = \"arn\"", "there is no probe `arn`", "did you mean `arm`?", 17),
        (
            "\nwith",
            "\nsocket = { backend = \"haproxy\", send = \"x\" }\nwith",
            "`socket` comes from recipe",
            "title",
            17,
        ),
        (
            "[probes.arm]",
            "[probes.pointer-now]\nsocket = { backend = \"haproxy\", send = \"x\" }\n[probes.arm]",
            "probe `pointer-now` is there twice",
            "call yours",
            12,
        ),
    ];
    for (right, wrong, what, hint, line) in slips {
        let text = USES.replacen(right, wrong, 1);
        assert_ne!(text, USES, "{right}");
        let flaws = flaws(&text);
        let [flaw] = &flaws[..] else { panic!("{wrong}: {flaws:#?}") };
        assert!(flaw.what.contains(what) && flaw.hint.contains(hint) && flaw.line == line, "{wrong}: {flaw:#?}");
    }
}

#[test]
fn a_recipe_of_ones_own_that_is_none_says_why() {
    let own = |rest: &str| {
        format!(
            "{}\n[recipes.x]\nformat = 1\ntitle = \"x\"\nfamily = \"code\"\n{rest}",
            USES.replace("haproxy.map", "x")
        )
    };
    for (rest, what) in [
        ("", "neither a `lever` nor a `message`"),
        ("params.to = { doc = \"x\", is = \"texst\" }\nlever = {}", "`texst` is neither"),
        ("params.to = { doc = \"x\", matches = \"(\" }\nlever = {}", "no regular expression"),
    ] {
        let flaws = flaws(&own(rest));
        assert!(flaws.iter().any(|flaw| flaw.what.contains(what)), "{rest}: {flaws:#?}");
    }
}

#[test]
fn the_recipe_of_the_guide_works_as_the_guide_says() {
    let blocks: Vec<&str> = GUIDE.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 4, "a playbook, a use, a recipe, programs and sockets");
    let text = blocks.join("\n");
    let playbook = Playbook::parse("guide.toml", &text, None).unwrap_or_else(|flaws| panic!("{flaws:#?}"));
    assert_eq!((playbook.steps.len(), playbook.levers.len()), (3, 3), "it can be flown as it stands");
    assert!(playbook.probes.contains_key("drain-now"));
    assert_eq!(playbook.levers["drain"].by_hand.as_deref(), Some("acmectl drain blue"));
    // Its own example is checked with the playbook: an answer taken for another thing is a flaw.
    let lying = text.replace("means = \"unknown\"", "means = \"applied\"");
    let flaws = flaws(&lying);
    assert!(flaws.iter().any(|flaw| flaw.what.contains("APPLIED") && flaw.what.contains("acme.drain")), "{flaws:#?}");
}

#[test]
fn a_default_names_the_recipes_own_probe_and_a_name_is_one_step_of_a_pointer() {
    let own = r#"
[recipes."haproxy.map"]
format = 1
title = "ours"
family = "throttle"
params.label = { doc = "which" }
params.edge = { doc = "what tells", is = "probe", default = "@{owner}-now" }
probes.now = { http = { backend = "edge", get = "/", at = "/labels/@{label|pointer}" } }
lever = { title = "own", http = { backend = "edge", post = "/" }, verify = { probe = "@{edge}", is = "x" } }
"#;
    let uses = USES.split("with = ").next().unwrap();
    let text = format!("{uses}with = {{ label = \"a/b~c\" }}\n{own}");
    let playbook = Playbook::parse("test.toml", &text, None).unwrap();
    assert_eq!(playbook.levers["pointer"].verify.as_ref().unwrap().condition.probe.as_str(), "pointer-now");
    assert!(format!("{:?}", playbook.probes["pointer-now"].call).contains("/labels/a~1b~0c"));
    assert!(playbook.levers["pointer"].recipe.is_some());
}

#[test]
fn a_value_is_escaped_for_every_place_it_stands_in_and_a_default_may_name_an_own_probe() {
    let own = r#"
[recipes."haproxy.map"]
format = 1
title = "ours"
family = "pointer"
params.to = { doc = "where to" }
params.edge = { doc = "what users get", is = "probe", default = "@{owner}-now" }
probes.now = { http = { backend = "edge", get = "/", find = "(@{to|regex})" } }
lever = { http = { backend = "edge", put = "/", body = '{"p":"^@{to|regex|json}$","b":"@{to|base64}"}' }, verify = { probe = "@{edge}", is = "@{to}" } }
"#;
    let uses = USES.split("with = ").next().unwrap();
    let playbook = Playbook::parse("test.toml", &format!("{uses}with = {{ to = \"a.b\" }}\n{own}"), None).unwrap();
    let lever = &playbook.levers["pointer"];
    assert_eq!(lever.verify.as_ref().unwrap().condition.probe.as_str(), "pointer-now");
    assert!(
        format!("{:?}", lever.call).contains(&format!("{:?}", r#"{"p":"^a\\.b$","b":"YS5i"}"#)),
        "{:?}",
        lever.call
    );
    let odd = flaws(&format!("{uses}with = {{ to = \"a.b\" }}\n{}", own.replace("|base64", "|rot13")));
    assert!(
        odd[0].what.contains("`rot13` is no way to escape; there are `json`, `url`, `regex`, `base64`, `pointer`"),
        "{odd:?}"
    );
}

/// A recipe of the playbook's own that nothing can read back.
const ATTESTING: &str = r#"
[levers.mail]
use = "own.mail"

[recipes."own.mail"]
format = 1
title = "Ask the vendor"
family = "code"
lever = { title = "Ask the vendor", attest = true, http = { backend = "edge", post = "/ask" } }
"#;

#[test]
fn a_recipe_may_ask_for_a_persons_word_and_a_playbook_that_can_look_need_not() {
    let text = format!("{USES}{ATTESTING}");
    let playbook = Playbook::parse("test.toml", &text, None).unwrap();
    assert!(playbook.levers["mail"].verify.is_none());
    let own = "use = \"own.mail\"\nverify = { probe = \"arm\", is = \"blue\" }";
    let looks = Playbook::parse("test.toml", &text.replacen("use = \"own.mail\"", own, 1), None).unwrap();
    assert!(looks.levers["mail"].verify.is_some());
}

#[test]
fn what_cannot_be_taken_back_needs_two_people() {
    let last = recipes().filter_map(|(name, recipe)| Some((name, recipe.lever.as_ref()?)));
    let irreversible: Vec<_> = last.filter(|(_, lever)| lever.get("irreversible").is_some()).collect();
    assert_eq!(irreversible.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["postgres.restore", "mongo.restore"]);
    for (name, lever) in irreversible {
        assert_eq!(lever.get("approval").and_then(Value::as_str), Some("second-person"), "{name}");
    }
}
