//! The debrief after a drill: people first. The numbers stay away until the three questions are answered or declined.

use super::theme::{Theme, Token};
use super::words;
use crate::report::{Answer, Answers, Debrief, Finding, Measure, Question};
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};
use std::cell::Cell;

/// The longest answer, in characters.
const TYPED_MAX: usize = 400;

/// What a finding is asked for, in order.
const PARTS: [&str; 3] = ["finding", "owner", "re-drill (2026-12-01)"];

/// A debrief on screen, and what is being typed into it.
#[derive(Clone, Debug)]
pub struct Sheet {
    debrief: Debrief,
    by: Text,
    typed: String,
    /// The parts of a finding typed so far; `None` when none is being written.
    finding: Option<Vec<String>>,
    notice: String,
    scroll: u16,
    /// How far it can be scrolled at the size it was drawn at last.
    most: Cell<u16>,
}

/// What a key came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// This is to be written down.
    Words(Answers),
    /// Back to the shell.
    Leave,
}

impl Sheet {
    /// The sheet of a debrief; `by` is who answers.
    pub fn new(debrief: Debrief, by: Text) -> Self {
        Self { debrief, by, typed: String::new(), finding: None, notice: String::new(), scroll: 0, most: Cell::new(0) }
    }

    /// Shows the debrief as it is written down now.
    pub fn show(&mut self, debrief: Debrief) {
        (self.debrief, self.finding) = (debrief, None);
        self.typed.clear();
    }

    /// Says why something could not be written down.
    pub fn complain(&mut self, why: &str) {
        why.clone_into(&mut self.notice);
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> Option<Said> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        self.notice.clear();
        let asked = self.debrief.answers.open().next();
        match (key.code, asked) {
            (KeyCode::Char('c'), _) if control => Some(Said::Leave),
            (KeyCode::Char('d'), Some(question)) if control => Some(self.answer(question, None)),
            (KeyCode::Enter, Some(question)) => self.answered(question),
            (_, Some(_)) => self.type_key(key),
            (KeyCode::Enter, None) if self.finding.is_some() => self.found(),
            (KeyCode::Esc, None) if self.finding.is_some() => {
                (self.finding, self.typed) = (None, String::new());
                None
            }
            (_, None) if self.finding.is_some() => self.type_key(key),
            (code, None) => self.read_key(code),
        }
    }

    /// Keys while the numbers are read.
    fn read_key(&mut self, code: KeyCode) -> Option<Said> {
        match code {
            KeyCode::Char('q') => return Some(Said::Leave),
            KeyCode::Char('f') => self.finding = Some(Vec::new()),
            KeyCode::Char('j') | KeyCode::Down => self.scroll = self.scroll.saturating_add(1).min(self.most.get()),
            KeyCode::Char('k') | KeyCode::Up => self.scroll = self.scroll.saturating_sub(1),
            _ => {}
        }
        None
    }

    fn type_key(&mut self, key: KeyEvent) -> Option<Said> {
        match key.code {
            KeyCode::Char(c) if key.modifiers.difference(KeyModifiers::SHIFT).is_empty() => self.insert(&c.to_string()),
            KeyCode::Backspace => drop(self.typed.pop()),
            _ => {}
        }
        None
    }

    /// Puts text in at the end: one line, inert, bounded.
    pub fn insert(&mut self, text: &str) {
        let one_line: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let room = TYPED_MAX.saturating_sub(self.typed.chars().count());
        self.typed.extend(Text::new(&one_line).as_str().chars().take(room));
    }

    fn answered(&mut self, question: Question) -> Option<Said> {
        let says = Text::new(self.typed.trim());
        if says.is_empty() {
            self.complain("type an answer, or decline with Ctrl-D: that is written down");
            return None;
        }
        Some(self.answer(question, Some(says)))
    }

    fn answer(&mut self, to: Question, says: Option<Text>) -> Said {
        let mut said = Answers::default();
        said.answers.push(Answer { to, says, by: self.by.clone() });
        Said::Words(said)
    }

    /// The part of a finding that was typed; with the last one it is whole. It stays here until it is written down.
    fn found(&mut self) -> Option<Said> {
        let parts = self.finding.as_mut()?;
        if self.typed.trim().is_empty() {
            return None;
        }
        let [finding, owner] = parts.as_slice() else {
            parts.push(std::mem::take(&mut self.typed));
            return None;
        };
        match Finding::new(finding, owner, &self.typed) {
            Ok(finding) => {
                let mut said = Answers::default();
                said.findings.push(finding);
                Some(Said::Words(said))
            }
            Err(why) => {
                self.typed.clear();
                self.complain(&why);
                None
            }
        }
    }

    /// What is asked for now, in words; `None` where nothing is.
    pub(super) fn asked(&self) -> Option<&'static str> {
        let question = self.debrief.answers.open().next().map(Question::words);
        question.or_else(|| PARTS.get(self.finding.as_ref()?.len()).copied())
    }

    /// Whether it is one of the three questions that is asked now.
    pub(super) fn is_locked(&self) -> bool {
        !self.debrief.answers.unlock()
    }

    /// What it complains of.
    pub(super) fn notice(&self) -> &str {
        &self.notice
    }

    /// Draws it over the whole screen.
    pub(super) fn draw(&self, frame: &mut Frame, theme: &Theme) {
        let area = frame.area();
        frame.render_widget(Block::new().style(theme.base()), area);
        let typing = self.typed_finding(usize::from(area.width));
        let foot = area.height.saturating_sub(2 + u16::from(typing.is_some()));
        let body = ratatui::layout::Rect { height: foot, ..area };
        let rows: Vec<Line> =
            self.lines(theme).iter().flat_map(|line| wrapped(line, usize::from(body.width))).collect();
        // What can be scrolled to is counted in the rows that are drawn: one answer may take many of them.
        self.most.set(u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_sub(body.height));
        frame.render_widget(Paragraph::new(rows).scroll((self.scroll.min(self.most.get()), 0)), body);
        let foot = ratatui::layout::Rect { y: area.y + foot, height: area.height - foot, ..area };
        let mut lines: Vec<Line> = typing.into_iter().map(Line::raw).collect();
        lines.extend([Line::styled(self.notice.as_str(), theme.of(Token::Warn)), self.keys(theme)]);
        frame.render_widget(Paragraph::new(lines), foot);
    }

    pub(super) fn lines(&self, theme: &Theme) -> Vec<Line<'_>> {
        let head = |words: &'static str| Line::styled(words, theme.of(Token::Focus));
        let mut lines =
            vec![Line::styled(format!("DRILL DEBRIEF  {}  not graded", self.debrief.title), theme.of(Token::Drill))];
        lines.push(head("1 YOU FIRST  answers unlock the numbers"));
        lines.extend(Question::ALL.into_iter().map(|question| Line::raw(self.question(question))));
        if !self.debrief.answers.unlock() {
            lines.push(head("2 MEASURED   locked until all three are answered or declined"));
            return lines;
        }
        lines.push(head("2 MEASURED                       target    you"));
        lines.extend(self.debrief.measured.iter().map(|measure| measured(measure, theme)));
        lines.push(head("3 INJECTED"));
        lines.extend(self.debrief.injected.iter().map(|line| Line::raw(format!("  {line}"))));
        let pitfalls = self.debrief.pitfalls.iter();
        lines.extend(pitfalls.map(|line| Line::styled(format!("  fell into: {line}"), theme.of(Token::Breach))));
        lines.push(head("4 FINDINGS   finding, owner, re-drill date"));
        lines.extend(
            self.debrief
                .answers
                .findings
                .iter()
                .map(|found| Line::raw(format!("  {}, {}, {}", found.finding, found.owner, found.redrill))),
        );
        lines
    }

    /// The part of a finding that is being typed, its end in sight however far the numbers are scrolled.
    fn typed_finding(&self, width: usize) -> Option<String> {
        let part = PARTS.get(self.finding.as_ref()?.len())?;
        let room = width.saturating_sub(part.chars().count() + 5);
        let typed: Vec<char> = self.typed.chars().collect();
        let end: String = typed[typed.len().saturating_sub(room)..].iter().collect();
        Some(format!("> {part}: {end}_"))
    }

    /// A question with what was said to it, or what is being typed.
    fn question(&self, question: Question) -> String {
        let said: Vec<String> = self
            .debrief
            .answers
            .to(question)
            .map(|answer| match &answer.says {
                Some(says) => says.to_string(),
                None => format!("declined by {}", answer.by),
            })
            .collect();
        let asked = self.debrief.answers.open().next() == Some(question);
        let said = if asked { format!("{}_", self.typed) } else { said.join("; ") };
        format!("{} {:15}{said}", if asked { ">" } else { " " }, question.words())
    }

    fn keys(&self, theme: &Theme) -> Line<'static> {
        let words = match (self.debrief.answers.unlock(), &self.finding) {
            (false, _) => "Enter accepts   Ctrl-D declines   Ctrl-C leaves it for `goaround debrief`",
            (true, None) => "f finding   j k move   q leaves; debrief.md is written",
            (true, Some(_)) => "Enter next   Esc drops the finding",
        };
        Line::from(Span::styled(words, theme.of(Token::Muted)))
    }
}

/// A line in as many rows as it needs, its beginning kept apart from the margin in each.
fn wrapped(line: &Line, width: usize) -> Vec<Line<'static>> {
    let text = line.to_string();
    let words = text.trim_start();
    let margin = text.len() - words.len();
    let rows = words::wrap(words, width.saturating_sub(margin));
    rows.iter().map(|row| Line::styled(format!("{:margin$}{row}", ""), line.style)).collect()
}

/// A row: what misses its target says so in a word.
fn measured<'a>(measure: &'a Measure, theme: &Theme) -> Line<'a> {
    let Measure { what, target, you, missed, .. } = measure;
    let (word, token) = if *missed { ("  MISSED", Token::Warn) } else { ("", Token::Fg) };
    Line::styled(format!("  {what:30} {target:9} {you}{word}"), theme.of(token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn sheet() -> Sheet {
        let mut answers = Answers::default();
        for to in Question::ALL {
            answers.answers.push(Answer { to, says: None, by: "ops".into() });
        }
        let injected = (0..40).map(|n| format!("cause {n}")).collect();
        Sheet::new(Debrief { answers, injected, ..Debrief::default() }, "ops".into())
    }

    fn press(sheet: &mut Sheet, keys: &str) {
        for key in keys.chars() {
            drop(sheet.on_key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)));
        }
    }

    fn enter(sheet: &mut Sheet) -> Option<Said> {
        sheet.on_key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE))
    }

    fn shown(sheet: &Sheet) -> String {
        drawn(sheet, (80, 24))
    }

    fn drawn(sheet: &Sheet, (width, height): (u16, u16)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let theme = Theme::embedded("ansi16").unwrap();
        terminal.draw(|frame| sheet.draw(frame, &theme)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn what_is_typed_is_in_sight_however_long_the_sheet_is() {
        let mut sheet = sheet();
        press(&mut sheet, "frunbook missing");
        assert!(shown(&sheet).contains("> finding: runbook missing_"), "{}", shown(&sheet));
        press(&mut sheet, &"x".repeat(200));
        assert!(shown(&sheet).contains("xxx_"), "{}", shown(&sheet));
    }

    #[test]
    fn what_could_not_be_written_down_is_still_there() {
        let mut sheet = sheet();
        press(&mut sheet, "fone");
        assert_eq!(enter(&mut sheet), None);
        press(&mut sheet, "ops");
        assert_eq!(enter(&mut sheet), None);
        press(&mut sheet, "2026-12-01");
        assert!(matches!(enter(&mut sheet), Some(Said::Words(_))));
        sheet.complain("the disk is full");
        assert!(shown(&sheet).contains("2026-12-01_") && shown(&sheet).contains("the disk is full"));
        assert!(matches!(enter(&mut sheet), Some(Said::Words(_))), "and again");
        sheet.show(Debrief { answers: sheet.debrief.answers.clone(), ..Debrief::default() });
        assert!(!shown(&sheet).contains("2026-12-01_"));
    }

    #[test]
    fn it_is_scrolled_no_further_than_it_is_long() {
        let mut sheet = sheet();
        shown(&sheet);
        press(&mut sheet, &"j".repeat(500));
        press(&mut sheet, &"k".repeat(60));
        assert_eq!(sheet.scroll, 0);
    }

    #[test]
    fn its_end_can_be_reached_however_narrow_it_is_and_however_much_was_answered() {
        let mut sheet = sheet();
        sheet.debrief.answers.answers.clear();
        for to in Question::ALL {
            let says = Some("the index behind green was swapped ".repeat(11).trim_end().into());
            sheet.debrief.answers.answers.push(Answer { to, says, by: "ops".into() });
        }
        sheet.debrief.injected = (0..9).map(|n| format!("{n} the index was swapped under everybody's feet")).collect();
        let found = Finding::new("the cache runbook names the key of last year", "the cache team", "2026-12-01");
        sheet.debrief.answers.findings.push(found.unwrap());
        for size in [(40, 10), (40, 24), (80, 24), (200, 60)] {
            sheet.scroll = 0;
            assert!(drawn(&sheet, size).contains("DRILL DEBRIEF"), "{size:?}");
            press(&mut sheet, &"j".repeat(300));
            assert!(drawn(&sheet, size).contains("2026-12-01"), "{size:?}:\n{}", drawn(&sheet, size));
        }
    }
}
