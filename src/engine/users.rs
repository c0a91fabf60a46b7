//! Searching users where the own user may see them, and finding one by its exact login name.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::explain::{explain, lacking};
use super::session::Inner;
use super::total::with_honest_total;
use crate::api::error::CallError;
use crate::api::users::{UserFilter, UserScope};
use crate::api::wire::MAX_LIMIT;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::level::Level;
use crate::domain::manager::Membership;
use crate::domain::page::Page;
use crate::domain::problem::Problem;
use crate::domain::query::{UserPass, UserQuery};
use crate::domain::role::Role;
use crate::domain::user::User;

/// The permission that lets one see users.
pub(super) const SEE: &str = "user.read";
/// The permission for looking up a login name in all organizations.
const SEE_ANY: &str = "user.global.read";
const WHAT: &str = "Cannot list users";
/// Service users are kept up to this number; more are found only by user or login name.
const MAX_SERVICE_USERS: usize = 20_000;
/// Where reading them ends, however many the server counts that may not be seen.
const MAX_OFFSET: u64 = 100_000;
/// How long the kept service users are used.
const KEPT_FOR: Duration = Duration::from_secs(120);
/// For so many places service users are kept.
const MAX_PLACES: usize = 16;
/// Organizations asked beside the search over all, for who sees users only by a project or a grant.
const MAX_BESIDE: usize = 8;

/// Service users by place, as read a moment ago; no server can search their names (CONTRACT.md section 11).
#[derive(Debug, Default)]
pub(super) struct KeptServiceUsers(tokio::sync::Mutex<HashMap<Option<OrganizationId>, Kept>>);

#[derive(Debug)]
struct Kept {
    read: Instant,
    users: Arc<[User]>,
}

/// Where to ask for users.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Everywhere,
    Organization(OrganizationId),
}

impl Source {
    const fn scope(&self) -> UserScope<'_> {
        match self {
            Self::Everywhere => UserScope::Everywhere,
            Self::Organization(id) => UserScope::Organization(id),
        }
    }
}

impl Inner {
    pub(super) async fn users(&self, query: &UserQuery) -> Result<Page<User>, Problem> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let text = query.text.trim();
        let filter = match query.pass {
            _ if text.is_empty() => UserFilter::All,
            UserPass::Names => UserFilter::Names(text),
            UserPass::LoginNames => UserFilter::LoginNames(text),
            UserPass::ServiceNames => {
                let users = self.service_users(query.organization.as_ref()).await?;
                return Ok(named(&users, text, query.offset, limit));
            }
        };
        let sources = self.sources(query.organization.as_ref())?;
        self.page(&sources, filter, query.offset, limit).await
    }

    pub(super) async fn users_by_id(&self, ids: &[UserId]) -> Result<Vec<User>, Problem> {
        let mut seen = HashSet::new();
        let ids: Vec<UserId> = ids.iter().filter(|id| seen.insert(*id)).cloned().collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sources = self.sources(None)?;
        let mut users = Vec::with_capacity(ids.len());
        for some in ids.chunks(MAX_LIMIT as usize) {
            users.extend(self.page(&sources, UserFilter::Ids(some), 0, MAX_LIMIT).await?.rows);
        }
        Ok(users)
    }

    pub(super) async fn user_by_login_name(&self, login_name: &str) -> Result<Option<User>, Problem> {
        let name = login_name.trim();
        if name.is_empty() {
            return Ok(None);
        }
        let what = format!("Cannot look up the login name {name}");
        let refused = match self.client.user_by_login_name_unchecked(name).await {
            Ok(user) if user.has_login_name(name) => return Ok(Some(user)),
            Ok(_) => None,
            Err(error) if error.is_forbidden() => Some(error),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(explain(&self.facts, error, &what, SEE_ANY)),
        };
        let mut found = Vec::new();
        if self.facts.capabilities.users_v2 {
            let filter = UserFilter::LoginName(name);
            let page = self.client.users(UserScope::Everywhere, filter, 0, MAX_LIMIT).await;
            found = page.map_err(|error| explain(&self.facts, error, &what, SEE_ANY))?.rows;
            found.retain(|user| user.has_login_name(name));
        }
        let exact = found.iter().position(|user| user.login_names.iter().any(|own| own.as_str() == name));
        match (found.into_iter().nth(exact.unwrap_or_default()), refused) {
            (None, Some(error)) => Err(explain(&self.facts, error, &what, SEE_ANY)),
            (user, _) => Ok(user),
        }
    }

    /// Where to ask. The search over all organizations shows users only by roles on the instance or on an
    /// organization; who holds roles on projects or grants sees the users of their organizations one by one
    /// (recordings `users/v2-list@portal-admin`, `users/v1-list-globex@portal-admin`).
    fn sources(&self, organization: Option<&OrganizationId>) -> Result<Vec<Source>, Problem> {
        if let Some(id) = organization {
            return Ok(vec![Source::Organization(id.clone())]);
        }
        let beside = beside(&self.facts.memberships, &self.facts.identity.organization);
        let everywhere = self.facts.capabilities.users_v2;
        if beside.is_empty() && sees_nobody(&self.facts.memberships) {
            return Err(lacking(&self.facts, WHAT, SEE));
        }
        let mut sources: Vec<Source> = everywhere.then_some(Source::Everywhere).into_iter().collect();
        sources.extend(beside.into_iter().map(Source::Organization));
        if sources.is_empty() {
            sources.push(Source::Organization(self.facts.identity.organization.clone()));
        }
        Ok(sources)
    }

    /// The same page of all sources, merged by id. One source that refuses does not hide the others.
    async fn page(
        &self,
        sources: &[Source],
        filter: UserFilter<'_>,
        offset: u64,
        limit: u32,
    ) -> Result<Page<User>, Problem> {
        let asked = sources.iter().map(|source| self.client.users(source.scope(), filter, offset, limit));
        let answers = join_all(asked).await;
        let merged = merge(answers).map_err(|error| explain(&self.facts, error, WHAT, SEE))?;
        let exact = match sources {
            [Source::Organization(_)] => true,
            [Source::Everywhere] => self.facts.instance_role_allows(SEE),
            _ => false,
        };
        Ok(with_honest_total(merged, offset, exact))
    }

    /// All service users of a place, read at most once in a while; who asks meanwhile waits for the same answer.
    async fn service_users(&self, organization: Option<&OrganizationId>) -> Result<Arc<[User]>, Problem> {
        let mut places = self.service_users.0.lock().await;
        let place = organization.cloned();
        if let Some(kept) = places.get(&place).filter(|kept| kept.read.elapsed() < KEPT_FOR) {
            return Ok(Arc::clone(&kept.users));
        }
        let sources = self.sources(organization)?;
        let mut users: Vec<User> = Vec::new();
        let mut seen = HashSet::new();
        let mut offset = Some(0);
        while let Some(start) = offset.filter(|start| *start < MAX_OFFSET && users.len() < MAX_SERVICE_USERS)
        {
            let page = self.page(&sources, UserFilter::Service, start, MAX_LIMIT).await?;
            offset = page.next_offset;
            users.extend(page.rows.into_iter().filter(|user| seen.insert(user.id.clone())));
        }
        users.sort_by_cached_key(|user| user.display_name.as_str().to_lowercase());
        let users: Arc<[User]> = users.into();
        places.retain(|_, kept| kept.read.elapsed() < KEPT_FOR);
        if places.len() < MAX_PLACES {
            places.insert(place, Kept { read: Instant::now(), users: Arc::clone(&users) });
        }
        Ok(users)
    }
}

/// Whether known roles say that the user sees no other user. A role that we do not know may carry anything.
fn sees_nobody(memberships: &[Membership]) -> bool {
    memberships
        .iter()
        .flat_map(|own| &own.roles)
        .all(|role| role.card().is_some_and(|card| !card.permissions.contains(&SEE)))
}

fn carries(membership: &Membership) -> bool {
    membership.roles.iter().filter_map(Role::card).any(|card| card.permissions.contains(&SEE))
}

/// The organizations whose users are seen only by a role on a project or a grant.
fn beside(memberships: &[Membership], home: &OrganizationId) -> Vec<OrganizationId> {
    if memberships.iter().any(|own| own.level == Level::Instance && carries(own)) {
        return Vec::new();
    }
    let whole: BTreeSet<&OrganizationId> = memberships
        .iter()
        .filter(|own| own.level == Level::Organization && carries(own))
        .filter_map(|own| own.organization.as_ref())
        .collect();
    let mut beside = BTreeSet::new();
    for own in memberships.iter().filter(|own| own.level >= Level::Project && carries(own)) {
        beside.extend(own.organization.as_ref());
        if own.level == Level::ProjectGrant {
            // A membership does not tell the granted organization; mostly it is the own one.
            beside.insert(home);
        }
    }
    beside.into_iter().filter(|id| !whole.contains(id)).take(MAX_BESIDE).cloned().collect()
}

fn merge(answers: Vec<Result<Page<User>, CallError>>) -> Result<Page<User>, CallError> {
    let mut merged: Option<Page<User>> = None;
    let mut refused = None;
    for answer in answers {
        match answer {
            Ok(page) => match &mut merged {
                None => merged = Some(page),
                Some(merged) => {
                    merged.next_offset = merged.next_offset.max(page.next_offset);
                    merged.total = merged.total.max(page.total);
                    merged.rows.extend(page.rows);
                }
            },
            Err(error) if error.is_forbidden() => refused = Some(error),
            Err(error) => return Err(error),
        }
    }
    match (merged, refused) {
        (Some(mut page), _) => {
            let mut seen = HashSet::new();
            page.rows.retain(|user| seen.insert(user.id.clone()));
            Ok(page)
        }
        (None, Some(error)) => Err(error),
        (None, None) => Ok(Page { rows: Vec::new(), total: None, next_offset: None }),
    }
}

/// The part from `offset` on of those whose name contains `text`, ignoring case.
fn named(users: &[User], text: &str, offset: u64, limit: u32) -> Page<User> {
    let text = text.to_lowercase();
    let found: Vec<&User> =
        users.iter().filter(|user| user.display_name.as_str().to_lowercase().contains(&text)).collect();
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let rows = found.iter().skip(start).take(limit as usize).map(|user| (*user).clone()).collect();
    Page::new(rows, Some(found.len() as u64), offset, limit)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn membership(level: Level, organization: &str, role: &str) -> Membership {
        Membership {
            level,
            resource_id: "x".into(),
            resource_name: "x".into(),
            organization: (level != Level::Instance).then(|| OrganizationId::new(organization)),
            roles: vec![Role::new(role)],
        }
    }

    #[rstest]
    #[case::instance_sees_all(&[membership(Level::Instance, "", "IAM_OWNER"), membership(Level::Project, "2", "PROJECT_OWNER")], &[])]
    #[case::organization_by_v2(&[membership(Level::Organization, "2", "ORG_OWNER")], &[])]
    #[case::project(&[membership(Level::Project, "2", "PROJECT_OWNER")], &["2"])]
    #[case::grant(&[membership(Level::ProjectGrant, "2", "PROJECT_GRANT_OWNER")], &["1", "2"])]
    #[case::both(&[membership(Level::Organization, "3", "ORG_OWNER"), membership(Level::Project, "2", "PROJECT_OWNER"), membership(Level::Project, "3", "PROJECT_OWNER")], &["2"])]
    fn users_seen_by_a_project_are_asked_in_its_organization(
        #[case] own: &[Membership],
        #[case] asked: &[&str],
    ) {
        let beside = beside(own, &OrganizationId::new("1"));
        assert_eq!(beside.iter().map(OrganizationId::as_str).collect::<Vec<_>>(), asked);
    }

    #[rstest]
    #[case::nothing(&[], true)]
    #[case::without(&[membership(Level::Organization, "1", "ORG_SETTINGS_MANAGER")], true)]
    #[case::with(&[membership(Level::Organization, "1", "ORG_OWNER")], false)]
    #[case::unknown_role(&[membership(Level::Organization, "1", "ORG_OF_OURS")], false)]
    fn seeing_nobody_is_told_from_finding_nobody(#[case] own: &[Membership], #[case] nobody: bool) {
        assert_eq!(sees_nobody(own), nobody);
    }
}
