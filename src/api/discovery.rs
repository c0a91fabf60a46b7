//! What the server says about itself: its issuer and where tokens are got (`OpenID` Connect Discovery 1.0).

use backon::Retryable;
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use url::Url;

use crate::auth::address::{host_of, is_protected};
use crate::auth::http::{Answer, HttpClient};
use crate::auth::refusal::SignInRefusal;
use crate::auth::retry;
use crate::domain::text::SafeText;

/// Every ZITADEL takes assertions (recordings `auth/discovery`); other servers that speak `OpenID` Connect may not.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const PATH: [&str; 2] = [".well-known", "openid-configuration"];

/// What discovery tells (recording `auth/discovery`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The issuer exactly as the server spells it; the audience of assertions.
    pub issuer: String,
    /// Where tokens are got.
    pub token_endpoint: Url,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    token_endpoint: String,
    #[serde(default)]
    grant_types_supported: Vec<String>,
}

impl Discovery {
    /// Asks the server at `base`.
    ///
    /// # Errors
    /// No connection; a host that is no ZITADEL, or no domain of the instance; a token endpoint that is not safe.
    pub async fn fetch(http: &HttpClient, base: &Url) -> Result<Self, SignInRefusal> {
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(PATH);
        }
        let answer = (|| fetch_once(http, &url))
            .retry(retry::policy())
            .when(SignInRefusal::is_passing)
            .adjust(|refusal, planned| retry::pause(planned, refusal.asked_wait()))
            .await?;
        let discovery = Self::parse(&answer.body).ok_or_else(|| not_zitadel(&url, &answer))?;
        discovery.check()?;
        Ok(discovery)
    }

    /// What the operator should know: that the server calls itself otherwise than the URL.
    pub fn notice(&self, base: &Url) -> Option<SafeText> {
        let same = Url::parse(&self.issuer).is_ok_and(|issuer| issuer.origin() == base.origin());
        (!same).then(|| {
            SafeText::new(&format!(
                "The server calls itself {}, the URL is {}. Signed in for {}.",
                self.issuer,
                base.as_str().trim_end_matches('/'),
                self.issuer
            ))
        })
    }

    fn parse(body: &[u8]) -> Option<Self> {
        let document: Document = serde_json::from_slice(body).ok()?;
        let token_endpoint = Url::parse(&document.token_endpoint).ok()?;
        let grants = document.grant_types_supported;
        let takes_assertions = grants.is_empty() || grants.iter().any(|grant| grant == GRANT_TYPE);
        (takes_assertions && !document.issuer.is_empty())
            .then_some(Self { issuer: document.issuer, token_endpoint })
    }

    /// The assertion may only travel protected, and only to whom it is made for.
    ///
    /// # Errors
    /// `UnsafeTokenEndpoint`.
    pub fn check(&self) -> Result<(), SignInRefusal> {
        let own =
            Url::parse(&self.issuer).is_ok_and(|issuer| issuer.origin() == self.token_endpoint.origin());
        if own && is_protected(&self.token_endpoint) {
            return Ok(());
        }
        Err(SignInRefusal::UnsafeTokenEndpoint {
            endpoint: SafeText::new(&self.token_endpoint.origin().ascii_serialization()),
            issuer: SafeText::new(&self.issuer),
        })
    }
}

async fn fetch_once(http: &HttpClient, url: &Url) -> Result<Answer, SignInRefusal> {
    let answer =
        http.send(http.request(Method::GET, url.clone()), url).await.map_err(SignInRefusal::Connection)?;
    if let Some(target) = answer.redirect_target(url) {
        return Err(SignInRefusal::Redirected { target });
    }
    if retry::is_passing(answer.status) {
        return Err(SignInRefusal::busy(&answer, url, Timestamp::now()));
    }
    if answer.status == StatusCode::OK {
        return Ok(answer);
    }
    if String::from_utf8_lossy(&answer.body).contains("QUERY-1kIjX") {
        return Err(SignInRefusal::UnknownHost { host: host_of(url) });
    }
    Err(not_zitadel(url, &answer))
}

fn not_zitadel(url: &Url, answer: &Answer) -> SignInRefusal {
    let body = answer.body.trim_ascii();
    let shape = if body.is_empty() {
        "nothing"
    } else if body.starts_with(b"<") {
        "a web page"
    } else if serde_json::from_slice::<serde_json::Value>(body).is_ok() {
        "JSON, but not as ZITADEL does"
    } else {
        "text that is no JSON"
    };
    let detail = format!("/{} answers {} with {shape}", PATH.join("/"), answer.status.as_u16());
    SignInRefusal::NotZitadel { host: host_of(url), detail: SafeText::new(&detail) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn discovery(issuer: &str, token_endpoint: &str) -> Discovery {
        let body = serde_json::json!({"issuer": issuer, "token_endpoint": token_endpoint}).to_string();
        Discovery::parse(body.as_bytes()).expect("a document")
    }

    #[rstest]
    #[case::usual("https://auth.example.com", "https://auth.example.com/oauth/v2/token")]
    #[case::default_port("https://auth.example.com", "https://auth.example.com:443/oauth/v2/token")]
    #[case::loopback("http://localhost:8080", "http://localhost:8080/oauth/v2/token")]
    fn safe_token_endpoints(#[case] issuer: &str, #[case] endpoint: &str) {
        assert_eq!(discovery(issuer, endpoint).check(), Ok(()));
    }

    #[rstest]
    #[case::plain_http("http://auth.example.com", "http://auth.example.com/oauth/v2/token")]
    #[case::other_host("https://auth.example.com", "https://evil.example/oauth/v2/token")]
    #[case::other_port("https://auth.example.com", "https://auth.example.com:8443/oauth/v2/token")]
    #[case::issuer_that_is_no_url("auth", "https://auth.example.com/oauth/v2/token")]
    fn unsafe_token_endpoints(#[case] issuer: &str, #[case] endpoint: &str) {
        assert!(matches!(
            discovery(issuer, endpoint).check(),
            Err(SignInRefusal::UnsafeTokenEndpoint { .. })
        ));
    }

    #[rstest]
    #[case::same("https://auth.example.com/", false)]
    #[case::default_port("https://auth.example.com:443/", false)]
    #[case::other_host("https://10.0.0.7/", true)]
    fn tells_when_the_issuer_differs_from_the_url(#[case] base: &str, #[case] told: bool) {
        let found = discovery("https://auth.example.com", "https://auth.example.com/token");
        let notice = found.notice(&Url::parse(base).expect("a URL"));
        assert_eq!(notice.is_some_and(|notice| notice.as_str().contains("https://auth.example.com")), told);
    }

    #[rstest]
    #[case::issuer_missing(r#"{"token_endpoint":"https://a/t"}"#)]
    #[case::issuer_empty(r#"{"issuer":"","token_endpoint":"https://a/t"}"#)]
    #[case::endpoint_is_no_url(r#"{"issuer":"https://a","token_endpoint":"/t"}"#)]
    #[case::other_provider(
        r#"{"issuer":"https://a","token_endpoint":"https://a/t","grant_types_supported":["authorization_code"]}"#
    )]
    #[case::list("[]")]
    #[case::page("<html></html>")]
    fn other_answers_are_no_discovery(#[case] body: &str) {
        assert_eq!(Discovery::parse(body.as_bytes()), None);
    }
}
