//! Performing exchanges beside the loop: really, or in a paced drill's world.

use crate::app::flight::{Ask, JobId};
use crate::app::time::Clock;
use crate::backend::Carriers;
use crate::drill::World;
use crate::incident::Moment;
use crate::kind::{Answer, Fault};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;

/// Who performs exchanges.
#[derive(Clone)]
pub enum Carrier {
    /// Real systems.
    Live(Arc<Carriers>),
    /// A drill's world, and when its time began.
    World(Arc<Mutex<World>>, Moment),
}

impl Carrier {
    /// Starts an exchange; its end arrives in `answers`.
    pub fn carry(&self, ask: Ask, clock: &Clock, answers: mpsc::Sender<(JobId, Result<Answer, Fault>)>) {
        let (carrier, clock) = (self.clone(), clock.clone());
        tokio::spawn(async move {
            let job = ask.job;
            let result = carrier.perform(ask, &clock).await;
            // The loop has ended when nobody listens; there is nobody left to tell.
            let _ = answers.send((job, result)).await;
        });
    }

    async fn perform(&self, ask: Ask, clock: &Clock) -> Result<Answer, Fault> {
        match self {
            Self::Live(carriers) => carriers.perform(&ask.exchange, ask.purpose, ask.deadline_ms).await,
            Self::World(world, epoch) => {
                let (result, took_ms) = {
                    let now_ms = clock.now().since(epoch).ms;
                    let mut world = world.lock().expect("the world never panics");
                    world.handle(ask.backend.as_str(), &ask.exchange, now_ms)
                };
                let waits = Duration::from_millis(took_ms.min(ask.deadline_ms));
                tokio::time::sleep(clock.real(waits)).await;
                if took_ms > ask.deadline_ms {
                    return Err(Fault::Lost(format!("no answer within {} ms", ask.deadline_ms).into()));
                }
                result
            }
        }
    }
}
