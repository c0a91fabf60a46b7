//! The sign-in that commands keep between runs: the token, where it came from, and what was found out. One file for
//! each address, user, key and scope, in a folder for its owner only (DESIGN section 7). The screens keep nothing.

mod record;
mod resume;

pub use resume::{Freshness, resume};

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

use crate::auth::key_file::KeyFile;
use crate::auth::token::{SCOPE, TokenKeeper};
use crate::config::address::same_instance;
use crate::config::paths::Paths;
use crate::config::private_file::{self, Lock};
use crate::config::profile::Profile;
use crate::domain::problem::{Problem, ProblemKind};
use record::Record;

/// How long to wait for another process that signs in just now. Without the lock a command signs in for itself.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);

fn folder(paths: &Paths) -> PathBuf {
    paths.state_folder.join("sessions")
}

/// The file of one sign-in, and what stands in it.
#[derive(Debug)]
struct Shelf {
    file: PathBuf,
    record: Mutex<Record>,
}

impl Shelf {
    fn new(paths: &Paths, base: &Url, key: &KeyFile) -> Self {
        let record = Record::empty(base, key);
        let name = digest(&[base.as_str(), key.user_id(), key.key_id(), SCOPE]);
        Self { file: folder(paths).join(format!("{name}.json")), record: Mutex::new(record) }
    }

    /// Reads the file; whether it holds a sign-in of ours that can be used.
    fn recall(&self, now: Timestamp) -> bool {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        let found = private_file::read(&self.file).ok().flatten();
        let found = found.and_then(|content| Record::parse(&content)).filter(|found| found.is_for(&record));
        match found.filter(|found| found.is_usable(now)) {
            Some(found) => {
                *record = found;
                true
            }
            None => false,
        }
    }

    /// Changes what is kept and writes it down. A disk that is full must not keep anybody from working.
    fn change(&self, change: impl FnOnce(&mut Record)) {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut record);
        let written = record.text().and_then(|text| private_file::replace(&self.file, text.as_bytes()));
        if let Err(error) = written {
            tracing::warn!(file = %self.file.display(), %error, "cannot keep the sign-in");
        }
    }

    fn look<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        look(&self.record.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits while another process signs in with the same key.
    async fn lock(&self) -> Option<Lock> {
        let path = self.file.with_extension("lock");
        if let Some(folder) = path.parent() {
            private_file::make_folder(folder).ok()?;
        }
        let start = tokio::time::Instant::now();
        while start.elapsed() < PATIENCE {
            match private_file::try_lock(&path) {
                Ok(Some(lock)) => return Some(lock),
                Ok(None) => tokio::time::sleep(PAUSE).await,
                Err(_) => return None,
            }
        }
        None
    }
}

/// Keeps tokens on a shelf.
struct Keeper(Arc<Shelf>);

impl TokenKeeper for Keeper {
    fn keep(&self, token: &SecretString, expires: Timestamp) {
        self.0.change(|record| record.take_token(token, expires));
    }

    fn discard(&self) {
        let _absent_already = std::fs::remove_file(&self.0.file);
        let mut record = self.0.record.lock().unwrap_or_else(PoisonError::into_inner);
        record.drop_token();
    }
}

/// Forgets what is kept for the profile's instance, or everything where no profile is given. Returns how many sign-ins
/// were kept.
///
/// # Errors
/// A file that cannot be deleted.
pub fn sign_out(paths: &Paths, profile: Option<&Profile>) -> Result<usize, Problem> {
    let folder = folder(paths);
    let cannot = |error: io::Error| {
        Problem::new(
            ProblemKind::Usage,
            "Cannot delete what is kept",
            format!("{}: {error}", folder.display()),
            "delete the folder by hand",
        )
    };
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries.map_err(cannot)?,
    };
    let mut kept = 0;
    for entry in entries {
        let path = entry.map_err(cannot)?.path();
        let Some(is_sign_in) = of_profile(&path, profile) else { continue };
        std::fs::remove_file(&path).map_err(cannot)?;
        kept += usize::from(is_sign_in);
    }
    Ok(kept)
}

/// Whether the file is a sign-in; nothing where it is to stay. What cannot be read goes with everything only.
fn of_profile(path: &Path, profile: Option<&Profile>) -> Option<bool> {
    let extension = path.extension()?.to_str()?;
    let is_sign_in = extension == "json";
    let Some(profile) = profile else { return Some(is_sign_in) };
    let address = match extension {
        "json" => Record::parse(&std::fs::read(path).ok()?).map(Record::address),
        "names" => super::names::address_of(path),
        _ => None,
    };
    same_instance(&address?, &profile.url).then_some(is_sign_in)
}

/// A name for a file that tells nobody what it is for.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.finish().as_ref().iter().take(16).fold(String::new(), |name, byte| name + &format!("{byte:02x}"))
}
