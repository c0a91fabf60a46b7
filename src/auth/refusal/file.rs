//! Why a key file or token file cannot be used.

use jiff::Timestamp;

use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretFile {
    /// The key file of a service user.
    Key,
    /// A file with a personal access token.
    Token,
}

/// What is wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFailure {
    /// There is none.
    Missing,
    /// It cannot be opened or read.
    Unreadable {
        /// The system's words.
        detail: SafeText,
    },
    /// A folder, pipe or device.
    NotRegular,
    /// Larger than 64 kB.
    TooLarge,
    /// Other users may read it.
    TooOpen {
        /// Its permission bits.
        mode: u32,
    },
    /// A key file that is no JSON object of the right shape.
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// The bare private key instead of the JSON around it.
    BarePem,
    /// A field is missing or empty.
    Incomplete {
        /// Its name.
        field: &'static str,
    },
    /// The key of an application.
    ApplicationKey,
    /// A type that is neither of the two known.
    UnknownType {
        /// The type in the file.
        kind: SafeText,
    },
    /// Expired by its own date.
    Expired {
        /// Since when.
        at: Timestamp,
    },
    /// The field `key` holds no private key in PEM form.
    NotPem,
    /// A private key, but none that RS256 can be signed with.
    NotRsa,
    /// Not exactly one token.
    NotAToken,
}

impl FileFailure {
    /// The problem to show.
    pub(super) fn problem(&self, file: SecretFile, path: &SafeText, what: &'static str) -> Problem {
        let name = match file {
            SecretFile::Key => "key file",
            SecretFile::Token => "token file",
        };
        let kind = ProblemKind::NotSignedIn;
        Problem::new(kind, what, format!("The {name} {path} {}.", self.predicate()), self.fix(file, path))
    }

    fn predicate(&self) -> String {
        match self {
            Self::Missing => "does not exist".to_owned(),
            Self::Unreadable { detail } => format!("cannot be read ({detail})"),
            Self::NotRegular => "is no regular file".to_owned(),
            Self::TooLarge => "is larger than 64 kB, so it is something else".to_owned(),
            Self::TooOpen { mode } => {
                format!("can be read or changed by other users of this machine (mode {mode:04o})")
            }
            Self::NotJson { line, column } => {
                format!("is not the JSON that the console hands out (line {line}, column {column})")
            }
            Self::BarePem => "holds only the private key, without the JSON around it".to_owned(),
            Self::Incomplete { field } => format!("has no \"{field}\""),
            Self::ApplicationKey => "belongs to an application, not to a service user".to_owned(),
            Self::UnknownType { kind } => format!("is of the unknown type \"{kind}\""),
            Self::Expired { at } => format!("has expired on {}", at.strftime("%Y-%m-%d %H:%M UTC")),
            Self::NotPem => "holds no private key in PEM form in its field \"key\"".to_owned(),
            Self::NotRsa => {
                "holds a private key that cannot sign with RS256 (RSA of 2048 bits or more)".to_owned()
            }
            Self::NotAToken => "does not hold exactly one token".to_owned(),
        }
    }

    fn fix(&self, file: SecretFile, path: &SafeText) -> String {
        const NEW_KEY: &str = "Create a key of type JSON at the service user in the console (Users › Service users › Keys) and use the file as it was downloaded.";
        match (self, file) {
            (Self::Missing, _) => "Check the path (--key-file, ZITUI_KEY_FILE or key_file in the profile).".to_owned(),
            (Self::Unreadable { .. }, _) => "Check that the file and the folders above it may be read by the user who runs zitui.".to_owned(),
            (Self::TooOpen { .. }, _) => format!("Run: chmod 600 {}", shell_word(path.as_str())),
            (Self::ApplicationKey, _) => "An application has no user that could be manager. Create a service user and a key of type JSON for it.".to_owned(),
            (Self::Expired { .. }, _) => "Create a new key at the service user; if the date is not past, set the clock of this machine.".to_owned(),
            (_, SecretFile::Token) => "Put the personal access token alone into the file, on one line.".to_owned(),
            (_, SecretFile::Key) => NEW_KEY.to_owned(),
        }
    }
}

/// For copying into a shell.
fn shell_word(path: &str) -> String {
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+:@%".contains(&byte));
    if plain { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}
