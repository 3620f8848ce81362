//! Profiles, and the hold under each.

use super::Desk;
use crate::playbook::raw::{Raw, RawHold, RawProfile};
use crate::playbook::spans::join;
use crate::playbook::{Hold, Profile};
use crate::text::nearest;

/// Green for so long when nothing asks for a hold (a playbook that never watches).
const UNWATCHED: Hold = Hold { green_for_ms: 600_000, max_ms: 900_000, max_gap_ms: 60_000 };

impl Desk<'_> {
    /// The profile asked for, or the playbook's default.
    pub(super) fn profile(&mut self, raw: &Raw, asked: Option<&str>) -> Profile {
        let known: Vec<_> = raw.profiles.keys().map(String::as_str).collect();
        for profile in &known {
            self.key_id(&join("/profiles", profile), profile);
        }
        if let Some(default) = &raw.default_profile {
            self.refer("/default_profile", "profiles", default);
        }
        let name = match (asked, &raw.default_profile, &known[..]) {
            (Some(asked), _, _) => {
                if !known.contains(&asked) && !self.document.cuts.contains("/profiles") {
                    let hint = match (nearest(asked, known.iter().copied()), known.is_empty()) {
                        (Some(meant), _) => format!("did you mean `{meant}`?"),
                        (None, true) => "this playbook has no profiles".into(),
                        (None, false) => format!("there are `{}`", known.join("`, `")),
                    };
                    self.document.flaw_of_key("/profiles", format!("there is no profile `{asked}`"), hint);
                }
                asked
            }
            (None, Some(default), _) => default,
            (None, None, []) => "",
            (None, None, [only]) => only,
            (None, None, [_, _, ..]) => {
                let hint = format!("write `default_profile = \"…\"`, one of `{}`", known.join("`, `"));
                self.document.flaw_of_key("/profiles", "there are several profiles and no default", hint);
                ""
            }
        };
        let written = raw.profiles.get(name);
        let words =
            |of: fn(&RawProfile) -> &Option<String>| written.and_then(|raw| of(raw).clone()).unwrap_or_default();
        Profile {
            name: name.into(),
            allow_auto: written.is_some_and(|profile| profile.allow_auto),
            title: words(|raw| &raw.title),
            source: words(|raw| &raw.source),
        }
    }

    /// The hold under every profile; the chosen one's.
    pub(super) fn hold(&mut self, raw: &Raw, chosen: &str) -> Option<Hold> {
        let base = raw.hold.as_ref().map(|hold| ("/hold".to_owned(), hold));
        let mut all: Vec<(&str, Option<Hold>)> = Vec::new();
        for (name, profile) in &raw.profiles {
            let own = profile.hold.as_ref().map(|hold| (join(&join("/profiles", name), "hold"), hold));
            all.push((name, self.hold_of(raw, own.as_ref(), base.as_ref())));
        }
        if all.is_empty() {
            all.push(("", self.hold_of(raw, None, base.as_ref())));
        }
        all.into_iter().find(|(name, _)| *name == chosen).and_then(|(_, hold)| hold)
    }

    /// A profile's hold over the playbook's.
    fn hold_of(
        &mut self,
        raw: &Raw,
        own: Option<&(String, &RawHold)>,
        base: Option<&(String, &RawHold)>,
    ) -> Option<Hold> {
        let green_for_ms = self.hold_key(own, base, "green_for", |hold| hold.green_for.as_ref());
        let max_ms = self.hold_key(own, base, "max", |hold| hold.max.as_ref());
        let max_gap_ms = self.hold_key(own, base, "max_gap", |hold| hold.max_gap.as_ref());
        let (Some((green_at, green_for_ms)), Some((max_at, max_ms))) = (green_for_ms, max_ms) else {
            return self.unheld(raw, own.or(base).map(|(at, _)| at.as_str()));
        };
        if max_ms < green_for_ms {
            let own = |at: &str| own.is_some_and(|(own, _)| at.starts_with(own));
            let at = if own(&green_at) && !own(&max_at) { &green_at } else { &max_at };
            self.flaw(
                at,
                "the hold is overdue before it can be met: `max` is shorter than `green_for`",
                "make `max` longer",
            );
        }
        Some(Hold { green_for_ms, max_ms, max_gap_ms: max_gap_ms.map_or(UNWATCHED.max_gap_ms, |(_, ms)| ms) })
    }

    /// One key of a hold, the profile's before the playbook's, and where it is written.
    fn hold_key<'r>(
        &mut self,
        own: Option<&(String, &'r RawHold)>,
        base: Option<&(String, &'r RawHold)>,
        key: &str,
        of: impl Fn(&'r RawHold) -> Option<&'r String>,
    ) -> Option<(String, u64)> {
        let mut written = own.into_iter().chain(base).filter_map(|(at, hold)| Some((at, of(hold)?)));
        let (at, text) = written.next()?;
        Some((join(at, key), self.duration(at, key, Some(text), UNWATCHED.green_for_ms)))
    }

    /// A playbook without a whole hold: fine unless a step waits for it.
    fn unheld(&mut self, raw: &Raw, at: Option<&str>) -> Option<Hold> {
        let watched = raw.steps.iter().position(|step| step.watch == Some(true));
        let Some(step) = watched else { return Some(UNWATCHED) };
        let place = at.map_or_else(|| join("/steps", step), str::to_owned);
        let hint = "write `[hold]` with `green_for = \"10m\"` and `max = \"15m\"`";
        self.flaw(&place, "the watch step waits for a hold that has no `green_for` and `max`", hint);
        None
    }
}
