//! Files that the operator names, for everybody whom the folder and the umask let: written whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::private_file::sync_folder;

/// Writes the file in one step; a link is followed, not replaced.
///
/// # Errors
/// What the system says; what was there before is untouched then.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_owned);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".zitui-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut fresh = builder.tempfile_in(&folder)?;
    fresh.write_all(content)?;
    fresh.as_file().sync_all()?;
    fresh.persist(&target).map_err(|failed| failed.error)?;
    sync_folder(&folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_others_may_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state.json");
        std::fs::write(&path, "a longer text than the new one").expect("written");
        write(&path, b"new").expect("written");
        assert_eq!(std::fs::read(&path).expect("readable"), b"new");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &std::fs::metadata(&path).expect("there").permissions(),
            );
            assert_eq!(mode & 0o777 & !0o022, 0o644);
        }
        let names = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(names, 1, "nothing else is left");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(write(&folder.path().join("none").join("state.json"), b"new").is_err());
    }
}
