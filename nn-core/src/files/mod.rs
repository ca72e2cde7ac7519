//! Files that are whole or absent, whatever happens while they are written.

mod disk;
#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use disk::Disk;

/// The calls from which a durable write is made: a real disk, or one in a test that loses what was not flushed.
pub(crate) trait FileSystem {
    /// A file that is being written.
    type File;

    /// Makes a file that is not there yet.
    fn create_new(&self, path: &Path) -> io::Result<Self::File>;

    /// Appends.
    fn write(&self, file: &mut Self::File, content: &[u8]) -> io::Result<()>;

    /// Waits until the content is on the disk.
    fn flush(&self, file: &Self::File) -> io::Result<()>;

    /// Gives a file another name in the same folder, in one step, over whatever had that name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Waits until the names in a folder are on the disk.
    fn flush_folder(&self, folder: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// The name of a file in front of what is wrong with it; nothing where there is no file.
pub(crate) struct Before<'p>(pub(crate) &'p Option<PathBuf>);

impl core::fmt::Display for Before<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.as_ref().map_or(Ok(()), |path| write!(f, "{}: ", path.display()))
    }
}

/// Writes a file in one step as far as readers can see: into a new file beside it, flushed to the disk, then renamed over
/// the old one. After a crash there is the old content or the new, never a part; once this has returned without an error,
/// the new.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    replace_on(&Disk, path, content)
}

pub(crate) fn replace_on<F: FileSystem>(system: &F, path: &Path, content: &[u8]) -> io::Result<()> {
    let (mut file, temporary) = create_beside(system, path)?;
    let written = system.write(&mut file, content).and_then(|()| system.flush(&file));
    drop(file); // some systems rename no open file
    if let Err(error) = written.and_then(|()| system.rename(&temporary, path)) {
        // What went wrong first is the error to report; the leftover may not even exist.
        let _ = system.remove(&temporary);
        return Err(error);
    }
    system.flush_folder(folder_of(path))
}

/// So many names are tried. A process that died may have left files behind, under the number that this one has now: in a
/// container, every process has the same.
const NAMES: usize = 1000;

/// A new file in the same folder, because a rename across file systems would be a copy.
fn create_beside<F: FileSystem>(system: &F, path: &Path) -> io::Result<(F::File, PathBuf)> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let Some(name) = path.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"));
    };
    let mut result = Err(io::Error::from(io::ErrorKind::AlreadyExists));
    for _ in 0..NAMES {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(std::format!(".{}-{}.tmp", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed)));
        let temporary = folder_of(path).join(temporary);
        result = system.create_new(&temporary).map(|file| (file, temporary));
        if !matches!(&result, Err(error) if error.kind() == io::ErrorKind::AlreadyExists) {
            break;
        }
    }
    result
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
