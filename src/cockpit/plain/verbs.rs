//! The one table of words that can be typed. What acts is bound to an [`Act`] of the keymap, and is known where its key is.

use crate::cockpit::catalogue::Catalogue;
use crate::cockpit::keymap::{Act, Binding, KEYMAP, LeverAct, Place, StepAct, TalkAct};
use crate::cockpit::ui::Ui;

/// What a word asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ask {
    /// What a key of the cockpit does.
    Act(Act),
    /// To be told something; that never changes anything.
    Read(Read),
}

/// What can be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Read {
    Help,
    Clocks,
    Metrics,
    Status,
    Journal,
    Steps,
    Levers,
    Hold,
    Debts,
    Messages,
    Tree,
    List(Catalogue),
    Acknowledged,
    Brief,
    /// What is open, once more and whole.
    Show,
}

/// What the number behind a word counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Of {
    Nothing,
    Step,
    Lever,
    /// A lever to be taken back.
    Undo,
    Debt,
    Message,
    /// A line of the decision tree.
    Twig,
    Metric,
    Lines,
}

/// A word, what it asks for, and what its number counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verb {
    /// The word, and others for the same.
    pub(super) words: &'static [&'static str],
    pub(super) ask: Ask,
    pub(super) of: Of,
    help: &'static str,
}

const fn act(words: &'static [&'static str], act: Act, of: Of) -> Verb {
    Verb { words, ask: Ask::Act(act), of, help: "" }
}

/// The same where the keymap speaks of what is selected on a screen.
const fn told(words: &'static [&'static str], act: Act, of: Of, help: &'static str) -> Verb {
    Verb { words, ask: Ask::Act(act), of, help }
}

const fn read(words: &'static [&'static str], read: Read, of: Of, help: &'static str) -> Verb {
    Verb { words, ask: Ask::Read(read), of, help }
}

/// Every word there is. What fires and what sends has no short form.
#[rustfmt::skip]
pub(super) const VERBS: &[Verb] = &[
    act(&["declare", "sizeup"], Act::Talk(TalkAct::Declare), Of::Nothing),
    act(&["run"], Act::Step(StepAct::Run), Of::Step),
    act(&["confirm"], Act::Step(StepAct::Confirm), Of::Step),
    act(&["skip"], Act::Step(StepAct::Skip), Of::Step),
    act(&["override"], Act::Step(StepAct::Override), Of::Step),
    act(&["defer"], Act::Step(StepAct::Defer), Of::Step),
    act(&["reopen"], Act::Step(StepAct::Reopen), Of::Step),
    act(&["arm"], Act::Lever(LeverAct::ArmNumber), Of::Lever),
    told(&["pay"], Act::Lever(LeverAct::PayDebt), Of::Debt, "arm the undo of a debt, of the first open one without a number"),
    told(&["undo"], Act::Lever(LeverAct::PayDebt), Of::Undo, "arm the way back of a lever; nothing is sent"),
    act(&["fire"], Act::Lever(LeverAct::Fire), Of::Nothing),
    act(&["reread"], Act::Lever(LeverAct::ReRead), Of::Nothing),
    act(&["byhand"], Act::Lever(LeverAct::ByHand), Of::Nothing),
    act(&["override"], Act::Lever(LeverAct::FireAnyway), Of::Nothing),
    act(&["target"], Act::Lever(LeverAct::TypeTarget), Of::Nothing),
    act(&["approve"], Act::Lever(LeverAct::Approve), Of::Nothing),
    act(&["wanted"], Act::Lever(LeverAct::AttestDone), Of::Nothing),
    act(&["unwanted"], Act::Lever(LeverAct::AttestNotDone), Of::Nothing),
    act(&["copy"], Act::Lever(LeverAct::Copy), Of::Step),
    act(&["disarm", "back"], Act::Lever(LeverAct::Disarm), Of::Nothing),
    told(&["edit"], Act::Talk(TalkAct::Edit), Of::Message, "edit the words of a message"),
    act(&["preview"], Act::Talk(TalkAct::Preview), Of::Message),
    act(&["send"], Act::Talk(TalkAct::Send), Of::Nothing),
    act(&["back"], Act::Talk(TalkAct::Withdraw), Of::Nothing),
    act(&["note"], Act::Talk(TalkAct::Note), Of::Nothing),
    act(&["ack"], Act::Talk(TalkAct::Acknowledge), Of::Nothing),
    told(&["raise"], Act::Talk(TalkAct::Raise), Of::Twig, "raise a symptom: you see it; tree has the numbers"),
    told(&["branch"], Act::Open, Of::Twig, "open a branch, with a reason; tree has the numbers"),
    act(&["extend"], Act::ExtendHold, Of::Nothing),
    told(&["command"], Act::Talk(TalkAct::Command), Of::Nothing, "answer who asks for command"),
    act(&["close"], Act::Talk(TalkAct::Close), Of::Nothing),
    act(&["back"], Act::Cancel, Of::Nothing),
    act(&["leave", "yes"], Act::Quit, Of::Nothing),
    act(&["stay", "no", "back"], Act::Stay, Of::Nothing),
    told(&["quit", "q"], Act::Leave, Of::Nothing, "leave; it asks first"),
    read(&["?", "help"], Read::Help, Of::Nothing, "what can be typed now, and why not the rest"),
    read(&["s", "status"], Read::Status, Of::Nothing, "how things stand, in three sentences"),
    read(&["t", "clocks"], Read::Clocks, Of::Nothing, "the clocks"),
    read(&["m", "metrics"], Read::Metrics, Of::Metric, "the metrics, worst first; with a number all of one"),
    read(&["j", "journal"], Read::Journal, Of::Lines, "the last records of the journal, 10 or as many as you say"),
    read(&["steps", "step"], Read::Steps, Of::Step, "the checklist; with a number all of one step"),
    read(&["levers"], Read::Levers, Of::Nothing, "the levers, by number"),
    read(&["hold"], Read::Hold, Of::Nothing, "the hold and its exit targets"),
    read(&["debts"], Read::Debts, Of::Nothing, "what must be undone before closing, by number"),
    read(&["messages", "comms"], Read::Messages, Of::Nothing, "the messages, by number"),
    read(&["tree"], Read::Tree, Of::Nothing, "the decision tree, by number"),
    read(&["acked"], Read::Acknowledged, Of::Nothing, "the alerts that were acknowledged"),
    read(&["symptoms"], Read::List(Catalogue::Symptoms), Of::Nothing, "symptoms, and what fixes them"),
    read(&["links"], Read::List(Catalogue::Links), Of::Nothing, "runbook pages"),
    read(&["contacts"], Read::List(Catalogue::Contacts), Of::Nothing, "contacts"),
    read(&["questions", "faq"], Read::List(Catalogue::Faq), Of::Nothing, "questions people ask"),
    read(&["followups"], Read::List(Catalogue::FollowUps), Of::Nothing, "what is due after closing"),
    read(&["brief"], Read::Brief, Of::Nothing, "what was told before a drill"),
    read(&["show"], Read::Show, Of::Nothing, "what is open, once more and whole"),
];

/// Where a key would be known if no question were open: every list can be named from anywhere, by number.
const LISTS: [Place; 7] =
    [Place::Main, Place::Steps, Place::Levers, Place::Debts, Place::Comms, Place::Tree, Place::Lists];

impl Verb {
    /// Whether it can be typed where `ui` stands.
    pub(super) fn is_known(&self, ui: &Ui) -> bool {
        match self.ask {
            Ask::Read(_) => true,
            Ask::Act(act) => binding(act, ui).is_some(),
        }
    }

    /// What it does, in words: the keymap's, for what a key does.
    pub(super) fn help(&self, ui: &Ui) -> String {
        match self.ask {
            Ask::Read(_) => self.help.to_owned(),
            Ask::Act(_) if !self.help.is_empty() => self.help.to_owned(),
            Ask::Act(act) => binding(act, ui).map_or_else(String::new, |row| super::spoken::plain(row.help)),
        }
    }

    /// The word and its number, as one types them.
    pub(super) fn shown(&self) -> String {
        let number = match self.of {
            Of::Nothing => "",
            Of::Lever | Of::Undo | Of::Twig => " N",
            Of::Step | Of::Debt | Of::Message | Of::Metric | Of::Lines => " [N]",
        };
        format!("{}{number}", self.words[0])
    }
}

/// The row of the keymap by which `act` is known where `ui` stands.
fn binding(act: Act, ui: &Ui) -> Option<&'static Binding> {
    let places = if ui.stack.is_empty() { LISTS.to_vec() } else { ui.places() };
    KEYMAP.iter().find(|row| row.act == act && places.contains(&row.place))
}

/// The verb that a word means where `ui` stands, or else the one it would mean elsewhere.
pub(super) fn verb(word: &str, ui: &Ui) -> Option<&'static Verb> {
    let mut all = VERBS.iter().filter(|verb| verb.words.contains(&word));
    let first = all.clone().next();
    all.find(|verb| verb.is_known(ui)).or(first)
}
