//! Performing exchanges beside the loop: really, or in a paced drill's world.

use crate::app::flight::{Ask, JobId};
use crate::app::time::Clock;
use crate::backend::Carriers;
use crate::drill::Stage;
use crate::incident::{Moment, Record};
use crate::kind::{Answer, Exchange, Fault, HttpAsk};
use crate::text::Text;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;

/// How long after its own deadline an exchange is given up.
const OVERDUE: Duration = Duration::from_secs(1);

/// Who performs exchanges.
#[derive(Clone)]
pub enum Carrier {
    /// Real systems.
    Live(Arc<Carriers>),
    /// A world served by `goaround world`.
    Served(Arc<Carriers>, SocketAddr),
    /// A drill's world or recording, and when its time began.
    Drill(Arc<Mutex<Stage>>, Moment),
}

impl Carrier {
    /// Notes what was believed: a recording ends where something else was done.
    pub fn follow(&self, records: &[Record]) {
        if let Self::Drill(stage, _) = self {
            stage.lock().expect("the world never panics").follow(records);
        }
    }

    /// What was done otherwise than it was recorded.
    pub fn differs(&self) -> Option<Text> {
        match self {
            Self::Drill(stage, _) => stage.lock().expect("the world never panics").differs().cloned(),
            Self::Live(_) | Self::Served(..) => None,
        }
    }

    /// Starts an exchange; its end arrives in `answers`.
    pub fn carry(&self, ask: Ask, clock: &Clock, answers: mpsc::Sender<(JobId, Result<Answer, Fault>)>) {
        let (carrier, clock) = (self.clone(), clock.clone());
        tokio::spawn(async move {
            let job = ask.job;
            let deadline = clock.real(Duration::from_millis(ask.deadline_ms)) + OVERDUE;
            // A carrier that hangs or breaks must not leave a pull in flight for ever: nobody knows is an answer.
            let carried = tokio::spawn(async move { carrier.perform(ask, &clock).await });
            let abort = carried.abort_handle();
            let result = match tokio::time::timeout(deadline, carried).await {
                Ok(Ok(result)) => result,
                Ok(Err(broken)) => Err(Fault::Lost(format!("the carrier broke: {broken}").into())),
                Err(_) => {
                    abort.abort();
                    Err(Fault::Lost("the carrier did not keep its deadline".into()))
                }
            };
            // The loop has ended when nobody listens; there is nobody left to tell.
            let _ = answers.send((job, result)).await;
        });
    }

    async fn perform(&self, ask: Ask, clock: &Clock) -> Result<Answer, Fault> {
        match self {
            Self::Live(carriers) => carriers.perform(&ask.exchange, ask.purpose, ask.deadline_ms).await,
            Self::Served(carriers, address) => served(carriers, *address, ask).await,
            Self::Drill(stage, epoch) => {
                let (result, took_ms) = {
                    let mut stage = stage.lock().expect("the world never panics");
                    stage.handle((&ask.backend, &ask.about), &ask.exchange, (&clock.now(), epoch))
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

/// HTTP goes to the served backend as it would go to the real one; everything else as JSON.
async fn served(carriers: &Carriers, address: SocketAddr, ask: Ask) -> Result<Answer, Fault> {
    let Ask { backend, exchange, purpose, deadline_ms, .. } = ask;
    if let Exchange::Http(http) = exchange {
        let rest = http.url.splitn(4, '/').nth(3).unwrap_or_default();
        let url = format!("http://{address}/b/{backend}/{rest}");
        // The world asks for no credentials, and none are sent to it.
        let http = HttpAsk { url, auth: None, secrets: BTreeMap::new(), ca_file: None, ..http };
        return carriers.perform(&Exchange::Http(http), purpose, deadline_ms).await;
    }
    let body = serde_json::to_string(&exchange).map_err(|error| Fault::NotSent(error.to_string().into()))?;
    let tunnel = HttpAsk {
        method: "POST".into(),
        url: format!("http://{address}/x/{backend}"),
        headers: vec![("Content-Type".into(), "application/json".into())],
        auth: None,
        secrets: BTreeMap::new(),
        body: Some(body),
        ca_file: None,
    };
    match carriers.perform(&Exchange::Http(tunnel), purpose, deadline_ms).await? {
        Answer::Http { status: 200, body, .. } => {
            let answer: Result<Result<Answer, Fault>, _> = serde_json::from_slice(&body.bytes);
            answer.unwrap_or_else(|error| Err(Fault::Lost(error.to_string().into())))
        }
        Answer::Http { status, body, .. } => {
            Err(Fault::Lost(format!("the world says {status}: {}", body.text()).into()))
        }
        Answer::HttpMany(_)
        | Answer::Line(_)
        | Answer::Redis(_)
        | Answer::Exec { .. }
        | Answer::File(_)
        | Answer::Sql(_)
        | Answer::Nats(_)
        | Answer::Told(_)
        | Answer::Kube { .. } => Err(Fault::Lost("the world answered no HTTP".into())),
    }
}
