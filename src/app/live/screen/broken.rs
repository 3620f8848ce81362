//! What a panic costs: the flight, if it is the loop's own; else one thread, and the terminal stays as it is.

use super::draw::{self, Shared, message_of};
use super::grip;
use std::sync::PoisonError;

/// Gives the terminal back before the report of a panic that ends the flight is printed. One in another thread costs
/// that thread alone: the cockpit stays, and what broke is said when it is left.
pub(super) fn give_back_on_panic(shared: &Shared) {
    let report = std::panic::take_hook();
    let (shared, opener) = (shared.clone(), std::thread::current().id());
    std::panic::set_hook(Box::new(move |panic| {
        if draw::is_drawing() {
            return;
        }
        if std::thread::current().id() == opener {
            grip::give_back();
            return report(panic);
        }
        let place = panic.location().map(|place| format!(" at {place}")).unwrap_or_default();
        let why = format!("{}{place}", message_of(panic.payload()));
        shared.0.lock().unwrap_or_else(PoisonError::into_inner).note(why);
    }));
}
