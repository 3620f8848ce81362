//! Claims about whole files.

use super::*;
use proptest::prelude::*;

#[test]
fn the_small_playbook_is_sound() {
    assert_eq!(render("small.toml", SMALL, &flaws(SMALL)), "");
}

#[test]
fn tables_keep_the_order_of_the_file() {
    let playbook = Playbook::parse("docs-rag.toml", FIXTURE, None).expect("sound");
    let levers: Vec<_> = playbook.levers.keys().map(Id::as_str).collect();
    assert_eq!(levers, ["freeze", "flag", "pointer", "alias", "pins", "rotate", "throttle"]);
    let names: Vec<_> = playbook.levers["rotate"].bind.keys().map(String::as_str).collect();
    assert_eq!(names, ["was", "to"]);
    let metrics: Vec<_> = playbook.metrics.keys().map(Id::as_str).collect();
    assert_eq!(metrics, ["errors", "p99", "p95", "coverage", "ds", "lambda"]);
}

#[test]
fn a_profile_changes_only_what_it_writes() {
    let calm = Playbook::parse("small.toml", SMALL, None).expect("sound");
    let strict = Playbook::parse("small.toml", SMALL, Some("strict")).expect("sound");
    let id = Id::new("errors").expect("an id");
    let stop = |playbook: &Playbook| playbook.metrics[&id].stop.as_ref().map(|limit| limit.written.clone());
    assert_eq!((stop(&calm).as_deref(), stop(&strict).as_deref()), (Some("> 1% for 5s"), Some("> 2%")));
    assert_eq!(strict.metrics[&id].exit, calm.metrics[&id].exit);
    assert_eq!((calm.hold.green_for_ms, strict.hold.green_for_ms), (10_000, 600_000));
    assert_eq!(calm.hold.max_gap_ms, 60_000);
}

#[test]
fn what_is_not_written_has_its_documented_value() {
    let playbook = Playbook::parse("small.toml", SMALL, None).expect("sound");
    let (probe, metric) = (&playbook.probes["arm"], &playbook.metrics["errors"]);
    assert_eq!((probe.every_ms, probe.timeout_ms), (1000, 2000));
    assert_eq!((metric.every_ms, metric.timeout_ms), (5000, 2000));
    let lever = &playbook.levers["pointer"];
    assert_eq!((lever.timeout_ms, lever.takes_ms), (10_000, 5000));
    assert_eq!(lever.verify.as_ref().map(|verify| (verify.agree, verify.within_ms)).unwrap(), (2, 10_000));
    let undo = lever.undo.as_ref().expect("it has one");
    assert!(matches!(&undo.verify.as_ref().unwrap().condition.test, Test::IsNot(text) if text == "blue"));
}

#[test]
fn a_condition_may_ask_several_probes_and_an_undo_turns_round_what_all_of_them_show() {
    let text = SMALL.replace("verify = { probe = \"arm\", is", "verify = { probes = [\"arm\", \"flag\"], is");
    let text = text.replace("done = { probe = \"arm\"", "done = { probes = [\"flag\", \"arm\"]");
    let playbook = Playbook::parse("small.toml", &text, None).expect("sound");
    let asked = |condition: &Condition| condition.probes().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let lever = &playbook.levers["pointer"];
    assert_eq!(asked(&lever.verify.as_ref().unwrap().condition), "arm flag");
    assert_eq!(asked(&lever.undo.as_ref().unwrap().verify.as_ref().unwrap().condition), "arm flag");
    let flip = playbook.steps.iter().find(|step| step.id.as_str() == "flip").unwrap();
    assert_eq!(asked(flip.done.as_ref().unwrap()), "flag arm");
}

#[test]
fn ten_different_faults_are_ten_flaws() {
    let broken = [
        ("unit = \"ms\"", "unit = \"mss\""),
        ("stop = \"> 1% for 5s\"", "stop = \"> 1% for ever\""),
        ("levers = [\"pointer\", \"flag\"]\n\n[levers", "levers = [\"pointr\", \"flag\"]\n\n[levers"),
        ("unless = [\"p99\"]", "unles = [\"p99\"]"),
        ("verify = { probe = \"arm\", is = \"blue\" }\n", ""),
        ("agree = 3", "agree = \"three\""),
        (
            "{ backend = \"cache\", command = [\"GET\", \"flag\"] }",
            "{ backend = \"edge\", command = [\"GET\", \"flag\"] }",
        ),
        ("id = \"pick\"", "id = \"capture\""),
        ("{{ service }}", "{{ servce }}"),
        ("after = \"hold\"", "after = \"unflag\""),
    ];
    let text = broken.iter().fold(SMALL.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    });
    let found = flaws(&text);
    assert_eq!(found.len(), 10, "{}", render("ten.toml", &text, &found));
    assert!(found.is_sorted_by_key(|flaw| (flaw.line, flaw.column)));
}

#[test]
fn all_syntax_errors_are_told_at_once() {
    let text = "format = \nservice = shop\nenvironment = \"x\"\nenvironment = \"y\"\n[probes.x]\ny = [1,, 2]\n";
    let found = flaws(text);
    let places: Vec<_> = found.iter().map(|flaw| (flaw.line, flaw.column)).collect();
    assert_eq!(places, [(1, 10), (2, 11), (4, 1), (6, 8)], "{}", render("x", text, &found));
}

#[test]
fn a_flaw_is_shown_with_its_line_marked_and_a_hint_and_without_colour() {
    let text = SMALL.replace("is = \"blue\" }\nundo", "is = \"blue\", agre = 2 }\nundo");
    let shown = render("shop.toml", &text, &flaws(&text));
    let line = text.lines().position(|line| line.contains("agre")).expect("it is there") + 1;
    assert!(shown.contains("error: unknown key `agre` in `levers.pointer.verify`"), "{shown}");
    assert!(shown.contains(&format!("shop.toml:{line}:")), "{shown}");
    assert!(shown.contains("^^^^") && shown.contains("did you mean `agree`?"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn a_secret_in_the_file_is_refused_without_being_shown() {
    let text = SMALL
        .replace("\"127.0.0.1:6379\" }", "\"127.0.0.1:6379\", password = \"hünter2\" }")
        .replace("http://127.0.0.1:9090", "http://ops:swordfish@127.0.0.1:9090");
    let shown = render("x.toml", &text, &flaws(&text));
    assert!(shown.contains("password = \"********\"") && shown.contains("ops:*********@"), "{shown}");
    assert!(!shown.contains("hünter2") && !shown.contains("swordfish"), "{shown}");
}

#[test]
fn what_a_file_says_cannot_act_on_the_terminal() {
    let text = "format = 1\nservice = \"a\\u001b[2J\\u202e\"\nenvironment = \"x\"\n\"k\u{202e}\" = 1\n";
    let found = flaws(text);
    assert_eq!(found.len(), 2);
    let shown = render("\u{1b}]0;x\u{7}.toml", text, &found);
    assert!(!shown.contains(|c: char| c != '\n' && c.is_control() || c == '\u{202e}'), "{shown:?}");
}

#[test]
fn the_schema_accepts_what_we_ship_and_refuses_what_has_another_shape() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let json = |text: &str| serde_json::to_value(text.parse::<toml::Table>().expect("TOML")).expect("JSON");
    assert!(validator.is_valid(&json(FIXTURE)) && validator.is_valid(&json(SMALL)));
    for (from, to) in super::bad::SHAPES.iter().map(|case| (case.from, case.to)) {
        let text = SMALL.replacen(from, &to.replace(super::bad::MARK, ""), 1);
        assert!(!validator.is_valid(&json(&text)), "{to}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_makes_the_checker_panic(text in "(\\PC|[\\[\\]{}=\"'\n.#]){0,200}") {
        let found = flaws(&text);
        prop_assert!(!found.is_empty(), "an empty table is no playbook");
        render("any.toml", &text, &found);
    }

    #[test]
    fn no_slip_in_a_playbook_makes_the_checker_panic(
        slips in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, "(\\PC|[\\[\\]{}=\"\n$]){0,6}"), 1..5)
    ) {
        let mut text = FIXTURE.to_owned();
        for (place, len, with) in &slips {
            let starts: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
            let start = place.index(starts.len());
            let end = starts.get(start + len).copied().unwrap_or(text.len());
            text.replace_range(starts[start]..end, with);
        }
        let found = flaws(&text);
        render("slip.toml", &text, &found);
        for flaw in &found {
            prop_assert!(text.get(flaw.span.clone()).is_some(), "{flaw:?}");
            prop_assert!(flaw.line >= 1 && flaw.column >= 1 && !flaw.what.is_empty());
        }
    }
}

#[test]
fn a_lever_that_nothing_can_read_back_asks_a_person_and_so_does_its_undo() {
    let text = SMALL.replacen("verify = { probe = \"arm\", is = \"blue\" }", "attest = true", 1);
    let playbook = Playbook::parse("test.toml", &text, None).unwrap();
    let lever = &playbook.levers["pointer"];
    assert!(lever.verify.is_none() && lever.undo.as_ref().is_some_and(|undo| undo.verify.is_none()));
}
