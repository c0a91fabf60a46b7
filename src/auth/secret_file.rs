//! Reading what holds a secret: a file is opened once and refused when others may read it; memory is wiped after use.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::refusal::FileFailure;
use crate::domain::text::SafeText;

/// Keys are below 4 kB, tokens below 2 kB.
const LARGEST: u64 = 64 * 1024;

/// A text of JSON that is wiped when dropped.
pub(super) struct SecretText(pub(super) Zeroizing<String>);

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// Reads the file.
///
/// # Errors
/// It is missing, unreadable, no regular file, larger than 64 kB, or open to other users.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, FileFailure> {
    let mut file = open(path).map_err(|error| unreadable(&error))?;
    // The open file is judged, not the path: the path could lead elsewhere by now.
    let facts = file.metadata().map_err(|error| unreadable(&error))?;
    if !facts.is_file() {
        return Err(FileFailure::NotRegular);
    }
    if facts.len() > LARGEST {
        return Err(FileFailure::TooLarge);
    }
    refuse_open_mode(&facts)?;
    // Growing would leave copies of the secret behind in freed memory.
    let mut content = Zeroizing::new(Vec::with_capacity(usize::try_from(LARGEST).unwrap_or_default() + 1));
    file.by_ref().take(LARGEST + 1).read_to_end(&mut content).map_err(|error| unreadable(&error))?;
    if content.len() as u64 > LARGEST { Err(FileFailure::TooLarge) } else { Ok(content) }
}

/// Without blocking, so that a pipe in the place of the file does not hang the sign-in.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};

    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn refuse_open_mode(facts: &std::fs::Metadata) -> Result<(), FileFailure> {
    use std::os::unix::fs::PermissionsExt;

    let mode = facts.permissions().mode() & 0o777;
    let of_others = mode & 0o077;
    if of_others == 0 { Ok(()) } else { Err(FileFailure::TooOpen { mode }) }
}

#[cfg(not(unix))]
fn refuse_open_mode(_facts: &std::fs::Metadata) -> Result<(), FileFailure> {
    Ok(())
}

fn unreadable(error: &io::Error) -> FileFailure {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileFailure::Missing,
        _ => FileFailure::Unreadable { detail: SafeText::new(&error.to_string()) },
    }
}
