//! What a person has selected and opened: the only state the cockpit has of its own.

use super::catalogue::Catalogue;
pub(super) use super::dialog::Dialog;
use super::draft::Draft;
use super::ground::Grounds;
use super::intent::Intent;
use super::keymap::{Act, Key, Keymap, LeverAct, Place, Pressed, TalkAct};
pub(super) use super::panel::Panel;
use super::posting::Posting;
use super::replay::Reel;
use super::scene::{Armed, Scene};
use super::search::Search;
use super::sheet::Sheet;
use super::theme::Theme;
use super::tree::Twig;
use crate::incident::next_step;
use crate::playbook::{Id, Step, StepKind};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use std::cell::Cell;
use std::collections::BTreeMap;

/// What is selected in each list, by identity; `None` follows the list's own first choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Selected {
    pub(super) metric: Option<Id>,
    pub(super) step: Option<Id>,
    pub(super) lever: Option<Id>,
    pub(super) comm: Option<Id>,
    pub(super) debt: Option<Id>,
    pub(super) twig: Option<Twig>,
    pub(super) symptom: Option<Id>,
    pub(super) link: Option<Id>,
    /// The record at the top of the journal, unless that is the newest.
    pub(super) record: Option<u64>,
    /// How many lines the help, or a list that is only read, is scrolled down.
    pub(super) help_down: usize,
    /// What is shown of a step's output.
    pub(super) output: Output,
}

/// What is shown of a step's output: its end, or what stood there when it was held still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Output {
    /// The last record shown, while it does not follow.
    pub(super) until: Option<u64>,
    /// How many lines it is scrolled back from there.
    pub(super) back: usize,
}

/// What the last frame showed: half a page is half of what one sees, and one scrolls on from there.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    /// The rows below what is always on top.
    pub(super) rows: Cell<usize>,
    /// The first line of what is only read, and the furthest it can be scrolled.
    pub(super) top: Cell<usize>,
    pub(super) most: Cell<usize>,
    /// The lines of it that hold what is searched for.
    pub(super) hits: Cell<usize>,
    /// Whether the window was too small to show anything.
    pub(super) too_small: Cell<bool>,
}

/// A sentence on the toast line.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    pub(super) at_ms: u64,
    pub(super) words: String,
    pub(super) stays: Stays,
}

/// How long a notice stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stays {
    /// While it is news.
    News,
    /// Until a key is pressed: it came by itself, and nobody may have been looking.
    UntilKey,
}

/// How long news stay, in ms.
pub(super) const NOTICE_MS: u64 = 5_000;
/// Two Ctrl-C within this ask whether to leave, in ms.
const INTERRUPT_MS: u64 = 2_000;
/// A step key this soon after the checklist moved on by itself was meant for the step before, in ms.
pub(super) const MOVED_ON_MS: u64 = 250;
/// Selection, open views and typed text.
#[derive(Clone, Debug)]
pub struct Ui {
    pub(super) theme: Theme,
    pub(super) keymap: Keymap,
    /// What `T` goes round, in order.
    pub(super) themes: Vec<Theme>,
    /// What it turns to once the terminal tells its background.
    pub(super) grounds: Option<Grounds>,
    pub(super) focus: Panel,
    pub(super) selected: Selected,
    pub(super) stack: Vec<Dialog>,
    /// Whether the panel or view with the keys has the whole screen.
    pub(super) zoomed: bool,
    pub(super) search: Option<Search>,
    pub(super) shown: Shown,
    pub(super) notice: Option<Notice>,
    /// Messages whose words a person has edited.
    pub(super) drafts: BTreeMap<Id, Draft>,
    /// Messages that were sent, until it is known whether they were taken.
    pub(super) posted: BTreeMap<Id, Posting>,
    /// The step the checklist stood at, and since when.
    pub(super) stood_at: Option<(Id, u64)>,
    pub(super) last_key_ms: Option<u64>,
    /// The directory of the incident, as a person would name it; none where nothing is kept.
    pub(super) kept_in: Option<String>,
    /// The debrief that lies over everything, after a drill.
    pub sheet: Option<Sheet>,
    /// The tape that is replayed, if one is.
    pub(super) reel: Option<Reel>,
    /// A character that means something when it comes twice.
    half: Option<char>,
    /// Whether the mouse selects and scrolls here, instead of selecting text.
    pub(super) mouse: bool,
    /// When the terminal last showed less than is known: until some time after, nobody can mean what is not there.
    pub(super) unseen_ms: Cell<Option<u64>>,
    /// How many Ctrl-C in a row, and when the last.
    interrupts: (u8, u64),
}

impl Ui {
    /// A cockpit with the checklist in focus.
    pub fn new(theme: Theme) -> Self {
        Self {
            themes: vec![theme.clone()],
            grounds: None,
            theme,
            keymap: Keymap::default(),
            focus: Panel::Checklist,
            selected: Selected::default(),
            stack: Vec::new(),
            zoomed: false,
            search: None,
            shown: Shown { most: Cell::new(usize::MAX), ..Shown::default() },
            notice: None,
            drafts: BTreeMap::new(),
            posted: BTreeMap::new(),
            stood_at: None,
            last_key_ms: None,
            kept_in: None,
            sheet: None,
            reel: None,
            half: None,
            mouse: false,
            unseen_ms: Cell::new(None),
            interrupts: (0, 0),
        }
    }

    /// The same with the keys that somebody chose.
    #[must_use]
    pub fn with_keys(self, keymap: Keymap) -> Self {
        Self { keymap, ..self }
    }

    /// The same, knowing the directory in which the incident is kept.
    #[must_use]
    pub fn kept_in(self, directory: &str) -> Self {
        Self { kept_in: Some(directory.to_owned()), ..self }
    }

    /// The same with the mouse on, or off.
    #[must_use]
    pub fn with_mouse(self, mouse: bool) -> Self {
        Self { mouse, ..self }
    }

    /// Whether the terminal is to tell of its mouse.
    pub fn mouse(&self) -> bool {
        self.mouse && self.sheet.is_none()
    }

    /// Takes note that the terminal shows an old picture: it has stalled.
    pub fn not_seen(&mut self, human_ms: u64) {
        self.unseen_ms.set(Some(human_ms));
    }

    /// Whether what is under arms was not on the terminal long enough to be meant by a key.
    pub(super) fn is_unseen(&self, human_ms: u64) -> bool {
        self.unseen_ms.get().is_some_and(|at| human_ms < at.saturating_add(Armed::GUARD_MS))
    }

    /// What is open is put away, and what is armed is disarmed: somebody else has the terminal now.
    pub fn put_away(&mut self) -> Vec<Intent> {
        self.drop_all()
    }

    /// Takes a key; what it wishes for comes back in order.
    pub fn on_key(&mut self, key: KeyEvent, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        let found = self.keymap.lookup(&self.places(), key);
        if self.is_blind() && !found.is_some_and(|found| found.act.leads_out()) {
            return Vec::new();
        }
        self.notice.take_if(|notice| notice.stays == Stays::UntilKey);
        let only_read =
            self.shows_brief(scene) && matches!(key.code, KeyCode::Enter | KeyCode::Esc | KeyCode::Char(' '));
        self.last_key_ms = Some(human_ms);
        if only_read {
            return Vec::new();
        }
        // What disarms is never too early.
        let safe = found.is_some_and(|found| {
            matches!(found.act, Act::Interrupt | Act::Lever(LeverAct::Disarm) | Act::Talk(TalkAct::Withdraw))
        });
        if !safe && self.is_guarded(scene, human_ms) {
            return Vec::new();
        }
        let half = self.half.take();
        match found {
            Some(found) if key.kind == KeyEventKind::Repeat && !found.act.moves() => Vec::new(),
            Some(Pressed { key: Key::Twice(c), .. }) if half != Some(c) => {
                self.half = Some(c);
                Vec::new()
            }
            Some(Pressed { act, number, .. }) => self.perform(act, number, scene, human_ms),
            None => {
                self.type_key(key, scene);
                self.say_whose(key, human_ms);
                Vec::new()
            }
        }
    }

    /// Takes pasted text: into an open text field or message, else nowhere. It never acts as keys.
    pub fn on_paste(&mut self, text: &str) {
        if self.is_blind() {
            return;
        }
        if let Some(search) = self.search.as_mut().filter(|search| search.typing) {
            return search.typed.insert(text);
        }
        match self.stack.last_mut() {
            Some(Dialog::Field(field)) => {
                // Nobody pastes by habit.
                field.open();
                field.insert(text);
            }
            Some(Dialog::Palette(palette)) => palette.typed.insert(text),
            Some(Dialog::Edit(comm)) => drop(self.drafts.get_mut(comm).map(|draft| draft.insert(text))),
            _ => {}
        }
    }

    /// Whether the drill's brief stands over the main screen: until the first key. Who goes on with a declared drill is
    /// past it, and needs to see what it covers.
    pub(super) fn shows_brief(&self, scene: &Scene) -> bool {
        self.last_key_ms.is_none() && !scene.brief.is_empty() && scene.state.marks.declared.is_none()
    }

    /// Where keys are looked up, innermost first.
    pub(super) fn places(&self) -> Vec<Place> {
        let own: &[Place] = match self.stack.last() {
            _ if self.search.as_ref().is_some_and(|search| search.typing) => &[Place::Search],
            None if self.focus == Panel::Checklist => &[Place::Steps, Place::Main],
            None | Some(Dialog::Metric(_) | Dialog::Clocks | Dialog::Journal | Dialog::Acknowledged) => &[Place::Main],
            Some(Dialog::Step(_)) => &[Place::Output, Place::Steps, Place::Main],
            Some(Dialog::Levers) => &[Place::Levers, Place::Main],
            Some(Dialog::Debts) => &[Place::Debts, Place::Main],
            Some(Dialog::Hold) => &[Place::Hold, Place::Main],
            Some(Dialog::Comms) => &[Place::Comms, Place::Main],
            Some(Dialog::Edit(_)) => &[Place::Edit],
            Some(Dialog::Preview(posting)) if posting.posted.is_some() => &[Place::Posted],
            Some(Dialog::Tree) => &[Place::Tree, Place::Main],
            Some(Dialog::Preview(_)) => &[Place::Preview],
            Some(Dialog::List(Catalogue::Symptoms | Catalogue::Links)) => &[Place::Lists, Place::Main],
            Some(Dialog::List(Catalogue::Contacts | Catalogue::Faq | Catalogue::FollowUps)) => &[Place::Main],
            Some(Dialog::Help) => &[Place::Help],
            Some(Dialog::Palette(_)) => &[Place::Palette],
            Some(Dialog::Quit) => &[Place::Quit],
            Some(Dialog::Arm(arming)) if arming.fired.is_some() => &[Place::Fired],
            Some(Dialog::Arm(_)) => &[Place::Arm],
            Some(Dialog::Menu(_)) => &[Place::Menu],
            Some(Dialog::Field(field)) if field.shut => &[Place::Ready],
            Some(Dialog::Field(_)) => &[Place::Text],
        };
        let mut places = own.to_vec();
        if self.reel.is_some() && places.last() == Some(&Place::Main) {
            places.insert(0, Place::Replay);
            places.splice(0..0, self.stack.is_empty().then_some(Place::Events));
        }
        places.push(Place::Always);
        places
    }

    /// The step that step keys act on: the one open, the one that watches where the hold is open, the one selected, or
    /// where the checklist stands.
    pub(super) fn step<'a>(&self, scene: &'a Scene) -> Option<&'a Step> {
        if self.stack.iter().any(|dialog| matches!(dialog, Dialog::Hold)) {
            return scene.playbook.steps.iter().find(|step| matches!(step.kind, StepKind::Watch));
        }
        let open = self.stack.iter().rev().find_map(|dialog| {
            let Dialog::Step(step) = dialog else { return None };
            Some(step)
        });
        let chosen = open.or(self.selected.step.as_ref()).and_then(|step| scene.playbook.step(step));
        chosen.or_else(|| next_step(&scene.playbook, &scene.state)).or(scene.playbook.steps.last())
    }

    /// Whether the checklist has just moved on under the person's fingers.
    pub(super) fn moved_on(&self, human_ms: u64) -> bool {
        let follows = self.selected.step.is_none() && !matches!(self.stack.last(), Some(Dialog::Step(_)));
        let since = self.stood_at.as_ref().map(|(_, since)| *since).filter(|since| *since > 0);
        follows && since.is_some_and(|since| human_ms.saturating_sub(since) < MOVED_ON_MS)
    }

    /// Puts a sentence on the toast line.
    pub(super) fn say(&mut self, human_ms: u64, sentence: impl Into<String>) {
        self.notice = Some(Notice { at_ms: human_ms, words: sentence.into(), stays: Stays::News });
    }

    /// The cockpit as it is without what lies on top.
    pub(super) fn below(&self) -> Self {
        let mut below = self.clone();
        (below.search, _) = (None, below.stack.pop());
        below
    }

    fn type_key(&mut self, key: KeyEvent, scene: &Scene) {
        if let Some(search) = self.search.as_mut().filter(|search| search.typing) {
            search.typed.type_key(key);
            return self.look(scene);
        }
        match self.stack.last_mut() {
            Some(Dialog::Field(field)) if !field.shut => field.type_key(key),
            Some(Dialog::Palette(palette)) => palette.typed.type_key(key),
            Some(Dialog::Edit(comm)) => drop(self.drafts.get_mut(comm).map(|draft| draft.type_key(key))),
            _ => {}
        }
    }

    /// Ctrl-C: drops what is open; twice in 2 s asks whether to leave; a third leaves.
    pub(super) fn interrupt(&mut self, human_ms: u64) -> Vec<Intent> {
        let (count, last) = self.interrupts;
        let asked = count == 2 && matches!(self.stack.last(), Some(Dialog::Quit));
        let again = asked || (count > 0 && human_ms.saturating_sub(last) <= INTERRUPT_MS);
        let count = if again { count.saturating_add(1) } else { 1 };
        self.interrupts = (count, human_ms);
        match count {
            1 => {
                self.say(human_ms, "cancelled; <always.interrupt> again within 2 s asks to leave");
                self.drop_all()
            }
            2 => {
                let intents = self.drop_all();
                self.stack.push(Dialog::Quit);
                intents
            }
            _ => vec![Intent::Exit],
        }
    }

    /// Closes everything that is open; what is armed and was not fired is disarmed. Edited words stay.
    pub(super) fn drop_all(&mut self) -> Vec<Intent> {
        let is_armed = |dialog: &Dialog| match dialog {
            Dialog::Arm(arming) => arming.fired.is_none(),
            Dialog::Preview(posting) => posting.posted.is_none(),
            _ => false,
        };
        let armed = self.stack.iter().any(is_armed);
        self.stack.clear();
        // Words that nobody has touched go on being written from what is known.
        self.drafts.retain(|_, draft| draft.is_unsaved() || draft.saved().is_some());
        (self.search, self.zoomed) = (None, false);
        if armed { vec![Intent::Disarm] } else { Vec::new() }
    }
}
