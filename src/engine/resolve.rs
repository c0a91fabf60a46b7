//! What people call organizations, users and roles, made into the one thing they mean.
//!
//! A name never picks one of several: two fitting things are an error that lists both with their ids. What could not be
//! read is never reported as "not found". Uses `domain` and the session.

mod lookup;
mod resources;

use std::fmt::Write;

use super::Session;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Level;
use crate::domain::nearest::did_you_mean;
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::query::{OrganizationQuery, UserPass, UserQuery};
use crate::domain::role::{Role, without_doubles};
use crate::domain::text::SafeText;
use crate::domain::user::User;
pub use lookup::Lookup;
pub use resources::{FoundResource, ResourceName};

const PAGE: u32 = 1000;
/// How many candidates an error lists.
const LISTED: usize = 10;
/// How many pages a search for an exact name may take, and one for suggestions.
const ALL_PAGES: usize = usize::MAX;
const FIRST_PAGE: usize = 1;
/// How many letters of a misspelt name are asked for again, to find what was meant.
const STEM: usize = 3;

impl Session {
    /// All organizations that fit the text, page by page, without doubles.
    ///
    /// # Errors
    /// What reading a page fails with.
    pub async fn all_organizations(&self, text: &str) -> Result<Vec<Organization>, Problem> {
        let mut found: Vec<Organization> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut offset = Some(0);
        while let Some(start) = offset {
            let query = OrganizationQuery { text: text.to_owned(), offset: start, limit: PAGE };
            let page = self.organizations(&query).await?;
            found.extend(page.rows.into_iter().filter(|row| seen.insert(row.id.clone())));
            offset = page.next_offset;
        }
        Ok(found)
    }

    /// The organization with this id, name or primary domain. Upper and lower case count only where nothing fits
    /// exactly.
    ///
    /// # Errors
    /// `NotFound` with what may have been meant, `Ambiguous` with all candidates, or what reading fails with.
    pub async fn find_organization(&self, given: &str) -> Result<Organization, Problem> {
        let fitting = self.all_organizations(given).await?;
        if let Some(found) = one_organization(given, &fitting)? {
            return Ok(found);
        }
        if let Some(found) = self.organization_by_any_id(given).await {
            return Ok(found);
        }
        let near = if fitting.is_empty() { self.all_organizations(&stem(given)).await? } else { fitting };
        let names = near.iter().map(|row| row.name.as_str());
        let domains = near.iter().map(|row| row.primary_domain.as_str());
        let some = near.iter().take(LISTED).map(Organization::title);
        let suggestion = suggestion(given, names, domains, some);
        Err(self.not_found("organization", given, suggestion, "org.read"))
    }

    /// The organization with this id, also where it does not look like one, which the list does not search for: since
    /// 4.0 whoever creates an organization may choose its id.
    async fn organization_by_any_id(&self, given: &str) -> Option<Organization> {
        let id = OrganizationId::new(given);
        self.inner.client.organization_by_id(&id).await.ok().filter(|found| found.id == id)
    }

    /// The user with this id, login name, user name, e-mail address or display name, in any organization. The id and
    /// the login name, which no two users share, come before the others.
    ///
    /// # Errors
    /// `NotFound` with what may have been meant, `Ambiguous` with all candidates, or what reading fails with.
    pub async fn find_user(&self, given: &str) -> Result<User, Problem> {
        let ids = [UserId::new(given)];
        let (by_id, by_login) = tokio::join!(self.users_by_id(&ids), self.user_by_login_name(given));
        let mut hindrance = None;
        let by_id = readable(by_id, &mut hindrance).unwrap_or_default();
        if let Some(user) = by_id.into_iter().find(|user| user.id.as_str() == given) {
            return Ok(user);
        }
        if let Some(user) = readable(by_login, &mut hindrance).flatten() {
            return Ok(user);
        }
        let fitting = self.search_users(given, ALL_PAGES, &mut hindrance).await;
        if let Some(user) = one_user(given, &fitting)? {
            return Ok(user);
        }
        if let Some(problem) = hindrance {
            return Err(problem.during(format!("Cannot look for the user {given}")));
        }
        let near = if fitting.is_empty() {
            self.search_users(&stem(given), FIRST_PAGE, &mut hindrance).await
        } else {
            fitting
        };
        let logins = near.iter().map(|user| user.login_name.as_str());
        let names = near.iter().map(|user| user.display_name.as_str());
        let some = near.iter().take(LISTED).map(|user| user.login_name.or(&user.title()));
        let suggestion = suggestion(given, logins, names, some);
        Err(self.not_found("user", given, suggestion, "user.read"))
    }

    /// All users of all organizations that fit the text, by login name, and what could not be searched.
    ///
    /// # Errors
    /// Where nobody was found and something could not be searched.
    pub async fn all_users(&self, text: &str) -> Result<(Vec<User>, Option<Problem>), Problem> {
        let mut hindrance = None;
        let mut users = self.search_users(text, ALL_PAGES, &mut hindrance).await;
        users.sort_by_cached_key(|user| (user.login_name.as_str().to_lowercase(), user.id.clone()));
        match hindrance {
            Some(problem) if users.is_empty() => Err(problem.during("Cannot search users")),
            hindrance => Ok((users, hindrance)),
        }
    }

    /// Tells apart what is not there from what may be hidden. Who has `permission` on the instance sees everything, who
    /// has it somewhere sees a part, and who has it nowhere cannot look at all.
    fn not_found(
        &self,
        what: &str,
        given: &str,
        suggestion: Option<String>,
        permission: &'static str,
    ) -> Problem {
        let title = format!("There is no {what} {given}");
        let fix = suggestion.unwrap_or_else(|| "check the spelling, or use the id".to_owned());
        if self.facts().instance_role_allows(permission) {
            let why = format!("no {what} has this id or exactly this name");
            return Problem::new(ProblemKind::NotFound, title, why, fix);
        }
        let missing = self.facts().missing(permission);
        let mut problem = if missing.held_elsewhere().next().is_some() {
            let why = "none that you may see has this id or exactly this name; others may be hidden from you";
            Problem::new(ProblemKind::NotFound, title, why, fix)
        } else {
            Problem::new(
                ProblemKind::PermissionMissing,
                format!("Cannot look for the {what} {given}"),
                "none of your roles lets you see more than what is your own",
                "sign in as a user who has one of the roles named above, or have one given to you",
            )
        };
        problem.missing = Some(Box::new(missing));
        problem
    }

    /// What the three passes find together; the first failure is kept in `hindrance`.
    async fn search_users(&self, text: &str, pages: usize, hindrance: &mut Option<Problem>) -> Vec<User> {
        let pass = |pass| async move {
            let mut found = Vec::new();
            let mut offset = Some(0);
            let mut left = pages;
            while let (Some(start), 1..) = (offset, left) {
                left -= 1;
                let text = text.to_owned();
                let query = UserQuery { text, organization: None, pass, offset: start, limit: PAGE };
                let page = self.users(&query).await?;
                found.extend(page.rows);
                offset = page.next_offset;
            }
            Ok(found)
        };
        let (names, logins, services) =
            tokio::join!(pass(UserPass::Names), pass(UserPass::LoginNames), pass(UserPass::ServiceNames));
        let mut users: Vec<User> = Vec::new();
        for answer in [names, logins, services] {
            for user in readable(answer, hindrance).unwrap_or_default() {
                if !users.iter().any(|known| known.id == user.id) {
                    users.push(user);
                }
            }
        }
        users
    }
}

/// The answer, or nothing and the reason kept. "Not found" is an answer.
fn readable<T>(answer: Result<T, Problem>, hindrance: &mut Option<Problem>) -> Option<T> {
    match answer {
        Ok(value) => Some(value),
        Err(problem) if problem.kind == ProblemKind::NotFound => None,
        Err(problem) => {
            hindrance.get_or_insert(problem);
            None
        }
    }
}

fn stem(given: &str) -> String {
    given.chars().take(STEM).collect()
}

fn one_organization(given: &str, rows: &[Organization]) -> Result<Option<Organization>, Problem> {
    if let Some(row) = rows.iter().find(|row| row.id.as_str() == given) {
        return Ok(Some(row.clone()));
    }
    let rows = rows.iter().filter(|row| row.state != OrganizationState::Removed);
    let fitting = exact_first(given, rows, |row| vec![&row.name, &row.primary_domain]);
    one("organization", given, &fitting, |row| {
        format!("{}, {}, id {}", row.title(), row.primary_domain, row.id)
    })
}

fn one_user(given: &str, users: &[User]) -> Result<Option<User>, Problem> {
    let texts = |user: &User| -> Vec<SafeText> {
        let names = [&user.login_name, &user.user_name, &user.display_name];
        names.into_iter().chain(&user.login_names).chain(&user.email).cloned().collect()
    };
    let texts: Vec<(&User, Vec<SafeText>)> = users.iter().map(|user| (user, texts(user))).collect();
    let fitting = exact_first(given, texts.iter(), |(_, texts)| texts.iter().collect());
    let fitting: Vec<&User> = fitting.into_iter().map(|(user, _)| *user).collect();
    one("user", given, &fitting, |user| {
        format!("{}, {}, {}, id {}", user.title(), user.login_name, user.kind, user.id)
    })
}

/// The roles with these keys among those that the server offers, without doubles.
///
/// # Errors
/// `NotFound` with what may have been meant.
pub fn choose_roles(given: &[String], offered: &[Role], level: Level) -> Result<Vec<Role>, Problem> {
    let roles: Result<Vec<Role>, Problem> = given.iter().map(|key| one_role(key, offered, level)).collect();
    roles.map(without_doubles)
}

fn one_role(given: &str, offered: &[Role], level: Level) -> Result<Role, Problem> {
    if let Some(role) = offered.iter().find(|role| role.key() == given) {
        return Ok(role.clone());
    }
    let keys = offered.iter().map(Role::key);
    let fix = match Role::new(given).level() {
        Some(other) if other != level && Role::new(given).card().is_some() => {
            format!("{given} is a role of the level {other}")
        }
        _ => did_you_mean(given, keys.clone())
            .unwrap_or_else(|| format!("there are {}", keys.collect::<Vec<_>>().join(", "))),
    };
    Err(Problem::new(
        ProblemKind::NotFound,
        format!("There is no role {given} to give here"),
        format!("the server does not offer it at the level {level}"),
        fix,
    ))
}

/// The rows with exactly this text, else those with it in other letter case.
fn exact_first<'a, T>(
    given: &str,
    rows: impl Iterator<Item = &'a T> + Clone,
    texts: impl Fn(&T) -> Vec<&SafeText>,
) -> Vec<&'a T> {
    let given = SafeText::new(given.trim());
    let lower = given.as_str().to_lowercase();
    if given.is_empty() {
        return Vec::new();
    }
    let exact: Vec<&T> = rows.clone().filter(|row| texts(row).contains(&&given)).collect();
    if exact.is_empty() {
        let fits = |text: &&SafeText| text.as_str().to_lowercase() == lower;
        return rows.filter(|row| texts(row).iter().any(fits)).collect();
    }
    exact
}

fn one<T: Clone>(
    what: &str,
    given: &str,
    fitting: &[&T],
    describe: impl Fn(&T) -> String,
) -> Result<Option<T>, Problem> {
    match fitting {
        [] => Ok(None),
        [only] => Ok(Some((*only).clone())),
        several => {
            let mut why = format!("it fits {}:", several.len());
            for candidate in several.iter().take(LISTED) {
                let _ = write!(why, " [{}]", describe(candidate));
            }
            if several.len() > LISTED {
                why.push_str(" …");
            }
            Err(Problem::new(
                ProblemKind::Ambiguous,
                format!("The {what} {given} is ambiguous"),
                why,
                "name it by its id",
            ))
        }
    }
}

/// What may have been meant: names spelt nearly like it, else some that hold it.
fn suggestion<'a>(
    given: &str,
    first: impl Iterator<Item = &'a str>,
    second: impl Iterator<Item = &'a str>,
    some: impl Iterator<Item = SafeText>,
) -> Option<String> {
    if let Some(meant) = did_you_mean(given, first).or_else(|| did_you_mean(given, second)) {
        return Some(meant);
    }
    let some: Vec<String> = some.map(|name| name.to_string()).collect();
    (!some.is_empty()).then(|| format!("similar names: {}", some.join(", ")))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::user::{UserKind, UserState};

    fn organization(id: &str, name: &str, primary_domain: &str) -> Organization {
        Organization {
            id: OrganizationId::new(id),
            name: name.into(),
            primary_domain: primary_domain.into(),
            state: OrganizationState::Active,
        }
    }

    fn user(id: &str, user_name: &str, display_name: &str, email: Option<&str>) -> User {
        User {
            id: UserId::new(id),
            organization: OrganizationId::new("1"),
            kind: UserKind::Human,
            state: UserState::Active,
            user_name: user_name.into(),
            login_name: format!("{user_name}@o{id}.example").as_str().into(),
            login_names: Vec::new(),
            display_name: display_name.into(),
            email: email.map(SafeText::new),
        }
    }

    fn organizations() -> Vec<Organization> {
        vec![
            organization("1", "Acme", "acme.example"),
            organization("2", "acme", "other.example"),
            organization("3", "Globex", "globex.example"),
            organization("4", "globex.example", "four.example"),
            organization("5", "Initech", "initech.example"),
            organization("6", "Initech", "again.example"),
            organization("7", "3", "seven.example"),
        ]
    }

    #[rstest]
    #[case::id("5", Some("5"))]
    #[case::id_before_a_name_that_looks_like_it("3", Some("3"))]
    #[case::exact_case_first("Acme", Some("1"))]
    #[case::other_case("GLOBEX", Some("3"))]
    #[case::domain("other.example", Some("2"))]
    #[case::part_of_a_name("Glob", None)]
    #[case::nothing("", None)]
    fn an_organization_is_what_it_is_called(#[case] given: &str, #[case] id: Option<&str>) {
        let found = one_organization(given, &organizations()).expect("not ambiguous");
        assert_eq!(found.as_ref().map(|row| row.id.as_str()), id);
    }

    #[rstest]
    #[case::same_name("Initech", &["5", "6"])]
    #[case::name_of_one_and_domain_of_another("globex.example", &["3", "4"])]
    #[case::case_fits_neither("ACME", &["1", "2"])]
    fn an_ambiguous_organization_lists_its_candidates(#[case] given: &str, #[case] ids: &[&str]) {
        let problem = one_organization(given, &organizations()).expect_err("ambiguous");
        assert_eq!(problem.kind, ProblemKind::Ambiguous);
        for id in ids {
            assert!(problem.why.as_str().contains(&format!("id {id}]")), "{problem}");
        }
    }

    #[test]
    fn a_removed_organization_goes_by_its_id_only() {
        let mut removed = organization("8", "Gone", "");
        removed.state = OrganizationState::Removed;
        assert_eq!(one_organization("Gone", std::slice::from_ref(&removed)), Ok(None));
        assert_eq!(one_organization("8", std::slice::from_ref(&removed)), Ok(Some(removed)));
    }

    #[test]
    fn a_user_goes_by_every_exact_name_but_never_by_a_shared_one() {
        let users = [
            user("1", "alice", "Alice", Some("alice@mail.example")),
            user("2", "bob", "Alice", None),
            user("3", "alice@mail.example", "Mallory", None),
        ];
        let found = |given| one_user(given, &users).map(|user| user.map(|user| user.id));
        assert_eq!(found("alice"), Ok(Some(UserId::new("1"))));
        assert_eq!(found("bob@o2.example"), Ok(Some(UserId::new("2"))));
        assert_eq!(found("MALLORY"), Ok(Some(UserId::new("3"))));
        assert_eq!(found("ali"), Ok(None));
        for shared in ["Alice", "alice@mail.example"] {
            assert_eq!(found(shared).expect_err("ambiguous").kind, ProblemKind::Ambiguous);
        }
    }

    #[rstest]
    #[case::case("org_owner", "did you mean ORG_OWNER?")]
    #[case::slip("ORG_OWNR", "did you mean ORG_OWNER?")]
    #[case::other_level("IAM_OWNER", "a role of the level instance")]
    #[case::anything("x", "there are ORG_OWNER, ORG_USER_MANAGER")]
    fn an_unknown_role_tells_what_may_be_meant(#[case] given: &str, #[case] fix: &str) {
        let offered = [Role::new("ORG_OWNER"), Role::new("ORG_USER_MANAGER")];
        let problem = one_role(given, &offered, Level::Organization).expect_err("unknown");
        assert_eq!(problem.kind, ProblemKind::NotFound);
        assert!(problem.fix.as_str().contains(fix), "{problem}");
        assert_eq!(one_role("ORG_OWNER", &offered, Level::Organization), Ok(Role::new("ORG_OWNER")));
    }
}
