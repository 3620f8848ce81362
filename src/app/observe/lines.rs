//! Watching by lines: one per event, as the pilot prints them, and a sentence for what is an observer's own.

use super::post::Post;
use super::{LOOK, Observer, Onlooker, Watched};
use crate::app::live::Signals;
use crate::app::printer;
use crate::incident::{self, Event, Record, State};
use crate::playbook::Playbook;
use crate::text::Text;
use color_eyre::eyre::Result;

/// Tells the incident a line per event until it is closed, or the observer leaves or commands.
pub async fn tell(observer: Observer, onlooker: Onlooker, beginning: &[Record]) -> Result<Watched> {
    let (known, new) = beginning.split_at(if observer.comes.has_commanded() { handed(beginning) } else { 0 });
    let mut signals = Signals::listen()?;
    let mut looks = tokio::time::interval(LOOK);
    let (mut post, mut said) = Post::take_up(observer, onlooker)?;
    said.iter().for_each(printer::say);
    let mut told = incident::replay(post.onlooker.playbook(), known);
    say(post.onlooker.playbook(), &mut told, new);
    while !post.leaving {
        if post.onlooker.state().closed.is_some() {
            post.leave();
            return Ok(Watched::Closed);
        }
        tokio::select! {
            biased;
            () = signals.leave(None) => post.leaving = true,
            _ = looks.tick() => {
                let (records, news) = post.look();
                say(post.onlooker.playbook(), &mut told, &records);
                tell_once(&mut said, news.or_else(|| post.nobody_commands()));
                post.leaving |= post.onlooker.lost().is_some();
            }
        }
    }
    Ok(post.leave())
}

/// What goes on and on is said once. It is no event, so it does not stand among them.
fn tell_once(said: &mut Option<Text>, news: Option<Text>) {
    if let Some(news) = news.filter(|news| said.as_ref() != Some(news)) {
        printer::complain(format_args!("goaround: {news}"));
        *said = Some(news);
    }
}

/// How many of these whoever handed command over has seen: those until they did.
fn handed(records: &[Record]) -> usize {
    let handed = |record: &Record| matches!(record.event, Event::HandedOver { .. });
    records.iter().rposition(handed).map_or(0, |place| place + 1)
}

/// Prints each record by the time it had then: what was declared later does not date what came before.
fn say(playbook: &Playbook, told: &mut State, records: &[Record]) {
    for record in records {
        incident::apply(playbook, told, record);
        printer::say(printer::line(playbook, told, record));
    }
}
