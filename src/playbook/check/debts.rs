//! Debts, and the order in which they can be paid.

use super::Desk;
use crate::playbook::raw::{Raw, RawDebt};
use crate::playbook::spans::join;
use crate::playbook::{Debt, DebtAfter, Id};
use indexmap::IndexMap;

/// Words that `after` may say besides a debt's id.
const HOLD: &str = "hold";
const ANYTIME: &str = "anytime";

impl Desk<'_> {
    /// What must be undone before closing.
    pub(super) fn debts(&mut self, raw: &Raw) -> Option<IndexMap<Id, Debt>> {
        let mut debts = Vec::new();
        for (i, (key, written)) in raw.debts.iter().enumerate() {
            let at = join("/debts", key);
            let id = self.key_id(&at, key);
            if [HOLD, ANYTIME].contains(&key.as_str()) {
                self.document.flaw_of_key(
                    &at,
                    format!("`{key}` is a word of `after` and cannot name a debt"),
                    "rename it",
                );
            }
            let lever = self.debt_lever(raw, &join(&at, "lever"), written);
            if let Some((other, _)) = raw.debts.iter().take(i).find(|(_, other)| other.lever == written.lever) {
                let what = format!("lever `{}` already opens the debt `{other}`", written.lever);
                self.flaw(&join(&at, "lever"), what, "one debt for each lever");
            }
            let after = self.debt_after(raw, &join(&at, "after"), key, written);
            let title = written.title.clone().unwrap_or_else(|| key.clone());
            let owner = written.owner.clone();
            debts.push((|| {
                let id = id?;
                Some((id.clone(), Debt { id, title, lever: lever?, after: after?, owner }))
            })());
        }
        debts.into_iter().collect()
    }

    /// The lever that opens a debt; its undo pays it.
    fn debt_lever(&mut self, raw: &Raw, at: &str, written: &RawDebt) -> Option<Id> {
        let undone = raw.levers.get(&written.lever).is_none_or(|lever| lever.undo.is_some());
        if !undone && !self.document.is_cut(&join(&join("/levers", &written.lever), "undo")) {
            let what = format!("lever `{}` has no `undo`, so this debt could never be paid", written.lever);
            self.flaw(at, what, format!("add `undo` to `[levers.{}]`", written.lever));
        }
        self.refer(at, "levers", &written.lever)
    }

    fn debt_after(&mut self, raw: &Raw, at: &str, key: &str, written: &RawDebt) -> Option<DebtAfter> {
        match written.after.as_deref() {
            None | Some(ANYTIME) => Some(DebtAfter::Anytime),
            Some(HOLD) => Some(DebtAfter::Hold),
            Some(other) => {
                let round = circle(raw, key);
                // A circle is one mistake: it is told at its first debt.
                if round.first().is_some_and(|first| *first == key) {
                    let way = round.join("` after `");
                    let hint = "let one of them wait for `hold` only";
                    self.flaw(at, format!("these debts wait for each other: `{way}` after `{key}`"), hint);
                }
                self.refer(at, "debts", other).map(DebtAfter::Debt)
            }
        }
    }
}

/// The debts that `key` waits for until it waits for itself, starting with the first of the file; empty if it never does.
fn circle<'r>(raw: &'r Raw, key: &'r str) -> Vec<&'r str> {
    let mut way = vec![key];
    while let Some(next) = way.last().and_then(|last| raw.debts.get(*last)).and_then(|debt| debt.after.as_deref()) {
        if next == key {
            let place = |id: &&str| raw.debts.get_index_of(*id);
            let first = way.iter().min_by_key(|id| place(id)).copied();
            return if first == Some(key) { way } else { first.into_iter().collect() };
        }
        if way.contains(&next) {
            break;
        }
        way.push(next);
    }
    Vec::new()
}
