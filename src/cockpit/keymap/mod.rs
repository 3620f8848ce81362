//! The one table of keys: it feeds dispatch, the footer and the help screen.

mod table;

pub use table::KEYMAP;

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
    /// The mouse on, or off.
    Mouse,
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
