//! Signing in: address, credential, discovery, token; then who we are and what the server can do.

use std::path::PathBuf;

use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

use crate::api::discovery::Discovery;
use crate::api::transport::Transport;
use crate::auth::address::base_address;
use crate::auth::http::{HttpClient, HttpSettings};
use crate::auth::key_file::KeyFile;
use crate::auth::refusal::SignInRefusal;
use crate::auth::token::{TokenSource, system_clock};
use crate::auth::token_file::{check_token, read_token_file};
use crate::config::profile::{Credential, Profile};
use crate::domain::text::SafeText;

/// A server that has issued a token, or is assumed to have issued the personal access token.
#[derive(Clone, Debug)]
pub struct Connected {
    /// The way to its API.
    pub transport: Transport,
    /// What it says about itself.
    pub discovery: Discovery,
    /// What the operator should know.
    pub notices: Vec<SafeText>,
}

/// Reaches the server of the profile and gets a token.
///
/// # Errors
/// Every reason of [`SignInRefusal`] but a token that the API does not accept.
pub async fn connect(profile: &Profile, settings: HttpSettings) -> Result<Connected, SignInRefusal> {
    let Prepared { base, secret, http } = Prepared::of(profile, settings).await?;
    let discovery = Box::pin(Discovery::fetch(&http, &base)).await?;
    let notices = discovery.notice(&base).into_iter().collect();
    let tokens = match secret {
        Secret::Token(token) => TokenSource::with_personal_token(&token)?,
        Secret::Key(key) => {
            let (issuer, endpoint) = (discovery.issuer.clone(), discovery.token_endpoint.clone());
            TokenSource::with_key(http.clone(), *key, issuer, endpoint, system_clock())
        }
    };
    tokens.bearer().await?;
    Ok(Connected { transport: Transport::new(http, base, tokens), discovery, notices })
}

/// What signing in needs before the first request.
pub(super) struct Prepared {
    pub(super) base: Url,
    pub(super) secret: Secret,
    pub(super) http: HttpClient,
}

impl Prepared {
    pub(super) async fn of(profile: &Profile, settings: HttpSettings) -> Result<Self, SignInRefusal> {
        let base = base_address(&profile.url)?;
        let settings = HttpSettings { ca_file: profile.ca_file.clone().or(settings.ca_file), ..settings };
        let (secret, http) = futures_util::future::try_join(
            Secret::read(&profile.credential),
            HttpClient::build(&settings, &base),
        )
        .await?;
        Ok(Self { base, secret, http })
    }
}

pub(super) enum Secret {
    Key(Box<KeyFile>),
    Token(SecretString),
}

impl Secret {
    /// Files are read on a thread of their own: a network folder that hangs must not stop the screen.
    pub(super) async fn read(credential: &Credential) -> Result<Self, SignInRefusal> {
        match credential.clone() {
            Credential::Token(token) => check_token(&token).map(Self::Token),
            Credential::KeyFile(path) => {
                aside(path, |path| KeyFile::read(path, Timestamp::now()).map(Box::new).map(Self::Key)).await
            }
            Credential::TokenFile(path) => aside(path, |path| read_token_file(path).map(Self::Token)).await,
        }
    }
}

async fn aside(
    path: PathBuf,
    read: fn(&std::path::Path) -> Result<Secret, SignInRefusal>,
) -> Result<Secret, SignInRefusal> {
    let read = tokio::task::spawn_blocking(move || read(&path)).await;
    read.unwrap_or_else(|error| Err(SignInRefusal::NoClient { detail: SafeText::new(&error.to_string()) }))
}
