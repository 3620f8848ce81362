//! Claims about a person's word on the page: it is never dressed as what a probe saw.

use super::flight::{Flight, declared, id};
use super::{Account, Dossier, dossier};
use crate::incident::{Event, ReadBack, Way};
use crate::kind::Outcome;

fn fired(attempt: u32, by_hand: bool) -> Event {
    Event::PullStarted {
        attempt,
        lever: id("alias"),
        way: Way::Do,
        step: None,
        want: "docs_vA".into(),
        was: None,
        bindings: [].into(),
        request_sha256: "1".repeat(64),
        deadline_ms: 10_000,
        override_reason: None,
        by_hand,
    }
}

fn settled(attempt: u32, outcome: Outcome) -> Event {
    Event::PullSettled { attempt, outcome, detail: "so it was".into(), took_ms: 3, evidence: None }
}

/// A flight with one pull that settled like this, and what a person said of it since.
fn account(by_hand: bool, outcome: Outcome, said: Option<ReadBack>) -> Account {
    let mut flight = Flight::open();
    flight.add(1, "ops", declared());
    flight.add(5, "ops", fired(1, by_hand));
    flight.add(6, "goaround", settled(1, outcome));
    if let Some(result) = said {
        flight.add(9, "mira", Event::Attested { attempt: 1, result, saw: "the alias, by eye".into() });
    }
    Account::of(&Dossier { records: flight.records, ..dossier() })
}

/// A card's row.
fn row(page: &str, name: &str) -> String {
    let card = &page[page.find("<article class=\"card\">").expect("a card")..];
    let row = &card[card.find(&format!("<dt>{name}</dt>")).expect("the row")..];
    row[..row.find("</dd>").expect("it ends")].to_owned()
}

/// The lane of the pulls.
fn lane(page: &str) -> &str {
    let lane = &page[page.find("<figcaption>Pulls</figcaption>").expect("the lane")..];
    &lane[..lane.find("</figure>").expect("it ends")]
}

#[test]
fn what_a_person_attests_is_not_shown_as_what_a_probe_saw() {
    for (result, words) in [(ReadBack::Agrees, "as wanted"), (ReadBack::Disagrees, "not as wanted")] {
        let account = account(false, Outcome::Applied, Some(result));
        let (page, read) = (account.html(), account.pulls[0].read_back.clone().expect("it was attested"));
        assert_eq!((read.word, read.as_wanted), ("ATTESTED", Some(result == ReadBack::Agrees)));
        let row = row(&page, "Read-back");
        assert!(row.contains(&format!("<strong class=\"badge said\">ATTESTED</strong>\n{words}, mira says:")), "{row}");
        let lane = lane(&page);
        assert!(lane.contains("<rect class=\"bar said\"") && !lane.contains("bar good"), "{lane}");
        assert!(lane.contains(&format!("ATTESTED {words}, 4.0 s")), "{lane}");
        for probes in ["AGREES", "DISAGREES"] {
            assert!(!row.contains(probes) && !lane.contains(probes), "{row} {lane}");
        }
    }
}

#[test]
fn a_pull_done_by_hand_that_nobody_looked_at_is_neither_applied_nor_good() {
    let page = account(true, Outcome::Applied, None).html();
    assert!(row(&page, "Outcome").contains("badge said\">DONE BY HAND"), "{page}");
    let lane = lane(&page);
    assert!(lane.contains("done by hand, ") && lane.contains("bar said") && !lane.contains("APPLIED"), "{lane}");
}

#[test]
fn nobody_is_blamed_for_not_looking_where_nothing_was_changed() {
    for (outcome, words) in [
        (Outcome::Rejected, "nothing was changed"),
        (Outcome::NotSent, "nothing was changed"),
        (Outcome::Applied, "nobody looked"),
        (Outcome::Unknown, "nobody looked"),
    ] {
        let row = row(&account(false, outcome, None).html(), "Read-back");
        assert!(row.contains(&format!("NONE</strong> {words}")), "{outcome:?}: {row}");
    }
}
