//! Claims about when impact began, as people say.

use super::charts::OPENED_MS;
use super::flight::declared;
use super::*;
use crate::report::{Summary, Time, Timed};

/// Thirteen seconds before the first record.
const SAID: &str = "format = 1\n\n[impact]\nbegan = 2026-11-21T03:11:37.250Z\n";

/// The hand-written flight as if it had been real, with that said of it.
fn real(text: &str) -> Dossier {
    let mut dossier = Dossier { review: Review::parse(text).unwrap(), ..dossier() };
    if let Event::Opened { drill, .. } = &mut dossier.records[0].event {
        *drill = None;
    }
    dossier
}

fn time(account: &Account, id: &str) -> Time {
    account.times.iter().find(|time| time.id == id).expect(id).clone()
}

fn row(made: &str, start: &str) -> String {
    made.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no {start}: {made}")).to_owned()
}

#[test]
fn where_people_say_when_impact_began_every_time_from_it_counts_from_there_and_says_so() {
    let (before, after) = (real("format = 1\n"), real(SAID));
    let (unsaid, said) = (Account::of(&before), Account::of(&after));
    assert_eq!(time(&said, "detect").took_ms, Some(22_000), "from the thirteenth second before to the ninth behind");
    for (id, timed) in [("mitigate", Timed::Ttm), ("recover", Timed::Ttr), ("detect", Timed::Ttd)] {
        let time = time(&said, id);
        assert!(time.formula.ends_with(" − impact began, as answered in answers.toml"), "{}", time.formula);
        let from = time.from.expect("it was said");
        assert_eq!((from.line, from.utc.as_str(), from.t_ms), (None, "2026-11-21T03:11:37.250Z", -34_000), "{id}");
        let told = Summary::of(&after).unwrap().times.get(&timed).map(|took| took.ms);
        assert_eq!(told, time.took_ms, "a list tells the same {id}");
    }
    let longer = |id: &str| time(&said, id).took_ms.unwrap() - time(&unsaid, id).took_ms.unwrap();
    assert_eq!(longer("mitigate"), 22_000);
    for id in ["acknowledge", "declare", "first-lever", "sixty", "hold", "declare-to-recovered"] {
        assert_eq!(time(&said, id), time(&unsaid, id), "{id} has nothing to do with it");
    }
    let made = said.markdown();
    let mitigate = row(&made, "| Mitigate (TTM)");
    assert!(mitigate.contains("| **~") && mitigate.contains("| [answers.toml](answers.toml) |"), "{mitigate}");
    assert!(made.contains("Impact began at 2026-11-21 03:11:37.250 UTC as answered in [answers.toml]"), "{made}");
    assert!(made.contains("The first sample beyond a stop limit was taken at"), "the journal's word stays: {made}");
    assert!(made.contains("**When did impact begin? (TTD, TTM and TTR count from there)**"), "{made}");
    assert!(!made.contains("count from the first BREACH"), "{made}");
}

#[test]
fn what_is_said_is_of_the_published_shape_and_every_time_is_its_end_less_its_beginning() {
    let account = Account::of(&real(SAID));
    let shape = jsonschema::validator_for(&Account::schema()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&account.json()).unwrap();
    assert!(shape.is_valid(&json));
    for time in account.times.iter().filter(|time| time.took_ms.is_some()) {
        let (from, to) = (time.from.as_ref().unwrap(), time.to.as_ref().unwrap());
        assert_eq!(i64::try_from(time.took_ms.unwrap()).unwrap(), to.t_ms - from.t_ms, "{}", time.name);
    }
    assert!(!account.html().contains("#L0"), "every link of the page leads to a line");
}

#[test]
fn an_impact_that_people_felt_after_the_alarm_has_no_time_to_detect() {
    let account = Account::of(&real("format = 1\nimpact.began = 2026-11-21T03:12:02.250Z\n"));
    assert_eq!(time(&account, "detect").took_ms, None);
    assert!(row(&account.markdown(), "| Impact to detect (TTD)").contains("none: its end came first"));
    let bare = Account::of(&real("format = 1\n"));
    let earlier = time(&bare, "mitigate").took_ms.unwrap() - time(&account, "mitigate").took_ms.unwrap();
    assert_eq!(earlier, 3_000, "the alarm rang at the ninth second, they felt it at the twelfth");
}

#[test]
fn a_wall_clock_that_was_set_since_moves_no_time_from_the_impact() {
    let mut set = real(SAID);
    for record in set.records.iter_mut().skip_while(|record| record.event != declared()) {
        record.at.wall_ms += 3_600_000;
    }
    let (set, sound) = (Account::of(&set), Account::of(&real(SAID)));
    for id in ["detect", "mitigate"] {
        assert_eq!(time(&set, id).took_ms, time(&sound, id).took_ms, "{id}");
    }
}

#[test]
fn a_drill_harms_nobody_and_a_wrong_day_counts_for_nothing_and_both_are_told() {
    let drill = Dossier { review: Review::parse(SAID).unwrap(), ..dossier() };
    let account = Account::of(&drill);
    assert_eq!(account.times, Account::of(&dossier()).times);
    let told = ["answers.toml:4: a drill harms nobody: no time counts from what [impact] says"];
    assert_eq!(account.unasked(&drill.review), told);
    let late = real("format = 1\n[impact]\nbegan = \"2026-11-22T03:11:37Z\"\n");
    let account = Account::of(&late);
    assert_eq!(time(&account, "mitigate").took_ms, None);
    let told = ["answers.toml:3: the hold was met before it, look at its date: no time counts from what [impact] says"];
    assert_eq!(account.unasked(&late.review), told);
    assert_eq!(Account::of(&real(SAID)).unasked(&real(SAID).review), [""; 0]);
}

#[test]
fn what_is_asked_of_the_impact_needs_but_its_marks_taken_away_and_is_asked_once() {
    let account = Account::of(&real("format = 1\n"));
    let begun = account.begun();
    assert_eq!(begun.matches("When did impact begin?").count(), 1, "{begun}");
    assert!(account.begun_since(&begun).is_empty(), "it is asked already");
    let filled = begun.replace("# [impact]\n# began", "[impact]\nbegan");
    let felt = Review::parse(&filled).unwrap().impact.expect("it was said");
    assert_eq!(felt.began_ms, (OPENED_MS + 21_000) / 1000 * 1000, "by default when it was declared, in whole seconds");
    let since = account.begun_since("format = 1\n[answers]\nwell = \"y\"\n");
    assert!(since.contains("# [impact]\n# began = 2026-11-21T03:12:11Z\n"), "{since}");
    let words = account.begun_since("format = 1\n[answers]\nimpact-began = \"about three\"\n");
    assert!(!words.contains("[impact]"), "words are an answer too: {words}");
}
