//! The keys of a rollback, as a commander presses them: each waits until the screen says that it is time.

use super::pty::{DEADLINE, Terminal};
use std::time::Instant;

pub const ESC: &str = "\x1b";
pub const ENTER: &str = "\r";

/// Declares what is wrong, once the size-up offered says so, and waits for the checklist to stand at its first step.
#[track_caller]
pub fn declare(terminal: &mut Terminal, wrong: &str) {
    declare_as(terminal, "mira", wrong);
}

/// The same under another name.
#[track_caller]
pub fn declare_as(terminal: &mut Terminal, commander: &str, wrong: &str) {
    terminal.wait_for("I declares a rollback");
    let broken = wrong.matches("BREACH").count();
    let deadline = Instant::now() + DEADLINE;
    loop {
        // What is offered is what is broken when the key is pressed: all of it must be by then.
        if broken > 1 {
            terminal.wait_for(&format!("X {broken} BREACH"));
        }
        terminal.press("I");
        terminal.wait_for("2  SEV2  many are hurt");
        terminal.press("2");
        terminal.wait_for("Enter declares with it");
        if terminal.screen().contains(wrong) {
            break;
        }
        // Where this machine stands still for a moment, seconds of a fast drill are gone, and what was broken is stale.
        assert!(Instant::now() < deadline, "`{wrong}` is not offered:\n{}", terminal.screen());
        terminal.press(ESC);
        terminal.wait_without("Enter declares with it");
        terminal.wait_for("I declares a rollback");
    }
    terminal.press(ENTER);
    terminal.wait_for_line(&["> 1 [ ] capture state", "READY"]);
    terminal.wait_for(&format!("IC {commander}  SEV2  T+"));
}

/// Walks the checklist, picks the best lever, which must be `best`, holds, pays both debts and closes.
#[track_caller]
pub fn land(terminal: &mut Terminal, best: &str) {
    run_step(terminal, 1, "capture state");
    terminal.wait_for("[*] SENSED");
    back_to_main(terminal, 1);
    terminal.wait_for_line(&["1 [*] capture state", "SENSED"]);
    pull_step(terminal, 2, "freeze writers");
    terminal.wait_for("DEBTS 1");

    run_step(terminal, 3, "pick lever");
    terminal.wait_for_line(&["PICK A LEVER", "best first"]);
    terminal.wait_for("Enter does nothing");
    let number = number_of_first_choice(terminal, best);
    terminal.press(&number);
    terminal.wait_for(&format!("saw: {best}"));
    back_to_main(terminal, 3);
    terminal.wait_for_line(&["3 [x] pick lever", "CONFIRMED"]);

    run_step(terminal, 4, "flip one pointer");
    terminal.wait_for(best);
    terminal.wait_for_line(&["+ writers", "no permissions"]);
    fire(terminal);
    back_to_main(terminal, 4);
    pull_step(terminal, 5, "rotate cache ns");
    pull_step(terminal, 6, "throttle on");
    terminal.wait_for("steps 1-6 COMPLETE");
    terminal.wait_for("DEBTS 2");
    hold(terminal);

    pay(terminal, 1);
    pay(terminal, 0);
    terminal.press("Q");
    terminal.wait_for("1  close the incident as recovered");
    terminal.press("1");
    terminal.wait_for("IC mira  CLOSED");
}

/// The number of the first choice, which must be `best`.
#[track_caller]
fn number_of_first_choice(terminal: &Terminal, best: &str) -> String {
    let screen = terminal.screen();
    let choices = screen.lines().skip_while(|line| !line.contains("PICK A LEVER")).skip(1);
    let first = choices.map(str::trim_start).find(|line| line.contains(" -> ")).expect("there is a choice");
    assert!(first.contains(best), "{best} is not the best:\n{screen}");
    first[..1].to_owned()
}

/// Watches until every exit target has been green long enough.
#[track_caller]
fn hold(terminal: &mut Terminal) {
    run_step(terminal, 7, "watch for green");
    back_to_main(terminal, 7);
    terminal.press("H");
    terminal.wait_for("HOLD AND WATCH  elapsed");
    terminal.wait_for("hold MET");
    terminal.press(ESC);
    terminal.wait_without("HOLD AND WATCH");
}

/// Opens the step where the checklist stands, and begins it.
#[track_caller]
pub fn run_step(terminal: &mut Terminal, number: usize, title: &str) {
    terminal.wait_for(&format!("> {number} [ ] {title}"));
    terminal.press(ENTER);
    terminal.wait_for(&format!("STEP {number}/7 {title}"));
    terminal.press("r");
}

/// Goes back from a step's detail to the main screen.
#[track_caller]
pub fn back_to_main(terminal: &mut Terminal, number: usize) {
    terminal.wait_for(&format!("STEP {number}/7"));
    terminal.press(ESC);
    terminal.wait_without(&format!("STEP {number}/7"));
    terminal.wait_for("2 CHECKLIST");
}

/// Begins a step that pulls a lever, fires it, and waits for its read-back.
#[track_caller]
fn pull_step(terminal: &mut Terminal, number: usize, title: &str) {
    run_step(terminal, number, title);
    fire(terminal);
    back_to_main(terminal, number);
}

/// Fires what is armed once F is live, and leaves when it has been read back.
#[track_caller]
pub fn fire(terminal: &mut Terminal) {
    terminal.wait_for("F fires.");
    terminal.press("F");
    terminal.wait_for("+ AGREES");
    terminal.wait_for("Esc goes on");
    terminal.press(ESC);
    terminal.wait_without("READ-BACK");
}

/// Pays the debt that is due.
#[track_caller]
fn pay(terminal: &mut Terminal, left: usize) {
    terminal.wait_for(&format!("DEBTS {}", left + 1));
    terminal.press("U");
    terminal.wait_for("UNDO lever");
    fire(terminal);
    terminal.wait_for(&format!("DEBTS {left}"));
}
