//! The one place where HTTP clients are made, and the one function that sends a request and reads its answer.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Certificate, Client, ClientBuilder, Method, RequestBuilder, StatusCode};
use url::Url;

use super::address::host_of;
use super::failure::ConnectionFailure;
use super::proxy::{Way, way_to};
use super::refusal::SignInRefusal;
use crate::domain::loopback::is_localhost;
use crate::domain::text::SafeText;

/// Proxies close idle connections after a minute; a write on one that is just closing would have an open outcome.
const IDLE: Duration = Duration::from_secs(30);

/// What can be set about connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSettings {
    /// Certificates to trust besides those of the system (PEM, one or more).
    pub ca_file: Option<PathBuf>,
    /// Time for name resolution, TCP and TLS together.
    pub connect_timeout: Duration,
    /// Longest silence of the server.
    pub read_timeout: Duration,
    /// Time for the whole exchange.
    pub total_timeout: Duration,
    /// Longest body of an answer in bytes, after unpacking.
    pub body_limit: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            ca_file: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(30),
            body_limit: 16_000_000,
        }
    }
}

/// A client for one server. Clones share the connections. It follows no redirects and keeps no cookies.
#[derive(Clone)]
pub struct HttpClient {
    client: Client,
    body_limit: usize,
    has_authorities: bool,
}

/// Leaves the client out: it shows the proxies with their passwords.
impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("body_limit", &self.body_limit).finish_non_exhaustive()
    }
}

/// The whole answer. `Debug` leaves the body out, since it may hold a token.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, unpacked.
    pub body: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// Where a redirect wants to send us: its host, or the raw target where it is no URL. None if it is no redirect.
    pub fn redirect_target(&self, from: &Url) -> Option<SafeText> {
        if !self.status.is_redirection() {
            return None;
        }
        let target =
            self.headers.get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let target = target.unwrap_or_default();
        Some(from.join(&target).map_or_else(
            |_| SafeText::new(&target),
            |url| SafeText::new(&url.origin().ascii_serialization()),
        ))
    }

    /// The server's id of the request, for its logs; 4.15 sends it (CONTRACT.md section 1).
    pub fn request_id(&self) -> Option<SafeText> {
        self.headers.get("x-request-id").and_then(|value| value.to_str().ok()).map(SafeText::new)
    }
}

impl HttpClient {
    /// Makes the client for the server at `url`. Takes 5 to 18 ms for reading the system's certificates, which a
    /// thread of its own spends.
    ///
    /// # Errors
    /// A CA file that cannot be used.
    pub async fn build(settings: &HttpSettings, url: &Url) -> Result<Self, SignInRefusal> {
        let (settings, url) = (settings.clone(), url.clone());
        tokio::task::spawn_blocking(move || Self::build_here(&settings, &url)).await.unwrap_or_else(|error| {
            Err(SignInRefusal::NoClient { detail: SafeText::new(&error.to_string()) })
        })
    }

    fn build_here(settings: &HttpSettings, url: &Url) -> Result<Self, SignInRefusal> {
        install_crypto_provider();
        let own = settings.ca_file.as_deref().map(read_certificates).transpose()?.unwrap_or_default();
        let body_limit = settings.body_limit;
        if let Ok(client) = builder(settings, url).tls_certs_merge(own.iter().cloned()).build() {
            return Ok(Self { client, body_limit, has_authorities: true });
        }
        // A system without CA certificates is an error to the client; loopback without TLS must work there too.
        match builder(settings, url).tls_certs_only(own.iter().cloned()).build() {
            Ok(client) => Ok(Self { client, body_limit, has_authorities: !own.is_empty() }),
            Err(error) => Err(settings.ca_file.as_deref().map_or_else(
                || SignInRefusal::NoClient { detail: SafeText::new(&error.to_string()) },
                |path| unusable_ca_file(path, &error.to_string()),
            )),
        }
    }

    /// Starts a request.
    pub fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends a request and reads the answer, whatever its status.
    ///
    /// # Errors
    /// No connection, no complete answer in time, or an answer that is too long.
    pub async fn send(&self, request: RequestBuilder, url: &Url) -> Result<Answer, ConnectionFailure> {
        let failed = |error: reqwest::Error| {
            let failure = ConnectionFailure::classify(&error, host_of(url));
            if self.has_authorities { failure } else { failure.without_authorities() }
        };
        let mut response = request.send().await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len().saturating_add(chunk.len()) > self.body_limit {
                return Err(ConnectionFailure::too_large(host_of(url), self.body_limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
    }
}

/// TLS panics on first use without a provider, so every client passes here. Another provider that the host program
/// has installed is left in place.
fn install_crypto_provider() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        if rustls::crypto::ring::default_provider().install_default().is_err() {
            tracing::debug!("another crypto provider is installed");
        }
    });
}

fn builder(settings: &HttpSettings, url: &Url) -> ClientBuilder {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
    let mut builder = Client::builder()
        .user_agent(concat!("zitui/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .timeout(settings.total_timeout)
        .pool_idle_timeout(IDLE)
        .http1_only();
    if let Way::Past(proxy) = way_to(url) {
        tracing::debug!(%proxy, "not used for this machine");
        builder = builder.no_proxy();
    }
    if let Some(name) = url.domain().filter(|name| is_localhost(name)) {
        let loopback =
            [SocketAddr::from((Ipv6Addr::LOCALHOST, 0)), SocketAddr::from((Ipv4Addr::LOCALHOST, 0))];
        builder = builder.resolve_to_addrs(name, &loopback);
    }
    builder
}

fn read_certificates(path: &Path) -> Result<Vec<Certificate>, SignInRefusal> {
    let pem = std::fs::read(path).map_err(|error| unusable_ca_file(path, &error.to_string()))?;
    let certificates =
        Certificate::from_pem_bundle(&pem).map_err(|error| unusable_ca_file(path, &error.to_string()))?;
    if certificates.is_empty() {
        return Err(unusable_ca_file(path, "it holds no certificate in PEM form"));
    }
    Ok(certificates)
}

fn unusable_ca_file(path: &Path, detail: &str) -> SignInRefusal {
    SignInRefusal::CaFile { path: SafeText::new(&path.to_string_lossy()), detail: SafeText::new(detail) }
}
