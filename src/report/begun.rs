//! `answers.toml` as it is begun: every question and every action of a report as a comment, to be filled in.

use super::actions::Action;
use super::asked::{BEGAN, OWNER, Question};
use super::review::Review;
use super::times::MITIGATE;
use super::written::plain;
use super::{Account, Time};
use crate::incident::Moment;
use crate::text::{Text, nearest};
use std::fmt::Write as _;

/// What opens a new file.
const HEAD: &str = "\
# What people say of this incident. `goaround report` merges it each time and never writes over it.
# Take the `# ` away where you answer: Markdown, of several lines between '''.
format = 1
";

/// The table that says when impact began.
const IMPACT: &str = "impact";

/// What stands above the actions.
const ACTIONS: &str = "
# Actions. `type` is a word of yours (prevent, detect, mitigate, process); done = true, or dropped = \"why\".
";

/// What stands above what came later.
const LATER: &str = "\n# Since then:\n";

/// How an action of one's own is written.
const MORE: &str = "
# What the journal does not suggest:
# [[more]]
# what = \"\"
# owner = \"\"
# type = \"\"
# due = 2026-12-01
";

impl Account {
    /// A new `answers.toml`: nothing is answered in it.
    pub fn begun(&self) -> String {
        let mut text = HEAD.to_owned();
        let (owner, others): (Vec<&Question>, Vec<&Question>) = self.asks().partition(|question| question.id == OWNER);
        for question in owner {
            write(&mut text, format_args!("\n# {}\n# {OWNER} = \"\"\n", comment(&question.asks)));
        }
        text.push_str("\n[answers]\n");
        // A table ends that of the answers, so that it stands behind them.
        let (began, others): (Vec<&Question>, Vec<&Question>) =
            others.iter().partition(|question| question.id == BEGAN);
        for question in others {
            let (asks, key) = (asks(question), key(&question.id));
            write(&mut text, format_args!("# {asks}\n# {key} = ''''''\n\n"));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        began.into_iter().for_each(|question| self.add_began(&mut text, question));
        text.push_str(ACTIONS);
        self.suggests().for_each(|action| add(&mut text, action));
        text + MORE
    }

    /// What is to be added behind an `answers.toml` of which this is the text: every question and action that it does
    /// not name yet, be it in a comment. Empty where it names them all.
    pub fn begun_since(&self, before: &str) -> String {
        let mut text = String::new();
        for question in self.asks().filter(|question| !answers(before, &question.id)) {
            if question.id == BEGAN {
                self.add_began(&mut text, question);
                continue;
            }
            let (asks, key) = (asks(question), key(&question.id));
            write(&mut text, format_args!("\n# {asks}\n# [answers.{key}]\n# says = ''''''\n"));
        }
        let new = self.suggests().filter(|action| !tells(before, &action.id));
        new.for_each(|action| add(&mut text, action));
        let ended = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        if text.is_empty() { text } else { format!("{ended}{LATER}{text}") }
    }

    /// How many questions nobody has answered, and how many actions nobody has taken.
    pub fn open(&self) -> (usize, usize) {
        let unanswered = self.asks().filter(|question| question.answer.is_none()).count();
        let open = self.actions.iter().filter(|action| action.state == super::Stands::Open);
        (unanswered, open.filter(|action| action.owner.is_none()).count())
    }

    /// What was said to nothing that is asked or suggested here, each as a sentence.
    pub fn unasked(&self, review: &Review) -> Vec<String> {
        let asked: Vec<&str> = self.asks().map(|question| question.id.as_str()).collect();
        let taken: Vec<&str> =
            self.actions.iter().filter(|action| !action.gone).map(|action| action.id.as_str()).collect();
        let questions = review.answers.keys().map(|id| (id, &asked, "question"));
        let all = questions.chain(review.actions.keys().map(|id| (id, &taken, "action")));
        let strange = all.filter(|(id, known, _)| !known.contains(&id.as_str()));
        let told = strange.map(|(id, known, what)| {
            let line = review.lines.get(id).copied().unwrap_or(1);
            let meant = nearest(id, known.iter().copied());
            let hint = meant.map_or("it is kept as it is".into(), |meant| format!("did you mean `{meant}`?"));
            format!("answers.toml:{line}: this journal has no {what} `{}`; {hint}", Text::new(id))
        });
        told.chain(self.unfelt(review)).collect()
    }

    /// The one question that is answered by a time, as on the day of the incident.
    fn add_began(&self, text: &mut String, question: &Question) {
        let (asks, zero) = (asks(question), Moment::sampled(self.zero_ms).rfc3339().unwrap_or_default());
        write(text, format_args!("\n# {asks}\n# [{IMPACT}]\n# began = {zero}\n"));
    }

    /// What was said of an impact that no time counts from.
    fn unfelt(&self, review: &Review) -> Option<String> {
        let line = review.impact?.line;
        let is_late = |time: &&Time| time.id == MITIGATE && time.to.is_some() && time.took_ms.is_none();
        let why = if !self.asks().any(|question| question.id == BEGAN) {
            "a drill harms nobody"
        } else if self.times.iter().any(|time| is_late(&time)) {
            "the hold was met before it, look at its date"
        } else {
            return None;
        };
        Some(format!("answers.toml:{line}: {why}: no time counts from what [{IMPACT}] says"))
    }

    fn asks(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| question.asked)
    }

    fn suggests(&self) -> impl Iterator<Item = &Action> {
        self.actions.iter().filter(|action| action.suggested)
    }
}

fn add(text: &mut String, action: &Action) {
    let (what, key) = (comment(&action.what), key(&action.id));
    write(text, format_args!("\n# {what}\n# [actions.{key}]\n# owner = \"\"\n# type = \"\"\n# due = 2026-12-01\n"));
}

fn write(text: &mut String, words: std::fmt::Arguments) {
    text.write_fmt(words).expect("a string takes every write");
}

fn asks(question: &Question) -> String {
    let line = question.line.map_or_else(String::new, |line| format!(" (line {line})"));
    format!("{}{line}", comment(&question.asks))
}

/// The words alone, in one line.
fn comment(markdown: &str) -> String {
    plain(markdown).replace('\n', " ")
}

/// A name as a key of TOML.
fn key(id: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if !id.is_empty() && id.chars().all(bare) { id.to_owned() } else { toml::Value::String(id.to_owned()).to_string() }
}

/// Whether a text answers this question already, in a comment or not.
fn answers(text: &str, id: &str) -> bool {
    let key = key(id);
    if id == BEGAN && has(text, &format!("[{IMPACT}]")) {
        return true;
    }
    has(text, &format!("[answers.{key}]")) || keys(text).any(|(name, value)| name == key && !value.starts_with('{'))
}

/// Whether a text tells of this action already, in a comment or not.
fn tells(text: &str, id: &str) -> bool {
    let key = key(id);
    has(text, &format!("[actions.{key}]")) || keys(text).any(|(name, value)| name == key && value.starts_with('{'))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.trim_start_matches(['#', ' ']))
}

fn has(text: &str, table: &str) -> bool {
    lines(text).any(|line| line.starts_with(table))
}

fn keys(text: &str) -> impl Iterator<Item = (&str, &str)> {
    lines(text).filter_map(|line| line.split_once('=')).map(|(name, value)| (name.trim(), value.trim()))
}
