//! How the pilot arms: at once where the world is known, patiently where a value it needs must be read again.

use super::flight::Flight;
use crate::cockpit::Armed;
use crate::incident::{Fire, Moment, Way};
use crate::playbook::Id;
use crate::text::Text;

/// How often the world of a lever that cannot be armed is read again, in ms.
const AGAIN_MS: u64 = 1000;
/// After this long without it a person has to look, in ms.
const GIVE_UP_MS: u64 = 10_000;

/// What the pilot wants to pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) lever: Id,
    pub(super) way: Way,
    pub(super) step: Option<Id>,
    /// The reason for firing although an interlock does not hold; the pilot alone has none.
    pub(super) against: Option<Text>,
}

/// A lever that could not be armed: which, since when, and when its world was last asked for.
struct Refused {
    wanted: Wanted,
    since: Moment,
    asked: Moment,
}

/// The pilot's patience with one lever at a time.
#[derive(Default)]
pub(super) struct Arming(Option<Refused>);

impl Arming {
    /// What to fire; `None` while a value it needs is being read again, an error when it was not had in time.
    pub(super) fn arm(&mut self, flight: &mut Flight, now: &Moment, wanted: Wanted) -> Result<Option<Fire>, String> {
        let earlier = self.0.take().filter(|refused| refused.wanted == wanted);
        let asked = earlier.as_ref().map(|refused| refused.asked.clone());
        let asked = asked.filter(|asked| now.since(asked).ms < AGAIN_MS);
        let Wanted { lever, way, step, against } = &wanted;
        let blocked = match flight.prepare(now, lever, *way, step.clone(), 0) {
            // The pilot gives no reason for firing at what it does not see.
            Some(armed) => armed.blocked.or_else(|| {
                let unseen = flight.unseen(now, lever, *way).filter(|_| against.is_none());
                unseen.map(Text::from)
            }),
            None => Some("there is no such lever".into()),
        };
        // Arming asks for the lever's world: done at every answer, it would ask without a pause.
        if blocked.is_none() || asked.is_none() {
            flight.arm(now, lever, *way, step.clone(), 0);
        }
        let open = |armed: &Armed| armed.position.iter().chain(&armed.interlocks).any(|lock| lock.holds != Some(true));
        let reason = against.clone().filter(|_| flight.armed().is_some_and(open));
        let fired = blocked.map_or_else(|| flight.fire_armed(now, reason, false), Err);
        let why = match fired {
            Ok(fire) => return Ok(Some(fire)),
            Err(why) => why,
        };
        let since = earlier.map_or_else(|| now.clone(), |refused| refused.since);
        if now.since(&since).ms >= GIVE_UP_MS {
            return Err(format!("`{lever}` could not be armed: {why}"));
        }
        self.0 = Some(Refused { asked: asked.unwrap_or_else(|| now.clone()), since, wanted });
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
