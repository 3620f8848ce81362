//! Claims about a terminal that misbehaves, and about what is done to one: signals, stalls, hang-ups, sizes.

#[path = "common/incidents.rs"]
#[expect(dead_code, reason = "no report is made here")]
mod incidents;
#[path = "common/keys.rs"]
#[expect(dead_code, reason = "nothing is flown to its end here")]
mod keys;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "one screen is enough here")]
mod pty;

use goaround::app::live::{Manners, Screen};
use goaround::cockpit::{Theme, Ui};
use goaround::incident::Event;
use pty::Terminal;
use rustix::process::{Pid, Signal};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const REDRAW: &str = "\x0c";
/// However busy the machine is, it has happened by then.
const DEADLINE: Duration = Duration::from_secs(60);
/// Between two looks at what only /proc or a file tells.
const LOOK: Duration = Duration::from_millis(10);

/// A drill in a terminal, the folder its incident is in, and one for settings and what is copied.
struct Drill {
    terminal: Terminal,
    folder: TempDir,
    own: TempDir,
}

impl Drill {
    fn start(columns: u16, rows: u16, settings: &str, env: &[(&str, &str)]) -> Self {
        let (folder, own) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        std::fs::write(own.path().join("config.toml"), format!("format = 1\n{settings}\n")).expect("it is ours");
        let path = folder.path().to_str().expect("temporary folders are named in UTF-8");
        let own_path = own.path().to_str().expect("temporary folders are named in UTF-8");
        let args = ["drill", "--speed", "8", "--as", "mira", "--incidents", path];
        let own_env = [("GOAROUND_CONFIG", own_path), ("XDG_STATE_HOME", own_path)];
        let env: Vec<(&str, &str)> = own_env.iter().chain(env).copied().collect();
        Self { terminal: Terminal::start_with(columns, rows, args, &env), folder, own }
    }

    /// The cockpit is open, and nobody has declared anything.
    fn ready() -> Self {
        let mut drill = Self::start(80, 24, "", &[]);
        drill.terminal.wait_for("any key puts this away");
        drill.terminal.press(keys::ESC);
        drill.terminal.wait_without("any key puts this away");
        drill.terminal.wait_for("> 1 [ ] capture state");
        drill
    }

    /// Something is wrong, it was declared, and the checklist stands at its first step.
    fn declared() -> Self {
        let mut drill = Self::start(80, 24, "", &[]);
        drill.terminal.wait_for("I declares a rollback");
        keys::declare(&mut drill.terminal, "coverage BREACH, dS BREACH");
        drill
    }

    fn directory(&self) -> PathBuf {
        incidents::only(self.folder.path())
    }

    /// Ends it, by a signal, and looks at what it leaves.
    #[track_caller]
    fn ends_in_order(mut self) {
        let directory = self.directory();
        self.terminal.signal(Signal::TERM);
        let declared = incidents::events(&directory).iter().any(|event| matches!(event, Event::Declared { .. }));
        assert_eq!(self.terminal.exit_code(), if declared { 3 } else { 1 }, "left open, or never declared");
        self.terminal.assert_given_back();
        verifies(&directory);
    }
}

#[track_caller]
fn verifies(directory: &Path) {
    let verified = incidents::goaround(["verify".as_ref(), directory.as_os_str()]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// Looks again and again until it is so.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::sleep(LOOK);
    }
}

/// A word of `/proc/PID/stat`, counted from behind the program's name.
fn stat(pid: Pid, word: usize) -> Option<String> {
    let line = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    line.rsplit(") ").next()?.split(' ').nth(word).map(str::to_owned)
}

/// How much processor time it has used, in hundredths of a second.
fn used(pid: Pid) -> u64 {
    [11, 12].into_iter().filter_map(|word| stat(pid, word)?.parse::<u64>().ok()).sum()
}

fn count(raw: &[u8], wanted: &[u8]) -> usize {
    raw.windows(wanted.len()).filter(|window| *window == wanted).count()
}

#[test]
fn a_stopped_flight_lends_the_terminal_and_takes_it_again() {
    let mut drill = Drill::declared();
    let pid = drill.terminal.pid();
    drill.terminal.press("L");
    drill.terminal.wait_for("LEVERS");
    drill.terminal.press("1");
    drill.terminal.wait_for("F fires.");
    for _ in 0..2 {
        drill.terminal.signal(Signal::TSTP);
        drill.terminal.wait_for("stopped, nothing is in flight");
        until("it stands still", || stat(pid, 0).as_deref() == Some("T"));
        drill.terminal.assert_given_back();
        drill.terminal.signal(Signal::CONT);
        drill.terminal.wait_for("2 CHECKLIST");
        drill.terminal.wait_for_line(&["> 1 [ ] capture state", "READY"]);
    }
    assert!(!drill.terminal.screen().contains("ARMED"), "what was under arms is not any more");
    assert_eq!(incidents::pulls(&drill.directory()), 0, "and was not fired");
    // It takes keys again.
    drill.terminal.press("?");
    drill.terminal.wait_for("HELP");
    drill.ends_in_order();
}

#[test]
fn a_flight_that_was_stopped_by_force_draws_everything_when_it_goes_on() {
    let mut drill = Drill::ready();
    let pid = drill.terminal.pid();
    drill.terminal.signal(Signal::STOP);
    until("it stands still", || stat(pid, 0).as_deref() == Some("T"));
    drill.terminal.listen(LOOK);
    let before = count(drill.terminal.raw(), b"capture state");
    drill.terminal.signal(Signal::CONT);
    drill.terminal.wait_for_change();
    until("everything is drawn", || {
        drill.terminal.listen(LOOK);
        count(drill.terminal.raw(), b"capture state") > before
    });
    drill.ends_in_order();
}

#[test]
fn quit_is_a_way_to_leave_as_well() {
    let mut drill = Drill::ready();
    let directory = drill.directory();
    drill.terminal.signal(Signal::QUIT);
    assert_eq!(drill.terminal.exit_code(), 1, "nothing was declared, and no core is dumped");
    drill.terminal.assert_given_back();
    verifies(&directory);
}

/// Fills the terminal until the program waits for somebody to read, and longer: `time` passes in silence.
fn a_stall(time: Duration) {
    let mut drill = Drill::declared();
    let directory = drill.directory();
    drill.terminal.stall(true);
    let began = Instant::now();
    let records = |directory: &Path| incidents::events(directory).len();
    // More than any terminal keeps: the whole screen, again and again.
    let mut redraws = 0;
    while redraws < 100 || began.elapsed() < time {
        drill.terminal.press(REDRAW);
        redraws += 1;
        std::thread::sleep(LOOK);
    }
    let before = records(&directory);
    drill.terminal.press("i");
    drill.terminal.press("written while nobody reads\r");
    let noted = |event: &Event| matches!(event, Event::NoteAdded { .. });
    until("keys act, and what they do is written down", || incidents::events(&directory).iter().any(noted));
    assert!(records(&directory) > before);
    drill.terminal.press("L1");
    // Were it live, it would be fired: it was armed long ago, and nobody has seen it.
    let armed = Instant::now();
    until("the guard of arming is long over", || armed.elapsed() > Duration::from_secs(2));
    drill.terminal.press("F");
    drill.terminal.stall(false);
    drill.terminal.wait_for("ARMED");
    assert_eq!(incidents::pulls(&directory), 0, "what nobody saw is not fired");
    drill.terminal.wait_for("F fires.");
    drill.ends_in_order();
}

#[test]
fn a_stalled_terminal_keeps_no_flight_from_going_on_and_fires_nothing() {
    a_stall(Duration::from_secs(3));
}

#[test]
fn a_terminal_that_stalls_for_a_minute_is_nothing_else() {
    a_stall(Duration::from_secs(60));
}

#[test]
fn leaving_does_not_wait_for_a_stalled_terminal() {
    let mut drill = Drill::ready();
    let directory = drill.directory();
    drill.terminal.stall(true);
    for _ in 0..100 {
        drill.terminal.press(REDRAW);
        std::thread::sleep(LOOK);
    }
    let pid = drill.terminal.pid();
    drill.terminal.signal(Signal::TERM);
    until("it has ended while nobody reads", || stat(pid, 0).is_none_or(|state| state == "Z"));
    drill.terminal.stall(false);
    assert_eq!(drill.terminal.exit_code(), 1, "nothing was declared");
    drill.terminal.assert_given_back();
    assert!(drill.terminal.screen().contains("nothing was declared"), "{}", drill.terminal.screen());
    verifies(&directory);
}

#[test]
fn a_lost_terminal_ends_the_flight_and_spins_nothing() {
    let Drill { terminal, folder, own: _own } = Drill::ready();
    let directory = incidents::only(folder.path());
    let pid = terminal.pid();
    let before = used(pid);
    let spent = std::thread::spawn(move || {
        let mut most = before;
        while stat(pid, 0).is_some_and(|state| state != "Z") {
            most = most.max(used(pid));
            std::thread::sleep(LOOK);
        }
        most - before
    });
    assert_eq!(terminal.hang_up(), 1, "nothing was declared");
    let hundredths = spent.join().expect("a look never panics");
    // A few hundredths do; whatever spins takes a processor until nothing is in flight, which may be twelve seconds.
    assert!(hundredths < 300, "{hundredths} hundredths of a second of work to end");
    verifies(&directory);
}

#[test]
fn an_idle_minute_would_cost_few_bytes() {
    let mut drill = Drill::start(80, 24, "", &[]);
    drill.terminal.wait_for("any key puts this away");
    drill.terminal.press("?");
    drill.terminal.wait_for("HELP");
    drill.terminal.listen(Duration::from_secs(1));
    let bytes = drill.terminal.raw().len();
    drill.terminal.listen(Duration::from_secs(10));
    let bytes = drill.terminal.raw().len() - bytes;
    // A drill at eight times the speed has news all the time: verdicts, ages, two clocks. What it works for that is
    // measured by a benchmark, against peers.
    assert!(bytes < 10 * 1000, "{bytes} bytes in ten seconds");
    drill.ends_in_order();
}

#[test]
fn a_breach_calls_once_and_the_title_goes_with_the_state_and_is_given_back() {
    let mut drill = Drill::start(80, 24, "", &[]);
    drill.terminal.wait_for_bytes(b"\x1b]2;goaround DRILL docs-rag\x07");
    drill.terminal.wait_for_bytes(b"\x1b]777;notify;goaround;dS BREACH");
    drill.terminal.wait_for_bytes(b"\x1b]2;goaround DRILL X2 docs-rag\x07");
    let raw = drill.terminal.raw();
    assert_eq!(count(raw, b"\x1b]9;coverage BREACH") + count(raw, b" | coverage BREACH") / 2, 1, "each once");
    assert_eq!(count(raw, b"\x1b[22;2t"), 1, "the title that was there is kept");
    drill.terminal.signal(Signal::TERM);
    assert_eq!(drill.terminal.exit_code(), 1, "nothing was declared");
    assert_eq!(count(drill.terminal.raw(), b"\x1b[23;2t"), 1, "and put back");
}

#[test]
fn in_tmux_a_call_is_wrapped_and_settings_make_it_a_bell_or_nothing() {
    let tmux = [("TMUX", "/tmp/tmux-0/default,1,0")];
    let mut drill = Drill::start(80, 24, "", &tmux);
    drill.terminal.wait_for_bytes(b"\x07\x1bPtmux;\x1b\x1b]9;");
    for (settings, bells) in [("notify = \"bell\"", true), ("notify = \"off\"", false)] {
        let mut drill = Drill::start(80, 24, settings, &[]);
        drill.terminal.wait_for("X 2 BREACH");
        drill.terminal.wait_for_bytes(b"goaround DRILL X2 docs-rag\x07");
        drill.terminal.wait_for_change();
        drill.terminal.wait_for_change();
        let raw = drill.terminal.raw();
        assert_eq!(count(raw, b"\x1b]9;"), 0, "{settings}");
        // A title ends in one too, and so does the question what is behind the text.
        let spoken = count(raw, b"\x1b]2;") + count(raw, b"\x1b]11;?");
        assert_eq!(count(raw, b"\x07") > spoken, bells, "{settings}");
    }
}

#[test]
fn what_is_copied_goes_to_the_clipboard_and_into_a_file_whose_path_is_said() {
    let mut drill = Drill::declared();
    drill.terminal.press("L");
    drill.terminal.wait_for("LEVERS");
    drill.terminal.press("1");
    drill.terminal.wait_for("F fires.");
    drill.terminal.press("y");
    let file = drill.own.path().join("goaround/clipboard.txt");
    drill.terminal.wait_for("copied; no clipboard?");
    drill.terminal.wait_for_bytes(b"\x1b]52;c;");
    assert!(!std::fs::read_to_string(&file).expect("it is there").is_empty());
    drill.ends_in_order();
}

#[test]
fn the_mouse_is_told_of_only_where_it_was_asked_for() {
    let mut drill = Drill::ready();
    assert_eq!(count(drill.terminal.raw(), b"\x1b[?1000h"), 0, "off, so that text can be selected");
    drill.terminal.press("m");
    drill.terminal.wait_for("mouse on");
    drill.terminal.wait_for_bytes(b"\x1b[?1000h\x1b[?1006h");
    // A click on the third line of the checklist, and a wheel turned once.
    let screen = drill.terminal.screen();
    let row = screen.lines().position(|line| line.contains("3 [ ] pick lever")).expect("it is there") + 1;
    drill.terminal.press(&format!("\x1b[<0;12;{row}M\x1b[<0;12;{row}m"));
    drill.terminal.wait_for("> 3 [ ] pick lever");
    drill.terminal.press(&format!("\x1b[<65;12;{row}M"));
    drill.terminal.wait_for("> 4 [ ] flip one pointer");
    drill.ends_in_order();

    let mut drill = Drill::start(80, 24, "mouse = true", &[]);
    drill.terminal.wait_for_bytes(b"\x1b[?1000h\x1b[?1006h");
    drill.terminal.signal(Signal::TERM);
    drill.terminal.exit_code();
    drill.terminal.assert_given_back();
}

#[test]
fn every_size_up_to_40x20_is_drawn_and_left_in_order() {
    let mut drill = Drill::ready();
    for (columns, rows) in (0..=40_u16).flat_map(|columns| (0..=20_u16).map(move |rows| (columns, rows))) {
        drill.terminal.resize(columns, rows);
        // A key for each, so that none is passed over while another is drawn.
        drill.terminal.press(REDRAW);
    }
    comes_back(drill);
}

#[test]
fn a_storm_of_5000_resizes_kills_nothing() {
    let mut drill = Drill::ready();
    for n in 0..5000_u32 {
        let (columns, rows) = (n * 37 % 200, n * 23 % 60);
        drill.terminal.resize(u16::try_from(columns).expect("small"), u16::try_from(rows).expect("small"));
    }
    comes_back(drill);
}

/// The last size counts, and the cockpit is whole on it.
#[track_caller]
fn comes_back(mut drill: Drill) {
    drill.terminal.resize(30, 8);
    drill.terminal.wait_for("goaround needs 40x10 or more");
    drill.terminal.resize(80, 24);
    drill.terminal.wait_for("> 1 [ ] capture state");
    drill.terminal.wait_for("q quit");
    drill.ends_in_order();
}

#[test]
fn a_terminal_that_tells_no_size_is_drawn_on_as_80x24() {
    let mut drill = Drill::start(0, 0, "", &[]);
    drill.terminal.wait_for_bytes(b"METRICS");
    drill.terminal.wait_for_bytes(b"\x1b[24;1H");
    drill.terminal.signal(Signal::TERM);
    assert_eq!(drill.terminal.exit_code(), 1, "nothing was declared");
}

/// Not a claim: what the next one runs as a program of its own, on a terminal of its own.
#[test]
#[ignore = "it panics with a cockpit open, for the test below"]
fn a_program_that_panics_with_a_cockpit_open() {
    let ui = Ui::new(Theme::embedded("ansi16").expect("it comes with goaround"));
    let _screen = Screen::open(ui, Path::new("/incidents/one"), Manners::default()).expect("there is a terminal");
    panic!("a bug outside of drawing");
}

#[test]
fn a_panic_outside_of_drawing_gives_the_terminal_back_before_it_is_reported() {
    let myself = std::env::current_exe().expect("a test knows its own file");
    let args = ["--ignored", "--exact", "--nocapture", "a_program_that_panics_with_a_cockpit_open"];
    let mut terminal = Terminal::run(80, 24, pty::command(&myself.to_string_lossy(), args, &[]));
    terminal.wait_for_bytes(b"\x1b[?1049h");
    assert_eq!(terminal.exit_code(), 101, "the test harness's own code for a panic");
    terminal.assert_given_back();
    let screen = terminal.screen();
    assert!(screen.contains("a bug outside of drawing"), "the report is on the screen that stays:\n{screen}");
}
