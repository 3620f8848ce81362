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
