//! What a person typed, without the secrets in it: a pasted token must reach neither the journal nor the screen.

use crate::incident::Command;
use crate::text::{Redactor, Text};

/// The command with every sentence in it cut. What goaround put together itself stays as it is: it holds no secret,
/// and a pull must be sent with exactly the values that were shown.
pub(super) fn cut_command(redactor: &Redactor, mut command: Command) -> Command {
    let [one, other] = match &mut command {
        Command::Declare { size_up: text, .. }
        | Command::SizeUp { size_up: text }
        | Command::StartStep { out_of_order: Some(text), .. }
        | Command::Attest { saw: text, .. }
        | Command::Skip { reason: text, .. }
        | Command::Override { reason: text, .. }
        | Command::Defer { trigger: text, .. }
        | Command::Reopen { why: text, .. }
        | Command::OpenBranch { reason: text, .. }
        | Command::Pick { reason: Some(text), .. }
        | Command::Note { text }
        | Command::Object { text, .. }
        | Command::FollowUp { note: text, .. }
        | Command::Close { override_reason: Some(text) } => [Some(text), None],
        Command::Confirm { saw, approver, .. } => [Some(saw), approver.as_mut()],
        Command::Fire(fire) => [fire.override_reason.as_mut(), None],
        // The target is compared with what was armed; only the name is a person's own words.
        Command::Approve { approver, .. } => [Some(approver), None],
        Command::Open { .. }
        | Command::DeclareSymptom { .. }
        | Command::StartStep { out_of_order: None, .. }
        | Command::Pick { reason: None, .. }
        | Command::FailStep { .. }
        | Command::Settle { .. }
        | Command::ReadBack { .. }
        | Command::EndWait { .. }
        | Command::Judge { .. }
        | Command::CaptureBaseline { .. }
        | Command::Sense { .. }
        | Command::Capture { .. }
        | Command::Send { .. }
        | Command::SettleMessage { .. }
        | Command::SendAgain { .. }
        | Command::Acknowledge { .. }
        | Command::AcknowledgeReversion { .. }
        | Command::AcknowledgeObjection { .. }
        | Command::AskCommand { .. }
        | Command::DropAsk { .. }
        | Command::DeclineCommand { .. }
        | Command::HandOver { .. }
        | Command::ExtendHold { .. }
        | Command::Tick
        | Command::Resume { .. }
        | Command::Close { override_reason: None } => [None, None],
    };
    for text in [one, other].into_iter().flatten() {
        *text = cut(redactor, std::mem::take(text));
    }
    command
}

/// A text without the secrets in it; also the name given with `--as`.
pub(super) fn cut(redactor: &Redactor, text: Text) -> Text {
    let cut = redactor.redact(text.as_str());
    if cut == text.as_str() { text } else { Text::from(cut) }
}
