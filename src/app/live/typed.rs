//! Lines that a person types. One thread reads them for as long as the process lives: whoever commanded by lines and then
//! observes must not lose the next one to the thread that was there before.

use std::io::{BufRead, BufReader, Read, stdin};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use tokio::sync::{Mutex, mpsc};

/// The longest line taken, in bytes.
pub(in crate::app) const LINE_MAX: usize = 4096;
/// The most lines waiting to be taken.
const TYPED_MAX: usize = 256;
/// What came in, and when.
#[derive(Debug)]
pub(in crate::app) enum Typed {
    /// A whole line, its end cut off.
    Line(String, Instant),
    /// A line that is longer than any that is taken.
    TooLong,
}

/// Standard input, line by line.
#[derive(Clone)]
pub(in crate::app) struct Lines(Arc<Mutex<mpsc::Receiver<Typed>>>);

impl Lines {
    /// The lines of standard input; the first who wants them begins to read.
    pub(in crate::app) fn of_stdin() -> Self {
        static STDIN: OnceLock<Lines> = OnceLock::new();
        let begin = || {
            let (sender, typed) = mpsc::channel(TYPED_MAX);
            std::thread::spawn(move || read(BufReader::new(stdin()), &sender));
            Self(Arc::new(Mutex::new(typed)))
        };
        STDIN.get_or_init(begin).clone()
    }

    /// The next line; `None` once there is nobody to type one.
    pub(in crate::app) async fn next(&self) -> Option<Typed> {
        self.0.lock().await.recv().await
    }

    /// The next line, if there is one already.
    pub(in crate::app) fn try_next(&self) -> Option<Typed> {
        // Two never wait for lines at once.
        self.0.try_lock().ok()?.try_recv().ok()
    }
}

/// Reads whole lines until there are no more. What is left at the end without a line's end is none.
fn read(mut input: impl BufRead, sender: &mpsc::Sender<Typed>) {
    loop {
        let mut bytes = Vec::new();
        let bound = u64::try_from(LINE_MAX).unwrap_or(u64::MAX);
        let Ok(1..) = input.by_ref().take(bound).read_until(b'\n', &mut bytes) else { return };
        let typed = if bytes.last() == Some(&b'\n') {
            Typed::Line(String::from_utf8_lossy(&bytes[..bytes.len() - 1]).into_owned(), Instant::now())
        } else {
            if bytes.len() < LINE_MAX || !skip_line(&mut input) {
                return;
            }
            Typed::TooLong
        };
        if sender.blocking_send(typed).is_err() {
            return;
        }
    }
}

/// Leaves out the rest of a line, however long it is; answers whether it had an end.
fn skip_line(input: &mut impl BufRead) -> bool {
    loop {
        let Ok(chunk) = input.fill_buf() else { return false };
        let (end, len) = (chunk.iter().position(|byte| *byte == b'\n'), chunk.len());
        input.consume(end.map_or(len, |end| end + 1));
        match (end, len) {
            (Some(_), _) => return true,
            (None, 0) => return false,
            (None, _) => {}
        }
    }
}
