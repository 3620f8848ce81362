//! Claims about what a playbook tells people, and about warnings on the way to a stop limit.

use super::*;

/// The least playbook that can hold a metric.
const BARE: &str = "format = 1\nservice = \"shop\"\nenvironment = \"testbed\"\n\
    [backends]\nprom.prometheus = { url = \"http://127.0.0.1:9090\" }\n";

/// A playbook with one metric, `p`, written like this.
fn with_metric(lines: &str) -> String {
    format!("{BARE}[metrics.p]\nprometheus = {{ backend = \"prom\", query = \"p\" }}\n{lines}\n")
}

fn metric(lines: &str) -> Metric {
    let text = with_metric(lines);
    let playbook = Playbook::parse("p.toml", &text, None);
    let playbook = playbook.unwrap_or_else(|flaws| panic!("{}", render("p.toml", &text, &flaws)));
    playbook.metrics["p"].clone()
}

fn sole_flaw(lines: &str) -> String {
    let text = with_metric(lines);
    let flaws = flaws(&text);
    let [flaw] = &flaws[..] else { panic!("{}", render("p.toml", &text, &flaws)) };
    format!("{}; {}", flaw.what, flaw.hint)
}

#[test]
fn a_share_warns_that_far_on_the_way_to_the_stop_limit() {
    for (lines, baseline, bound) in [
        ("unit = \"ratio\"\nwarn = \"80%\"\nstop = \"> 1% for 30s\"", None, 0.008),
        ("warn = \"80%\"\nstop = \"< 0.60\"\nbaseline = 0.80", Some(0.80), 0.64),
        ("warn = \"80%\"\nstop = \"> baseline * 2\"\nbaseline = 50", Some(50.0), 90.0),
        ("unit = \"percent\"\nwarn = \"80%\"\nstop = \"< baseline - 5pp\"\nbaseline = 98", Some(98.0), 94.0),
        ("warn = \"50%\"\nstop = \"> 10\"\nbaseline = { offset = \"1h\" }", Some(4.0), 7.0),
    ] {
        let metric = metric(lines);
        let (warn, stop) = (metric.warn.expect("a warning"), metric.stop.expect("a stop limit"));
        let at = warn.bound_at(baseline).expect("its bound is known");
        assert!((at - bound).abs() < 1e-9, "{lines}: {at}");
        assert_eq!((warn.op, warn.for_ms), (stop.op, 0), "{lines}");
        assert!(warn.written.ends_with(stop.written.split(" for ").next().unwrap()), "{}", warn.written);
    }
}

#[test]
fn a_share_of_no_way_is_refused() {
    for (lines, words) in [
        ("warn = \"80%\"", "there is no `stop`; write it as a limit of its own"),
        ("warn = \"80%\"\nstop = \"< 0.60\"", "of the way from 0 lies beyond `stop` (< 0.60); add a `baseline`"),
        ("warn = \"120%\"\nstop = \"> 3\"", "`120%` is no part of the way to `stop` (> 3)"),
        ("unit = \"ratio\"\nwarn = \"1%\"\nstop = \"> 2%\"", "`1%` is no part of the way to `stop` (> 2%)"),
        ("warn = \"80%\"\nstop = \"= 0\"", "`80%` is no part of the way to `stop` (= 0)"),
        ("stop = \"80%\"", "starts with no comparison"),
    ] {
        assert!(sole_flaw(lines).contains(words), "{lines}: {}", sole_flaw(lines));
    }
}

#[test]
fn a_band_says_what_a_value_means_and_the_first_that_holds_wins() {
    let playbook = Playbook::parse("small.toml", SMALL, None).expect("sound");
    let guide = &playbook.metrics["errors"].guide;
    for (value, says) in [(0.02, Some("roll back")), (0.01, Some("prepare")), (0.001, Some("prepare")), (0.0, None)] {
        assert_eq!(guide.says(value, None), says, "{value}");
    }
    for (lines, words) in [
        ("bands = [{ when = \"1m\", say = \"x\" }]", "starts with no comparison"),
        ("unit = \"s\"\nbands = [{ when = \"> 1m for 5s\", say = \"x\" }]", "waits for nothing; take out `for …`"),
        ("bands = [{ when = \"> baseline\", say = \"x\" }]", "the metric has none; add `baseline = …`"),
    ] {
        assert!(sole_flaw(lines).contains(words), "{lines}: {}", sole_flaw(lines));
    }
}

#[test]
fn what_is_listed_for_people_is_read_in_order() {
    let playbook = Playbook::parse("small.toml", SMALL, None).expect("sound");
    let lists = &playbook.lists;
    assert_eq!(lists.covers.iter().collect::<Vec<_>>(), ["A1", "A2", "A5"]);
    assert_eq!(
        (lists.links["rates"].title.as_str(), lists.contacts["on-call"].title.as_str()),
        ("Rates", "On-call engineer")
    );
    assert_eq!((lists.follow_ups[0].within_ms, lists.follow_ups[0].owner.as_str()), (86_400_000, "Tech Lead"));
    assert_eq!(lists.runbook.as_ref().map(|runbook| runbook.date.as_str()), Some("2026-11-21"));
    assert_eq!(playbook.symptoms["bad-arm"].links, playbook.metrics["errors"].guide.links);
    assert_eq!(
        (playbook.profile.title.as_str(), playbook.profile.source.as_str()),
        ("a quiet day", "seed 000, A12–A16")
    );
}

#[test]
fn a_recipe_may_cover_items_too() {
    let text = SMALL.replace("[levers.flag]\n", "[levers.flag]\ncovers = [\"A33\"]\n");
    let playbook = Playbook::parse("small.toml", &text, None).expect("sound");
    assert!(playbook.lists.covers.contains("A33"));
}
