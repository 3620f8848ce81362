//! What the screens say, as lines of plain ASCII: no columns, no colour, and commands where they name keys.

use crate::cockpit::keymap::Keymap;
use ratatui::text::Line;
use std::fmt::Write as _;

/// Wide enough that no screen cuts a sentence.
pub(super) const WIDE: usize = 5_000;
/// High enough that no screen leaves one out.
pub(super) const TALL: usize = 10_000;

/// What a screen says of its keys, and what is typed here instead; the first that is found goes first.
pub(in crate::cockpit) const HINTS: &[(&str, &str)] = &[
    // Under arms.
    ("F fires.", "Type fire on a line of its own to fire."),
    ("F again sends it so.", "Type send once more to send it so, or back, then edit fills it."),
    ("F sends.", "Type send on a line of its own to send."),
    ("Esc disarms.", "disarm drops it."),
    ("Esc, nothing is sent.", "back leaves it, nothing is sent."),
    ("Enter does nothing", "An empty line repeats this"),
    ("keys wait a moment.", "What is typed within 0.7 s of arming is dropped."),
    ("t types its target first.", "Type target first, then what it names."),
    ("o and a reason first", "type override first, then a reason"),
    ("t, then type its target", "type target, then what it names"),
    ("look, then o again", "look with show, then override again"),
    ("F fires afterwards, Enter does not", "fire fires afterwards, this line does not"),
    ("exact; y copies;", "exact;"),
    ("nothing is sent Esc leaves", "nothing is sent. back leaves it."),
    ("r arms again Esc leaves", "reread arms again, back leaves it."),
    ("r arms again", "reread arms again"),
    ("r arms it again Esc, then another lever", "reread arms it again; back, then another lever"),
    ("o override + reason", "override takes a reason"),
    ("A asks for it", "approve asks for it"),
    ("A first, a second", "approve first, a second"),
    // Fired, or sent.
    ("r looks again or arms again", "reread looks again or arms again"),
    ("r must re-read before F returns", "reread must look before fire returns"),
    ("r re-reads Esc leaves it locked", "reread looks again, back leaves it locked"),
    ("v it is as wanted n it is not Esc", "wanted says that it is as wanted, unwanted that it is not, back"),
    ("Esc, then another lever", "back, then another lever"),
    ("Esc, then e and other words", "back, then edit and other words"),
    ("Esc, then e: write it yourself", "back, then edit: write it yourself"),
    ("P prepares it anew", "preview prepares it anew"),
    ("Esc goes on", "back goes on"),
    ("Esc leaves", "back leaves"),
    // Questions.
    ("its number chooses Esc back", "Type its number to choose, back to choose nothing."),
    (
        "reason: Enter declares with it e edits it Esc back",
        "Type it as one line, or an equals sign; a dot alone goes back.",
    ),
    ("reason: e types it Esc back", "Type it as one line; a dot alone goes back."),
    ("Enter accepts Esc drops it", "Type it as one line; a dot alone drops it."),
    ("y leaves", "Type leave to leave,"),
    ("Esc stays", "stay to stay."),
    ("Esc, then Q closes without one", "a dot alone, then close, closes without one"),
    ("nothing stands against it any more: Enter closes", "nothing stands against it any more: a line closes"),
    ("Esc, then Q", "back, then close"),
    ("Q closes it", "close closes it"),
    // Steps.
    ("r, then v says what you SAW", "run, then wanted says what you SAW"),
    ("r runs it", "run runs it"),
    ("r picks one", "run picks one"),
    ("r arms its lever", "run arms its lever"),
    ("r arms the next lever", "run arms the next lever"),
    ("r arms it", "run arms it"),
    ("Space answers", "confirm answers"),
    ("H shows the hold", "hold shows the hold"),
    ("H shows it", "hold shows it"),
    ("o overrides", "override overrides"),
    ("d defers", "defer defers"),
    ("u opens it again", "reopen opens it again"),
    (": press again", ": type it again"),
    ("I declares it", "declare declares it"),
    ("+ lets it take", "extend lets it take"),
    ("X answers", "command answers"),
    ("I declares a", "declare declares a"),
    ("q leaves", "quit leaves"),
    ("U arms", "pay arms"),
    ("s raises it", "raise raises it"),
    ("by Enter and a reason", "by branch and a reason"),
    // Messages.
    ("saved; P shows exactly what would be sent", "saved; preview shows exactly what would be sent"),
    ("e opens them, Ctrl-S saves", "edit opens them"),
    ("y copies", "copy tells it"),
];

/// What only a key can do is not said: these stand alone on their line.
pub(super) const KEYS_ONLY: &[&str] = &["Space (sensor lost only)", "confirm answers", "r run s skip o override", ">"];

/// The lines of a screen as sentences.
pub(super) fn spoken(lines: &[Line]) -> Vec<String> {
    let said = lines.iter().map(|line| {
        let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
        plain(&text)
    });
    said.filter(|line| !line.is_empty() && !KEYS_ONLY.iter().any(|keys| line == keys || is_keys(line, keys))).collect()
}

fn is_keys(line: &str, keys: &str) -> bool {
    keys.len() > 1 && line.starts_with(keys)
}

/// One sentence: its blanks single, its keys commands, its characters ASCII.
pub(super) fn plain(text: &str) -> String {
    let single = Keymap::default().spell(text);
    let single = single.split_whitespace().collect::<Vec<_>>().join(" ");
    ascii(&HINTS.iter().fold(single, |said, (keys, typed)| said.replace(keys, typed)))
}

/// `text` in printable ASCII: what a speaker would read out wrong is written as its number.
pub(super) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' '..='~' => out.push(c),
            '\u{2026}' => out.push_str("..."),
            '\u{2192}' => out.push_str("->"),
            '\u{2013}' | '\u{2014}' | '\u{2212}' => out.push('-'),
            '\u{2018}' | '\u{2019}' => out.push('\''),
            '\u{201c}' | '\u{201d}' => out.push('"'),
            '\u{2264}' => out.push_str("<="),
            '\u{2265}' => out.push_str(">="),
            c => write!(out, "\\u{{{:x}}}", u32::from(c)).expect("a string takes every write"),
        }
    }
    out
}
