//! The newest records, newest first.

use super::{Lines, View};
use crate::cockpit::theme::Token;
use crate::cockpit::ui::Panel;
use crate::cockpit::words;
use crate::incident::{Event, Record, tell};

/// The journal in `height` rows with its heading.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    // Where one reads is a record: newer ones that arrive move nothing.
    let newer = |record: &&Record| view.ui.selected.record.is_some_and(|top| record.seq > top);
    let back = view.scene.records.iter().rev().take_while(newer).count();
    let mut heading = view.heading(Panel::Journal, "JOURNAL");
    if back > 0 {
        heading = heading.put(Token::Muted, &format!("   {back} newer above"));
    }
    let mut lines = vec![heading.line()];
    for record in view.scene.records.iter().rev().skip(back).take(height.saturating_sub(1)) {
        let words = tell(&view.scene.playbook, &record.event);
        let row = view.row().cell(Token::Muted, &time(view, record), 9);
        lines.push(row.fit(token(&record.event), &words, width).line());
    }
    lines
}

/// Since the declaration; before it, with a minus.
fn time(view: &View, record: &Record) -> String {
    let Some(declared) = &view.scene.state.marks.declared else {
        return format!("#{}", record.seq);
    };
    if record.at.wall_ms < declared.wall_ms {
        return format!("-{}", words::clock(declared.since(&record.at).ms));
    }
    words::clock(record.at.since(declared).ms)
}

fn token(event: &Event) -> Token {
    match event {
        Event::VerdictChanged { verdict, .. } => crate::cockpit::facts::token_of(verdict.state),
        Event::Reverted { .. } => Token::Breach,
        Event::PullStarted { .. } | Event::BranchOpened { .. } => Token::Event,
        Event::StepFailed { .. }
        | Event::StepReopened { .. }
        | Event::HoldReset { .. }
        | Event::BaselineMissed { .. } => Token::Warn,
        Event::StepSkipped { .. } | Event::StepOverridden { .. } => Token::Override,
        Event::HoldMet { .. } | Event::Closed { .. } | Event::FollowedUp { .. } => Token::Ok,
        Event::Opened { .. }
        | Event::Declared { .. }
        | Event::SizedUp { .. }
        | Event::SymptomDeclared { .. }
        | Event::ChecklistStarted
        | Event::StepStarted { .. }
        | Event::StepDone { .. }
        | Event::StepDeferred { .. }
        | Event::PullSettled { .. }
        | Event::ReadBack { .. }
        | Event::Attested { .. }
        | Event::BaselineCaptured { .. }
        | Event::SensorTurned { .. }
        | Event::DebtOpened { .. }
        | Event::DebtPaid { .. }
        | Event::HoldStarted
        | Event::HoldPaused { .. }
        | Event::HoldResumed
        | Event::EvidenceCaptured { .. }
        | Event::MessageQueued { .. }
        | Event::MessageSettled { .. }
        | Event::MessageRetried { .. }
        | Event::NoteAdded { .. }
        | Event::Acknowledged { .. }
        | Event::ReversionAcknowledged { .. }
        | Event::Approved { .. }
        | Event::Objected { .. }
        | Event::HandedOver { .. }
        | Event::Resumed { .. } => Token::Fg,
    }
}
