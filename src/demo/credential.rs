//! Keys, personal access tokens and access tokens, and the checks of an assertion (CONTRACT.md section 2).

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use super::StartError;
use super::store::Store;
use super::world::UserState;

/// The scope without which a token is refused by every API.
const AUDIENCE_SCOPE: &str = "urn:zitadel:iam:org:project:id:zitadel:aud";

const KEY_FILE: &str = include_str!("../../assets/demo/throw-away-key.pem");
const BEGIN: &str = "-----BEGIN RSA PRIVATE KEY-----";
const END: &str = "-----END RSA PRIVATE KEY-----";

/// Everything that opens this instance.
pub(super) struct Credentials {
    random: SystemRandom,
    public_key: Vec<u8>,
    private_key: String,
    /// Key id → user id.
    keys: HashMap<String, String>,
    tokens: HashMap<String, Token>,
    /// Login name → personal access token.
    pats: BTreeMap<String, String>,
    next_key: u64,
}

/// What a token stands for.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    /// Personal access tokens never expire and open everything.
    pub(super) personal: bool,
    expires: Option<Instant>,
}

impl Token {
    /// Whether APIs accept it, and not only userinfo.
    pub(super) fn opens_apis(&self) -> bool {
        self.personal || self.scopes.iter().any(|scope| scope == AUDIENCE_SCOPE)
    }
}

/// Why an assertion is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rejection {
    /// Everything that is wrong with the assertion itself; the server does not say what.
    Assertion,
    /// The user is deactivated or locked.
    Inactive,
}

impl Credentials {
    /// No keys yet, only the pair that all keys of a demo share.
    pub(super) fn new() -> Result<Self, StartError> {
        let pem = KEY_FILE.find(BEGIN).and_then(|at| KEY_FILE.get(at..)).unwrap_or_default().trim();
        let encoded: String =
            pem.trim_start_matches(BEGIN).trim_end_matches(END).split_whitespace().collect();
        let der = STANDARD.decode(encoded).ok().ok_or(StartError::Key)?;
        let pair = RsaKeyPair::from_der(&der).ok().ok_or(StartError::Key)?;
        Ok(Self {
            random: SystemRandom::new(),
            public_key: pair.public_key().as_ref().to_vec(),
            private_key: format!("{pem}\n"),
            keys: HashMap::new(),
            tokens: HashMap::new(),
            pats: BTreeMap::new(),
            next_key: 500_000_000_000_000_001,
        })
    }

    /// Makes a key of a service user; returns the key file.
    pub(super) fn issue_key(&mut self, user: &str) -> String {
        let key_id = self.next_key.to_string();
        self.next_key += 1;
        self.keys.insert(key_id.clone(), user.to_owned());
        json!({
            "type": "serviceaccount", "keyId": key_id, "key": self.private_key,
            "expirationDate": "9999-12-31T23:59:59Z", "userId": user
        })
        .to_string()
    }

    /// The keys that were made for a user, oldest first.
    pub(super) fn keys_of(&self, user: &str) -> impl Iterator<Item = &str> {
        let mut ids: Vec<&str> =
            self.keys.iter().filter(|(_, owner)| *owner == user).map(|(id, _)| id.as_str()).collect();
        ids.sort_unstable();
        ids.into_iter()
    }

    /// Removes a key; tokens made with it live on.
    pub(super) fn remove_key(&mut self, key_id: &str) {
        self.keys.remove(key_id);
    }

    /// Makes a personal access token.
    pub(super) fn issue_pat(&mut self, user: &str, login: &str) -> Result<String, StartError> {
        let secret = self.secret()?;
        let token = Token { user: user.to_owned(), scopes: Vec::new(), personal: true, expires: None };
        self.tokens.insert(secret.clone(), token);
        self.pats.insert(login.to_owned(), secret.clone());
        Ok(secret)
    }

    /// Login name → personal access token.
    pub(super) const fn pats(&self) -> &BTreeMap<String, String> {
        &self.pats
    }

    /// Refuses every access token issued so far; personal access tokens stay.
    pub(super) fn expire_tokens(&mut self) {
        self.tokens.retain(|_, token| token.personal);
    }

    /// What this token stands for, while it is valid.
    pub(super) fn token(&self, secret: &str) -> Option<&Token> {
        self.tokens.get(secret).filter(|token| token.expires.is_none_or(|end| Instant::now() < end))
    }

    /// Makes an access token.
    pub(super) fn issue_token(
        &mut self,
        user: &str,
        scopes: Vec<String>,
        lifetime: Duration,
    ) -> Result<String, StartError> {
        let secret = self.secret()?;
        let expires = Some(Instant::now() + lifetime);
        self.tokens.insert(secret.clone(), Token { user: user.to_owned(), scopes, personal: false, expires });
        Ok(secret)
    }

    /// An id token. Nobody may build on it, so its signature is noise.
    pub(super) fn id_token(&self, issuer: &str, user: &str, now: i64) -> Result<String, StartError> {
        let header = URL_SAFE_NO_PAD.encode(json!({"alg": "RS256", "typ": "JWT"}).to_string());
        let claims = json!({"iss": issuer, "sub": user, "iat": now, "exp": now + 43_199, "aud": [user]});
        Ok(format!("{header}.{}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()), self.secret()?))
    }

    fn secret(&self) -> Result<String, StartError> {
        let mut bytes = [0_u8; 48];
        self.random.fill(&mut bytes).ok().ok_or(StartError::Random)?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The user whom an assertion proves. `now` is the server's clock in seconds.
    ///
    /// # Errors
    /// The measured rules of CONTRACT.md section 2.2, recordings `auth/token-…`.
    pub(super) fn verify(
        &self,
        assertion: &str,
        issuer: &str,
        now: i64,
        store: &Store,
    ) -> Result<String, Rejection> {
        let (signed, signature) = assertion.rsplit_once('.').ok_or(Rejection::Assertion)?;
        let (header, claims) = signed.split_once('.').ok_or(Rejection::Assertion)?;
        let (header, claims) = (decode(header)?, decode(claims)?);
        let signature = URL_SAFE_NO_PAD.decode(signature).ok().ok_or(Rejection::Assertion)?;
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let key_id = text(&header, "kid").ok_or(Rejection::Assertion)?;
        let user = self.keys.get(&key_id).ok_or(Rejection::Assertion)?;
        let mine = |name: &str| text(&claims, name).as_deref() == Some(user.as_str());
        let audience = match claims.get("aud") {
            Some(Value::Array(list)) => list.iter().any(|one| one == issuer),
            Some(one) => one == issuer,
            None => false,
        };
        let number = |name: &str| claims.get(name).and_then(Value::as_f64).ok_or(Rejection::Assertion);
        let (now, made, expires) = (seconds(now), number("iat")?, number("exp")?);
        let timely = made <= now + 2.0 && made >= now - 3600.0 && expires > now + 1.0;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public_key);
        let genuine = text(&header, "alg").as_deref() == Some("RS256")
            && key.verify(signed.as_bytes(), &signature).is_ok();
        if !(mine("iss") && mine("sub") && audience && timely && genuine) {
            return Err(Rejection::Assertion);
        }
        match store.user_state(user) {
            Some(UserState::Active | UserState::Initial) => Ok(user.clone()),
            Some(UserState::Inactive | UserState::Locked) => Err(Rejection::Inactive),
            Some(UserState::Removed) | None => Err(Rejection::Assertion),
        }
    }
}

fn decode(part: &str) -> Result<Value, Rejection> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok().ok_or(Rejection::Assertion)?;
    serde_json::from_slice(&bytes).ok().ok_or(Rejection::Assertion)
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^52")]
const fn seconds(whole: i64) -> f64 {
    whole as f64
}

/// The clock of the instance, in seconds since 1970.
pub(super) fn clock(offset: i64) -> i64 {
    Timestamp::now().as_second() + offset
}
