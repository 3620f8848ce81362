//! Claims about the grammar of limits and about units.

use super::*;
use proptest::prelude::*;

/// A limit as written, its unit, and what it means.
const GOOD: &[(&str, Unit, Op, Bound, u64)] = &[
    ("> 1%", Unit::Ratio, Op::Gt, Bound::Value(0.01), 0),
    ("> 1 %", Unit::Ratio, Op::Gt, Bound::Value(0.01), 0),
    ("> 0.01", Unit::Ratio, Op::Gt, Bound::Value(0.01), 0),
    ("> 1%", Unit::Percent, Op::Gt, Bound::Value(1.0), 0),
    ("< 0.60 for 30s", Unit::Number, Op::Lt, Bound::Value(0.60), 30_000),
    (">=3", Unit::Number, Op::Ge, Bound::Value(3.0), 0),
    ("≤ -2.5e3", Unit::Number, Op::Le, Bound::Value(-2500.0), 0),
    ("= 0", Unit::Number, Op::Eq, Bound::Value(0.0), 0),
    ("> 2s", Unit::Millis, Op::Gt, Bound::Value(2000.0), 0),
    ("> 250ms for 1m 30s", Unit::Seconds, Op::Gt, Bound::Value(0.25), 90_000),
    ("> 20/s", Unit::PerSecond, Op::Gt, Bound::Value(20.0), 0),
    ("> baseline", Unit::Number, Op::Gt, Bound::Times(1.0), 0),
    ("> baseline * 2", Unit::Millis, Op::Gt, Bound::Times(2.0), 0),
    ("> baseline * 150%", Unit::Millis, Op::Gt, Bound::Times(1.5), 0),
    ("> baseline / 4 for 5s", Unit::Number, Op::Gt, Bound::Times(0.25), 5000),
    ("<= baseline + 25%", Unit::Millis, Op::Le, Bound::Times(1.25), 0),
    ("<= baseline - 25%", Unit::Ratio, Op::Le, Bound::Times(0.75), 0),
    ("< baseline - 50pp", Unit::Ratio, Op::Lt, Bound::Plus(-0.5), 0),
    ("< baseline - 5pp", Unit::Percent, Op::Lt, Bound::Plus(-5.0), 0),
    ("> baseline + 0.5", Unit::Number, Op::Gt, Bound::Plus(0.5), 0),
    ("> baseline + 2s", Unit::Millis, Op::Gt, Bound::Plus(2000.0), 0),
];

/// A limit as written, its unit, and words of the refusal.
const BAD: &[(&str, Unit, &str)] = &[
    ("", Unit::Number, "starts with no comparison"),
    ("1%", Unit::Ratio, "starts with no comparison"),
    (">", Unit::Number, "has no bound"),
    ("> for 5s", Unit::Number, "has no bound"),
    ("> one", Unit::Number, "`one` is no number"),
    ("> inf", Unit::Number, "is no number"),
    ("> NaN", Unit::Number, "is no number"),
    ("> 1e999", Unit::Number, "is no number"),
    ("> 1%", Unit::Number, "`%` does not fit a metric whose unit is `number`"),
    ("> 1%", Unit::Millis, "set the metric's `unit` to `ratio`"),
    ("> 200ms", Unit::Ratio, "`ms` does not fit"),
    ("> 5pp", Unit::Ratio, "distance from the baseline"),
    ("< baseline - 5pp", Unit::Millis, "`pp` does not fit"),
    ("> baseline ^ 2", Unit::Number, "is no change of the baseline"),
    ("> baseline / 0", Unit::Number, "is no change of the baseline"),
    ("> baseline *", Unit::Number, "has no bound"),
    ("> 1 for ages", Unit::Number, "`ages` is no duration"),
    ("> 1 for 99years", Unit::Number, "longer than thirty days"),
    ("> 1 2", Unit::Number, "`2` does not fit"),
];

/// Values and how people read them.
const SHOWN: &[(Unit, f64, &str)] = &[
    (Unit::Ratio, 0.0041, "0.41%"),
    (Unit::Ratio, 1.0, "100%"),
    (Unit::Percent, 12.34, "12.3%"),
    (Unit::Millis, 1840.0, "1840ms"),
    (Unit::Seconds, 1.84, "1.84s"),
    (Unit::PerSecond, 3.2, "3.2/s"),
    (Unit::Number, 0.617, "0.617"),
    (Unit::Number, 0.0, "0"),
    (Unit::Number, -0.000_000_1, "-1.00e-7"),
    (Unit::Number, 0.999_96, "1"),
    (Unit::Number, f64::NAN, "NaN"),
    (Unit::Seconds, f64::INFINITY, "infs"),
    (Unit::Ratio, 1e308, "inf%"),
    (Unit::Number, 1e308, "1.00e308"),
];

#[test]
fn limits_mean_what_people_write() {
    for (text, unit, op, bound, for_ms) in GOOD {
        let limit = Limit::parse(text, *unit).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((limit.op, limit.for_ms), (*op, *for_ms), "{text}");
        assert_eq!(limit.written, *text);
        assert_eq!(std::mem::discriminant(&limit.bound), std::mem::discriminant(bound), "{text}");
        let off = limit.bound_at(Some(0.5)).zip(bound.of(0.5)).map(|(is, wanted)| (is - wanted).abs());
        assert!(off.is_some_and(|off| off < 1e-9), "{text}: {:?}", limit.bound);
    }
}

impl Bound {
    /// The bound as a number over this baseline.
    fn of(self, baseline: f64) -> Option<f64> {
        Limit { op: Op::Gt, bound: self, for_ms: 0, written: String::new() }.bound_at(Some(baseline))
    }
}

#[test]
fn limits_that_mean_nothing_say_why() {
    for (text, unit, words) in BAD {
        let error = Limit::parse(text, *unit).expect_err(text);
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn every_unit_is_known_by_its_name() {
    for name in Unit::names() {
        assert_eq!(Unit::parse(name).map(Unit::name), Ok(name));
    }
    assert!(Unit::parse("furlong").expect_err("no unit").contains("`ratio`"));
}

#[test]
fn values_read_like_people_say_them() {
    for (unit, value, shown) in SHOWN {
        assert_eq!(unit.show(*value), *shown, "{value}");
    }
}

proptest! {
    #[test]
    fn any_value_is_shown_in_a_few_letters(bits in any::<u64>()) {
        for name in Unit::names() {
            let unit = Unit::parse(name).expect("its own name");
            let shown = unit.show(f64::from_bits(bits));
            prop_assert!(shown.len() <= 12, "{shown}");
        }
    }

    #[test]
    fn no_text_makes_the_limit_reader_panic(text in "[<>=≥ ]{0,2}(baseline)?[ */+-]{0,2}[0-9.e]{0,4}[%a-z/]{0,3}( for )?.{0,6}") {
        for name in Unit::names() {
            let _ = Limit::parse(&text, Unit::parse(name).expect("its own name"));
        }
    }
}

#[test]
fn a_baseline_at_the_start_is_the_median_of_more_than_a_chance_value() {
    let with = |baseline: &str| SMALL.replace("baseline = 50", &format!("baseline = {baseline}"));
    let playbook = Playbook::parse("small.toml", &with("{ at_start = \"60s\" }"), None).expect("sound");
    assert!(matches!(playbook.metrics["p99"].baseline, Some(Baseline::AtStart(60_000))));
    let slips = [
        ("{ at_start = \"10s\" }", "in 10s this is read fewer than 3 times", "make `at_start` longer"),
        ("{ at_start = \"soon\" }", "is no duration", "durations read like"),
        ("{ at_start = \"60s\", offset = \"1h\" }", "neither from which file nor from when", "`{ at_start = "),
    ];
    for (baseline, what, hint) in slips {
        let found = flaws(&with(baseline));
        let told = matches!(&found[..], [flaw] if flaw.what.contains(what) && flaw.hint.contains(hint));
        assert!(told, "{baseline}: {found:?}");
    }
}

/// The baseline of `p99` of the small playbook, pinned in a file that lies in it.
const PINNED: &str = "[files.\"v1.json\"]\ntext = '{ \"p99\": 50, \"name\": \"v1\" }'\n";

#[test]
fn a_baseline_in_the_playbooks_own_files_is_known_at_once() {
    let parse = |at: &str| {
        let file = format!("baseline = {{ file = \"v1.json\", at = \"{at}\" }}");
        let text = format!("{}\n{PINNED}", SMALL.replacen("baseline = 50", &file, 1));
        Playbook::parse("small.toml", &text, None)
    };
    let pinned = parse("/p99").expect("sound");
    let baselines: Vec<_> = pinned.metrics.values().filter_map(|metric| metric.baseline.as_ref()).collect();
    assert!(
        matches!(baselines[..], [Baseline::Value(value)] if value.to_bits() == 50.0_f64.to_bits()),
        "{baselines:?}"
    );
    for at in ["/p95", "/name"] {
        let flaws = parse(at).expect_err("there is no such number");
        assert_eq!(flaws[0].what, format!("there is no number at `{at}` in `v1.json`"));
    }
    let broken = format!(
        "{}\n{}",
        SMALL.replacen("baseline = 50", "baseline = { file = \"v1.json\", at = \"/p99\" }", 1),
        PINNED.replace("50,", "50")
    );
    let flaws = Playbook::parse("small.toml", &broken, None).expect_err("it is no JSON");
    assert!(flaws[0].what.starts_with("`v1.json` is no JSON: "), "{flaws:?}");
}
