//! Answers the questions of the state machine with the session of the moment.

use futures_util::StreamExt;

use super::files::{self, ReviewText};
use super::parts;
use super::paths::complete;
use crate::app::effect::Request;
use crate::app::event::Answer;
use crate::config::paths::Paths;
use crate::domain::link::{Named, Thing};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::user::User;
use crate::engine::{Session, journal};

/// How many pasted texts are looked up beside each other.
const RESOLVED_AT_ONCE: usize = 4;

/// What answering needs.
pub(super) struct Means {
    /// Where we are signed in.
    pub(super) session: Option<Session>,
    /// Where files are kept.
    pub(super) paths: Paths,
    /// Writes a review as text.
    pub(super) review_text: ReviewText,
}

/// Asks the engine. `tell` hears the parts of an answer that come before its end.
pub(super) async fn answer(means: Means, request: Request, tell: impl Fn(Answer) + Send + Sync) -> Answer {
    let Means { session, paths, review_text } = means;
    let session = session.ok_or_else(not_signed_in);
    let progress = |done, known| tell(Answer::Progress { done, known });
    match request {
        Request::SignIn(_) => Answer::SignedIn(Err(not_signed_in())),
        Request::Paths(typed) => {
            Answer::Paths(tokio::task::spawn_blocking(move || complete(&typed)).await.unwrap_or_default())
        }
        Request::Organizations(query) => {
            Answer::Organizations(async { session?.organizations(&query).await }.await)
        }
        Request::Users(query) => Answer::Users(async { session?.users(&query).await }.await),
        Request::Managers(resource) => Answer::Managers(async { session?.managers(&resource).await }.await),
        Request::Roles(resource) => Answer::Roles(async { session?.roles(&resource).await }.await),
        Request::Permissions(organization) => {
            Answer::Permissions(async { session?.permissions(&organization).await }.await)
        }
        Request::OrganizationNames(ids) => Answer::OrganizationNames(match session {
            Ok(session) => session.organization_names(&ids).await,
            Err(_not_signed_in) => Vec::new(),
        }),
        Request::UsersById(ids) => Answer::UsersById(async { session?.users_by_id(&ids).await }.await),
        Request::Projects { organization, text, offset, limit } => {
            Answer::Projects(async { session?.projects(&organization, &text, offset, limit).await }.await)
        }
        Request::ProjectGrants(project) => {
            Answer::ProjectGrants(async { session?.project_grants(&project).await }.await)
        }
        Request::GrantedProjects(organization) => {
            Answer::GrantedProjects(async { session?.granted_projects(&organization).await }.await)
        }
        Request::Inventory => {
            let tell = |part| tell(Answer::Inventory(part));
            Answer::InventoryEnded(async { parts::inventory(&session?, tell).await }.await)
        }
        Request::Person(user) => Answer::Person(async { session?.person(&user).await }.await),
        Request::History => Answer::History(match session {
            Ok(session) => session.history().await,
            Err(_not_signed_in) => journal::history(&paths).await,
        }),
        Request::Manager(resource, user) => {
            Answer::Manager(async { session?.manager(&resource, &user).await }.await)
        }
        Request::Thing(named, name) => Answer::Thing(match session {
            Ok(session) => thing(&session, named, &name).await,
            Err(problem) => Err(problem),
        }),
        Request::ResolveUsers(texts) => Answer::Resolved(match session {
            Ok(session) => resolved(&session, texts).await,
            Err(problem) => texts.into_iter().map(|text| (text, Err(problem.clone()))).collect(),
        }),
        Request::AccessReview => {
            Answer::Reviewed(async { files::review(session?, paths, progress).await }.await)
        }
        Request::Accept { acceptance, comment } => {
            Answer::Accepted(files::accept(paths, *acceptance, comment).await)
        }
        Request::ExportReview(reviewed, wish) => {
            Answer::Written(files::export(review_text, *reviewed, wish).await)
        }
        Request::ExportManagers(records, unread, wish) => {
            Answer::Written(files::export_managers(records, unread, wish).await)
        }
        Request::Today => Answer::Today(jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()),
        Request::OpenSnapshot(path) => Answer::Snapshot(files::open(path).await),
        Request::SaveSnapshot(wish) => {
            Answer::Written(async { files::save(session?, wish, progress).await }.await)
        }
        Request::CompareSnapshot(path) => {
            Answer::Compared(async { files::compare(session?, path, progress).await }.await)
        }
    }
}

async fn thing(session: &Session, named: Named, name: &str) -> Result<Thing, Problem> {
    match named {
        Named::Organization => session.find_organization(name).await.map(Thing::Organization),
        Named::User => session.find_user(name).await.map(Thing::User),
        Named::Project => {
            let project = session.find_project(name, None).await?;
            let owner = session.organization_names(std::slice::from_ref(&project.organization)).await;
            let owner = owner.into_iter().next().map(|(_, name)| name).unwrap_or_default();
            Ok(Thing::Project(project, owner))
        }
    }
}

/// Each text is looked up in several ways, so few at once keep the server free for others.
async fn resolved(session: &Session, texts: Vec<String>) -> Vec<(String, Result<User, Problem>)> {
    let look_up = |text: String| async move {
        let user = session.find_user(&text).await;
        (text, user)
    };
    futures_util::stream::iter(texts.into_iter().map(look_up)).buffered(RESOLVED_AT_ONCE).collect().await
}

pub(super) fn not_signed_in() -> Problem {
    Problem::new(ProblemKind::NotSignedIn, "Cannot ask the server", "not signed in", "sign in first")
}
