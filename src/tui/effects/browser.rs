//! Opens pages of the console in the platform's browser.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

#[cfg(target_os = "macos")]
const OPENER: &str = "open";
#[cfg(not(target_os = "macos"))]
const OPENER: &str = "xdg-open";

/// Starts the opener and waits for it, so it must run beside everything else. Its output goes nowhere, because it
/// would land in the midst of the screen; a failure goes to the log.
pub(super) fn open(address: &str) {
    // The opener would take other text for an option or a file.
    if !(address.starts_with("https://") || address.starts_with("http://")) {
        tracing::warn!("not opened, no web address: {address:?}");
        return;
    }
    let opened = Command::new(OPENER)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // ctrl-z stops the whole process group, and the browser is no part of it.
        .process_group(0)
        .status();
    match opened {
        Ok(status) if status.success() => {}
        Ok(status) => tracing::warn!(%status, "{OPENER} failed"),
        Err(error) => tracing::warn!(%error, "cannot start {OPENER}"),
    }
}
