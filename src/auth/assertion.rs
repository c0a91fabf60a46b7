//! The signed statement that is exchanged for a token (RFC 7523), hardened as RFC 8725 asks: the algorithm is fixed
//! here, never taken from a file or a server.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use serde::Serialize;
use zeroize::Zeroizing;

use super::key_file::KeyFile;
use super::refusal::SignInRefusal;

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
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
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
        let random = SystemRandom::new();
        let mut jti = [0; 16];
        random.fill(&mut jti).map_err(|ring::error::Unspecified| unusable())?;
        let iat = now.as_second() - BACK_DATED_SECONDS;
        let header = Header { alg: "RS256", typ: "JWT", kid: key.key_id() };
        let claims = Claims {
            iss: key.user_id(),
            sub: key.user_id(),
            aud: issuer,
            iat,
            exp: iat + LIFETIME_SECONDS,
            jti: &URL_SAFE_NO_PAD.encode(jti),
        };
        let pair: KeyPair = key.pair()?;
        let mut signature = vec![0; pair.public().modulus_len()];
        let mut signed = Zeroizing::new(format!("{}.{}", encoded(&header), encoded(&claims)));
        pair.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature)
            .map_err(|ring::error::Unspecified| unusable())?;
        signed.push('.');
        URL_SAFE_NO_PAD.encode_string(&signature, &mut signed);
        Ok(Self(signed))
    }

    /// The compact form, for the body of the token request only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Structs of texts and numbers always serialize.
fn encoded(part: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).unwrap_or_default())
}
