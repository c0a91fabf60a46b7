//! The filters of user searches (CONTRACT.md section 11; recordings `users/v2-…`). The name of a service user cannot
//! be searched, in no version.

use std::collections::HashSet;

use serde_json::Value;

use super::super::filter::{Choice, Matcher, Naming, upper};
use super::super::message::{Json, Part};
use super::super::refusal::Refusal;
use super::super::world::{Kind, User, UserState};

const KEYS: [&str; 14] = [
    "userNameQuery",
    "loginNameQuery",
    "displayNameQuery",
    "firstNameQuery",
    "lastNameQuery",
    "nickNameQuery",
    "emailQuery",
    "stateQuery",
    "typeQuery",
    "inUserIdsQuery",
    "inUserEmailsQuery",
    "orQuery",
    "andQuery",
    "notQuery",
];

/// One condition on users.
pub(super) enum Filter {
    UserName(Matcher),
    DisplayName(Matcher),
    FirstName(Matcher),
    LastName(Matcher),
    Email(Matcher),
    /// A field that no user of the demo has.
    Nothing,
    State(Option<UserState>),
    Machine(Option<bool>),
    Ids(HashSet<String>),
    Emails(HashSet<String>),
    Organization(String),
    Or(Vec<Self>),
    And(Vec<Self>),
    Not(Box<Self>),
}

impl Filter {
    /// Reads one filter object.
    pub(super) fn read(naming: Naming, json: &Json, filter: &Value) -> Result<Self, Refusal> {
        let mut known = KEYS.to_vec();
        if naming.filter.contains(".v2.") {
            known.push("organizationIdQuery");
        }
        let choice = naming.choose(json, filter, &known)?;
        Ok(match choice.key {
            // A login name is the user name: this instance requires no suffix.
            "userNameQuery" => Self::UserName(naming.text(choice, "userName")?),
            "loginNameQuery" => Self::UserName(naming.text(choice, "loginName")?),
            "displayNameQuery" => Self::DisplayName(naming.text(choice, "displayName")?),
            "firstNameQuery" => Self::FirstName(naming.text(choice, "firstName")?),
            "lastNameQuery" => Self::LastName(naming.text(choice, "lastName")?),
            "nickNameQuery" => naming.text(choice, "nickName").map(|_| Self::Nothing)?,
            "emailQuery" => Self::Email(naming.text(choice, "emailAddress")?),
            "stateQuery" => Self::State(state(choice.part.text("state"))),
            "typeQuery" => Self::Machine(match choice.part.text("type") {
                "TYPE_HUMAN" => Some(false),
                "TYPE_MACHINE" => Some(true),
                _ => None,
            }),
            "inUserIdsQuery" => Self::Ids(choice.part.texts("userIds").into_iter().collect()),
            "inUserEmailsQuery" => Self::Emails(choice.part.texts("userEmails").into_iter().collect()),
            "organizationIdQuery" => Self::Organization(choice.part.text("organizationId").to_owned()),
            "orQuery" => Self::Or(several(naming, json, choice)?),
            "andQuery" => Self::And(several(naming, json, choice)?),
            _ => match choice.part.get("query") {
                Some(inner) => Self::Not(Box::new(
                    Self::read(naming, json, inner).map_err(|it| inside(naming, choice, it))?,
                )),
                None => Self::Nothing,
            },
        })
    }

    /// Whether a user meets the condition.
    pub(super) fn wants(&self, user: &User) -> bool {
        match self {
            Self::UserName(matcher) => matcher.matches(user.login()),
            Self::State(state) => *state == Some(user.state),
            Self::Machine(machine) => *machine == Some(user.is_machine()),
            Self::Ids(ids) => ids.contains(&user.id),
            Self::Organization(id) => user.organization == *id,
            Self::Or(filters) => filters.iter().any(|filter| filter.wants(user)),
            Self::And(filters) => filters.iter().all(|filter| filter.wants(user)),
            Self::Not(filter) => !filter.wants(user),
            Self::Nothing => false,
            _ => match &user.kind {
                Kind::Human { first_name, last_name, display_name, email, .. } => match self {
                    Self::DisplayName(matcher) => matcher.matches(display_name),
                    Self::FirstName(matcher) => matcher.matches(first_name),
                    Self::LastName(matcher) => matcher.matches(last_name),
                    Self::Email(matcher) => matcher.matches(email),
                    Self::Emails(emails) => emails.contains(email),
                    _ => false,
                },
                Kind::Machine { .. } => false,
            },
        }
    }

    /// The organization that this filter limits a search to, if it does.
    pub(super) fn organization(&self) -> Option<&str> {
        if let Self::Organization(id) = self { Some(id) } else { None }
    }
}

fn several(naming: Naming, json: &Json, choice: Choice<'_>) -> Result<Vec<Filter>, Refusal> {
    let read = |(index, filter)| {
        Filter::read(naming, json, filter).map_err(|refusal| {
            let (query, text) = (upper(choice.key), refusal.text.clone());
            let text = format!(
                "invalid {query}.Queries[{index}]: embedded message failed validation | caused by: {text}"
            );
            inside(naming, choice, if text.contains("proto:") { refusal } else { Refusal::invalid(text) })
        })
    };
    choice.part.list("queries").iter().enumerate().map(read).collect()
}

fn inside(naming: Naming, choice: Choice<'_>, refusal: Refusal) -> Refusal {
    if refusal.text.starts_with("proto:") {
        return refusal;
    }
    let (short, query, text) = (naming.short(), upper(choice.key), refusal.text);
    Refusal::invalid(format!(
        "invalid {short}.{query}: embedded message failed validation | caused by: {text}"
    ))
}

/// All filters of a search.
pub(super) fn read_all(naming: Naming, json: &Json) -> Result<Vec<Filter>, Refusal> {
    let body: Part<'_> = json.part();
    let read = |(index, filter)| Filter::read(naming, json, filter).map_err(|it| naming.within(index, it));
    body.list("queries").iter().enumerate().map(read).collect()
}

fn state(name: &str) -> Option<UserState> {
    match name.trim_start_matches("USER_STATE_") {
        "ACTIVE" => Some(UserState::Active),
        "INACTIVE" => Some(UserState::Inactive),
        "LOCKED" => Some(UserState::Locked),
        "INITIAL" => Some(UserState::Initial),
        _ => None,
    }
}
