//! The access token: got, kept in memory, renewed before it ends, one request at a time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backon::Retryable;
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;
use zeroize::Zeroizing;

use super::assertion::Assertion;
use super::http::{Answer, HttpClient};
use super::key_file::KeyFile;
use super::refusal::SignInRefusal;
use super::retry;
use super::secret_file::SecretText;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// What tokens are asked for. The last one gives the token the audience of ZITADEL's own APIs (CONTRACT.md section 2.3).
pub const SCOPE: &str = "openid profile email urn:zitadel:iam:org:project:id:zitadel:aud";
/// A token is renewed so long before it ends; a short-lived one in the last fifth of its life.
const MARGIN: Duration = Duration::from_secs(60);

/// The wall clock. It goes on while a machine sleeps, which monotonic clocks do not.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The clock of this machine.
pub fn system_clock() -> Clock {
    Arc::new(Timestamp::now)
}

/// Where a token outlives the process. Personal access tokens never get there.
pub trait TokenKeeper: Send + Sync {
    /// A new token came. It ends at `expires`.
    fn keep(&self, token: &SecretString, expires: Timestamp);
    /// The server does not accept what was kept.
    fn discard(&self);
}

/// A token from an earlier process.
#[derive(Debug)]
pub struct KeptToken {
    /// The token itself.
    pub token: SecretString,
    /// When it ends.
    pub expires: Timestamp,
}

impl KeptToken {
    /// Whether it is still worth using: a call must not find it ended on arrival.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.expires.checked_sub(MARGIN).is_ok_and(|last| now < last)
    }
}

/// A token as a request header. `Debug` hides it.
#[derive(Clone)]
pub struct AccessToken {
    header: HeaderValue,
    renew_at: Option<Timestamp>,
    expires: Option<Timestamp>,
    generation: u64,
}

impl AccessToken {
    fn new(secret: &str, lifetime: Option<(Timestamp, Duration)>, generation: u64) -> Option<Self> {
        let text = Zeroizing::new(format!("Bearer {secret}"));
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        let expires = lifetime.and_then(|(start, lifetime)| start.checked_add(lifetime).ok());
        let renew_at = lifetime.and_then(|(start, lifetime)| {
            start.checked_add(lifetime.saturating_sub(MARGIN.min(lifetime / 5))).ok()
        });
        Some(Self { header, renew_at, expires, generation })
    }

    fn of_kept(kept: &KeptToken) -> Option<Self> {
        let token = Self::new(kept.token.expose_secret(), None, 1)?;
        Some(Self { renew_at: kept.expires.checked_sub(MARGIN).ok(), expires: Some(kept.expires), ..token })
    }

    /// The value of the `Authorization` header, marked sensitive.
    pub fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// When it ends; none for a personal access token.
    pub const fn expires(&self) -> Option<Timestamp> {
        self.expires
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("expires", &self.expires).finish_non_exhaustive()
    }
}

/// Where tokens come from. Clones share the token.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

enum Inner {
    Key(Box<Renewing>),
    Personal(AccessToken),
}

struct Renewing {
    http: HttpClient,
    key: KeyFile,
    issuer: String,
    token_endpoint: Url,
    clock: Clock,
    keeper: Option<Arc<dyn TokenKeeper>>,
    attempts: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<AccessToken>,
    /// The last failure with the number of its attempt, for those who were waiting for that attempt.
    failure: Option<(u64, SignInRefusal)>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: SecretText,
    #[serde(default)]
    token_type: Option<String>,
    #[serde(default)]
    expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct TokenFailure {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

impl TokenSource {
    /// Tokens by assertions that are signed with a key, for exactly the discovered issuer.
    pub fn with_key(
        http: HttpClient,
        key: KeyFile,
        issuer: String,
        token_endpoint: Url,
        clock: Clock,
    ) -> Self {
        Self::renewing(http, key, (issuer, token_endpoint), clock, None, None)
    }

    /// The same, beginning with a token from an earlier process if there is one, and keeping each new one.
    pub fn with_kept(
        http: HttpClient,
        key: KeyFile,
        issuer: (String, Url),
        clock: Clock,
        kept: Option<&KeptToken>,
        keeper: Arc<dyn TokenKeeper>,
    ) -> Self {
        Self::renewing(http, key, issuer, clock, kept, Some(keeper))
    }

    fn renewing(
        http: HttpClient,
        key: KeyFile,
        (issuer, token_endpoint): (String, Url),
        clock: Clock,
        kept: Option<&KeptToken>,
        keeper: Option<Arc<dyn TokenKeeper>>,
    ) -> Self {
        let token = kept.and_then(AccessToken::of_kept);
        let state = Mutex::new(State { token, failure: None });
        let attempts = AtomicU64::new(0);
        let renewing = Renewing { http, key, issuer, token_endpoint, clock, keeper, attempts, state };
        Self(Arc::new(Inner::Key(Box::new(renewing))))
    }

    /// A personal access token, as it is.
    ///
    /// # Errors
    /// It holds characters that no token has.
    pub fn with_personal_token(token: &SecretString) -> Result<Self, SignInRefusal> {
        let token = AccessToken::new(token.expose_secret(), None, 0).ok_or(SignInRefusal::NotAToken)?;
        Ok(Self(Arc::new(Inner::Personal(token))))
    }

    /// Whether it is a personal access token, which cannot be renewed.
    pub fn is_personal(&self) -> bool {
        matches!(*self.0, Inner::Personal(_))
    }

    /// A token that is valid for some time: the kept one, or a new one where that ends soon by the wall clock. Where
    /// the server cannot be reached for a new one, the kept one until its end.
    ///
    /// # Errors
    /// Why no new one could be got.
    pub async fn bearer(&self) -> Result<AccessToken, SignInRefusal> {
        match &*self.0 {
            Inner::Personal(token) => Ok(token.clone()),
            Inner::Key(renewing) => {
                let outcome = renewing.usable(|token, now| token.renew_at.is_none_or(|at| now < at)).await;
                match outcome {
                    Err(SignInRefusal::Connection(_) | SignInRefusal::Busy { .. }) => {
                        renewing.still_valid().await.map_or(outcome, Ok)
                    }
                    _ => outcome,
                }
            }
        }
    }

    /// The successor of a token that the server did not accept: the one that somebody else has got meanwhile, else a
    /// new one. None for a personal access token, which has no successor.
    ///
    /// # Errors
    /// Why no new one could be got.
    pub async fn renew(&self, used: &AccessToken) -> Result<Option<AccessToken>, SignInRefusal> {
        match &*self.0 {
            Inner::Personal(_) => Ok(None),
            Inner::Key(renewing) => {
                if let Some(keeper) = &renewing.keeper {
                    keeper.discard();
                }
                renewing.usable(|token, _now| token.generation > used.generation).await.map(Some)
            }
        }
    }

    /// When the current token ends, if it is known.
    pub async fn expires(&self) -> Option<Timestamp> {
        match &*self.0 {
            Inner::Personal(_) => None,
            Inner::Key(renewing) => renewing.state.lock().await.token.as_ref().and_then(AccessToken::expires),
        }
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource").field("personal", &self.is_personal()).finish_non_exhaustive()
    }
}

impl Renewing {
    /// The kept token if it is `good`, else a new one. Whoever comes while a request is under way waits for it and
    /// shares its outcome, also a failure: a dead server is asked once, not once per waiting caller.
    async fn usable(
        &self,
        good: impl Fn(&AccessToken, Timestamp) -> bool,
    ) -> Result<AccessToken, SignInRefusal> {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(token) = state.token.as_ref().filter(|token| good(token, (self.clock)())) {
            return Ok(token.clone());
        }
        if let Some((attempt, failure)) = &state.failure
            && *attempt > seen
        {
            return Err(failure.clone());
        }
        let generation = state.token.as_ref().map_or(1, |token| token.generation + 1);
        let outcome = Box::pin(self.request(generation)).await;
        let attempt = self.attempts.fetch_add(1, Ordering::AcqRel) + 1;
        match outcome {
            Ok(token) => {
                *state = State { token: Some(token.clone()), failure: None };
                Ok(token)
            }
            Err(failure) => {
                state.failure = Some((attempt, failure.clone()));
                Err(failure)
            }
        }
    }

    /// The kept token while it has not ended, for when no new one can be got at the moment.
    async fn still_valid(&self) -> Option<AccessToken> {
        let now = (self.clock)();
        self.state.lock().await.token.clone().filter(|token| token.expires.is_none_or(|end| now < end))
    }

    async fn request(&self, generation: u64) -> Result<AccessToken, SignInRefusal> {
        let start = (self.clock)();
        let answer = (|| self.send())
            .retry(retry::policy())
            .when(SignInRefusal::is_passing)
            .adjust(|refusal, planned| retry::pause(planned, refusal.asked_wait()))
            .await?;
        let body = Zeroizing::new(answer.body);
        let token: TokenAnswer =
            serde_json::from_slice(&body).map_err(|_error| SignInRefusal::TokenNotUnderstood)?;
        if token.token_type.as_deref().is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(SignInRefusal::TokenNotUnderstood);
        }
        let lifetime = token.expires_in.map(|seconds| (start, Duration::from_secs(seconds)));
        tracing::debug!(issuer = self.issuer, expires_in = token.expires_in, "got a token");
        let access = AccessToken::new(&token.access_token.0, lifetime, generation)
            .ok_or(SignInRefusal::TokenNotUnderstood)?;
        if let (Some(keeper), Some(expires)) = (&self.keeper, access.expires) {
            keeper.keep(&SecretString::from(token.access_token.0.as_str()), expires);
        }
        Ok(access)
    }

    /// A new assertion each time; repeating the request is harmless, as only the token that comes back is used.
    async fn send(&self) -> Result<Answer, SignInRefusal> {
        let assertion = Assertion::sign(&self.key, &self.issuer, (self.clock)())?;
        let form = [("grant_type", GRANT_TYPE), ("scope", SCOPE), ("assertion", assertion.expose())];
        let request = self.http.request(Method::POST, self.token_endpoint.clone()).form(&form);
        let answer =
            self.http.send(request, &self.token_endpoint).await.map_err(SignInRefusal::Connection)?;
        if answer.status.is_success() { Ok(answer) } else { Err(self.refusal_of(&answer)) }
    }

    fn refusal_of(&self, answer: &Answer) -> SignInRefusal {
        let now = (self.clock)();
        if let Some(target) = answer.redirect_target(&self.token_endpoint) {
            return SignInRefusal::Redirected { target };
        }
        if retry::is_passing(answer.status) {
            return SignInRefusal::busy(answer, &self.token_endpoint, now);
        }
        let failure: Option<TokenFailure> = serde_json::from_slice(&answer.body).ok();
        let (error, description) =
            failure.as_ref().map_or(("", ""), |failure| (&failure.error, &failure.error_description));
        match (answer.status.as_u16(), error) {
            _ if description.contains("Errors.User.NotActive") => SignInRefusal::UserNotActive,
            (500, "server_error") | (400 | 401, "invalid_grant" | "invalid_client") => {
                SignInRefusal::rejected_assertion(answer, now)
            }
            _ => SignInRefusal::token_refused(answer, error, description),
        }
    }
}
