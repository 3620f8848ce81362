//! Debts: opened, and paid.

use crate::incident::{DebtState, Event, Moment, State};

/// Believes an event about a debt.
pub(super) fn debt(state: &mut State, event: &Event, at: &Moment) {
    match event {
        Event::DebtOpened { debt, title } => {
            let opened = DebtState { title: title.clone(), opened: at.clone(), paid: None };
            state.debts.insert(debt.clone(), opened);
            state.marks.debts_paid = None;
        }
        Event::DebtPaid { debt, .. } => {
            if let Some(debt) = state.debts.get_mut(debt) {
                debt.paid = Some(at.clone());
            }
        }
        _ => unreachable!("`apply` sends only debt events here"),
    }
}
