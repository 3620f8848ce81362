//! The second person: who approves exactly one pull, typed by its target, and does not command.

use super::{Decided, Draft, Refusal, refuse};
use crate::incident::command::{Command, Fire};
use crate::incident::event::Event;
use crate::playbook::{Lever, Step};
use crate::text::Text;

/// How long an approval counts, in ms: the world moves on (TRUST, promise 25).
const APPROVAL_MS: u64 = 15 * 60_000;
/// Names that goaround signs with itself.
const NOBODY: [&str; 2] = ["pilot", "sensor"];

/// Whether two names are the same person's, however they were typed.
pub fn same_person(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(one) == plain(other)
}

/// Whether this can be a person's name: what is shown of bytes that nobody types is none, and hides no commander's.
fn is_a_name(name: &str) -> bool {
    let typed = |c: char| c.is_alphanumeric() || " .-_'@".contains(c);
    let taken = NOBODY.iter().any(|nobody| same_person(name, nobody));
    name.chars().all(typed) && name.chars().any(char::is_alphanumeric) && !taken
}

impl Draft<'_> {
    pub(super) fn approve(&mut self, command: &Command) -> Decided {
        let Command::Approve { approver, lever: id, way, want, typed, request_sha256 } = command else {
            return refuse("only a lever is approved");
        };
        let Some(lever) = self.playbook.levers.get(id) else { return refuse(format!("there is no lever `{id}`")) };
        if !lever.second_person {
            return refuse(format!("{} needs no approval", lever.title));
        }
        if !is_a_name(approver.as_str()) {
            return refuse(format!("type the name of the person who approves: {}", lever.second()));
        }
        if same_person(approver.as_str(), self.stamped.actor.as_str()) {
            return refuse(format!("{approver} commands: somebody else must approve"));
        }
        if typed != want {
            return refuse(format!("that is not the target: `{want}` must be typed exactly"));
        }
        if request_sha256.is_empty() {
            return refuse("there is no request to approve");
        }
        self.push(Event::Approved {
            approver: approver.clone(),
            lever: id.clone(),
            way: *way,
            want: want.clone(),
            request_sha256: request_sha256.clone(),
        });
        Ok(())
    }

    /// The name of the second person who answers a step, and is not the one who commands.
    pub(super) fn second_person(&self, step: &Step, role: &str, named: Option<&Text>) -> Result<Text, Refusal> {
        let Some(name) = named.filter(|name| is_a_name(name.as_str())) else {
            return Err(Refusal(format!("`{}` is answered by a second person ({role}): type their name", step.title)));
        };
        if same_person(name.as_str(), self.stamped.actor.as_str()) {
            return Err(Refusal(format!("{name} commands: somebody else ({role}) must answer `{}`", step.title)));
        }
        Ok(name.clone())
    }

    /// No lever that asks for a second person is sent without one. What a person has done by hand is done: it is
    /// written down, and nothing is sent.
    pub(super) fn refuse_unapproved(&self, lever: &Lever, fire: &Fire) -> Decided {
        if !lever.second_person || fire.by_hand {
            return Ok(());
        }
        let Some(approval) = self.state.approvals.get(&(fire.lever.clone(), fire.way)) else {
            return refuse(format!("{} needs approval of {}: A asks for it", lever.title, lever.second()));
        };
        let age = self.stamped.at.since(&approval.at);
        let why = if same_person(approval.approver.as_str(), self.stamped.actor.as_str()) {
            "who approved commands now"
        } else if approval.request_sha256 != fire.request_sha256 || approval.want != fire.want {
            "what was approved is another request"
        } else if age.ms > APPROVAL_MS || age.approximate {
            "its approval is older than 15 minutes"
        } else {
            return Ok(());
        };
        refuse(format!("{} needs approval of {}, {why}: A asks for it", lever.title, lever.second()))
    }
}
