//! Keys and personal access tokens of service users, without their secrets: of one user through v1, of all users in one
//! list through v2. No recording and no section of CONTRACT.md shows the calls: paths, header and permission come from
//! the public `zitadel/management.proto` (`ListMachineKeys`, `ListPersonalAccessTokens`), `auth_n_key.proto` and
//! `user/v2/{user_service,key,pat}.proto` (`ListKeys`, `ListPersonalAccessTokens`), all `user.read`. So every answer that
//! is not exactly such a list is an error, never "no keys".

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de};
use serde_json::json;

use super::client::Client;
use super::error::CallError;
use super::paging::all_pages;
use super::transport::Call;
use super::wire::{Details, MAX_LIMIT, Pagination, Scalar, or_default, search_body};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::page::Page;
use crate::domain::review::{CredentialKind, ServiceCredential};

/// A list of v1 always has its details, also an empty one.
#[derive(Deserialize)]
struct Answer {
    details: Details,
    #[serde(default, deserialize_with = "or_default")]
    result: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: Scalar,
    #[serde(default, deserialize_with = "or_default")]
    details: Details,
    #[serde(default, deserialize_with = "end")]
    expiration_date: Option<Timestamp>,
}

/// A list of v2 always tells how it was cut.
#[derive(Deserialize)]
struct AnswerOfAll {
    pagination: Pagination,
    #[serde(default, deserialize_with = "or_default")]
    result: Vec<RowOfAll>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RowOfAll {
    id: Scalar,
    user_id: Scalar,
    #[serde(default)]
    creation_date: Scalar,
    #[serde(default, deserialize_with = "end")]
    expiration_date: Option<Timestamp>,
}

/// A server writes `9999-12-31T23:59:59Z` for never (CONTRACT.md section 2). Another text that is no time must not be
/// taken for it.
fn end<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let raw = Scalar::deserialize(deserializer)?;
    if raw.is_empty() || raw.as_str().starts_with("9999-") {
        return Ok(None);
    }
    raw.time().map(Some).ok_or_else(|| de::Error::custom("the end of a key is not a time"))
}

const fn segment(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Key => "keys",
        CredentialKind::PersonalToken => "pats",
    }
}

impl Client {
    /// The keys or the personal access tokens of a service user, asked in the name of its home organization.
    pub async fn credentials(
        &self,
        kind: CredentialKind,
        user: &UserId,
        home: &OrganizationId,
    ) -> Result<Vec<ServiceCredential>, CallError> {
        let rows = all_pages(|offset| self.credential_page(kind, user, home, offset)).await?;
        let credential = |row: Row| ServiceCredential {
            id: row.id.text(),
            kind,
            created: row.details.creation_date.time(),
            expires: row.expiration_date,
        };
        Ok(rows.into_iter().map(credential).collect())
    }

    /// One page of the keys or the personal access tokens of all users, oldest first. The page is cut before rows are
    /// left out that the caller may not read, and the total counts them.
    pub async fn credentials_of_all(
        &self,
        kind: CredentialKind,
        offset: u64,
    ) -> Result<Page<(UserId, ServiceCredential)>, CallError> {
        let body = json!({"pagination": {"offset": offset.to_string(), "limit": MAX_LIMIT, "asc": true}});
        let answer: AnswerOfAll =
            self.read(Call::search(["v2", "users", segment(kind), "search"], &body)).await?;
        let credential = |row: RowOfAll| {
            let (created, expires) = (row.creation_date.time(), row.expiration_date);
            let credential = ServiceCredential { id: row.id.text(), kind, created, expires };
            (UserId::new(row.user_id.as_str()), credential)
        };
        let total = answer.pagination.total_result.number();
        Ok(Page::new(answer.result.into_iter().map(credential).collect(), total, offset, MAX_LIMIT))
    }

    async fn credential_page(
        &self,
        kind: CredentialKind,
        user: &UserId,
        home: &OrganizationId,
        offset: u64,
    ) -> Result<Page<Row>, CallError> {
        let path = ["management", "v1", "users", user.as_str(), segment(kind), "_search"];
        let body = search_body(offset, MAX_LIMIT, None, Vec::new());
        let answer: Answer = self.read(Call::search(path, &body).organization(home)).await?;
        Ok(Page::new(answer.result, answer.details.total_result.number(), offset, MAX_LIMIT))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::never(r#""expirationDate": "9999-12-31T23:59:59Z""#, None)]
    #[case::not_told(r#""type": "KEY_TYPE_JSON""#, None)]
    #[case::some_day(r#""expirationDate": "2027-03-01T00:00:00Z""#, Some("2027-03-01T00:00:00Z"))]
    fn the_end_of_a_key_is_read(#[case] field: &str, #[case] end: Option<&str>) {
        let json = format!(r#"{{"details": {{}}, "result": [{{"id": "5", {field}}}]}}"#);
        let answer: Answer = serde_json::from_str(&json).expect("a list");
        assert_eq!(answer.result[0].expiration_date.map(|at| at.to_string()).as_deref(), end);
    }

    #[rstest]
    #[case::not_a_list("{}")]
    #[case::of_another_kind(r#"{"details": {}, "result": {"id": "5"}}"#)]
    #[case::a_row_without_an_id(r#"{"details": {}, "result": [{"type": "KEY_TYPE_JSON"}]}"#)]
    #[case::an_end_that_is_no_time(r#"{"details": {}, "result": [{"id": "5", "expirationDate": "never"}]}"#)]
    fn what_is_not_such_a_list_is_never_no_keys(#[case] json: &str) {
        assert!(serde_json::from_str::<Answer>(json).is_err());
    }

    #[rstest]
    #[case::not_a_list(r#"{"result": []}"#)]
    #[case::a_row_of_nobody(r#"{"pagination": {}, "result": [{"id": "5"}]}"#)]
    fn what_is_no_list_of_all_is_never_no_keys(#[case] json: &str) {
        assert!(serde_json::from_str::<AnswerOfAll>(json).is_err());
    }

    #[test]
    fn an_empty_list_is_one() {
        let answer: Answer = serde_json::from_str(r#"{"details": {"viewTimestamp": "x"}}"#).expect("a list");
        assert!(answer.result.is_empty());
    }
}
