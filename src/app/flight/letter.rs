//! A message under arms: its words fixed and its request shown before anything leaves, then handed over as shown.

use super::{Flight, poll, sensor};
use crate::cockpit::Letter;
use crate::incident::{self, Actor, Command, EvidenceRef, Moment, Stamped};
use crate::kind::{Call, Exchange, Use, Vars};
use crate::playbook::{Comm, Id, Playbook};
use crate::text::Text;

impl Flight {
    /// Prepares a message; nothing is sent. Without a person's own `words` it is written from what is known now.
    /// `human_ms` is when, in human time.
    pub fn arm_comm(&mut self, now: &Moment, comm: &Id, words: Option<&str>, human_ms: u64) -> Result<(), Text> {
        self.letter = None;
        let playbook = self.playbook.clone();
        let comm = find(&playbook.comms, comm)?;
        let words = self.words_of(comm, words)?;
        let file = self.new_path("comms", comm.id.as_str(), "txt");
        let (request, pasted, unfit) = match comm.send.as_ref().map(|call| self.encode_words(call, &words)) {
            None => (Vec::new(), None, None),
            Some(Ok((_, exchange))) => (exchange.lines(), exchange.pasted(), None),
            Some(Err(why)) => (Vec::new(), None, Some(Text::from(why))),
        };
        let blocked = unfit.or_else(|| self.message_refusal(now, &comm.id));
        let armed_at_ms = human_ms;
        self.letter = Some(Letter { comm: comm.id.clone(), words, request, pasted, file, blocked, armed_at_ms });
        Ok(())
    }

    /// The message under arms.
    pub fn letter(&self) -> Option<&Letter> {
        self.letter.as_ref()
    }

    /// Writes a message down and queues it: in these words, or as it is written from what is known now. A message
    /// under arms goes into the file that was shown.
    pub fn send_comm(&mut self, now: &Moment, actor: Actor, comm: &Id, words: Option<&str>) -> Result<(), Text> {
        let playbook = self.playbook.clone();
        let comm = find(&playbook.comms, comm)?;
        let words = self.words_of(comm, words)?;
        let shown = self.letter.take().filter(|letter| letter.comm == comm.id && letter.words == words);
        let path = match shown {
            Some(letter) => letter.file,
            None => self.new_path("comms", comm.id.as_str(), "txt"),
        };
        let (file, kept) = self.file_at(path, &words);
        self.submit(now, actor, Command::Send { comm: comm.id.clone(), file }, vec![kept]);
        Ok(())
    }

    /// The words as they are kept and sent: a pasted secret is cut here, before they are shown.
    fn words_of(&self, comm: &Comm, words: Option<&str>) -> Result<String, Text> {
        let words = match words {
            Some(words) => words.to_owned(),
            None => self.render_comm(comm)?,
        };
        if words.trim().is_empty() {
            return Err(format!("message `{}` is empty: it says nothing", comm.id).into());
        }
        Ok(self.clean(&words))
    }

    /// Words of a person without the secrets in them.
    pub fn clean(&self, words: &str) -> String {
        self.redactor.redact(words)
    }

    /// What is sent to say `words`.
    pub(super) fn encode_words(&self, call: &Call, words: &str) -> Result<(Id, Exchange), String> {
        encode_message(&self.playbook, call, self.state.incident.as_str(), words)
    }

    /// Why sending would be refused, asked of `decide` itself, so that `F sends` is true.
    fn message_refusal(&self, now: &Moment, comm: &Id) -> Option<Text> {
        let file = EvidenceRef { path: String::new(), sha256: String::new(), bytes: 0 };
        let command = Command::Send { comm: comm.clone(), file };
        let stamped = Stamped { at: now.clone(), actor: sensor(), command };
        incident::decide(&self.playbook, &self.state, &stamped).err().map(|refusal| refusal.0.into())
    }
}

fn find<'a>(comms: &'a indexmap::IndexMap<Id, Comm>, comm: &Id) -> Result<&'a Comm, Text> {
    comms.get(comm).ok_or_else(|| format!("there is no message `{comm}`").into())
}

/// What is sent to say `words` in an incident of this id.
pub(in crate::app) fn encode_message(
    playbook: &Playbook,
    call: &Call,
    incident: &str,
    words: &str,
) -> Result<(Id, Exchange), String> {
    let known = [
        ("text", words),
        ("incident", incident),
        ("service", playbook.service.as_str()),
        ("environment", playbook.environment.as_str()),
    ];
    let vars = Vars::from(known.map(|(name, value)| (name.to_owned(), value.to_owned())));
    poll::encode_with(playbook, call, Use::Act, &vars)
}
