//! The key file of a service user, as the console hands it out (CONTRACT.md section 2).

use std::fmt;
use std::path::Path;

use jiff::Timestamp;
use jsonwebtoken::EncodingKey;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;
use zeroize::Zeroize;

use super::refusal::{FileFailure, SecretFile, SignInRefusal};
use super::secret_file::{self, SecretText};
use super::signer;
use crate::domain::text::SafeText;

/// A key that can sign assertions. `Debug` shows the path and the ids only.
#[derive(Clone)]
pub struct KeyFile {
    path: SafeText,
    key_id: String,
    user_id: String,
    expires: Option<Timestamp>,
    private: EncodingKey,
}

/// Fields are optional, so that a missing one is told by name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    #[serde(rename = "type")]
    kind: Option<String>,
    key_id: Option<String>,
    key: Option<SecretText>,
    expiration_date: Option<serde_json::Value>,
    user_id: Option<String>,
}

impl KeyFile {
    /// Reads and checks the file; `now` judges its expiry date.
    ///
    /// # Errors
    /// Everything that [`FileFailure`] lists for key files.
    pub fn read(path: &Path, now: Timestamp) -> Result<Self, SignInRefusal> {
        let shown = SafeText::new(&path.to_string_lossy());
        let refuse = |failure| SignInRefusal::File { file: SecretFile::Key, path: shown.clone(), failure };
        let content = secret_file::read(path).map_err(refuse)?;
        Self::parse(&content, shown.clone(), now).map_err(refuse)
    }

    fn parse(content: &[u8], path: SafeText, now: Timestamp) -> Result<Self, FileFailure> {
        let content = strip_byte_order_mark(content);
        if content.trim_ascii_start().starts_with(b"-----BEGIN") {
            return Err(FileFailure::BarePem);
        }
        let content: Content = serde_json::from_slice(content)
            .map_err(|error| FileFailure::NotJson { line: error.line(), column: error.column() })?;
        match content.kind.as_deref() {
            Some("application") => return Err(FileFailure::ApplicationKey),
            Some("serviceaccount") | None => {}
            Some(other) => return Err(FileFailure::UnknownType { kind: SafeText::new(other) }),
        }
        let expires = content.expiration_date.as_ref().and_then(expiry);
        let key_id = required(content.key_id, "keyId")?;
        let user_id = required(content.user_id, "userId")?;
        let pem = content
            .key
            .filter(|key| !key.0.trim().is_empty())
            .ok_or(FileFailure::Incomplete { field: "key" })?;
        let private = from_pem(&pem.0)?;
        match expires {
            Some(at) if at <= now => Err(FileFailure::Expired { at }),
            _ => Ok(Self { path, key_id, user_id, expires, private }),
        }
    }

    /// The id of the key at the server.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The service user it belongs to.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// When the key ends; none for never, for an old file that does not say, and for a date nobody can read.
    pub const fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// A refusal that names this file.
    pub(super) fn refuse(&self, failure: FileFailure) -> SignInRefusal {
        SignInRefusal::File { file: SecretFile::Key, path: self.path.clone(), failure }
    }

    /// The key that signs; wiped when dropped.
    pub(super) const fn private(&self) -> &EncodingKey {
        &self.private
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile")
            .field("path", &self.path)
            .field("key_id", &self.key_id)
            .field("user_id", &self.user_id)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Both forms of PEM: PKCS#1, which ZITADEL issues, and PKCS#8, which other tools make of it.
fn from_pem(pem: &str) -> Result<EncodingKey, FileFailure> {
    let mut der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_error| FileFailure::NotPem)?;
    let key = match &der {
        PrivateKeyDer::Pkcs1(_) | PrivateKeyDer::Pkcs8(_) => EncodingKey::from_rsa_der(der.secret_der()),
        _ => return Err(FileFailure::NotRsa),
    };
    der.zeroize();
    signer::pair(&key).map(|_usable| key).ok_or(FileFailure::NotRsa)
}

/// `9999-12-31` means never. What cannot be read is left for the server to judge.
fn expiry(value: &serde_json::Value) -> Option<Timestamp> {
    let text = value.as_str()?.trim();
    if text.starts_with("9999-") {
        return None;
    }
    text.parse::<Timestamp>().ok()
}

fn required(value: Option<String>, field: &'static str) -> Result<String, FileFailure> {
    value.filter(|value| !value.trim().is_empty()).ok_or(FileFailure::Incomplete { field })
}

fn strip_byte_order_mark(content: &[u8]) -> &[u8] {
    content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    const PKCS1: &str = include_str!("../../assets/demo/throw-away-key.pem");
    const PKCS8: &str = include_str!("../../tests/sign_in/throw-away-key.pkcs8.pem");

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().expect("a time")
    }

    fn good() -> Value {
        json!({
            "type": "serviceaccount", "keyId": "500000000000000001", "key": PKCS1,
            "expirationDate": "9999-12-31T23:59:59Z", "userId": "200000000000000001"
        })
    }

    fn parsed(content: &str) -> Result<KeyFile, FileFailure> {
        KeyFile::parse(content.as_bytes(), SafeText::new("key.json"), now())
    }

    fn with(field: &str, value: Value) -> Result<KeyFile, FileFailure> {
        let mut content = good();
        content[field] = value;
        parsed(&content.to_string())
    }

    fn without(field: &str) -> Result<KeyFile, FileFailure> {
        let mut content = good();
        content.as_object_mut().expect("an object").remove(field);
        parsed(&content.to_string())
    }

    #[rstest]
    #[case::pkcs1(PKCS1)]
    #[case::pkcs8(PKCS8)]
    fn both_pem_forms_sign(#[case] pem: &str) {
        let key = with("key", json!(pem)).expect("a key");
        assert_eq!(signer::pair(key.private()).expect("it signs").public().modulus_len(), 256);
    }

    #[rstest]
    #[case::never(json!("9999-12-31T23:59:59Z"), None)]
    #[case::null(json!(null), None)]
    #[case::unreadable(json!("next year"), None)]
    #[case::number(json!(12), None)]
    #[case::later(json!("2026-11-24T12:00:01Z"), Some("2026-11-24T12:00:01Z"))]
    #[case::with_offset(json!("2026-11-24T14:00:00+01:00"), Some("2026-11-24T13:00:00Z"))]
    fn dates_that_do_not_hinder(#[case] date: Value, #[case] expires: Option<&str>) {
        let key = with("expirationDate", date).expect("a key");
        assert_eq!(key.expires(), expires.map(|at| at.parse().expect("a time")));
    }

    #[test]
    fn a_date_may_be_absent_and_unknown_fields_are_ignored() {
        assert_eq!(without("expirationDate").expect("a key").expires(), None);
        let key = with("futureField", json!({"a": [1]})).expect("a key");
        assert_eq!((key.key_id(), key.user_id()), ("500000000000000001", "200000000000000001"));
    }

    #[rstest]
    #[case::past(json!("2026-11-24T11:59:59Z"))]
    #[case::now(json!("2026-11-24T12:00:00Z"))]
    fn an_expired_key_is_told_by_its_date(#[case] date: Value) {
        assert!(matches!(with("expirationDate", date), Err(FileFailure::Expired { .. })));
    }

    #[rstest]
    #[case::application(json!("application"), FileFailure::ApplicationKey)]
    #[case::unknown(json!("robot"), FileFailure::UnknownType { kind: SafeText::new("robot") })]
    fn other_types_are_refused(#[case] kind: Value, #[case] failure: FileFailure) {
        assert_eq!(with("type", kind).err(), Some(failure));
    }

    #[rstest]
    #[case("keyId")]
    #[case("userId")]
    #[case("key")]
    fn a_missing_or_empty_field_is_named(#[case] field: &'static str) {
        assert_eq!(without(field).err(), Some(FileFailure::Incomplete { field }));
        assert_eq!(with(field, json!(" ")).err(), Some(FileFailure::Incomplete { field }));
    }

    #[rstest]
    #[case::no_pem("MIIEpAIBAAKCAQEA", FileFailure::NotPem)]
    #[case::public("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n", FileFailure::NotPem)]
    #[case::damaged(
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
        FileFailure::NotRsa
    )]
    fn what_is_no_rsa_key_is_told(#[case] pem: &str, #[case] failure: FileFailure) {
        assert_eq!(with("key", json!(pem)).err(), Some(failure));
    }

    #[test]
    fn a_key_on_another_curve_cannot_sign() {
        let pem = rcgen::KeyPair::generate().expect("a key").serialize_pem();
        assert_eq!(with("key", json!(pem)).err(), Some(FileFailure::NotRsa));
    }

    #[rstest]
    #[case::bare_pem(PKCS8, FileFailure::BarePem)]
    #[case::empty("", FileFailure::NotJson { line: 1, column: 0 })]
    #[case::list("[]", FileFailure::NotJson { line: 1, column: 2 })]
    #[case::broken("{\n \"type\": ,}", FileFailure::NotJson { line: 2, column: 10 })]
    fn other_contents_are_told(#[case] content: &str, #[case] failure: FileFailure) {
        assert_eq!(parsed(content).err(), Some(failure));
    }

    #[test]
    fn a_byte_order_mark_is_no_hindrance() {
        assert!(parsed(&format!("\u{feff}{}", good())).is_ok());
    }
}
