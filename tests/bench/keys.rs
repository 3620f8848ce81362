//! From a key to the frame that shows what it did, in good days and with every backend dead.

use crate::peers::Peer;
use crate::pty::{Program, Terminal};
use crate::table::{Series, tails, versus};
use crate::{dead, goaround};
use color_eyre::eyre::Result;
use std::path::Path;
use std::time::Duration;

/// How many keys of each contender are pressed per round.
const KEYS: usize = 25;

/// What a key is expected to show.
type Shows = fn(&vt100::Screen) -> bool;

/// A contender on its terminal, with two keys that undo each other.
struct Pressed {
    series: Series,
    terminal: Terminal,
    pair: [(&'static [u8], Shows); 2],
}

fn help(screen: &vt100::Screen) -> bool {
    let contents = screen.contents();
    contents.contains("HELP") && !contents.contains("METRICS")
}

fn main_page(screen: &vt100::Screen) -> bool {
    let contents = screen.contents();
    contents.contains("METRICS") && !contents.contains("Esc close")
}

impl Pressed {
    fn start(name: &str, program: &Program) -> Result<Self> {
        let (mut terminal, _) = Terminal::spawn(program)?;
        terminal.until(main_page)?;
        Ok(Self { series: Series::new(name), terminal, pair: [(b"?", help), (b"\x1b", main_page)] })
    }

    /// The floor: one process that reads a byte and writes it.
    fn cat() -> Result<Self> {
        let (mut terminal, _) =
            Terminal::spawn(&Program::new(&["sh", "-c", "stty raw -echo; printf READY; exec cat"]))?;
        terminal.until(|screen| screen.contents().contains("READY"))?;
        let here: Shows = |screen| screen.contents().contains('a');
        let gone: Shows = |screen| !screen.contents().contains('a');
        // A letter, and then an erase of the screen that `cat` echoes like anything else.
        Ok(Self {
            series: Series::new("cat, one byte (the floor)"),
            terminal,
            pair: [(b"a", here), (b"\x1b[2J", gone)],
        })
    }

    /// A program of its own, with the key that opens its help and the one that closes it.
    fn peer(peer: &Peer) -> Result<Self> {
        let (mut terminal, _) = Terminal::spawn(&peer.program)?;
        terminal.until(peer.main_page)?;
        let pair: [(&'static [u8], Shows); 2] = [(peer.open, peer.help), (peer.close, peer.main_page)];
        Ok(Self { series: Series::new(peer.name), terminal, pair })
    }

    fn press(&mut self, nth: usize) -> Result<()> {
        let (key, shows) = self.pair[nth % 2];
        let pressed = self.terminal.press(key)?;
        let shown = self.terminal.until(shows)?;
        self.series.push(shown - pressed);
        Ok(())
    }
}

/// Presses a key of each in turn, round by round.
pub fn run(rounds: usize, curses: Option<&Program>, peers: &[Peer], incidents: &Path) -> Result<()> {
    println!("\n2. key to frame: `?` opens the help and Esc closes it, {KEYS} keys each in {rounds} rounds, in turn");
    let silent = dead::Silent::listen()?;
    let mut alive = vec![Pressed::start("goaround drill", &goaround(&["drill"], incidents))?, Pressed::cat()?];
    if let Some(page) = curses {
        alive.push(Pressed::start("python3 curses, a whole page", page)?);
    }
    for peer in peers {
        alive.push(Pressed::peer(peer)?);
    }
    let mut hurt = [
        Pressed::start("goaround live, every backend refuses", &dead::refused_flight(incidents)?)?,
        Pressed::start("goaround live, every backend is silent", &silent.flight(incidents)?)?,
    ];
    for nth in 0..rounds * KEYS {
        // Keys fall anywhere between two frames of the clocks on screen, not always at the same place.
        std::thread::sleep(Duration::from_millis(nth as u64 * 7 % 23));
        for pressed in alive.iter_mut().chain(&mut hurt) {
            pressed.press(nth)?;
        }
    }
    versus(&alive.iter().map(|pressed| &pressed.series).collect::<Vec<_>>());
    println!("   the same keys with every backend dead (no answer is on screen; polls go on behind it)");
    tails(&alive.iter().take(1).chain(&hurt).map(|pressed| &pressed.series).collect::<Vec<_>>());
    Ok(())
}
