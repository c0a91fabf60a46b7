//! What the review reads for the guards, and what they say: judged on what holds after all of its lines.

use super::{Item, Review};
use crate::app::shared::Shared;
use crate::domain::change::{Change, ChangeKind};
use crate::domain::guard::{self, Situation, Warning};
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::permission::{ManagerAction, manager_permission};
use crate::domain::role::owner_role;
use crate::domain::session::SessionFacts;
use crate::domain::text::SafeText;

/// Whether the changes can be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// What the guards need is still being read.
    Checking,
    /// They can.
    Ready,
    /// Only after a name was typed; why.
    NeedsName(&'static str),
    /// They cannot; why.
    Refused(String),
}

/// The name that must be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAsked {
    /// The name.
    pub name: SafeText,
    /// What else does, e.g. the id, for names that cannot be typed; may be empty.
    pub other: SafeText,
    /// What has that name, e.g. `the organization`.
    pub whose: String,
}

impl Review {
    /// Reads what the guards need to know.
    pub(super) fn check(&mut self, shared: &mut Shared) {
        let wanted: Vec<Resource> =
            self.resources().into_iter().filter(|resource| self.needs_managers(resource)).cloned().collect();
        self.managers.start(&wanted, shared);
        // The states of the owners must be fresh where one of them goes.
        let mut owners = Vec::new();
        for resource in self.resources() {
            let owner = owner_role(resource.level());
            if self.takes_owner(resource) {
                let managers = self.managers.value(resource).into_iter().flatten();
                let has_owner = |manager: &&Manager| manager.roles.iter().any(|role| role.key() == owner);
                owners.extend(managers.filter(has_owner).map(|manager| manager.user.id.clone()));
                owners.extend(self.changes_on(resource).map(|change| change.user.id.clone()));
            }
        }
        owners.sort();
        owners.dedup();
        let added = self.items.iter().filter(|item| item.counts() && item.change.kind() == ChangeKind::Add);
        shared.want_states(added.map(|item| item.change.user.id.clone()).collect::<Vec<_>>(), false);
        if owners != self.states_of {
            self.states_of.clone_from(&owners);
            shared.want_states(owners, true);
        }
    }

    fn needs_managers(&self, resource: &Resource) -> bool {
        let of_it = || self.items.iter().filter(|item| item.change.resource == *resource);
        self.from_basket
            || self.takes_owner(resource)
            || of_it().any(|item| item.change.kind() == ChangeKind::Add)
    }

    /// Whether a line takes the role that owns the resource from somebody.
    fn takes_owner(&self, resource: &Resource) -> bool {
        self.items
            .iter()
            .any(|item| item.counts() && item.change.resource == *resource && item.change.loses_owner())
    }

    /// What to be warned of for each line, the refusing first; judged on what holds after all of them.
    pub fn warnings(&self, shared: &Shared) -> Vec<Vec<Warning>> {
        let counted = |item: &Item| item.counts();
        self.warnings_of(counted, shared)
    }

    /// What to be warned of if only the lines that `takes_part` were done.
    pub(super) fn warnings_of(
        &self,
        takes_part: impl Fn(&Item) -> bool,
        shared: &Shared,
    ) -> Vec<Vec<Warning>> {
        let mut all: Vec<Vec<Warning>> = self.items.iter().map(|_| Vec::new()).collect();
        let Some(facts) = shared.facts() else { return all };
        let plan: Vec<Change> =
            self.items.iter().filter(|item| takes_part(item)).map(|item| item.change.clone()).collect();
        let after = facts.after(&plan);
        for resource in self.resources() {
            let lines: Vec<usize> = (0..)
                .zip(&self.items)
                .filter(|(_, item)| takes_part(item) && item.change.resource == *resource)
                .map(|(index, _)| index)
                .collect();
            let changes: Vec<Change> =
                plan.iter().filter(|change| change.resource == *resource).cloned().collect();
            for (index, found) in lines.into_iter().zip(self.judged(&changes, resource, &after, shared)) {
                if let Some(place) = all.get_mut(index) {
                    *place = found;
                }
            }
        }
        let first = self.items.iter().position(takes_part);
        if let Some(place) = first.and_then(|first| all.get_mut(first)) {
            place.extend(guard::many(&plan));
        }
        all
    }

    fn judged(
        &self,
        changes: &[Change],
        resource: &Resource,
        after: &SessionFacts,
        shared: &Shared,
    ) -> Vec<Vec<Warning>> {
        let permission = manager_permission(resource.level(), ManagerAction::Write);
        let managers = self.managers.value(resource);
        let situation = Situation {
            managers: managers.map(Vec::as_slice).unwrap_or_default(),
            states: shared.states(),
            own_user: &after.identity.user,
            allowed_from_elsewhere: after.allowed_from_above(resource, permission),
        };
        let about_owners = |warning: &Warning| {
            matches!(warning, Warning::LastOwner(_) | Warning::OnlyOwnersWhoCannotSignIn(_))
        };
        let mut warnings = guard::warnings(changes, &situation);
        for of_one in &mut warnings {
            of_one.retain(|warning| !(managers.is_none() && about_owners(warning)));
        }
        warnings
    }

    /// Whether the changes can be applied.
    pub fn readiness(&self, shared: &Shared) -> Readiness {
        if !self.items.iter().any(Item::counts) {
            return Readiness::Refused("nothing to change".to_owned());
        }
        if let Some(reason) = self.refusal(shared) {
            return Readiness::Refused(reason);
        }
        let takes_owner = self.resources().into_iter().any(|resource| self.takes_owner(resource));
        if self.managers.is_pending() || (takes_owner && shared.reads_states()) {
            return Readiness::Checking;
        }
        if self.warnings(shared).iter().flatten().any(Warning::refuses) {
            return Readiness::NeedsName("see the warnings above");
        }
        if self.resources().into_iter().any(|resource| self.is_unprotected(resource)) {
            return Readiness::NeedsName(
                "the managers could not be read, so nothing protects the last owner",
            );
        }
        if shared.is_protected() {
            return Readiness::NeedsName("this profile is protected");
        }
        Readiness::Ready
    }

    fn is_unprotected(&self, resource: &Resource) -> bool {
        self.takes_owner(resource) && self.managers.value(resource).is_none()
    }

    fn refusal(&self, shared: &Shared) -> Option<String> {
        let several = self.resources().len() > 1;
        self.items.iter().filter(|item| item.counts()).find_map(|item| {
            let removes = item.change.kind() == ChangeKind::Remove;
            let action = if removes { ManagerAction::Remove } else { ManagerAction::Write };
            let reason = shared.why_not(&item.change.resource, action)?;
            Some(if several && shared.why_read_only().is_none() {
                format!("{}: {reason}; space leaves a line out", item.change.resource_name)
            } else {
                reason
            })
        })
    }

    /// The name to type: that of the resource where one is concerned, else that of the profile.
    pub fn name_asked(&self, shared: &Shared) -> NameAsked {
        let warnings = self.warnings(shared);
        let is_many = warnings.iter().flatten().any(|warning| matches!(warning, Warning::Many(_)));
        let refused = |resource: &Resource| {
            self.is_unprotected(resource)
                || self.items.iter().zip(&warnings).any(|(item, warnings)| {
                    item.change.resource == *resource && warnings.iter().any(Warning::refuses)
                })
        };
        let all: Vec<&Resource> = self
            .resources()
            .into_iter()
            .filter(|resource| self.changes_on(resource).next().is_some())
            .collect();
        let refusing: Vec<&Resource> = all.iter().copied().filter(|resource| refused(resource)).collect();
        let whole = is_many || shared.is_protected() || refusing.is_empty();
        let concerned = if whole { all } else { refusing };
        if let [resource] = concerned.as_slice() {
            let id = match resource {
                Resource::Instance => "",
                Resource::Organization(organization) => organization.as_str(),
                Resource::Project { project, .. } => project.as_str(),
                Resource::ProjectGrant { grant, .. } => grant.as_str(),
            };
            return NameAsked {
                name: self.name_of(resource),
                other: SafeText::new(id),
                whose: format!("the {}", resource.level()),
            };
        }
        let session = shared.session.as_ref();
        NameAsked {
            name: session.map(|session| session.profile.name.clone()).unwrap_or_default(),
            other: SafeText::default(),
            whose: format!("the profile, as {} resources are concerned", concerned.len()),
        }
    }

    /// Whether the typed name is the one asked for.
    pub fn name_fits(&self, shared: &Shared) -> bool {
        let asked = self.name_asked(shared);
        let typed = self.name.text();
        let typed = typed.trim();
        !typed.is_empty() && (typed == asked.name.as_str() || typed == asked.other.as_str())
    }
}
