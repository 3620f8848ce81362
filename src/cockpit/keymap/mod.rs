//! The one table of keys: it feeds dispatch, the footer, the help, the palette and the README.

mod bound;
mod key;
mod reel;
mod sort;
mod table;

pub use bound::{Bound, Change, Keymap, Misbound, Pressed};
pub use key::Key;
pub(super) use key::character_of;
pub use reel::ReelAct;
pub(super) use sort::Sort;
pub use table::KEYMAP;

use super::catalogue::Catalogue;

/// Where a key means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Everywhere, text fields included.
    Always,
    /// The main screen and every view over it.
    Main,
    /// The checklist, and one step's detail.
    Steps,
    /// What one step does, in its detail.
    Output,
    /// The levers.
    Levers,
    /// The list of debts.
    Debts,
    /// The hold.
    Hold,
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
    /// A line of text that can be taken as it stands.
    Ready,
    /// A line of text.
    Text,
    /// The help screen.
    Help,
    /// The palette.
    Palette,
    /// The words being searched for.
    Search,
    /// The question before leaving.
    Quit,
    /// A replay, and every view over it.
    Replay,
    /// A replay with nothing open over it.
    Events,
}

impl Place {
    /// Every place, in the order of the help screen, with its heading there.
    pub const ALL: &[(Self, &str)] = &[
        (Self::Replay, "REPLAY"),
        (Self::Events, "EVENTS"),
        (Self::Steps, "STEP"),
        (Self::Output, "OUTPUT"),
        (Self::Main, "MAIN"),
        (Self::Levers, "LEVERS"),
        (Self::Arm, "ARMED"),
        (Self::Fired, "FIRED"),
        (Self::Debts, "DEBTS"),
        (Self::Hold, "HOLD"),
        (Self::Comms, "COMMS"),
        (Self::Edit, "EDITING"),
        (Self::Tree, "TREE"),
        (Self::Preview, "MESSAGE"),
        (Self::Posted, "POSTED"),
        (Self::Lists, "LISTS"),
        (Self::Menu, "CHOICE"),
        (Self::Ready, "READY"),
        (Self::Text, "TEXT"),
        (Self::Help, "HELP"),
        (Self::Palette, "PALETTE"),
        (Self::Search, "SEARCH"),
        (Self::Quit, "LEAVING"),
        (Self::Always, "ALWAYS"),
    ];

    /// Where places hold together, the inner first; `Always` holds beside each of them.
    pub const TOGETHER: &[&[Self]] = &[
        &[Self::Replay, Self::Output, Self::Steps, Self::Main],
        &[Self::Events, Self::Replay, Self::Steps, Self::Main],
        &[Self::Replay, Self::Hold, Self::Main],
        &[Self::Replay, Self::Levers, Self::Main],
        &[Self::Replay, Self::Debts, Self::Main],
        &[Self::Replay, Self::Comms, Self::Main],
        &[Self::Replay, Self::Tree, Self::Main],
        &[Self::Replay, Self::Lists, Self::Main],
    ];

    /// Whether a key could be meant for either of them.
    pub(super) fn are_together(one: Self, other: Self) -> bool {
        let always = one == Self::Always || other == Self::Always;
        one == other || always || Self::TOGETHER.iter().any(|places| places.contains(&one) && places.contains(&other))
    }

    /// Whether a character without Control is text there.
    fn is_typed_in(self) -> bool {
        matches!(self, Self::Text | Self::Edit | Self::Palette | Self::Search | Self::Always)
    }
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Help for where one is.
    Help,
    /// Everything by name.
    Palette,
    /// Search where one is.
    Search,
    /// To the next line found.
    NextFound,
    /// To the line found before.
    PrevFound,
    /// One down.
    Down,
    /// One up.
    Up,
    /// Half a page down.
    HalfDown,
    /// Half a page up.
    HalfUp,
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
    /// Let the hold take longer.
    ExtendHold,
    /// The clocks and stages.
    Clocks,
    /// The debts.
    Debts,
    /// The messages.
    Comms,
    /// The decision tree.
    Tree,
    /// The alerts that were acknowledged.
    Acknowledged,
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
    /// Something with the tape of a replay.
    Reel(ReelAct),
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
    /// The next theme.
    Theme,
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
    /// Follow its output, or hold it still.
    Follow,
    /// Scroll its output up.
    OutputUp,
    /// Scroll its output down.
    OutputDown,
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
    /// To the next message of this stage: another receiver.
    NextReceiver,
    /// To the message of the next stage.
    NextStage,
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
    /// Open the ready reason, to type into it.
    EditReason,
    /// Acknowledge the top alert.
    Acknowledge,
    /// Raise the selected symptom.
    Raise,
    /// Close the incident.
    Close,
    /// Observing: object.
    Object,
    /// Ask for command, or answer who asks.
    Command,
}

impl Act {
    /// Whether it only moves, so that holding the key down may repeat it.
    pub fn moves(self) -> bool {
        let goes = matches!(self, Self::Reel(act) if act.goes());
        goes || matches!(
            self,
            Self::Down | Self::Up | Self::HalfDown | Self::HalfUp | Self::NextFound | Self::PrevFound
        )
    }

    /// Whether it goes about and does nothing.
    pub fn walks(self) -> bool {
        let goes = matches!(self, Self::First | Self::Last | Self::Panel | Self::NextPanel | Self::PrevPanel);
        goes || self.moves()
    }

    /// Whether it leads back or out: that needs no picture.
    pub fn leads_out(self) -> bool {
        let disarms =
            matches!(self, Self::Lever(LeverAct::Disarm) | Self::Talk(TalkAct::Withdraw | TalkAct::LeaveWords));
        let leaves = matches!(self, Self::Leave | Self::Quit | Self::Interrupt | Self::Redraw);
        disarms || leaves || matches!(self, Self::Back | Self::Cancel | Self::Stay)
    }

    /// Whether it changes production or speaks to people, or says that somebody has.
    pub fn reaches_far(self) -> bool {
        matches!(self, Self::Lever(LeverAct::Fire | LeverAct::ByHand) | Self::Talk(TalkAct::Send))
    }

    /// Whether it does that, or is a person's word for what was done: Enter and Space never do it.
    pub fn reaches_out(self) -> bool {
        let word = matches!(
            self,
            Self::Lever(
                LeverAct::FireAnyway
                    | LeverAct::TypeTarget
                    | LeverAct::Approve
                    | LeverAct::AttestDone
                    | LeverAct::AttestNotDone
            )
        );
        word || self.reaches_far()
    }

    /// Its name: the innermost word of it, as `arm-number`.
    fn name(self) -> String {
        let written = format!("{self:?}");
        let word = written.trim_end_matches(')').rsplit('(').next().unwrap_or_default();
        kebab(word)
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

impl Binding {
    /// Its name in `config.toml`: `main.levers`.
    pub fn name(&self) -> String {
        format!("{}.{}", kebab(&format!("{:?}", self.place)), self.act.name())
    }
}

/// `ArmNumber` as `arm-number`.
fn kebab(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}
