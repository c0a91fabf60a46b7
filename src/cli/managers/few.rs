//! The managers of named resources, or of one user.

use futures_util::{StreamExt, stream};

use super::super::run::Context;
use super::super::unread::Unread;
use super::{Wanted, unreadable};
use crate::domain::id::UserId;
use crate::domain::inventory::ManagerRecord;
use crate::domain::level::Level;
use crate::domain::manager::Manager;
use crate::domain::problem::Problem;
use crate::domain::project::{Project, ProjectGrant};
use crate::engine::Session;
use crate::engine::resolve::{FoundResource, ResourceName};

/// How many lists are read at once.
const AT_ONCE: usize = 8;

/// Whether a name together with a level means one resource; else all of that level below it.
pub(super) fn is_one_resource(place: &ResourceName, level: Option<Level>) -> bool {
    below(place, level).is_none()
}

/// The level below a named resource of which all are wanted.
fn below(place: &ResourceName, level: Option<Level>) -> Option<Level> {
    let own = match place {
        ResourceName::Instance => Level::Instance,
        ResourceName::Organization(_) => Level::Organization,
        ResourceName::Project { .. } => Level::Project,
        ResourceName::Grant { .. } => Level::ProjectGrant,
    };
    level.filter(|level| *level > own && own != Level::Instance)
}

/// Reads them.
///
/// # Errors
/// Names that fit nothing or several, or where the one list that was asked for cannot be read.
pub(super) async fn read(
    context: &mut Context,
    place: Option<&ResourceName>,
    user: Option<&str>,
    wanted: &Wanted,
    unread: &mut Unread,
) -> Result<Vec<ManagerRecord>, Problem> {
    let session = context.session.clone();
    let read = async {
        let user = match user {
            Some(given) => Some(session.find_user(given).await?.id),
            None => None,
        };
        match (place, &user) {
            (None, Some(user)) => of_user(&session, user, unread).await,
            (Some(place), _) => of_place(&session, place, wanted.level, unread).await,
            (None, None) => Ok(Vec::new()),
        }
        .map(|records| (records, user))
    };
    let (mut records, user) = context.interrupt.stops(read).await?;
    records.retain(|record| {
        wanted.fits(record) && user.as_ref().is_none_or(|user| record.manager.user.id == *user)
    });
    Ok(records)
}

async fn of_user(
    session: &Session,
    user: &UserId,
    unread: &mut Unread,
) -> Result<Vec<ManagerRecord>, Problem> {
    let sheet = session.person(user).await?;
    sheet.unread.into_iter().for_each(|part| unread.push(part));
    Ok(sheet.records)
}

async fn of_place(
    session: &Session,
    place: &ResourceName,
    level: Option<Level>,
    unread: &mut Unread,
) -> Result<Vec<ManagerRecord>, Problem> {
    let Some(level) = below(place, level) else {
        let found = session.find_resource(place).await?;
        let managers = session.managers(&found.resource).await;
        let managers = managers.map_err(|problem| unreadable(problem, &found.name))?;
        return Ok(records(&found, managers));
    };
    let projects = projects_of(session, place, unread).await?;
    let found = match level {
        Level::ProjectGrant => grants_of(session, &projects, unread).await,
        _ => projects.into_iter().map(|(found, _)| found).collect(),
    };
    let lists = stream::iter(&found).map(|found| session.managers(&found.resource)).buffered(AT_ONCE);
    let lists: Vec<Result<Vec<Manager>, Problem>> = lists.collect().await;
    let mut all = Vec::new();
    for (found, managers) in found.iter().zip(lists) {
        let name = format!("managers of {}", found.name);
        all.extend(records(found, unread.rows(managers, Some(&found.resource), &name)));
    }
    Ok(all)
}

async fn projects_of(
    session: &Session,
    place: &ResourceName,
    unread: &mut Unread,
) -> Result<Vec<(FoundResource, Project)>, Problem> {
    let (projects, owner) = match place {
        ResourceName::Project { project, organization } => {
            let project = session.find_project(project, organization.as_deref()).await?;
            let names = session.organization_names(std::slice::from_ref(&project.organization)).await;
            (vec![project], names.into_iter().next().map(|(_, name)| name).unwrap_or_default())
        }
        ResourceName::Organization(given) => {
            let owner = session.find_organization(given).await?;
            let (projects, hindrance) = session.projects_of(std::slice::from_ref(&owner), "").await;
            let name = format!("projects of {}", owner.title());
            (unread.rows(hindrance.map_or(Ok(projects), Err), None, &name), owner.title())
        }
        ResourceName::Instance | ResourceName::Grant { .. } => return Ok(Vec::new()),
    };
    let found = projects.into_iter().map(|project| {
        let found = FoundResource {
            resource: project.resource(),
            name: project.title(),
            organization_name: owner.clone(),
        };
        (found, project)
    });
    Ok(found.collect())
}

async fn grants_of(
    session: &Session,
    projects: &[(FoundResource, Project)],
    unread: &mut Unread,
) -> Vec<FoundResource> {
    let lists = stream::iter(projects).map(|(_, project)| session.project_grants(project)).buffered(AT_ONCE);
    let lists: Vec<Result<Vec<ProjectGrant>, Problem>> = lists.collect().await;
    let mut grants = Vec::new();
    for ((found, _), answer) in projects.iter().zip(lists) {
        grants.extend(unread.rows(answer, None, &format!("grants of {}", found.name)));
    }
    let found = grants.iter().map(|grant| FoundResource {
        resource: grant.resource(),
        name: grant.title(),
        organization_name: grant.organization_name.clone(),
    });
    found.collect()
}

fn records(found: &FoundResource, managers: Vec<Manager>) -> Vec<ManagerRecord> {
    let record = |manager| ManagerRecord {
        manager,
        resource_name: found.name.clone(),
        organization_name: found.organization_name.clone(),
    };
    managers.into_iter().map(record).collect()
}
