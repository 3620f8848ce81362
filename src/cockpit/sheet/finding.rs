//! The findings of a debrief: one is written part by part; what was kept is chosen, changed or taken out.

use super::{Said, Sheet};
use crate::report::{Answers, Finding, Revision};

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
        let Some(was) = self.kept().cloned() else { return self.complain(NONE_CHOSEN) };
        let writing = Writing { parts: Vec::new(), was: Some(was) };
        self.typed = writing.offered();
        self.finding = Some(writing);
    }

    /// Asks whether the chosen finding is to go; another key than this one answers, and Enter never does.
    pub(super) fn ask_removal(&mut self) {
        let Some(kept) = self.kept() else { return self.complain(NONE_CHOSEN) };
        let asked = format!("take out `{}`, owned by {}?", kept.finding, kept.owner);
        self.complain(&asked);
        self.removing = true;
    }

    /// The chosen finding is to go.
    pub(super) fn remove_kept(&mut self) -> Option<Said> {
        let was = self.kept()?.clone();
        Some(Said::Revised(Revision { was, now: None }))
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
        // They are the last lines of the sheet.
        starts.get((starts.len().checked_sub(1)?).checked_sub(findings)? + at).copied().filter(|_| at <= findings)
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

    /// The part of a finding that was typed; with the last one it is whole. It stays here until it is written down.
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
            (Ok(now), Some(was)) => Some(Said::Revised(Revision { was, now: Some(now) })),
            (Ok(finding), None) => {
                let mut said = Answers::default();
                said.findings.push(finding);
                Some(Said::Words(said))
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

    /// The findings, the chosen one marked.
    pub(super) fn findings(&self) -> impl Iterator<Item = (bool, String)> {
        let findings = self.debrief.answers.findings.iter().enumerate();
        findings.map(|(at, found)| {
            let (is_chosen, Finding { finding, owner, redrill }) = (self.kept == Some(at), found);
            (is_chosen, format!("{} {finding}, {owner}, {redrill}", if is_chosen { ">" } else { " " }))
        })
    }
}

const NONE_CHOSEN: &str = "choose a finding first: j k go down to them";
