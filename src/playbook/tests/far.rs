//! Slips that are seen at another place than where they were made.

use super::bad::MARK;
use super::*;

/// What is replaced by what, where the flaw then begins, and what is said.
const FAR: &[(&str, &str, &str, &str)] = &[
    ("exit = \"< 0.5%\"\n", "", "watch = ¦true", "no metric has an `exit` limit"),
    ("clock = \"60s\"\n", "", "stops_on = ¦\"sixty-done\"", "no step is marked `clock = \"60s\"`"),
    ("green_for = \"10m\"\nmax = \"15m\"", "", "[¦hold]", "waits for a hold that has no `green_for`"),
    (
        "undo = { http = { backend = \"edge\", post = \"/green\" } }\n",
        "",
        "lever = ¦\"pointer\"",
        "could never be paid",
    ),
    (
        "[probes.flag]\nredis = { backend",
        "[probes.other]\nredis = { backend",
        "probe = ¦\"flag\", is",
        "no probe `flag`",
    ),
];

#[test]
fn a_slip_is_shown_where_it_hurts() {
    for (from, to, place, what) in FAR {
        let text = SMALL.replacen(from, to, 1);
        let (before, after) = place.split_once(MARK).expect("a mark");
        let at = text.find(&format!("{before}{after}")).expect("the place") + before.len();
        let found = flaws(&text);
        let there = found.iter().any(|flaw| flaw.span.start == at && flaw.what.contains(what));
        assert!(SMALL.contains(from) && there, "{what}\n{}", render("x", &text, &found));
    }
}
