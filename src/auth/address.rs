//! Which addresses may be spoken to at all. Uses the refusals of this room.

use url::Url;

use super::refusal::SignInRefusal;
use crate::domain::loopback::is_loopback;
use crate::domain::text::SafeText;

/// The address below which the API is called: `given` without what belongs to a page of the console.
///
/// # Errors
/// Plain http to a host other than loopback, credentials inside the URL, another scheme, no host.
pub fn base_address(given: &Url) -> Result<Url, SignInRefusal> {
    if !given.username().is_empty() || given.password().is_some() {
        return Err(SignInRefusal::CredentialsInUrl { host: host_of(given) });
    }
    if given.host().is_none() || !matches!(given.scheme(), "http" | "https") {
        return Err(SignInRefusal::NotAnAddress { scheme: SafeText::new(given.scheme()) });
    }
    if !is_protected(given) {
        return Err(SignInRefusal::PlainHttp { host: host_of(given) });
    }
    let mut base = given.clone();
    base.set_query(None);
    base.set_fragment(None);
    if base.path() == "/ui" || base.path().starts_with("/ui/") {
        base.set_path("/");
    }
    Ok(base)
}

/// Whether nobody on the way can read what is sent there: https, or a host that is this machine.
pub fn is_protected(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Host and port, for people.
pub fn host_of(url: &Url) -> SafeText {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| SafeText::new(host), |port| SafeText::new(&format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn checked(url: &str) -> Result<String, SignInRefusal> {
        base_address(&Url::parse(url).expect("a URL")).map(String::from)
    }

    #[rstest]
    #[case::https("https://auth.example.com", "https://auth.example.com/")]
    #[case::port("https://auth.example.com:8443", "https://auth.example.com:8443/")]
    #[case::console_page("https://auth.example.com/ui/console/orgs?id=1#top", "https://auth.example.com/")]
    #[case::prefix("https://example.com/zitadel", "https://example.com/zitadel")]
    #[case::localhost("http://localhost:8080", "http://localhost:8080/")]
    #[case::below_localhost("http://zitadel.localhost", "http://zitadel.localhost/")]
    #[case::ipv4("http://127.8.0.1", "http://127.8.0.1/")]
    #[case::ipv6("http://[::1]:8080", "http://[::1]:8080/")]
    fn accepts(#[case] given: &str, #[case] base: &str) {
        assert_eq!(checked(given), Ok(base.to_owned()));
    }

    #[rstest]
    #[case::other_host("http://auth.example.com")]
    #[case::name_that_looks_local("http://localhost.example.com")]
    #[case::private_network("http://192.168.0.1")]
    #[case::unspecified("http://0.0.0.0")]
    fn refuses_plain_http(#[case] given: &str) {
        assert!(matches!(checked(given), Err(SignInRefusal::PlainHttp { .. })));
    }

    #[test]
    fn refuses_credentials_and_does_not_repeat_them() {
        let refusal = checked("https://ann:hunter2@auth.example.com").expect_err("refused");
        assert!(matches!(refusal, SignInRefusal::CredentialsInUrl { .. }));
        assert!(!format!("{refusal:?} {}", refusal.problem()).contains("hunter2"));
    }

    #[rstest]
    #[case("ftp://auth.example.com")]
    #[case("file:///etc/passwd")]
    #[case("auth.example.com:443")]
    fn refuses_other_schemes(#[case] given: &str) {
        assert!(matches!(checked(given), Err(SignInRefusal::NotAnAddress { .. })));
    }
}
