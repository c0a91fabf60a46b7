//! The URL of an instance as people type it.

use url::Url;

use crate::domain::loopback::is_loopback;
use crate::domain::problem::{Problem, ProblemKind};

/// Reads the URL of an instance. Without a scheme it is `https://`; of the address of a console page only the instance
/// is kept.
///
/// # Errors
/// `Usage` for anything that is no http or https URL, for user information inside it, and for `http` to another host
/// than this machine (the token would travel in the clear).
pub fn instance_url(given: &str) -> Result<Url, Problem> {
    let given = given.trim();
    let complete = if given.contains("://") { given.to_owned() } else { format!("https://{given}") };
    let mut url = Url::parse(&complete).map_err(|error| {
        refused(&error.to_string(), "give it as https://auth.example.com, with a port where it needs one")
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused(
            "it holds a user name or a password",
            "leave out everything before the @; zitui signs in with a key file or a token",
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(refused(
                "http would send the token in the clear; it is allowed to this machine only",
                "use https://",
            ));
        }
        _ => return Err(refused("it is neither http nor https", "give it as https://auth.example.com")),
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(refused("it names no host", "give it as https://auth.example.com"));
    }
    url.set_query(None);
    url.set_fragment(None);
    if url.path() == "/ui" || url.path().starts_with("/ui/") {
        url.set_path("/");
    }
    Ok(url)
}

/// Whether two URLs mean the same instance.
pub fn same_instance(left: &Url, right: &Url) -> bool {
    left.origin() == right.origin() && left.path().trim_end_matches('/') == right.path().trim_end_matches('/')
}

/// Never tells the URL itself: it may hold a password.
fn refused(why: &str, fix: &str) -> Problem {
    Problem::new(ProblemKind::Usage, "Cannot use the URL of the instance", why, fix)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::complete("https://auth.example.com", "https://auth.example.com/")]
    #[case::no_scheme("auth.example.com", "https://auth.example.com/")]
    #[case::no_scheme_with_port("auth.example.com:8443", "https://auth.example.com:8443/")]
    #[case::spaces(" https://auth.example.com/ ", "https://auth.example.com/")]
    #[case::localhost("http://localhost:8080", "http://localhost:8080/")]
    #[case::below_localhost("http://acme.localhost:8080", "http://acme.localhost:8080/")]
    #[case::ipv4("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    #[case::ipv6("http://[::1]:8080", "http://[::1]:8080/")]
    #[case::console_page("https://auth.example.com/ui/console/orgs?id=1#top", "https://auth.example.com/")]
    #[case::prefix("https://example.com/zitadel", "https://example.com/zitadel")]
    #[case::unicode("https://bücher.example", "https://xn--bcher-kva.example/")]
    fn understands(#[case] given: &str, #[case] url: &str) {
        assert_eq!(instance_url(given).map(String::from), Ok(url.to_owned()));
    }

    #[rstest]
    #[case::password("https://root:canary@auth.example.com", "user name or a password")]
    #[case::user("https://canary@auth.example.com", "user name or a password")]
    #[case::plain_http("http://auth.example.com", "in the clear")]
    #[case::looks_like_loopback("http://127.0.0.1.example.com", "in the clear")]
    #[case::other_scheme("ftp://auth.example.com", "neither http nor https")]
    #[case::empty("", "empty host")]
    #[case::port("https://auth.example.com:99999", "port")]
    fn refuses_with_a_reason_and_without_repeating_it(#[case] given: &str, #[case] why: &str) {
        let problem = instance_url(given).expect_err("must be refused");
        assert!(problem.why.as_str().contains(why), "{problem}");
        assert!(!problem.to_string().contains("canary"));
        assert!(!problem.fix.is_empty());
    }
}
