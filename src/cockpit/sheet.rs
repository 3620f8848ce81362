//! The debrief after a drill: people first. The numbers stay away until the three questions are answered or declined.

mod finding;
mod keys;
mod said;

pub use said::{Paper, Said, Then};

use super::theme::{Theme, Token};
use super::words;
use crate::report::{Answer, Answers, Debrief, Measure, Question, Revision};
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use finding::Writing;
use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph};
use std::cell::{Cell, RefCell};

/// The longest answer, in characters.
const TYPED_MAX: usize = 400;

/// The row of the sheet that the first measured one has.
const MEASURED_FROM: usize = 3 + Question::ALL.len();
/// What stands behind what was said until it is written down.
const UNSAVED: &str = "  (not saved yet)";

/// A debrief on screen, and what is being typed into it.
#[derive(Clone, Debug)]
pub struct Sheet {
    debrief: Debrief,
    by: Text,
    /// What was said and is not written down yet, as far as is known.
    unsaved: Answers,
    /// Why that takes longer than a moment.
    trouble: Option<Text>,
    /// What of the findings that were kept is to be changed or taken out and is not yet, in the order it was asked for.
    revisions: Vec<Revision>,
    typed: String,
    /// The finding that is being written or changed.
    finding: Option<Writing>,
    /// Which of the findings that were kept is chosen.
    kept: Option<usize>,
    /// Whether it is asked if that one is to be taken out.
    removing: bool,
    notice: String,
    scroll: u16,
    /// Which of the moments that can be looked at again is chosen.
    chosen: usize,
    /// How many rows the last frame had for what can be read.
    rows: Cell<u16>,
    /// How far it can be scrolled at the size it was drawn at last.
    most: Cell<u16>,
    /// The row at which each line of it begins, and where the last ends.
    starts: RefCell<Vec<u16>>,
}

impl Sheet {
    /// The sheet of a debrief; `by` is who answers.
    pub fn new(debrief: Debrief, by: Text) -> Self {
        Self {
            debrief,
            by,
            unsaved: Answers::default(),
            trouble: None,
            revisions: Vec::new(),
            typed: String::new(),
            finding: None,
            kept: None,
            removing: false,
            notice: String::new(),
            scroll: 0,
            chosen: 0,
            rows: Cell::new(0),
            most: Cell::new(0),
            starts: RefCell::default(),
        }
    }

    /// Shows the debrief as it is written down now. What is being typed stays.
    pub fn show(&mut self, debrief: Debrief) {
        let (was, count) = (self.kept().cloned(), self.debrief.answers.findings.len());
        (self.unsaved, self.trouble) = (self.unsaved.beyond(&debrief.answers), None);
        self.debrief = debrief;
        self.choose_again(was.as_ref(), count);
        if self.removing && self.kept() != was.as_ref() {
            // What was asked about is not what is chosen now: nobody's `y` may take that out.
            self.removing = false;
            self.notice.clear();
        }
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
        let removing = std::mem::take(&mut self.removing);
        match (key.code, self.open()) {
            (KeyCode::Char('c'), _) if control => Some(Said::Leave(Then::Shell)),
            (KeyCode::Char('d'), Some(question)) if control => Some(self.answer(question, None)),
            (KeyCode::Enter, Some(question)) => self.answered(question),
            (_, Some(_)) => self.type_key(key),
            // The numbers come when all three are written down, and not before.
            (code, None) if self.is_locked() => (code == KeyCode::Char('q')).then_some(Said::Leave(Then::Shell)),
            (KeyCode::Enter, None) if self.is_writing() => self.found(),
            (KeyCode::Esc, None) if self.is_writing() => {
                self.drop_finding();
                None
            }
            (_, None) if self.is_writing() => self.type_key(key),
            (KeyCode::Char('y'), None) if removing => self.remove_kept(),
            (_, None) if removing => None,
            (code, None) => self.read_key(code),
        }
    }

    /// Keys while the numbers are read.
    fn read_key(&mut self, code: KeyCode) -> Option<Said> {
        match code {
            KeyCode::Char('q') => return Some(Said::Leave(Then::Shell)),
            KeyCode::Char('m') => return Some(Said::Papers(Paper::Markdown)),
            KeyCode::Char('h') => return Some(Said::Papers(Paper::Page)),
            KeyCode::Char('N' | 'R') if self.has_unsaved() => {
                self.complain("what was said is not saved yet and would be gone: q leaves, and prints it");
            }
            KeyCode::Char('N') => return Some(Said::Leave(Then::Drill)),
            KeyCode::Char('R') => return self.look_again(),
            KeyCode::Tab => self.choose(1),
            KeyCode::BackTab => self.choose(self.moments().len().saturating_sub(1)),
            KeyCode::Char('f') => self.begin_finding(),
            KeyCode::Char('e') => self.change_kept(),
            KeyCode::Enter if self.kept.is_some() => self.change_kept(),
            KeyCode::Char('x') => self.ask_removal(),
            KeyCode::Char('j') | KeyCode::Down => self.down(),
            KeyCode::Char('k') | KeyCode::Up => self.up(),
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
        // What is changed or taken out is in sight: a finding does not stay chosen while one goes elsewhere.
        (self.chosen, self.kept) = (chosen, None);
        let row = self.starts.borrow().get(MEASURED_FROM + moments[chosen].0).copied().unwrap_or(0);
        self.bring_into_sight(row, row.saturating_add(1));
    }

    /// Scrolls until these rows are in sight, or as many of them as have room.
    fn bring_into_sight(&mut self, top: u16, below: u16) {
        let least = below.saturating_sub(self.rows.get());
        self.scroll = self.scroll.clamp(least.min(top), top);
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

    /// What is typed takes the place of what stood there.
    pub(super) fn replace_typed(&mut self, text: &str) {
        self.typed.clear();
        self.insert(text);
    }

    /// Puts text in at the end, where something is asked: one line, inert, bounded.
    pub fn insert(&mut self, text: &str) {
        if self.asked().is_none() {
            return;
        }
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
        self.drop_finding();
        Said::Words(said)
    }

    /// The question that is asked now: none to which anything was said.
    fn open(&self) -> Option<Question> {
        self.debrief.answers.open().find(|question| self.unsaved.to(*question).next().is_none())
    }

    /// What is asked for now, in words; `None` where nothing is.
    pub(super) fn asked(&self) -> Option<&'static str> {
        let question = self.open().map(Question::words);
        question.or_else(|| self.finding.as_ref()?.asks())
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
        let (mut rows, mut starts) = (Vec::new(), Vec::new());
        for line in self.lines(theme) {
            starts.push(row_number(rows.len()));
            rows.extend(wrapped(&line, usize::from(body.width)));
        }
        starts.push(row_number(rows.len()));
        self.starts.replace(starts);
        // What can be scrolled to is counted in the rows that are drawn: one answer may take many of them.
        self.most.set(row_number(rows.len()).saturating_sub(body.height));
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
        let token = |is_chosen| if is_chosen { Token::Focus } else { Token::Fg };
        lines.extend(self.findings().map(|(is_chosen, found)| Line::styled(found, theme.of(token(is_chosen)))));
        lines
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
}

fn row_number(rows: usize) -> u16 {
    u16::try_from(rows).unwrap_or(u16::MAX)
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
