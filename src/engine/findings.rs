//! What a sign-in finds out by asking: who we are, what we manage, what the server can do.

use crate::api::client::Client;
use crate::api::error::CallError;
use crate::api::identity::Instance;
use crate::auth::refusal::SignInRefusal;
use crate::domain::id::OrganizationId;
use crate::domain::manager::Membership;
use crate::domain::problem::Problem;
use crate::domain::session::{Capabilities, Identity};
use crate::domain::text::SafeText;

/// The answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Findings {
    pub(super) identity: Identity,
    pub(super) memberships: Vec<Membership>,
    pub(super) default_organization: Option<OrganizationId>,
    /// None for who lacks `iam.read`.
    pub(super) instance: Option<Instance>,
    pub(super) capabilities: Capabilities,
}

impl Findings {
    /// Asks for all of it at once.
    pub(super) async fn ask(client: &Client, personal_token: bool) -> Result<Self, Problem> {
        let (identity, memberships, default_organization, instance, capabilities) = futures_util::join!(
            client.own_user(),
            own_memberships(client),
            client.default_organization(),
            client.instance(),
            client.capabilities(),
        );
        Ok(Self {
            identity: identity.map_err(|error| not_accepted(error, personal_token))?,
            memberships: memberships?,
            default_organization: default_organization.ok().flatten(),
            instance: instance.ok(),
            capabilities,
        })
    }

    /// Asks again for what a person is told as who they are. What the server can do stays as it was found.
    pub(super) async fn ask_identity(self, client: &Client) -> Result<Self, Problem> {
        let (identity, memberships, instance) =
            futures_util::join!(client.own_user(), own_memberships(client), client.instance());
        Ok(Self {
            identity: identity.map_err(|error| not_accepted(error, false))?,
            memberships: memberships?,
            instance: instance.ok(),
            ..self
        })
    }
}

/// Everything that the own user manages.
pub(super) async fn own_memberships(client: &Client) -> Result<Vec<Membership>, Problem> {
    let dated = client.own_memberships().await;
    let dated = dated.map_err(|error| error.into_problem("Cannot read the own memberships"))?;
    Ok(dated.into_iter().map(|own| own.membership).collect())
}

/// The first call tells whether the API accepts the token (recordings `auth/api-without-aud-scope`,
/// `auth/api-locked-user`).
pub(super) fn not_accepted(error: CallError, personal_token: bool) -> Problem {
    let answer = SafeText::new(&error.to_string());
    match (error.is_not_signed_in(), personal_token) {
        (false, _) => error.into_problem("Cannot read the own user"),
        (true, true) => SignInRefusal::PersonalTokenNotAccepted { answer }.problem(),
        (true, false) => SignInRefusal::TokenNotAccepted { answer }.problem(),
    }
}
