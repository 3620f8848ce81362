//! The findings of a debrief: one is written part by part; what was kept is chosen, changed or taken out.

use super::{Said, Sheet, UNSAVED};
use crate::report::{Answers, Debrief, Finding, Revision};

/// What a finding is asked for, in order.
const PARTS: [&str; 3] = ["finding", "owner", "re-drill (2026-12-01)"];

/// A finding being written, or changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Writing {
    /// The parts typed so far.
    parts: Vec<String>,
    /// What it was, where one that was kept is changed.
    was: Option<Finding>,
}

impl Writing {
    /// What the part that is asked for now was.
    fn offered(&self) -> String {
        let Some(was) = &self.was else { return String::new() };
        match self.parts.len() {
            0 => was.finding.to_string(),
            1 => was.owner.to_string(),
            _ => was.redrill.to_string(),
        }
    }

    /// What is asked for now, in a word.
    pub(super) fn asks(&self) -> Option<&'static str> {
        PARTS.get(self.parts.len()).copied()
    }

    /// The same as a heading.
    fn heading(&self) -> &'static str {
        match (self.parts.len(), &self.was) {
            (0, None) => "4 FINDINGS   1 of 3: what was found, in one line",
            (0, Some(_)) => "4 FINDINGS   changing it, 1 of 3: what was found",
            (1, _) => "4 FINDINGS   2 of 3: who owns it",
            _ => "4 FINDINGS   3 of 3: when it is drilled again",
        }
    }
}

impl Sheet {
    /// Whether a finding is being written.
    pub(super) fn is_writing(&self) -> bool {
        self.finding.is_some()
    }

    pub(super) fn begin_finding(&mut self) {
        self.finding = Some(Writing::default());
    }

    pub(super) fn drop_finding(&mut self) {
        (self.finding, self.typed) = (None, String::new());
    }

    /// The finding that is chosen.
    pub(super) fn kept(&self) -> Option<&Finding> {
        self.debrief.answers.findings.get(self.kept?)
    }

    /// Chooses the finding of this number, from 1; answers whether there is one.
    pub(in crate::cockpit) fn pick(&mut self, number: usize) -> bool {
        let at = number.checked_sub(1).filter(|at| *at < self.debrief.answers.findings.len());
        self.kept = at.or(self.kept);
        at.is_some()
    }

    /// Whether it is asked if a finding is to go.
    pub(in crate::cockpit) fn is_removing(&self) -> bool {
        self.removing
    }

    /// What the part that is asked for now was, where a finding is changed.
    pub(in crate::cockpit) fn offered(&self) -> Option<String> {
        self.finding.as_ref().filter(|writing| writing.was.is_some()).map(Writing::offered)
    }

    /// Begins to change the chosen finding: each part as it was, to be typed on.
    pub(super) fn change_kept(&mut self) {
        let Some(was) = self.chosen_and_saved().cloned() else { return };
        let writing = Writing { parts: Vec::new(), was: Some(was) };
        self.typed = writing.offered();
        self.finding = Some(writing);
    }

    /// Asks whether the chosen finding is to go; another key than this one answers, and Enter never does.
    pub(super) fn ask_removal(&mut self) {
        let Some(kept) = self.chosen_and_saved() else { return };
        let asked = format!("take out `{}`, owned by {}?", kept.finding, kept.owner);
        self.complain(&asked);
        self.removing = true;
    }

    /// The chosen finding is to go.
    pub(super) fn remove_kept(&mut self) -> Option<Said> {
        let was = self.kept()?.clone();
        Some(self.revise(Revision { was, now: None }))
    }

    /// Has this changed or taken out; what it was stays in sight meanwhile, marked.
    fn revise(&mut self, revision: Revision) -> Said {
        self.revisions.push(revision.clone());
        self.drop_finding();
        Said::Revised(revision)
    }

    /// Shows the debrief in which the oldest of what was to be changed or taken out is so.
    pub fn revised(&mut self, debrief: Debrief) {
        self.forget_oldest();
        self.show(debrief);
    }

    /// Says why the oldest of what was to be changed or taken out stays as it was.
    pub fn refused(&mut self, why: &str) {
        self.forget_oldest();
        self.complain(why);
    }

    fn forget_oldest(&mut self) {
        if !self.revisions.is_empty() {
            self.revisions.remove(0);
        }
    }

    /// What is to become of the finding at this place and is not yet. Of two that say the same, the first comes first.
    fn pending(&self, at: usize) -> Option<&Revision> {
        let (before, from) = self.debrief.answers.findings.split_at_checked(at)?;
        let found = from.first()?;
        let twins = before.iter().filter(|other| *other == found).count();
        self.revisions.iter().filter(|revision| revision.was == *found).nth(twins)
    }

    /// The chosen finding, where the file has it as it is shown; otherwise says why nothing can be done with it.
    fn chosen_and_saved(&mut self) -> Option<&Finding> {
        let why = match self.kept {
            None => NONE_CHOSEN,
            Some(at) if self.pending(at).is_some() => NOT_SAVED,
            Some(_) => return self.kept(),
        };
        self.complain(why);
        None
    }

    /// Whether something was said, changed or taken out that is not written down yet.
    pub(super) fn has_unsaved(&self) -> bool {
        self.unsaved != Answers::default() || !self.revisions.is_empty()
    }

    /// Chooses the next finding once it is in sight, and scrolls towards it until then.
    pub(super) fn down(&mut self) {
        let next = self.kept.map_or(0, |at| at + 1);
        if self.row_of_finding(next).is_some_and(|row| row < self.scroll.saturating_add(self.rows.get())) {
            return self.choose_kept(next);
        }
        self.scroll = self.scroll.saturating_add(1).min(self.most.get());
    }

    /// Chooses the finding before; before the first, none, and then it is scrolled back.
    pub(super) fn up(&mut self) {
        match self.kept {
            Some(0) => self.kept = None,
            Some(at) => self.choose_kept(at - 1),
            None => self.scroll = self.scroll.saturating_sub(1),
        }
    }

    /// Chooses the finding at this place and brings it into sight.
    fn choose_kept(&mut self, at: usize) {
        let (Some(top), Some(below)) = (self.row_of_finding(at), self.row_of_finding(at + 1)) else { return };
        self.kept = Some(at);
        self.bring_into_sight(top, below);
    }

    /// The row at which this finding begins; that behind the last is where it ends.
    fn row_of_finding(&self, at: usize) -> Option<u16> {
        let starts = self.starts.borrow();
        let findings = self.debrief.answers.findings.len();
        // They are the last lines of the sheet, but for those that are not saved yet.
        let lines = starts.len().checked_sub(1 + self.unsaved.findings.len())?;
        starts.get(lines.checked_sub(findings)? + at).copied().filter(|_| at <= findings)
    }

    /// Keeps what was chosen chosen, by what it says; what was just changed is at the same place.
    pub(super) fn choose_again(&mut self, was: Option<&Finding>, count: usize) {
        let findings = &self.debrief.answers.findings;
        let same = |at: &usize| findings.get(*at) == was;
        let moved = was.and_then(|was| findings.iter().position(|finding| finding == was));
        let changed = self.kept.filter(|_| findings.len() == count);
        self.kept = self.kept.filter(same).or(moved).or(changed);
    }

    /// Back to the part before this one, as it was typed.
    pub(super) fn take_back(&mut self) {
        if let Some(before) = self.finding.as_mut().and_then(|writing| writing.parts.pop()) {
            self.typed = before;
        }
    }

    /// The part of a finding that was typed; with the last one it is whole.
    pub(super) fn found(&mut self) -> Option<Said> {
        let writing = self.finding.as_mut()?;
        if self.typed.trim().is_empty() {
            return None;
        }
        let [finding, owner] = writing.parts.as_slice() else {
            writing.parts.push(std::mem::take(&mut self.typed));
            self.typed = writing.offered();
            return None;
        };
        match (Finding::new(finding, owner, &self.typed), writing.was.clone()) {
            (Ok(now), Some(was)) if now == was => {
                self.drop_finding();
                self.complain("nothing was changed");
                None
            }
            (Ok(now), Some(was)) => Some(self.revise(Revision { was, now: Some(now) })),
            (Ok(finding), None) => {
                let mut said = Answers::default();
                said.findings.push(finding);
                Some(self.say(said))
            }
            (Err(why), _) => {
                self.typed.clear();
                self.complain(&why);
                None
            }
        }
    }

    /// The head of the findings: how one is added, or which part of it is asked for now.
    pub(super) fn asks_of_finding(&self) -> &'static str {
        match &self.finding {
            Some(writing) => writing.heading(),
            None if self.debrief.answers.findings.is_empty() => {
                "4 FINDINGS   finding, owner, re-drill date: f asks for one after the other"
            }
            None => "4 FINDINGS   f adds one, j k choose one to change or to take out",
        }
    }

    /// The part of a finding that is being typed, its end in sight however far the numbers are scrolled.
    pub(super) fn typed_finding(&self, width: usize) -> Option<String> {
        let part = self.finding.as_ref()?.asks()?;
        let room = width.saturating_sub(part.chars().count() + 5);
        let typed: Vec<char> = self.typed.chars().collect();
        let end: String = typed[typed.len().saturating_sub(room)..].iter().collect();
        Some(format!("> {part}: {end}_"))
    }

    /// The findings, the chosen one marked, and so is what is not written down yet.
    pub(super) fn findings(&self) -> impl Iterator<Item = (bool, String)> {
        let findings = self.debrief.answers.findings.iter().enumerate();
        let kept = findings.map(|(at, found)| {
            let is_chosen = self.kept == Some(at);
            let told = match self.pending(at).map(|revision| &revision.now) {
                None => found.to_string(),
                Some(Some(now)) => format!("{now}{UNSAVED}"),
                Some(None) => format!("{found}{UNREMOVED}"),
            };
            (is_chosen, format!("{} {told}", if is_chosen { ">" } else { " " }))
        });
        kept.chain(self.unsaved.findings.iter().map(|new| (false, format!("  {new}{UNSAVED}"))))
    }
}

const NONE_CHOSEN: &str = "choose a finding first: j k go down to them";
const NOT_SAVED: &str = "what became of this finding is not saved yet: it can be changed or taken out once it is";
/// What stands behind a finding that is to be taken out, until it is.
const UNREMOVED: &str = "  (taken out, not saved yet)";
