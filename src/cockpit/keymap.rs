//! The one table of keys: it feeds dispatch, the footer and the help screen.

use super::catalogue::Catalogue;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Where a key means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Everywhere, text fields included.
    Always,
    /// The main screen and every view over it.
    Main,
    /// The checklist, and one step's detail.
    Steps,
    /// The levers.
    Levers,
    /// The list of debts.
    Debts,
    /// The list of messages.
    Comms,
    /// A message's words, being edited.
    Edit,
    /// The decision tree.
    Tree,
    /// One message as it would be sent.
    Preview,
    /// A message that was sent.
    Posted,
    /// A list to read.
    Lists,
    /// A lever under arms.
    Arm,
    /// A lever that was fired.
    Fired,
    /// A numbered choice.
    Menu,
    /// A line of text.
    Text,
    /// The help screen.
    Help,
    /// The question before leaving.
    Quit,
}

impl Place {
    /// Every place, in the order of the help screen, with its heading there.
    pub const ALL: [(Self, &str); 17] = [
        (Self::Steps, "STEP"),
        (Self::Main, "MAIN"),
        (Self::Levers, "LEVERS"),
        (Self::Arm, "ARMED"),
        (Self::Fired, "FIRED"),
        (Self::Debts, "DEBTS"),
        (Self::Comms, "COMMS"),
        (Self::Edit, "EDITING"),
        (Self::Tree, "TREE"),
        (Self::Preview, "MESSAGE"),
        (Self::Posted, "POSTED"),
        (Self::Lists, "LISTS"),
        (Self::Menu, "CHOICE"),
        (Self::Text, "TEXT"),
        (Self::Help, "HELP"),
        (Self::Quit, "LEAVING"),
        (Self::Always, "ALWAYS"),
    ];
}

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character, with or without Shift.
    Char(char),
    /// Control and a letter.
    Ctrl(char),
    /// Any digit from 1 to this.
    Digit(u8),
    /// Any letter from `a` to this; they count on from 10.
    Letter(char),
    /// A key without a character.
    Code(KeyCode),
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Help for where one is.
    Help,
    /// One down.
    Down,
    /// One up.
    Up,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// To this panel.
    Panel,
    /// To the next panel.
    NextPanel,
    /// To the panel before.
    PrevPanel,
    /// Open what is selected.
    Open,
    /// Back, never out.
    Back,
    /// Close a view; on the main screen ask whether to leave.
    Leave,
    /// The levers, by number.
    Levers,
    /// The hold.
    Hold,
    /// The clocks and stages.
    Clocks,
    /// The debts.
    Debts,
    /// The messages.
    Comms,
    /// The decision tree.
    Tree,
    /// A list to read.
    List(Catalogue),
    /// Copy the selected address.
    CopyLink,
    /// One panel on the whole screen.
    Zoom,
    /// Something with a step.
    Step(StepAct),
    /// Something with a lever.
    Lever(LeverAct),
    /// Something told to people, or to the journal.
    Talk(TalkAct),
    /// Choose by number.
    Choose,
    /// Accept the text.
    Accept,
    /// Drop choice or text.
    Cancel,
    /// Leave the cockpit.
    Quit,
    /// Stay.
    Stay,
    /// Cancel; twice asks; three times leaves.
    Interrupt,
    /// Draw everything again.
    Redraw,
}

/// What a key does with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepAct {
    /// Begin it.
    Run,
    /// Say what was seen.
    Confirm,
    /// Leave it out.
    Skip,
    /// Declare it done against its sensor.
    Override,
    /// Put it off.
    Defer,
    /// Open it again.
    Reopen,
}

/// What a key does with a lever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeverAct {
    /// Arm the one with this number.
    ArmNumber,
    /// Arm the undo of a debt.
    PayDebt,
    /// Fire the armed one.
    Fire,
    /// Look again.
    ReRead,
    /// It was done by hand.
    ByHand,
    /// Copy the request or the command.
    Copy,
    /// Fire although an interlock does not hold.
    FireAnyway,
    /// Type the target of an irreversible one.
    TypeTarget,
    /// Let a second person approve it.
    Approve,
    /// Say that one without a read-back was seen to work, and what was seen.
    AttestDone,
    /// Say that it was seen not to work, and what was seen.
    AttestNotDone,
    /// Drop the armed one.
    Disarm,
}

/// What a key tells people, or the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TalkAct {
    /// Edit a message's words.
    Edit,
    /// Save the edited words.
    Save,
    /// To the next blank that a person must fill.
    NextBlank,
    /// Leave the edited words; unsaved ones are asked about.
    LeaveWords,
    /// A message as it would be sent.
    Preview,
    /// Send the message.
    Send,
    /// Leave a message; one that was not sent is disarmed.
    Withdraw,
    /// Write something down.
    Note,
    /// Declare a rollback, or say again how things stand.
    Declare,
    /// Acknowledge the top alert.
    Acknowledge,
    /// Raise the selected symptom.
    Raise,
    /// Close the incident.
    Close,
}

impl Act {
    /// Whether it only moves, so that holding the key down may repeat it.
    pub fn moves(self) -> bool {
        matches!(self, Self::Down | Self::Up)
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where.
    pub place: Place,
    /// Any of these keys.
    pub keys: &'static [Key],
    /// The keys as people write them.
    pub shown: &'static str,
    /// What it does.
    pub act: Act,
    /// Its word in the footer; empty if it is not shown there.
    pub foot: &'static str,
    /// What it does, in words.
    pub help: &'static str,
}

const fn row(
    place: Place,
    keys: &'static [Key],
    shown: &'static str,
    act: Act,
    words: (&'static str, &'static str),
) -> Binding {
    Binding { place, keys, shown, act, foot: words.0, help: words.1 }
}

use Key::{Char, Code, Ctrl, Digit, Letter};
use Place::{
    Always, Arm, Comms, Debts, Edit, Fired, Levers, Lists, Main, Menu, Posted, Preview, Quit, Steps, Text, Tree,
};

/// Every key there is.
#[rustfmt::skip]
pub const KEYMAP: &[Binding] = &[
    row(Main, &[Char('?'), Code(KeyCode::F(1))], "? F1", Act::Help, ("help", "help for where you are")),
    row(Main, &[Digit(6)], "1-6", Act::Panel, ("panels", "metrics checklist levers comms journal hold")),
    row(Main, &[Code(KeyCode::Tab)], "Tab", Act::NextPanel, ("", "next panel")),
    row(Main, &[Code(KeyCode::BackTab)], "S-Tab", Act::PrevPanel, ("", "panel before")),
    row(Main, &[Char('j'), Code(KeyCode::Down)], "j", Act::Down, ("", "down")),
    row(Main, &[Char('k'), Code(KeyCode::Up)], "k", Act::Up, ("", "up")),
    row(Main, &[Char('g'), Code(KeyCode::Home)], "gg", Act::First, ("", "first")),
    row(Main, &[Char('G'), Code(KeyCode::End)], "G", Act::Last, ("", "last")),
    row(Main, &[Code(KeyCode::Enter)], "Enter", Act::Open, ("open", "open what is selected; never fires")),
    row(Main, &[Code(KeyCode::Esc)], "Esc", Act::Back, ("", "back; never leaves")),
    row(Main, &[Char('z')], "z", Act::Zoom, ("", "this panel on the whole screen")),
    row(Main, &[Char('I')], "I", Act::Talk(TalkAct::Declare), ("", "declare a rollback; later its size-up")),
    row(Main, &[Char('a')], "a", Act::Talk(TalkAct::Acknowledge), ("", "acknowledge the top alert")),
    row(Main, &[Char('L')], "L", Act::Levers, ("levers", "levers; 1-9 arms one, nothing is sent")),
    row(Main, &[Char('H')], "H", Act::Hold, ("hold", "hold and watch")),
    row(Main, &[Char('K')], "K", Act::Clocks, ("", "clocks, stages and what still fits into the SLA")),
    row(Main, &[Char('D')], "D", Act::Debts, ("", "debts")),
    row(Main, &[Char('U')], "U", Act::Lever(LeverAct::PayDebt), ("", "arm the first open debt's undo")),
    row(Main, &[Char('c')], "c", Act::Comms, ("comms", "messages")),
    row(Main, &[Char('t')], "t", Act::Tree, ("", "decision tree: symptoms, their levers and branches")),
    row(Main, &[Char('i')], "i", Act::Talk(TalkAct::Note), ("", "write a note into the journal")),
    row(Main, &[Char('S')], "S", Act::List(Catalogue::Symptoms), ("", "symptoms, and what fixes them")),
    row(Main, &[Char('R')], "R", Act::List(Catalogue::Links), ("", "runbook pages; y copies, no browser starts")),
    row(Main, &[Char('C')], "C", Act::List(Catalogue::Contacts), ("", "contacts")),
    row(Main, &[Char('f')], "f", Act::List(Catalogue::Faq), ("", "questions people ask")),
    row(Main, &[Char('W')], "W", Act::List(Catalogue::FollowUps), ("", "what is due after closing")),
    row(Main, &[Char('Q')], "Q", Act::Talk(TalkAct::Close), ("", "close the incident")),
    row(Main, &[Char('q')], "q", Act::Leave, ("quit", "close a view; at the top asks to leave")),

    row(Steps, &[Char('r')], "r", Act::Step(StepAct::Run), ("run", "begin the step; arms its lever, fires nothing")),
    row(Steps, &[Char(' ')], "Space", Act::Step(StepAct::Confirm), ("", "say what you SAW; only where no sensor sees")),
    row(Steps, &[Char('s')], "s", Act::Step(StepAct::Skip), ("", "skip, with a reason")),
    row(Steps, &[Char('o')], "o", Act::Step(StepAct::Override), ("", "override the sensor, with a reason")),
    row(Steps, &[Char('d')], "d", Act::Step(StepAct::Defer), ("", "defer until a trigger; opens a debt")),
    row(Steps, &[Char('u')], "u", Act::Step(StepAct::Reopen), ("", "open again what a person has marked")),
    row(Steps, &[Char('y')], "y", Act::Lever(LeverAct::Copy), ("", "copy the by-hand command")),

    row(Levers, &[Digit(9)], "1-9", Act::Lever(LeverAct::ArmNumber), ("arm", "arm this lever; nothing is sent")),
    row(Levers, &[Char('U')], "U", Act::Lever(LeverAct::PayDebt), ("arm undo", "arm the undo of the selected lever")),

    row(Debts, &[Char('U')], "U", Act::Lever(LeverAct::PayDebt), ("arm undo", "arm the undo of the selected debt")),

    row(Comms, &[Char('e')], "e", Act::Talk(TalkAct::Edit), ("edit", "edit its words; Enter does too")),
    row(Comms, &[Char('P')], "P", Act::Talk(TalkAct::Preview), ("preview", "the message exactly as it would leave; nothing is sent")),

    row(Edit, &[Ctrl('s')], "Ctrl-S", Act::Talk(TalkAct::Save), ("save", "save the words; P then shows what would be sent")),
    row(Edit, &[Code(KeyCode::Tab)], "Tab", Act::Talk(TalkAct::NextBlank), ("next blank", "to the next [[blank]]")),
    row(Edit, &[Code(KeyCode::Esc)], "Esc", Act::Talk(TalkAct::LeaveWords), ("leave", "leave; unsaved words are asked about, never lost")),

    row(Tree, &[Char('s')], "s", Act::Talk(TalkAct::Raise), ("raise", "raise the selected symptom: you see it")),

    row(Preview, &[Char('F')], "F", Act::Talk(TalkAct::Send), ("", "send this message; live 0.7 s after arming")),
    row(Preview, &[Char('y')], "y", Act::Lever(LeverAct::Copy), ("copy", "copy the request")),
    row(Preview, &[Code(KeyCode::Esc), Char('q')], "Esc", Act::Talk(TalkAct::Withdraw), ("back", "back; nothing is sent")),

    row(Posted, &[Char('P')], "P", Act::Talk(TalkAct::Preview), ("prepare anew", "prepare it anew; nothing is sent")),
    row(Posted, &[Code(KeyCode::Esc), Char('q')], "Esc", Act::Talk(TalkAct::Withdraw), ("leave", "leave; the message goes on")),

    row(Lists, &[Char('y')], "y", Act::CopyLink, ("copy", "copy the address; no browser starts")),

    row(Arm, &[Char('F')], "F", Act::Lever(LeverAct::Fire), ("", "fire; live 0.7 s after arming")),
    row(Arm, &[Char('r')], "r", Act::Lever(LeverAct::ReRead), ("re-read", "look again")),
    row(Arm, &[Char('y')], "y", Act::Lever(LeverAct::Copy), ("copy", "copy the request")),
    row(Arm, &[Char('x')], "x", Act::Lever(LeverAct::ByHand), ("done by hand", "I did it by hand: read it back, send nothing")),
    row(Arm, &[Char('o')], "o", Act::Lever(LeverAct::FireAnyway), ("override", "give a reason for firing against an interlock")),
    row(Arm, &[Char('t')], "t", Act::Lever(LeverAct::TypeTarget), ("", "type the target of an irreversible lever")),
    row(Arm, &[Char('A')], "A", Act::Lever(LeverAct::Approve), ("", "a second person approves: their name, then the target")),
    row(Arm, &[Char('v')], "v", Act::Lever(LeverAct::AttestDone), ("", "no read-back: it is as wanted; say what you SAW")),
    row(Arm, &[Char('n')], "n", Act::Lever(LeverAct::AttestNotDone), ("", "no read-back: it is NOT as wanted; say what you SAW")),
    row(Arm, &[Code(KeyCode::Esc)], "Esc", Act::Lever(LeverAct::Disarm), ("disarm", "disarm; nothing is sent")),

    row(Fired, &[Char('r')], "r", Act::Lever(LeverAct::ReRead), ("look again", "look again; a pull known not to have worked is armed anew")),
    row(Fired, &[Char('v')], "v", Act::Lever(LeverAct::AttestDone), ("", "no read-back: it is as wanted; say what you SAW")),
    row(Fired, &[Char('n')], "n", Act::Lever(LeverAct::AttestNotDone), ("", "no read-back: it is NOT as wanted; say what you SAW")),
    row(Fired, &[Code(KeyCode::Esc), Char('q')], "Esc", Act::Lever(LeverAct::Disarm), ("leave", "leave; the pull goes on")),

    row(Menu, &[Digit(9), Letter('p')], "1-9 a-p", Act::Choose, ("choose", "choose; a lever has the number it has in LEVERS")),
    row(Menu, &[Code(KeyCode::Esc), Char('q')], "Esc", Act::Cancel, ("back", "back; nothing is chosen")),

    row(Text, &[Code(KeyCode::Enter)], "Enter", Act::Accept, ("accept", "accept the text")),
    row(Text, &[Code(KeyCode::Esc)], "Esc", Act::Cancel, ("drop", "drop the text")),

    row(Place::Help, &[Char('j'), Code(KeyCode::Down)], "j", Act::Down, ("", "down")),
    row(Place::Help, &[Char('k'), Code(KeyCode::Up)], "k", Act::Up, ("", "up")),
    row(Place::Help, &[Code(KeyCode::Esc), Char('q'), Char('?'), Code(KeyCode::F(1))], "Esc", Act::Back, ("close", "close the help")),

    row(Quit, &[Char('y')], "y", Act::Quit, ("leave", "leave; `resume` goes on from here")),
    row(Quit, &[Char('n'), Char('q'), Code(KeyCode::Esc)], "Esc n", Act::Stay, ("stay", "stay")),

    row(Always, &[Ctrl('c')], "Ctrl-C", Act::Interrupt, ("", "cancel; twice in 2 s asks; a third leaves")),
    row(Always, &[Ctrl('l')], "Ctrl-L", Act::Redraw, ("", "draw again")),
];

impl Key {
    /// Whether `event` is this key.
    fn is(self, event: KeyEvent) -> bool {
        let held = event.modifiers.difference(KeyModifiers::SHIFT);
        match (self, event.code) {
            (Self::Ctrl(letter), KeyCode::Char(pressed)) => {
                held == KeyModifiers::CONTROL && letter == pressed.to_ascii_lowercase()
            }
            (Self::Char(letter), KeyCode::Char(pressed)) => held.is_empty() && letter == pressed,
            (Self::Digit(_), KeyCode::Char(pressed)) => held.is_empty() && self.digit(pressed).is_some(),
            (Self::Letter(last), KeyCode::Char(pressed)) => held.is_empty() && ('a'..=last).contains(&pressed),
            (Self::Code(code), pressed) => held.is_empty() && code == pressed,
            (Self::Ctrl(_) | Self::Char(_) | Self::Digit(_) | Self::Letter(_), _) => false,
        }
    }

    fn digit(self, pressed: char) -> Option<u8> {
        let digit = number_of(pressed)?;
        matches!(self, Self::Digit(most) if (1..=most).contains(&digit)).then_some(digit)
    }
}

/// The number a character stands for: `1` to `9`, then `a` is 10.
fn number_of(pressed: char) -> Option<u8> {
    u8::try_from(pressed.to_digit(36)?).ok()
}

/// The character that stands for a number, if there is one.
pub(super) fn character_of(number: usize) -> Option<char> {
    char::from_digit(u32::try_from(number).ok()?, 26)
}

/// What `event` does in the first of `places` that knows it, and the number pressed.
pub fn lookup(places: &[Place], event: KeyEvent) -> Option<(Act, u8)> {
    let rows_of = |place: &Place| {
        let place = *place;
        KEYMAP.iter().filter(move |row| row.place == place)
    };
    let row = places.iter().flat_map(rows_of).find(|row| row.keys.iter().any(|key| key.is(event)))?;
    let pressed = event.code.as_char().and_then(number_of);
    Some((row.act, pressed.unwrap_or(0)))
}
