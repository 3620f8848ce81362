//! Branches: what opens each, and whether it ever could.

use super::Desk;
use crate::playbook::branch::{RawBranch, RawOpening};
use crate::playbook::raw::{Raw, RawStep};
use crate::playbook::spans::join;
use crate::playbook::{Branch, Id, Opening};
use crate::text::nearest;
use indexmap::IndexMap;

/// Something that is written as a list of tables with an `id`.
struct Listed<'r> {
    /// The list's key.
    room: &'static str,
    /// One of it.
    one: &'static str,
    /// Every id in it.
    ids: Vec<&'r str>,
}

impl Desk<'_> {
    /// The parts of the checklist that are flown only once they open.
    pub(super) fn branches(&mut self, raw: &Raw) -> Option<IndexMap<Id, Branch>> {
        let mut branches = Vec::new();
        for (key, written) in &raw.branches {
            branches.push(self.branch(raw, key, written).map(|branch| (branch.id.clone(), branch)));
        }
        branches.into_iter().collect()
    }

    fn branch(&mut self, raw: &Raw, key: &str, written: &RawBranch) -> Option<Branch> {
        let at = join("/branches", key);
        let id = self.key_id(&at, key);
        let unsure = self.document.cuts.iter().any(|cut| cut.starts_with("/steps"));
        if !unsure && !raw.steps.iter().any(|step| step.branch.as_deref() == Some(key)) {
            let hint = format!("add `branch = \"{key}\"` to the steps that are flown in it");
            self.document.flaw_of_key(&at, format!("branch `{key}` holds no step, so it changes nothing"), hint);
        }
        let when = written.when.as_ref().map(|when| self.opening(raw, &join(&at, "when"), key, when));
        Some(Branch {
            id: id?,
            title: written.title.clone().unwrap_or_else(|| key.to_owned()),
            why: written.why.clone().unwrap_or_default(),
            when: match when {
                Some(when) => Some(when?),
                None => None,
            },
        })
    }

    fn opening(&mut self, raw: &Raw, at: &str, branch: &str, written: &RawOpening) -> Option<Opening> {
        let seen = written.seen.as_ref().map(|seen| self.condition(&join(at, "seen"), seen, &[]));
        self.exactly_one(at, &["symptom", "failed", "overdue", "seen"], "nothing that opens the branch")?;
        if let Some(symptom) = &written.symptom {
            return self.refer(&join(at, "symptom"), "symptoms", symptom).map(Opening::Symptom);
        }
        if let Some(step) = &written.failed {
            let at = join(at, "failed");
            let ids = raw.steps.iter().map(|step| step.id.as_str()).collect();
            let step = self.refer_listed(&at, &Listed { room: "steps", one: "step", ids }, step)?;
            self.fails_outside(raw, &at, branch, &step);
            return Some(Opening::Failed(step));
        }
        if let Some(clock) = &written.overdue {
            let ids = raw.clocks.iter().map(|clock| clock.id.as_str()).collect();
            let clocks = Listed { room: "clocks", one: "clock", ids };
            return self
                .refer_listed(&join(at, "overdue"), &clocks, clock)
                .map(|clock| Opening::Overdue(clock.to_string()));
        }
        seen?.map(Opening::Seen)
    }

    /// That a branch does not wait for a step of its own, which is N/A until it is open.
    fn fails_outside(&mut self, raw: &Raw, at: &str, branch: &str, step: &Id) {
        let own = |written: &&RawStep| written.id == step.as_str() && written.branch.as_deref() == Some(branch);
        if raw.steps.iter().any(|written| own(&written)) {
            let what = format!("step `{step}` belongs to this branch, so it cannot fail before the branch is open");
            self.flaw(at, what, "name a step outside of the branch, or take it out of the branch");
        }
    }

    /// That a branch holds no step that the whole checklist rests on, that none takes its place, and that no step waits
    /// for the branch which ends it.
    pub(super) fn branch_fits(&mut self, written: &RawStep, at: &str) {
        if written.branch.is_some() && written.watch == Some(true) {
            let what = "the watch step cannot stand in a branch: the hold would wait for what may never open";
            self.flaw(&join(at, "branch"), what, "take `branch` out");
        }
        let unless = join(at, "unless");
        if written.unless.is_some() && written.watch == Some(true) {
            let what = "no branch is flown instead of the watch step: what was done in it is watched as well";
            self.flaw(&unless, what, "take `unless` out");
        }
        if written.unless.is_some() && written.unless == written.branch {
            let what = "the branch that this step belongs to is flown instead of it, so it never would be flown";
            self.flaw(&unless, what, "name another branch, or take `unless` out");
        }
    }

    fn refer_listed(&mut self, at: &str, listed: &Listed<'_>, written: &str) -> Option<Id> {
        let Listed { room, one, ids } = listed;
        let unsure = self.document.cuts.iter().any(|cut| cut.starts_with(&join("", room)));
        if !unsure && !ids.contains(&written) {
            let hint = match nearest(written, ids.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("write `[[{room}]]` with `id = \"{written}\"`, or name one that exists"),
            };
            self.flaw(at, format!("there is no {one} `{written}`"), hint);
        }
        Id::new(written).ok()
    }
}
