//! The changes that are meant, and how they are shown before anything is written.

mod reading;

use std::collections::{HashMap, HashSet};

use super::super::output::Output;
use super::super::run::Context;
use super::desired::{Wanted, WantedResource};
use super::intent::{Action, Intent, roles_after};
use crate::domain::change::{Change, ChangeKind};
use crate::domain::guard::{Situation, Warning, many, warnings};
use crate::domain::id::UserId;
use crate::domain::level::Resource;
use crate::domain::manager::ManagerUser;
use crate::domain::permission::{ManagerAction, manager_permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::role::{Role, owner_role};
use crate::domain::text::SafeText;
use crate::domain::user::UserState;
use crate::engine::Session;
use crate::engine::resolve::ResourceName;
pub(super) use reading::Purpose;
use reading::{Known, Read, read};

/// What would be done.
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// That so many managers change at once.
    pub(super) many: Option<Warning>,
    /// Lines of a file that cannot be understood; then nothing is done.
    pub(super) unresolved: Vec<(Intent, Problem)>,
    /// The journal entry that is taken back.
    pub(super) undoes: Option<SafeText>,
}

/// One change of it, with what to know before.
pub(super) struct Step {
    /// The lines of the file that it comes from.
    pub(super) lines: Vec<u64>,
    pub(super) change: Change,
    pub(super) organization_name: SafeText,
    pub(super) warnings: Vec<Warning>,
    /// Other than its display name, a login name tells users apart.
    pub(super) title: String,
}

/// Reads everything that the plan needs.
///
/// # Errors
/// Names that fit nothing or several, a permission that lacks, or what reading fails with; for lines of a file, these
/// are kept in the plan instead.
pub(super) async fn make(session: &Session, action: Action, intents: &[Intent]) -> Result<Plan, Problem> {
    let read = read(session, intents, &[], Purpose::Write).await;
    let mut steps: Vec<Step> = Vec::new();
    let mut unresolved = Vec::new();
    for intent in intents {
        match take(&mut steps, &read, action, intent) {
            Ok(()) => {}
            Err(problem) if intent.line.is_some() => unresolved.push((intent.clone(), problem)),
            Err(problem) => return Err(problem),
        }
    }
    let plan = Plan { steps, many: None, unresolved, undoes: None };
    plan.judged(session, read.known(), read.states()).await
}

/// The plan that makes the managers as a file says; what is so already is not in it.
///
/// # Errors
/// What reading fails with; what cannot be understood is kept in the plan.
pub(super) async fn of_desired(
    session: &Session,
    wanted: &Wanted,
    purpose: Purpose,
) -> Result<Plan, Problem> {
    let intents: Vec<Intent> =
        wanted.resources.iter().flat_map(|resource| &resource.intents).cloned().collect();
    let whole: Vec<ResourceName> = wanted.resources.iter().map(|resource| resource.name.clone()).collect();
    let read = read(session, &intents, &whole, purpose).await;
    let mut plan = Plan { steps: Vec::new(), many: None, unresolved: Vec::new(), undoes: None };
    let mut lines: HashMap<Resource, u64> = HashMap::new();
    for resource in &wanted.resources {
        let place = read.resource(&resource.name).map(|(_, known)| known.resource.clone());
        let problem = match place {
            Err(problem) => Some(problem),
            Ok(place) => lines.insert(place, resource.line).map(|line| named_twice(resource, line)),
        };
        match problem {
            Some(problem) => plan.unresolved.push((resource.as_intent(), problem)),
            None => plan.take_resource(&read, resource),
        }
    }
    plan.steps.retain(|step| step.change.kind() != ChangeKind::Nothing);
    plan.judged(session, read.known(), read.states()).await
}

fn named_twice(resource: &WantedResource, line: u64) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        format!("Cannot tell who shall manage the resource of line {}", resource.line),
        format!("it is the same as that of line {line}"),
        "list all its managers in one place",
    )
}

/// The plan of one change that is known already.
///
/// # Errors
/// What reading the managers beside it fails with.
pub(super) async fn of_one(
    session: &Session,
    change: Change,
    organization_name: SafeText,
    undoes: SafeText,
) -> Result<Plan, Problem> {
    let known = Known::of(session, &change.resource, &change.resource_name).await?;
    let title = title(&change.user);
    let step = Step { lines: Vec::new(), change, organization_name, warnings: Vec::new(), title };
    let plan = Plan { steps: vec![step], many: None, unresolved: Vec::new(), undoes: Some(undoes) };
    plan.judged(session, std::iter::once(&known), HashMap::new()).await
}

/// Adds an intent to the steps: a user twice on one resource is one change.
fn take(steps: &mut Vec<Step>, read: &Read, action: Action, intent: &Intent) -> Result<(), Problem> {
    let (found, known) = read.resource(&intent.resource)?;
    let user = read.user(&intent.user, known)?;
    let roles = known.roles(&intent.roles, action, &user.id)?;
    let place = steps
        .iter()
        .position(|step| step.change.user.id == user.id && step.change.resource == known.resource);
    if let Some(step) = place.and_then(|place| steps.get_mut(place)) {
        let after = roles_after(action, Some(&step.change.after), &roles);
        if action == Action::Set && after != step.change.after {
            return Err(set_twice(step));
        }
        step.change.after = after;
        step.lines.extend(intent.line);
        return Ok(());
    }
    let held = known.managers.iter().find(|manager| manager.user.id == user.id);
    let before = held.map(|manager| manager.roles.clone());
    let change = Change {
        resource: known.resource.clone(),
        resource_name: found.name.clone(),
        after: roles_after(action, before.as_deref(), &roles),
        before,
        user,
    };
    known.allow_change(&change)?;
    steps.push(Step {
        lines: intent.line.into_iter().collect(),
        title: title(&change.user),
        organization_name: found.organization_name.clone(),
        warnings: Vec::new(),
        change,
    });
    Ok(())
}

fn title(user: &ManagerUser) -> String {
    format!("{} ({}, id {})", user.title(), user.login_name, user.id)
}

fn set_twice(step: &Step) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        format!("Cannot tell which roles {} shall hold", step.title),
        format!("{} is set twice to different roles", step.change.resource_name),
        "name each user once for each resource",
    )
}

fn listed_twice(step: &Step) -> Problem {
    Problem::new(
        ProblemKind::Usage,
        format!("Cannot tell which roles {} shall hold", step.title),
        format!("this user is listed in line {} already", step.lines.first().copied().unwrap_or_default()),
        "name each user once for each resource",
    )
}

/// The removal of everybody who manages a resource and is not listed.
fn unlisted(listed: &[Step], read: &Read, resource: &WantedResource) -> Result<Vec<Step>, Problem> {
    let (found, known) = read.resource(&resource.name)?;
    let is_listed = |user: &ManagerUser| listed.iter().any(|step| step.change.user.id == user.id);
    let others = known.managers.iter().filter(|manager| !is_listed(&manager.user)).map(|manager| {
        let change = Change {
            resource: known.resource.clone(),
            resource_name: found.name.clone(),
            user: manager.user.clone(),
            before: Some(manager.roles.clone()),
            after: Vec::new(),
        };
        known.allow_change(&change)?;
        Ok(Step {
            lines: vec![resource.line],
            title: title(&change.user),
            organization_name: found.organization_name.clone(),
            warnings: Vec::new(),
            change,
        })
    });
    others.collect()
}

impl WantedResource {
    /// The line on which it stands, for what is wrong with it as a whole.
    fn as_intent(&self) -> Intent {
        let (user, roles) = (String::new(), Vec::new());
        Intent { line: Some(self.line), user, resource: self.name.clone(), roles }
    }
}

impl Plan {
    /// Adds what is listed of a resource and, where it is exclusive, the removal of everybody else.
    fn take_resource(&mut self, read: &Read, resource: &WantedResource) {
        let mut steps: Vec<Step> = Vec::new();
        for intent in &resource.intents {
            let taken = take(&mut steps, read, Action::Set, intent).and_then(|()| {
                let twice = steps
                    .iter()
                    .find(|step| step.lines.len() > 1 && step.lines.last() == intent.line.as_ref());
                twice.map_or(Ok(()), |step| Err(listed_twice(step)))
            });
            self.unresolved.extend(taken.err().map(|problem| (intent.clone(), problem)));
        }
        let others = if resource.exclusive { unlisted(&steps, read, resource) } else { Ok(Vec::new()) };
        match others {
            Ok(others) => self.steps.extend(steps.into_iter().chain(others)),
            Err(problem) => self.unresolved.push((resource.as_intent(), problem)),
        }
    }

    /// The plan with its warnings, which look at the state after all of it. `states` are those of the named users.
    async fn judged<'a>(
        mut self,
        session: &Session,
        known: impl Iterator<Item = &'a Known>,
        mut states: HashMap<UserId, UserState>,
    ) -> Result<Self, Problem> {
        let mut places: HashMap<Resource, Vec<usize>> = HashMap::new();
        for (place, step) in (0..).zip(&self.steps) {
            places.entry(step.change.resource.clone()).or_default().push(place);
        }
        let judged = known.filter_map(|known| {
            let places = places.remove(&known.resource)?;
            let steps = places.iter().filter_map(|place| self.steps.get(*place));
            Some((known, steps.map(|step| step.change.clone()).collect::<Vec<Change>>(), places))
        });
        let judged: Vec<_> = judged.collect();
        let owners = judged.iter().flat_map(|(known, changes, _)| owners_left(changes, known));
        let unknown: Vec<UserId> = owners.filter(|id| !states.contains_key(*id)).cloned().collect();
        match session.users_by_id(&unknown).await {
            Ok(users) => states.extend(users.into_iter().map(|user| (user.id, user.state))),
            Err(problem) if problem.kind == ProblemKind::PermissionMissing => {}
            Err(problem) => return Err(problem),
        }
        for (known, changes, places) in judged {
            let permission = manager_permission(known.resource.level(), ManagerAction::Write);
            let situation = Situation {
                managers: &known.managers,
                states: &states,
                own_user: &session.facts().identity.user,
                allowed_from_elsewhere: session.facts().allowed_from_above(&known.resource, permission),
            };
            for (place, warnings) in places.into_iter().zip(warnings(&changes, &situation)) {
                if let Some(step) = self.steps.get_mut(place) {
                    step.warnings = warnings;
                }
            }
        }
        let changes: Vec<Change> = self.steps.iter().map(|step| step.change.clone()).collect();
        self.many = many(&changes);
        Ok(self)
    }

    pub(super) fn changes_something(&self) -> bool {
        self.steps.iter().any(|step| step.change.kind() != ChangeKind::Nothing)
    }

    /// The resources of the plan, each once, in its order.
    pub(super) fn resources(&self) -> Vec<&Resource> {
        let mut seen = HashSet::new();
        self.steps
            .iter()
            .map(|step| &step.change.resource)
            .filter(|resource| seen.insert(*resource))
            .collect()
    }

    /// The name of its first resource.
    pub(super) fn place(&self) -> SafeText {
        self.steps.first().map(|step| step.change.resource_name.clone()).unwrap_or_default()
    }

    /// Who does what where, with a `+` line for each role that comes and a `−` line for each that goes.
    pub(super) fn review(&self, context: &Context) -> String {
        let facts = context.session.facts();
        let who = &facts.identity;
        let mut lines = vec![format!(
            "on {} (profile {}), as {} ({})",
            facts.issuer, context.profile.name, who.display_name, who.login_name
        )];
        let mut steps: HashMap<&Resource, Vec<&Step>> = HashMap::new();
        for step in &self.steps {
            steps.entry(&step.change.resource).or_default().push(step);
        }
        for steps in self.resources().into_iter().filter_map(|resource| steps.get(resource)) {
            lines.push(String::new());
            lines.extend(steps.first().map(|step| step.heading()));
            for step in steps {
                lines.push(format!("  {}", step.title));
                lines.extend(step.difference(&context.output).into_iter().map(|line| format!("    {line}")));
            }
        }
        lines.extend(self.many.iter().map(|warning| format!("warning: {warning}")));
        lines.push(String::new());
        lines.join("\n")
    }
}

/// Who owns a resource from which an owner goes: their states decide whether somebody is locked out. One whose state
/// cannot be read counts as able to sign in.
fn owners_left<'a>(changes: &[Change], known: &'a Known) -> impl Iterator<Item = &'a UserId> {
    let owner = Role::new(owner_role(known.resource.level()));
    let goes = changes.iter().any(Change::loses_owner);
    let managers = known.managers.iter().filter(move |manager| goes && manager.roles.contains(&owner));
    managers.map(|manager| &manager.user.id)
}

impl Step {
    /// Whether a guard refuses it unless the name is typed.
    pub(super) fn is_refused(&self) -> bool {
        self.warnings.iter().any(Warning::refuses)
    }

    fn heading(&self) -> String {
        let resource = &self.change.resource;
        let id = super::super::shape::ResourceIds::of(resource).own;
        let level = resource.level().to_string();
        let mut letters = level.chars();
        let level: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let id = if id.is_empty() { String::new() } else { format!(" (id {id})") };
        let owner = match resource {
            Resource::Project { .. } | Resource::ProjectGrant { .. }
                if !self.organization_name.is_empty() =>
            {
                format!(" of {}", self.organization_name)
            }
            _ => String::new(),
        };
        format!("{level} {}{id}{owner}", self.change.resource_name)
    }

    fn difference(&self, output: &Output) -> Vec<String> {
        let mut lines = Vec::new();
        if self.change.kind() == ChangeKind::Nothing {
            lines.push(format!("{}; nothing to do", self.already()));
        }
        for role in &self.change.after {
            let comes = self.change.added().any(|added| added == role);
            lines.push(if comes {
                output.difference(&format!("+ {role}"), true)
            } else {
                format!("  {role}")
            });
        }
        lines.extend(self.change.removed().map(|role| output.difference(&format!("− {role}"), false)));
        lines.extend(self.warnings.iter().map(|warning| format!("warning: {warning}")));
        lines
    }

    /// What is so already where nothing is to be done.
    pub(super) const fn already(&self) -> &'static str {
        if self.change.before.is_none() { "already no manager" } else { "already holds" }
    }
}
