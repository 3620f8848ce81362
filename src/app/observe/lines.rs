//! Watching by lines: one per event, as the pilot prints them, and a sentence for what is an observer's own.

use super::post::Post;
use super::{LOOK, Observer, Onlooker, Watched};
use crate::app::live::{LINE_MAX, Lines, Signals, Typed};
use crate::app::printer;
use crate::incident::{self, Event, Record, State};
use crate::playbook::Playbook;
use crate::text::Text;
use color_eyre::eyre::Result;

/// What an observer can type, in a sentence.
const WORDS: &str = "you observe; type object and what is wrong, command to ask for it, or leave";

/// Whether a person types, beside reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Lines of standard input are an observer's words.
    Typed,
    /// Nobody types: what reads may be a pipe, and what is typed may be somebody else's.
    Nothing,
}

/// Tells the incident a line per event until it is closed, or the observer leaves or commands.
pub async fn tell(observer: Observer, onlooker: Onlooker, beginning: &[Record], input: Input) -> Result<Watched> {
    let (known, new) = beginning.split_at(if observer.comes.has_commanded() { handed(beginning) } else { 0 });
    let mut signals = Signals::listen()?;
    let mut looks = tokio::time::interval(LOOK);
    let (mut post, news) = Post::take_up(observer, onlooker)?;
    news.iter().for_each(printer::say);
    let mut said = Said { news, ..Said::default() };
    let mut told = incident::replay(post.onlooker.playbook(), known);
    let mut lines = (input == Input::Typed).then(Lines::of_stdin);
    say(post.onlooker.playbook(), &mut told, new);
    while !post.leaving {
        if post.onlooker.state().closed.is_some() {
            post.leave();
            return Ok(Watched::Closed);
        }
        tokio::select! {
            biased;
            () = signals.leave(None) => post.leaving = true,
            typed = next(&mut lines) => {
                said.news = None;
                take(&mut post, &typed);
            }
            _ = looks.tick() => {
                let (records, news) = post.look();
                say(post.onlooker.playbook(), &mut told, &records);
                said.anew(news, post.nobody_commands()).iter().for_each(complain);
                post.leaving |= post.onlooker.lost().is_some();
            }
        }
    }
    Ok(post.leave())
}

/// The next line; never, where nobody types any more.
async fn next(lines: &mut Option<Lines>) -> Typed {
    if let Some(some) = lines {
        if let Some(typed) = some.next().await {
            return typed;
        }
        // Who types nothing more may go on reading.
        *lines = None;
    }
    std::future::pending().await
}

/// Does as the observer says, and answers with a sentence.
fn take(post: &mut Post, typed: &Typed) {
    let line = match typed {
        Typed::Line(line, _) => line.trim(),
        Typed::TooLong => return printer::say(format_args!("a line over {LINE_MAX} bytes is not taken")),
    };
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let said: Text = match (word, rest.trim()) {
        ("leave" | "quit", "") => return post.leaving = true,
        ("command", "") => post.turn_ask().unwrap_or_else(|why| why),
        ("object" | "!", words) if !words.is_empty() => {
            post.guest.object(words.into()).map_or_else(|why| why, |()| "the commander is told".into())
        }
        _ => WORDS.into(),
    };
    printer::say(said);
}

/// It is no event, so it does not stand among them.
fn complain(sentence: &Text) {
    printer::complain(format_args!("goaround: {sentence}"));
}

/// What was said last: what goes on and on is said once.
#[derive(Default)]
struct Said {
    /// Forgotten when the observer types: who asks again is answered again, if in the same words.
    news: Option<Text>,
    /// Not among the news: two sentences that both go on would take turns for ever.
    leaderless: bool,
}

impl Said {
    /// What of this was not said yet. That nobody commands is said again once somebody did in between.
    fn anew(&mut self, news: Option<Text>, nobody: Option<Text>) -> Vec<Text> {
        let known = std::mem::replace(&mut self.leaderless, nobody.is_some());
        let news = news.filter(|news| self.news.as_ref() != Some(news));
        self.news = news.clone().or(self.news.take());
        news.into_iter().chain(nobody.filter(|_| !known)).collect()
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

#[cfg(test)]
mod tests {
    //! Claims about what goes on and on.

    use super::*;

    const GONE: &str = "nobody commands: mira is gone";
    const UNSEEN: &str = "nobody is told that you watch: no space left";

    /// What is said of these one after the other: news, and whether nobody commands.
    fn told(said: &mut Said, looks: &[(Option<&str>, bool)]) -> Vec<String> {
        let anew = |&(news, gone): &(Option<&str>, bool)| said.anew(news.map(Text::from), gone.then(|| GONE.into()));
        looks.iter().flat_map(anew).map(|sentence| sentence.to_string()).collect()
    }

    #[test]
    fn that_nobody_commands_is_told_each_time_command_is_lost() {
        let mut said = Said::default();
        let looks = [(None, true), (None, true), (None, false), (None, true)];
        assert_eq!(told(&mut said, &looks), [GONE, GONE]);
    }

    #[test]
    fn two_sentences_that_both_go_on_are_told_once_each() {
        let mut said = Said::default();
        let looks = [(Some(UNSEEN), true), (None, true)].repeat(5);
        assert_eq!(told(&mut said, &looks), [UNSEEN, GONE]);
    }
}
