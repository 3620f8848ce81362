//! What a playbook tells people: links that are links, follow-ups with a time, bands that fit their metric.

use super::Desk;
use crate::playbook::raw::{Raw, RawGuide, RawRunbook};
use crate::playbook::spans::join;
use crate::playbook::{Band, Contact, Faq, FollowUp, Guide, Id, Limit, Link, Lists, Runbook, Unit};
use chrono::NaiveDate;
use indexmap::IndexMap;

impl Desk<'_> {
    /// Everything the playbook lists for people.
    pub(super) fn lists(&mut self, raw: &Raw) -> Option<Lists> {
        let links = self.links(raw);
        let contacts = self.contacts(raw);
        let follow_ups = self.follow_ups(raw);
        let runbook = raw.lists.runbook.as_ref().map(|runbook| self.runbook(runbook));
        let faq = raw.lists.faq.iter();
        let faq = faq.map(|raw| Faq { question: raw.question.clone(), answer: raw.answer.clone() }).collect();
        let covers = self.covers();
        Some(Lists { covers, links: links?, faq, contacts: contacts?, follow_ups: follow_ups?, runbook })
    }

    fn links(&mut self, raw: &Raw) -> Option<IndexMap<Id, Link>> {
        let mut links = Vec::new();
        for (key, written) in &raw.lists.links {
            let at = join("/links", key);
            if let Some((what, hint)) = misfit_of_url(&written.url) {
                self.flaw(&join(&at, "url"), what, hint);
            }
            let title = written.title.clone().unwrap_or_else(|| key.clone());
            let link = |id: Id| (id.clone(), Link { id, title, url: written.url.clone() });
            links.push(self.key_id(&at, key).map(link));
        }
        links.into_iter().collect()
    }

    fn contacts(&mut self, raw: &Raw) -> Option<IndexMap<Id, Contact>> {
        let mut contacts = Vec::new();
        for (key, written) in &raw.lists.contacts {
            let title = written.title.clone().unwrap_or_else(|| key.clone());
            let contact = |id: Id| (id.clone(), Contact { id, title, reach: written.reach.clone() });
            contacts.push(self.key_id(&join("/contacts", key), key).map(contact));
        }
        contacts.into_iter().collect()
    }

    fn follow_ups(&mut self, raw: &Raw) -> Option<Vec<FollowUp>> {
        let mut follow_ups = Vec::new();
        let all = &raw.lists.follow_ups;
        for (place, written) in all.iter().enumerate() {
            let at = join("/follow_ups", place);
            let id = self.id(&join(&at, "id"), &written.id);
            if all[..place].iter().any(|earlier| earlier.id == written.id) {
                let what = format!("there is already a follow-up `{}`", written.id);
                self.flaw(&join(&at, "id"), what, "every follow-up has an id of its own");
            }
            let within_ms = self.duration(&at, "within", Some(&written.within), 0);
            let title = written.title.clone().unwrap_or_else(|| written.id.clone());
            let owner = written.owner.clone().unwrap_or_default();
            follow_ups.push(id.map(|id| FollowUp { id, title, within_ms, owner }));
        }
        follow_ups.into_iter().collect()
    }

    fn runbook(&mut self, raw: &RawRunbook) -> Runbook {
        if NaiveDate::parse_from_str(&raw.date, "%Y-%m-%d").is_err() {
            self.flaw("/runbook/date", format!("`{}` is no day", raw.date), "days read like `2026-11-21`");
        }
        Runbook {
            version: raw.version.clone(),
            date: raw.date.clone(),
            author: raw.author.clone(),
            changes: raw.changes.clone(),
        }
    }

    /// What is said of the metric at `at`.
    pub(super) fn guide(&mut self, at: &str, raw: &RawGuide, unit: Unit, has_baseline: bool) -> Option<Guide> {
        let links = self.refer_all(&join(at, "links"), "links", &raw.links);
        let mut bands = Vec::new();
        // In which unit its bands are written is not known where the unit itself was refused.
        let known = !self.document.is_cut(&join(at, "unit"));
        for (place, written) in raw.bands.iter().enumerate().filter(|_| known) {
            let place = join(&join(&join(at, "bands"), place), "when");
            let when = self.band(&place, &written.when, unit, has_baseline);
            bands.push(when.map(|when| Band { when, say: written.say.clone() }));
        }
        let help = raw.help.clone().unwrap_or_default();
        Some(Guide { help, links: links?, bands: bands.into_iter().collect::<Option<_>>()? })
    }

    fn band(&mut self, at: &str, written: &str, unit: Unit, has_baseline: bool) -> Option<Limit> {
        let limit = match Limit::read(written, unit) {
            Ok(limit) => limit,
            Err(misread) => {
                self.flaw(at, misread.what, misread.hint);
                return None;
            }
        };
        if limit.for_ms > 0 {
            self.flaw(at, "a band says what is so now, and waits for nothing", "take out `for …`");
        } else if limit.needs_baseline() && !has_baseline {
            self.flaw(at, "the band is relative to a baseline, and the metric has none", "add `baseline = …`");
        }
        Some(limit)
    }
}

/// Why this is no address that a person could open, and what to write instead.
fn misfit_of_url(url: &str) -> Option<(String, &'static str)> {
    let rest = ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    let Some(host) = rest.and_then(|rest| rest.split(['/', '?', '#']).next()) else {
        return Some((format!("`{url}` is no address of a page"), "write it whole: `https://…`"));
    };
    if host.contains('@') {
        return Some(("a login has no place in a link".into(), "take out what stands before `@`"));
    }
    let odd = |c: char| c.is_whitespace() || c.is_control();
    (host.is_empty() || url.contains(odd))
        .then(|| (format!("`{url}` is no address of a page"), "write host and path, without blanks: `https://…`"))
}
