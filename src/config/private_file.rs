//! Files written in one step, most of them for their owner only; locked against other processes, judged before they are
//! read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// Nothing that zitui keeps is larger.
const LARGEST: u64 = 4_000_000;

/// Makes the folder with everything above it; those that are new are for their owner only.
///
/// # Errors
/// What the system says.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut create = DirBuilder::new();
    create.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut create, 0o700);
    create.create(folder)
}

/// Replaces the file in one step, so that nobody ever reads half of it. It is for its owner only from its first moment
/// on. A link is followed, not replaced.
///
/// # Errors
/// What the system says; the old file is untouched then.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let (target, folder) = target_of(path);
    make_folder(&folder)?;
    persist(tempfile::Builder::new().prefix(".zitui-").tempfile_in(&folder)?, content, &target, &folder)
}

/// The same for a file that others may read, as one that belongs into version control: the permissions that it has are
/// kept, and a new one has the usual ones. Its folder must be there.
///
/// # Errors
/// What the system says; the old file is untouched then.
pub fn replace_shared(path: &Path, content: &[u8]) -> io::Result<()> {
    let (target, folder) = target_of(path);
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let fresh = builder.prefix(".zitui-").tempfile_in(&folder)?;
    if let Ok(facts) = std::fs::metadata(&target) {
        fresh.as_file().set_permissions(facts.permissions())?;
    }
    persist(fresh, content, &target, &folder)
}

/// What a path stands for, after links, and the folder that it is in.
fn target_of(path: &Path) -> (PathBuf, PathBuf) {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_owned);
    (target, folder)
}

fn persist(
    mut fresh: tempfile::NamedTempFile,
    content: &[u8],
    target: &Path,
    folder: &Path,
) -> io::Result<()> {
    fresh.write_all(content)?;
    fresh.as_file().sync_all()?;
    fresh.persist(target).map_err(|failed| failed.error)?;
    sync_folder(folder)
}

/// A rename lasts only once its folder is written down.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads a file that is for its owner only; nothing where there is none, or one that others may read or write.
///
/// # Errors
/// What the system says.
pub fn read(path: &Path) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let facts = file.metadata()?;
    if !facts.is_file() || facts.len() > LARGEST || is_open_to_others(&facts) {
        return Ok(None);
    }
    let mut content =
        Zeroizing::new(Vec::with_capacity(usize::try_from(facts.len()).unwrap_or_default() + 1));
    (&file).take(LARGEST).read_to_end(&mut content)?;
    Ok(Some(content))
}

#[cfg(unix)]
fn is_open_to_others(facts: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    facts.permissions().mode() & 0o077 != 0 || facts.uid() != rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_open_to_others(_facts: &std::fs::Metadata) -> bool {
    false
}

/// Nobody else has it while this lives; the system takes it back when the process ends, however that happens.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "dropping it opens the lock")] File);

/// Takes the lock of this path; nothing while another process has it.
///
/// # Errors
/// What the system says.
pub fn try_lock(path: &Path) -> io::Result<Option<Lock>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Err(rustix::io::Errno::WOULDBLOCK) => return Ok(None),
        taken => taken?,
    }
    Ok(Some(Lock(file)))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("it exists").permissions().mode() & 0o777
    }

    #[test]
    fn a_replaced_file_is_for_its_owner_only_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep").join("file");
        replace(&path, b"one").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("opened");
        replace(&path, b"two").expect("written again");
        assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
        assert_eq!(read(&path).expect("read").expect("private").as_slice(), b"two");
        assert_eq!(std::fs::read_dir(folder.path().join("deep")).expect("listed").count(), 1);
    }

    #[test]
    fn a_link_is_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        std::fs::write(&real, "one").expect("written");
        std::os::unix::fs::symlink(&real, &link).expect("linked");
        replace(&link, b"two").expect("written");
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&real).expect("read"), b"two");
    }

    #[test]
    fn what_others_may_read_is_not_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        assert!(read(&path).expect("fine").is_none());
        replace(&path, b"one").expect("written");
        for open in [0o640, 0o604, 0o602] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(open)).expect("opened");
            assert!(read(&path).expect("fine").is_none(), "{open:o}");
        }
    }

    #[test]
    fn a_lock_is_had_by_one_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let first = try_lock(&path).expect("fine");
        assert!(first.is_some());
        assert!(try_lock(&path).expect("fine").is_none());
        drop(first);
        assert!(try_lock(&path).expect("fine").is_some());
    }

    #[test]
    fn a_shared_file_is_replaced_whole_and_keeps_its_permissions() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state.json");
        std::fs::write(&path, "a longer text than the new one").expect("written");
        replace_shared(&path, b"new").expect("written");
        assert_eq!(std::fs::read(&path).expect("readable"), b"new");
        assert_eq!(mode(&path) & !0o022, 0o644);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o664)).expect("opened");
        replace_shared(&path, b"newer").expect("written again");
        assert_eq!(mode(&path), 0o664);
        let names = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(names, 1, "nothing else is left");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(replace_shared(&folder.path().join("none").join("state.json"), b"new").is_err());
    }
}
