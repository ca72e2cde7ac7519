//! Files that are whole or absent, whatever happens while they are written.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a file in one step as far as readers can see: into a new file beside it, flushed to the disk, then renamed over
/// the old one. After a crash there is the old content or the new, never a part.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = temporary_beside(path)?;
    let written = write_flushed(&temporary, content).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // What went wrong first is the error to report; the leftover may not even exist.
        let _ = fs::remove_file(&temporary);
    }
    written?;
    flush_folder(folder_of(path))
}

fn write_flushed(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// A name that no other thread or process uses, in the same folder: a rename across file systems would be a copy.
fn temporary_beside(path: &Path) -> io::Result<PathBuf> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let Some(name) = path.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"));
    };
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(std::format!(".{}-{}.tmp", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed)));
    Ok(folder_of(path).join(temporary))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// On Unix a rename is on the disk once its folder is; elsewhere folders cannot be opened.
fn flush_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_behind() {
        let folder = std::env::temp_dir().join(std::format!("netform-file-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("weights");
        replace(&path, b"first, longer").unwrap();
        replace(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert!(replace(&folder.join("no/folder"), b"").is_err());
        assert!(replace(&folder, b"a folder stands there").is_err());
        assert!(replace(Path::new("/"), b"").is_err());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }
}
