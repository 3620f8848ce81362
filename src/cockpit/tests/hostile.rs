//! Whatever a backend, a file or a person says is drawn, and does nothing to the terminal.

#[path = "../../../tests/common/hostile.rs"]
mod strings;

use super::stage::{armed, at, change, id, turn, type_in, ui, watching};
use crate::cockpit::{Letter, Scene, Ui, title};
use crate::incident::{Event, Record};
use crate::kind::Seen;
use crate::text::Text;
use ratatui::Terminal;
use ratatui::backend::{CrosstermBackend, TestBackend};
use std::sync::Arc;

/// Keys that open every view where foreign words stand.
const WAYS: [&str; 18] = ["", "1", "2", "3", "1z", "2z", "L", "L4", "H", "K", "D", "c", "t", "S", "R", "C", "5", "?"];

/// Counts what reaches a terminal beside letters.
#[derive(Default)]
struct Reached(Vec<String>);

impl vt100::Callbacks for Reached {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("a bell".into());
    }

    fn resize(&mut self, _: &mut vt100::Screen, to: (u16, u16)) {
        self.0.push(format!("a size {to:?}"));
    }

    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        self.0.push(format!("an icon's name {name:?}"));
    }

    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.0.push(format!("a title {title:?}"));
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.0.push(format!("a copy {data:?}"));
    }

    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0.push("a question for the clipboard".into());
    }

    fn unhandled_char(&mut self, _: &mut vt100::Screen, c: char) {
        // What stands for a letter that nobody could read is drawn, if the emulator has one for it or not.
        if c != char::REPLACEMENT_CHARACTER {
            self.0.push(format!("a character {c:?}"));
        }
    }

    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        self.0.push(format!("a control {byte:#x}"));
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        self.0.push(format!("an OSC {params:?}"));
    }
}

/// The whole cockpit in the power of `words`.
fn scene_of(words: &str) -> Scene {
    let mut scene = watching();
    let text = Text::new(words);
    change(&mut scene, |state| {
        state.size_up = text.clone();
        state.debts.values_mut().for_each(|debt| debt.title = text.clone());
        state.hold.last_reset = Some(text.clone());
        state.steps.values_mut().for_each(|step| step.reason = Some(text.clone()));
        state.verdicts.values_mut().for_each(|slot| slot.verdict.why = Some(text.clone()));
        state.pulls.values_mut().for_each(|pull| {
            (pull.want, pull.was) = (text.clone(), Some(text.clone()));
        });
        for probe in ["arm", "alias", "flag"] {
            turn(state, probe, Seen::Value(text.clone()));
        }
        turn(state, "writers", Seen::Failed(text.clone()));
    });
    let playbook = Arc::make_mut(&mut scene.playbook);
    // What an author wrote is kept as written, and is made inert where it is drawn.
    playbook.metrics.values_mut().for_each(|metric| metric.title = words.to_owned());
    playbook.levers.values_mut().for_each(|lever| lever.title = words.to_owned());
    playbook.levers.values_mut().for_each(|lever| lever.by_hand = Some(words.to_owned()));
    playbook.steps.iter_mut().for_each(|step| step.title = words.to_owned());
    playbook.comms.values_mut().for_each(|comm| comm.title = words.to_owned());
    scene.backends.iter_mut().for_each(|backend| (backend.up, backend.why) = (Some(false), text.clone()));
    scene.commander = text.clone();
    scene.toast = Some((1000, text.clone()));
    scene.refused = scene.toast.clone();
    let note = |seq| Record { seq, at: at(290), actor: text.clone(), event: Event::NoteAdded { text: text.clone() } };
    Arc::make_mut(&mut scene.records).extend((30..40).map(note));
    scene
}

fn under_arms(scene: &mut Scene, words: &str) {
    let mut lever = armed(0);
    lever.want = words.into();
    lever.was = Some((words.into(), at(298)));
    lever.request = vec![words.into(), words.into()];
    lever.blocked = Some(words.into());
    lever.interlocks.iter_mut().for_each(|lock| (lock.title, lock.saw) = (words.into(), words.into()));
    scene.armed = Some(lever);
    let letter = Letter {
        comm: id("first"),
        words: words.to_owned(),
        request: vec![words.into()],
        pasted: Some(words.to_owned()),
        file: "comms/first.md".into(),
        blocked: None,
        armed_at_ms: 0,
    };
    scene.letter = Some(letter);
}

/// What is left of `bytes` without the sequences that drawing is made of.
fn without_ours(bytes: &str) -> String {
    let ours = regex::Regex::new(r"\x1b\[([0-9]+(;[0-9]+)*)?[mHJK]|\x1b\[\?25[lh]").expect("a pattern of ours");
    ours.replace_all(bytes, "").into_owned()
}

/// Draws as a terminal would get it, and looks at every byte.
#[track_caller]
fn draws_inert(ui: &Ui, scene: &Scene, size: (u16, u16), words: &str) {
    let mut drawn = Terminal::new(TestBackend::new(size.0, size.1)).expect("a test terminal");
    drawn.draw(|frame| ui.draw(frame, scene, 1000)).expect("a drawn frame");
    let buffer = drawn.backend().buffer().clone();
    let mut bytes = Vec::new();
    let cells = (0..size.1).flat_map(|y| (0..size.0).map(move |x| (x, y)));
    let cells = cells.map(|(x, y)| (x, y, &buffer[(x, y)]));
    ratatui::backend::Backend::draw(&mut CrosstermBackend::new(&mut bytes), cells).expect("memory never fails");
    let sent = String::from_utf8(bytes).expect("only text is drawn");
    let left = without_ours(&sent);
    let acts = left.chars().find(|c| !Text::keeps(*c));
    assert_eq!(acts, None, "it reaches the terminal from {words:?}");
    let mut terminal = vt100::Parser::new_with_callbacks(
        std::num::NonZeroU16::new(size.1).expect("not zero"),
        std::num::NonZeroU16::new(size.0).expect("not zero"),
        0,
        Reached::default(),
    );
    terminal.process(sent.as_bytes());
    assert!(terminal.callbacks().0.is_empty(), "{:?} from {words:?}", terminal.callbacks().0);
    assert!(!terminal.screen().alternate_screen() && !terminal.screen().bracketed_paste(), "{words:?}");
}

#[test]
fn no_word_from_elsewhere_acts_in_any_view() {
    for words in strings::strings() {
        let mut scene = scene_of(&words);
        for way in WAYS {
            let mut ui = ui();
            type_in(&mut ui, &scene, way);
            draws_inert(&ui, &scene, (80, 24), &words);
        }
        draws_inert(&ui(), &scene, (120, 40), &words);
        under_arms(&mut scene, &words);
        for way in ["L4", "cP"] {
            let mut ui = ui();
            type_in(&mut ui, &scene, way);
            draws_inert(&ui, &scene, (80, 24), &words);
        }
        assert!(title(&scene).chars().all(Text::keeps), "{words:?}");
    }
}

#[test]
fn no_byte_from_elsewhere_acts_once_it_is_text() {
    for bytes in strings::bytes() {
        assert!(Text::from_bytes(&bytes).as_str().chars().all(Text::keeps), "{bytes:?}");
    }
}
