//! What a person wishes. The app turns it into a command, or refuses with a sentence.

use crate::incident::{Command, Way};
use crate::playbook::Id;
use crate::text::Text;

/// A wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Ask the incident for this.
    Submit(Command),
    /// Prepare a lever: nothing is sent; the next scene holds it as `armed`.
    Arm {
        /// The lever.
        lever: Id,
        /// Which way.
        way: Way,
        /// The step it is for.
        step: Option<Id>,
    },
    /// Drop the armed lever or message.
    Disarm,
    /// Fire the armed lever.
    Fire {
        /// Why, although an interlock does not hold.
        override_reason: Option<Text>,
    },
    /// Say that the armed lever was pulled by hand: it is read back, nothing is sent.
    ByHand {
        /// Why, although an interlock does not hold.
        override_reason: Option<Text>,
    },
    /// Look again: the armed lever's probes, or an unknown pull's read-back.
    ReRead,
    /// Prepare a message: nothing is sent; the next scene holds it as `letter`.
    ArmComm {
        /// Which comm of the playbook.
        comm: Id,
        /// A person's own words; without them it is written from its template.
        words: Option<String>,
    },
    /// Write down and send a message, in exactly these words.
    SendComm {
        /// Which comm of the playbook.
        comm: Id,
        /// What it says.
        words: String,
    },
    /// Observing: object to something.
    Object(Text),
    /// Observing: ask for command, or do not ask for it any more.
    AskCommand,
    /// Keep the saved words of a message that was not sent yet with the incident, or let go of them.
    KeepDraft {
        /// Which comm of the playbook.
        comm: Id,
        /// What it says so far; `None` when there is nothing to keep any more.
        words: Option<String>,
    },
    /// Replaying: keep a bookmark beside the journal, at so many milliseconds since its first record.
    KeepBookmark(u64),
    /// Replaying: let go of the bookmark at so many milliseconds since the first record.
    DropBookmark(u64),
    /// Put this on the clipboard.
    Copy(String),
    /// Leave the cockpit; the incident stays as it is.
    Quit,
    /// The same at once, without a debrief.
    Exit,
    /// Draw everything again.
    Redraw,
}
