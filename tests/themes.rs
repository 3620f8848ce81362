//! Claims about what a person has settled for themselves: `config.toml`, and themes of their own.

#[path = "common/pty.rs"]
#[expect(dead_code, reason = "signals and sizes are the drill's business")]
mod pty;

use pty::Terminal;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;
use tempfile::TempDir;

/// Runs goaround without a terminal, with `config` as its config folder.
fn goaround(config: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(arguments).env("GOAROUND_CONFIG", config).env_remove("RUST_BACKTRACE").env_remove("NO_COLOR");
    command.output().expect("goaround runs")
}

/// A config folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("themes")).expect("a folder for themes");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// Whether a drill is refused with this config, in one sentence that holds `needles`, before anything is made.
#[track_caller]
fn is_refused(config: &Path, more: &[&str], needles: &[&str]) {
    let made = tempfile::tempdir().expect("a folder");
    let incidents = made.path().join("incidents");
    let arguments = ["drill", "--auto", "--incidents", incidents.to_str().expect("UTF-8")];
    let output = goaround(config, &[&arguments, more].concat());
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    assert_eq!(complaint.lines().count(), 1, "one sentence: {complaint}");
    for needle in needles {
        assert!(complaint.contains(needle), "no `{needle}` in: {complaint}");
    }
    assert!(!incidents.exists(), "it left an incident behind");
}

#[test]
fn a_config_that_is_not_there_settles_nothing() {
    let output = goaround(Path::new("/nowhere"), &["themes"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_config_that_cannot_be_used_is_named_with_its_line_and_what_to_do() {
    for (text, needle) in [
        ("format = 1\ntheme = 7\n", "config.toml:2: invalid type: integer `7`, expected a string; mend that line"),
        ("format = 1\n\nthemes = \"dark\"\n", "config.toml:3: unknown field `themes`"),
        ("theme = \"dark\"\n", "config.toml:1: missing field `format`"),
        ("format = 2\n", "config.toml: format 2 is not known here, only 1 is"),
        ("format = 1\ntheme = \n", "config.toml:2: "),
    ] {
        is_refused(folder(&[("config.toml", text)]).path(), &[], &[needle]);
    }
    let unreadable = folder(&[]);
    std::fs::create_dir(unreadable.path().join("config.toml")).expect("a folder where a file should be");
    is_refused(unreadable.path(), &[], &["config.toml: ", "make it readable, or take it away"]);
}

#[test]
fn a_theme_that_is_not_there_is_refused_whoever_names_it() {
    let settled = folder(&[("config.toml", "format = 1\ntheme = \"drak\"\n")]);
    is_refused(settled.path(), &[], &["there is no theme `drak`; did you mean `dark`?"]);
    is_refused(folder(&[]).path(), &["--theme", "beige"], &["use one of dark, light, high-contrast"]);
}

const NIGHT: &str = "format = 1\ninherits = \"dark\"\n\n[tokens]\nok = \"#00ff00\"\n";

#[test]
fn a_theme_of_ones_own_changes_only_what_it_names() {
    let own = folder(&[("themes/night.toml", NIGHT), ("config.toml", "format = 1\ntheme = \"night\"\n")]);
    let shown = goaround(own.path(), &["themes", "night"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    let look_of = |text: &str, token: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(token)).expect("every token is listed");
        line.to_owned()
    };
    assert!(look_of(&shown, "ok ").contains("#00ff00"), "{shown}");
    let dark = goaround(own.path(), &["themes", "dark"]);
    let dark = String::from_utf8_lossy(&dark.stdout).into_owned();
    assert_eq!(look_of(&shown, "breach "), look_of(&dark, "breach "));
    assert!(!look_of(&shown, "ok ").contains("157"), "the parent's index stood for the parent's colour: {shown}");
}

#[test]
fn a_broken_theme_is_refused_in_a_sentence_with_its_file() {
    let inherits = |name: &str| format!("format = 1\ninherits = \"{name}\"\n");
    let own = folder(&[
        ("themes/a.toml", &inherits("b")),
        ("themes/b.toml", &inherits("a")),
        ("themes/orphan.toml", &inherits("drak")),
        ("themes/half.toml", "format = 1\n[tokens]\nok = \"green\"\n"),
        ("themes/wrong.toml", &format!("{NIGHT}warn = \"beige\"\n")),
        ("themes/dark.toml", NIGHT),
        ("themes/n0.toml", NIGHT),
    ]);
    for deep in 1..10 {
        let text = inherits(&format!("n{}", deep - 1));
        std::fs::write(own.path().join(format!("themes/n{deep}.toml")), text).expect("a theme");
    }
    for (name, needles) in [
        ("a", ["b.toml:2: ", "a inherits b inherits a"].as_slice()),
        ("orphan", &["orphan.toml:2: ", "did you mean `dark`?"]),
        ("half", &["half.toml: ", "`bg` has no look"]),
        ("wrong", &["wrong.toml:6: ", "`warn`: `beige` is no colour"]),
        ("n9", &["n2.toml:2: ", "more than 8 themes"]),
    ] {
        is_refused(own.path(), &["--theme", name], needles);
    }
}

#[test]
fn themes_lists_where_each_comes_from_and_broken_ones_with_their_fault() {
    let own = folder(&[("themes/night.toml", NIGHT)]);
    let listed = goaround(own.path(), &["themes"]);
    let said = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert_eq!(listed.status.code(), Some(0));
    for name in ["dark", "light", "high-contrast", "colour-blind", "ansi16"] {
        assert!(said.contains(&format!("{name}  (goaround's own)")), "{said}");
    }
    let path = own.path().join("themes/night.toml");
    assert!(said.contains(&format!("night  ({})", path.display())), "{said}");
    assert!(!said.contains('\x1b'), "plain where nobody sees colours: {said:?}");
    for word in ["+ OK", "! WARN", "X BREACH", "? NODATA", "~ STALE", "sel_fg", "armed_fg", "limit"] {
        assert_eq!(said.matches(word).count(), 6, "each theme shows {word}: {said}");
    }

    std::fs::write(own.path().join("themes/bad.toml"), "format = 1\ninherits = \"nighty\"\n").expect("a theme");
    let listed = goaround(own.path(), &["themes"]);
    let complaint = String::from_utf8_lossy(&listed.stderr).into_owned();
    assert_eq!(listed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&listed.stdout).contains("bad  BROKEN"));
    assert!(complaint.contains("bad.toml:2: there is no theme `nighty`; did you mean `night`?"), "{complaint}");
    let named = goaround(own.path(), &["themes", "bad"]);
    assert_eq!(named.status.code(), Some(2));
}

/// A drill in a terminal, which has just drawn its first page.
fn drill(more: &[&str], env: &[(&str, &str)]) -> (Terminal, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("UTF-8").to_owned();
    let args = [&["drill", "--as", "mira", "--incidents", &path], more].concat();
    let mut terminal = Terminal::start_with(80, 24, args, env);
    terminal.wait_for("any key puts this away");
    (terminal, folder)
}

/// The same with a terminal that answers as soon as it is asked for its background.
fn answered(answer: &str, env: &[(&str, &str)]) -> (Terminal, TempDir) {
    let (mut terminal, folder) = drill(&[], env);
    terminal.wait_for_bytes(ASKED);
    terminal.press(answer);
    (terminal, folder)
}

const ASKED: &[u8] = b"\x1b]11;?\x07";
const WHITE: &str = "\x1b]11;rgb:ffff/ffff/ffff\x07";
const BLACK: &str = "\x1b]11;rgb:0000/0000/0000\x1b\\";
/// What the light theme is drawn on, and the dark one.
const LIGHT_GROUND: &str = "48;2;251;251;248";
const DARK_GROUND: &str = "48;2;16;20;24";

/// Where the terminal was told this.
fn place(terminal: &Terminal, sequence: &[u8]) -> Option<usize> {
    terminal.raw().windows(sequence.len()).position(|window| window == sequence)
}

/// Whether the terminal was told these.
fn shows(terminal: &Terminal, sequence: &str) -> bool {
    place(terminal, sequence.as_bytes()).is_some()
}

#[test]
fn the_first_frame_is_drawn_before_the_terminal_is_asked_for_its_background() {
    let (mut terminal, _folder) = drill(&[], &[]);
    terminal.wait_for_bytes(ASKED);
    let drawn = place(&terminal, b"puts").expect("the first page is there");
    assert!(place(&terminal, ASKED).is_some_and(|asked| asked > drawn), "nothing is waited for");
}

#[test]
fn the_theme_fits_the_background_that_the_terminal_tells() {
    let (mut light, _folder) = answered(WHITE, &[]);
    light.wait_for_bytes(LIGHT_GROUND.as_bytes());
    let (mut dark, _folder) = answered(BLACK, &[]);
    dark.wait_for_bytes(DARK_GROUND.as_bytes());
    let (mut few, _folder) = answered(WHITE, &[("COLORTERM", "")]);
    few.wait_for_bytes(b"48;5;");
    assert!(!shows(&few, "48;2;"), "light, with 256 colours");
    few.wait_for("any key puts this away");
}

#[test]
fn a_terminal_that_does_not_tell_keeps_its_own_colours() {
    for env in [&[][..], &[("COLORTERM", ""), ("TERM", "xterm")]] {
        let (mut terminal, _folder) = drill(&[], env);
        // Also an Esc, which an answer may begin with, is a key.
        terminal.press("\x1b");
        terminal.wait_for("2 CHECKLIST");
        terminal.wait_without("any key puts this away");
        assert!(!shows(&terminal, "48;2;") && !shows(&terminal, "48;5;"), "{env:?}");
    }
}

#[test]
fn a_theme_chosen_before_the_terminal_has_told_is_kept() {
    let (mut terminal, _folder) = drill(&[], &[]);
    terminal.wait_for_bytes(ASKED);
    terminal.press("\x1b");
    terminal.wait_without("any key puts this away");
    terminal.press("T");
    terminal.wait_for("theme dark");
    terminal.press(WHITE);
    terminal.press("?");
    terminal.wait_for("HELP");
    assert!(!shows(&terminal, LIGHT_GROUND));
}

#[test]
fn on_a_stopped_terminal_the_cockpit_comes_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let flown =
        goaround(Path::new("/nowhere"), &["drill", "--auto", "--incidents", folder.path().to_str().expect("UTF-8")]);
    let said = String::from_utf8(flown.stdout).expect("text");
    let directory = said.lines().last().expect("the directory comes last");
    std::fs::remove_file(Path::new(directory).join("debrief.toml")).expect("the pilot declined");
    let mut terminal = Terminal::start(80, 24, ["debrief", directory]);
    // Nothing is written to it from here on, until the cockpit takes it over.
    terminal.press("\x13");
    terminal.wait_for("DRILL DEBRIEF");
}

#[test]
fn who_names_a_theme_gets_it_unasked_even_against_no_color() {
    let (named, _folder) = drill(&["--theme", "light"], &[("NO_COLOR", "1")]);
    assert!(!shows(&named, "\x1b]11;?") && shows(&named, LIGHT_GROUND));
}

#[test]
fn no_color_leaves_weight_and_reversed_text_and_no_colour() {
    let (mut plain, _folder) = drill(&[], &[("NO_COLOR", "1")]);
    plain.press("i");
    plain.wait_for("Enter accept");
    assert!(!shows(&plain, "\x1b]11;?"));
    let raw = String::from_utf8_lossy(plain.raw()).into_owned();
    let styles = raw.split("\x1b[").skip(1).filter_map(|rest| Some(rest.split_once('m')?.0));
    for sgr in styles.filter(|sgr| sgr.chars().all(|c| c.is_ascii_digit() || c == ';')) {
        let coloured = sgr.split(';').any(|number| matches!(number.parse(), Ok(30..=38 | 40..=48 | 90..=107)));
        assert!(!coloured, "a colour: {sgr:?}");
    }
    assert!(shows(&plain, "\x1b[7m"), "the cursor is reversed text");
}

#[test]
fn an_answer_that_comes_in_pieces_more_than_a_second_apart_presses_no_key() {
    let (mut terminal, _folder) = drill(&["--speed", "8"], &[]);
    terminal.wait_for_bytes(ASKED);
    terminal.press("\x1b");
    terminal.wait_without("any key puts this away");
    // The pause is the claim: a slow line, and a terminal behind it that takes its time.
    for piece in ["\x1b]1", "1;rgb:ffff/ff", "ff/ffff\x07"] {
        terminal.press(piece);
        terminal.listen(Duration::from_millis(1500));
    }
    terminal.wait_for_bytes(LIGHT_GROUND.as_bytes());
    // Its digits and letters would have begun a step and opened questions.
    assert!(terminal.screen().contains("> 1 [ ] capture state"), "{}", terminal.screen());
    terminal.press("?");
    terminal.wait_for("HELP");
}

#[test]
fn an_answer_presses_no_key_however_late_it_comes_and_loses_none() {
    let (mut terminal, _folder) = drill(&["--speed", "8"], &[]);
    terminal.press("\x1b");
    terminal.wait_without("any key puts this away");
    // Something has gone wrong since, and is to be declared.
    terminal.wait_for("I declares a rollback");
    // Letter by letter this would open the questions people ask.
    terminal.press(&format!("?{WHITE}"));
    terminal.wait_for_bytes(LIGHT_GROUND.as_bytes());
    terminal.wait_for("HELP");
    // Once more, as some do through two multiplexers; then keys.
    terminal.press(&format!("{WHITE}\x1b"));
    terminal.wait_for("2 CHECKLIST");
    terminal.press(&format!("H{BLACK}"));
    terminal.wait_for("HOLD AND WATCH");
    terminal.press("\x1b");
    terminal.wait_for("2 CHECKLIST");
    assert!(!shows(&terminal, DARK_GROUND), "what is settled stays");
}
