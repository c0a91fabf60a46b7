//! Every reason why signing in can fail, each with its own text and its own fix.

mod file;

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::DATE;
use url::Url;

pub use self::file::{FileFailure, SecretFile};
use super::address::host_of;
use super::failure::ConnectionFailure;
use super::http::Answer;
use super::retry;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;

/// What failed, for all of them.
const WHAT: &str = "Cannot sign in";
/// Assertions are back-dated by 30 s, and the `Date` header is cut to full seconds.
const TOLERATED_SECONDS: i64 = 25;

/// Why signing in failed. Holds no secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInRefusal {
    /// The file with the secret cannot be used.
    File {
        /// Which of the two.
        file: SecretFile,
        /// Its path.
        path: SafeText,
        /// Why.
        failure: FileFailure,
    },
    /// A personal access token from the environment that is none.
    NotAToken,
    /// The extra CA file cannot be used.
    CaFile {
        /// Its path.
        path: SafeText,
        /// The technical text.
        detail: SafeText,
    },
    /// No HTTP client could be made.
    NoClient {
        /// The technical text.
        detail: SafeText,
    },
    /// Plain http to a host other than loopback; nothing was sent.
    PlainHttp {
        /// The host.
        host: SafeText,
    },
    /// A user name or password inside the URL; nothing was sent.
    CredentialsInUrl {
        /// The host.
        host: SafeText,
    },
    /// The URL is no http address of a host; nothing was sent.
    NotAnAddress {
        /// The scheme that it has.
        scheme: SafeText,
    },
    /// The server could not be reached or did not answer.
    Connection(ConnectionFailure),
    /// The server answers by sending us elsewhere.
    Redirected {
        /// Where to.
        target: SafeText,
    },
    /// The server, or a proxy before it, is busy or failing.
    Busy {
        /// The host.
        host: SafeText,
        /// 429, 502, 503 or 504.
        status: u16,
        /// How long it asks to wait.
        wait: Option<Duration>,
    },
    /// The host answers, but not as a ZITADEL.
    NotZitadel {
        /// The host.
        host: SafeText,
        /// What it answered.
        detail: SafeText,
    },
    /// A ZITADEL answers, but the host name is no domain of any of its instances (recording `auth/unknown-host`).
    UnknownHost {
        /// The host.
        host: SafeText,
    },
    /// The server names a token endpoint that is not protected, or not its own.
    UnsafeTokenEndpoint {
        /// The endpoint's origin.
        endpoint: SafeText,
        /// The issuer.
        issuer: SafeText,
    },
    /// The assertion was rejected, and the clocks differ (recordings `auth/token-expired`, `-iat-future`).
    ClockOff {
        /// How far this machine's clock is ahead of the server's; negative if it is behind.
        ahead_seconds: i64,
    },
    /// The assertion was rejected; the server does not say why (recordings `auth/token-unknown-kid`, `-removed-key`,
    /// `-deleted-user`).
    AssertionRejected {
        /// The server's words.
        answer: SafeText,
        /// Whether the clocks could be compared.
        clock_compared: bool,
    },
    /// The user is deactivated or locked (recordings `auth/token-inactive-user`, `-locked-user`).
    UserNotActive,
    /// The token request was refused in a way that has no text of its own.
    TokenRefused {
        /// The status.
        status: u16,
        /// The server's words.
        answer: SafeText,
    },
    /// The answer to the token request holds no token.
    TokenNotUnderstood,
    /// The first call with a fresh token was refused (recordings `auth/api-without-aud-scope`, `auth/api-locked-user`).
    TokenNotAccepted {
        /// The server's words.
        answer: SafeText,
    },
    /// The personal access token was not accepted.
    PersonalTokenNotAccepted {
        /// The server's words.
        answer: SafeText,
    },
}

impl SignInRefusal {
    /// A server that asks to come back later.
    pub fn busy(answer: &Answer, url: &Url, now: Timestamp) -> Self {
        let wait = retry::asked_wait(&answer.headers, now);
        Self::Busy { host: host_of(url), status: answer.status.as_u16(), wait }
    }

    /// A rejected assertion: 500 `server_error` and 400 `invalid_grant` mean the same (CONTRACT.md section 2.3). The
    /// `Date` header tells whether the clock is to blame.
    pub(super) fn rejected_assertion(answer: &Answer, now: Timestamp) -> Self {
        let date = answer.headers.get(DATE).and_then(|value| value.to_str().ok()).and_then(retry::http_date);
        match date.map(|server| now.as_second() - server.as_second()) {
            Some(ahead_seconds) if ahead_seconds.abs() > TOLERATED_SECONDS => {
                Self::ClockOff { ahead_seconds }
            }
            compared => {
                let answer = oauth_words(answer);
                Self::AssertionRejected { answer, clock_compared: compared.is_some() }
            }
        }
    }

    /// Any other refusal of the token request.
    pub(super) fn token_refused(answer: &Answer, error: &str, description: &str) -> Self {
        let words =
            if error.is_empty() { SafeText::new("no OAuth error") } else { words_of(error, description) };
        Self::TokenRefused { status: answer.status.as_u16(), answer: words }
    }

    /// Whether asking again soon can help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy { .. } => true,
            Self::Connection(failure) => failure.is_passing(),
            _ => false,
        }
    }

    /// How long the server asks to wait.
    pub const fn asked_wait(&self) -> Option<Duration> {
        match self {
            Self::Busy { wait, .. } => *wait,
            _ => None,
        }
    }

    /// The problem to show.
    pub fn problem(&self) -> Problem {
        match self {
            Self::File { file, path, failure } => failure.problem(*file, path, WHAT),
            Self::Connection(failure) => failure.problem(WHAT),
            _ => Problem::new(self.kind(), WHAT, self.why(), self.fix()),
        }
    }

    const fn kind(&self) -> ProblemKind {
        match self {
            Self::CaFile { .. }
            | Self::NoClient { .. }
            | Self::PlainHttp { .. }
            | Self::CredentialsInUrl { .. }
            | Self::NotAnAddress { .. } => ProblemKind::Usage,
            Self::Connection(_) => ProblemKind::Network,
            Self::Redirected { .. }
            | Self::Busy { .. }
            | Self::NotZitadel { .. }
            | Self::UnknownHost { .. }
            | Self::UnsafeTokenEndpoint { .. }
            | Self::TokenNotUnderstood => ProblemKind::Server,
            Self::File { .. }
            | Self::NotAToken
            | Self::ClockOff { .. }
            | Self::AssertionRejected { .. }
            | Self::UserNotActive
            | Self::TokenRefused { .. }
            | Self::TokenNotAccepted { .. }
            | Self::PersonalTokenNotAccepted { .. } => ProblemKind::NotSignedIn,
        }
    }

    fn why(&self) -> String {
        match self {
            Self::File { path, .. } => format!("The file {path} cannot be used."),
            Self::Connection(failure) => failure.to_string(),
            Self::NotAToken => {
                "The personal access token is empty or has blanks or line breaks inside.".to_owned()
            }
            Self::CaFile { path, detail } => format!("The CA file {path} cannot be used: {detail}."),
            Self::NoClient { detail } => format!("No HTTP client could be made: {detail}."),
            Self::PlainHttp { host } => format!(
                "Plain http to {host} is refused: everybody on the way could read the token. Nothing was sent."
            ),
            Self::CredentialsInUrl { host } => {
                format!("The URL of {host} has a user name or password inside. Nothing was sent.")
            }
            Self::NotAnAddress { scheme } => {
                format!("The URL is no address of a server (it begins with {scheme}:).")
            }
            Self::Redirected { target } => {
                format!("The server sends us to {target}; no token follows a redirect.")
            }
            Self::Busy { host, status: 429, wait } => {
                format!("{host} is limiting requests (429){}.", waiting(*wait))
            }
            Self::Busy { host, status, wait } => format!("{host} is not ready ({status}){}.", waiting(*wait)),
            Self::NotZitadel { host, detail } => format!("{host} is no ZITADEL: {detail}."),
            Self::UnknownHost { host } => format!(
                "A ZITADEL answers at {host}, but that name is no domain of any of its instances (QUERY-1kIjX)."
            ),
            Self::UnsafeTokenEndpoint { endpoint, issuer } => format!(
                "The server ({issuer}) wants the assertion sent to {endpoint}, which is unprotected or not its own. Nothing was sent."
            ),
            Self::TokenNotUnderstood => "The answer to the token request holds no usable token.".to_owned(),
            Self::ClockOff { ahead_seconds } => format!(
                "The server rejected the signed assertion, and the clock of this machine is {} the server's.",
                difference(*ahead_seconds)
            ),
            Self::AssertionRejected { answer, .. } => {
                format!("The server rejected the assertion signed with this key ({answer}).")
            }
            Self::UserNotActive => {
                "The service user of this key is deactivated or locked (Errors.User.NotActive).".to_owned()
            }
            Self::TokenRefused { status, answer } => {
                format!("The server refused the token request ({status}: {answer}).")
            }
            Self::TokenNotAccepted { answer } => format!(
                "The server issued a token, but its API does not accept it ({answer}): it lacks the audience of the ZITADEL API, or the user was locked, deactivated or removed just now."
            ),
            Self::PersonalTokenNotAccepted { answer } => format!(
                "The personal access token is not accepted ({answer}): it was removed, has expired, belongs to another instance, or its user is not active."
            ),
        }
    }

    fn fix(&self) -> String {
        let fix = match self {
            Self::Connection(failure) => failure.fix(),
            Self::NotAToken => "Put exactly the token that the console showed into ZITUI_TOKEN.",
            Self::CaFile { .. } => {
                "Give a readable file with one or more certificates in PEM form (-----BEGIN CERTIFICATE-----)."
            }
            Self::NoClient { .. } => "Check the proxy variables (HTTPS_PROXY, NO_PROXY) and SSL_CERT_FILE.",
            Self::PlainHttp { .. } => {
                "Use https://; plain http is accepted for this machine only (localhost, 127.0.0.1, ::1)."
            }
            Self::CredentialsInUrl { .. } => "Leave out what stands before the @; sign in with --key-file.",
            Self::NotAnAddress { .. } => "Give the address as in the browser, e.g. https://auth.example.com.",
            Self::Redirected { target } => {
                return format!("If {target} is the right instance, use that URL.");
            }
            Self::Busy { status: 429, .. } => "Wait, then try again.",
            Self::Busy { .. } => {
                "Try again in a minute; if it stays so, look at the server and the proxy before it."
            }
            Self::NotZitadel { .. } => {
                "Check the URL: it is the address of the console without what follows the host."
            }
            Self::UnknownHost { .. } => {
                "Use the instance's own domain, or add this one to it as a custom domain; a proxy must pass the Host header on."
            }
            Self::UnsafeTokenEndpoint { .. } => {
                "Set ExternalSecure and ExternalDomain of the server so that its issuer is the https address."
            }
            Self::TokenNotUnderstood => {
                "Check that the URL leads to ZITADEL itself and that no proxy changes its answers."
            }
            Self::ClockOff { .. } => {
                "Set the clock of this machine (e.g. timedatectl set-ntp true). If it is rejected still: was the key removed, or is it for another instance?"
            }
            Self::AssertionRejected { clock_compared, .. } => return check_list(*clock_compared),
            Self::UserNotActive => {
                "Have a manager activate or unlock the user in the console (Users › Service users)."
            }
            Self::TokenNotAccepted { .. } => {
                "Check the state of the service user; if it is active, check that URL and issuer belong to the same instance."
            }
            Self::PersonalTokenNotAccepted { .. } => {
                "Create a new personal access token at the service user, on this instance."
            }
            Self::File { .. } | Self::TokenRefused { .. } => {
                "Check that the URL is the instance the key was made on."
            }
        };
        fix.to_owned()
    }
}

/// What can be behind a rejected assertion; the server does not say which (CONTRACT.md section 2.3).
fn check_list(clock_compared: bool) -> String {
    let clock = if clock_compared { "agrees with the server's" } else { "could not be compared" };
    format!(
        "Check: the clock of this machine ({clock}); is the key still listed at the service user (a removed or expired one is not); is the URL the instance that the key was made on; does the user still exist?"
    )
}

impl fmt::Display for SignInRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem().why.as_str())
    }
}

impl std::error::Error for SignInRefusal {}

impl From<SignInRefusal> for Problem {
    fn from(refusal: SignInRefusal) -> Self {
        refusal.problem()
    }
}

fn oauth_words(answer: &Answer) -> SafeText {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text =
        |field: &str| body.get(field).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    words_of(&text("error"), &text("error_description"))
}

fn words_of(error: &str, description: &str) -> SafeText {
    SafeText::new(&if description.is_empty() { error.to_owned() } else { format!("{error}: {description}") })
}

fn waiting(wait: Option<Duration>) -> String {
    wait.map(|wait| format!(" and asks to wait {} s", wait.as_secs())).unwrap_or_default()
}

fn difference(ahead_seconds: i64) -> String {
    let amount = match ahead_seconds.unsigned_abs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds @ 120..=7199 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    };
    format!("{amount} {}", if ahead_seconds > 0 { "ahead of" } else { "behind" })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rstest::rstest;

    use super::*;

    fn all() -> Vec<SignInRefusal> {
        let text = || SafeText::new("x");
        vec![
            SignInRefusal::File { file: SecretFile::Key, path: text(), failure: FileFailure::Missing },
            SignInRefusal::NotAToken,
            SignInRefusal::CaFile { path: text(), detail: text() },
            SignInRefusal::NoClient { detail: text() },
            SignInRefusal::PlainHttp { host: text() },
            SignInRefusal::CredentialsInUrl { host: text() },
            SignInRefusal::NotAnAddress { scheme: text() },
            SignInRefusal::Connection(ConnectionFailure::too_large(text(), 16_000_000)),
            SignInRefusal::Redirected { target: text() },
            SignInRefusal::Busy { host: text(), status: 429, wait: None },
            SignInRefusal::Busy { host: text(), status: 503, wait: Some(Duration::from_secs(60)) },
            SignInRefusal::NotZitadel { host: text(), detail: text() },
            SignInRefusal::UnknownHost { host: text() },
            SignInRefusal::UnsafeTokenEndpoint { endpoint: text(), issuer: text() },
            SignInRefusal::ClockOff { ahead_seconds: 60 },
            SignInRefusal::AssertionRejected { answer: text(), clock_compared: true },
            SignInRefusal::UserNotActive,
            SignInRefusal::TokenRefused { status: 400, answer: text() },
            SignInRefusal::TokenNotUnderstood,
            SignInRefusal::TokenNotAccepted { answer: text() },
            SignInRefusal::PersonalTokenNotAccepted { answer: text() },
        ]
    }

    #[test]
    fn each_has_a_text_and_a_fix_of_its_own() {
        let problems: Vec<Problem> = all().iter().map(SignInRefusal::problem).collect();
        let different =
            |text: fn(&Problem) -> &SafeText| problems.iter().map(text).collect::<BTreeSet<_>>().len();
        assert_eq!(different(|problem| &problem.why), problems.len());
        assert_eq!(different(|problem| &problem.fix), problems.len());
        assert!(problems.iter().all(|problem| !problem.why.is_empty() && !problem.fix.is_empty()));
    }

    #[rstest]
    #[case(26, "26 s ahead of")]
    #[case(-119, "119 s behind")]
    #[case(150, "2 min ahead of")]
    #[case(-7200, "2 h behind")]
    #[case(i64::MIN, "behind")]
    fn tells_how_far_the_clock_is_off(#[case] ahead_seconds: i64, #[case] told: &str) {
        assert!(SignInRefusal::ClockOff { ahead_seconds }.to_string().contains(told));
    }
}
