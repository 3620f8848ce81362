//! Claims about what a person has settled for themselves: `config.toml`, and themes of their own.

use std::path::Path;
use std::process::{Command, Output};
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
        ("format = 1\n\nthemee = \"dark\"\n", "config.toml:3: unknown field `themee`"),
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

    std::fs::write(own.path().join("themes/bad.toml"), "format = 1\ninherits = \"nihgt\"\n").expect("a theme");
    let listed = goaround(own.path(), &["themes"]);
    let complaint = String::from_utf8_lossy(&listed.stderr).into_owned();
    assert_eq!(listed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&listed.stdout).contains("bad  BROKEN"));
    assert!(complaint.contains("bad.toml:2: there is no theme `nihgt`; did you mean `night`?"), "{complaint}");
    let named = goaround(own.path(), &["themes", "bad"]);
    assert_eq!(named.status.code(), Some(2));
}
