//! One slip each: where the finger points, what is said, and what is advised.

mod shapes;

use super::*;
pub(super) use shapes::SHAPES;

/// Stands in `to` where the flaw must begin.
pub(super) const MARK: char = '¦';

/// The small playbook with `from` replaced by `to` has exactly one flaw, at the mark.
pub(super) struct Case {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    what: &'static str,
    hint: &'static str,
}

pub(super) const fn case(from: &'static str, to: &'static str, what: &'static str, hint: &'static str) -> Case {
    Case { from, to, what, hint }
}

/// Slips that only a reader of the whole file sees.
const MEANINGS: &[Case] = &[
    case(
        "service = \"shop\"",
        "service = \"shop\"\ndeclares = ¦\"A Release\"",
        "`A Release` is no word for what is declared",
        "write lowercase words",
    ),
    case(
        "format = 1\n",
        "format = ¦2\nnew_key = 3\n",
        "format 2 is newer than this goaround understands (1)",
        "newer goaround",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "¦verify = { is = \"blue\" }",
        "`levers.pointer.verify` has no probe to look through",
        "exactly one of `probe`, `probes`",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "verify = { probe = \"arm\", ¦probes = [\"flag\"], is = \"blue\" }",
        "`probes` stands beside `probe`",
        "exactly one of",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "verify = { probes = ¦[], is = \"blue\" }",
        "asks 1 to 8 probes, and this one 0",
        "name each",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "verify = { probes = [\"arm\", ¦\"arm\"], is = \"blue\" }",
        "`arm` is named twice",
        "take one out",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "verify = { probes = [\"arm\", ¦\"falg\"], is = \"blue\" }",
        "there is no probe `falg`",
        "did you mean `flag`?",
    ),
    case("format = 1\n", "format = ¦0\n", "there is no format 0", "`format = 1`"),
    case("due = \"5m\"", "due = ¦07:00:00", "a date has no use here", "in quotes"),
    case("baseline = 50", "baseline = ¦nan", "too large or no number", ""),
    case("service = \"shop\"", "service = ¦\"The Shop\"", "`The Shop` is no id", ""),
    case(
        "[probes.flag]",
        "[probes.¦Flag]\nredis = { backend = \"cache\", command = [\"GET\", \"x\"] }\n[probes.flag]",
        "`Flag` is no id",
        "",
    ),
    case(
        "default_profile = \"calm\"",
        "default_profile = ¦\"clam\"",
        "there is no profile `clam`",
        "did you mean `calm`?",
    ),
    case("default_profile = \"calm\"\n\n[", "\n[¦", "several profiles and no default", "default_profile = "),
    case(
        "[profiles.strict.metrics.errors]",
        "[profiles.strict.metrics.¦erors]",
        "there is no metric `erors`",
        "did you mean `errors`?",
    ),
    case(
        "stop = \"> 2%\"",
        "stop = \"> 2%\"\nwarn = ¦\"> 3%\"",
        "`warn` (> 3%) would never be seen: it lies beyond `stop` (> 2%)",
        "warn before you stop",
    ),
    case(
        "stop = \"> 2%\"",
        "stop = ¦\"> 0.4%\"\nwarn = \"> 0.1%\"",
        "`exit` (< 0.5%) is looser than `stop` (> 0.4%)",
        "stricter",
    ),
    case("max = \"2m\"", "max = ¦\"2s\"", "overdue before it can be met", "make `max` longer"),
    case(
        "hold = { green_for = \"10s\", max = \"2m\" }",
        "hold = { green_for = ¦\"1h\" }",
        "overdue before it can be met",
        "make `max` longer",
    ),
    case("max = \"2m\"", "max = ¦\"2 moons\"", "`2 moons` is no duration", "durations read like"),
    case("backend = \"edge\", get", "backend = ¦\"egde\", get", "there is no backend `egde`", "did you mean `edge`?"),
    case(
        "backend = \"edge\", get",
        "backend = ¦\"cache\", get",
        "`cache` is a redis backend, and this is a http call",
        "`edge`",
    ),
    case(
        "[probes.arm]\nhttp = { backend = \"edge\", get = \"/pins\", at = \"/arm\" }",
        "[probes.¦arm]",
        "`probes.arm` has no kind of call",
        "exactly one of `http`",
    ),
    case(
        "get = \"/pins\", at = \"/arm\" }",
        "get = \"/pins\", at = \"/arm\" }\n¦file = { backend = \"edge\", read = \"x\" }",
        "`file` stands beside `http`",
        "exactly one",
    ),
    case("at = \"/arm\"", "at = ¦\"arm\"", "`arm` is no JSON pointer", "write `/arm`"),
    case("get = \"/pins\"", "get = ¦\"/${pins}\"", "nothing is bound to `${pins}`", "only a lever's texts"),
    case("url = \"http://127.0.0.1:9090\"", "url = ¦\"http://ops:pw@127.0.0.1:9090\"", "`url`", "password_env"),
    case("query = \"p99_ms\"", "query = ¦\"sum(rate(p99[5s]))\"", "the age of the samples", "add `fresh"),
    case("stop = \"> baseline * 2\"", "stop = ¦\"> 200%\"", "`%` does not fit a metric whose unit is `ms`", "`ratio`"),
    case("stop = \"> baseline * 2\"", "stop = ¦\"above 200\"", "starts with no comparison", "limits read like"),
    case("baseline = 50\nstop = ", "stop = ¦", "relative to a baseline", "add `baseline = 50`"),
    case("baseline = 50", "¦baseline = { file = \"b.json\" }", "neither from which file", "write a number"),
    case("baseline = 50", "baseline = { file = \"b.json\", at = ¦\"p99\" }", "is no JSON pointer", "`/p99`"),
    case(
        "prometheus = { backend = \"prom\", query = \"p99_ms\" }\nbaseline = 50",
        "http = { backend = \"edge\", get = \"/p99\" }\nbaseline = { offset = ¦\"1h\" }",
        "`http` knows only what is now",
        "or ask a Prometheus",
    ),
    case("baseline = 50", "baseline = { offset = ¦\"soon\" }", "`soon` is no duration", "durations read"),
    case(
        "warn = \"> 0.5%\"",
        "warn = ¦\"< 0.5%\"",
        "`warn` (< 0.5%) points in another direction than `stop` (> 1% for 5s)",
        "turn one",
    ),
    case("warn = \"> 0.5%\"", "warn = ¦\"> 5%\"", "lies beyond `stop`", "warn before you stop"),
    case("exit = \"< 0.5%\"", "exit = ¦\"> 0.5%\"", "overlaps", "points away"),
    case("exit = \"< 0.5%\"", "exit = ¦\"< 3%\"", "is looser than `stop`", "stricter"),
    case(
        "stop = \"> baseline * 2\"",
        "stop = \">= baseline * 2\"\nexit = ¦\"<= 100\"",
        "is looser than `stop`",
        "stricter",
    ),
    case(
        "stop = \"> baseline * 2\"",
        "stop = \"> baseline * 2\"\nexit = ¦\"< baseline * 3\"",
        "is looser than `stop`",
        "stricter",
    ),
    case("when = [\"errors\"]", "when = [\"errors\", ¦\"p98\"]", "there is no metric `p98`", "did you mean `p99`?"),
    case("unless = [\"p99\"]", "unless = [¦\"errors\"]", "stands in `when` too", "take it out"),
    case(
        "stop = \"> baseline * 2\"\n\n[symptoms.bad-arm]\nwhen = [\"errors\"]\nunless = [",
        "\n[symptoms.bad-arm]\nwhen = [\"errors\"]\nunless = [¦",
        "can never be in BREACH",
        "add `stop",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "¦verify = { probe = \"arm\" }",
        "`levers.pointer.verify` has nothing to compare with",
        "exactly one of `is`",
    ),
    case("undo = { http", "irreversible = true\n¦undo = { http", "is irreversible and has an `undo`", "take out"),
    case(
        "undo = { redis = { backend = \"cache\", command = [\"SET\", \"flag\", \"${was}\"] }, verify = { probe = \"flag\", is = \"${was}\" } }",
        "¦undo = { redis = { backend = \"cache\", command = [\"SET\", \"flag\", \"${was}\"] } }",
        "needs a read-back of its own",
        "add `verify",
    ),
    case(
        "was = { probe = \"flag\" }, note",
        "was = { probe = ¦\"flga\" }, note",
        "there is no probe `flga`",
        "did you mean `flag`?",
    ),
    case(
        "note = \"${was} by",
        "note = ¦\"${late} by",
        "nothing is bound to `${late}`",
        "known here: `${incident}`, `${was}`",
    ),
    case(
        "was = { probe = \"flag\" }",
        "was = { probe = \"flag\", ¦after = \"30m\" }",
        "`after` stands beside `probe`",
        "one of",
    ),
    case("note = \"${was} by", "¦at = { }, note = \"${was} by", "`levers.flag.bind.at` has nothing to bind", "`after`"),
    case(
        "note = \"${was} by",
        "at = { after = ¦\"soon\" }, note = \"${was} by",
        "`soon` is no duration",
        "durations read",
    ),
    case("note = ", "¦incident = ", "always bound", "another name"),
    case("note = ", "¦No-te = ", "cannot stand in", "a-z"),
    case("\"flag\", \"${was}\"] }", "\"flag\", ¦\"${wsa}\"] }", "nothing is bound to `${wsa}`", "bind"),
    case("is_not = \"blue\"", "is_not = \"blue\", ¦above = 3", "`above` stands beside `is_not`", "exactly one"),
    case("matches = \"^off$\"", "matches = ¦\"^(off$\"", "no regular expression: unclosed group", "docs.rs/regex"),
    case("agree = 3", "agree = ¦0", "looks no times", "1 or more"),
    case("within = \"5s\"", "within = ¦\"5\"", "`5` is no duration", "durations read"),
    case("within = \"5s\"", "within = ¦\"0s\"", "`within` is no time at all", "`10s`"),
    case("id = \"pick\"", "id = ¦\"capture\"", "there is already a step `capture`", "its own"),
    case(
        "watch = true",
        "watch = true\n¦ask = { question = \"?\", answers = [\"a\"] }",
        "`ask` stands beside `watch`",
        "exactly one",
    ),
    case("watch = true", "watch = ¦false", "does nothing", "`watch = true`"),
    case(
        "watch = true",
        "watch = true\n\n[[steps]]\nid = \"again\"\nwatch = ¦true",
        "`watch` watches for green already",
        "one of the two",
    ),
    case(
        "watch = true",
        "watch = true\n¦done = { probe = \"arm\", is = \"blue\" }",
        "done when the hold is met, not by a sensor",
        "take `done` out",
    ),
    case(
        "pick = [\"pointer\", \"flag\"]",
        "pick = [\"pointer\", \"flag\"]\n¦done = { probe = \"arm\", is = \"blue\" }",
        "done when a lever is picked, not by a sensor",
        "take `done` out",
    ),
    case("pick = [\"pointer\", \"flag\"]", "pick = ¦[]", "no lever to choose from", "at least one"),
    case(
        "id = \"flip\"\nlevers = [\"pointer\", \"flag\"]",
        "id = \"flip\"\nlevers = [\"pointer\", ¦\"pointer\", \"flag\"]",
        "named twice",
        "take one out",
    ),
    case(
        "pick = [\"pointer\", \"flag\"]\n\n[[steps]]\nid = \"flip\"\nlevers = [\"pointer\", \"flag\"]",
        "pick = [\"pointer\", ¦\"flag\"]\n\n[[steps]]\nid = \"flip\"\nlevers = [\"pointer\"]",
        "`flag` can be picked here, and no later step pulls it",
        "later step",
    ),
    case("answers = [\"yes\", \"no\"]", "answers = ¦[]", "a question without answers", "the first one means done"),
    case("answers = [\"yes\", \"no\"]", "answers = [\"yes\"], good = ¦2", "`good` is 2, and there are 1", "mean done"),
    case("lever = \"flag\"", "lever = ¦\"pointer\"", "already opens the debt `reopen`", "one debt"),
    case("lever = \"flag\"", "lever = ¦\"flg\"", "there is no lever `flg`", "did you mean `flag`?"),
    case(
        "after = \"hold\"",
        "after = ¦\"unflag\"",
        "wait for each other: `reopen` after `unflag` after `reopen`",
        "`hold` only",
    ),
    case("after = \"hold\"", "after = ¦\"reopen\"", "wait for each other: `reopen` after `reopen`", "`hold` only"),
    case("after = \"hold\"", "after = ¦\"anydebt\"", "there is no debt `anydebt`", "name one that exists"),
    case("stops_on = \"sixty-done\"", "stops_on = ¦\"first-step\"", "stops when it starts", "another edge"),
    case(
        "body = \"Rolling back {{ service }} since {{ started }}.\"\n",
        "body = ¦\"Rolling back {{ serviec }} since {{ started }}.\"\n",
        "nothing is known for `{{ serviec }}`",
        "did you mean `service`?",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "verify = { probe = \"arm\", is = \"blue\" }\n¦attest = true",
        "lever `pointer` has a read-back and `attest = true`",
        "take out `attest`",
    ),
    case(
        "[levers.pointer]\nhttp = { backend = \"edge\", post = \"/blue\" }\nverify = { probe = \"arm\", is = \"blue\" }",
        "[levers.¦pointer]\nhttp = { backend = \"edge\", post = \"/blue\" }\nattest = false",
        "lever `pointer` has no read-back",
        "`attest = true`: a person must say what they saw",
    ),
    case(
        "due = \"5m\"",
        "due = \"5m\"\nstage = ¦\"identifed\"",
        "there is no stage `identifed`",
        "did you mean `identified`?",
    ),
    case("body = \"Rolling", "body = ¦\"{{ Rolling", "this is no template", "minijinja"),
    case(
        "body = '{\"text\":\"${text}\"}' ",
        "body = ¦'{\"text\":\"${txt}\"}' ",
        "nothing is bound to `${txt}`",
        "`${text}`",
    ),
    case(
        "links = [\"rates\"]\ncovers",
        "links = [¦\"rats\"]\ncovers",
        "there is no link `rats`",
        "did you mean `rates`?",
    ),
    case("url = \"https://runbooks.test", "url = ¦\"runbooks.test", "is no address of a page", "write it whole"),
    case(
        "url = \"https://runbooks.test/rates\"",
        "url = ¦\"https:// runbooks\"",
        "is no address of a page",
        "without blanks",
    ),
    case("covers = [\"A1\", \"A2\"]", "covers = [\"A1\", ¦\"2\"]", "`2` is no item of a source", "`A17`"),
    case("covers = [\"A1\", \"A2\"]", "covers = [\"A1\", ¦\"A1\"]", "`A1` is named twice", "take one out"),
    case("within = \"24h\"", "within = ¦\"soon\"", "`soon` is no duration", "durations read"),
    case(
        "[runbook]",
        "[[follow_ups]]\nid = ¦\"rca\"\nwithin = \"1h\"\n\n[runbook]",
        "there is already a follow-up `rca`",
        "its own",
    ),
    case("date = \"2026-11-21\"", "date = ¦\"yesterday\"", "`yesterday` is no day", "`2026-11-21`"),
];

#[test]
fn every_slip_is_one_flaw_at_its_place_with_a_hint() {
    each_is_one_flaw(SHAPES.iter().chain(MEANINGS));
}

pub(super) fn each_is_one_flaw<'a>(cases: impl Iterator<Item = &'a Case>) {
    let mut wrong = Vec::new();
    for case in cases {
        let marked = SMALL.replacen(case.from, case.to, 1);
        let text = marked.replace(MARK, "");
        let found = flaws(&text);
        let before = marked.split(MARK).next().unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column =
            before.lines().last().filter(|_| !before.ends_with('\n')).map_or(0, |line| line.chars().count()) + 1;
        let told = |flaw: &Flaw| flaw.what.contains(case.what) && flaw.hint.contains(case.hint);
        let sound = matches!(&found[..], [flaw] if told(flaw) && (flaw.line, flaw.column) == (line, column));
        if !sound || !SMALL.contains(case.from) || case.what.is_empty() {
            wrong.push(format!(
                "{} -> {}\nwanted {line}:{column} {}\n{}",
                case.from,
                case.to,
                case.what,
                render("x", &text, &found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}
