//! What a pull sent, as its kept file has it: the request line by line, as the dialog showed it before it was fired.

use super::closing::found_of;
use super::facts::Pull;
use super::kept::Found;
use super::{Dossier, FoundFile};
use crate::incident::Event;
use crate::kind::Exchange;
use serde::Deserialize;

/// How much of a request is shown: a page in a ticket is read on a phone, and the file has the rest.
const LINES_MAX: usize = 60;
const LETTERS_MAX: usize = 400;

/// What of a pull's file is read here.
#[derive(Deserialize)]
struct Kept {
    request: Exchange,
}

/// The request, or why it cannot be shown. Only a file that is what the journal says is believed.
pub(super) fn sent(dossier: &Dossier, pull: &Pull) -> Result<Vec<String>, &'static str> {
    let Some((record, _)) = pull.settled else { return Err("its end was never recorded, so that no file keeps it") };
    let Event::PullSettled { evidence: Some(file), .. } = &record.event else { return Err("no file keeps it") };
    let found: Option<&FoundFile> = dossier.files.iter().find(|found| found.path == file.path);
    match found_of(file, found, dossier) {
        Found::LeftOut => Err("its file was left out by --redact"),
        Found::Missing => Err("its file is missing, or cannot be read"),
        Found::Changed => Err("its file is not as it was written down"),
        Found::Unchanged => {
            let kept = dossier.pulls.get(&file.path).and_then(|text| serde_json::from_str::<Kept>(text).ok());
            kept.map(|kept| shown(&kept.request)).ok_or("its file has none that this goaround can show")
        }
    }
}

/// The lines, no more and no longer than a card takes.
fn shown(request: &Exchange) -> Vec<String> {
    let all = request.lines();
    let mut lines: Vec<String> = all.iter().take(LINES_MAX).map(|line| bounded(line.as_str())).collect();
    if let more @ 1.. = all.len() - lines.len() {
        lines.push(format!("… and {more} more lines, which are in its file"));
    }
    lines
}

fn bounded(line: &str) -> String {
    match line.char_indices().nth(LETTERS_MAX) {
        Some((end, _)) => format!("{}… and {} more letters", &line[..end], line[end..].chars().count()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::FileAsk;

    #[test]
    fn a_long_request_is_cut_and_says_by_how_much() {
        let content = vec!["é".repeat(LETTERS_MAX + 3); LINES_MAX].join("\n");
        let lines = shown(&Exchange::File(FileAsk::Write { path: "a".into(), content, keep: "b".into() }));
        assert_eq!(lines.len(), LINES_MAX + 1);
        assert_eq!(lines[2], format!("{}… and 3 more letters", "é".repeat(LETTERS_MAX)));
        assert_eq!(lines[LINES_MAX], "… and 2 more lines, which are in its file");
    }
}
