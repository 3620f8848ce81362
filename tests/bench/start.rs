//! From the start of the program to its first whole screen.

use crate::goaround;
use crate::peers::Peer;
use crate::pty::{Program, Terminal};
use crate::table::{Series, versus};
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

/// A program to start, and how its first screen is recognised.
struct Contender {
    series: Series,
    program: Program,
    ready: fn(&vt100::Screen) -> bool,
}

/// Starts each in turn, round by round.
pub fn run(rounds: usize, curses: Option<&Program>, peers: &[Peer], incidents: &Path) -> Result<()> {
    println!("\n1. start to first frame, 80x24, {rounds} rounds in turn");
    println!("   goaround's includes parsing its playbook, making the incident directory and syncing it");
    println!("   The terminals answer at once what they are asked (their background, what they are), as real ones do;");
    println!("   one answers nothing, as some do not.");
    let drill = goaround(&["drill"], incidents);
    let floor = Program::new(&["sh", "-c", "printf METRICS; exec cat"]);
    let mut contenders = vec![
        Contender { series: Series::new("goaround drill"), program: drill.clone(), ready: whole },
        Contender {
            series: Series::new("goaround drill, a terminal that is silent"),
            program: drill.unanswered(),
            ready: whole,
        },
        Contender { series: Series::new("sh -c 'printf METRICS; cat' (the floor)"), program: floor, ready: says },
    ];
    let peer = |page: &Program| Contender {
        series: Series::new("python3 curses, one page"),
        program: page.clone(),
        ready: says,
    };
    contenders.extend(curses.map(peer));
    contenders.extend(peers.iter().map(|peer| Contender {
        series: Series::new(peer.name),
        program: peer.program.clone(),
        ready: peer.main_page,
    }));
    for _ in 0..rounds {
        for contender in &mut contenders {
            let (mut terminal, began) = Terminal::spawn(&contender.program)?;
            contender.series.push(terminal.until(contender.ready)? - began);
        }
    }
    let all: Vec<_> = contenders.iter().map(|contender| &contender.series).collect();
    versus(&all);
    // And the silent one against the same.
    let [answered, silent, others @ ..] = all.as_slice() else { return Ok(()) };
    versus(&[&[*silent, *answered], others].concat());
    Ok(())
}
