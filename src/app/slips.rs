//! What observers leave in the inbox, sorted by what is to be done about it.

use crate::incident::{Actor, Command, State, is_a_name};
use crate::journal::{Found, GONE_MS, Inbox, Says, Slip};
use crate::text::Text;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The most objections waiting for the commander's eye; further ones lie in the inbox until some are acknowledged.
const OBJECTIONS_MAX: usize = 20;
/// How often the pilot of a drill looks into it.
const LOOK: Duration = Duration::from_secs(1);

/// What the slips of one look come to.
#[derive(Default)]
pub(super) struct Sorted {
    /// Who gives a sign of life.
    pub(super) here: Vec<Actor>,
    /// Who asks for command, and the name of the asking.
    pub(super) asks: Vec<(Actor, Text)>,
    /// Who objects, and to what: in the journal they lie here no longer.
    pub(super) objections: Vec<(Actor, Command)>,
    /// What is to be taken away: it is old, or in the journal.
    pub(super) done: Vec<String>,
    /// What is no slip, and why.
    pub(super) refused: Vec<(String, String)>,
}

impl Sorted {
    /// Sorts what was found at `now_ms`, in milliseconds since 1970. An objection is taken away only once the journal has
    /// it: after a crash it still lies there, and its name keeps it from being written down twice.
    pub(super) fn of(found: Vec<Found>, state: &State, now_ms: i64) -> Self {
        let waiting = state.people.objections.values().filter(|objection| !objection.acknowledged).count();
        let mut room = OBJECTIONS_MAX.saturating_sub(waiting);
        let mut sorted = Self::default();
        for (name, slip) in found {
            let slip = match slip.and_then(signed) {
                Ok(slip) => slip,
                Err(why) => {
                    sorted.refused.push((name, why));
                    continue;
                }
            };
            let id = Text::from(name.as_str());
            match slip.says {
                Says::Here { .. } if now_ms.abs_diff(slip.at_ms) > GONE_MS => sorted.done.push(name),
                Says::Here { wants_command } => {
                    sorted.asks.extend(wants_command.map(|ask| (slip.role.clone(), ask)));
                    sorted.here.push(slip.role);
                }
                Says::Objects(_) if state.people.has_objection(&id) => sorted.done.push(name),
                Says::Objects(_) if room == 0 => {}
                Says::Objects(text) => {
                    room -= 1;
                    sorted.objections.push((slip.role, Command::Object { id, text }));
                }
            }
        }
        sorted.here.sort();
        sorted
    }
}

/// Only who has a person's name has a say.
fn signed(slip: Slip) -> Result<Slip, String> {
    if is_a_name(slip.role.as_str()) { Ok(slip) } else { Err(format!("`{}` is no person's name", slip.role)) }
}

/// The inbox of a drill that the pilot flies: what is objected to is written down as it would be before a person.
pub(super) struct Tray {
    incident: PathBuf,
    looked: Option<Instant>,
}

impl Tray {
    pub(super) fn of(incident: &Path) -> Self {
        Self { incident: incident.to_owned(), looked: None }
    }

    /// The objections that came since, at most once in `LOOK`; what they were written on is taken away at the next look.
    pub(super) fn objections(&mut self, state: &State) -> Vec<(Actor, Command)> {
        if self.looked.is_some_and(|looked| looked.elapsed() < LOOK) {
            return Vec::new();
        }
        self.looked = Some(Instant::now());
        self.sort(state).map(|sorted| sorted.objections).unwrap_or_default()
    }

    /// Takes away what the journal has by now.
    pub(super) fn clear(&self, state: &State) {
        drop(self.sort(state));
    }

    /// What lies there, without what has no business there any more; nothing, where there is no inbox.
    fn sort(&self, state: &State) -> Option<Sorted> {
        let inbox = Inbox::open(&self.incident).ok()?;
        let sorted = Sorted::of(inbox.look().ok()?, state, chrono::Utc::now().timestamp_millis());
        let refused = sorted.refused.iter().map(|(name, _)| name);
        // What stays is found again.
        sorted.done.iter().chain(refused).for_each(|name| drop(inbox.remove(name)));
        Some(sorted)
    }
}

#[cfg(test)]
mod tests {
    //! Claims about what lies in an inbox.

    use super::*;
    use crate::incident::Moment;
    use crate::incident::people::Objection;

    const NOW_MS: i64 = 1_000_000;

    fn slip(name: &str, role: &str, age_ms: i64, says: Says) -> Found {
        (name.to_owned(), Ok(Slip { role: role.into(), at_ms: NOW_MS - age_ms, says }))
    }

    fn objects(name: &str, role: &str) -> Found {
        slip(name, role, 0, Says::Objects("eu cache still old?".into()))
    }

    fn with_objection(id: &str) -> State {
        let mut state = State::default();
        let at = Moment { wall_ms: 0, boot_ns: 0, boot_id: "here".into() };
        let (by, text) = ("jo".into(), "eu cache still old?".into());
        state.people.objections.insert(7, Objection { id: id.into(), by, text, at, acknowledged: false });
        state
    }

    #[test]
    fn an_old_sign_of_life_and_a_known_objection_are_done_and_a_stranger_is_refused() {
        let here = |wants_command| Says::Here { wants_command };
        let age_ms = i64::try_from(GONE_MS).unwrap() + 1;
        let found = vec![
            slip("a", "jo", 0, here(Some("ask".into()))),
            slip("b", "ed", age_ms, here(None)),
            objects("c", "jo"),
            objects("d", "sensor"),
            ("e".to_owned(), Err("it is no plain file".to_owned())),
        ];
        let sorted = Sorted::of(found, &with_objection("c"), NOW_MS);
        assert_eq!(sorted.here, ["jo".into()] as [Actor; 1]);
        assert_eq!(sorted.asks, [("jo".into(), "ask".into())]);
        assert_eq!(sorted.done, ["b", "c"], "gone, and in the journal");
        assert_eq!(sorted.objections, []);
        let refused: Vec<&str> = sorted.refused.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(refused, ["d", "e"], "goaround itself objects to nothing");
    }

    #[test]
    fn no_more_objections_are_taken_than_a_commander_can_see_and_the_others_wait() {
        let found = (0..OBJECTIONS_MAX + 5).map(|n| objects(&format!("{n:02}"), "jo")).collect();
        let sorted = Sorted::of(found, &with_objection("other"), NOW_MS);
        assert_eq!(sorted.objections.len(), OBJECTIONS_MAX - 1, "one is there already");
        assert_eq!((sorted.done.len(), sorted.refused.len()), (0, 0), "the others stay where they are");
    }
}
