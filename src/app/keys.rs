//! The one table of keys. Dispatch, footer, help and the key documentation are made from it.

mod action;
pub mod place;

use super::event::{Key, KeyCode};
pub use action::Action;

/// Where a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Everywhere, also in text fields.
    Always,
    /// Everywhere but in text fields.
    Anywhere,
    /// In every list.
    List,
    /// In lists of things that have an id.
    Rows,
    /// In a search field over a list.
    SearchField,
    /// In the list of profiles.
    SignIn,
    /// In the form of a new profile, at the URL.
    UrlField,
    /// In the form of a new profile, at the key file.
    KeyFileField,
    /// While signing in.
    SigningIn,
    /// In the menu.
    Menu,
    /// In the list of organizations.
    Organizations,
    /// On a screen with tabs.
    Tabs,
    /// On the managers of a resource.
    Managers,
    /// On projects and grants.
    Projects,
    /// On the users of an organization.
    OrganizationUsers,
    /// On the users across organizations.
    Users,
    /// On one user.
    Person,
    /// In the list of a step of adding a manager.
    ChooseRow,
    /// In the search field of a step of adding a manager.
    ChooseField,
    /// Where users are chosen, in list and field.
    ChooseUser,
    /// In the list of organizations to choose from.
    ChooseOrganizationRow,
    /// In the list of users to choose from.
    ChooseUserRow,
    /// In a list of roles with boxes.
    Roles,
    /// On the role cards.
    RoleCards,
    /// Where changes are reviewed.
    Review,
    /// Where changes are reviewed and the name must be typed.
    ReviewName,
    /// While changes are applied.
    Applying,
    /// Where results are shown.
    Results,
    /// In the basket.
    Basket,
    /// Where one is asked about the basket before leaving.
    Leaving,
    /// In the journal.
    History,
    /// On the profiles.
    Profiles,
    /// On what was pasted.
    Pasted,
    /// In the help.
    HelpList,
    /// On all managers.
    AllManagers,
    /// In what could not be read.
    Unread,
    /// On the findings of the access review.
    AccessReview,
    /// On one finding.
    Finding,
    /// In the form that accepts a finding.
    AcceptForm,
    /// Where the path of a file is typed.
    PathForm,
    /// On what can be done with snapshots.
    Snapshots,
    /// On what differs between a snapshot and now.
    Differences,
    /// In the palette.
    PaletteList,
    /// In the chooser of texts to copy.
    CopyAs,
    /// While something is looked up to be opened.
    Opening,
    /// Where a text field has the focus and arrows move something else.
    BelowField,
}

use Context::{
    AcceptForm, AccessReview, AllManagers, Always, Anywhere, Applying, Basket, BelowField, ChooseField,
    ChooseOrganizationRow, ChooseRow, ChooseUser, ChooseUserRow, CopyAs, Differences, Finding, HelpList,
    History, KeyFileField, Leaving, List, Managers, Menu, Opening, OrganizationUsers, Organizations,
    PaletteList, Pasted, PathForm, Person, Profiles, Projects, Results, Review, ReviewName, RoleCards, Roles,
    Rows, SearchField, SignIn, SigningIn, Snapshots, Tabs, Unread, UrlField, Users,
};

/// One line of the table.
#[derive(Debug)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// The keys, any of which does it; two keys after each other are parted by a blank.
    pub keys: &'static [&'static str],
    /// What it does.
    pub action: Action,
    /// One or two words for the footer.
    pub word: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// Whether the footer shows it.
    pub footer: bool,
    /// Whether it leads to a write, so that a read-only profile forbids it.
    pub writes: bool,
}

const fn shown(
    context: Context,
    keys: &'static [&'static str],
    action: Action,
    word: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, keys, action, word, help, footer: true, writes: false }
}

const fn known(
    context: Context,
    keys: &'static [&'static str],
    action: Action,
    help: &'static str,
) -> Binding {
    Binding { context, keys, action, word: "", help, footer: false, writes: false }
}

const fn second(
    context: Context,
    keys: &'static [&'static str],
    action: Action,
    word: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, keys, action, word, help, footer: false, writes: false }
}

const fn write(
    context: Context,
    keys: &'static [&'static str],
    action: Action,
    word: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, keys, action, word, help, footer: true, writes: true }
}

/// Every list and every change can be copied.
const fn copy_as(context: Context) -> Binding {
    let help = "Copy this as a command of zitui, as a request of curl or for Terraform";
    second(context, &["Y"], Action::CopyAs, "copy", help)
}

const OPEN: &[&str] = &["enter", "l", "right"];
const ADD: &[&str] = &["a", "+"];

/// The words of the table that say where a key leads instead of what it does.
const THINGS: &[&str] = &[
    "URL",
    "access review",
    "all managers",
    "back",
    "console",
    "details",
    "first row",
    "help",
    "history",
    "instance managers",
    "key file",
    "managers",
    "menu",
    "next field",
    "next tab",
    "organizations",
    "palette",
    "person",
    "profiles",
    "role cards",
    "rows",
    "sign-in",
    "snapshots",
    "this organization / all",
    "this resource",
    "to the list",
    "unread",
    "users",
];

/// The table, in the order of footer and help.
pub const KEYS: &[Binding] = &[
    shown(SignIn, OPEN, Action::Open, "sign in", "Sign in with this profile, or go on with this entry"),
    shown(UrlField, &["enter", "tab", "down"], Action::NextField, "key file", "Go on to the key file"),
    shown(KeyFileField, &["enter"], Action::AcceptText, "sign in", "Sign in with this URL and key file"),
    shown(KeyFileField, &["tab"], Action::Complete, "complete", "Complete the path"),
    shown(KeyFileField, &["up", "shift-tab"], Action::PreviousField, "URL", "Go back to the URL"),
    shown(Menu, OPEN, Action::Open, "open", "Open this entry"),
    known(Menu, &["1", "o"], Action::GoOrganizations, "Open the organizations"),
    known(Menu, &["2", "u"], Action::GoUsers, "Open the users"),
    known(Menu, &["3", "i"], Action::GoInstanceManagers, "Open the managers of the instance"),
    known(Menu, &["4", "a"], Action::GoAllManagers, "Open all managers"),
    known(Menu, &["5", "v"], Action::GoAccessReview, "Open the access review"),
    known(Menu, &["6", "t"], Action::GoHistory, "Open the history of changes"),
    known(Menu, &["7", "n"], Action::GoSnapshots, "Open the snapshots"),
    known(Menu, &["8", "p"], Action::GoProfiles, "Open the profiles"),
    known(Menu, &["9", "s"], Action::GoSignIn, "Sign in with another profile"),
    shown(Organizations, OPEN, Action::Open, "managers", "Show the managers of this organization"),
    write(Organizations, ADD, Action::AddManager, "add manager", "Make a user manager of this organization"),
    known(Managers, &["space"], Action::Mark, "Mark this manager, to do something with several"),
    known(OrganizationUsers, &["space"], Action::Mark, "Mark this user, to add several at once"),
    write(Managers, ADD, Action::AddManager, "add", "Make a user manager here"),
    write(
        Managers,
        &["e", "enter", "l", "right"],
        Action::ChangeRoles,
        "change roles",
        "Change the roles of this manager",
    ),
    write(Managers, &["d", "delete"], Action::RemoveManager, "remove", "Remove this manager"),
    shown(Projects, OPEN, Action::Open, "managers", "Show the managers of this project or grant"),
    write(Projects, ADD, Action::AddManager, "add manager", "Make a user manager of this project or grant"),
    shown(OrganizationUsers, OPEN, Action::Open, "open", "Show this user"),
    write(
        OrganizationUsers,
        ADD,
        Action::AddManager,
        "make manager",
        "Make this user manager of this organization",
    ),
    shown(Users, OPEN, Action::Open, "open", "Show this user"),
    known(Users, &["space"], Action::Mark, "Mark this user, to add several at once"),
    write(Users, ADD, Action::AddManager, "make manager", "Make this user manager of an organization"),
    write(Person, ADD, Action::AddManager, "add", "Make this user manager of one more resource"),
    write(
        Person,
        &["e", "enter", "l", "right"],
        Action::ChangeRoles,
        "change roles",
        "Change the roles that this user holds here",
    ),
    write(
        Person,
        &["d", "delete"],
        Action::RemoveManager,
        "remove",
        "Remove this user from the managers here",
    ),
    write(
        Person,
        &["D"],
        Action::RemoveAll,
        "remove all",
        "Remove this user from everything that it manages",
    ),
    second(Person, &["g r"], Action::OpenResource, "this resource", "Go to the resource with the cursor"),
    shown(Person, &["r"], Action::ReadAgain, "read again", "Read all of this again"),
    shown(Person, &["y"], Action::CopyId, "copy id", "Copy the id of this user"),
    shown(Person, &["o"], Action::OpenConsole, "console", "Open this user in the web console"),
    shown(Person, &["w"], Action::ShowUnread, "unread", "Show what could not be read, and why"),
    shown(
        AllManagers,
        &["enter", "l", "right"],
        Action::Open,
        "person",
        "Show this user, or fold this group",
    ),
    write(AllManagers, &["e"], Action::ChangeRoles, "change roles", "Change the roles of this manager"),
    write(
        AllManagers,
        &["d", "delete"],
        Action::RemoveManager,
        "remove",
        "Remove this manager, or all marked ones",
    ),
    second(
        AllManagers,
        &["E"],
        Action::Export,
        "export",
        "Write the rows as they are shown into a CSV or JSON file",
    ),
    shown(AllManagers, &["space"], Action::Mark, "mark", "Mark this row, or the rows of this group"),
    shown(AllManagers, &["tab", "v"], Action::NextGrouping, "group", "All rows, by user, or by resource"),
    shown(AllManagers, &["s", ">"], Action::SortNext, "sort", "Sort by the next column"),
    write(
        AllManagers,
        ADD,
        Action::AddManager,
        "add elsewhere",
        "Make this user, or all marked ones, manager of one more resource",
    ),
    known(AllManagers, &["<"], Action::SortPrevious, "Sort by the column before"),
    known(AllManagers, &["S"], Action::SortReverse, "Sort the other way round"),
    second(AllManagers, &["g r"], Action::OpenResource, "this resource", "Go to the resource of this row"),
    shown(AllManagers, &["w"], Action::ShowUnread, "unread", "Show what could not be read, and why"),
    shown(Unread, &["w"], Action::ShowUnread, "rows", "Back to what was read"),
    known(Unread, &["r"], Action::ReadAgain, "Read the lists again"),
    shown(AccessReview, OPEN, Action::Open, "details", "Show this finding in full, and where it leads"),
    shown(
        AccessReview,
        &["A"],
        Action::AcceptFinding,
        "accept",
        "Accept this finding for a while, with a reason",
    ),
    shown(
        AccessReview,
        &["w"],
        Action::ShowUnread,
        "unread",
        "Show what could not be read or judged, and why",
    ),
    second(
        AccessReview,
        &["g r"],
        Action::OpenResource,
        "this resource",
        "Go to the resource of this finding",
    ),
    shown(Finding, OPEN, Action::Open, "go", "Go to this user or resource, or copy this command"),
    write(Finding, &["e"], Action::ChangeRoles, "change roles", "Change the roles of this manager"),
    write(Finding, &["d", "delete"], Action::RemoveManager, "remove", "Remove this manager"),
    shown(Finding, &["A"], Action::AcceptFinding, "accept", "Accept this finding for a while, with a reason"),
    second(Finding, &["g r"], Action::OpenResource, "this resource", "Go to the resource of this line"),
    shown(Finding, &["r"], Action::ReadAgain, "read again", "Review everything again"),
    shown(Finding, &["y"], Action::CopyId, "copy key", "Copy the key of the finding"),
    shown(Finding, &["o"], Action::OpenConsole, "console", "Open this line in the web console"),
    shown(
        AcceptForm,
        &["enter"],
        Action::AcceptText,
        "accept",
        "Accept the finding: write that into the file",
    ),
    shown(AcceptForm, &["tab", "down"], Action::NextField, "next field", "Go on to the next field"),
    known(AcceptForm, &["shift-tab", "up"], Action::PreviousField, "Go back to the field before"),
    shown(Snapshots, OPEN, Action::Open, "open", "Go on to the file"),
    shown(Differences, OPEN, Action::Open, "person", "Show this user as it is now"),
    second(Differences, &["g r"], Action::OpenResource, "this resource", "Go to the resource of this row"),
    shown(PathForm, &["enter"], Action::AcceptText, "go on", "Take this path"),
    shown(PathForm, &["tab"], Action::Complete, "complete", "Complete the path"),
    shown(ChooseRow, OPEN, Action::Open, "choose", "Choose this row, or all marked ones"),
    shown(ChooseField, &["enter"], Action::Open, "choose", "Choose the row with the cursor"),
    shown(ChooseField, &["down", "tab"], Action::ToList, "to the list", "Go to the list"),
    shown(
        ChooseOrganizationRow,
        &["space"],
        Action::Mark,
        "mark several",
        "Mark this organization, to add to several at once",
    ),
    shown(ChooseUserRow, &["space"], Action::Mark, "mark several", "Mark this user, to add several at once"),
    shown(
        ChooseUser,
        &["ctrl-o"],
        Action::ToggleScope,
        "this organization / all",
        "Search only this organization, or all of them",
    ),
    shown(SearchField, &["enter"], Action::AcceptText, "search", "Search now and go to the list"),
    shown(SearchField, &["down", "tab"], Action::ToList, "to the list", "Go to the list"),
    shown(
        Roles,
        &["enter", "l", "right"],
        Action::Proceed,
        "review",
        "Review; when adding with no mark, take this role",
    ),
    shown(Roles, &["space", "x"], Action::Mark, "mark", "Mark this role, or take the mark away"),
    shown(Roles, &["c"], Action::RoleCards, "role cards", "Show what the roles allow, two side by side"),
    shown(RoleCards, &["space", "x"], Action::Mark, "compare", "Mark this role, to see two side by side"),
    known(RoleCards, &["r"], Action::ReadAgain, "Read again which roles the server offers"),
    known(Roles, &["r"], Action::ReadAgain, "Read again"),
    write(Review, &["enter", "y"], Action::Apply, "apply", "Apply the changes"),
    shown(Review, &["space"], Action::Mark, "leave out", "Leave this line out, or take it back in"),
    known(
        ReviewName,
        &["ctrl-b"],
        Action::ShowBasket,
        "Put the changes into the basket instead of applying them",
    ),
    shown(Basket, &["enter", "l", "right"], Action::Open, "review all", "Review everything in the basket"),
    shown(Basket, &["d", "delete"], Action::TakeOut, "take out", "Take this change out of the basket"),
    shown(Leaving, &["enter"], Action::Open, "show the basket", "Stay, and look at the basket"),
    shown(Leaving, &["x"], Action::Discard, "throw it away", "Throw the basket away and go on"),
    write(History, &["u"], Action::Undo, "undo", "Take this change back, after a review of the inverse"),
    shown(Profiles, OPEN, Action::Open, "switch", "Sign in with this profile instead"),
    shown(Pasted, &["enter", "l", "right"], Action::Open, "mark the found", "Mark the users that were found"),
    known(Pasted, &["r"], Action::ReadAgain, "Look everything up again"),
    write(ReviewName, &["enter"], Action::Apply, "apply", "Apply the changes once the name is typed"),
    shown(Applying, &["enter"], Action::Back, "leave", "Leave; the change goes on and its result is told"),
    shown(Results, &["enter"], Action::Proceed, "managers", "Show the managers as they are now"),
    write(Results, &["r"], Action::Retry, "try again", "Look at what did not happen again, to apply it anew"),
    shown(Rows, &["/"], Action::Search, "search", "Search in this list"),
    shown(Tabs, &["tab"], Action::NextTab, "next tab", "Go to the next tab"),
    known(Tabs, &["shift-tab"], Action::PreviousTab, "Go to the tab before"),
    shown(
        Managers,
        &["c"],
        Action::RoleCards,
        "role cards",
        "Show what the roles of this manager and others allow",
    ),
    shown(Rows, &["r"], Action::ReadAgain, "read again", "Read the list again"),
    shown(
        AccessReview,
        &["x"],
        Action::ToggleAccepted,
        "hide accepted",
        "Hide the accepted findings, or show them",
    ),
    shown(AccessReview, &["E"], Action::Export, "export", "Write the whole review into a file"),
    shown(Rows, &["y"], Action::CopyId, "copy id", "Copy the id of this row"),
    copy_as(Rows),
    copy_as(Person),
    copy_as(Finding),
    copy_as(Review),
    second(
        ReviewName,
        &["ctrl-y"],
        Action::CopyAs,
        "copy",
        "Copy the changes as commands of zitui, as requests of curl or for Terraform",
    ),
    copy_as(Applying),
    copy_as(Results),
    copy_as(Basket),
    shown(CopyAs, OPEN, Action::Open, "copy", "Put this text on the clipboard"),
    shown(Opening, &["r"], Action::ReadAgain, "look again", "Look it up again"),
    shown(Rows, &["o"], Action::OpenConsole, "console", "Open this row in the web console"),
    shown(HelpList, &["enter"], Action::Open, "do it", "Do what this line says"),
    shown(PaletteList, &["enter", "tab"], Action::Open, "go", "Do this, or go there"),
    known(BelowField, &["up"], Action::Up, "One line up"),
    known(BelowField, &["down"], Action::Down, "One line down"),
    known(BelowField, &["pageup"], Action::PageUp, "One page up"),
    known(BelowField, &["pagedown"], Action::PageDown, "One page down"),
    known(List, &["up", "k"], Action::Up, "One row up"),
    known(List, &["down", "j"], Action::Down, "One row down"),
    known(List, &["ctrl-u"], Action::HalfPageUp, "Half a page up"),
    known(List, &["ctrl-d"], Action::HalfPageDown, "Half a page down"),
    known(List, &["pageup", "ctrl-b"], Action::PageUp, "One page up"),
    known(List, &["pagedown", "ctrl-f"], Action::PageDown, "One page down"),
    second(List, &["home", "g g"], Action::First, "first row", "To the first row"),
    known(List, &["end", "G"], Action::Last, "To the last row"),
    known(List, &["left", "h"], Action::Out, "Fold this group, or go back"),
    second(Anywhere, &["g h"], Action::GoMenu, "menu", "Go to the menu"),
    second(Anywhere, &["g o"], Action::GoOrganizations, "organizations", "Go to the organizations"),
    second(Anywhere, &["g u"], Action::GoUsers, "users", "Go to the users"),
    second(Anywhere, &["g a"], Action::GoAllManagers, "all managers", "Go to the list of all managers"),
    second(
        Anywhere,
        &["g i"],
        Action::GoInstanceManagers,
        "instance managers",
        "Go to the managers of the instance",
    ),
    second(Anywhere, &["g v"], Action::GoAccessReview, "access review", "Go to the access review"),
    second(Anywhere, &["g j"], Action::GoHistory, "history", "Go to the history of changes"),
    second(Anywhere, &["g n"], Action::GoSnapshots, "snapshots", "Go to the snapshots of all managers"),
    second(Anywhere, &["g p"], Action::GoProfiles, "profiles", "Go to the profiles"),
    second(Anywhere, &["g s"], Action::GoSignIn, "sign-in", "Go to the sign-in"),
    shown(
        Always,
        &["esc"],
        Action::Back,
        "back",
        "Go back, or take the search away; never leaves the program",
    ),
    known(
        Anywhere,
        &["b"],
        Action::ShowBasket,
        "Show the basket; in the review, put the changes into it instead of applying them",
    ),
    shown(Anywhere, &["q"], Action::Leave, "quit", "Go back, and leave the program at the top"),
    known(Always, &["ctrl-c"], Action::Quit, "Leave the program"),
    known(Always, &["ctrl-z"], Action::Suspend, "Suspend the program"),
    second(
        Anywhere,
        &[":"],
        Action::Palette,
        "palette",
        "Find an action, an organization, a user or a project",
    ),
    shown(Anywhere, &["?"], Action::Help, "help", "Show every key"),
    shown(Always, &["f1"], Action::Help, "help", "Show every key"),
];

/// The name of a pressed key in the table; none for keys that the table has no names for.
pub fn name(key: Key) -> String {
    let plain = match key.code {
        KeyCode::Char(' ') => "space".to_owned(),
        KeyCode::Char(character) if key.ctrl => character.to_lowercase().to_string(),
        KeyCode::Char(character) => character.to_string(),
        KeyCode::Enter => "enter".to_owned(),
        KeyCode::Esc => "esc".to_owned(),
        KeyCode::Tab => "tab".to_owned(),
        KeyCode::BackTab => "shift-tab".to_owned(),
        KeyCode::Backspace => "backspace".to_owned(),
        KeyCode::Delete => "delete".to_owned(),
        KeyCode::Up => "up".to_owned(),
        KeyCode::Down => "down".to_owned(),
        KeyCode::Left => "left".to_owned(),
        KeyCode::Right => "right".to_owned(),
        KeyCode::Home => "home".to_owned(),
        KeyCode::End => "end".to_owned(),
        KeyCode::PageUp => "pageup".to_owned(),
        KeyCode::PageDown => "pagedown".to_owned(),
        KeyCode::F(number) => format!("f{number}"),
    };
    let alt = if key.alt { "alt-" } else { "" };
    let ctrl = if key.ctrl { "ctrl-" } else { "" };
    format!("{alt}{ctrl}{plain}")
}

/// What a key means in a place.
#[derive(Debug)]
pub enum Meaning {
    /// It is bound.
    Bound(&'static Binding),
    /// It begins a pair of keys.
    Begins,
    /// It is bound to nothing.
    Nothing,
}

/// What the key with this name means, after the key that began a pair.
pub fn meaning(place: place::Place, began: Option<&str>, name: &str) -> Meaning {
    let whole = began.map_or_else(|| name.to_owned(), |began| format!("{began} {name}"));
    if let Some(binding) = of(place).find(|binding| binding.keys.contains(&whole.as_str())) {
        return Meaning::Bound(binding);
    }
    let start = format!("{whole} ");
    if of(place).any(|binding| binding.keys.iter().any(|keys| keys.starts_with(&start))) {
        Meaning::Begins
    } else {
        Meaning::Nothing
    }
}

/// The bindings that hold in a place, in the order of the table.
pub fn of(place: place::Place) -> impl Iterator<Item = &'static Binding> {
    KEYS.iter().filter(move |binding| place.contains(&binding.context))
}

/// Whether characters are text in this place.
pub fn takes_text(place: place::Place) -> bool {
    !place.contains(&Anywhere)
}

impl Binding {
    /// Its keys as they are shown, e.g. `⏎, l, →`.
    pub fn labels(&self) -> String {
        self.keys.iter().map(|key| label(key)).collect::<Vec<_>>().join(", ")
    }

    /// What it does, to follow "Cannot": its word where that is a deed, else how the help begins.
    pub fn deed(&self) -> String {
        if !self.word.is_empty() && !THINGS.contains(&self.word) {
            return self.word.to_owned();
        }
        let clause = self.help.split([',', ';']).next().unwrap_or_default();
        let mut letters = clause.chars();
        letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
    }
}

/// The whole table for documentation, in its order: where, keys, what they do.
pub fn documented() -> impl Iterator<Item = (&'static str, String, &'static str)> {
    KEYS.iter().map(|binding| (binding.context.words(), binding.labels(), binding.help))
}

/// How a key is shown, e.g. `⏎`.
pub fn label(key: &str) -> &str {
    match key {
        "enter" => "⏎",
        "up" => "↑",
        "down" => "↓",
        "left" => "←",
        "right" => "→",
        other => other,
    }
}

impl Context {
    /// Where that is, in words, for the help.
    pub const fn words(self) -> &'static str {
        match self {
            Always | Anywhere => "everywhere",
            List => "in every list",
            Rows => "in lists of organizations, users and managers",
            SearchField => "in a search field",
            SignIn => "on the sign-in screen",
            UrlField | KeyFileField => "in the sign-in form",
            SigningIn => "while signing in",
            Menu => "in the menu",
            Organizations => "on the organizations",
            Tabs => "on screens with tabs",
            Managers => "on the managers",
            Projects => "on projects and grants",
            OrganizationUsers => "on the users of an organization",
            Users => "on the users",
            Person => "on one user",
            ChooseRow | ChooseField | ChooseOrganizationRow => "where a row is chosen",
            ChooseUser | ChooseUserRow => "where users are chosen",
            Roles => "on the roles",
            RoleCards => "on the role cards",
            Review | ReviewName => "in the review",
            Applying => "while a change is applied",
            Results => "on the results",
            Basket => "in the basket",
            Leaving => "before leaving with a filled basket",
            History => "in the history",
            Profiles => "on the profiles",
            Pasted => "on what was pasted",
            HelpList => "in this help",
            AllManagers => "on all managers",
            Unread => "in what could not be read",
            AccessReview => "on the access review",
            Finding => "on one finding",
            AcceptForm => "where a finding is accepted",
            PathForm => "where a path is typed",
            Snapshots => "on the snapshots",
            Differences => "on what differs from a snapshot",
            PaletteList => "in the palette",
            CopyAs => "in the chooser of texts to copy",
            Opening => "while something is looked up",
            BelowField => "below a text field",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn what_cannot_be_done_is_a_deed() {
        let verbs = [
            "accept", "add", "apply", "change", "choose", "compare", "complete", "copy", "do", "export",
            "go", "group", "hide", "leave", "look", "make", "mark", "open", "quit", "read", "remove",
            "review", "search", "show", "sign", "sort", "switch", "take", "throw", "try", "undo",
        ];
        for binding in KEYS.iter().filter(|binding| !binding.word.is_empty()) {
            let first = binding.word.split(' ').next().unwrap();
            assert_ne!(verbs.contains(&first), THINGS.contains(&binding.word), "{}", binding.word);
        }
        let unread = of(place::ACCESS_REVIEW).find(|binding| binding.action == Action::ShowUnread).unwrap();
        assert_eq!(unread.deed(), "show what could not be read or judged");
        let remove = of(place::MANAGERS).find(|binding| binding.action == Action::RemoveManager).unwrap();
        assert_eq!(remove.deed(), "remove");
    }

    #[test]
    fn no_key_has_two_meanings_in_one_place() {
        for place in place::ALL {
            let mut seen: HashMap<&str, Action> = HashMap::new();
            for binding in of(place) {
                for key in binding.keys {
                    let other = seen.insert(key, binding.action);
                    assert_eq!(other, None, "{key} in {place:?}");
                }
            }
            for key in seen.keys() {
                let first = key.split(' ').next().expect("a key");
                assert!(*key == first || !seen.contains_key(first), "{first} begins {key} in {place:?}");
            }
        }
    }

    #[test]
    fn every_action_can_be_reached() {
        for action in Action::ALL {
            let reached = place::ALL.iter().any(|place| of(place).any(|binding| binding.action == *action));
            assert!(reached, "{action:?}");
        }
    }

    #[test]
    fn every_binding_holds_somewhere_and_explains_itself() {
        for binding in KEYS {
            assert!(place::ALL.iter().any(|place| place.contains(&binding.context)), "{binding:?}");
            assert!(!binding.help.is_empty() && (!binding.footer || !binding.word.is_empty()), "{binding:?}");
        }
    }

    #[test]
    fn characters_are_text_where_text_is_typed() {
        for place in place::ALL.iter().filter(|place| takes_text(place)) {
            for binding in of(place) {
                for key in binding.keys {
                    assert!(key.chars().count() > 1 && *key != "space", "{key} in {place:?}");
                }
            }
        }
    }

    #[test]
    fn the_documentation_is_the_table() {
        let mut page = "# Keys\n\n| where | keys | what they do |\n|---|---|---|\n".to_owned();
        for (context, keys, help) in documented() {
            page.push_str(&["| ", context, " | ", &keys, " | ", help, " |\n"].concat());
        }
        let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
        if std::env::var_os("ZITUI_WRITE_DOCS").is_some() {
            std::fs::write(kept, &page).expect("docs/keys.md can be written");
        }
        let kept = std::fs::read_to_string(kept).expect("docs/keys.md is there");
        assert_eq!(kept, page, "run this test with ZITUI_WRITE_DOCS=1 to bring docs/keys.md up to date");
    }

    #[test]
    fn escape_and_ctrl_c_hold_everywhere() {
        for place in place::ALL {
            for key in ["esc", "ctrl-c", "ctrl-z", "f1"] {
                assert!(matches!(meaning(place, None, key), Meaning::Bound(_)), "{key} in {place:?}");
            }
        }
    }
}
