//! A program on a terminal of its own: keys go in, and the time of every byte that comes out is kept.

use color_eyre::eyre::{Result, WrapErr, eyre};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

/// The size of every terminal here.
const SIZE: PtySize = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
/// How long a program may keep us before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most pieces of output waiting to be read.
const PIECES_MAX: usize = 4096;

/// What a terminal is asked, and what a dark one answers: its background (OSC 11), what it is (DA1), where its cursor is.
const ANSWERS: [(&[u8], &[u8]); 4] = [
    (b"\x1b]11;?\x07", b"\x1b]11;rgb:1010/1414/1818\x07"),
    (b"\x1b]11;?\x1b\\", b"\x1b]11;rgb:1010/1414/1818\x1b\\"),
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[6n", b"\x1b[1;1R"),
];

/// What is started, as words and environment.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// What is added to the environment.
    pub env: Vec<(&'static str, String)>,
    /// Whether its terminal says nothing, whatever it is asked.
    pub unanswered: bool,
}

impl Program {
    /// A program without environment of its own.
    pub fn new<W: AsRef<OsStr>>(argv: &[W]) -> Self {
        let argv = argv.iter().map(|word| word.as_ref().to_string_lossy().into_owned()).collect();
        Self { argv, env: Vec::new(), unanswered: false }
    }

    /// The same on a terminal that answers no question.
    pub fn unanswered(self) -> Self {
        Self { unanswered: true, ..self }
    }

    /// The same with one more variable.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    fn command(&self) -> CommandBuilder {
        let mut command = CommandBuilder::from_argv(self.argv.iter().map(Into::into).collect());
        command.cwd(std::env::temp_dir());
        // The same colours for everyone, whatever this terminal can do.
        ["COLORTERM", "NO_COLOR"].iter().for_each(|name| command.env_remove(name));
        command.env("TERM", "xterm-256color");
        self.env.iter().for_each(|(name, value)| command.env(name, value));
        command
    }
}

/// A program that runs; dropped, it is ended.
pub struct Terminal {
    name: String,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    pieces: Receiver<(Instant, Vec<u8>)>,
    seen: vt100::Parser,
    unanswered: bool,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts `program`; answers when, too.
    pub fn spawn(program: &Program) -> Result<(Self, Instant)> {
        let failed = |error| eyre!("{}: {error}", program.argv.join(" "));
        let pair = native_pty_system().openpty(SIZE).map_err(failed)?;
        let mut reader = pair.master.try_clone_reader().map_err(failed)?;
        let keys = pair.master.take_writer().map_err(failed)?;
        let (sender, pieces) = sync_channel(PIECES_MAX);
        std::thread::spawn(move || {
            let mut piece = vec![0; 1 << 16];
            while let Ok(length @ 1..) = reader.read(&mut piece) {
                if sender.send((Instant::now(), piece[..length].to_vec())).is_err() {
                    return;
                }
            }
        });
        let command = program.command();
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).map_err(failed)?;
        let [rows, columns] =
            [SIZE.rows, SIZE.cols].map(|size| NonZeroU16::new(size).expect("no terminal has no size"));
        let seen = vt100::Parser::new(rows, columns, 0);
        let name = program.argv.join(" ");
        let unanswered = program.unanswered;
        Ok((Self { name, child, keys, pieces, seen, unanswered, _master: pair.master }, began))
    }

    /// Takes in what was written, and answers what it asks; each of these programs writes a question whole.
    fn take(&mut self, piece: &[u8]) {
        self.seen.process(piece);
        let asks = |question: &[u8]| piece.windows(question.len()).any(|window| window == question);
        for (_, answer) in ANSWERS.iter().filter(|(question, _)| !self.unanswered && asks(question)) {
            // A program that has ended meanwhile is noticed by whoever waits for its screen.
            drop(self.keys.write_all(answer).and_then(|()| self.keys.flush()));
        }
    }

    /// How many bytes are written within `time`.
    pub fn bytes_within(&mut self, time: Duration) -> usize {
        let deadline = Instant::now() + time;
        let mut bytes = 0;
        while let Ok((_, piece)) = self.pieces.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            self.take(&piece);
            bytes += piece.len();
        }
        bytes
    }

    /// How much processor time the program has used until now, to a hundredth of a second.
    pub fn worked(&self) -> Duration {
        let id = self.child.process_id().unwrap_or_default();
        let line = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // Counted from behind the program's name, which may hold anything: user time, then the system's.
        let words: Vec<&str> = line.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = [11, 12].into_iter().filter_map(|word| words.get(word)?.parse::<u64>().ok()).sum::<u64>();
        Duration::from_millis(ticks * 10)
    }

    /// When the screen first was as wanted.
    pub fn until(&mut self, wanted: impl Fn(&vt100::Screen) -> bool) -> Result<Instant> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok((at, piece)) = self.pieces.recv_timeout(left) else {
                let screen = self.seen.screen().contents();
                return Err(eyre!("`{}` did not show what was waited for; its screen:\n{screen}", self.name));
            };
            self.take(&piece);
            if wanted(self.seen.screen()) {
                return Ok(at);
            }
        }
    }

    /// Takes in what was drawn meanwhile, then presses; answers when.
    pub fn press(&mut self, key: &[u8]) -> Result<Instant> {
        while let Ok((_, piece)) = self.pieces.try_recv() {
            self.take(&piece);
        }
        let at = Instant::now();
        self.keys.write_all(key).and_then(|()| self.keys.flush()).wrap_err_with(|| self.name.clone())?;
        Ok(at)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again, and that is all that can go wrong here.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
