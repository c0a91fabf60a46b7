//! When and how often a request that changes nothing is sent again.

use std::time::Duration;

use backon::ExponentialBuilder;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Longer waits that a server asks for are not sat out but reported.
pub const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Three tries, 0.2 s to 2 s apart, spread at random so that many clients do not come back together.
pub fn policy() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(Duration::from_secs(2))
        .with_max_times(2)
        .with_jitter()
}

/// Whether a server that answers so may answer otherwise in a moment (RFC 9110, RFC 6585).
pub const fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// How long the server asks to wait: seconds, or a date (RFC 9110 section 10.2.3).
pub fn asked_wait(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(value)?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// The pause before the next try; none to give up. `planned` is the policy's, `asked` the server's.
pub fn pause(planned: Option<Duration>, asked: Option<Duration>) -> Option<Duration> {
    let planned = planned?;
    match asked {
        Some(asked) if asked > LONGEST_WAIT => None,
        Some(asked) => Some(asked.max(planned)),
        None => Some(planned),
    }
}

/// A date of an HTTP header.
pub fn http_date(value: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn asked(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().expect("a header value"));
        asked_wait(&headers, "2026-11-24T00:00:00Z".parse().expect("a time"))
    }

    #[rstest]
    #[case::seconds("3", Some(3))]
    #[case::date("Tue, 24 Nov 2026 00:00:07 GMT", Some(7))]
    #[case::past_date("Mon, 23 Nov 2026 00:00:07 GMT", Some(0))]
    #[case::nonsense("soon", None)]
    #[case::negative("-4", None)]
    fn reads_what_the_server_asks(#[case] value: &str, #[case] seconds: Option<u64>) {
        assert_eq!(asked(value), seconds.map(Duration::from_secs));
    }

    #[rstest]
    #[case::own_pace(Some(200), None, Some(200))]
    #[case::longer_on_request(Some(200), Some(3000), Some(3000))]
    #[case::never_shorter(Some(200), Some(0), Some(200))]
    #[case::too_long(Some(200), Some(11_000), None)]
    #[case::no_tries_left(None, Some(1000), None)]
    fn decides_the_pause(
        #[case] planned: Option<u64>,
        #[case] asked: Option<u64>,
        #[case] expected: Option<u64>,
    ) {
        let millis = |value: Option<u64>| value.map(Duration::from_millis);
        assert_eq!(pause(millis(planned), millis(asked)), millis(expected));
    }
}
