//! Claims about wall clocks that nobody should have believed.

use super::charts::{OPENED_MS, value};
use super::flight::{Flight, declared};
use super::*;
use crate::report::chart::charts;
use crate::report::facts::Facts;
use crate::report::{Chart, Mode, Row, Standing, Summary, Time, Timed, Took, Trends, What};

/// The hand-written flight, its machine started again right behind the hold's start, with a clock an hour behind.
fn restarted() -> Dossier {
    let mut dossier = dossier();
    let is_hold = |record: &Record| record.event == Event::HoldStarted;
    let from = dossier.records.iter().position(is_hold).expect("the flight holds") + 1;
    for record in &mut dossier.records[from..] {
        let Moment { wall_ms, boot_ns, boot_id } = &mut record.at;
        (*wall_ms, *boot_ns, *boot_id) = (*wall_ms - 3_600_000, *boot_ns - 90_000_000_000, "another".into());
    }
    dossier
}

fn time(account: &Account, id: &str) -> Time {
    account.times.iter().find(|time| time.id == id).expect(id).clone()
}

#[test]
fn a_wall_clock_that_went_back_across_a_restart_makes_no_time_nothing() {
    let (sound, set_back) = (dossier(), restarted());
    let (sound, account) = (Account::of(&sound), Account::of(&set_back));
    // For how long it was away nobody can know: the four seconds from the hold's start to the next record.
    for id in ["mitigate", "recover", "declare-to-recovered", "hold"] {
        let (truly, told) = (time(&sound, id), time(&account, id));
        assert_eq!((told.took_ms, told.approximate), (truly.took_ms.map(|ms| ms - 4_000), true), "{id}");
        assert_eq!(told.to.unwrap().t_ms, truly.to.unwrap().t_ms - 4_000, "{id}");
    }
    assert!(account.axis.to_ms > 150_000 && account.metrics.len() == sound.metrics.len());
    let made = markdown(&set_back);
    assert!(made.contains("~2 min 50 s (from the declaration)"), "{made}");
    assert!(made.contains("the wall clock was set back by 59 min 56 s or more across a restart"), "{made}");
}

#[test]
fn a_list_and_its_trends_say_which_times_rest_on_a_wall_clock() {
    let summary = |dossier: &Dossier| Summary::of(dossier).expect("it was opened");
    let set_back = summary(&restarted());
    assert_eq!(set_back.times[&Timed::Ttm], Took { ms: 173_000, approximate: true });
    let row = |summary: Summary| {
        let summary = Summary { mode: Mode::Live, state: Standing::Recovered, ..summary };
        Row::of("20261121-031200-docs-rag", What::Incident(Box::new(summary)))
    };
    let times = |rows: &[Row]| Trends::of(rows, std::iter::empty()).months[0].live.times.clone();
    let both = times(&[row(summary(&dossier())), row(set_back)]);
    assert_eq!((both[&Timed::Ttm].median_ms, both[&Timed::Ttm].p90_ms), (173_000, 177_000));
    assert!(both[&Timed::Ttm].approximate && both[&Timed::Ttd].approximate && !both[&Timed::Lever].approximate);
    let sound = times(&[row(summary(&dossier()))]);
    assert!(!sound[&Timed::Ttm].approximate && sound[&Timed::Ttd].approximate, "a sample's time is another machine's");
}

/// A minute that was read each second, while the wall clock was set by so much at half past that second.
fn stepped(base: &Dossier, at_s: u64, by_ms: i64) -> Dossier {
    let mut flight = Flight::open();
    flight.add(0, "ops", declared());
    for second in [20, 30, 45] {
        flight.add(second, "ops", Event::NoteAdded { text: "still here".into() });
    }
    flight.add(60, "ops", Event::Closed { recovered: true, override_reason: None });
    for record in &mut flight.records {
        let is_after = record.at.wall_ms > OPENED_MS + i64::try_from(at_s).unwrap() * 1000;
        record.at.wall_ms += if is_after { by_ms } else { 0 };
    }
    let read = |second: u64| {
        let set_ms = if second > at_s { by_ms } else { 0 };
        let at = i64::try_from(second).unwrap();
        #[expect(clippy::cast_precision_loss, reason = "a minute has few seconds")]
        value("coverage", at, second as f64)
            .replace(&(OPENED_MS + at * 1000).to_string(), &(OPENED_MS + at * 1000 + set_ms).to_string())
    };
    Dossier { records: flight.records, samples: (0..=60).map(read).collect(), ..base.clone() }
}

fn coverage(dossier: &Dossier) -> Chart {
    let charts = charts(&Facts::of(dossier));
    charts.into_iter().find(|chart| chart.id == "coverage").expect("the playbook has it")
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "a minute has few seconds")]
fn a_wall_clock_that_is_set_moves_no_reading_and_makes_no_gap() {
    let truth: Vec<(i64, Option<f64>)> = (0..=60).map(|second| (second * 1000, Some(second as f64))).collect();
    let base = dossier();
    for by_ms in [-3_600_000, -30_000, -3_000, 0, 3_000, 30_000, 3_600_000] {
        for at_s in (0..60).step_by(4) {
            let chart = coverage(&stepped(&base, at_s, by_ms));
            assert_eq!(chart.points, truth, "set by {by_ms} ms after {at_s} s");
            assert_eq!((chart.left_out, chart.gaps.as_slice()), (0, [].as_slice()), "set by {by_ms} ms after {at_s} s");
        }
    }
}

#[test]
fn where_the_wall_clock_was_set_is_said() {
    let told = |by_ms| {
        let made = markdown(&stepped(&dossier(), 33, by_ms));
        made.lines().find(|line| line.contains("the wall clock was set")).map(str::to_owned)
    };
    let between = "- Between [#4](journal.jsonl#L4) and [#5](journal.jsonl#L5) the wall clock was set";
    let why = "times are by the boot clock, which nobody sets";
    assert_eq!(told(30_000), Some(format!("{between} on by 30.0 s: {why}")));
    assert_eq!(told(-30_000), Some(format!("{between} back by 30.0 s: {why}")));
    assert_eq!(told(1_500), None, "clocks drift");
}

#[test]
fn a_blip_hours_earlier_is_not_the_start_of_the_incident() {
    let turned = |state, sampled_s: i64| {
        let sampled_ms = Some(OPENED_MS + sampled_s * 1000);
        let verdict = crate::metrics::Verdict { sampled_ms, ..flight::verdict(state, Some(0.52)) };
        Event::VerdictChanged { metric: id("coverage"), verdict }
    };
    let mut flight = Flight::open();
    flight.add(10, "sensor", turned(VerdictState::Breach, 5));
    flight.add(25, "sensor", turned(VerdictState::Ok, 25));
    flight.add(7_200, "sensor", turned(VerdictState::Breach, 7_195));
    flight.add(7_210, "ops", declared());
    flight.add(7_220, "sensor", turned(VerdictState::Ok, 7_220));
    flight.add(7_230, "sensor", turned(VerdictState::Breach, 7_226));
    flight.add(7_240, "sensor", turned(VerdictState::Ok, 7_240));
    flight.add(7_270, "goaround", Event::HoldMet { green_ms: 30_000 });
    let dossier = Dossier { records: flight.records, ..dossier() };
    let account = Account::of(&dossier);
    assert_eq!(time(&account, "detect").took_ms, Some(5_000));
    assert_eq!(time(&account, "declare").took_ms, Some(10_000));
    assert_eq!((time(&account, "mitigate").took_ms, time(&account, "recover").took_ms), (Some(70_000), Some(70_000)));
    assert_eq!(Summary::of(&dossier).unwrap().times[&Timed::Ttm].ms, 70_000);
    let made = markdown(&dossier);
    assert!(made.contains("[#4](journal.jsonl#L4); the rollback was declared 10.0 s later."), "{made}");
}

#[test]
fn what_was_written_on_another_day_says_which() {
    let mut flight = Flight::open();
    flight.add(1, "ops", declared());
    flight.add(10, "ops", Event::NoteAdded { text: "the same day".into() });
    flight.add(10, "ops", Event::Closed { recovered: true, override_reason: None });
    flight.add(3 * 86_400, "ops", Event::NoteAdded { text: "days later".into() });
    let made = markdown(&Dossier { records: flight.records, ..dossier() });
    let notes: Vec<&str> = made.lines().filter(|line| line.starts_with("- ") && line.contains("`ops`: ")).collect();
    assert!(notes.iter().any(|line| line.starts_with("- 03:12:00.250 `ops`: the same day")), "{notes:?}");
    assert!(notes.iter().any(|line| line.starts_with("- 2026-11-24 03:11:50.250 `ops`: days later")), "{notes:?}");
    let rows: Vec<&str> = made.lines().filter(|line| line.starts_with("| 2026-11-24 03:11:50.250 |")).collect();
    assert_eq!(rows.len(), 1, "the timeline too: {rows:?}");
}
