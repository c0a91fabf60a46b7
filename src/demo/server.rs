//! The HTTP server: its own thread and runtime, so that a busy demo never blocks anybody else; and the faults that
//! happen on the way of an answer.

use std::convert::Infallible;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::fault::{Effect, Faults};
use super::message::{Reply, Request};
use super::refusal::{Code, Refusal};
use super::router::{self, State};
use super::{StartError, Version};

/// Larger requests are refused.
const MAX_BODY: usize = 8 << 20;

/// What the connections share.
pub(super) struct Shared {
    state: Mutex<State>,
    pub(super) faults: Faults,
    requests: Mutex<Vec<String>>,
    latency: Duration,
    version: Version,
}

impl Shared {
    pub(super) fn new(state: State, latency: Duration) -> Self {
        let version = state.settings.version;
        Self {
            state: Mutex::new(state),
            faults: Faults::default(),
            requests: Mutex::new(Vec::new()),
            latency,
            version,
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn requests(&self) -> MutexGuard<'_, Vec<String>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The listening sockets: IPv4, and IPv6 on the same port where the machine has it, because `localhost` may mean
/// either.
pub(super) fn listen(port: Option<u16>) -> Result<(u16, Vec<TcpListener>), StartError> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let first =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).map_err(StartError::Listen)?;
        let bound = first.local_addr().map_err(StartError::Listen)?.port();
        match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, bound))) {
            Ok(second) => return Ok((bound, vec![first, second])),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                if port.is_some() || attempts > 20 {
                    return Err(StartError::Listen(error));
                }
            }
            Err(_) => return Ok((bound, vec![first])),
        }
    }
}

/// Serves until `stop` is dropped or told.
pub(super) fn serve(
    listeners: Vec<TcpListener>,
    shared: Arc<Shared>,
    stop: oneshot::Receiver<Infallible>,
) -> Result<std::thread::JoinHandle<()>, StartError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Listen)?;
    for listener in &listeners {
        listener.set_nonblocking(true).map_err(StartError::Listen)?;
    }
    let spawned = std::thread::Builder::new().name("demo".to_owned()).spawn(move || {
        runtime.block_on(async move {
            for listener in listeners {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { continue };
                tokio::spawn(accept(listener, Arc::clone(&shared)));
            }
            drop(stop.await);
        });
    });
    spawned.map_err(StartError::Listen)
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, as a rule: others must close some first.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        drop(stream.set_nodelay(true));
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| handle(Arc::clone(&shared), request));
        tokio::spawn(async move {
            let connection = http1::Builder::new()
                .title_case_headers(true)
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            // A sender that goes away, or a cut that was asked for: nothing is left to tell.
            drop(connection.await);
        });
    }
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection was cut")]
struct Cut;

async fn handle(
    shared: Arc<Shared>,
    incoming: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Cut> {
    let request = read(incoming).await.ok_or(Cut)?;
    shared.requests().push(format!("{} {}", request.method, request.path));
    let effects = shared.faults.befall(&request.method, &request.path);
    let mut wait = shared.latency;
    for effect in &effects {
        match effect {
            Effect::Latency(more) => wait += *more,
            Effect::Hang => std::future::pending::<()>().await,
            _ => {}
        }
    }
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    if effects.contains(&Effect::CutBefore) {
        return Err(Cut);
    }
    let reply = effects
        .iter()
        .find_map(|effect| instead(effect, &request))
        .unwrap_or_else(|| router::answer(&mut shared.state(), &request, &effects));
    if reply.status == Reply::CUT.status || effects.contains(&Effect::CutAfter) {
        return Err(Cut);
    }
    response(reply, &effects, shared.version).ok_or(Cut)
}

/// The answer of a fault that keeps the request from being carried out.
fn instead(effect: &Effect, request: &Request) -> Option<Reply> {
    match effect {
        Effect::Status { status, retry_after, html } => {
            let page =
                format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n");
            let mut reply = if *html {
                Reply { content_type: Some("text/html".into()), ..Reply::text(*status, page) }
            } else {
                let refusal =
                    Refusal::plain(code_of(*status), format!("the demo was told to answer {status}"));
                Reply { status: *status, ..router::refused(request, &refusal) }
            };
            if let Some(seconds) = retry_after {
                reply = reply.with("Retry-After", seconds.to_string());
            }
            Some(reply)
        }
        Effect::Redirect(url) => Some(Reply::empty(307).with("Location", url.clone())),
        Effect::Oversized(bytes) => {
            Some(Reply::json(&serde_json::json!({"result": [], "padding": "x".repeat(*bytes)})))
        }
        _ => None,
    }
}

const fn code_of(status: u16) -> Code {
    match status {
        400 => Code::InvalidArgument,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::NotFound,
        409 => Code::AlreadyExists,
        429 | 502..=504 => Code::Unavailable,
        _ => Code::Internal,
    }
}

async fn read(incoming: hyper::Request<Incoming>) -> Option<Request> {
    let (head, body) = incoming.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let host = head.headers.get("host").map(text);
    let body = Limited::new(body, MAX_BODY).collect().await.ok()?.to_bytes();
    Some(Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        host: host.or_else(|| head.uri.authority().map(ToString::to_string)).unwrap_or_default(),
        headers: head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.to_vec(),
    })
}

fn response(mut reply: Reply, effects: &[Effect], version: Version) -> Option<hyper::Response<Full<Bytes>>> {
    if effects.contains(&Effect::BrokenJson) {
        reply.body.truncate(reply.body.len() / 2);
    }
    let offset = effects.iter().find_map(|it| if let Effect::Clock(off) = it { Some(*off) } else { None });
    let now = Timestamp::now() + SignedDuration::from_secs(offset.unwrap_or(0));
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok()?;
    let mut response = hyper::Response::builder()
        .status(reply.status)
        .header("Date", date)
        .header("Cache-Control", "no-store");
    if version >= Version::V4_15 {
        response = response.header("X-Request-Id", format!("demo-{}", now.as_nanosecond()));
    }
    if let Some(kind) = reply.content_type {
        response = response.header("Content-Type", kind.as_ref());
    }
    for (name, value) in reply.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        response = response.header(name, value);
    }
    response.body(Full::new(Bytes::from(reply.body))).ok()
}
