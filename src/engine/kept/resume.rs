//! Signing in with as few requests as the kept sign-in allows.

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::super::findings::{Findings, own_memberships};
use super::super::session::{self, Inner};
use super::super::sign_in::{Prepared, Secret};
use super::super::{Session, sign_in};
use super::{Keeper, Shelf};
use crate::api::client::Client;
use crate::api::discovery::Discovery;
use crate::api::transport::Transport;
use crate::auth::http::{HttpClient, HttpSettings};
use crate::auth::key_file::KeyFile;
use crate::auth::token::{TokenKeeper, TokenSource, system_clock};
use crate::config::paths::Paths;
use crate::config::profile::{Credential, Profile};
use crate::domain::problem::Problem;
use crate::domain::text::SafeText;

/// How long the own memberships count as known to a command that only reads, in seconds.
const MEMBERSHIPS_FOR_SECONDS: i64 = 300;

/// How much of what was found out earlier a command may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// All of it for a while: the command only reads, and the server judges each request anyway.
    Reading,
    /// The own memberships are read again: guards and advice before a write depend on them.
    Writing,
    /// Who we are is itself the answer.
    Identity,
}

/// Signs in for a command: with the kept sign-in where there is one, else as [`sign_in`] does, and keeps it then.
/// Personal access tokens and profiles without a token cache keep nothing.
///
/// # Errors
/// As [`sign_in`].
pub async fn resume(profile: &Profile, paths: &Paths, freshness: Freshness) -> Result<Session, Problem> {
    if !profile.token_cache || !matches!(profile.credential, Credential::KeyFile(_)) {
        return sign_in(profile, paths).await;
    }
    let prepared = Prepared::of(profile, HttpSettings::default()).await;
    let Prepared { base, secret, http } = prepared.map_err(|refusal| refusal.problem())?;
    let Secret::Key(key) = secret else { return sign_in(profile, paths).await };
    let shelf = Arc::new(Shelf::new(paths, &base, &key));
    let opening = connect(&shelf, base, *key, http).await?;
    let known = shelf.look(super::Record::findings);
    let findings = match known {
        None => Findings::ask(&opening.client, false).await?,
        Some((known, read)) => refresh(known, read, freshness, &opening.client).await?,
    };
    let (kept, read) = shelf.look(super::Record::findings).unzip();
    let read_now = freshness != Freshness::Reading
        || read.is_none_or(|read| !is_fresh(read))
        || kept.as_ref() != Some(&findings);
    if read_now {
        shelf.change(|record| record.take_findings(&findings, Timestamp::now()));
    }
    let inner = Inner::with(opening, findings, profile, paths)?;
    Ok(Session { inner: Arc::new(inner) })
}

/// What is known, with that part read again which the command must not take from before. Where the memberships have
/// changed, the rest may have too.
async fn refresh(
    known: Findings,
    read: Timestamp,
    freshness: Freshness,
    client: &Client,
) -> Result<Findings, Problem> {
    match freshness {
        Freshness::Identity => known.ask_identity(client).await,
        Freshness::Reading if is_fresh(read) => Ok(known),
        Freshness::Reading | Freshness::Writing => {
            let memberships = own_memberships(client).await?;
            if memberships == known.memberships { Ok(known) } else { Findings::ask(client, false).await }
        }
    }
}

/// A time ahead of now means a clock that was set back.
fn is_fresh(read: Timestamp) -> bool {
    (0..MEMBERSHIPS_FOR_SECONDS).contains(&(Timestamp::now().as_second() - read.as_second()))
}

/// With the kept token, else with a new one. Of several processes at once one asks, the others take what it has kept.
async fn connect(
    shelf: &Arc<Shelf>,
    base: Url,
    key: KeyFile,
    http: HttpClient,
) -> Result<session::Opening, Problem> {
    let mut lock = None;
    let mut kept = shelf.recall(Timestamp::now());
    if !kept {
        lock = shelf.lock().await;
        kept = lock.is_some() && shelf.recall(Timestamp::now());
    }
    let discovery = if let Some(discovery) = shelf.look(super::Record::discovery).filter(|_| kept) {
        discovery
    } else {
        let found = Box::pin(Discovery::fetch(&http, &base)).await;
        let found = found.map_err(|refusal| refusal.problem())?;
        shelf.change(|record| record.take_discovery(&found));
        found
    };
    let token = shelf.look(super::Record::kept_token).filter(|_| kept);
    let keeper: Arc<dyn TokenKeeper> = Arc::new(Keeper(Arc::clone(shelf)));
    let source = (discovery.issuer.clone(), discovery.token_endpoint.clone());
    let tokens = TokenSource::with_kept(http.clone(), key, source, system_clock(), token.as_ref(), keeper);
    tokens.bearer().await.map_err(|refusal| refusal.problem())?;
    drop(lock);
    Ok(session::Opening {
        personal_token: false,
        token_expires: tokens.expires().await,
        issuer: SafeText::new(&discovery.issuer),
        notices: discovery.notice(&base).into_iter().collect(),
        client: Client::new(Transport::new(http, base, tokens)),
    })
}
