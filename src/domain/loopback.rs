//! Which addresses are this machine. One rule for the configuration and the sign-in: it decides where a token may
//! travel without TLS.

use url::{Host, Url};

/// Whether the host is this machine: `localhost` and names below it (RFC 6761), 127.0.0.0/8, `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => is_localhost(name),
        None => false,
    }
}

/// Whether the name is `localhost` or below it.
pub fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}
