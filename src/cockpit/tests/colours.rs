//! Colours that everybody can read and tell apart, computed from the theme files themselves.

use super::stage::{armed_ui, press, ui, undeclared, watching};
use crate::cockpit::{Depth, STATES, Scene, Shelf, TOKENS, Theme, Token, Ui};
use palette::color_difference::{EuclideanDistance, Wcag21RelativeContrast};
use palette::{IntoColor, Lab, LinSrgb, Srgb};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

/// The themes with colours of their own; those of `ansi16` are the terminal's, and nobody can compute them.
const CHOSEN: [&str; 4] = ["dark", "light", "high-contrast", "colour-blind"];

/// Where nothing is written: lines between things (WCAG 2.1, 1.4.11, asks for 3) and what is behind texts.
const NO_TEXT: [Token; 6] = [Token::Bg, Token::Panel, Token::Modal, Token::SelBg, Token::ArmedBg, Token::Rule];

/// How a kind of colour vision sees a linear colour: the matrices of Machado, Oliveira and Fernandes, "A
/// Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.0.
#[rustfmt::skip]
const VISIONS: [(&str, [[f64; 3]; 3]); 4] = [
    ("usual", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]]),
    ("deuteranopia", [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]]),
    ("tritanopia", [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]]),
];
const DEUTERANOPIA: [[f64; 3]; 3] = VISIONS[2].1;

fn theme(name: &str, depth: Depth) -> Theme {
    Theme::embedded(name).expect("it is embedded").at(depth)
}

/// A colour as a screen shows it; the 240 indexed ones are a cube of six steps and a ramp of greys.
fn srgb(colour: Option<Color>) -> Srgb<f64> {
    let step = |index: u8| [0, 95, 135, 175, 215, 255][usize::from(index)];
    let (r, g, b) = match colour.expect("every look of these themes has a colour") {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(index @ 232..) => (8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)),
        Color::Indexed(index @ 16..) => (step((index - 16) / 36), step((index - 16) / 6 % 6), step((index - 16) % 6)),
        other => panic!("{other} is the terminal's own"),
    };
    Srgb::new(r, g, b).into_format()
}

fn contrast(front: Option<Color>, behind: Option<Color>) -> f64 {
    srgb(front).relative_contrast(srgb(behind))
}

/// The distance of two tokens (CIE76) for this vision.
fn distance(theme: &Theme, (one, other): (Token, Token), vision: [[f64; 3]; 3]) -> f64 {
    let seen = |token| -> Lab<_, f64> {
        let colour: LinSrgb<f64> = srgb(theme.of(token).fg).into_linear();
        let [r, g, b] =
            vision.map(|row| (row[0] * colour.red + row[1] * colour.green + row[2] * colour.blue).clamp(0.0, 1.0));
        LinSrgb::new(r, g, b).into_color()
    };
    seen(one).distance(seen(other))
}

/// The two states that are nearest to each other for any vision.
fn weakest(theme: &Theme) -> (f64, String) {
    let mut weakest = (f64::MAX, String::new());
    for (place, one) in STATES.iter().enumerate() {
        for other in &STATES[place + 1..] {
            for (vision, matrix) in VISIONS {
                let found = distance(theme, (*one, *other), matrix);
                if found < weakest.0 {
                    weakest = (found, format!("{} {} {vision}", one.name(), other.name()));
                }
            }
        }
    }
    weakest
}

#[test]
fn every_text_can_be_read_on_every_ground_with_all_and_with_256_colours() {
    for (name, depth) in CHOSEN.into_iter().flat_map(|name| [(name, Depth::True), (name, Depth::Indexed)]) {
        let theme = theme(name, depth);
        let least = if name == "high-contrast" { 7.0 } else { 4.5 };
        let texts = TOKENS.iter().map(|row| row.token).filter(|token| !NO_TEXT.contains(token));
        for token in texts.filter(|token| !matches!(token, Token::SelFg | Token::ArmedFg)) {
            for ground in [Token::Bg, Token::Panel, Token::Modal] {
                let found = contrast(theme.of(token).fg, theme.of(ground).bg);
                assert!(found >= least, "{name} {depth:?}: {} on {}: {found:.2}", token.name(), ground.name());
            }
        }
        for (what, style) in [("selection", theme.selection()), ("armed", theme.armed())] {
            let found = contrast(style.fg, style.bg);
            assert!(found >= least, "{name} {depth:?}: {what}: {found:.2}");
        }
    }
}

#[test]
fn lines_between_things_are_seen() {
    for name in CHOSEN {
        let theme = theme(name, Depth::True);
        for ground in [Token::Bg, Token::Panel, Token::Modal] {
            let found = contrast(theme.of(Token::Rule).fg, theme.of(ground).bg);
            assert!(found >= 3.0, "{name}: rule on {}: {found:.2}", ground.name());
        }
    }
}

#[test]
fn no_two_states_look_alike_to_anybody() {
    for name in CHOSEN {
        let (found, which) = weakest(&theme(name, Depth::True));
        assert!(found >= 14.0, "{name}: {which}: {found:.1}");
    }
}

/// On white few of 256 colours are dark enough to be read, and those lie nearer to each other.
#[test]
fn no_two_states_look_alike_with_256_colours() {
    for (name, least) in CHOSEN.into_iter().zip([14.0, 10.0, 14.0, 14.0]) {
        let (found, which) = weakest(&theme(name, Depth::Indexed));
        assert!(found >= least, "{name}: {which}: {found:.1}");
    }
}

#[test]
fn ok_and_breach_are_as_far_apart_for_deuteranopia_as_designed() {
    for (name, all, indexed) in
        [("dark", 34.0, 28.0), ("light", 76.0, 80.0), ("high-contrast", 32.0, 33.0), ("colour-blind", 135.0, 137.0)]
    {
        for (depth, designed) in [(Depth::True, all), (Depth::Indexed, indexed)] {
            let found = distance(&theme(name, depth), (Token::Ok, Token::Breach), DEUTERANOPIA);
            assert!((found - designed).abs() <= 0.5, "{name} {depth:?}: {found:.1} instead of {designed}");
        }
    }
}

/// Every screen there is, as far as keys lead, in this theme: what each was drawn into.
fn every_screen(theme: &Theme) -> Vec<(String, Buffer)> {
    let mut drawn = Vec::new();
    let typed = |keys: &str, scene: &Scene| {
        let mut ui = Ui::new(theme.clone());
        keys.chars().for_each(|key| drop(ui.on_key(press(key), scene, 1000)));
        ui
    };
    let keys = [
        "", "?", "L", "H", "D", "c", "ce", "cP", "t", "S", "R", "C", "f", "W", "i", "i[x", "Q", "q", "5z", "1z", "1jz",
        "a", "s", "o",
    ];
    for keys in keys {
        drawn.push((keys.to_owned(), typed(keys, &watching()), watching()));
    }
    drawn.push(("undeclared".to_owned(), typed("", &undeclared()), undeclared()));
    drawn.push(("declaring".to_owned(), typed("I", &undeclared()), undeclared()));
    let (mut arming, scene) = armed_ui(|_| {});
    arming.theme = theme.clone();
    drawn.push(("armed".to_owned(), arming, scene));
    let draw = |(name, ui, scene): (String, Ui, Scene)| {
        [(80, 24), (120, 40), (200, 60), (60, 15), (30, 8)].map(|(width, height)| {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test terminal");
            terminal.draw(|frame| ui.draw(frame, &scene, 2000)).expect("a drawn frame");
            (format!("{name} {width}x{height}"), terminal.backend().buffer().clone())
        })
    };
    drawn.into_iter().flat_map(draw).collect()
}

#[test]
fn without_colours_no_screen_has_any_in_any_theme() {
    for (source, theme) in Shelf::new(Vec::new()).all() {
        let theme = theme.expect("every embedded theme parses").at(Depth::Mono);
        for (screen, buffer) in every_screen(&theme) {
            let coloured = |cell: &&ratatui::buffer::Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
            assert_eq!(buffer.content().iter().find(coloured), None, "{}: {screen}", source.name);
        }
    }
}

#[test]
fn with_sixteen_colours_no_screen_has_one_that_the_terminal_may_not_have() {
    for name in CHOSEN {
        for (screen, buffer) in every_screen(&theme(name, Depth::Sixteen)) {
            let other = |colour| matches!(colour, Color::Rgb(..) | Color::Indexed(_));
            let found = buffer.content().iter().find(|cell| other(cell.fg) || other(cell.bg));
            assert_eq!(found, None, "{name}: {screen}");
        }
    }
}

#[test]
fn without_colours_what_is_selected_armed_or_typed_is_still_seen() {
    for name in CHOSEN.into_iter().chain(["ansi16"]) {
        let theme = theme(name, Depth::Mono);
        for style in [theme.selection(), theme.armed(), theme.of(Token::Breach)] {
            assert!(style.add_modifier.contains(Modifier::REVERSED), "{name}: {style:?}");
        }
        assert!(theme.of(Token::Focus).add_modifier.contains(Modifier::BOLD), "{name}");
        assert!(theme.of(Token::Stale).add_modifier.contains(Modifier::UNDERLINED), "{name}");
        let screens = every_screen(&theme);
        let (_, typing) = screens.iter().find(|(screen, _)| screen == "i 80x24").expect("a note being typed");
        let cursor = |cell: &ratatui::buffer::Cell| cell.symbol() == " " && cell.modifier.contains(Modifier::REVERSED);
        assert!(typing.content().iter().any(cursor), "{name}: the cursor is hidden");
    }
}

#[test]
fn t_goes_round_the_themes_and_says_which() {
    let shelf = Shelf::new(Vec::new());
    let light = theme("light", Depth::True);
    let mut ui = ui().with_themes(shelf.round(&light, Depth::True));
    ui.theme = light.clone();
    let mut seen = vec![ui.theme.name.clone()];
    for _ in 0..5 {
        ui.on_key(press('T'), &watching(), 1000);
        assert_eq!(ui.notice.as_ref().map(|notice| notice.words.clone()), Some(format!("theme {}", ui.theme.name)));
        seen.push(ui.theme.name.clone());
    }
    assert_eq!(seen, ["light", "dark", "high-contrast", "colour-blind", "ansi16", "light"]);
    assert_eq!(ui.theme, light);
}

#[test]
fn t_says_so_where_every_theme_looks_alike() {
    let first = theme("dark", Depth::Sixteen);
    let round = Shelf::new(Vec::new()).round(&first, Depth::Sixteen);
    assert_eq!(round, std::slice::from_ref(&first));
    let mut ui = Ui::new(first.clone()).with_themes(round);
    ui.on_key(press('T'), &watching(), 1000);
    assert_eq!(ui.theme, first);
    assert!(ui.notice.is_some_and(|notice| notice.words.contains("no differently")));
}
