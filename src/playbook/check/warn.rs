//! `warn = "80%"`: a warning that far on the way from the baseline, or from 0, to the stop limit (seed 003, D19).

use super::Desk;
use crate::playbook::{Baseline, Bound, Limit, Op};

/// The least part of the way that is worth a warning.
const LEAST: f64 = 0.1;

/// What is known of a metric when its warning is worked out.
pub(super) struct Road<'r> {
    /// Where `warn` is written, and what.
    pub(super) at: &'r str,
    pub(super) written: &'r str,
    pub(super) stop: Option<&'r Limit>,
    pub(super) baseline: Option<&'r Baseline>,
}

impl Desk<'_> {
    /// The limit that a share of the way means; a flaw where there is no such way.
    pub(super) fn warn_on_the_way(&mut self, road: &Road<'_>, share: f64) -> Option<Limit> {
        let Road { at, written, stop, baseline } = road;
        let hint = "write it as a limit of its own: `warn = \"> 0.8%\"`";
        let Some(stop) = stop else {
            self.flaw(at, format!("`{written}` is a part of the way to `stop`, and there is no `stop`"), hint);
            return None;
        };
        // Far below that somebody meant a limit and forgot its `>`.
        if stop.op == Op::Eq || !(LEAST..1.0).contains(&share) {
            let what = format!("`{written}` is no part of the way to `stop` ({})", stop.written);
            self.flaw(at, what, hint);
            return None;
        }
        let bound = on_the_way(stop.bound, share, *baseline);
        let falls = matches!(stop.op, Op::Lt | Op::Le);
        if let (Bound::Value(warn), Bound::Value(stop_at), None) = (bound, stop.bound, baseline)
            && (if falls { warn < stop_at } else { warn > stop_at })
        {
            let what = format!("`{written}` of the way from 0 lies beyond `stop` ({})", stop.written);
            self.flaw(at, what, "add a `baseline` that the way begins at");
            return None;
        }
        let to = stop.written.split(" for ").next().unwrap_or_default();
        Some(Limit { op: stop.op, bound, for_ms: 0, written: format!("{written} of the way to {to}") })
    }
}

/// The bound `share` of the way from the baseline, or from 0 without one, to `stop`.
fn on_the_way(stop: Bound, share: f64, baseline: Option<&Baseline>) -> Bound {
    match (stop, baseline) {
        (Bound::Times(factor), _) => Bound::Times(1.0 + share * (factor - 1.0)),
        (Bound::Plus(add), _) => Bound::Plus(share * add),
        (Bound::Part { of, share: own }, _) => Bound::Part { of, share: share * own },
        (Bound::Value(of), None) => Bound::Value(share * of),
        (Bound::Value(of), Some(Baseline::Value(from))) => Bound::Value(from + share * (of - from)),
        (Bound::Value(of), Some(Baseline::File { .. } | Baseline::Offset(_) | Baseline::AtStart(_))) => {
            Bound::Part { of, share }
        }
    }
}
