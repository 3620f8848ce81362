//! The world on a real socket, for `goaround live --world ADDR`.
//!
//! `/b/<backend-id>/…` is the backend itself, as any HTTP client sees it. What is no HTTP in production (a Redis
//! command, a runtime socket, a file) comes as [`Exchange`] JSON to `POST /x/<backend-id>`; `GET /scenario` says what
//! is flown.

use super::World;
use super::cut::{Cut, Cutting};
use crate::incident::event::Drill;
use crate::kind::{Answer, Body, Exchange, HttpAsk};
use axum::Router;
use axum::body::{Body as HttpBody, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The milliseconds since the drill's start.
type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// A world that is being served; it ends when this is dropped.
#[derive(Debug)]
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<std::io::Result<()>>,
}

impl Serving {
    /// Waits until serving ends, which it does only by a fault.
    pub async fn ended(mut self) -> Result<(), String> {
        match (&mut self.task).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!("serving the world on {} ended: {error}", self.address)),
            Err(error) => Err(format!("serving the world on {} broke off: {error}", self.address)),
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What every request needs.
#[derive(Clone)]
struct Served {
    world: Arc<Mutex<World>>,
    clock: Clock,
    told: Arc<Told>,
}

/// What `GET /scenario` answers: how to fly this world.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    /// The playbook, as written.
    pub playbook: String,
    /// Its profile.
    pub profile: String,
    /// The scenario and the seed of its noise, for the journal: what is flown here is no production.
    pub drill: Drill,
}

/// Serves the HTTP backends of `world` below `/b/<backend-id>/` on `address`, which must be a loopback one: anyone who
/// can reach it can pull its levers. `clock` says how many milliseconds have passed since the drill's start.
pub async fn serve(
    world: World,
    address: SocketAddr,
    told: Told,
    clock: impl Fn() -> u64 + Send + Sync + 'static,
) -> Result<Serving, String> {
    if !address.ip().is_loopback() {
        return Err(format!("{address} can be reached by others; a world listens on 127.0.0.1 or [::1] only"));
    }
    let listener = TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let address = listener.local_addr().map_err(|error| format!("cannot tell where it listens: {error}"))?;
    let served = Served { world: Arc::new(Mutex::new(world)), clock: Arc::new(clock), told: Arc::new(told) };
    let router = Router::new().route("/scenario", get(scenario)).route("/x/{backend}", post(exchange));
    let app = router.fallback(answer).with_state(served).into_make_service_with_connect_info::<Cut>();
    let task = tokio::spawn(async move { axum::serve(Cutting(listener), app).await });
    Ok(Serving { address, task })
}

/// Says how to fly this world.
async fn scenario(State(served): State<Served>) -> Response {
    json(&*served.told)
}

/// Performs one exchange that is no HTTP; the answer or the fault comes back as JSON.
async fn exchange(State(served): State<Served>, Path(backend): Path<String>, body: Bytes) -> Response {
    let exchange: Exchange = match serde_json::from_slice(&body) {
        Ok(exchange) => exchange,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("this is no exchange: {error}\n")).into_response(),
    };
    let (result, latency_ms) = {
        let now_ms = (served.clock)();
        served.world.lock().unwrap_or_else(PoisonError::into_inner).handle(&backend, &exchange, now_ms)
    };
    tokio::time::sleep(Duration::from_millis(latency_ms)).await;
    json(&result)
}

fn json(value: &impl Serialize) -> Response {
    let body = serde_json::to_vec(value).expect("answers have text keys only");
    response(200, None, None, Body::whole(body))
}

/// Answers one request; where the world gives no answer, the connection is cut.
async fn answer(State(served): State<Served>, ConnectInfo(cut): ConnectInfo<Cut>, request: Request) -> Response {
    let Some((backend, ask)) = asked(&served, request).await else {
        return (StatusCode::NOT_FOUND, "the world has no such backend here; ask below /b/<backend-id>/\n")
            .into_response();
    };
    let (result, latency_ms) = {
        let now_ms = (served.clock)();
        let mut world = served.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.handle(&backend, &Exchange::Http(ask), now_ms)
    };
    tokio::time::sleep(Duration::from_millis(latency_ms)).await;
    if let Ok(Answer::Http { status, location, retry_after_s, body }) = result {
        return response(status, location.as_ref().map(ToString::to_string), retry_after_s, body);
    }
    cut.cut();
    StatusCode::BAD_GATEWAY.into_response()
}

/// The backend and the exchange that a request stands for.
async fn asked(served: &Served, request: Request) -> Option<(String, HttpAsk)> {
    let (parts, body) = request.into_parts();
    let (backend, path) = {
        let path_and_query = parts.uri.path_and_query()?.as_str().strip_prefix("/b/")?;
        let end = path_and_query.find(['/', '?']).unwrap_or(path_and_query.len());
        let (backend, rest) = path_and_query.split_at(end);
        (backend.to_owned(), rest.to_owned())
    };
    let url = served.world.lock().unwrap_or_else(PoisonError::into_inner).http_url(&backend, &path)?;
    let bytes = to_bytes(body, Body::MAX_BYTES).await.ok()?;
    let body = (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned());
    let ask = HttpAsk {
        method: parts.method.to_string(),
        url,
        headers: parts
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect(),
        auth: None,
        secrets: BTreeMap::new(),
        body,
        ca_file: None,
    };
    Some((backend, ask))
}

fn response(status: u16, location: Option<String>, retry_after_s: Option<u64>, body: Body) -> Response {
    let json = body.bytes.first().is_some_and(|first| b"{[".contains(first));
    let mut response = Response::new(HttpBody::from(body.bytes));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let kind = if json { "application/json" } else { "text/plain; charset=utf-8" };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(location) = location.and_then(|location| HeaderValue::try_from(location).ok()) {
        headers.insert(header::LOCATION, location);
    }
    if let Some(seconds) = retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
