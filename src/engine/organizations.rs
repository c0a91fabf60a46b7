//! Listing organizations from the fastest source that the own user may ask, and naming those that rows refer to.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use futures_util::future::OptionFuture;
use futures_util::{StreamExt, stream};

use super::explain::explain;
use super::session::Inner;
use super::total::with_honest_total;
use crate::api::error::CallError;
use crate::api::organizations::{OrganizationFilter, OrganizationSearch};
use crate::api::users::looks_like_id;
use crate::api::wire::MAX_LIMIT;
use crate::domain::id::OrganizationId;
use crate::domain::level::Level;
use crate::domain::organization::Organization;
use crate::domain::page::Page;
use crate::domain::problem::Problem;
use crate::domain::query::OrganizationQuery;
use crate::domain::text::SafeText;

/// The permission that lets one see an organization.
const SEE: &str = "org.read";
const WHAT: &str = "Cannot list organizations";
/// Requests under way at once when names are looked up one by one.
const AT_ONCE: usize = 8;
/// From this many names on, reading the whole list by pages is cheaper than asking one by one (SCALE.md).
const MANY: usize = 24;
/// Through v2 the server checks organizations row by row, so that pages are kept small (SCALE.md).
pub(super) const V2_PAGE: u32 = 100;
/// No more names are kept than this.
const MAX_KNOWN: usize = 100_000;

/// Names seen so far; an empty one means that it cannot be read.
#[derive(Debug, Default)]
pub(super) struct KnownNames(Mutex<HashMap<OrganizationId, SafeText>>);

impl KnownNames {
    pub(super) fn learn(&self, names: impl IntoIterator<Item = (OrganizationId, SafeText)>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, name) in names {
            if known.len() < MAX_KNOWN || known.contains_key(&id) {
                known.insert(id, name);
            }
        }
    }

    pub(super) fn get(&self, id: &OrganizationId) -> Option<SafeText> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}

impl Inner {
    pub(super) async fn organizations(
        &self,
        query: &OrganizationQuery,
    ) -> Result<Page<Organization>, Problem> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let text = query.text.trim();
        let (mut page, complete) = self.search(text, query.offset, limit).await?;
        if !complete {
            self.with_own(&mut page, text, query.offset).await;
        }
        page.rows.sort_by_cached_key(|row| (row.name.as_str().to_lowercase(), row.id.clone()));
        self.known_names.learn(page.rows.iter().map(|row| (row.id.clone(), row.name.clone())));
        Ok(with_honest_total(page, query.offset, complete && text.is_empty()))
    }

    /// Every organization that can be read, by pages as large as the server answers quickly.
    pub(super) async fn every_organization(&self) -> Result<Vec<Organization>, Problem> {
        let limit = if self.reads_instance() { MAX_LIMIT } else { V2_PAGE };
        let mut all = Page { rows: Vec::new(), total: None, next_offset: Some(0) };
        let mut whole = true;
        while let Some(start) = all.next_offset {
            let (page, complete) = self.search("", start, limit).await?;
            all.next_offset = page.next_offset.filter(|next| *next > start);
            all.rows.extend(page.rows);
            whole &= complete;
        }
        if !whole {
            self.with_own(&mut all, "", 0).await;
        }
        self.known_names.learn(all.rows.iter().map(|row| (row.id.clone(), row.name.clone())));
        Ok(all.rows)
    }

    /// One page, and whether the own user sees everything there is.
    async fn search(
        &self,
        text: &str,
        offset: u64,
        limit: u32,
    ) -> Result<(Page<Organization>, bool), Problem> {
        if self.reads_instance() {
            match self.merged(OrganizationSearch::Admin, text, offset, limit).await {
                Ok(page) => return Ok((page, true)),
                // Refused after all, or kept away by a proxy.
                Err(error) if error.is_forbidden() || error.is_not_found() => {}
                Err(error) => return Err(explain(&self.facts, error, WHAT, SEE)),
            }
        }
        if !self.facts.capabilities.organizations_v2 {
            return Ok((Page { rows: Vec::new(), total: None, next_offset: None }, false));
        }
        let page = self.merged(OrganizationSearch::V2, text, offset, limit).await;
        let page = page.map_err(|error| explain(&self.facts, error, WHAT, SEE))?;
        Ok((page, self.facts.instance_role_allows(SEE)))
    }

    /// Only who has `iam.read` was told the version at the sign-in.
    pub(super) fn reads_instance(&self) -> bool {
        self.facts.version.is_some()
    }

    /// Several filters in one search are joined with "and", so name and domain are two searches side by side.
    async fn merged(
        &self,
        search: OrganizationSearch,
        text: &str,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Organization>, CallError> {
        if text.is_empty() {
            return self.client.organizations(search, OrganizationFilter::All, offset, limit).await;
        }
        let by_id: OptionFuture<_> = (offset == 0 && looks_like_id(text)).then(|| self.by_id(text)).into();
        let (names, domains, by_id) = futures_util::join!(
            self.client.organizations(search, OrganizationFilter::Name(text), offset, limit),
            self.client.organizations(search, OrganizationFilter::Domain(text), offset, limit),
            by_id
        );
        Ok(merge(text, names?, known_filter(domains)?, by_id.flatten()))
    }

    /// The organization with this id; none where there is none or it cannot be seen.
    async fn by_id(&self, text: &str) -> Option<Organization> {
        let id = OrganizationId::new(text);
        let found = self.client.organization_by_id(&id).await.ok()?;
        (found.id == id).then_some(found)
    }

    /// Puts the own organization and those of the own memberships onto the first page and takes them from the others:
    /// who manages only a project or a grant is shown no organization by the server (recordings
    /// `orgs/v2-list@portal-admin`, `@grant-admin`).
    async fn with_own(&self, page: &mut Page<Organization>, text: &str, offset: u64) {
        let own = self.own_organizations();
        if offset > 0 {
            page.rows.retain(|row| !(own.contains_key(&row.id) && fits(row, text)));
            return;
        }
        let listed: HashSet<&OrganizationId> = page.rows.iter().map(|row| &row.id).collect();
        let absent: Vec<OrganizationId> = own.into_keys().filter(|id| !listed.contains(id)).collect();
        let found: Vec<Organization> =
            stream::iter(absent).map(|id| self.own_organization(id)).buffered(AT_ONCE).collect().await;
        page.rows.extend(found.into_iter().filter(|row| fits(row, text)));
    }

    /// The own organization and those of the own memberships, with the names that memberships tell.
    pub(super) fn own_organizations(&self) -> BTreeMap<OrganizationId, SafeText> {
        let mut own = BTreeMap::from([(self.facts.identity.organization.clone(), SafeText::default())]);
        for membership in &self.facts.memberships {
            let Some(id) = &membership.organization else { continue };
            let name = own.entry(id.clone()).or_default();
            if membership.level == Level::Organization {
                *name = membership.resource_name.clone();
            }
        }
        own
    }

    /// What can be told of one of the own organizations.
    pub(super) async fn own_organization(&self, id: OrganizationId) -> Organization {
        if let Ok(found) = self.client.organization_by_id(&id).await {
            return found;
        }
        let name = self.own_name(&id).await;
        Organization::unreadable(id, name)
    }

    /// The name of one of the own organizations for who may not read it: from a membership, a grant, or the token.
    async fn own_name(&self, id: &OrganizationId) -> SafeText {
        if let Some(name) = self.known_names.get(id).filter(|name| !name.is_empty()) {
            return name;
        }
        if let Some(name) = self.own_organizations().get(id).filter(|name| !name.is_empty()) {
            return name.clone();
        }
        let home = &self.facts.identity.organization;
        let (grants, token) =
            futures_util::join!(self.client.grants_received(home), self.client.own_organization_name());
        self.learn_names_of(&grants.unwrap_or_default());
        self.known_names.learn(token.ok().flatten());
        self.known_names.get(id).unwrap_or_default()
    }

    pub(super) async fn organization_names(&self, ids: &[OrganizationId]) -> Vec<(OrganizationId, SafeText)> {
        let unknown: HashSet<&OrganizationId> =
            ids.iter().filter(|id| self.known_names.get(id).is_none()).collect();
        if unknown.len() >= MANY && self.reads_instance() {
            self.learn_from_list(unknown.len()).await;
        }
        let unknown: Vec<OrganizationId> =
            unknown.into_iter().filter(|id| self.known_names.get(id).is_none()).cloned().collect();
        stream::iter(unknown).for_each_concurrent(AT_ONCE, |id| self.learn_name(id)).await;
        let named = ids.iter().filter_map(|id| self.known_names.get(id).map(|name| (id.clone(), name)));
        named.filter(|(_, name)| !name.is_empty()).collect()
    }

    /// Reads the list of all organizations, until it ends or fails.
    pub(super) async fn learn_from_list(&self, wanted: usize) {
        tracing::debug!(wanted, "naming organizations from the whole list");
        let mut offset = Some(0);
        while let Some(start) = offset {
            let search = OrganizationSearch::Admin;
            let page = self.client.organizations(search, OrganizationFilter::All, start, MAX_LIMIT).await;
            let Ok(page) = page else { return };
            offset = page.next_offset.filter(|next| *next < MAX_KNOWN as u64);
            self.known_names.learn(page.rows.into_iter().map(|row| (row.id, row.name)));
        }
    }

    async fn learn_name(&self, id: OrganizationId) {
        let name = match self.client.organization_by_id(&id).await {
            Ok(found) => found.name,
            Err(error) if error.status().is_none() => return,
            Err(_) if self.own_organizations().contains_key(&id) => self.own_name(&id).await,
            Err(_) => SafeText::default(),
        };
        self.known_names.learn([(id, name)]);
    }
}

/// Whether an organization is one that a search for `text` would find.
fn fits(row: &Organization, text: &str) -> bool {
    let text = text.to_lowercase();
    let holds = |field: &SafeText| field.as_str().to_lowercase().contains(&text);
    holds(&row.name) || holds(&row.primary_domain) || row.id.as_str() == text
}

/// An unknown filter is refused with 400 (CONTRACT.md section 4), and no recording shows the one by domain in v1: a
/// server without it must not lose the search by name.
fn known_filter(found: Result<Page<Organization>, CallError>) -> Result<Page<Organization>, CallError> {
    match found {
        Err(CallError::Refused(refused)) if refused.status == 400 => {
            Ok(Page { rows: Vec::new(), total: None, next_offset: None })
        }
        found => found,
    }
}

/// Joins what was found by name, by domain and by id. A row found by domain is left out where the search by name lists
/// it too, on whatever page: else it would appear twice.
fn merge(
    text: &str,
    names: Page<Organization>,
    domains: Page<Organization>,
    by_id: Option<Organization>,
) -> Page<Organization> {
    let next_offset = names.next_offset.max(domains.next_offset);
    let total = names.total.unwrap_or_default().saturating_add(domains.total.unwrap_or_default());
    let folded = text.to_ascii_lowercase();
    let by_domain =
        domains.rows.into_iter().filter(|row| !row.name.as_str().to_ascii_lowercase().contains(&folded));
    let mut seen = HashSet::new();
    let rows: Vec<Organization> = by_id
        .into_iter()
        .chain(names.rows)
        .chain(by_domain)
        .filter(|row| seen.insert(row.id.clone()))
        .collect();
    Page { rows, total: Some(total), next_offset }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error::Refused;
    use crate::domain::organization::OrganizationState;

    fn organization(id: &str, name: &str) -> Organization {
        Organization {
            id: OrganizationId::new(id),
            name: name.into(),
            primary_domain: format!("{name}.example").to_lowercase().into(),
            state: OrganizationState::Active,
        }
    }

    fn ids(page: &Page<Organization>) -> Vec<&str> {
        page.rows.iter().map(|row| row.id.as_str()).collect()
    }

    #[test]
    fn what_both_searches_find_appears_once() {
        let names = Page::new(vec![organization("1", "Globex")], Some(1), 0, 50);
        let domains =
            Page::new(vec![organization("1", "Globex"), organization("2", "Other")], Some(2), 0, 50);
        let merged = merge("GLO", names, domains, None);
        assert_eq!(ids(&merged), ["1", "2"]);
        assert_eq!(merged.next_offset, None);
    }

    #[test]
    fn a_row_that_the_search_by_name_lists_on_another_page_is_not_doubled() {
        let names = Page::new(vec![organization("1", "Globex")], Some(80), 0, 50);
        let domains = Page::new(vec![organization("7", "Globex Zeta")], Some(1), 0, 50);
        let merged = merge("globex", names, domains, None);
        assert_eq!(ids(&merged), ["1"]);
        assert_eq!(merged.next_offset, Some(50));
    }

    #[test]
    fn paging_goes_on_while_either_search_has_more() {
        let names = Page::new(Vec::new(), None, 0, 50);
        let domains = Page::new(vec![organization("7", "Zeta")], Some(120), 0, 50);
        assert_eq!(merge("x", names, domains, None).next_offset, Some(50));
    }

    fn refused(status: u16) -> CallError {
        CallError::Refused(Box::new(Refused {
            status,
            code: None,
            id: None,
            message: "value is required".into(),
            request_id: None,
            wait: None,
            from_zitadel: true,
        }))
    }

    #[test]
    fn a_server_without_the_search_by_domain_still_finds_by_name() {
        assert_eq!(known_filter(Err(refused(400))).expect("no rows").rows, []);
        assert!(known_filter(Err(refused(403))).is_err());
    }
}
