//! Claims about tables that are written once for several values, and about steps that wait.

use super::bad::MARK;
use super::*;

const REGIONS: &str = r#"
[probes.audit]
each = { region = ["eu", "us", "ap"] }
title = "audit ${region}"
http = { backend = "edge", get = "/audit/${region}" }

[metrics.pass]
each = { region = ["eu", "us", "ap"] }
title = "pass ${region}"
prometheus = { backend = "prom", query = "pass_rate{region='${region}'}" }
stop = "< 0.8"
exit = "> 0.9"

[profiles.strict.metrics.pass]
stop = "< 0.85"

[levers.alias]
each = { region = ["eu", "us", "ap"] }
title = "Alias ${region}"
http = { backend = "edge", post = "/alias/${region}/${incident}" }
verify = { probe = "audit-${region}", is = "${region}-blue" }
undo = { http = { backend = "edge", post = "/alias/${region}/green" } }

[debts.realias]
each = { region = ["eu", "us", "ap"] }
lever = "alias-${region}"

[symptoms.drift]
when = ["errors", "pass"]
levers = ["flag", "alias"]

[[steps]]
id = "regions"
sequence = ["flag", "alias"]

[[steps]]
id = "audits"
capture = { metrics = ["pass"], probes = ["arm", "audit"] }

[[steps]]
id = "slo"
wait = { exits = ["pass"], within = "2m" }
"#;

fn names(ids: &[Id]) -> Vec<&str> {
    ids.iter().map(Id::as_str).collect()
}

/// The small playbook with the regions and one more slip has exactly one flaw, at the mark.
fn points_at(from: &str, to: &str, what: &str, hint: &str) {
    let text = format!("{SMALL}{REGIONS}");
    assert_eq!(text.matches(from).count(), 1, "{from}");
    let marked = text.replace(from, to);
    let place = marked.find(MARK).expect("a mark");
    let text = marked.replace(MARK, "");
    let found = flaws(&text);
    let shown = render("test.toml", &text, &found);
    assert_eq!(found.len(), 1, "{to}\n{shown}");
    assert_eq!(found[0].span.start, place, "{shown}");
    assert!(found[0].what.contains(what) && found[0].hint.contains(hint), "{shown}");
}

#[test]
fn a_table_with_each_becomes_one_for_each_value_in_order() {
    let text = format!("{SMALL}{REGIONS}");
    let playbook = Playbook::parse("test.toml", &text, None).expect("sound");
    let levers: Vec<_> = playbook.levers.keys().map(Id::as_str).collect();
    assert_eq!(levers, ["pointer", "flag", "alias-eu", "alias-us", "alias-ap"]);
    let lever = &playbook.levers["alias-us"];
    let verify = lever.verify.as_ref().expect("it has a read-back");
    assert_eq!((lever.title.as_str(), verify.condition.probe.as_str()), ("Alias us", "audit-us"));
    assert!(matches!(&verify.condition.test, Test::Is(want) if want == "us-blue"));
    assert_eq!(playbook.debts["realias-ap"].lever.as_str(), "alias-ap");
    let metric = &playbook.metrics["pass-eu"];
    assert_eq!((metric.title.as_str(), metric.group.as_ref().map(Id::as_str)), ("pass eu", Some("pass")));
    assert_eq!(playbook.metrics["errors"].group, None);
}

#[test]
fn in_a_list_its_name_stands_for_all_of_them() {
    let text = format!("{SMALL}{REGIONS}");
    let playbook = Playbook::parse("test.toml", &text, Some("strict")).expect("sound");
    let drift = &playbook.symptoms["drift"];
    assert_eq!(names(&drift.when), ["errors", "pass-eu", "pass-us", "pass-ap"]);
    assert_eq!(names(&drift.levers), ["flag", "alias-eu", "alias-us", "alias-ap"]);
    let step = |id: &str| &playbook.step(&Id::new(id).unwrap()).expect("it is there").kind;
    assert!(
        matches!(step("regions"), StepKind::Sequence(all) if names(all) == ["flag", "alias-eu", "alias-us", "alias-ap"])
    );
    assert!(
        matches!(step("audits"), StepKind::Capture(all) if names(&all.probes) == ["arm", "audit-eu", "audit-us", "audit-ap"])
    );
    let StepKind::Wait(wait) = step("slo") else { panic!("it waits") };
    assert!(matches!(&wait.until, Until::Exits(all) if names(all) == ["pass-eu", "pass-us", "pass-ap"]));
    assert_eq!(wait.within_ms, 120_000);
    assert_eq!(playbook.metrics["pass-us"].stop.as_ref().expect("a limit").written, "< 0.85");
}

#[test]
fn a_fault_in_each_is_told_once_and_points_at_what_the_author_wrote() {
    let verify = r#"verify = { probe = "audit-${region}""#;
    points_at(verify, "verify = { probe = ¦\"adit-${region}\"", "no probe `adit-eu`", "did you mean `audit-eu`?");
    points_at("stop = \"< 0.8\"", "stop = ¦\"~ 0.8\"", "", "");
    points_at("title = \"Alias ${region}\"", "¦titel = \"Alias ${region}\"", "unknown key `titel`", "`title`");
    points_at("post = \"/alias/${region}/green\"", "post = ¦\"/alias/${regin}/green\"", "regin", "");
    let sequence = "sequence = [\"flag\", \"alias\"]";
    points_at(sequence, "sequence = [\"flag\", ¦\"alais\"]", "no lever `alais`", "");
    points_at(sequence, "sequence = [\"alias\", \"flag\", ¦\"flag\"]", "named twice", "");
}

#[test]
fn what_each_cannot_be_is_said() {
    let debt = "[debts.realias]\neach = { region = [\"eu\", \"us\", \"ap\"] }";
    let with = |each: &str| format!("[debts.realias]\neach = {each}");
    points_at(
        debt,
        &with("{ a = [\"eu\"], region = [\"eu\"] }").replace("each", "¦each"),
        "`each` has 2 names",
        "write one",
    );
    points_at(debt, &with("{ region = ¦[] }"), "`region` has no values", "at least one");
    points_at(debt, &with("{ region = [\"eu\", ¦\"eu\"] }"), "`eu` stands here twice", "a name of its own");
    points_at(debt, &with("{ region = [¦\"E U\"] }"), "this makes `realias-E U`", "a-z");
    points_at(
        debt,
        "[debts.realias-eu]\nlever = \"alias-us\"\n[debts.realias]\neach = { region = [¦\"eu\"] }",
        "`realias-eu` is there already",
        "",
    );
    points_at(
        "lever = \"alias-${region}\"",
        "lever = ¦\"alias\"",
        "no lever `alias`",
        "name one: `alias-eu`, `alias-us`",
    );
}

#[test]
fn what_cannot_be_waited_for_is_said() {
    let wait = "wait = { exits = [\"pass\"], within = \"2m\" }";
    points_at(wait, "wait = { exits = [\"pass\", ¦\"p99\"] }", "no `exit` limit", "add `exit");
    points_at(wait, "¦wait = { within = \"2m\" }", "nothing to wait for", "exactly one of `until`, `exits`");
    points_at(wait, "wait = { exits = ¦[] }", "no metric to wait for", "name at least one");
    points_at(wait, "wait = { exits = [\"pass\"], ¦agree = 2 }", "counts looks", "take it out");
    points_at(wait, "wait = { until = { probe = \"arm\", is = \"x\" }, agree = ¦0 }", "no times", "1 or more");
    points_at(wait, "wait = { until = { probe = \"arm\", is = \"x\" }, within = ¦\"0s\" }", "no time at all", "");
    let both = "wait = { exits = [\"pass\"] }\ndone = ¦{ probe = \"arm\", is = \"x\" }";
    points_at(wait, &both.replace("done = ¦{", "¦done = {"), "not by a sensor", "take `done` out");
    let query = "[probes.scraped]\nprometheus = { backend = \"prom\", query = \"up\" }\n[[steps]]\nid = \"regions\"\n";
    let waits = "wait = { until = { probe = ¦\"scraped\", is = \"1\" } }";
    points_at(
        "[[steps]]\nid = \"regions\"\nsequence = [\"flag\", \"alias\"]",
        &format!("{query}{waits}"),
        "shows the last scrape",
        "wait for that",
    );
    points_at("sequence = [\"flag\", \"alias\"]", "sequence = ¦[]", "no lever to pull", "in their order");
}

#[test]
fn a_list_that_is_cut_down_to_one_value_is_still_named_by_its_table() {
    let text = format!("{SMALL}{REGIONS}").replace(r#"["eu", "us", "ap"]"#, r#"["eu"]"#);
    let playbook =
        Playbook::parse("test.toml", &text, None).unwrap_or_else(|found| panic!("{}", render("x", &text, &found)));
    assert_eq!(names(&playbook.symptoms["drift"].when), ["errors", "pass-eu"]);
}
