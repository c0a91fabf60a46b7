//! A file that holds a personal access token, and the check of one from wherever it comes.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::refusal::{FileFailure, SecretFile, SignInRefusal};
use super::secret_file;
use crate::domain::text::SafeText;

/// Reads the one line of the file.
///
/// # Errors
/// The file cannot be read, is open to others, or holds something else than one token.
pub fn read_token_file(path: &Path) -> Result<SecretString, SignInRefusal> {
    let refuse = |failure| SignInRefusal::File {
        file: SecretFile::Token,
        path: SafeText::new(&path.to_string_lossy()),
        failure,
    };
    let content = secret_file::read(path).map_err(refuse)?;
    let text = std::str::from_utf8(&content).map_err(|_error| refuse(FileFailure::NotAToken))?;
    one_token(text).ok_or_else(|| refuse(FileFailure::NotAToken))
}

/// Checks a token from the environment.
///
/// # Errors
/// It is empty or has blanks or line breaks inside.
pub fn check_token(token: &SecretString) -> Result<SecretString, SignInRefusal> {
    one_token(token.expose_secret()).ok_or(SignInRefusal::NotAToken)
}

/// Visible ASCII only: anything else cannot stand in a header.
fn one_token(text: &str) -> Option<SecretString> {
    let token = text.trim();
    (!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()))
        .then(|| SecretString::from(token))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("abc-DEF_123", Some("abc-DEF_123"))]
    #[case::line_end("abc\r\n", Some("abc"))]
    #[case::empty(" \n", None)]
    #[case::two_lines("abc\ndef", None)]
    #[case::blank_inside("Bearer abc", None)]
    #[case::not_ascii("abcé", None)]
    fn takes_exactly_one_token(#[case] text: &str, #[case] token: Option<&str>) {
        let taken = check_token(&SecretString::from(text)).ok();
        assert_eq!(taken.as_ref().map(ExposeSecret::expose_secret), token);
    }
}
