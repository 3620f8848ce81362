//! The debrief on screen, before the terminal is given back: keys in, words to the directory.

use super::screen::{Aside, Keeper, Screen};
use crate::cockpit::{Said, Scene, Sheet, Then};
use crate::report::{Answers, Debrief};
use crate::text::Text;
use color_eyre::eyre::Result;
use crossterm::event::{Event as TermEvent, KeyEventKind};
use std::sync::PoisonError;

/// Asks, writes down, shows, until the person leaves or the terminal is gone; what they want then. `scene` is what lies
/// behind.
pub async fn debrief(screen: &mut Screen, scene: &Scene, (keeper, by): (&mut Keeper, Text)) -> Result<Then> {
    let ui = screen.ui();
    let lock = || ui.lock().unwrap_or_else(PoisonError::into_inner);
    lock().sheet = Some(Sheet::new((keeper.keep)(&Answers::default())?, by));
    screen.show(scene.clone(), 0, Aside { redraw: true, ..Aside::default() });
    while let Some(event) = screen.next_event().await {
        let redraw = matches!(event, TermEvent::Resize(..));
        let said = lock().sheet.as_mut().and_then(|sheet| take(sheet, event));
        match said {
            Some(Said::Leave(then)) => return Ok(then),
            Some(Said::Papers(paper)) => {
                let told = (keeper.print)(paper).unwrap_or_else(|why| format!("not written: {why:#}"));
                lock().sheet.iter_mut().for_each(|sheet| sheet.complain(&told));
            }
            Some(Said::Words(words)) => show((keeper.keep)(&words), lock().sheet.as_mut()),
            Some(Said::Revised(revision)) => show((keeper.revise)(&revision), lock().sheet.as_mut()),
            None => {}
        }
        screen.show(scene.clone(), 0, Aside { redraw, ..Aside::default() });
    }
    Ok(Then::Shell)
}

/// Shows what is written down now, or says why it could not be.
fn show(kept: Result<Debrief>, sheet: Option<&mut Sheet>) {
    match (sheet, kept) {
        (Some(sheet), Ok(debrief)) => sheet.show(debrief),
        (Some(sheet), Err(why)) => sheet.complain(&why.to_string()),
        (None, _) => {}
    }
}

fn take(sheet: &mut Sheet, event: TermEvent) -> Option<Said> {
    match event {
        TermEvent::Key(key) if key.kind != KeyEventKind::Release => sheet.on_key(key),
        TermEvent::Paste(text) => {
            sheet.insert(&text);
            None
        }
        TermEvent::Key(_)
        | TermEvent::Mouse(_)
        | TermEvent::Resize(..)
        | TermEvent::FocusGained
        | TermEvent::FocusLost => None,
    }
}
