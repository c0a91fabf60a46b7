//! Names of organizations and users for the shell's completion: kept for a short while, asked for only where the server
//! answers at once.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::kept::{Freshness, digest, resume};
use crate::config::paths::Paths;
use crate::config::private_file;
use crate::config::profile::{Credential, Profile};
use crate::domain::link::Named;
use crate::domain::query::{OrganizationQuery, UserPass, UserQuery};

/// Longer than this nobody waits for a Tab key.
const PATIENCE: Duration = Duration::from_millis(300);
/// So long names count as known.
const FRESH_SECONDS: i64 = 120;
/// So long they are better than nothing.
const STALE_SECONDS: i64 = 86_400;
/// How many are offered.
const OFFERED: u32 = 50;

/// One thing that can be named on the command line.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Name {
    /// What to type: unambiguous where possible.
    pub id: String,
    /// How people write it: a primary domain or a login name.
    pub word: String,
    /// Its name.
    pub title: String,
}

#[derive(Deserialize, Serialize)]
struct Known {
    url: Url,
    read: Timestamp,
    names: Vec<Name>,
}

/// What may be meant by the beginning of a word, within 300 ms. Nothing for who has no key file or no token cache: the
/// sign-in alone would take longer; nor for projects, which no server searches over all organizations at once.
pub async fn complete(profile: &Profile, paths: &Paths, kind: Named, begun: &str) -> Vec<Name> {
    let Credential::KeyFile(key_file) = &profile.credential else { return Vec::new() };
    if !profile.token_cache {
        return Vec::new();
    }
    let key_file = key_file.to_string_lossy();
    let plural = if kind == Named::User { "users" } else { "organizations" };
    let name = digest(&[profile.url.as_str(), &key_file, plural, begun]);
    let path = paths.state_folder.join("sessions").join(format!("{name}.names"));
    let known = read(&path);
    let younger = |known: &Known, seconds| {
        (0..seconds).contains(&(Timestamp::now().as_second() - known.read.as_second()))
    };
    if let Some(known) = known.as_ref().filter(|known| younger(known, FRESH_SECONDS)) {
        return known.names.clone();
    }
    if let Ok(Some(names)) = tokio::time::timeout(PATIENCE, ask(profile, paths, kind, begun)).await {
        let fresh = Known { url: profile.url.clone(), read: Timestamp::now(), names };
        keep(&path, &fresh);
        return fresh.names;
    }
    let stale = known.filter(|known| younger(known, STALE_SECONDS));
    stale.map(|known| known.names).unwrap_or_default()
}

async fn ask(profile: &Profile, paths: &Paths, kind: Named, begun: &str) -> Option<Vec<Name>> {
    let session = resume(profile, paths, Freshness::Reading).await.ok()?;
    let text = begun.to_owned();
    Some(match kind {
        Named::Organization => {
            let query = OrganizationQuery { text, offset: 0, limit: OFFERED };
            let rows = session.organizations(&query).await.ok()?.rows;
            let name = |row: crate::domain::organization::Organization| Name {
                id: row.id.as_str().to_owned(),
                word: row.primary_domain.as_str().to_owned(),
                title: row.name.as_str().to_owned(),
            };
            rows.into_iter().map(name).collect()
        }
        Named::User => {
            let query =
                UserQuery { text, organization: None, pass: UserPass::Names, offset: 0, limit: OFFERED };
            let logins = UserQuery { pass: UserPass::LoginNames, ..query.clone() };
            let (found, by_login) = futures_util::join!(session.users(&query), session.users(&logins));
            let found = found.into_iter().chain(by_login).flat_map(|page| page.rows);
            let mut names: Vec<Name> = found
                .map(|row| Name {
                    id: row.id.as_str().to_owned(),
                    word: row.login_name.as_str().to_owned(),
                    title: row.display_name.as_str().to_owned(),
                })
                .collect();
            names.sort_by(|one, other| one.word.cmp(&other.word));
            names.dedup_by(|one, other| one.id == other.id);
            names
        }
        Named::Project => return None,
    })
}

fn read(path: &Path) -> Option<Known> {
    serde_json::from_slice(&private_file::read(path).ok()??).ok()
}

fn keep(path: &Path, known: &Known) {
    let Ok(text) = serde_json::to_vec(known) else { return };
    if let Err(error) = private_file::replace(path, &text) {
        tracing::debug!(%error, "cannot keep names");
    }
}

/// The instance whose names stand in the file.
pub(super) fn address_of(path: &Path) -> Option<Url> {
    let known: Known = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    Some(known.url)
}
