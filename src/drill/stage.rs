//! What a drill flies against: a simulated world, or a recording.

use super::{About, Recording, World};
use crate::incident::{Moment, Record};
use crate::kind::{Answer, Exchange, Fault};
use crate::playbook::Id;
use crate::text::Text;

/// Who answers in a drill.
#[derive(Clone, Debug)]
pub enum Stage {
    /// A scenario's world.
    World(Box<World>),
    /// An incident that is flown again.
    Recording(Box<Recording>),
}

impl From<World> for Stage {
    fn from(world: World) -> Self {
        Self::World(Box::new(world))
    }
}

impl From<Recording> for Stage {
    fn from(recording: Recording) -> Self {
        Self::Recording(Box::new(recording))
    }
}

impl Stage {
    /// Performs `exchange`, which is `about` something, now; `epoch` is when the drill's time began. The result and how
    /// long it takes to come, in ms.
    pub fn handle(
        &mut self,
        (backend, about): (&Id, &About),
        exchange: &Exchange,
        (now, epoch): (&Moment, &Moment),
    ) -> (Result<Answer, Fault>, u64) {
        match self {
            Self::World(world) => world.handle(backend.as_str(), exchange, now.since(epoch).ms),
            Self::Recording(recording) => recording.tell(about, now.wall_ms),
        }
    }

    /// Notes what was believed.
    pub fn follow(&mut self, records: &[Record]) {
        if let Self::Recording(recording) = self {
            records.iter().for_each(|record| recording.follow(record));
        }
    }

    /// What was done otherwise than it was recorded.
    pub fn differs(&self) -> Option<&Text> {
        match self {
            Self::World(_) => None,
            Self::Recording(recording) => recording.differs(),
        }
    }

    /// The simulated world, if it is one.
    pub fn world(&mut self) -> Option<&mut World> {
        match self {
            Self::World(world) => Some(world),
            Self::Recording(_) => None,
        }
    }
}
