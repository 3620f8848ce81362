//! The debrief on screen, before the terminal is given back: keys in, words to the clerk.

use super::clerk::{Clerk, News};
use super::screen::{Aside, Keeper, Screen};
use super::signals::Signals;
use crate::cockpit::{Said, Scene, Sheet, Then};
use crate::report::{Answers, Debrief};
use crate::text::Text;
use color_eyre::eyre::{Result, eyre};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEventKind, KeyModifiers};
use std::sync::PoisonError;

/// The most events that are kept for the sheet while it is read from the disk.
const EARLY_MAX: usize = 256;

/// The debrief of a drill that was flown before, on a screen that is given back; what is wanted then. `scene` is what
/// lies behind.
pub async fn debrief(mut screen: Screen, scene: &Scene, (keeper, by): (Keeper, Text)) -> Result<Then> {
    let mut clerk = Clerk::of(keeper);
    let then = match Signals::listen() {
        Ok(mut signals) => until_left(&mut screen, scene, (&mut clerk, by), &mut signals).await,
        Err(why) => Err(why),
    };
    screen.close();
    // Where it failed, what is lost is said all the same.
    let stuck = clerk.leave(Then::Shell).await;
    then.map(|then| if stuck == Then::Stuck { stuck } else { then })
}

/// Until the person leaves the debrief or is made to; what they want then.
pub(super) async fn until_left(
    screen: &mut Screen,
    scene: &Scene,
    asked: (&mut Clerk, Text),
    signals: &mut Signals,
) -> Result<Then> {
    let loan = screen.loan();
    tokio::select! {
        () = signals.leave(Some(&loan)) => Ok(Then::Shell),
        then = ask(screen, scene, asked) => then,
    }
}

/// Asks, has it written down, shows, until the person leaves or the terminal is gone. Nothing here waits for the disk.
pub(super) async fn ask(screen: &mut Screen, scene: &Scene, (clerk, by): (&mut Clerk, Text)) -> Result<Then> {
    let Some((debrief, early)) = opened(screen, scene, clerk).await? else { return Ok(Then::Shell) };
    screen.ui().lock().unwrap_or_else(PoisonError::into_inner).sheet = Some(Sheet::new(debrief, by));
    for event in early {
        if let Some(then) = touch(screen, clerk, event) {
            return Ok(then);
        }
    }
    let mut redraw = true;
    loop {
        screen.show(scene.clone(), 0, Aside { redraw, ..Aside::default() });
        redraw = false;
        tokio::select! {
            biased;
            event = screen.next_event() => {
                let Some(event) = event else { return Ok(Then::Shell) };
                redraw = matches!(event, TermEvent::Resize(..));
                if let Some(then) = touch(screen, clerk, event) {
                    return Ok(then);
                }
            }
            news = clerk.news() => tell(screen, clerk, news),
        }
    }
}

/// The debrief as the disk has it, and what was typed until it came; nothing, when the person leaves before.
async fn opened(screen: &mut Screen, scene: &Scene, clerk: &mut Clerk) -> Result<Option<(Debrief, Vec<TermEvent>)>> {
    clerk.keep(Answers::default());
    let mut early = Vec::new();
    loop {
        tokio::select! {
            biased;
            event = screen.next_event() => match event {
                Some(event) if !leaves(&event) => {
                    if early.len() < EARLY_MAX {
                        early.push(event);
                    }
                }
                Some(_) | None => return Ok(None),
            },
            news = clerk.news() => match news {
                News::Saved(debrief) => return Ok(Some((debrief, early))),
                News::Unsaved if clerk.hangs() => {
                    let waits = "the debrief is not read yet: the disk does not answer; Ctrl-C leaves";
                    let scene = Scene { toast: Some((0, waits.into())), ..scene.clone() };
                    screen.show(scene, 0, Aside { redraw: true, ..Aside::default() });
                }
                News::Unsaved => return Err(eyre!("{}", clerk.trouble().unwrap_or_default())),
                News::Revised(_) | News::Refused(_) | News::Told(_) => {}
            },
        }
    }
}

/// Whether this is the key that leaves whatever is on screen.
fn leaves(event: &TermEvent) -> bool {
    let key = event.as_key_press_event();
    key.is_some_and(|key| key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL))
}

/// Gives the sheet what was done at the terminal; what is wanted once it is left.
fn touch(screen: &Screen, clerk: &mut Clerk, event: TermEvent) -> Option<Then> {
    let ui = screen.ui();
    let mut ui = ui.lock().unwrap_or_else(PoisonError::into_inner);
    match take(ui.sheet.as_mut()?, event)? {
        Said::Leave(then) => return Some(then),
        Said::Words(words) => clerk.keep(words),
        Said::Revised(revision) => clerk.revise(revision),
        Said::Papers(paper) => clerk.print(paper),
    }
    None
}

/// Shows what became of what was written.
fn tell(screen: &Screen, clerk: &Clerk, news: News) {
    let ui = screen.ui();
    let mut ui = ui.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(sheet) = &mut ui.sheet else { return };
    match news {
        News::Saved(debrief) => sheet.show(debrief),
        News::Revised(debrief) => sheet.revised(debrief),
        News::Refused(why) => sheet.refused(&why),
        News::Told(told) => sheet.complain(&told),
        News::Unsaved => {}
    }
    sheet.in_trouble(clerk.trouble());
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
