//! What stands in the file of a kept sign-in.

use std::io;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;
use zeroize::Zeroizing;

use super::super::findings::Findings;
use crate::api::discovery::Discovery;
use crate::api::identity::Instance;
use crate::auth::key_file::KeyFile;
use crate::auth::token::{KeptToken, SCOPE};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Level;
use crate::domain::manager::Membership;
use crate::domain::role::Role;
use crate::domain::session::{Capabilities, Identity};
use crate::domain::text::SafeText;

/// Raised when the meaning of a field changes; another format is as good as no file.
const FORMAT: u32 = 1;
/// A token that came later than now by more than this: the clock was set back, and its end cannot be trusted.
const CLOCK_TOLERANCE_SECONDS: i64 = 60;

/// The file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    format: u32,
    url: Url,
    user: String,
    key: String,
    scope: String,
    source: Option<Source>,
    token: Option<Token>,
    facts: Option<Facts>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Source {
    issuer: String,
    token_endpoint: Url,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Token {
    #[serde(rename = "token", serialize_with = "expose", deserialize_with = "hide")]
    secret: SecretString,
    came: Timestamp,
    expires: Timestamp,
}

/// What was found out, with the time at which the memberships were read.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent yes or no of the server")]
struct Facts {
    read: Timestamp,
    login_name: String,
    display_name: String,
    organization: String,
    memberships: Vec<KeptMembership>,
    default_organization: Option<String>,
    instance: Option<KeptInstance>,
    administrators_v2: bool,
    administrators_v2beta: bool,
    organizations_v2: bool,
    users_v2: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct KeptMembership {
    level: KeptLevel,
    id: String,
    name: String,
    organization: Option<String>,
    roles: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum KeptLevel {
    Instance,
    Organization,
    Project,
    ProjectGrant,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct KeptInstance {
    name: String,
    version: String,
}

fn expose<S: Serializer>(token: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(token.expose_secret())
}

fn hide<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

impl Record {
    /// What is kept before anything is.
    pub(super) fn empty(base: &Url, key: &KeyFile) -> Self {
        Self {
            format: FORMAT,
            url: base.clone(),
            user: key.user_id().to_owned(),
            key: key.key_id().to_owned(),
            scope: SCOPE.to_owned(),
            source: None,
            token: None,
            facts: None,
        }
    }

    pub(super) fn parse(content: &[u8]) -> Option<Self> {
        serde_json::from_slice(content).ok()
    }

    pub(super) fn text(&self) -> io::Result<Zeroizing<String>> {
        serde_json::to_string(self).map(Zeroizing::new).map_err(io::Error::other)
    }

    /// Whether both are of the same address, user, key and scope.
    pub(super) fn is_for(&self, other: &Self) -> bool {
        let parts = |record: &Self| {
            let Self { format, url, user, key, scope, .. } = record;
            (*format, url.clone(), user.clone(), key.clone(), scope.clone())
        };
        parts(self) == parts(other)
    }

    /// Whether it saves the sign-in: a token with enough time left, and where to get the next one.
    pub(super) fn is_usable(&self, now: Timestamp) -> bool {
        let Some(token) = &self.token else { return false };
        let came = token.came.as_second().saturating_sub(now.as_second()) <= CLOCK_TOLERANCE_SECONDS;
        came && self.kept_token().is_some_and(|kept| kept.is_usable(now)) && self.discovery().is_some()
    }

    pub(super) fn address(self) -> Url {
        self.url
    }

    pub(super) fn kept_token(&self) -> Option<KeptToken> {
        let Token { secret, expires, .. } = self.token.as_ref()?;
        Some(KeptToken { token: secret.clone(), expires: *expires })
    }

    /// What discovery told, judged as it is when it comes from the server.
    pub(super) fn discovery(&self) -> Option<Discovery> {
        let Source { issuer, token_endpoint } = self.source.clone()?;
        let discovery = Discovery { issuer, token_endpoint };
        discovery.check().is_ok().then_some(discovery)
    }

    pub(super) fn take_discovery(&mut self, discovery: &Discovery) {
        let Discovery { issuer, token_endpoint } = discovery.clone();
        self.source = Some(Source { issuer, token_endpoint });
    }

    pub(super) fn take_token(&mut self, token: &SecretString, expires: Timestamp) {
        self.token = Some(Token { secret: token.clone(), came: Timestamp::now(), expires });
    }

    pub(super) fn drop_token(&mut self) {
        self.token = None;
    }

    /// What was found out, and when.
    pub(super) fn findings(&self) -> Option<(Findings, Timestamp)> {
        let facts = self.facts.clone()?;
        let read = facts.read;
        let findings = Findings {
            identity: Identity {
                user: UserId::new(&self.user),
                organization: OrganizationId::new(facts.organization),
                login_name: facts.login_name.into(),
                display_name: facts.display_name.into(),
            },
            memberships: facts.memberships.into_iter().map(Membership::from).collect(),
            default_organization: facts.default_organization.map(OrganizationId::new),
            instance: facts.instance.map(|KeptInstance { name, version }| Instance {
                name: name.into(),
                version: version.into(),
            }),
            capabilities: Capabilities {
                administrators_v2: facts.administrators_v2,
                administrators_v2beta: facts.administrators_v2beta,
                organizations_v2: facts.organizations_v2,
                users_v2: facts.users_v2,
            },
        };
        Some((findings, read))
    }

    pub(super) fn take_findings(&mut self, findings: &Findings, read: Timestamp) {
        let Findings { identity, memberships, default_organization, instance, capabilities } = findings;
        let text = |text: &SafeText| text.as_str().to_owned();
        self.facts = Some(Facts {
            read,
            login_name: text(&identity.login_name),
            display_name: text(&identity.display_name),
            organization: identity.organization.as_str().to_owned(),
            memberships: memberships.iter().map(KeptMembership::from).collect(),
            default_organization: default_organization.as_ref().map(|id| id.as_str().to_owned()),
            instance: instance.as_ref().map(|instance| KeptInstance {
                name: text(&instance.name),
                version: text(&instance.version),
            }),
            administrators_v2: capabilities.administrators_v2,
            administrators_v2beta: capabilities.administrators_v2beta,
            organizations_v2: capabilities.organizations_v2,
            users_v2: capabilities.users_v2,
        });
    }
}

impl From<&Membership> for KeptMembership {
    fn from(own: &Membership) -> Self {
        Self {
            level: match own.level {
                Level::Instance => KeptLevel::Instance,
                Level::Organization => KeptLevel::Organization,
                Level::Project => KeptLevel::Project,
                Level::ProjectGrant => KeptLevel::ProjectGrant,
            },
            id: own.resource_id.as_str().to_owned(),
            name: own.resource_name.as_str().to_owned(),
            organization: own.organization.as_ref().map(|id| id.as_str().to_owned()),
            roles: own.roles.iter().map(|role| role.key().to_owned()).collect(),
        }
    }
}

impl From<KeptMembership> for Membership {
    fn from(kept: KeptMembership) -> Self {
        Self {
            level: match kept.level {
                KeptLevel::Instance => Level::Instance,
                KeptLevel::Organization => Level::Organization,
                KeptLevel::Project => Level::Project,
                KeptLevel::ProjectGrant => Level::ProjectGrant,
            },
            resource_id: kept.id.into(),
            resource_name: kept.name.into(),
            organization: kept.organization.map(OrganizationId::new),
            roles: kept.roles.into_iter().map(Role::new).collect(),
        }
    }
}
