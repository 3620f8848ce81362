//! Reading what a script teaches: its causes, its cast, its pitfalls.

use super::check::Checker;
use super::{Cast, Cause, Comes, FileRow, Left, Pitfall};
use crate::drill::written::{CastTable, EventTable, MistakeTable, PitfallTable};
use crate::incident::is_a_name;
use crate::playbook::Id;
use toml::Spanned;

/// Who speaks for a drill's script; nobody's role.
pub const CAST: &str = "cast";

impl Checker<'_> {
    /// A cause; `files` are those whose variables only follow them.
    pub(super) fn event(&mut self, table: Spanned<EventTable>, files: &[FileRow]) -> Option<Cause> {
        let span = table.span();
        let EventTable { at, after, later, repeat, when, set, says } = table.into_inner();
        self.settable(span.clone(), set.keys().map(String::as_str));
        for file in files.iter().filter(|file| set.contains_key(&file.var)) {
            self.fault(span.clone(), &format!("`{}` follows the file `{}`; set another", file.var, file.path));
        }
        let wrong = match (at, later) {
            (Some(_), _) if !after.is_empty() => Some("an event comes at a time or after something, not both"),
            (Some(_), Some(_)) => Some("later belongs to after: leave it out, or name what must be so for so long"),
            (None, _) if after.is_empty() => Some("an event says when it comes: at = \"90s\", or after = { … }"),
            (at, later) if repeat && at.or(later).unwrap_or_default().0 == 0 => {
                Some("what repeats needs a while between: at or later above 0s")
            }
            _ if set.is_empty() && says.is_none() => Some("an event that sets nothing and says nothing is none"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            self.fault(span, wrong);
            return None;
        }
        let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
        let comes = match at {
            Some(at) => Comes::At(signed(at.0)),
            None => {
                Comes::After { when: self.when(span.clone(), after), later_ms: signed(later.unwrap_or_default().0) }
            }
        };
        Some(Cause { comes, repeats: repeat, when: self.when(span, when), set, says })
    }

    /// Who answers; a role that could sign nothing is refused.
    pub(super) fn cast(&mut self, table: Option<Spanned<CastTable>>) -> Cast {
        let Some(table) = table else { return Cast::default() };
        let span = table.span();
        let CastTable { commander, declares, answers, approvals, sends } = table.into_inner();
        for role in approvals.values().chain(&commander).filter(|role| !is_a_name(role) || *role == CAST) {
            self.fault(span.clone(), &format!("`{role}` is no role that can sign; write for instance `DBA`"));
        }
        Cast { commander, declares, severity: None, declares_ms: 0, answers, approvals, sends }
    }

    pub(super) fn pitfalls(&mut self, tables: Vec<Spanned<PitfallTable>>) -> Vec<Pitfall> {
        let mut pitfalls: Vec<Pitfall> = Vec::new();
        for table in tables {
            let span = table.span();
            let Some(pitfall) = self.pitfall(table) else { continue };
            if pitfalls.iter().any(|other| other.id == pitfall.id) {
                self.fault(span, &format!("there are two pitfalls `{}`; rename one", pitfall.id));
            } else {
                pitfalls.push(pitfall);
            }
        }
        pitfalls
    }

    fn pitfall(&mut self, table: Spanned<PitfallTable>) -> Option<Pitfall> {
        let span = table.span();
        let PitfallTable { id, title, fell, left, says, mistake, .. } = table.into_inner();
        let known = Id::new(id.get_ref()).map_err(|why| self.fault(id.span(), &why)).ok();
        let declares = mistake.declare;
        if fell.is_empty() && left.is_empty() && !declares {
            self.fault(span.clone(), "a pitfall shows itself: say in fell or left how");
        }
        if mistake == MistakeTable::default() {
            self.fault(span.clone(), "a mistake does something wrong: skip, pull, order, leave or declare");
        }
        let fell = self.when(span, fell);
        Some(Pitfall { id: known?, title, fell, left: left.iter().map(|left| Left::of(left)).collect(), says, mistake })
    }
}

impl Left {
    /// `rotate`, `debt:unfreeze` or `message:first`.
    fn of(written: &str) -> Self {
        match written.split_once(':') {
            Some(("debt", debt)) => Self::Debt(debt.to_owned()),
            Some(("message", message)) => Self::Message(message.to_owned()),
            Some(_) | None => Self::Step(written.to_owned()),
        }
    }
}
