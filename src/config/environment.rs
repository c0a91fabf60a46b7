//! The environment variables, as something that tests can replace.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::domain::problem::{Problem, ProblemKind};

/// Environment variables. An empty variable counts as one that is not set.
#[derive(Clone)]
pub struct Environment(HashMap<String, OsString>);

impl Environment {
    /// The variables of this process.
    pub fn of_process() -> Self {
        let named = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value));
        Self(std::env::vars_os().filter_map(named).collect())
    }

    /// These variables and no others.
    pub fn of<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }

    /// The value of a variable that holds a path.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.0.get(name).filter(|value| !value.is_empty()).map(PathBuf::from)
    }

    /// The value of a variable that holds text.
    ///
    /// # Errors
    /// `Usage` where the value is not Unicode; the value itself is not told, as it may be a token.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        let Some(value) = self.0.get(name).filter(|value| !value.is_empty()) else { return Ok(None) };
        value.to_str().map(|text| Some(text.trim())).ok_or_else(|| {
            Problem::new(
                ProblemKind::Usage,
                format!("Cannot read the environment variable {name}"),
                "its value is not valid UTF-8",
                format!("set {name} again, or unset it"),
            )
        })
    }

    /// The name of who uses this machine, as git and the system know it.
    ///
    /// # Errors
    /// `Usage` for a name that is no text.
    pub fn user_name(&self) -> Result<Option<&str>, Problem> {
        for variable in ["GIT_AUTHOR_NAME", "USER", "LOGNAME", "USERNAME"] {
            if let Some(name) = self.text(variable)? {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }
}

/// Shows the names only: a value may be a token.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_not_set_and_values_are_not_shown() {
        let environment = Environment::of([("ZITUI_URL", ""), ("ZITUI_TOKEN", "canary-token")]);
        assert_eq!(environment.text("ZITUI_URL"), Ok(None));
        assert_eq!(environment.text("ZITUI_TOKEN"), Ok(Some("canary-token")));
        assert!(!format!("{environment:?}").contains("canary-token"));
    }
}
