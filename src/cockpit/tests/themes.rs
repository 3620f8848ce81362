//! Themes: every token has a look, and faults name themselves.

use crate::cockpit::{Theme, Token, theme_names};
use ratatui::style::{Color, Modifier};

#[test]
fn every_embedded_theme_parses() {
    for name in theme_names() {
        assert_eq!(Theme::embedded(name).map(|theme| theme.name), Some(name.to_owned()));
    }
    assert_eq!(Theme::embedded("beige"), None);
}

#[test]
fn sixteen_colours_need_no_rgb() {
    let theme = Theme::embedded("ansi16").expect("it is embedded");
    let breach = theme.of(Token::Breach);
    assert_eq!((breach.fg, breach.add_modifier), (Some(Color::Red), Modifier::REVERSED));
    assert!(theme.of(Token::Stale).add_modifier.contains(Modifier::UNDERLINED));
}

#[test]
fn a_fault_names_its_token() {
    let dark = include_str!("../../../themes/dark.toml");
    let without = dark.replace("warn = \"#f5cc1a\"\n", "");
    assert!(Theme::parse("x", &without).expect_err("warn is missing").contains("`warn` is missing"));
    let wrong = dark.replace("#f5cc1a", "beige");
    assert!(Theme::parse("x", &wrong).expect_err("beige is none").contains("`beige` is no colour"));
    let unknown = format!("{dark}glow = \"#ffffff\"\n");
    assert!(Theme::parse("x", &unknown).expect_err("glow is none").contains("`glow` is no token"));
    let newer = dark.replace("format = 1", "format = 2");
    assert!(Theme::parse("x", &newer).expect_err("2 is newer").contains("format 2"));
}
