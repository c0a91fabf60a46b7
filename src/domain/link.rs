//! Places that the screens can be opened at: `org:NAME`, `user:NAME`, `project:NAME`, `review`, `history`.

use std::str::FromStr;

use super::nearest::did_you_mean;
use super::organization::Organization;
use super::project::Project;
use super::text::SafeText;
use super::user::User;

/// The words that name the kind of a thing, with the other ways to write them; each is followed by `:` and a name.
const KINDS: &[(&str, Named)] = &[
    ("org", Named::Organization),
    ("organization", Named::Organization),
    ("user", Named::User),
    ("project", Named::Project),
];

/// What a name can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// An organization: id, name or primary domain.
    Organization,
    /// A user: id, login name, user name, e-mail or display name.
    User,
    /// A project: id or name.
    Project,
}

/// The one thing that a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// An organization.
    Organization(Organization),
    /// A user.
    User(User),
    /// A project, and the name of the organization that owns it.
    Project(Project, SafeText),
}

impl Named {
    /// What this word stands for before a colon.
    pub fn of_word(word: &str) -> Option<Self> {
        KINDS.iter().find(|(kind, _)| *kind == word).map(|(_, named)| *named)
    }

    /// What it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::User => "user",
            Self::Project => "project",
        }
    }
}

/// A place to open the screens at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// The screen of the one thing with this name, which is to be looked up.
    Thing(Named, String),
    /// The access review.
    Review,
    /// The history of changes.
    History,
}

impl Link {
    /// How links begin, for completing and for telling which there are.
    pub const FORMS: [&str; 5] = ["org:", "user:", "project:", "review", "history"];
}

impl FromStr for Link {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((kind, name)) = text.split_once(':') else {
            return match text {
                "review" => Ok(Self::Review),
                "history" => Ok(Self::History),
                _ if Named::of_word(text).is_some() => Err(format!("write {text}:NAME")),
                _ => Err(advice(text)),
            };
        };
        let Some(named) = Named::of_word(kind) else { return Err(advice(kind)) };
        match name.trim() {
            "" => Err(format!("the name is missing, as in {kind}:NAME")),
            name => Ok(Self::Thing(named, name.to_owned())),
        }
    }
}

fn advice(given: &str) -> String {
    let known = KINDS.iter().map(|(kind, _)| *kind).chain(["review", "history"]);
    did_you_mean(given, known)
        .unwrap_or_else(|| "use org:NAME, user:NAME, project:NAME, review or history".to_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::organization("org:Globex", Link::Thing(Named::Organization, "Globex".to_owned()))]
    #[case::in_full("organization:Globex", Link::Thing(Named::Organization, "Globex".to_owned()))]
    #[case::colons_of_the_name("project:a:b", Link::Thing(Named::Project, "a:b".to_owned()))]
    #[case::blanks_within("user:Deploy Bot", Link::Thing(Named::User, "Deploy Bot".to_owned()))]
    #[case::review("review", Link::Review)]
    #[case::history("history", Link::History)]
    fn is_understood(#[case] text: &str, #[case] link: Link) {
        assert_eq!(text.parse(), Ok(link));
    }

    #[rstest]
    #[case::misspelt_kind("orgs:Globex", "did you mean org?")]
    #[case::misspelt_place("histroy", "did you mean history?")]
    #[case::no_name("user:", "the name is missing, as in user:NAME")]
    #[case::blank_name("user:  ", "the name is missing, as in user:NAME")]
    #[case::no_colon("org", "write org:NAME")]
    #[case::anything("https://x", "use org:NAME, user:NAME, project:NAME, review or history")]
    #[case::a_place_has_no_name("history:1", "did you mean history?")]
    fn is_refused_with_advice(#[case] text: &str, #[case] advice: &str) {
        assert_eq!(text.parse::<Link>(), Err(advice.to_owned()));
    }
}
