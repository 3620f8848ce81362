//! Many HTTP requests, a few at a time, within one total deadline.

use super::{Carriers, Deadline, not_sent};
use crate::kind::{Answer, Body, Fault, HttpAsk, HttpMany, Timed, Use};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use tokio::time::Instant;

/// What the lanes of one exchange share.
struct Shared<'a> {
    many: &'a HttpMany,
    next: AtomicUsize,
    bytes: AtomicUsize,
    done: Mutex<Vec<Option<Timed>>>,
}

impl Carriers {
    /// Performs all of them, `at_once` at a time; those for which no time is left are not sent.
    pub(super) async fn many(&self, many: &HttpMany, by: Deadline) -> Vec<Timed> {
        let done = Mutex::new(vec![None; many.asks.len()]);
        let shared = Shared { many, next: AtomicUsize::new(0), bytes: AtomicUsize::new(0), done };
        let lanes = many.at_once.clamp(1, many.asks.len().max(1));
        let mut lanes: Vec<_> = (0..lanes).map(|_| Box::pin(self.lane(&shared, by))).collect();
        poll_fn(|context| {
            lanes.retain_mut(|lane: &mut Pin<Box<_>>| lane.as_mut().poll(context).is_pending());
            if lanes.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        drop(lanes);
        let done = shared.done.into_inner().expect("no lane panics while it holds the list");
        done.into_iter().map(|part| part.expect("the lanes end only when every request has its answer")).collect()
    }

    /// Takes the next request until none is left.
    async fn lane(&self, shared: &Shared<'_>, by: Deadline) {
        loop {
            let place = shared.next.fetch_add(1, Ordering::Relaxed);
            let Some(ask) = shared.many.asks.get(place) else { return };
            let began = Instant::now();
            let result = self.one_of_many(ask, shared.many.each_ms, by).await;
            let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let part = Timed { took_ms, result: result.map(|answer| shared.bounded(answer)) };
            shared.done.lock().expect("no lane panics while it holds the list")[place] = Some(part);
        }
    }

    async fn one_of_many(&self, ask: &HttpAsk, each_ms: u64, by: Deadline) -> Result<Answer, Fault> {
        let left_ms = by.left_ms();
        if left_ms == 0 {
            return Err(not_sent(format!("no time was left of {} ms for all requests", by.ms)));
        }
        let result = self.http.perform(ask, &self.secrets, Deadline::after(each_ms.min(left_ms), Use::Look)).await;
        result.map_err(|fault| self.redact(fault))
    }
}

impl Shared<'_> {
    /// An answer that is cut where all of them together grow too large.
    fn bounded(&self, answer: Answer) -> Answer {
        let Answer::Http { status, location, retry_after_s, mut body } = answer else { return answer };
        let before = self.bytes.fetch_add(body.bytes.len(), Ordering::Relaxed);
        if before + body.bytes.len() > HttpMany::BYTES_MAX {
            body = Body { bytes: Vec::new(), truncated: true };
        }
        Answer::Http { status, location, retry_after_s, body }
    }
}
