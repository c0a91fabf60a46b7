//! Why a server could not be reached or did not answer, found by walking the error's sources.

use std::error::Error;
use std::fmt;
use std::io;

use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;

/// What kept an exchange with a server from completing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionReason {
    /// The host name has no address.
    UnknownName,
    /// Nothing listens on the port.
    Refused,
    /// No way to the host.
    Unreachable,
    /// No connection within the time for connecting.
    ConnectTimeout,
    /// A connection, but no answer in time.
    AnswerTimeout,
    /// The certificate is signed by nobody this machine trusts.
    UnknownAuthority,
    /// The same, on a machine that has no certificates of authorities at all.
    NoAuthorities,
    /// The certificate has run out.
    CertificateExpired,
    /// The certificate begins to be valid later.
    CertificateNotYetValid,
    /// The certificate belongs to another host.
    WrongName,
    /// TLS failed in another way.
    Tls,
    /// The proxy did not open the way.
    Proxy,
    /// The connection was closed before the answer was complete.
    Broken,
    /// The answer is longer than anything that is expected.
    TooLarge,
    /// The answer's body could not be unpacked.
    Garbled,
}

/// A failed exchange: why, with whom, and whether the request can have arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionFailure {
    /// Why.
    pub reason: ConnectionReason,
    /// The host that was meant, with its port where that is not the usual one.
    pub host: SafeText,
    /// The technical text of the innermost error; may be empty.
    pub detail: SafeText,
    may_have_arrived: bool,
}

impl ConnectionFailure {
    /// Classifies an error of the HTTP client. The URL inside the error is dropped.
    pub fn classify(error: &reqwest::Error, host: SafeText) -> Self {
        let connecting = error.is_connect();
        let reason = reason_of(error, connecting);
        let detail = innermost(error);
        Self { reason, host, detail, may_have_arrived: !connecting && !error.is_builder() }
    }

    /// An answer that was cut off because it is longer than `limit` bytes.
    pub fn too_large(host: SafeText, limit: usize) -> Self {
        let detail = SafeText::new(&format!("more than {} MB", limit / 1_000_000));
        Self { reason: ConnectionReason::TooLarge, host, detail, may_have_arrived: true }
    }

    /// The same failure, on a machine that trusts no authority at all.
    #[must_use]
    pub fn without_authorities(mut self) -> Self {
        if self.reason == ConnectionReason::UnknownAuthority {
            self.reason = ConnectionReason::NoAuthorities;
        }
        self
    }

    /// Whether the server may have received the request. Certainly not where no connection came about.
    pub const fn may_have_arrived(&self) -> bool {
        self.may_have_arrived
    }

    /// Whether asking again soon can help: nothing listened for a moment, or the connection broke.
    pub const fn is_passing(&self) -> bool {
        matches!(self.reason, ConnectionReason::Refused | ConnectionReason::Broken)
    }

    /// Why, in a sentence.
    pub fn why(&self) -> SafeText {
        let host = &self.host;
        SafeText::new(&match self.reason {
            ConnectionReason::UnknownName => {
                format!("The name of {host} cannot be resolved: DNS knows no address for it.")
            }
            ConnectionReason::Refused => {
                format!("{host} refused the connection: nothing listens on that port.")
            }
            ConnectionReason::Unreachable => {
                format!("{host} cannot be reached from this network ({}).", self.detail)
            }
            ConnectionReason::ConnectTimeout => format!("{host} did not accept a connection in time."),
            ConnectionReason::AnswerTimeout => {
                format!("{host} accepted the connection but did not answer in time.")
            }
            ConnectionReason::UnknownAuthority => {
                format!(
                    "The TLS certificate of {host} is signed by an authority that this machine does not trust (unknown CA)."
                )
            }
            ConnectionReason::NoAuthorities => {
                format!(
                    "The TLS certificate of {host} cannot be checked: this machine has no CA certificates."
                )
            }
            ConnectionReason::CertificateExpired => {
                format!("The TLS certificate of {host} has expired ({}).", self.detail)
            }
            ConnectionReason::CertificateNotYetValid => {
                format!("The TLS certificate of {host} is not valid yet ({}).", self.detail)
            }
            ConnectionReason::WrongName => {
                format!("The TLS certificate of {host} belongs to another host name ({}).", self.detail)
            }
            ConnectionReason::Tls => format!("No TLS connection with {host} came about ({}).", self.detail),
            ConnectionReason::Proxy => {
                format!("The proxy did not open a connection to {host} ({}).", self.detail)
            }
            ConnectionReason::Broken => {
                format!("{host} closed the connection before its answer was complete.")
            }
            ConnectionReason::TooLarge => {
                format!("The answer of {host} is too large to be true ({}).", self.detail)
            }
            ConnectionReason::Garbled => {
                format!("The answer of {host} could not be unpacked ({}).", self.detail)
            }
        })
    }

    /// What to do next.
    pub const fn fix(&self) -> &'static str {
        match self.reason {
            ConnectionReason::UnknownName => {
                "Check the host name in the URL for typing errors, and that DNS or the VPN works."
            }
            ConnectionReason::Refused => "Check host and port in the URL, and that the server runs.",
            ConnectionReason::Unreachable => {
                "Check the network, the VPN and firewalls, and the host in the URL."
            }
            ConnectionReason::ConnectTimeout => {
                "Check host and port in the URL, VPN and firewalls; if only a proxy leads out, set HTTPS_PROXY."
            }
            ConnectionReason::AnswerTimeout => {
                "Try again; if it stays so, look at the load of the server and its database."
            }
            ConnectionReason::UnknownAuthority => {
                "If your organization has its own CA, give its certificate as PEM with --ca-file or ca_file in the profile."
            }
            ConnectionReason::NoAuthorities => {
                "Install the CA certificates of the system (package ca-certificates), or give a PEM file with --ca-file."
            }
            ConnectionReason::CertificateExpired => {
                "Renew the certificate of the server; if it is still valid, set the clock of this machine."
            }
            ConnectionReason::CertificateNotYetValid => {
                "Set the clock of this machine, or replace the certificate of the server."
            }
            ConnectionReason::WrongName => {
                "Use the host name that the certificate is made for, or have a certificate made for this one."
            }
            ConnectionReason::Tls => {
                "Check that the port speaks TLS (a plain http port does not) and offers TLS 1.2 or newer."
            }
            ConnectionReason::Proxy => {
                "Check HTTPS_PROXY (address, user and password), and put the host into NO_PROXY if it is reached directly."
            }
            ConnectionReason::Broken => {
                "Try again; if it stays so, look at the server and the proxies before it."
            }
            ConnectionReason::TooLarge => "Check that the URL is the one of a ZITADEL server.",
            ConnectionReason::Garbled => "Look at the proxies between this machine and the server.",
        }
    }

    /// The problem to show.
    pub fn problem(&self, what: impl Into<SafeText>) -> Problem {
        let kind = match self.reason {
            ConnectionReason::TooLarge | ConnectionReason::Garbled => ProblemKind::Server,
            _ => ProblemKind::Network,
        };
        Problem::new(kind, what, self.why(), self.fix())
    }
}

impl fmt::Display for ConnectionFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why().as_str())
    }
}

impl Error for ConnectionFailure {}

fn reason_of(error: &reqwest::Error, connecting: bool) -> ConnectionReason {
    if sources(error).any(|source| source.to_string().starts_with("tunnel error")) {
        return ConnectionReason::Proxy;
    }
    if error.is_dns() {
        return ConnectionReason::UnknownName;
    }
    if let Some(reason) = sources(error).find_map(tls_reason) {
        return reason;
    }
    if error.is_timeout() {
        return if connecting { ConnectionReason::ConnectTimeout } else { ConnectionReason::AnswerTimeout };
    }
    if connecting {
        return sources(error).find_map(|source| source.downcast_ref::<io::Error>()).map_or(
            ConnectionReason::Unreachable,
            |source| match source.kind() {
                io::ErrorKind::ConnectionRefused => ConnectionReason::Refused,
                io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => ConnectionReason::Broken,
                io::ErrorKind::UnexpectedEof => ConnectionReason::Tls,
                _ => ConnectionReason::Unreachable,
            },
        );
    }
    let garbled = error.is_decode() && !sources(error).any(<dyn Error>::is::<hyper::Error>);
    if garbled { ConnectionReason::Garbled } else { ConnectionReason::Broken }
}

fn tls_reason(source: &(dyn Error + 'static)) -> Option<ConnectionReason> {
    use rustls::CertificateError as Certificate;

    let error = source.downcast_ref::<rustls::Error>()?;
    Some(match error {
        rustls::Error::InvalidCertificate(Certificate::UnknownIssuer) => ConnectionReason::UnknownAuthority,
        rustls::Error::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => {
            ConnectionReason::CertificateExpired
        }
        rustls::Error::InvalidCertificate(
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. },
        ) => ConnectionReason::CertificateNotYetValid,
        rustls::Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        ) => ConnectionReason::WrongName,
        _ => ConnectionReason::Tls,
    })
}

/// From the outside in. An I/O error leaves out of `source()` what it wraps.
fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |source: &&'a (dyn Error + 'static)| {
        match (*source).downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => (*source).source(),
        }
    })
}

/// The outer errors repeat the URL, which the operator knows.
fn innermost(error: &reqwest::Error) -> SafeText {
    sources(error).last().map(|source| SafeText::new(&source.to_string())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_reason_has_a_text_and_a_fix_of_its_own() {
        let reasons = [
            ConnectionReason::UnknownName,
            ConnectionReason::Refused,
            ConnectionReason::Unreachable,
            ConnectionReason::ConnectTimeout,
            ConnectionReason::AnswerTimeout,
            ConnectionReason::UnknownAuthority,
            ConnectionReason::NoAuthorities,
            ConnectionReason::CertificateExpired,
            ConnectionReason::CertificateNotYetValid,
            ConnectionReason::WrongName,
            ConnectionReason::Tls,
            ConnectionReason::Proxy,
            ConnectionReason::Broken,
            ConnectionReason::TooLarge,
            ConnectionReason::Garbled,
        ];
        let failures = reasons.map(|reason| ConnectionFailure {
            reason,
            host: SafeText::new("auth.example.com"),
            detail: SafeText::new("detail"),
            may_have_arrived: false,
        });
        let whys: BTreeSet<_> = failures.iter().map(ConnectionFailure::why).collect();
        let fixes: BTreeSet<_> = failures.iter().map(ConnectionFailure::fix).collect();
        assert_eq!((whys.len(), fixes.len()), (reasons.len(), reasons.len()));
        assert!(whys.iter().all(|why| why.as_str().contains("auth.example.com")));
    }
}
