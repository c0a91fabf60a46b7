//! Sends the calls of the API: signs them, repeats what may be repeated, limits what comes back.

use std::fmt;
use std::time::Instant;

use backon::Retryable;
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::error::{CallError, Refused};
use crate::auth::http::{Answer, HttpClient};
use crate::auth::retry;
use crate::auth::token::{AccessToken, TokenSource};
use crate::domain::id::OrganizationId;
use crate::domain::text::SafeText;

/// Whether a call changes something; only reads are ever repeated blindly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Changes nothing, whatever its method.
    Read,
    /// Changes something.
    Write,
}

/// One call of the API.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    organization: Option<OrganizationId>,
    body: Option<Vec<u8>>,
    nature: Nature,
    with_token: bool,
}

impl Call {
    /// A call of REST with these segments of the path; each is encoded, so that an id cannot lead elsewhere.
    pub fn new<'a>(nature: Nature, method: Method, path: impl IntoIterator<Item = &'a str>) -> Self {
        let path = path.into_iter().map(str::to_owned).collect();
        Self { method, path, query: Vec::new(), organization: None, body: None, nature, with_token: true }
    }

    /// `GET` that reads.
    pub fn get<'a>(path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Nature::Read, Method::GET, path)
    }

    /// `POST` that only reads: searches and look-ups.
    pub fn search<'a>(path: impl IntoIterator<Item = &'a str>, body: &impl Serialize) -> Self {
        Self::new(Nature::Read, Method::POST, path).body(body)
    }

    /// A method of a Connect service such as `zitadel.internal_permission.v2.InternalPermissionService`. Its body is
    /// at least `{}`, or the server answers 400 (CONTRACT.md section 1).
    pub fn connect(nature: Nature, service: &str, method: &str, body: &impl Serialize) -> Self {
        Self::new(nature, Method::POST, [service, method]).body(body)
    }

    /// With this body as JSON.
    #[must_use]
    pub fn body(mut self, body: &impl Serialize) -> Self {
        self.body = Some(serde_json::to_vec(body).unwrap_or_default());
        self
    }

    /// In the context of this organization instead of the own one (`x-zitadel-orgid`).
    #[must_use]
    pub fn organization(mut self, organization: &OrganizationId) -> Self {
        self.organization = Some(organization.clone());
        self
    }

    /// With one more parameter of the query.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Without a token, for probing what the server has (CONTRACT.md section 16).
    #[must_use]
    pub fn without_token(mut self) -> Self {
        self.with_token = false;
        self
    }

    /// Whether the call changes something.
    pub const fn nature(&self) -> Nature {
        self.nature
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} /{}", self.method, SafeText::new(&self.path.join("/")))
    }
}

/// The answer to a call that succeeded. `Debug` leaves the body out.
pub struct Reply {
    call: String,
    body: Vec<u8>,
    /// The server's id of the request.
    pub request_id: Option<SafeText>,
}

impl Reply {
    /// The body as `T`; an empty body counts as `{}`, since the server leaves zero values out.
    ///
    /// # Errors
    /// The body is not what the call answers; the error says which call.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        let body = self.body.trim_ascii();
        serde_json::from_slice(if body.is_empty() { b"{}" } else { body }).map_err(|error| {
            tracing::warn!(call = self.call, %error, "an answer was not understood");
            CallError::NotUnderstood {
                call: SafeText::new(&self.call),
                detail: SafeText::new(&error.to_string()),
            }
        })
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("call", &self.call)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The way to one server. Cheap to clone; clones share connections and token.
#[derive(Clone, Debug)]
pub struct Transport {
    http: HttpClient,
    base: Url,
    tokens: TokenSource,
}

impl Transport {
    /// Calls go below `base`, which [`crate::auth::address::base_address`] has checked.
    pub const fn new(http: HttpClient, base: Url, tokens: TokenSource) -> Self {
        Self { http, base, tokens }
    }

    /// Where the tokens come from.
    pub const fn tokens(&self) -> &TokenSource {
        &self.tokens
    }

    /// Sends the call. Reads are tried up to three times when the server is busy or the connection breaks; writes
    /// are not. After a 401 the token is renewed once and the call repeated once, also a write: 401 means that
    /// nothing was carried out.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call(&self, call: Call) -> Result<Reply, CallError> {
        let url = self.address(&call)?;
        match call.nature {
            Nature::Write => Box::pin(self.once(&call, &url)).await,
            Nature::Read => {
                (|| Box::pin(self.once(&call, &url)))
                    .retry(retry::policy())
                    .when(CallError::is_passing)
                    .adjust(|error, planned| retry::pause(planned, error.asked_wait()))
                    .notify(|error, pause| tracing::info!(%call, %error, ?pause, "trying again"))
                    .await
            }
        }
    }

    /// Empty and dotted segments are refused: URL rules would drop them, and the call would hit another resource.
    fn address(&self, call: &Call) -> Result<Url, CallError> {
        let unsendable = || CallError::Unsendable { call: SafeText::new(&call.to_string()) };
        if call.path.iter().any(|segment| matches!(segment.as_str(), "" | "." | "..")) {
            return Err(unsendable());
        }
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| unsendable())?.pop_if_empty().extend(&call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        Ok(url)
    }

    /// Once, or twice if a 401 made the token be renewed.
    async fn once(&self, call: &Call, url: &Url) -> Result<Reply, CallError> {
        if !call.with_token {
            return self.exchange(call, url, None).await;
        }
        let token = self.tokens.bearer().await?;
        match self.exchange(call, url, Some(&token)).await {
            Err(CallError::Refused(refused)) if refused.status == StatusCode::UNAUTHORIZED.as_u16() => {
                match self.tokens.renew(&token).await? {
                    Some(renewed) => self.exchange(call, url, Some(&renewed)).await,
                    None => Err(CallError::Refused(refused)),
                }
            }
            outcome => outcome,
        }
    }

    async fn exchange(
        &self,
        call: &Call,
        url: &Url,
        token: Option<&AccessToken>,
    ) -> Result<Reply, CallError> {
        let mut request = self.http.request(call.method.clone(), url.clone());
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, token.header());
        }
        if let Some(organization) = &call.organization {
            let id = HeaderValue::from_str(organization.as_str())
                .map_err(|_error| CallError::Unsendable { call: SafeText::new(&call.to_string()) })?;
            request = request.header("x-zitadel-orgid", id);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let start = Instant::now();
        let outcome = self.http.send(request, url).await;
        let elapsed = start.elapsed();
        match &outcome {
            Ok(answer) => tracing::debug!(%call, status = answer.status.as_u16(), ?elapsed, "answered"),
            Err(failure) => tracing::debug!(%call, %failure, ?elapsed, "not answered"),
        }
        reply(call, url, outcome?)
    }
}

fn reply(call: &Call, url: &Url, answer: Answer) -> Result<Reply, CallError> {
    if answer.status.is_success() {
        let request_id = answer.request_id();
        return Ok(Reply { call: call.to_string(), body: answer.body, request_id });
    }
    if let Some(target) = answer.redirect_target(url) {
        return Err(CallError::Redirected { target });
    }
    Err(CallError::Refused(Box::new(Refused::read(&answer, Timestamp::now()))))
}
