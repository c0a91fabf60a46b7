//! The contexts that hold together, by place; the text fields among them take characters as text.

use super::Context::{
    self, AcceptForm, AccessReview, AllManagers, Always, Anywhere, Applying, Basket, BelowField, ChooseField,
    ChooseOrganizationRow, ChooseRow, ChooseUser, ChooseUserRow, CopyAs, Differences, Finding, HelpList,
    History, KeyFileField, Leaving, List, Managers, Menu, Opening, OrganizationUsers, Organizations,
    PaletteList, Pasted, PathForm, Person, Profiles, Projects, Results, Review, ReviewName, RoleCards, Roles,
    Rows, SearchField, SignIn, SigningIn, Snapshots, Tabs, Unread, UrlField, Users,
};

/// The contexts of one place.
pub type Place = &'static [Context];
/// The list of profiles.
pub const SIGN_IN: Place = &[SignIn, List, Anywhere, Always];
/// The URL of a new profile.
pub const URL_FIELD: Place = &[UrlField, Always];
/// The key file of a new profile.
pub const KEY_FILE_FIELD: Place = &[KeyFileField, Always];
/// Signing in.
pub const SIGNING_IN: Place = &[SigningIn, Anywhere, Always];
/// The menu.
pub const MENU: Place = &[Menu, List, Anywhere, Always];
/// The organizations.
pub const ORGANIZATIONS: Place = &[Organizations, Rows, List, Anywhere, Always];
/// The managers of a resource on a screen with tabs.
pub const MANAGERS: Place = &[Managers, Tabs, Rows, List, Anywhere, Always];
/// The managers of a resource alone.
pub const MANAGERS_ONLY: Place = &[Managers, Rows, List, Anywhere, Always];
/// Projects and grants.
pub const PROJECTS: Place = &[Projects, Tabs, Rows, List, Anywhere, Always];
/// The users of an organization.
pub const ORGANIZATION_USERS: Place = &[OrganizationUsers, Tabs, Rows, List, Anywhere, Always];
/// The users across organizations.
pub const USERS: Place = &[Users, Rows, List, Anywhere, Always];
/// A search field over a list.
pub const SEARCH_FIELD: Place = &[SearchField, Always];
/// One user.
pub const PERSON: Place = &[Person, List, Anywhere, Always];
/// All managers.
pub const ALL_MANAGERS: Place = &[AllManagers, Rows, List, Anywhere, Always];
/// What could not be read.
pub const UNREAD: Place = &[Unread, List, Anywhere, Always];
/// The findings of the access review.
pub const ACCESS_REVIEW: Place = &[AccessReview, Rows, List, Anywhere, Always];
/// One finding.
pub const FINDING: Place = &[Finding, List, Anywhere, Always];
/// The form that accepts a finding.
pub const ACCEPT_FORM: Place = &[AcceptForm, Always];
/// The path of a file.
pub const PATH_FORM: Place = &[PathForm, Always];
/// What can be done with snapshots.
pub const SNAPSHOTS: Place = &[Snapshots, List, Anywhere, Always];
/// What differs between a snapshot and now.
pub const DIFFERENCES: Place = &[Differences, Rows, List, Anywhere, Always];
/// The list of organizations to choose from.
pub const CHOOSE_ORGANIZATION: Place = &[ChooseRow, ChooseOrganizationRow, Rows, List, Anywhere, Always];
/// The search field above it.
pub const CHOOSE_ORGANIZATION_FIELD: Place = &[ChooseField, Always];
/// The list of users to choose from.
pub const CHOOSE_USER: Place = &[ChooseRow, ChooseUserRow, ChooseUser, Rows, List, Anywhere, Always];
/// The search field above it.
pub const CHOOSE_USER_FIELD: Place = &[ChooseField, ChooseUser, Always];
/// Roles with boxes.
pub const ROLES: Place = &[Roles, List, Anywhere, Always];
/// Role cards.
pub const ROLE_CARDS: Place = &[RoleCards, List, Anywhere, Always];
/// Changes to review.
pub const REVIEW: Place = &[Review, List, Anywhere, Always];
/// Changes to review that need the typed name.
pub const REVIEW_NAME: Place = &[ReviewName, BelowField, Always];
/// Changes being applied.
pub const APPLYING: Place = &[Applying, List, Anywhere, Always];
/// What became of changes.
pub const RESULTS: Place = &[Results, List, Anywhere, Always];
/// The basket.
pub const BASKET: Place = &[Basket, List, Anywhere, Always];
/// The question before leaving with a filled basket.
pub const LEAVING: Place = &[Leaving, Anywhere, Always];
/// The journal.
pub const HISTORY: Place = &[History, Rows, List, Anywhere, Always];
/// The profiles.
pub const PROFILES: Place = &[Profiles, List, Anywhere, Always];
/// What was pasted.
pub const PASTED: Place = &[Pasted, List, Anywhere, Always];
/// The chooser of texts to copy.
pub const COPY_AS: Place = &[CopyAs, List, Anywhere, Always];
/// Something is looked up to be opened.
pub const OPENING: Place = &[Opening, Anywhere, Always];
/// The help.
pub const HELP: Place = &[HelpList, BelowField, Always];
/// The palette.
pub const PALETTE: Place = &[PaletteList, BelowField, Always];

/// Every place.
pub const ALL: &[Place] = &[
    SIGN_IN,
    URL_FIELD,
    KEY_FILE_FIELD,
    SIGNING_IN,
    MENU,
    ORGANIZATIONS,
    MANAGERS,
    MANAGERS_ONLY,
    PROJECTS,
    ORGANIZATION_USERS,
    USERS,
    SEARCH_FIELD,
    PERSON,
    ALL_MANAGERS,
    UNREAD,
    ACCESS_REVIEW,
    FINDING,
    ACCEPT_FORM,
    PATH_FORM,
    SNAPSHOTS,
    DIFFERENCES,
    CHOOSE_ORGANIZATION,
    CHOOSE_ORGANIZATION_FIELD,
    CHOOSE_USER,
    CHOOSE_USER_FIELD,
    ROLES,
    ROLE_CARDS,
    REVIEW,
    REVIEW_NAME,
    APPLYING,
    RESULTS,
    BASKET,
    LEAVING,
    HISTORY,
    PROFILES,
    PASTED,
    COPY_AS,
    OPENING,
    HELP,
    PALETTE,
];
