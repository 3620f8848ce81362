//! What stays, what goes, and what is refused.

use super::*;

const FILE: &str = "# ours\nformat = 1\n\n[[answers]]\nto = \"keep\"\nby = \"ed\"\n\n# from the retro\n[[findings]]\n# the old one\nowner = 'ed' # on leave\nfinding = \"no runbook\"\nredrill = \"2026-12-01\"\n\n[[findings]]\nfinding = \"\"\"\n[[findings]]\nsecond\"\"\"\nowner = \"ops\"\nredrill = \"2026-12-05\"\n# the end\n";

fn first() -> Finding {
    Finding::new("no runbook", "ed", "2026-12-01").unwrap()
}

fn revised(was: Finding, now: Option<Finding>) -> Result<String, String> {
    Revision { was, now }.of(FILE)
}

#[test]
fn a_finding_is_changed_where_it_stands_and_every_comment_stays() {
    let now = Finding::new("a \"late\" runbook", "mira", "2027-01-09").unwrap();
    let new = revised(first(), Some(now)).unwrap();
    let wanted = FILE
        .replace("'ed' # on leave", "\"mira\" # on leave")
        .replace("\"no runbook\"", "'a \"late\" runbook'")
        .replace("2026-12-01", "2027-01-09");
    assert_eq!(new, wanted);
}

#[test]
fn a_finding_is_taken_out_and_every_comment_stays() {
    let new = revised(first(), None).unwrap();
    let gone =
        "[[findings]]\n# the old one\nowner = 'ed' # on leave\nfinding = \"no runbook\"\nredrill = \"2026-12-01\"\n";
    assert_eq!(new, FILE.replace(gone, "# the old one\n"));
    let second = Answers::parse(FILE).unwrap().findings[1].clone();
    let new = revised(second, None).unwrap();
    assert!(new.ends_with("redrill = \"2026-12-01\"\n# the end\n"), "{new}");
}

#[test]
fn of_two_that_say_the_same_one_goes() {
    let twice = "format = 1\n\n[[findings]]\nfinding = 'x'\nowner = 'y'\nredrill = '2026-12-01'\n".to_owned()
        + "\n[[findings]]\nfinding = 'x'\nowner = 'y'\nredrill = '2026-12-01'";
    let was = Finding::new("x", "y", "2026-12-01").unwrap();
    let once = Revision { was: was.clone(), now: None }.of(&twice).unwrap();
    assert_eq!(Answers::parse(&once).unwrap().findings.len(), 1);
    let none = Revision { was: was.clone(), now: None }.of(&once).unwrap();
    assert_eq!(none, "format = 1\n");
    assert!(Revision { was, now: None }.of(&none).unwrap_err().contains("does not hold `x` as it was shown"));
}

#[test]
fn what_is_written_in_another_way_is_left_to_hands() {
    let inline = "format = 1\nfindings = [{ finding = 'x', owner = 'y', redrill = '2026-12-01' }]\n";
    let was = Finding::new("x", "y", "2026-12-01").unwrap();
    let refused = Revision { was: was.clone(), now: None }.of(inline).unwrap_err();
    assert!(refused.contains("change it in the file"), "{refused}");
    let now = Finding::new("z", "y", "2026-12-01").unwrap();
    let changed = Revision { was, now: Some(now) }.of(inline).unwrap();
    assert!(changed.contains("finding = \"z\"") || changed.contains("finding = 'z'"), "{changed}");
}
