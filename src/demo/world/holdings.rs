//! What users and projects of a world hold: keys and tokens of service users, and applications.

use jiff::Timestamp;
use serde::Deserialize;

use super::Activity;

/// A key or a personal access token of a service user.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Credential {
    pub(in super::super) id: String,
    pub(in super::super) user: String,
    #[serde(rename = "type")]
    pub(in super::super) kind: CredentialKind,
    #[serde(default)]
    pub(in super::super) created: Option<Timestamp>,
    /// When it ends, counted from the start of the demo; never where the file does not say.
    #[serde(default)]
    pub(in super::super) expires_in_days: Option<i32>,
}

/// How a service user signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum CredentialKind {
    Key,
    Token,
}

/// An application of a project.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Application {
    pub(in super::super) id: String,
    pub(in super::super) project: String,
    pub(in super::super) name: String,
    #[serde(rename = "type")]
    pub(in super::super) kind: ApplicationKind,
    #[serde(default)]
    pub(in super::super) state: Activity,
    #[serde(default)]
    pub(in super::super) created: Option<Timestamp>,
}

/// For whom an application is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum ApplicationKind {
    Oidc,
    Api,
}
