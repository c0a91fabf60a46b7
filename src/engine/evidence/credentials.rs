//! Keys and personal access tokens of service users. They are read tolerantly: whatever is no such list ends as a part
//! that could not be read, never as "no keys".

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::explain::{explain, lacking};
use super::super::session::Inner;
use super::SEE_USERS;
use super::details::Answer;
use crate::api::wire::MAX_LIMIT;
use crate::domain::id::UserId;
use crate::domain::inventory::UnreadPart;
use crate::domain::manager::ManagerUser;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::review::{CredentialKind, ServiceCredential};
use crate::domain::text::SafeText;

const WHAT: &str = "Cannot read keys and tokens";

impl Inner {
    /// The keys and tokens of these users out of one list of all, where the server has it and that takes fewer requests
    /// than asking for each user. None where it cannot be had whole: rows that the server leaves out without a word
    /// would look like no keys.
    pub(super) async fn credentials_from_list(
        &self,
        users: &[ManagerUser],
    ) -> Option<HashMap<UserId, Vec<ServiceCredential>>> {
        let facts = &self.facts;
        if users.len() < 2 || !facts.capabilities.is_version_4() || !facts.instance_role_allows(SEE_USERS) {
            return None;
        }
        let mut held: HashMap<UserId, Vec<ServiceCredential>> =
            users.iter().map(|user| (user.id.clone(), Vec::new())).collect();
        let mut pages_left = 2 * users.len();
        for kind in [CredentialKind::Key, CredentialKind::PersonalToken] {
            let (mut offset, mut counted, mut came) = (Some(0), 0, 0);
            while let Some(start) = offset {
                let page = match self.client.credentials_of_all(kind, start).await {
                    Ok(page) => page,
                    Err(error) => {
                        tracing::info!(%error, "keys of all users cannot be read; asking for each user");
                        return None;
                    }
                };
                counted = page.total.unwrap_or_default().max(counted);
                pages_left = pages_left.checked_sub(1)?;
                if counted / u64::from(MAX_LIMIT) > pages_left as u64 {
                    return None;
                }
                came += page.rows.len() as u64;
                offset = page.next_offset.filter(|next| *next > start);
                for (user, credential) in page.rows {
                    if let Some(held) = held.get_mut(&user) {
                        held.push(credential);
                    }
                }
            }
            if came < counted {
                return None;
            }
        }
        Some(held)
    }

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
