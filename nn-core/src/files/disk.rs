use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use super::{FileSystem, folder_of};

/// The file system of this machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disk;

impl FileSystem for Disk {
    type File = File;

    fn create_new(&self, path: &Path) -> io::Result<File> {
        File::create_new(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                io::Error::new(error.kind(), std::format!("there is no folder {}", folder_of(path).display()))
            }
            _ => error,
        })
    }

    fn write(&self, file: &mut File, content: &[u8]) -> io::Result<()> {
        file.write_all(content)
    }

    fn flush(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// On Unix a rename is on the disk once its folder is; elsewhere folders cannot be opened.
    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}
