//! Users: across organizations through v2, inside one organization through v1, and by exact login name
//! (CONTRACT.md section 11).

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::error::CallError;
use super::transport::Call;
use super::wire::{Details, List, Scalar, contains, equals_ignoring_case, or_default, search_body};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::page::Page;
use crate::domain::text::SafeText;
use crate::domain::user::{User, UserKind, UserState};

/// Where to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserScope<'a> {
    /// `POST /v2/users`: all organizations; shows the own user, and others where one has `user.read`.
    Everywhere,
    /// `POST /management/v1/users/_search`: one organization; also who has `user.read` only by a project or a grant
    /// sees all its users (recordings `users/v1-list-globex@portal-admin`, `@grant-admin`).
    Organization(&'a OrganizationId),
}

/// What to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserFilter<'a> {
    /// Nothing: all.
    All,
    /// User name, display name, first and last name and e-mail contain the text, or the id is the text. The name of a
    /// service user is not among the display names (recording `users/v2-search-machine-name`).
    Names(&'a str),
    /// A login name contains the text.
    LoginNames(&'a str),
    /// A login name is the text, ignoring case.
    LoginName(&'a str),
    /// Only service users.
    Service,
    /// Only these ids, at most 1000.
    Ids(&'a [UserId]),
}

impl UserFilter<'_> {
    fn queries(self) -> Vec<Value> {
        match self {
            Self::All => Vec::new(),
            Self::Names(text) => vec![json!({"orQuery": {"queries": names(text)}})],
            Self::LoginNames(text) => vec![contains("loginNameQuery", "loginName", text)],
            Self::LoginName(text) => vec![equals_ignoring_case("loginNameQuery", "loginName", text)],
            Self::Service => vec![json!({"typeQuery": {"type": "TYPE_MACHINE"}})],
            Self::Ids(ids) => {
                let ids: Vec<&str> = ids.iter().map(UserId::as_str).collect();
                vec![json!({"inUserIdsQuery": {"userIds": ids}})]
            }
        }
    }
}

fn names(text: &str) -> Vec<Value> {
    let mut queries = vec![
        contains("userNameQuery", "userName", text),
        contains("displayNameQuery", "displayName", text),
        contains("firstNameQuery", "firstName", text),
        contains("lastNameQuery", "lastName", text),
        contains("emailQuery", "emailAddress", text),
    ];
    if looks_like_id(text) {
        queries.push(json!({"inUserIdsQuery": {"userIds": [text]}}));
    }
    queries
}

/// Whether a search text could be a whole id. Servers make decimal ids of 18 digits; operators may choose their own,
/// so a longer word with a digit counts too.
pub fn looks_like_id(text: &str) -> bool {
    (8..=200).contains(&text.len())
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserRow {
    #[serde(alias = "userId")]
    id: Scalar,
    #[serde(default, deserialize_with = "or_default")]
    details: Details,
    #[serde(default)]
    state: Scalar,
    #[serde(default, alias = "username")]
    user_name: Scalar,
    #[serde(default, deserialize_with = "or_default")]
    login_names: Vec<Scalar>,
    #[serde(default)]
    preferred_login_name: Scalar,
    #[serde(default)]
    human: Option<Human>,
    #[serde(default)]
    machine: Option<Machine>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Human {
    #[serde(deserialize_with = "or_default")]
    profile: Profile,
    #[serde(deserialize_with = "or_default")]
    email: Email,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Profile {
    #[serde(rename = "givenName", alias = "firstName")]
    given: Scalar,
    #[serde(rename = "familyName", alias = "lastName")]
    family: Scalar,
    #[serde(rename = "displayName")]
    displayed: Scalar,
}

impl Profile {
    fn name(&self) -> SafeText {
        let parts = format!("{} {}", self.given.as_str(), self.family.as_str());
        self.displayed.text().or(&SafeText::new(parts.trim()))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Email {
    email: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Machine {
    name: Scalar,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        let (kind, display_name, email) = match (&row.human, &row.machine) {
            (Some(human), _) => (UserKind::Human, human.profile.name(), human.email.email.some_text()),
            (None, Some(machine)) => (UserKind::Service, machine.name.text(), None),
            (None, None) => (UserKind::Unknown, SafeText::default(), None),
        };
        Self {
            id: UserId::new(row.id.as_str()),
            organization: OrganizationId::new(row.details.resource_owner.as_str()),
            kind,
            state: state(row.state.as_str()),
            user_name: row.user_name.text(),
            login_name: row.preferred_login_name.text().or(&row.user_name.text()),
            login_names: row.login_names.iter().map(Scalar::text).collect(),
            display_name,
            email,
        }
    }
}

fn state(raw: &str) -> UserState {
    match raw.strip_prefix("USER_STATE_").unwrap_or(raw) {
        "ACTIVE" => UserState::Active,
        "INACTIVE" => UserState::Inactive,
        "LOCKED" => UserState::Locked,
        "DELETED" => UserState::Deleted,
        "INITIAL" => UserState::Initial,
        "" => UserState::Other(SafeText::new("unspecified")),
        other => UserState::Other(SafeText::new(&other.to_lowercase())),
    }
}

#[derive(Deserialize)]
struct One {
    user: UserRow,
}

impl Client {
    /// One page of users, sorted by user name. The total can count users that one may not read (recording
    /// `users/v2-list@nobody` of 2.68 and 4.3).
    pub async fn users(
        &self,
        scope: UserScope<'_>,
        filter: UserFilter<'_>,
        offset: u64,
        limit: u32,
    ) -> Result<Page<User>, CallError> {
        let body = search_body(offset, limit, Some("USER_FIELD_NAME_USER_NAME"), filter.queries());
        let request = match scope {
            UserScope::Everywhere => Call::search("v2/users".split('/'), &body),
            UserScope::Organization(id) => {
                Call::search("management/v1/users/_search".split('/'), &body).organization(id)
            }
        };
        let list: List<UserRow> = self.read(request).await?;
        let total = list.total();
        Ok(Page::new(list.result.into_iter().map(User::from).collect(), total, offset, limit))
    }

    /// The user whom the server takes for the holder of a login name, in any organization; needs `user.global.read`.
    /// A 2.x server answers with somebody else when nothing fits (recording `users/v1-global-by-login-unknown`): ask
    /// `User::has_login_name` before using the answer. Nobody is 404 QUERY-Dfbg2.
    pub async fn user_by_login_name_unchecked(&self, login_name: &str) -> Result<User, CallError> {
        let path = "management/v1/global/users/_by_login_name".split('/');
        let request = Call::get(path).query("loginName", login_name);
        let One { user } = self.read(request).await?;
        Ok(user.into())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::server_made("200000000000000005", true)]
    #[case::own("deploy-bot-7", true)]
    #[case::word("deployment", false)]
    #[case::short("user7", false)]
    #[case::mail("anna7890@example.org", false)]
    #[case::spaced("12345678 9", false)]
    fn ids_are_told_from_words(#[case] text: &str, #[case] id: bool) {
        assert_eq!(looks_like_id(text), id);
    }

    #[test]
    fn both_generations_of_rows_give_the_same_user() {
        let v1: UserRow = serde_json::from_value(json!({
            "id": "2", "details": {"resourceOwner": "1"}, "state": "USER_STATE_LOCKED", "userName": "lena",
            "loginNames": ["lena"], "preferredLoginName": "lena",
            "human": {"profile": {"firstName": "Lena", "lastName": "L", "displayName": "Lena L"},
                      "email": {"email": "lena@example.org"}}}))
        .expect("a v1 row");
        let v2: UserRow = serde_json::from_value(json!({
            "userId": "2", "details": {"resourceOwner": "1"}, "state": "USER_STATE_LOCKED", "username": "lena",
            "loginNames": ["lena"], "preferredLoginName": "lena",
            "human": {"profile": {"givenName": "Lena", "familyName": "L", "displayName": "Lena L"},
                      "email": {"email": "lena@example.org"}, "phone": {}}}))
        .expect("a v2 row");
        let (v1, v2) = (User::from(v1), User::from(v2));
        assert_eq!(v1, v2);
        assert_eq!(v1.state, UserState::Locked);
        assert_eq!(v1.email, Some(SafeText::new("lena@example.org")));
    }

    #[test]
    fn a_newer_server_does_not_break_the_row() {
        let row: UserRow = serde_json::from_value(json!({
            "userId": 2, "state": 9, "agent": {"model": "x"}, "loginNames": null, "human": null}))
        .expect("tolerated");
        let user = User::from(row);
        assert_eq!(user.kind, UserKind::Unknown);
        assert_eq!(user.state, UserState::Other(SafeText::new("9")));
        assert_eq!(user.id.as_str(), "2");
    }
}
