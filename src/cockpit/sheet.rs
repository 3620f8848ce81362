//! The debrief after a drill: people first. The numbers stay away until the three questions are answered or declined.

mod said;

pub use said::{Paper, Said, Then};

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

/// The row of the sheet that the first measured one has.
const MEASURED_FROM: usize = 3 + Question::ALL.len();
/// What stands behind what was said until it is written down.
const UNSAVED: &str = "  (not saved yet)";
/// What a finding is asked for, in order.
const PARTS: [&str; 3] = ["finding", "owner", "re-drill (2026-12-01)"];

/// A debrief on screen, and what is being typed into it.
#[derive(Clone, Debug)]
pub struct Sheet {
    debrief: Debrief,
    by: Text,
    /// What was said and is not written down yet, as far as is known.
    unsaved: Answers,
    /// Why that takes longer than a moment.
    trouble: Option<Text>,
    typed: String,
    /// The parts of a finding typed so far; `None` when none is being written.
    finding: Option<Vec<String>>,
    notice: String,
    scroll: u16,
    /// Which of the moments that can be looked at again is chosen.
    chosen: usize,
    /// How many rows the last frame had for what can be read.
    rows: Cell<u16>,
    /// How far it can be scrolled at the size it was drawn at last.
    most: Cell<u16>,
}

impl Sheet {
    /// The sheet of a debrief; `by` is who answers.
    pub fn new(debrief: Debrief, by: Text) -> Self {
        Self {
            debrief,
            by,
            unsaved: Answers::default(),
            trouble: None,
            typed: String::new(),
            finding: None,
            notice: String::new(),
            scroll: 0,
            chosen: 0,
            rows: Cell::new(0),
            most: Cell::new(0),
        }
    }

    /// Shows the debrief as it is written down now. What is being typed stays.
    pub fn show(&mut self, debrief: Debrief) {
        (self.unsaved, self.trouble) = (self.unsaved.beyond(&debrief.answers), None);
        self.debrief = debrief;
    }

    /// Says why what was said is not written down yet.
    pub fn in_trouble(&mut self, why: Option<Text>) {
        self.trouble = why;
    }

    /// Says where something was written, or why it could not be.
    pub fn complain(&mut self, why: &str) {
        why.clone_into(&mut self.notice);
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> Option<Said> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        self.notice.clear();
        match (key.code, self.open()) {
            (KeyCode::Char('c'), _) if control => Some(Said::Leave(Then::Shell)),
            (KeyCode::Char('d'), Some(question)) if control => Some(self.answer(question, None)),
            (KeyCode::Enter, Some(question)) => self.answered(question),
            (_, Some(_)) => self.type_key(key),
            // The numbers come when all three are written down, and not before.
            (code, None) if self.is_locked() => (code == KeyCode::Char('q')).then_some(Said::Leave(Then::Shell)),
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
            KeyCode::Char('q') => return Some(Said::Leave(Then::Shell)),
            KeyCode::Char('m') => return Some(Said::Papers(Paper::Markdown)),
            KeyCode::Char('h') => return Some(Said::Papers(Paper::Page)),
            KeyCode::Char('N' | 'R') if self.unsaved != Answers::default() => {
                self.complain("what was said is not saved yet and would be gone: q leaves, and prints it");
            }
            KeyCode::Char('N') => return Some(Said::Leave(Then::Drill)),
            KeyCode::Char('R') => return self.look_again(),
            KeyCode::Tab => self.choose(1),
            KeyCode::BackTab => self.choose(self.moments().len().saturating_sub(1)),
            KeyCode::Char('f') => self.finding = Some(Vec::new()),
            KeyCode::Char('j') | KeyCode::Down => self.scroll = self.scroll.saturating_add(1).min(self.most.get()),
            KeyCode::Char('k') | KeyCode::Up => self.scroll = self.scroll.saturating_sub(1),
            _ => {}
        }
        None
    }

    /// The measured rows that can be looked at again, each with its record.
    fn moments(&self) -> Vec<(usize, u64)> {
        let measured = self.debrief.measured.iter().enumerate();
        measured.filter_map(|(place, measure)| Some((place, measure.moment?))).collect()
    }

    /// Chooses the moment `by` places on, round the end, and brings it into sight.
    fn choose(&mut self, by: usize) {
        let moments = self.moments();
        let Some(chosen) = (self.chosen + by).checked_rem(moments.len()) else { return };
        self.chosen = chosen;
        let row = u16::try_from(MEASURED_FROM + moments[chosen].0).unwrap_or(u16::MAX);
        let least = row.saturating_sub(self.rows.get().saturating_sub(1));
        self.scroll = self.scroll.clamp(least.min(row), row);
    }

    fn look_again(&mut self) -> Option<Said> {
        let moment = self.moments().get(self.chosen).map(|(_, record)| Said::Leave(Then::Replay(*record)));
        if moment.is_none() {
            self.complain("nothing was measured that could be looked at again");
        }
        moment
    }

    fn type_key(&mut self, key: KeyEvent) -> Option<Said> {
        match key.code {
            KeyCode::Char(c) if key.modifiers.difference(KeyModifiers::SHIFT).is_empty() => self.insert(&c.to_string()),
            KeyCode::Backspace if self.typed.is_empty() => self.take_back(),
            KeyCode::Backspace => drop(self.typed.pop()),
            _ => {}
        }
        None
    }

    /// Back to the part of a finding before this one, as it was typed.
    fn take_back(&mut self) {
        if let Some(before) = self.finding.as_mut().and_then(Vec::pop) {
            self.typed = before;
        }
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
        self.say(said)
    }

    /// Has this written down; it stays in sight meanwhile, as what it is.
    fn say(&mut self, said: Answers) -> Said {
        self.unsaved.add(&said);
        (self.finding, self.typed) = (None, String::new());
        Said::Words(said)
    }

    /// The question that is asked now: none to which anything was said.
    fn open(&self) -> Option<Question> {
        self.debrief.answers.open().find(|question| self.unsaved.to(*question).next().is_none())
    }

    /// The part of a finding that was typed; with the last one it is whole.
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
                Some(self.say(said))
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
        let question = self.open().map(Question::words);
        question.or_else(|| PARTS.get(self.finding.as_ref()?.len()).copied())
    }

    /// Whether it is one of the three questions that is asked now.
    pub(super) fn is_locked(&self) -> bool {
        !self.debrief.answers.unlock()
    }

    /// What it complains of, and otherwise why something is not written down.
    pub(super) fn told(&self) -> String {
        let unsaved = self.trouble.as_ref().filter(|_| self.notice.is_empty());
        unsaved.map_or_else(|| self.notice.clone(), |why| format!("NOT SAVED YET: {why}; leaving prints what is not"))
    }

    /// Draws it over the whole screen.
    pub(super) fn draw(&self, frame: &mut Frame, theme: &Theme) {
        let area = frame.area();
        frame.render_widget(Block::new().style(theme.base()), area);
        let typing = self.typed_finding(usize::from(area.width));
        let notice = words::wrap(&self.told(), usize::from(area.width));
        let below = notice.len() + 1 + usize::from(typing.is_some());
        let foot = area.height.saturating_sub(u16::try_from(below).unwrap_or(u16::MAX));
        self.rows.set(foot);
        let body = ratatui::layout::Rect { height: foot, ..area };
        let rows: Vec<Line> =
            self.lines(theme).iter().flat_map(|line| wrapped(line, usize::from(body.width))).collect();
        // What can be scrolled to is counted in the rows that are drawn: one answer may take many of them.
        self.most.set(u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_sub(body.height));
        frame.render_widget(Paragraph::new(rows).scroll((self.scroll.min(self.most.get()), 0)), body);
        let foot = ratatui::layout::Rect { y: area.y + foot, height: area.height - foot, ..area };
        let mut lines: Vec<Line> = typing.into_iter().map(Line::raw).collect();
        lines.extend(notice.into_iter().map(|line| Line::styled(line, theme.of(Token::Warn))));
        lines.push(self.keys(theme, usize::from(area.width)));
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
        lines.push(head("2 MEASURED                       target    you                  replay"));
        let moments = self.moments();
        let mark = |place: usize| moments.iter().position(|(row, _)| *row == place);
        let rows = self.debrief.measured.iter().enumerate();
        lines.extend(rows.map(|(place, measure)| measured(measure, (mark(place), self.chosen), theme)));
        lines.push(head("3 INJECTED"));
        lines.extend(self.debrief.injected.iter().map(|line| Line::raw(format!("  {line}"))));
        let pitfalls = self.debrief.pitfalls.iter();
        lines.extend(pitfalls.map(|line| Line::styled(format!("  fell into: {line}"), theme.of(Token::Breach))));
        lines.push(head(self.asks_of_finding()));
        let found = |found: &Finding, mark| format!("  {}, {}, {}{mark}", found.finding, found.owner, found.redrill);
        lines.extend(self.debrief.answers.findings.iter().map(|saved| Line::raw(found(saved, ""))));
        lines.extend(self.unsaved.findings.iter().map(|new| Line::raw(found(new, UNSAVED))));
        lines
    }

    /// The head of the findings: how one is added, or which part of it is asked for now.
    fn asks_of_finding(&self) -> &'static str {
        match self.finding.as_ref().map(Vec::len) {
            None => "4 FINDINGS   finding, owner, re-drill date: f asks for one after the other",
            Some(0) => "4 FINDINGS   1 of 3: what was found, in one line",
            Some(1) => "4 FINDINGS   2 of 3: who owns it",
            Some(_) => "4 FINDINGS   3 of 3: when it is drilled again",
        }
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
        let says = |answer: &Answer, mark| match &answer.says {
            Some(says) => format!("{says}{mark}"),
            None => format!("declined by {}{mark}", answer.by),
        };
        let saved = self.debrief.answers.to(question).map(|answer| says(answer, ""));
        let said: Vec<String> = saved.chain(self.unsaved.to(question).map(|answer| says(answer, UNSAVED))).collect();
        let asked = self.open() == Some(question);
        let said = if asked { format!("{}_", self.typed) } else { said.join("; ") };
        format!("{} {:15}{said}", if asked { ">" } else { " " }, question.words())
    }

    /// The keys; where they have no room, those that are missed least are left out.
    fn keys(&self, theme: &Theme, width: usize) -> Line<'static> {
        let words = match (self.debrief.answers.unlock(), &self.finding) {
            (false, _) => "Enter accepts   Ctrl-D declines   Ctrl-C leaves it for `goaround debrief`",
            (true, None) => return read_keys(theme, width),
            (true, Some(_)) => "Enter next   Backspace on an empty line goes back   Esc drops the finding",
        };
        Line::from(Span::styled(words, theme.of(Token::Muted)))
    }
}

/// The keys while the numbers are read, the most wanted first.
const READ_KEYS: [(&str, &str); 8] = [
    ("q", "leaves"),
    ("Tab", "moment"),
    ("R", "replay"),
    ("m", "markdown"),
    ("h", "html"),
    ("N", "next drill"),
    ("f", "finding"),
    ("j k", "move"),
];

fn read_keys(theme: &Theme, width: usize) -> Line<'static> {
    let mut text = String::new();
    for (key, word) in READ_KEYS {
        let told = format!("{}{key} {word}", if text.is_empty() { "" } else { "  " });
        if words::columns(&text) + words::columns(&told) <= width {
            text.push_str(&told);
        }
    }
    Line::from(Span::styled(text, theme.of(Token::Muted)))
}

/// A line in as many rows as it needs, its beginning kept apart from the margin in each.
fn wrapped(line: &Line, width: usize) -> Vec<Line<'static>> {
    let text = line.to_string();
    let words = text.trim_start();
    let margin = text.len() - words.len();
    let rows = words::wrap(words, width.saturating_sub(margin));
    rows.iter().map(|row| Line::styled(format!("{:margin$}{row}", ""), line.style)).collect()
}

/// A row: what misses its target says so in a word, and what can be looked at again has a bookmark; the chosen one is marked.
fn measured<'a>(measure: &'a Measure, (mark, chosen): (Option<usize>, usize), theme: &Theme) -> Line<'a> {
    let Measure { what, target, you, missed, .. } = measure;
    let (word, token) = if *missed { ("  MISSED", Token::Warn) } else { ("", Token::Fg) };
    let told = format!("{you}{word}");
    let (at, replay) = match mark {
        Some(place) if place == chosen => (">", format!("b{}", place + 1)),
        Some(place) => (" ", format!("b{}", place + 1)),
        None => (" ", "-".to_owned()),
    };
    Line::styled(format!("{at} {what:30} {target:9} {told:20} {replay}"), theme.of(token))
}

#[cfg(test)]
mod tests;
