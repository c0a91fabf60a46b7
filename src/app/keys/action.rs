//! What keys can do. Knows no keys.

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Leaves the program.
    Quit,
    /// Suspends the program.
    Suspend,
    /// Shows every key.
    Help,
    /// Goes back; never leaves the program.
    Back,
    /// Goes back, and leaves the program at the top.
    Leave,
    /// Goes to the menu.
    GoMenu,
    /// Goes to the organizations.
    GoOrganizations,
    /// Goes to the users.
    GoUsers,
    /// Goes to all managers.
    GoAllManagers,
    /// Opens the palette.
    Palette,
    /// Out of a group, else back.
    Out,
    /// Goes to the managers of the instance.
    GoInstanceManagers,
    /// Goes to the sign-in.
    GoSignIn,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// Half a page up.
    HalfPageUp,
    /// Half a page down.
    HalfPageDown,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// To the search field.
    Search,
    /// From the search field to the list.
    ToList,
    /// Takes what is typed.
    AcceptText,
    /// Completes what is typed.
    Complete,
    /// To the next field.
    NextField,
    /// To the field before.
    PreviousField,
    /// Opens or chooses the row.
    Open,
    /// Reads again.
    ReadAgain,
    /// Copies the id of the row.
    CopyId,
    /// Chooses how to copy the row, the list or the changes.
    CopyAs,
    /// Opens the row in the web console.
    OpenConsole,
    /// Marks the row.
    Mark,
    /// The next tab.
    NextTab,
    /// The tab before.
    PreviousTab,
    /// Adds a manager.
    AddManager,
    /// Changes the roles of a manager.
    ChangeRoles,
    /// Removes a manager.
    RemoveManager,
    /// Shows what roles allow.
    RoleCards,
    /// Between this organization and all.
    ToggleScope,
    /// Goes on to the next step.
    Proceed,
    /// Applies the changes.
    Apply,
    /// Tries again what failed.
    Retry,
    /// Shows the basket; in the review, puts the changes into it.
    ShowBasket,
    /// Takes a change out of the basket.
    TakeOut,
    /// Goes on although the basket is thrown away with it.
    Discard,
    /// Goes to the journal.
    GoHistory,
    /// Goes to the profiles.
    GoProfiles,
    /// Takes a change of the journal back.
    Undo,
    /// Opens the resource of the row.
    OpenResource,
    /// Removes everything that a user manages.
    RemoveAll,
    /// Shows what could not be read, and why.
    ShowUnread,
    /// Sorts by the next column.
    SortNext,
    /// Sorts by the column before.
    SortPrevious,
    /// Sorts the other way round.
    SortReverse,
    /// Puts rows together in another way.
    NextGrouping,
    /// Goes to the access review.
    GoAccessReview,
    /// Goes to the snapshots.
    GoSnapshots,
    /// Accepts a finding for a while.
    AcceptFinding,
    /// Hides or shows the accepted findings.
    ToggleAccepted,
    /// Writes what is shown into a file.
    Export,
}

impl Action {
    /// Every action.
    pub const ALL: &[Self] = &[
        Self::Quit,
        Self::Suspend,
        Self::Help,
        Self::Back,
        Self::Leave,
        Self::GoMenu,
        Self::GoOrganizations,
        Self::GoUsers,
        Self::GoAllManagers,
        Self::Palette,
        Self::Out,
        Self::GoInstanceManagers,
        Self::GoSignIn,
        Self::Up,
        Self::Down,
        Self::HalfPageUp,
        Self::HalfPageDown,
        Self::PageUp,
        Self::PageDown,
        Self::First,
        Self::Last,
        Self::Search,
        Self::ToList,
        Self::AcceptText,
        Self::Complete,
        Self::NextField,
        Self::PreviousField,
        Self::Open,
        Self::ReadAgain,
        Self::CopyId,
        Self::CopyAs,
        Self::OpenConsole,
        Self::Mark,
        Self::NextTab,
        Self::PreviousTab,
        Self::AddManager,
        Self::ChangeRoles,
        Self::RemoveManager,
        Self::RoleCards,
        Self::ToggleScope,
        Self::Proceed,
        Self::Apply,
        Self::Retry,
        Self::ShowBasket,
        Self::TakeOut,
        Self::Discard,
        Self::GoHistory,
        Self::GoProfiles,
        Self::Undo,
        Self::OpenResource,
        Self::RemoveAll,
        Self::ShowUnread,
        Self::SortNext,
        Self::SortPrevious,
        Self::SortReverse,
        Self::NextGrouping,
        Self::GoAccessReview,
        Self::GoSnapshots,
        Self::AcceptFinding,
        Self::ToggleAccepted,
        Self::Export,
    ];
}
