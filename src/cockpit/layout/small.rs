//! The main screen where there is little room: what must not be missing.

use super::{size, sought};
use crate::cockpit::panels::{Lines, View, checklist, debts, head, metrics};
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Panel};
use crate::cockpit::{facts, groups, words};
use ratatui::layout::Rect;

/// With so many rows the metrics get a third of them.
const ROOMY: usize = 14;

/// The clocks, the alerts, the worst metric, the current step, the debts; what room is left goes to more of them. The
/// last row is for the keys.
pub(super) fn lines(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let mut lines = head::always(view, width);
    let room = height.saturating_sub(lines.len() + 2);
    let table = groups::rows(view.scene).len() + 1;
    // Where there is little room, all of it is for the current step.
    let least = if room < ROOMY { 1 } else { table.min(room / 3) };
    let steps = checklist::wanted(view, width).min(room.saturating_sub(least));
    lines.extend(sought(view, Panel::Metrics, measured(view, width, room - steps)));
    let steps = checklist::short(view, width, height.saturating_sub(lines.len() + 2));
    lines.extend(sought(view, Panel::Checklist, steps));
    lines.push(debts::strip(view, width));
    lines
}

/// The table, or as many of the worst metrics as there is room for.
fn measured(view: &View, width: usize, height: usize) -> Lines {
    let mut rows = groups::rows(view.scene);
    if height > rows.len() {
        return metrics::table(view, width, height);
    }
    rows.sort_by_key(|metric| facts::worst_rank(view.scene, metric));
    rows.into_iter().take(height).map(|metric| metrics::one(view, metric, width)).collect()
}

/// What is said where not even that has room: how it stands, and what to do.
pub(in crate::cockpit) fn too_small(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let sentence = "goaround needs 40x10 or more. Everything goes on; make this larger, or use --plain.";
    let said = |text: &String| view.row().put(Token::Fg, text).line();
    let mut lines = open(view, width);
    lines.extend(words::wrap(sentence, width).iter().map(said));
    if lines.len() + 2 <= height {
        lines.extend(head::header(view, width));
        lines.extend(facts::worst(view.scene).map(|metric| metrics::one(view, metric, width)));
    }
    lines
}

/// What is under arms, or asked, where none of it can be shown: keys do nothing there but lead back.
fn open(view: &View, width: usize) -> Lines {
    let ui = view.ui;
    let lever = ui.arming().and_then(|arming| arming.armed(view.scene)).map(|armed| &armed.lever);
    let letter = ui.posting().and_then(|posting| posting.letter(view.scene)).map(|letter| &letter.comm);
    let words = if let Some(lever) = lever {
        format!(
            "ARMED lever {}: {lever}. Nothing fires here; <arm.disarm> disarms.",
            facts::lever_number(view.scene, lever)
        )
    } else if let Some(comm) = letter {
        format!("ARMED message {comm}. Nothing is sent here; <preview.withdraw> disarms.")
    } else if matches!(ui.stack.last(), Some(Dialog::Quit)) {
        "LEAVE? <quit.quit> leaves, <quit.stay> stays.".to_owned()
    } else {
        return Lines::new();
    };
    let row = |text: &String| view.row().styled(view.theme.armed(), text).line();
    words::wrap(&view.spell(&words), width).iter().map(row).collect()
}
