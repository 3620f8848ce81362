//! The real binary in a pseudo-terminal, its screen kept by an emulator. Waiting is for text or for the end,
//! never for time to pass.

use portable_pty::{ChildKiller, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    ffi::OsStr,
    io::{Read, Write},
    num::NonZeroU16,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// After this much waiting a text will not come any more, however busy the machine is.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// What the two threads of a terminal tell.
enum News {
    Bytes(Vec<u8>),
    Ended(portable_pty::ExitStatus),
}

/// `goaround` in a terminal of its own.
pub struct Terminal {
    emulator: vt100::Parser,
    raw: Vec<u8>,
    news: Receiver<News>,
    ended: Option<portable_pty::ExitStatus>,
    master: Option<Box<dyn MasterPty + Send>>,
    slave: Option<Box<dyn SlavePty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    settings: String,
    reader: Option<JoinHandle<()>>,
    let_go: Arc<AtomicBool>,
    stalled: Arc<(Mutex<bool>, Condvar)>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    pid: Pid,
}

impl Terminal {
    /// Starts `goaround` with these arguments on `columns` by `rows`.
    pub fn start<A: AsRef<OsStr>>(columns: u16, rows: u16, args: impl IntoIterator<Item = A>) -> Self {
        Self::start_with(columns, rows, args, &[])
    }

    /// Starts it with these variables in its environment.
    pub fn start_with<A: AsRef<OsStr>>(
        columns: u16,
        rows: u16,
        args: impl IntoIterator<Item = A>,
        env: &[(&str, &str)],
    ) -> Self {
        Self::run(columns, rows, command(env!("CARGO_BIN_EXE_goaround"), args, env))
    }

    /// Starts this command.
    pub fn run(columns: u16, rows: u16, command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("the system has pseudo-terminals");
        let settings = line_settings(&*pair.master);
        let mut child = pair.slave.spawn_command(command).expect("the binary was built");
        let killer = child.clone_killer();
        let pid = child.process_id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).expect("it has an id");
        let mut bytes = pair.master.try_clone_reader().expect("a terminal can be read");
        let writer = pair.master.take_writer().expect("a terminal can be typed into");
        let (tell, news) = channel();
        let tell_end = tell.clone();
        let let_go = Arc::new(AtomicBool::new(false));
        let asked = let_go.clone();
        let stalled: Arc<(Mutex<bool>, Condvar)> = Arc::default();
        let stall = stalled.clone();
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            let go_on = || {
                let guard = stall.0.lock().unwrap_or_else(PoisonError::into_inner);
                drop(stall.1.wait_while(guard, |stalled| *stalled).unwrap_or_else(PoisonError::into_inner));
                true
            };
            while go_on()
                && let Ok(count @ 1..) = bytes.read(&mut buffer)
            {
                if asked.load(Ordering::SeqCst) || tell.send(News::Bytes(buffer[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        std::thread::spawn(move || {
            let status = child.wait().expect("a child can be waited for");
            // Nobody listens when the test has failed already.
            let _ = tell_end.send(News::Ended(status));
        });
        Self {
            emulator: vt100::Parser::new(cells(rows), cells(columns), 0),
            raw: Vec::new(),
            news,
            ended: None,
            master: Some(pair.master),
            slave: Some(pair.slave),
            writer: Some(writer),
            settings,
            reader: Some(reader),
            let_go,
            stalled,
            killer,
            pid,
        }
    }

    /// What a person sees.
    pub fn screen(&self) -> String {
        self.emulator.screen().contents()
    }

    /// Every byte that came.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Panics unless the terminal is as it was before: screen, cursor, paste, mouse, line discipline.
    #[track_caller]
    pub fn assert_given_back(&self) {
        let screen = self.emulator.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was not left");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "pastes are still bracketed");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is still reported");
        let master = self.master.as_deref().expect("it was not hung up");
        assert_eq!(line_settings(master), self.settings, "the line discipline is another one");
    }

    /// Types these keys.
    pub fn press(&mut self, keys: &str) {
        let writer = self.writer.as_mut().expect("it was not hung up");
        writer.write_all(keys.as_bytes()).and_then(|()| writer.flush()).expect("it reads its keys");
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.emulator.set_size(cells(rows), cells(columns));
        let master = self.master.as_ref().expect("it was not hung up");
        master.resize(size(columns, rows)).expect("a terminal can be resized");
    }

    /// Stops reading what is written, as a connection does that hangs; or reads on.
    pub fn stall(&self, stalled: bool) {
        *self.stalled.0.lock().unwrap_or_else(PoisonError::into_inner) = stalled;
        self.stalled.1.notify_all();
    }

    /// The program's id.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Waits until this was written, anywhere among what was drawn.
    #[track_caller]
    pub fn wait_for_bytes(&mut self, bytes: &[u8]) {
        let deadline = Instant::now() + DEADLINE;
        while !self.raw.windows(bytes.len()).any(|window| window == bytes) {
            match self.news.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(news) => self.take(news),
                Err(why) => panic!("waited in vain for {:?} ({why})", String::from_utf8_lossy(bytes)),
            }
        }
    }

    /// Takes in what comes within this time.
    pub fn listen(&mut self, time: Duration) {
        let deadline = Instant::now() + time;
        while let Ok(news) = self.news.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            self.take(news);
        }
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("it runs");
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        self.wait_until(&format!("`{text}`"), |screen| screen.contains(text));
    }

    /// Waits until one line of the screen shows all of these.
    #[track_caller]
    pub fn wait_for_line(&mut self, words: &[&str]) {
        let shows = |line: &str| words.iter().all(|word| line.contains(word));
        self.wait_until(&format!("a line with {words:?}"), |screen| screen.lines().any(shows));
    }

    /// Waits until the screen is another one.
    #[track_caller]
    pub fn wait_for_change(&mut self) {
        let before = self.screen();
        self.wait_until("another screen", |screen| screen != before);
    }

    /// Waits until the screen does not show `text` any more.
    #[track_caller]
    pub fn wait_without(&mut self, text: &str) {
        self.wait_until(&format!("no `{text}`"), |screen| !screen.contains(text));
    }

    /// Waits until the screen is as wanted; panics with the screen if it never is.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, mut wanted: impl FnMut(&str) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !wanted(&self.screen()) {
            assert!(self.ended.is_none(), "it ended before it showed {what}; its screen:\n{}", self.screen());
            match self.news.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(news) => self.take(news),
                Err(RecvTimeoutError::Timeout) => panic!("waited in vain for {what}; the screen:\n{}", self.screen()),
                Err(RecvTimeoutError::Disconnected) => panic!("the terminal is gone; the screen:\n{}", self.screen()),
            }
        }
    }

    /// Waits for the end and for everything that was printed until then; answers the exit code.
    #[track_caller]
    pub fn exit_code(&mut self) -> u32 {
        self.wait_for_end();
        // Our own hold on the terminal goes, so that the reader comes to its end.
        drop(self.slave.take());
        while let Ok(news) = self.news.recv_timeout(DEADLINE) {
            self.take(news);
        }
        self.code()
    }

    /// Takes the terminal away, as a lost connection does, and answers the exit code.
    #[track_caller]
    pub fn hang_up(mut self) -> u32 {
        self.let_go.store(true, Ordering::SeqCst);
        // The cockpit's clocks move: there is always a next byte for the reader to come back with.
        self.reader.take().expect("one hang-up").join().expect("the reader never panics");
        drop((self.writer.take(), self.slave.take(), self.master.take()));
        self.wait_for_end();
        self.code()
    }

    #[track_caller]
    fn wait_for_end(&mut self) {
        let deadline = Instant::now() + DEADLINE;
        while self.ended.is_none() {
            match self.news.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(news) => self.take(news),
                Err(why) => panic!("it did not end ({why}); the screen:\n{}", self.screen()),
            }
        }
    }

    #[track_caller]
    fn code(&self) -> u32 {
        let status = self.ended.as_ref().expect("it has ended");
        assert!(status.signal().is_none(), "it was killed: {status}; the screen:\n{}", self.screen());
        status.exit_code()
    }

    fn take(&mut self, news: News) {
        match news {
            News::Bytes(bytes) => {
                self.emulator.process(&bytes);
                self.raw.extend(bytes);
            }
            News::Ended(status) => self.ended = Some(status),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.ended.is_none() {
            // It may have ended just now.
            drop(self.killer.kill());
        }
    }
}

fn line_settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("a terminal has settings"))
}

/// A program in an environment that says what the terminal can, and nothing of this machine's habits.
pub fn command<A: AsRef<OsStr>>(
    program: &str,
    args: impl IntoIterator<Item = A>,
    env: &[(&str, &str)],
) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(args);
    command.cwd(env!("CARGO_MANIFEST_DIR"));
    for name in ["NO_COLOR", "RUST_BACKTRACE", "GOAROUND_INCIDENTS", "LINES", "COLUMNS", "TMUX"] {
        command.env_remove(name);
    }
    // What is copied is kept in a folder of our own.
    command.env("XDG_STATE_HOME", env!("CARGO_TARGET_TMPDIR"));
    let ours = [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("GOAROUND_CONFIG", "/nowhere")];
    for (name, value) in ours.iter().chain(env) {
        command.env(name, value);
    }
    command
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// An emulator has at least one cell, whatever the terminal says.
fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count.max(1)).expect("not zero")
}
