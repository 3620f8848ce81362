//! What doing nothing costs: bytes written and processor time, while nobody presses a key.

use crate::goaround;
use crate::pty::{Program, Terminal};
use color_eyre::eyre::Result;
use std::path::Path;
use std::time::Duration;

/// How long each is left alone, one after the other, all in the same minute or two.
const ALONE: Duration = Duration::from_secs(20);

/// Leaves each contender alone for a while, and says what it did meanwhile, per minute.
pub fn run(curses: Option<&Program>, peers: &[(&'static str, Program)], incidents: &Path) -> Result<()> {
    println!("\n7. idle, 80x24, {} s each: what is written and worked when nobody presses a key", ALONE.as_secs());
    println!("   goaround's drill has news all the time: readings, their ages, two clocks");
    println!("  {:<44}{:>14}{:>16}", "", "bytes/min", "CPU ms/min");
    let mut contenders = vec![("goaround drill", goaround(&["drill"], incidents))];
    contenders.extend(peers.iter().map(|(name, program)| (*name, program.clone())));
    contenders.extend(curses.map(|page| ("python3 curses, one page", page.clone())));
    for (name, program) in contenders {
        let (mut terminal, _) = Terminal::spawn(&program)?;
        // What comes at the start is no idling.
        terminal.bytes_within(Duration::from_secs(3));
        let worked = terminal.worked();
        let bytes = terminal.bytes_within(ALONE);
        let per_minute = 60.0 / ALONE.as_secs_f64();
        let worked = terminal.worked().saturating_sub(worked).as_secs_f64() * 1000.0;
        #[expect(clippy::cast_precision_loss, reason = "no terminal takes that many bytes in a minute")]
        let bytes = bytes as f64 * per_minute;
        println!("  {name:<44}{bytes:>14.0}{:>16.0}", worked * per_minute);
    }
    Ok(())
}
