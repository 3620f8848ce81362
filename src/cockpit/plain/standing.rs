//! What is open, in sentences: what it is about, all of it, and what may be typed next.

use super::spoken::{TALL, WIDE, plain, spoken};
use crate::cockpit::dialog::Asks;
use crate::cockpit::draft::Draft;
use crate::cockpit::facts;
use crate::cockpit::keymap::{Act, StepAct};
use crate::cockpit::panels::{View, checklist};
use crate::cockpit::press::why_not;
use crate::cockpit::scene::Scene;
use crate::cockpit::ui::{Dialog, Ui};
use crate::cockpit::{arming::Arming, posting::Posting, views};
use crate::incident::{ReadBack, next_step};
use crate::kind::Outcome;
use crate::metrics::VerdictState;

/// Where a person stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Standing {
    /// Another one of this is told whole.
    pub(super) subject: String,
    /// What may be typed next.
    pub(super) prompt: String,
}

/// Where a person stands now.
pub(super) fn standing(view: &View) -> Standing {
    let prompt = match view.ui.stack.last() {
        None => at_the_top(view),
        Some(Dialog::Edit(_)) => EDITING.to_owned(),
        Some(dialog) => whole(view, dialog).1,
    };
    Standing { subject: subject(view.ui, view.scene), prompt }
}

const EDITING: &str = "Type the message anew, line by line; a dot alone keeps it. .fill WORDS fills the first blank, \
.drop leaves it as it was.";

/// Everything there is to say of what is open, without what may be typed next.
pub(super) fn told(view: &View) -> Vec<String> {
    match view.ui.stack.last() {
        None => Vec::new(),
        Some(Dialog::Edit(comm)) => {
            let draft = view.ui.drafts.get(comm).map(Draft::words).unwrap_or_default();
            let mut lines = spoken(&views::lines(view, &Dialog::Edit(comm.clone()), WIDE, 8));
            lines.retain(|line| !line.starts_with("EDITING"));
            lines.extend(draft.lines().enumerate().map(|(place, line)| format!("line {}: {}", place + 1, plain(line))));
            lines
        }
        Some(dialog @ Dialog::Field(field)) => {
            let mut lines = whole(view, dialog).0;
            let offered = field.area.lines().join(" ");
            if !offered.is_empty() {
                lines.push(format!("Offered: {}. An equals sign alone takes it as it stands.", plain(&offered)));
            }
            lines
        }
        Some(dialog @ Dialog::Arm(_)) => whole(view, dialog).0.iter().map(|line| interlock(line)).collect(),
        Some(dialog) => whole(view, dialog).0,
    }
}

/// An interlock's glyph as a word.
fn interlock(line: &str) -> String {
    const GLYPHS: [(&str, &str); 3] = [("+ ", "holds: "), ("X ", "does not hold: "), ("? ", "cannot be seen: ")];
    let found = GLYPHS.iter().find_map(|(glyph, word)| Some(format!("{word}{}", line.strip_prefix(glyph)?)));
    found.unwrap_or_else(|| line.to_owned())
}

/// What a dialog says, and the line of it that says what may be typed.
fn whole(view: &View, dialog: &Dialog) -> (Vec<String>, String) {
    let mut lines = spoken(&views::lines(view, dialog, WIDE, TALL));
    let at = match dialog {
        Dialog::Arm(arming) if arming.fired.is_none() => 1,
        Dialog::Preview(posting) if posting.posted.is_none() => 2,
        _ => lines.len().saturating_sub(1),
    };
    let prompt = if at < lines.len() { lines.remove(at) } else { String::new() };
    (lines, prompt)
}

/// The prompt without its seconds: only another sentence is worth saying by itself.
pub(super) fn steady(prompt: &str) -> &str {
    prompt.split_once("s left.").map_or(prompt, |(_, rest)| rest)
}

/// What makes one thing that is open another one. Ages and what is only looked at again do not.
fn subject(ui: &Ui, scene: &Scene) -> String {
    let Some(dialog) = ui.stack.last() else { return String::new() };
    match dialog.asks() {
        None => "view".to_owned(),
        Some(Asks::Lever(arming)) if arming.fired.is_none() => armed(arming, scene),
        Some(Asks::Lever(arming)) => fired(arming, scene),
        Some(Asks::Letter(posting)) => letter(posting, scene),
        Some(Asks::Choice(menu)) => format!("menu {} {}", menu.opened_ms, menu.title),
        Some(Asks::Text(field)) => format!("field {}", field.title),
        Some(Asks::Words(comm)) => format!("edit {comm}"),
        Some(Asks::Leave) => "quit".to_owned(),
    }
}

const ASKED: &str = "asked";

fn armed(arming: &Arming, scene: &Scene) -> String {
    let Some(armed) = arming.armed(scene) else {
        return format!("{ASKED} {} {:?} {}", arming.lever, arming.way, arming.armed_ms.is_some());
    };
    let was = armed.was.as_ref().map(|(was, _)| was.as_str());
    let holds: Vec<Option<bool>> =
        armed.position.iter().chain(&armed.interlocks).map(|interlock| interlock.holds).collect();
    format!("armed {} {:?} {} {was:?} {holds:?}", armed.lever, armed.way, armed.request_sha256)
}

/// What was fired is told by the journal as it goes; only what went wrong is told whole.
fn fired(arming: &Arming, scene: &Scene) -> String {
    let trouble = arming.made(scene).filter(|pull| {
        let unclear = matches!(pull.read_back, Some(ReadBack::Disagrees | ReadBack::Unknown));
        let settled = pull.outcome.as_ref().map(|(outcome, _)| *outcome);
        unclear || matches!(settled, Some(Outcome::Rejected | Outcome::NotSent | Outcome::Unknown))
    });
    match trouble {
        Some(pull) => format!("{TROUBLE} {:?} {:?}", pull.outcome, pull.read_back),
        None => "fired".to_owned(),
    }
}

const TROUBLE: &str = "trouble";

/// Whether what is open is told whole as soon as it is another one.
pub(super) fn is_told(subject: &str, ui: &Ui) -> bool {
    let asked = subject.starts_with(ASKED);
    let fired = matches!(ui.stack.last(), Some(Dialog::Arm(arming)) if arming.fired.is_some());
    let posted = matches!(ui.stack.last(), Some(Dialog::Preview(posting)) if posting.posted.is_some());
    !asked && !posted && (!fired || subject.starts_with(TROUBLE))
}

fn letter(posting: &Posting, scene: &Scene) -> String {
    match (posting.letter(scene), &posting.posted) {
        (Some(letter), _) => format!("letter {} {}", letter.comm, letter.words),
        (None, None) => format!("{ASKED} {}", posting.comm),
        (None, Some(_)) => format!("posted {:?}", posting.made(scene).map(|message| &message.outcome)),
    }
}

/// What may be typed where nothing is open: where the checklist stands.
fn at_the_top(view: &View) -> String {
    let scene = view.scene;
    let (playbook, state) = (&scene.playbook, &scene.state);
    if state.closed.is_some() {
        return "The incident is closed. Type quit to leave.".to_owned();
    }
    if state.marks.declared.is_none() {
        let broken = playbook.metrics.keys().any(|metric| facts::state_of(scene, metric) == VerdictState::Breach);
        let declares = &playbook.declares;
        let wrong = if broken {
            format!("A stop limit is broken and no {declares} is declared")
        } else {
            "Nothing is declared".to_owned()
        };
        return format!("{wrong}. Type declare to declare {}, ? for all there is.", declares.one());
    }
    if let Some(step) = next_step(playbook, state) {
        let place = playbook.steps.iter().position(|known| known.id == step.id).unwrap_or_default();
        let word = facts::face(scene, &step.id).word;
        // Why it cannot be run again is what a step under way waits for.
        let hint = why_not(view.ui, Act::Step(StepAct::Run), scene);
        let hint = hint.unwrap_or_else(|| checklist::key_hint(view, step));
        let words = format!("NEXT step {} of {}, {}, {word}: {hint}", place + 1, playbook.steps.len(), step.title);
        return plain(&words);
    }
    match state.open_debts().count() {
        0 => "Every step is settled and no debt is open. Type close to close the incident.".to_owned(),
        1 => "Every step is settled, 1 debt is open: debts tells it, pay arms its undo.".to_owned(),
        open => format!("Every step is settled, {open} debts are open: debts tells them, pay arms the first undo."),
    }
}
