//! What to tell the operator about a failed call (CONTRACT.md section 17).

use super::error::{CallError, Refused};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;

/// The problem to show.
pub(super) fn problem(error: &CallError, what: SafeText) -> Problem {
    match error {
        CallError::Refused(refused) => {
            let (kind, fix) = advice(error, refused);
            let mut problem = Problem::new(kind, what, refused.to_string(), fix);
            problem.request_id.clone_from(&refused.request_id);
            problem
        }
        CallError::Connection(failure) => failure.problem(what),
        CallError::SignIn(refusal) => refusal.problem().during(what),
        CallError::Redirected { target } => Problem::new(
            ProblemKind::Server,
            what,
            format!("The server sends us to {target}; no token follows a redirect."),
            format!("If {target} is the right instance, use that URL."),
        ),
        CallError::NotUnderstood { call, detail } => Problem::new(
            ProblemKind::Server,
            what,
            format!("The answer to {call} was not understood ({detail})."),
            "Check that no proxy changes the answers; if none does, this server version is not known yet.",
        ),
        CallError::Unsendable { call } => {
            Problem::new(ProblemKind::Usage, what, format!("An id in {call} is no id."), "Check the id.")
        }
    }
}

fn advice(error: &CallError, refused: &Refused) -> (ProblemKind, &'static str) {
    if error.is_unknown_organization() {
        return (
            ProblemKind::NotFound,
            "The organization does not exist, or was removed: read the list again.",
        );
    }
    if error.is_no_membership() {
        return (
            ProblemKind::PermissionMissing,
            "The own user has no role that counts here: have a manager of the organization or of the instance add it.",
        );
    }
    if error.is_already_manager() {
        return (ProblemKind::Refused, "The user is manager here already: change its roles instead.");
    }
    if error.is_not_manager() {
        return (ProblemKind::NotFound, "The user is not manager here any more: read the list again.");
    }
    if error.is_unknown_grant() {
        return (ProblemKind::NotFound, "The project grant does not exist any more: read the list again.");
    }
    if let Some(known) = by_id(refused) {
        return known;
    }
    match refused.status {
        401 => (
            ProblemKind::NotSignedIn,
            "Sign in again; if that fails too, check the state of the service user.",
        ),
        403 => (
            ProblemKind::PermissionMissing,
            "The roles of the own user lack this permission: have a manager give it a role that carries it.",
        ),
        404 if !refused.from_zitadel => {
            (ProblemKind::NotFound, "The server does not have this call, or a proxy blocks it.")
        }
        404 => (ProblemKind::NotFound, "It may have been removed meanwhile: read the list again."),
        409 => (ProblemKind::Refused, "Somebody else changed it meanwhile: read it again."),
        400 | 412 => (ProblemKind::Refused, ""),
        429 => (ProblemKind::Server, "The server is limiting requests: wait, then try again."),
        502..=504 => (
            ProblemKind::Server,
            "The server is not ready: try again in a minute, then look at it and its proxy.",
        ),
        _ if refused.request_id.is_some() => {
            (ProblemKind::Server, "Look for the request id in the server's log.")
        }
        _ => (ProblemKind::Server, "Look at the server's log at this time."),
    }
}

/// Ids that have one meaning wherever they come from.
fn by_id(refused: &Refused) -> Option<(ProblemKind, &'static str)> {
    let id = refused.id.as_ref()?;
    Some(match (id.as_str(), refused.code) {
        ("INSTA-GSXOn" | "ORG-GoXOn" | "COMMAND-uXHNj", _) => {
            (ProblemKind::NotFound, "The user does not exist any more: search it again.")
        }
        (
            "INSTANCE-4m0fS" | "Org-4N8es" | "PROJECT-3m9ds" | "PROJECT-m9gKK" | "INSTANCE-3m9fs"
            | "IAM-m9fG8" | "INST-m9fG8" | "PROJECT-3m9d" | "PROJECT-m0sDf",
            _,
        ) => (
            ProblemKind::Refused,
            "This role cannot be given at this level: choose one of the level's own roles.",
        ),
        ("V2-PfYhb" | "ORG-4Mlfs" | "PROJECT-W8m4l" | "PROJECT-8fi7G" | "PROJECT-109fs", _)
        | ("INSTANCE-LiaZi" | "Org-LiaZi" | "PROJECT-LiaZi", Some(3)) => {
            (ProblemKind::Refused, "Choose at least one role; to take the last one away, remove the manager.")
        }
        ("INSTANCE-LiaZi" | "Org-LiaZi" | "PROJECT-LiaZi" | "PROJECT-2n8vx", _) => {
            (ProblemKind::Refused, "The roles are what they were: nothing to do.")
        }
        ("COMMAND-EbFMN", _) => {
            (ProblemKind::NotFound, "The project is not in this organization: open it again.")
        }
        ("COMMAND-QXPGs", _) => (ProblemKind::NotFound, "The organization was removed: read the list again."),
        ("QUERY-1kIjX", _) => (
            ProblemKind::Server,
            "The host name is no domain of the instance any more: check the URL and the Host header of proxies.",
        ),
        _ => return None,
    })
}
