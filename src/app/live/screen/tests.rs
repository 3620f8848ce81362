//! Claims about whose hands the terminal is in.

use super::draw::{Shared, answered};
use super::{Loan, PoisonError};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Nobody would wait that long.
const FOR_EVER: Duration = Duration::from_secs(3600);

/// A terminal that was asked, or was not.
fn shared(awaits: bool) -> Shared {
    let shared = Shared::default();
    shared.0.lock().unwrap_or_else(PoisonError::into_inner).awaits = awaits;
    shared
}

#[test]
fn a_terminal_that_owes_an_answer_is_kept_until_it_is_in() {
    let shared = shared(true);
    let (tell, told) = channel();
    let loan = Loan(shared.clone());
    std::thread::spawn(move || {
        loan.hear_out(FOR_EVER);
        tell.send(()).expect("the test listens");
    });
    assert_eq!(told.recv_timeout(Duration::from_millis(100)), Err(RecvTimeoutError::Timeout), "it is still ours");
    answered(&shared);
    assert_eq!(told.recv_timeout(Duration::from_secs(60)), Ok(()));
}

#[test]
fn a_terminal_that_owes_none_or_never_answers_keeps_nobody() {
    Loan(shared(false)).hear_out(FOR_EVER);
    let silent = Loan(shared(true));
    silent.hear_out(Duration::from_millis(1));
    // Lent and taken again, it is not waited for once more.
    silent.hear_out(FOR_EVER);
}
