//! The main screen in one column: everything below everything.

use super::{size, sought};
use crate::cockpit::groups;
use crate::cockpit::panels::{Lines, View, charts, checklist, debts, head, journal, levers, metrics, size_up};
use crate::cockpit::ui::Panel;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// A screen higher than this gives every sentence the rows it needs.
const ROOMY: usize = 26;
/// With so many rows to spare there is a chart.
const CHART_LEAST: usize = 8;
/// With so many rows to spare after the charts, the journal is there too.
const JOURNAL_LEAST: usize = 5;

/// What room is left goes to charts, then to the journal, then to air.
pub(super) fn lines(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let mut lines = head::always(view, width);
    lines.extend(size_up::lines(view, width, if height > ROOMY { 2 } else { 1 }));
    let strip = levers::strip(view, width, 2);
    let bottom = vec![debts::strip(view, width), debts::comms_strip(view, width)];
    // One row for the keys; the toast takes the last free one, or covers the keys.
    let room = height.saturating_sub(lines.len() + strip.len() + bottom.len() + 1);
    let (metric_rows, step_rows) = shares(view, width, room);
    let mut spare = room.saturating_sub(metric_rows + step_rows);
    let mut air = |lines: &mut Lines| {
        if spare > 1 {
            spare -= 1;
            lines.push(Line::default());
        }
    };
    air(&mut lines);
    lines.extend(sought(view, Panel::Metrics, metrics::table(view, width, metric_rows)));
    air(&mut lines);
    let mut rest = sought(view, Panel::Checklist, checklist::list(view, width, step_rows));
    air(&mut rest);
    rest.extend(sought(view, Panel::Levers, strip));
    air(&mut rest);
    rest.extend(bottom);
    if spare >= CHART_LEAST {
        let charts = charts::stack(view, width, spare - 2);
        spare -= charts.len() + 1;
        lines.extend(charts);
        lines.push(Line::default());
    }
    lines.extend(rest);
    if spare > JOURNAL_LEAST {
        lines.push(Line::default());
        lines.extend(sought(view, Panel::Journal, journal::list(view, width, spare - 2)));
    }
    lines
}

/// How many rows the metrics and the steps get, headings included.
fn shares(view: &View, width: usize, room: usize) -> (usize, usize) {
    let metrics = groups::rows(view.scene).len() + 1;
    let least = view.scene.playbook.steps.len() + 1;
    let steps = checklist::wanted(view, width).min(room.saturating_sub(metrics)).max(least);
    if metrics + steps <= room {
        return (metrics, steps);
    }
    let half = room / 2;
    if metrics <= half {
        (metrics, room - metrics)
    } else if steps <= room - half {
        (room - steps, steps)
    } else {
        (half, room - half)
    }
}
