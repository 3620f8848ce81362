//! Messages: whether their templates can be rendered when nobody has time to repair them.

use super::Desk;
use crate::kind::Use;
use crate::playbook::raw::Raw;
use crate::playbook::spans::join;
use crate::playbook::{Comm, Id, MessageStage};
use crate::text::nearest;
use indexmap::IndexMap;
use minijinja::Environment;

/// What a message may speak of.
const KNOWN: &[&str] = &["service", "environment", "incident", "started", "triggers", "lever", "metrics"];

/// What the texts of a call that sends a message may use.
const SENDING: &[&str] = &["text", "incident", "service", "environment"];

impl Desk<'_> {
    /// Messages to people.
    pub(super) fn comms(&mut self, raw: &Raw) -> Option<IndexMap<Id, Comm>> {
        let mut comms = Vec::new();
        for (key, written) in &raw.comms {
            let at = join("/comms", key);
            let id = self.key_id(&at, key);
            let body = written.body.clone();
            match &body {
                Some(body) => self.template(&join(&at, "body"), body),
                None if self.document.is_cut(&join(&at, "body")) => {}
                None => {
                    let hint = "add `body = …`: a template of what it says";
                    self.flaw(&at, format!("`body` is missing in `comms.{key}`"), hint);
                }
            }
            let send_at = join(&at, "send");
            let send = written.send.as_ref().map(|table| self.call(&send_at, table, Use::Act, SENDING));
            let due_ms = written.due.as_ref().map(|due| self.duration(&at, "due", Some(due), 0));
            let stage = written.stage.as_ref().map(|stage| self.message_stage(&at, stage));
            let public = written.public.unwrap_or(false);
            let title = written.title.clone().unwrap_or_else(|| key.clone());
            comms.push((|| {
                let id = id?;
                let send = match send {
                    Some(send) => Some(send?),
                    None => None,
                };
                let stage = match stage {
                    Some(stage) => Some(stage?),
                    None => None,
                };
                Some((id.clone(), Comm { id, title, send, body: body?, due_ms, stage, public }))
            })());
        }
        comms.into_iter().collect()
    }

    /// The stage that a message says it speaks of.
    fn message_stage(&mut self, at: &str, written: &str) -> Option<MessageStage> {
        let stage = MessageStage::named(written);
        if stage.is_none() {
            let names: Vec<&str> = MessageStage::ALL.iter().map(|(_, name)| *name).collect();
            let hint = match nearest(written, names.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("write one of `{}`", names.join("`, `")),
            };
            self.flaw(&join(at, "stage"), format!("there is no stage `{written}`"), hint);
        }
        stage
    }

    /// That a message compiles and speaks only of what is known.
    fn template(&mut self, at: &str, body: &str) {
        let environment = Environment::new();
        let template = match environment.template_from_str(body) {
            Ok(template) => template,
            Err(error) => {
                let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
                let line = error.line().unwrap_or(1);
                self.flaw(
                    at,
                    format!("this is no template: {why} (its line {line})"),
                    "see docs.rs/minijinja for the syntax",
                );
                return;
            }
        };
        let globals: Vec<_> = environment.globals().map(|(name, _)| name.to_owned()).collect();
        let mut unknown: Vec<_> = template.undeclared_variables(false).into_iter().collect();
        unknown.retain(|name| !KNOWN.contains(&name.as_str()) && !globals.contains(name));
        unknown.sort();
        for name in unknown {
            let hint = match nearest(&name, KNOWN.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("known here: `{}`", KNOWN.join("`, `")),
            };
            self.flaw(at, format!("nothing is known for `{{{{ {name} }}}}`"), hint);
        }
    }
}
