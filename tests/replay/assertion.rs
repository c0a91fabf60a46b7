//! Builds the assertions that the recordings only describe, such as `<exp 10 s ago>`: real ones, really signed.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

/// A service user's key as the key file holds it.
pub(crate) struct Key {
    pub(crate) id: String,
    user: String,
    pair: RsaKeyPair,
}

impl Key {
    /// Reads the JSON of a key file.
    pub(crate) fn read(file: &str) -> Self {
        let file: Value = serde_json::from_str(file).unwrap();
        let text =
            |name: &str| file[name].as_str().unwrap_or_else(|| panic!("key file without {name}")).to_owned();
        let base64: String = text("key").lines().filter(|line| !line.starts_with("-----")).collect();
        let pair = RsaKeyPair::from_der(&STANDARD.decode(base64).unwrap()).unwrap();
        Self { id: text("keyId"), user: text("userId"), pair }
    }

    fn sign(&self, kid: &str, claims: &Value) -> String {
        let header = json!({"alg": "RS256", "kid": kid});
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The assertion that `description` (a recorded placeholder) stands for. `other_user` is any other user's id.
    pub(crate) fn assertion(&self, description: &str, issuer: &str, other_user: &str) -> String {
        let now = jiff::Timestamp::now().as_second();
        let mut claims = json!({
            "iss": self.user, "sub": self.user, "aud": issuer, "iat": now - 30, "exp": now + 300,
        });
        let mut kid = self.id.as_str();
        match description {
            "<exp 10 s ago>" => claims["exp"] = json!(now - 10),
            "<iat 2 h ago>" => claims["iat"] = json!(now - 7200),
            "<iat 60 s ahead>" => claims["iat"] = json!(now + 60),
            "<aud https://other.example>" => claims["aud"] = json!("https://other.example"),
            "<aud issuer + \"/\">" => claims["aud"] = json!(format!("{issuer}/")),
            "<aud [issuer]>" => claims["aud"] = json!([issuer]),
            "<unknown kid>" => kid = "123456789012345678",
            "<iss, sub of another user>" => {
                claims["iss"] = json!(other_user);
                claims["sub"] = json!(other_user);
            }
            "<sub of another user>" => claims["sub"] = json!(other_user),
            "<signed with an application key>" => {
                kid = "700000000000000002";
                claims["iss"] = json!("700000000000000001");
                claims["sub"] = json!("700000000000000001");
            }
            "<signature broken>" => return break_signature(&self.sign(kid, &claims)),
            "not-a-jwt" => return description.to_owned(),
            description if description.starts_with("<valid") || description == "<key removed>" => {}
            description => panic!("nobody knows how to build the assertion {description}"),
        }
        self.sign(kid, &claims)
    }
}

fn break_signature(assertion: &str) -> String {
    let (message, signature) = assertion.rsplit_once('.').unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bytes[0] ^= 1;
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(bytes))
}
