//! The signed statement that is exchanged for a token (RFC 7523), hardened as RFC 8725 asks: the algorithm is fixed
//! here, never taken from a file or a server.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Header};
use ring::rand::{SecureRandom, SystemRandom};
use serde::Serialize;
use zeroize::Zeroizing;

use super::key_file::KeyFile;
use super::refusal::SignInRefusal;
use super::signer;

/// The server rejects an `iat` more than one second ahead of its clock (CONTRACT.md section 2.2).
pub const BACK_DATED_SECONDS: i64 = 30;
/// From `iat` to `exp`.
pub const LIFETIME_SECONDS: i64 = 300;

/// A signed assertion; `Debug` hides it and dropping wipes it.
pub struct Assertion(Zeroizing<String>);

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertion([hidden])")
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: &'a str,
}

impl Assertion {
    /// Signs a new assertion for exactly this issuer. Takes about a millisecond.
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn sign(key: &KeyFile, issuer: &str, now: Timestamp) -> Result<Self, SignInRefusal> {
        let unusable = || key.refuse(super::refusal::FileFailure::NotRsa);
        let mut jti = [0; 16];
        SystemRandom::new().fill(&mut jti).map_err(|ring::error::Unspecified| unusable())?;
        let iat = now.as_second() - BACK_DATED_SECONDS;
        let header = Header { kid: Some(key.key_id().to_owned()), ..Header::new(Algorithm::RS256) };
        let claims = Claims {
            iss: key.user_id(),
            sub: key.user_id(),
            aud: issuer,
            iat,
            exp: iat + LIFETIME_SECONDS,
            jti: &URL_SAFE_NO_PAD.encode(jti),
        };
        signer::install();
        let signed = jsonwebtoken::encode(&header, &claims, key.private());
        signed.map(|text| Self(Zeroizing::new(text))).map_err(|_rejected| unusable())
    }

    /// The compact form, for the body of the token request only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://auth.example.com";

    fn key() -> (tempfile::TempDir, KeyFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key.json");
        let pem = include_str!("../../assets/demo/throw-away-key.pem");
        let content = json!({"type": "serviceaccount", "keyId": "key-1", "key": pem, "userId": "user-1"});
        std::fs::write(&path, content.to_string()).expect("written");
        restrict(&path);
        let key = KeyFile::read(&path, Timestamp::UNIX_EPOCH).expect("a key");
        (folder, key)
    }

    #[cfg(unix)]
    fn restrict(path: &std::path::Path) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("restricted");
    }

    #[cfg(not(unix))]
    fn restrict(_path: &std::path::Path) {}

    fn decoded(part: &str) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
    }

    #[test]
    fn says_what_the_server_demands_and_is_signed_with_the_key() {
        let (_folder, key) = key();
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().expect("a time");
        let assertion = Assertion::sign(&key, ISSUER, now).expect("signed");
        let parts: Vec<&str> = assertion.expose().split('.').collect();
        assert_eq!(parts.len(), 3);
        assert_eq!(decoded(parts[0]), json!({"alg": "RS256", "typ": "JWT", "kid": "key-1"}));

        let mut claims = decoded(parts[1]);
        let jti = claims.as_object_mut().expect("an object").remove("jti").expect("a jti");
        assert_eq!(URL_SAFE_NO_PAD.decode(jti.as_str().expect("text")).expect("base64").len(), 16);
        let iat = now.as_second() - 30;
        assert_eq!(
            claims,
            json!({"iss": "user-1", "sub": "user-1", "aud": ISSUER, "iat": iat, "exp": iat + 300})
        );

        let pair = signer::pair(key.private()).expect("a pair");
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
        let signature = URL_SAFE_NO_PAD.decode(parts[2]).expect("base64");
        public.verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &signature).expect("a good signature");
    }

    #[test]
    fn no_two_are_the_same() {
        let (_folder, key) = key();
        let sign =
            || Assertion::sign(&key, ISSUER, Timestamp::UNIX_EPOCH).expect("signed").expose().to_owned();
        assert_ne!(sign(), sign());
    }
}
