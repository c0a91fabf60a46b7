//! The endpoints, one file per service. Each file has the table of its routes; the router does the checks that all
//! share.

mod administrators;
mod applications;
mod connect;
mod credentials;
mod discovery;
mod events;
mod grant_members;
mod instance;
mod me;
mod members;
mod oauth;
mod organizations;
mod projects;
mod projects_v2;
mod users;
mod users_filter;

use super::router::Route;

/// Every route of every version.
pub(super) fn all() -> impl Iterator<Item = &'static Route> {
    [
        discovery::ROUTES,
        oauth::ROUTES,
        me::ROUTES,
        instance::ROUTES,
        organizations::ROUTES,
        users::ROUTES,
        credentials::ROUTES,
        members::ROUTES,
        grant_members::ROUTES,
        projects::ROUTES,
        applications::ROUTES,
        projects_v2::ROUTES,
        administrators::ROUTES,
        events::ROUTES,
    ]
    .into_iter()
    .flatten()
}
