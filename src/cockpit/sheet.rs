//! The debrief after a drill: people first. The numbers stay away until the three questions are answered or declined.

use super::theme::{Theme, Token};
use crate::report::{Answer, Answers, Debrief, Finding, Measure, Question};
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Wrap};

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
        Self { debrief, by, typed: String::new(), finding: None, notice: String::new(), scroll: 0 }
    }

    /// Shows the debrief as it is written down now.
    pub fn show(&mut self, debrief: Debrief) {
        self.debrief = debrief;
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
            KeyCode::Char('j') | KeyCode::Down => self.scroll = self.scroll.saturating_add(1),
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
        self.typed.clear();
        let mut said = Answers::default();
        said.answers.push(Answer { to, says, by: self.by.clone() });
        Said::Words(said)
    }

    /// The part of a finding that was typed; with the last one it is whole.
    fn found(&mut self) -> Option<Said> {
        let parts = self.finding.as_mut()?;
        if self.typed.trim().is_empty() {
            return None;
        }
        parts.push(std::mem::take(&mut self.typed));
        let [finding, owner, redrill] = parts.as_slice() else { return None };
        match Finding::new(finding, owner, redrill) {
            Ok(finding) => {
                self.finding = None;
                let mut said = Answers::default();
                said.findings.push(finding);
                Some(Said::Words(said))
            }
            Err(why) => {
                parts.pop();
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
        let foot = area.height.saturating_sub(2);
        let body = ratatui::layout::Rect { height: foot, ..area };
        let wrap = Wrap { trim: false };
        frame.render_widget(Paragraph::new(self.lines(theme)).wrap(wrap).scroll((self.scroll, 0)), body);
        let foot = ratatui::layout::Rect { y: area.y + foot, height: area.height - foot, ..area };
        let lines = vec![Line::styled(self.notice.as_str(), theme.of(Token::Warn)), self.keys(theme)];
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
        if let Some(parts) = &self.finding {
            let typed = parts.iter().chain([&self.typed]).zip(PARTS);
            let typed: Vec<String> = typed.map(|(typed, part)| format!("{part}: {typed}")).collect();
            lines.push(Line::raw(format!("  {}_", typed.join("  "))));
        }
        lines
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

/// A row: what misses its target says so in a word.
fn measured<'a>(measure: &'a Measure, theme: &Theme) -> Line<'a> {
    let Measure { what, target, you, missed, .. } = measure;
    let (word, token) = if *missed { ("  MISSED", Token::Warn) } else { ("", Token::Fg) };
    Line::styled(format!("  {what:30} {target:9} {you}{word}"), theme.of(token))
}
