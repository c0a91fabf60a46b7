//! The certificates that a server shows, read without judging them: a certificate that nobody trusts or that has
//! expired is exactly the one to be told about. Nothing is ever sent over such a connection.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};
use tokio::net::TcpStream;

use crate::domain::text::SafeText;

/// What a person wants to know of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Certificate {
    pub(super) subject: SafeText,
    pub(super) issuer: SafeText,
    pub(super) ends: Timestamp,
}

/// The chain as the server sends it, its own certificate first.
pub(super) async fn chain(
    host: &str,
    stream: TcpStream,
    patience: Duration,
) -> Result<Vec<Certificate>, String> {
    let host = host.to_owned();
    let stream = stream.into_std().map_err(|error| error.to_string())?;
    let work = move || shake_hands(&host, stream, patience).map_err(|error| error.to_string());
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(error.to_string()))
}

fn shake_hands(
    host: &str,
    mut stream: std::net::TcpStream,
    patience: Duration,
) -> io::Result<Vec<Certificate>> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(OnLooker(provider)))
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    while connection.is_handshaking() {
        connection.complete_io(&mut Both(&mut stream))?;
    }
    let shown = connection.peer_certificates().unwrap_or_default();
    Ok(shown.iter().filter_map(|certificate| read(certificate)).collect())
}

/// A stream as rustls wants it.
struct Both<'a>(&'a mut std::net::TcpStream);

impl Read for Both<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Both<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Lets every certificate pass, for looking at it.
#[derive(Debug)]
struct OnLooker(Arc<CryptoProvider>);

impl ServerCertVerifier for OnLooker {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// The few fields of a certificate that matter here (RFC 5280 section 4.1); none if it is no certificate.
fn read(der: &[u8]) -> Option<Certificate> {
    let (_, certificate, _) = element(der)?;
    let (_, body, _) = element(certificate)?;
    let mut rest = body;
    if body.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // The serial number and the algorithm of the signature.
    rest = element(rest)?.2;
    rest = element(rest)?.2;
    let (_, issuer, rest) = element(rest)?;
    let (_, validity, rest) = element(rest)?;
    let (_, subject, _) = element(rest)?;
    let after_begin = element(validity)?.2;
    let (kind, end, _) = element(after_begin)?;
    Some(Certificate { subject: name(subject), issuer: name(issuer), ends: time(kind, end)? })
}

const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];

/// Tag, content and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        (bytes.iter().try_fold(0_usize, |sum, byte| Some(sum.checked_mul(256)? + usize::from(*byte)))?, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// The common name, else the organization; a certificate for names only has neither.
fn name(relative_names: &[u8]) -> SafeText {
    let mut found = [None, None];
    let mut rest = relative_names;
    while let Some((_, set, after)) = element(rest) {
        rest = after;
        let Some((_, pair, _)) = element(set) else { continue };
        let Some((_, kind, value)) = element(pair) else { continue };
        let Some((_, text, _)) = element(value) else { continue };
        let [common, organization] = &mut found;
        let place = match kind {
            COMMON_NAME => common,
            ORGANIZATION => organization,
            _ => continue,
        };
        *place = Some(String::from_utf8_lossy(text).into_owned());
    }
    let [common, organization] = found;
    SafeText::new(&common.or(organization).unwrap_or_else(|| "(no name)".to_owned()))
}

fn time(kind: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    let text = match kind {
        // Two digits of the year: 50 to 99 are of the last century (RFC 5280 section 4.1.2.5.1).
        UTC_TIME if text.as_bytes().first()? >= &b'5' => format!("19{text}"),
        UTC_TIME => format!("20{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let civil = DateTime::strptime("%Y%m%d%H%M%SZ", &text).ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn made(year: i32) -> Vec<u8> {
        let mut parameters =
            rcgen::CertificateParams::new(vec!["auth.example.com".to_owned()]).expect("names");
        parameters.distinguished_name = rcgen::DistinguishedName::new();
        parameters.distinguished_name.push(rcgen::DnType::OrganizationName, "Example Ltd");
        parameters.distinguished_name.push(rcgen::DnType::CommonName, "auth.example.com");
        parameters.not_after = rcgen::date_time_ymd(year, 3, 4);
        let key = rcgen::KeyPair::generate().expect("a key");
        parameters.self_signed(&key).expect("a certificate").der().to_vec()
    }

    #[rstest]
    #[case::utc_time(2031)]
    #[case::generalized_time(2055)]
    fn tells_names_and_end(#[case] year: i32) {
        let read = read(&made(year)).expect("a certificate");
        assert_eq!(read.subject.as_str(), "auth.example.com");
        assert_eq!(read.issuer.as_str(), "auth.example.com");
        assert_eq!(read.ends.to_string(), format!("{year}-03-04T00:00:00Z"));
    }

    proptest! {
        #[test]
        fn whatever_a_server_sends_is_no_reason_to_fall_over(cut in 0_usize..600, at in 0_usize..600, byte: u8) {
            let mut der = made(2031);
            if let Some(place) = der.get_mut(at) {
                *place = byte;
            }
            der.truncate(cut);
            let _may_be_none = read(&der);
        }
    }
}
