//! Administrators, the name that v2 gives to managers: one list over all levels, and writes that take the resource in
//! the body (CONTRACT.md section 8; recordings `admins.v2/…`, `admins.v2beta/…`).

mod filter;
mod list;
mod write;

use crate::demo::Version;
use crate::demo::message::Reply;
use crate::demo::refusal::Refusal;
use crate::demo::router::{Access, Call, Route};

use self::filter::Service;

/// Connect since 4.15, the older service over Connect and REST since 4.3. `POST …/search` of REST is taken by the
/// update, with a user called "search" (recording `admins.v2beta/list`).
pub(super) const ROUTES: &[Route] = &[
    v2("/zitadel.internal_permission.v2.InternalPermissionService/ListAdministrators", list_v2),
    v2("/zitadel.internal_permission.v2.InternalPermissionService/CreateAdministrator", write::create),
    v2("/zitadel.internal_permission.v2.InternalPermissionService/UpdateAdministrator", write::update),
    v2("/zitadel.internal_permission.v2.InternalPermissionService/DeleteAdministrator", write::delete),
    beta(
        "POST",
        "/zitadel.internal_permission.v2beta.InternalPermissionService/ListAdministrators",
        list_beta,
    ),
    beta(
        "POST",
        "/zitadel.internal_permission.v2beta.InternalPermissionService/CreateAdministrator",
        write::create,
    ),
    beta(
        "POST",
        "/zitadel.internal_permission.v2beta.InternalPermissionService/UpdateAdministrator",
        write::update,
    ),
    beta(
        "POST",
        "/zitadel.internal_permission.v2beta.InternalPermissionService/DeleteAdministrator",
        write::delete,
    ),
    beta("POST", "/v2beta/administrators", write::create),
    beta("POST", "/v2beta/administrators/{user}", write::update),
    beta("DELETE", "/v2beta/administrators/{user}", write::delete),
];

const fn v2(pattern: &'static str, handle: fn(&mut Call<'_>) -> Result<Reply, Refusal>) -> Route {
    Route::new("POST", pattern, Access::Token, handle).since(Version::V4_15)
}

const fn beta(
    method: &'static str,
    pattern: &'static str,
    handle: fn(&mut Call<'_>) -> Result<Reply, Refusal>,
) -> Route {
    Route::new(method, pattern, Access::Token, handle).since(Version::V4_3)
}

fn list_v2(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    list::list(call, Service::V2)
}

fn list_beta(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    list::list(call, Service::V2Beta)
}
