//! Claims about what a report shows of what was sent, and about links to what is not there.

use super::{Account, dossier, markdown};
use crate::report::{Dossier, FoundFile};

const FILE: &str = "evidence/pull-2.json";

fn withheld(dossier: &Dossier) -> Option<String> {
    let pulls = Account::of(dossier).pulls;
    pulls.into_iter().find(|pull| pull.attempt == 2).expect("the second pull").withheld
}

#[test]
fn a_card_shows_the_request_that_was_sent_and_nothing_in_it_acts() {
    let dossier = dossier();
    let made = markdown(&dossier);
    assert!(made.contains("```text\nto 127.0.0.1:17082\nset <map> `live` be_blue\n```"), "{made}");
    let page = Account::of(&dossier).html();
    assert!(page.contains("aria-label=\"Request of pull 2\">to 127.0.0.1:17082\nset &lt;map&gt; `live` be_blue</pre>"));
    assert_eq!(withheld(&dossier), None);
}

#[test]
fn a_request_whose_file_cannot_be_believed_is_not_shown_and_says_why() {
    let without = Dossier { files: Vec::new(), ..dossier() };
    assert_eq!(withheld(&without).as_deref(), Some("its file is missing, or cannot be read"));
    let left_out = dossier().files.into_iter().filter(|file| file.path == FILE).collect();
    let redacted = Dossier { left_out, ..without };
    assert_eq!(withheld(&redacted).as_deref(), Some("its file was left out by --redact"));
    let change = |file: FoundFile| FoundFile { sha256: "ff".repeat(32), ..file };
    let changed = Dossier { files: dossier().files.into_iter().map(change).collect(), ..dossier() };
    assert_eq!(withheld(&changed).as_deref(), Some("its file is not as it was written down"));
    let other = Dossier { pulls: [(FILE.to_owned(), "{\"request\": 7}".to_owned())].into(), ..dossier() };
    assert_eq!(withheld(&other).as_deref(), Some("its file has none that this goaround can show"));
    for dossier in [redacted, changed, other] {
        assert!(!markdown(&dossier).contains("set <map>"), "{:?}", withheld(&dossier));
        assert!(markdown(&dossier).contains("not shown: its file"));
    }
}

#[test]
fn steps_and_shares_lead_to_the_lines_they_were_taken_from() {
    let made = markdown(&dossier());
    let section = |from: &str, to: &str| made[made.find(from).unwrap()..made.find(to).unwrap()].to_owned();
    for row in section("## Response", "## Overrides").lines().filter(|line| line.starts_with("| ")).skip(2) {
        assert_eq!(row.matches("](journal.jsonl#L").count(), 2, "where it began and how it stands: {row}");
    }
    let shares = Account::of(&dossier()).shares;
    for share in shares.iter().filter(|share| share.unit != "ms") {
        let counted = (share.part_lines.len() as u64, share.whole_lines.len() as u64);
        assert_eq!(counted, (share.part, share.whole), "{}: each counts from a line of its own", share.id);
    }
    assert_eq!(shares.last().map(|share| share.whole_lines.len()), Some(2), "a time has a beginning and an end");
}
