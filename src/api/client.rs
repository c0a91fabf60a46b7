//! The typed calls hang on this: one way to a server, reading answers as what each call promises.

use serde::de::DeserializeOwned;
use serde_json::json;

use super::error::CallError;
use super::transport::{Call, Nature, Transport};
use crate::domain::session::{AdministratorService, Capabilities};

/// The calls of the API, by their meaning. Cheap to clone; clones share connections and token.
#[derive(Clone, Debug)]
pub struct Client {
    transport: Transport,
}

impl Client {
    /// Calls go through `transport`.
    pub const fn new(transport: Transport) -> Self {
        Self { transport }
    }

    pub(super) async fn read<T: DeserializeOwned>(&self, call: Call) -> Result<T, CallError> {
        self.transport.call(call).await?.json()
    }

    /// Sends a write. What an accepted write answers proves nothing, so it is not looked at (CONTRACT.md section 7,
    /// "False success of DELETE").
    pub(super) async fn write(&self, call: Call) -> Result<(), CallError> {
        self.transport.call(call).await.map(|_reply| ())
    }

    /// What the server can do, found by asking without a token (CONTRACT.md section 16).
    pub async fn capabilities(&self) -> Capabilities {
        let (administrators_v2, administrators_v2beta, organizations_v2, users_v2) = futures_util::join!(
            self.is_present([AdministratorService::V2.name(), "ListAdministrators"]),
            self.is_present([AdministratorService::V2Beta.name(), "ListAdministrators"]),
            self.is_present(["v2", "organizations", "_search"]),
            self.is_present(["v2", "users"]),
        );
        Capabilities { administrators_v2, administrators_v2beta, organizations_v2, users_v2 }
    }

    /// 401 says that the call exists; 404, a page of a proxy, or no answer count as absent (recordings
    /// `admins.v2/probe`, `orgs/v2-no-auth`).
    async fn is_present<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> bool {
        let call = Call::new(Nature::Read, reqwest::Method::POST, path).body(&json!({})).without_token();
        match self.transport.call(call).await {
            Err(error) => error.is_not_signed_in(),
            Ok(_) => false,
        }
    }
}
