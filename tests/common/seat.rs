//! A person at a line: types lines, waits for sentences. What was waited for is behind one: it is not found twice.

use rustix::process::Pid;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// After this much waiting a sentence will not come any more, however busy the machine is.
const DEADLINE: Duration = Duration::from_secs(60);

/// Somebody who types lines and waits for sentences.
pub trait Seat {
    fn types(&mut self, line: &str);
    /// Waits until all of these were told, in whichever order.
    fn wait_for_all(&mut self, sentences: &[&str]);

    #[track_caller]
    fn wait_for(&mut self, sentence: &str) {
        self.wait_for_all(&[sentence]);
    }

    /// Types a line as a person does: longer after the last one than between two lines of a paste.
    fn answers(&mut self, line: &str) {
        std::thread::sleep(Duration::from_millis(100));
        self.types(line);
    }
}

/// Where the last of these ends, once all of them stand behind `behind`.
pub fn end_of_all(told: &str, behind: usize, sentences: &[&str]) -> Option<usize> {
    let end = |sentence: &&str| told[behind..].find(sentence).map(|at| behind + at + sentence.len());
    sentences.iter().map(end).collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// `goaround` with a pipe at each end.
pub struct Pipe {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Vec<u8>>,
    told: String,
    behind: usize,
}

impl Pipe {
    pub fn start<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
        command.args(args).env_remove("GOAROUND_INCIDENTS").env_remove("RUST_BACKTRACE").env_remove("TERM");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("the binary was built");
        let mut bytes = child.stdout.take().expect("it is piped");
        let (tell, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = bytes.read(&mut buffer) {
                if tell.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, output, told: String::new(), behind: 0 }
    }

    /// The program's id.
    pub fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).expect("an id")).expect("an id")
    }

    /// Everything that was told.
    pub fn told(&self) -> &str {
        &self.told
    }

    /// Sends bytes that need be no line.
    pub fn sends(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the lines have not ended");
        input.write_all(bytes).expect("it reads its lines");
    }

    /// Ends the lines, waits for the end, and answers the exit code and everything that was told.
    #[track_caller]
    pub fn ends(mut self) -> (i32, String) {
        drop(self.input.take());
        let deadline = Instant::now() + DEADLINE;
        while let Ok(bytes) = self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            self.told += &String::from_utf8(bytes).expect("ASCII");
        }
        assert!(Instant::now() < deadline, "it did not end:\n{}", self.told);
        let status = self.child.wait().expect("a child can be waited for");
        (status.code().expect("it was not killed"), std::mem::take(&mut self.told))
    }
}

impl Seat for Pipe {
    fn types(&mut self, line: &str) {
        let input = self.input.as_mut().expect("the lines have not ended");
        writeln!(input, "{line}").expect("it reads its lines");
    }

    #[track_caller]
    fn wait_for_all(&mut self, sentences: &[&str]) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(end) = end_of_all(&self.told, self.behind, sentences) {
                self.behind = end;
                return;
            }
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.told += &String::from_utf8(bytes).expect("ASCII"),
                Err(why) => panic!("waited in vain for {sentences:?} ({why}):\n{}", self.told),
            }
        }
    }
}

pub fn declare(seat: &mut impl Seat) {
    // Which of them is seen first is the machine's business.
    seat.wait_for_all(&["ALERT BREACH coverage", "ALERT BREACH dS"]);
    seat.types("declare");
    seat.wait_for("2 SEV2 many are hurt");
    seat.types("2");
    // Where this machine stands still for a moment, seconds of a fast drill are gone, and what was broken is stale: the
    // words are typed, and not what is offered.
    seat.wait_for("Offered: ");
    seat.types("coverage BREACH, dS BREACH");
    seat.wait_for("DECLARED SEV2");
    seat.wait_for("NEXT step 1 of 7, capture state, READY");
}

/// Types `word`, which arms something, and fires it once that is offered.
pub fn fire(seat: &mut impl Seat, word: &str) {
    seat.types(word);
    seat.wait_for("Type fire on a line of its own");
    seat.types("fire");
    seat.wait_for("read-back AGREES");
}

/// Walks the checklist, pays both debts and closes.
pub fn land(seat: &mut impl Seat) {
    seat.types("run");
    seat.wait_for("NEXT step 2 of 7, freeze writers, READY");
    fire(seat, "run");
    seat.wait_for("NEXT step 3 of 7, pick lever, READY");
    seat.types("run");
    seat.wait_for("PICK A LEVER best first");
    seat.wait_for("4 Index alias back to docs_vA");
    seat.types("4");
    seat.wait_for("step pick lever CONFIRMED Index alias back to docs_vA");
    seat.wait_for("NEXT step 4 of 7");
    fire(seat, "run");
    seat.wait_for("NEXT step 5 of 7");
    fire(seat, "run");
    seat.wait_for("NEXT step 6 of 7");
    fire(seat, "run");
    seat.wait_for("NEXT step 7 of 7, watch for green, READY");
    seat.types("run");
    seat.wait_for("HOLD MET");
    seat.wait_for("2 debts are open");
    fire(seat, "pay");
    seat.wait_for("1 debt is open");
    fire(seat, "pay");
    seat.wait_for("Type close to close the incident.");
    seat.types("close");
    seat.wait_for("1 close the incident as recovered");
    seat.answers("1");
    seat.wait_for("The incident is closed.");
}

#[track_caller]
pub fn assert_plain(told: &str) {
    let is_plain = |c: char| matches!(c, ' '..='~' | '\n' | '\r');
    let other: Vec<char> = told.chars().filter(|c| !is_plain(*c)).collect();
    assert!(other.is_empty(), "not ASCII, or no text: {other:?}");
}
