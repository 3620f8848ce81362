//! The debrief by lines: the three questions first, the numbers once they are answered or declined, then findings.

use super::spoken::{plain, spoken};
use crate::cockpit::sheet::{Paper, Said, Sheet, Then};
use crate::cockpit::theme::Theme;
use crate::report::Debrief;
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What mends a finding, and its key on the sheet.
const MENDING: [(&str, char); 2] = [("change", 'e'), ("remove", 'x')];

/// A debrief, and what of it has been told.
#[derive(Debug)]
pub struct Interview {
    sheet: Sheet,
    theme: Theme,
    told: Vec<String>,
    out: Vec<String>,
}

impl Interview {
    /// The interview of a debrief; `by` is who answers.
    pub fn new(debrief: Debrief, by: Text, theme: Theme) -> Self {
        let mut interview = Self { sheet: Sheet::new(debrief, by), theme, told: Vec::new(), out: Vec::new() };
        interview.tell();
        interview
    }

    /// What was said since this was last asked for, a line each.
    pub fn said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.out)
    }

    /// Takes a line; an empty one says again what is asked.
    pub fn on_line(&mut self, line: &str) -> Option<Said> {
        let typed = line.trim();
        let said = match (typed, self.sheet.asked()) {
            ("", _) => None,
            ("leave" | "quit", _) => return Some(Said::Leave(Then::Shell)),
            // Only the whole word takes something out: what is typed in haste, or is nobody's answer, keeps it.
            (answer, None) if self.sheet.is_removing() => {
                let key = if answer == "yes" { KeyCode::Char('y') } else { KeyCode::Esc };
                self.sheet.on_key(key.into())
            }
            ("markdown" | "html", None) if self.sheet.is_locked() => None,
            ("markdown", None) => return Some(Said::Papers(Paper::Markdown)),
            ("html", None) => return Some(Said::Papers(Paper::Page)),
            (".", Some(_)) => self.sheet.on_key(self.drops()),
            ("finding", None) => self.sheet.on_key(KeyCode::Char('f').into()),
            (answer, Some(_)) => {
                if answer != "=" || self.sheet.offered().is_none() {
                    self.sheet.replace_typed(answer);
                }
                self.sheet.on_key(KeyCode::Enter.into())
            }
            (line, None) => self.mend(line),
        };
        // What was said is told once it is written down.
        if !matches!(said, Some(Said::Words(_) | Said::Revised(_))) {
            self.tell();
        }
        said
    }

    /// Says why what was said is not written down yet, once for each reason.
    pub fn in_trouble(&mut self, why: Option<Text>) {
        let told = self.sheet.told();
        self.sheet.in_trouble(why);
        if self.sheet.told() != told {
            self.tell();
        }
    }

    /// Begins to change the finding of a number, or asks whether it is to go.
    fn mend(&mut self, line: &str) -> Option<Said> {
        let (word, number) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let key = MENDING.iter().find(|(known, _)| *known == word).map(|(_, key)| KeyCode::Char(*key));
        let Some(key) = key else {
            self.out.push(plain(&format!("{line} is not known here")));
            return None;
        };
        if number.trim().parse().is_ok_and(|number| self.sheet.pick(number)) {
            return self.sheet.on_key(key.into());
        }
        self.out.push(plain(&format!("{word} takes the number of a finding, counted from 1 as they are listed")));
        None
    }

    /// Tells the debrief as it is written down now.
    pub fn show(&mut self, debrief: Debrief) {
        self.sheet.show(debrief);
        self.tell();
    }

    /// Tells the debrief in which the oldest of what was to be changed or taken out is so.
    pub fn revised(&mut self, debrief: Debrief) {
        self.sheet.revised(debrief);
        self.tell();
    }

    /// Says why the oldest of what was to be changed or taken out stays as it was.
    pub fn refused(&mut self, why: &str) {
        self.sheet.refused(why);
        self.tell();
    }

    /// Says why something could not be written down.
    pub fn complain(&mut self, why: &str) {
        self.out.push(plain(why));
    }

    /// The key that drops what is asked: a question is declined, a finding left out.
    fn drops(&self) -> KeyEvent {
        if self.sheet.is_locked() {
            KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL)
        } else {
            KeyCode::Esc.into()
        }
    }

    /// Tells what is new on the sheet, and what may be typed.
    fn tell(&mut self) {
        let now = spoken(&self.sheet.lines(&self.theme));
        let is_asked = |line: &&String| line.ends_with('_');
        let news = now.iter().filter(|line| !self.told.contains(line) && !is_asked(line));
        self.out.extend(news.cloned());
        let told = self.sheet.told();
        if !told.is_empty() {
            self.out.push(plain(&told));
        }
        self.told = now;
        if self.sheet.is_removing() {
            return self.out.push("Type yes to take it out; anything else keeps it.".to_owned());
        }
        self.out.push(match (self.sheet.asked(), self.sheet.is_locked()) {
            (Some(asked), true) => {
                format!("{asked} Type it as one line; a dot alone declines, leave leaves it for `goaround debrief`.")
            }
            (Some(asked), false) => match self.sheet.offered() {
                Some(now) => format!(
                    "{asked}, now: {}. Type it as one line; = keeps it; a dot alone drops the change.",
                    plain(&now)
                ),
                None => format!("{asked}: type it as one line; a dot alone drops the finding."),
            },
            (None, true) => "What was said is not saved yet; the numbers come when it is. Type leave to leave.".to_owned(),
            (None, false) => "Type finding to write one down, change or remove with the number of one to mend it, markdown or html to write the report too, leave to leave; debrief.md is written.".to_owned(),
        });
    }
}
