//! A picture that panics costs one frame.

use crate::app::live::screen::draw_guarded;
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use std::path::Path;

fn shown(terminal: &Terminal<TestBackend>) -> String {
    let cells = terminal.backend().buffer().content().chunks(usize::from(terminal.backend().buffer().area.width));
    let lines = cells.map(|line| line.iter().map(ratatui::buffer::Cell::symbol).collect::<String>());
    lines.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

fn draw(terminal: &mut Terminal<TestBackend>, picture: impl FnOnce(&mut Frame)) -> Option<String> {
    draw_guarded(terminal, Path::new("/incidents/one"), picture).expect("a terminal in memory never fails")
}

/// A widget with a bug, found half-way.
fn broken(frame: &mut Frame) {
    frame.render_widget("half a picture\nand more of it", frame.area());
    panic!("index {} is out of bounds", 7);
}

#[test]
fn a_frame_that_panics_says_where_the_state_is_and_the_next_one_is_drawn() {
    let mut terminal = Terminal::new(TestBackend::new(80, 4)).unwrap();
    assert_eq!(draw(&mut terminal, |frame| frame.render_widget("all is well", frame.area())), None);
    assert_eq!(shown(&terminal), "all is well");

    assert_eq!(draw(&mut terminal, broken).as_deref(), Some("index 7 is out of bounds"));
    assert_eq!(shown(&terminal), "this screen could not be drawn; state is safe in /incidents/one");

    assert_eq!(draw(&mut terminal, |frame| frame.render_widget("well again", frame.area())), None);
    assert_eq!(shown(&terminal), "well again", "and nothing of the broken picture is left");
}

#[test]
fn a_directory_that_does_not_fit_a_line_is_shown_whole() {
    let mut terminal = Terminal::new(TestBackend::new(40, 4)).unwrap();
    draw(&mut terminal, broken);
    assert!(shown(&terminal).replace('\n', " ").ends_with("/incidents/one"), "{}", shown(&terminal));
}
