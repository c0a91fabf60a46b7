//! `zitui demo --serve`: says where the demo is, then waits to be stopped. Starting it is the program's part.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use super::interrupt::Interrupt;
use super::output::{Output, json_line};
use crate::domain::problem::{Problem, ProblemKind};

/// Where a demo instance is and how to sign in to it.
#[derive(Clone, Copy, Debug)]
pub struct Announcement<'a> {
    /// Its address.
    pub url: &'a str,
    /// The key file of its main service user.
    pub key_file: &'a Path,
    /// The version that it imitates.
    pub version: &'a str,
    /// Login names of service users → tokens that work.
    pub pats: &'a BTreeMap<String, String>,
}

/// Prints the announcement as one line of JSON and returns after SIGINT, SIGTERM or SIGHUP.
///
/// # Errors
/// Where standard output cannot be written or signals cannot be listened for.
pub async fn until_stopped(announcement: &Announcement<'_>, output: &Output) -> Result<(), Problem> {
    let mut interrupt = Interrupt::listen().map_err(|error| {
        Problem::new(ProblemKind::Usage, "Cannot listen for signals", error.to_string(), "")
    })?;
    json_line(&json!({
        "url": announcement.url,
        "key_file": announcement.key_file,
        "version": announcement.version,
        "pats": announcement.pats,
    }))?;
    output.note("serving until stopped with ctrl-c");
    interrupt.next().await;
    Ok(())
}
