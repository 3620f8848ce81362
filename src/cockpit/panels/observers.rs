//! Those who watch: their names, what they object to, and who of them asks for command.

use super::{Lines, View, first};
use crate::cockpit::theme::Token;
use crate::cockpit::words;

/// The list in at most `height` rows with its heading; nothing where nobody watches and nobody has objected.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    let (people, company) = (&view.scene.state.people, &view.scene.company);
    let since = |at| words::clock(view.scene.now.since(at).ms);
    let open = people.objections.values().filter(|objection| !objection.acknowledged);
    let objects = |by, text, at| format!("{by} objects {}: \"{text}\"", since(at));
    let mut said: Vec<String> = open.map(|open| objects(&open.by, &open.text, &open.at)).collect();
    let asks = people.open_asks();
    said.extend(asks.iter().map(|(_, ask)| format!("{} asks for command {}", ask.by, since(&ask.at))));
    if company.observers.is_empty() && said.is_empty() {
        return Lines::new();
    }
    let names: Vec<&str> = company.observers.iter().map(crate::text::Text::as_str).collect();
    // What was objected to stays open after whoever objected has gone.
    let names = if names.is_empty() { "none there".to_owned() } else { names.join(", ") };
    let mut lines = vec![view.row().put(Token::Muted, "OBSERVERS ").fit(Token::Fg, &names, width).line()];
    let rows = said.iter().flat_map(|said| view.titled(2, "", said, width)).collect();
    lines.extend(first(view, rows, height.saturating_sub(1)));
    lines
}
