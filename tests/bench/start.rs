//! From the start of the program to its first whole screen.

use crate::pty::{Program, Terminal};
use crate::table::{Series, versus};
use crate::{curses, goaround};
use color_eyre::eyre::Result;
use std::path::Path;

/// A whole cockpit: the metrics, and the keys on the last row, which is drawn last.
fn whole(screen: &vt100::Screen) -> bool {
    let keys = screen.rows(0, 80).last().is_some_and(|row| !row.trim().is_empty());
    screen.alternate_screen() && keys && screen.contents().contains("METRICS")
}

/// Any screen that says so.
fn says(screen: &vt100::Screen) -> bool {
    screen.contents().contains("METRICS")
}

/// Starts each in turn, round by round.
pub fn run(rounds: usize, incidents: &Path) -> Result<()> {
    println!("\n1. start to first frame, 80x24, {rounds} rounds in turn");
    println!("   goaround's includes parsing its playbook, making the incident directory and syncing it");
    let drill = goaround(&["drill"], incidents);
    let floor = Program::new(&["sh", "-c", "printf METRICS; exec cat"]);
    let mut contenders = [
        (Series::new("goaround drill"), drill, whole as fn(&vt100::Screen) -> bool),
        (Series::new("python3 curses, one page"), curses()?, says),
        (Series::new("sh -c 'printf METRICS; cat' (the floor)"), floor, says),
    ];
    for _ in 0..rounds {
        for (series, program, ready) in &mut contenders {
            let (mut terminal, began) = Terminal::spawn(program)?;
            series.push(terminal.until(*ready)? - began);
        }
    }
    versus(&contenders.each_ref().map(|(series, ..)| series));
    Ok(())
}
