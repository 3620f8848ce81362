//! What a lever's names stand for, and who approves it.

use super::{Bind, Lever};
use crate::kind::{Vars, fill};

impl Lever {
    /// Who approves it, in words: `a second person`, or `a second person (DBA)`.
    pub fn second(&self) -> String {
        self.approver.as_ref().map_or("a second person".to_owned(), |role| format!("a second person ({role})"))
    }

    /// Its names with their values: `incident`, then each in its order. `find` says what a probe or a time is bound to;
    /// the first name it has nothing for comes back, and what needs that name stays open too.
    pub fn bound(
        &self,
        incident: &str,
        mut find: impl FnMut(&str, &Bind) -> Option<String>,
    ) -> (Vars, Option<(&str, &Bind)>) {
        let mut vars = Vars::from([("incident".to_owned(), incident.to_owned())]);
        let mut open = None;
        for (name, bind) in &self.bind {
            let value = match bind {
                Bind::Text(text) => fill(text, &vars, str::to_owned).ok(),
                Bind::Probe(_) | Bind::After(_) => find(name, bind),
            };
            match value {
                Some(value) => drop(vars.insert(name.clone(), value)),
                None => open = open.or(Some((name.as_str(), bind))),
            }
        }
        (vars, open)
    }
}
