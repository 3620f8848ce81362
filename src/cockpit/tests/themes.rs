//! Themes: every token has a look, and faults name themselves.

use crate::cockpit::{Shelf, Source, Theme, Token};
use ratatui::style::{Color, Modifier};

/// What is wrong with a theme of this text, or the theme.
fn parse(toml: &str) -> Result<Theme, String> {
    let source = Source { name: "x".into(), place: Some("x.toml".into()), toml: Ok(toml.to_owned()) };
    Shelf::new(vec![source]).named("x")
}

#[test]
fn every_embedded_theme_parses() {
    let shelf = Shelf::new(Vec::new());
    for (source, theme) in shelf.all() {
        assert_eq!(theme.map(|theme| theme.name), Ok(source.name.clone()));
    }
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/themes")).expect("the themes");
    let files = files.map(|entry| entry.expect("an entry").path());
    let in_folder: std::collections::BTreeSet<_> =
        files.map(|path| path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned()).collect();
    assert_eq!(
        shelf.all().map(|(source, _)| source.name.clone()).collect::<std::collections::BTreeSet<_>>(),
        in_folder
    );
    assert_eq!(Theme::embedded("beige"), None);
}

#[test]
fn themes_are_found_by_the_names_people_guess() {
    for (guess, name) in
        [("hc", "high-contrast"), ("cvd", "colour-blind"), ("color-blind", "colour-blind"), ("ansi", "ansi16")]
    {
        assert_eq!(Theme::embedded(guess).map(|theme| theme.name), Some(name.to_owned()));
    }
}

#[test]
fn sixteen_colours_need_no_rgb() {
    let theme = Theme::embedded("ansi16").expect("it is embedded");
    let breach = theme.of(Token::Breach);
    assert_eq!((breach.fg, breach.add_modifier), (Some(Color::Red), Modifier::REVERSED));
    assert!(theme.of(Token::Stale).add_modifier.contains(Modifier::UNDERLINED));
}

#[test]
fn a_fault_names_its_file_line_and_token() {
    let dark = include_str!("../../../themes/dark.toml");
    let line = 1 + dark.lines().position(|line| line.starts_with("warn =")).expect("warn has a look");
    for (from, to, fault) in [
        (
            "muted = \"#9aa5b1\"\n",
            "",
            "x.toml: `muted` has no look; give it one, or say `inherits = \"dark\"`".to_owned(),
        ),
        (
            "#f5cc1a",
            "beige",
            format!("x.toml:{line}: `warn`: `beige` is no colour: use `#rrggbb`, or words like `red+reverse`"),
        ),
        ("#f5cc1a", "red+blue", format!("x.toml:{line}: `warn`: `red+blue` has two colours; keep one of them")),
        (
            "#f5cc1a",
            "#+fffff",
            format!("x.toml:{line}: `warn`: `#` is no colour: use `#rrggbb`, or words like `red+reverse`"),
        ),
        ("warn = \"", "warm = \"", format!("x.toml:{line}: `warm` is no token; did you mean `warn`?")),
        (
            "warn = 220",
            "warn = 3",
            format!(
                "x.toml:{}: `warn`: colour 3 differs from terminal to terminal; use 16 to 255",
                1 + dark.lines().position(|line| line == "warn = 220").expect("an index")
            ),
        ),
        ("format = 1", "format = 2", "x.toml: format 2 is not known here, only 1 is".to_owned()),
        (
            "format = 1",
            "shape = 1",
            "x.toml:3: unknown field `shape`, expected one of `format`, `inherits`, `tokens`, `indexed`".to_owned(),
        ),
    ] {
        assert!(dark.contains(from), "the theme holds {from}");
        assert_eq!(parse(&dark.replacen(from, to, 1)).expect_err(to), fault);
    }
}
