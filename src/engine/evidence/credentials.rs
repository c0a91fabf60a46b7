//! Keys and personal access tokens of service users. They are read tolerantly: whatever is no such list ends as a part
//! that could not be read, never as "no keys".

use std::sync::atomic::{AtomicBool, Ordering};

use super::super::explain::{explain, lacking};
use super::super::session::Inner;
use super::SEE_USERS;
use super::details::Answer;
use crate::domain::inventory::UnreadPart;
use crate::domain::manager::ManagerUser;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::review::CredentialKind;
use crate::domain::text::SafeText;

const WHAT: &str = "Cannot read keys and tokens";

impl Inner {
    /// `absent` is set once the server turns out not to know the call; then nobody else is asked for.
    pub(super) async fn credentials_of(&self, user: ManagerUser, absent: &AtomicBool) -> Answer {
        let Some(home) = user.organization.clone() else {
            let why = "The server does not tell the home organization of the user.";
            let problem = Problem::new(ProblemKind::Server, WHAT, why, "");
            return Answer { keyless: Some((user, problem)), ..Answer::default() };
        };
        if !self.facts.may_read_users_of(&home) {
            let problem = lacking(&self.facts, WHAT, SEE_USERS);
            return Answer { keyless: Some((user, problem)), ..Answer::default() };
        }
        let mut all = Vec::new();
        for kind in [CredentialKind::Key, CredentialKind::PersonalToken] {
            if absent.load(Ordering::Relaxed) {
                return Answer { keyless: Some((user, no_such_call())), ..Answer::default() };
            }
            match self.client.credentials(kind, &user.id, &home).await {
                Ok(found) => all.extend(found),
                Err(error) => {
                    let problem = if error.is_unknown_call() {
                        absent.store(true, Ordering::Relaxed);
                        no_such_call()
                    } else {
                        explain(&self.facts, error, WHAT, SEE_USERS)
                    };
                    return Answer { keyless: Some((user, problem)), ..Answer::default() };
                }
            }
        }
        Answer { credentials: Some((user.id, all)), ..Answer::default() }
    }
}

fn no_such_call() -> Problem {
    Problem::new(
        ProblemKind::Server,
        WHAT,
        "This server, or a proxy before it, does not know the call that lists them.",
        "Look at the keys of service users in the console.",
    )
}

/// Service users whose keys could not be read. Mostly it is all of them for the same reason, so that each kind of
/// reason is told once, in the words about the first of them.
#[derive(Default)]
pub(super) struct Keyless(Vec<(Problem, Vec<SafeText>)>);

impl Keyless {
    pub(super) fn add(&mut self, user: &ManagerUser, problem: Problem) {
        let same = |known: &Problem| known.kind == problem.kind && known.missing == problem.missing;
        match self.0.iter_mut().find(|(known, _)| same(known)) {
            Some((_, users)) => users.push(user.title()),
            None => self.0.push((problem, vec![user.title()])),
        }
    }

    pub(super) fn into_parts(self) -> impl Iterator<Item = UnreadPart> {
        self.0.into_iter().map(|(problem, users)| {
            let of = match users.as_slice() {
                [user] => user.to_string(),
                users => format!("{} service users", users.len()),
            };
            let name = SafeText::new(&format!("keys and tokens of {of}"));
            UnreadPart { resource: None, name, problem }
        })
    }
}
