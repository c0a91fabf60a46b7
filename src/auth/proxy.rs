//! Which proxy stands between this machine and a server, by the same rules as the HTTP client's own: `HTTPS_PROXY`,
//! `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, and the settings of the system on macOS and Windows.

use std::fmt;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::domain::loopback::is_loopback;
use crate::domain::text::SafeText;

/// A proxy, without the password that its variable may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its host, a name or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether it is told a user and a password.
    pub with_password: bool,
    scheme: String,
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = SafeText::new(&self.host);
        write!(f, "{}://{host}:{}", SafeText::new(&self.scheme), self.port)
    }
}

/// How a server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Without a proxy.
    Direct,
    /// Through this proxy.
    Through(Proxy),
    /// Without this proxy, which the environment names: it is another machine, and what is meant for this one would
    /// leave it in plain text, token and all.
    Past(Proxy),
}

/// How the server at `url` is reached. What is meant for this machine goes through a proxy only where the proxy is on
/// this machine too.
pub fn way_to(url: &Url) -> Way {
    let Some(proxy) = proxy_of_environment(url) else { return Way::Direct };
    if is_loopback(url) && !proxy.is_here() { Way::Past(proxy) } else { Way::Through(proxy) }
}

fn proxy_of_environment(url: &Url) -> Option<Proxy> {
    let destination: Uri = url.as_str().parse().ok()?;
    let found = Matcher::from_system().intercept(&destination)?;
    let uri = found.uri();
    let scheme = uri.scheme_str().unwrap_or("http").to_owned();
    let usual = if scheme == "https" { 443 } else { 80 };
    Some(Proxy {
        host: uri.host()?.to_owned(),
        port: uri.port_u16().unwrap_or(usual),
        with_password: found.basic_auth().is_some() || found.raw_auth().is_some(),
        scheme,
    })
}

impl Proxy {
    fn is_here(&self) -> bool {
        Url::parse(&format!("http://{}", self.host)).is_ok_and(|url| is_loopback(&url))
    }
}
