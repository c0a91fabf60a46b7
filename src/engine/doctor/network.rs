//! From the name to the encrypted connection: DNS, TCP, TLS.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::{TcpStream, lookup_host};
use url::{Host, Url};

use super::certificate::{self, Certificate};
use super::{Chart, Finding, SOON_SECONDS};
use crate::auth::proxy::Way;
use crate::domain::problem::{Problem, ProblemKind};

const PATIENCE: Duration = Duration::from_secs(5);

/// What later checks need to know of the connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// The server listens.
    Yes,
    /// A check has failed and has been noted.
    No,
}

/// Looks at the way to the server, or to the proxy before it.
pub(super) async fn examine(chart: &mut Chart, base: &Url, way: &Way) -> Reached {
    let (host, port, whose) = match way {
        Way::Through(proxy) => (proxy.host.clone(), proxy.port, "the proxy "),
        Way::Direct | Way::Past(_) => {
            let host = base.host().map(|host| match host {
                Host::Domain(name) => name.to_owned(),
                Host::Ipv4(address) => address.to_string(),
                Host::Ipv6(address) => address.to_string(),
            });
            (host.unwrap_or_default(), base.port_or_known_default().unwrap_or(443), "")
        }
    };
    let addresses = match resolve(&host, port).await {
        Ok(addresses) => {
            let mut listed: Vec<String> = addresses.iter().map(|found| found.ip().to_string()).collect();
            listed.dedup();
            chart.note("DNS", Finding::good(format!("{whose}{host}: {}", listed.join(", "))));
            addresses
        }
        Err(why) => {
            let fix = "check the host name in the URL for typing errors, and that DNS or the VPN works";
            let what = format!("The name of {whose}{host} cannot be resolved");
            chart.note("DNS", Finding::failed(Problem::new(ProblemKind::Network, what, why, fix)));
            chart.not_checked(&["TCP", "TLS"], "the name cannot be resolved");
            return Reached::No;
        }
    };
    let stream = match connect(&addresses).await {
        Ok((address, stream)) => {
            chart.note("TCP", Finding::good(format!("{whose}{address} accepts connections")));
            stream
        }
        Err(why) => {
            let what = format!("{whose}{host} does not accept connections on port {port}");
            let fix = "check host and port in the URL, that the server runs, VPN and firewalls; if only a proxy leads out, set HTTPS_PROXY";
            chart.note("TCP", Finding::failed(Problem::new(ProblemKind::Network, what, why, fix)));
            chart.not_checked(&["TLS"], "there is no connection");
            return Reached::No;
        }
    };
    match (base.scheme(), way) {
        ("https", Way::Through(_)) => {
            chart.note("TLS", Finding::good("through the proxy, checked together with discovery"));
        }
        ("https", _) => tls(chart, &host, stream).await,
        _ => chart.note("TLS", Finding::good("none: plain http to this machine")),
    }
    Reached::Yes
}

/// `localhost` and the names below it are this machine whatever DNS says (RFC 6761); the client reaches them so too.
async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
    let name = host.trim_end_matches('.');
    let name = if name.ends_with(".localhost") { "localhost" } else { name };
    match tokio::time::timeout(PATIENCE, lookup_host((name, port))).await {
        Err(_) => Err("DNS does not answer".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Ok(Ok(found)) => {
            let found: Vec<SocketAddr> = found.collect();
            if found.is_empty() { Err("DNS knows no address for it".to_owned()) } else { Ok(found) }
        }
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<(SocketAddr, TcpStream), String> {
    let mut failures = Vec::new();
    for address in addresses {
        match tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((*address, stream)),
            Ok(Err(error)) => failures.push(format!("{address}: {error}")),
            Err(_) => failures.push(format!("{address}: no answer in {} s", PATIENCE.as_secs())),
        }
    }
    Err(failures.join("; "))
}

/// Tells of the certificates as they are. Whether this machine trusts them is for the HTTP client to say, with the
/// authorities that it knows; `server` replaces this finding where it does not.
async fn tls(chart: &mut Chart, host: &str, stream: TcpStream) {
    let finding = match certificate::chain(host, stream, PATIENCE).await {
        Ok(chain) => described(&chain),
        Err(why) => Finding::failed(Problem::new(
            ProblemKind::Network,
            format!("No TLS connection with {host} came about"),
            why,
            "check that the port speaks TLS (a plain http port does not) and offers TLS 1.2 or newer",
        )),
    };
    chart.note("TLS", finding);
}

fn described(chain: &[Certificate]) -> Finding {
    let Some(first) = chain.first() else {
        return Finding::warning(
            "the server shows no certificate that can be read",
            "look at the server's TLS settings",
        );
    };
    let names: Vec<&str> = chain.iter().map(|one| one.subject.as_str()).collect();
    let issuer = chain.last().map(|last| last.issuer.as_str()).unwrap_or_default();
    let day = first.ends.strftime("%Y-%m-%d");
    let found = format!("certificate {}, issued by {issuer}, valid until {day}", names.join(" ← "));
    if first.ends.as_second() - Timestamp::now().as_second() < SOON_SECONDS {
        return Finding::warning(found, "renew the certificate of the server");
    }
    Finding::good(found)
}
