//! One message exactly as it would leave, and what became of it once it was sent.

use super::armed::{INDENT, REQUEST_LEAST, cannot, countdown, listed, request};
use crate::cockpit::checks;
use crate::cockpit::facts;
use crate::cockpit::keymap::{Act, Place, TalkAct};
use crate::cockpit::panels::{Lines, View, scrolling};
use crate::cockpit::posting::{Posted, Posting};
use crate::cockpit::scene::Letter;
use crate::cockpit::theme::Token;
use crate::incident::MessageState;
use crate::kind::Outcome;
use crate::playbook::{Comm, Id};
use ratatui::style::Modifier;
use ratatui::text::Line;

pub(super) fn lines(view: &View, posting: &Posting, width: usize, height: usize) -> Lines {
    let Some(comm) = view.scene.playbook.comms.get(&posting.comm) else { return Vec::new() };
    let mut lines = heading(view, "MESSAGE", comm, width);
    if let Some(posted) = &posting.posted {
        lines.extend(after(view, posting, posted, comm, width));
        return lines;
    }
    let Some(letter) = posting.letter(view.scene) else {
        lines.extend(before(view, posting, width));
        return lines;
    };
    let mut about = view.titled(INDENT, "KEPT IN", &letter.file, width);
    about.push(checked(view, comm, &letter.words, width));
    let state = state_line(view, posting, letter);
    if lines.len() + about.len() + 2 + REQUEST_LEAST > height {
        // Nothing is sent that cannot be read: where it goes, what leaves and what is said of it scroll as one.
        let mut body = lines.split_off(1);
        lines.push(state);
        body.extend(exact(view, comm, letter, (width, usize::MAX)));
        body.extend(about);
        lines.extend(scrolling(view, body, height.saturating_sub(2)));
        return lines;
    }
    lines.extend([state, view.row().line()]);
    lines.extend(about);
    let room = height.saturating_sub(lines.len());
    lines.extend(exact(view, comm, letter, (width, room)));
    lines
}

/// What would leave, to the letter, in the rows there are.
fn exact(view: &View, comm: &Comm, letter: &Letter, (width, room): (usize, usize)) -> Lines {
    if comm.send.is_some() {
        return request(view, &letter.request, width, room);
    }
    let note = "exact; <preview.copy> copies; only the file named here gets them";
    let heading = view.row().cell(Token::Muted, "WORDS", INDENT).fit(Token::Muted, note, width).line();
    listed(view, heading, letter.words.lines(), width, room)
}

/// Which message, where it stands, and where it goes.
pub(super) fn heading(view: &View, word: &str, comm: &Comm, width: usize) -> Lines {
    let (status, token) = facts::comm_words(view.scene, comm);
    let row = view.row().put(Token::Muted, &format!("{word} ")).put(Token::Fg, &comm.title).put(Token::Fg, "   ");
    let to = view.row().cell(Token::Muted, "TO", INDENT).fit(Token::Fg, &receiver(comm), width);
    vec![row.fit(token, &status, width).line(), to.line()]
}

/// Where a message goes, and who reads it there.
pub(super) fn receiver(comm: &Comm) -> String {
    let to = match &comm.send {
        Some(call) => format!("{} ({})", call.backend(), call.kind()),
        None => "a file in the incident directory".to_owned(),
    };
    if comm.public { format!("{to}, public") } else { to }
}

/// Asked for, and not there.
fn before(view: &View, posting: &Posting, width: usize) -> Lines {
    match view.scene.refused_since(posting.asked_ms) {
        Some(why) => {
            let mut lines = vec![cannot(view, "CANNOT SEND", "it cannot be written").line()];
            lines.extend(view.titled(INDENT, "WHY", why.as_str(), width));
            lines.push(view.row().put(Token::Focus, "<preview.withdraw>, then <comms.edit>: write it yourself").line());
            lines
        }
        None => vec![view.row().put(Token::Running, "PREPARING   nothing is sent   <preview.withdraw> leaves").line()],
    }
}

/// Armed, for how long, and whether F is live: it is shown only once it is.
fn state_line(view: &View, posting: &Posting, letter: &Letter) -> Line<'static> {
    let key = |act| view.key(Place::Preview, Act::Talk(act));
    let (send, withdraw) = (key(TalkAct::Send), key(TalkAct::Withdraw));
    if let Some(why) = &letter.blocked {
        let leaves = format!("  {withdraw} leaves.");
        return cannot(view, "CANNOT SEND", why.as_str()).put(Token::Muted, &leaves).line();
    }
    let row = countdown(view, letter.armed_at_ms);
    let live = if posting.warned_ms.is_some() {
        format!("  A BLANK IS LEFT: {send} again sends it so.")
    } else {
        format!("  {send} sends.")
    };
    let row = if posting.is_guarded(view.scene, view.human_ms) || view.ui.is_unseen(view.human_ms) {
        let asked = if posting.warned_ms.is_some() { "  A BLANK IS LEFT:" } else { "" };
        row.put(Token::Warn, asked).put(Token::Muted, "  keys wait a moment.")
    } else {
        row.strong(Token::Focus, Modifier::BOLD, &live)
    };
    row.put(Token::Fg, &format!("  {withdraw}, nothing is sent.  Enter does nothing.")).line()
}

/// What is looked for in the words; it warns, or asks once more, and keeps nobody from sending.
pub(super) fn checked(view: &View, comm: &Comm, words: &str, width: usize) -> Line<'static> {
    let mut row = view.row().cell(Token::Muted, "CHECKS", INDENT);
    for check in checks::of(view.scene, comm, words) {
        let (glyph, token) = check.glyph();
        row = row.fit(token, glyph, width).fit(Token::Fg, &format!(" {}   ", check.words), width);
    }
    row.line()
}

/// What became of it.
fn after(view: &View, posting: &Posting, posted: &Posted, comm: &Comm, width: usize) -> Lines {
    let Some(message) = posting.made(view.scene) else { return waiting(view, posted, width) };
    let mut lines = vec![view.row().line()];
    lines.push(match &message.outcome {
        None => view.row().cell(Token::Muted, "ANSWER", INDENT).put(Token::Running, "waiting for it").line(),
        Some((outcome, _)) => {
            let row = view.row().cell(Token::Muted, "ANSWER", INDENT);
            row.strong(token_of(*outcome), Modifier::BOLD, outcome.word()).line()
        }
    });
    if let Some((_, detail)) = &message.outcome {
        lines.extend(view.titled(INDENT, "", detail.as_str(), width));
    }
    lines.extend(view.titled(INDENT, "KEPT IN", &message.file.path, width));
    lines.push(view.row().line());
    lines.push(view.row().fit(Token::Focus, &what_now(view, &comm.id, message), width).line());
    lines
}

/// F was pressed, and the journal has not answered yet, or the app refused.
fn waiting(view: &View, posted: &Posted, width: usize) -> Lines {
    let line = match view.scene.refused_since(posted.at_ms) {
        Some(why) => view.row().strong(Token::Breach, Modifier::REVERSED, " NOT SENT ").fit(
            Token::Fg,
            &format!("  {why}"),
            width,
        ),
        None => view.row().put(Token::Running, "SENDING   being written down before it leaves"),
    };
    vec![line.line()]
}

fn token_of(outcome: Outcome) -> Token {
    match outcome {
        Outcome::Applied => Token::Ok,
        Outcome::Rejected => Token::Breach,
        Outcome::NotSent => Token::Warn,
        Outcome::Unknown => Token::Nodata,
    }
}

/// What a tired person should press next.
fn what_now(view: &View, comm: &Id, message: &MessageState) -> String {
    if let Some(again) = facts::again_words(view.scene, comm) {
        return format!("{again}; <posted.withdraw> leaves, it goes on");
    }
    match &message.outcome {
        None => "<posted.withdraw> leaves; it goes on by itself",
        Some((Outcome::Applied, _)) => "<posted.withdraw> goes on",
        Some((Outcome::Rejected, _)) => {
            "nobody was told: <posted.withdraw>, then <comms.edit> and other words, or tell them another way"
        }
        Some((Outcome::NotSent, _)) => "nobody was told: <posted.preview> prepares it anew, or tell them another way",
        Some((Outcome::Unknown, _)) => "it may have arrived: look there before you send it again",
    }
    .to_owned()
}
