use alloc::sync::Arc;
use alloc::vec::Vec;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::manifest::Manifest;
use crate::data::{DataError, FileFault};

/// So many files are open at a time at most: systems allow a process about a thousand.
const MOST_OPEN: usize = 64;

/// The files of the inputs, opened when they are needed.
pub(super) struct Files {
    folder: PathBuf,
    /// Bytes of a sample.
    sample: usize,
    /// Samples in a file.
    run: usize,
    /// Those that were read last, the latest at the end.
    open: Mutex<Vec<(usize, Arc<File>)>>,
}

/// The name of a shard.
pub(super) fn name(folder: &Path, shard: usize) -> PathBuf {
    folder.join(alloc::format!("inputs-{shard:05}.bin"))
}

impl Files {
    /// Makes sure that all files are there, with the right lengths.
    pub(super) fn open(folder: &Path, manifest: &Manifest, len: usize) -> Result<Self, DataError> {
        let sample = len * if manifest.elements == "f32" { 4 } else { 1 };
        for shard in 0..manifest.samples.div_ceil(manifest.run) {
            let path = name(folder, shard as usize);
            let samples = manifest.run.min(manifest.samples - shard * manifest.run);
            let expected = samples.saturating_mul(sample as u64);
            let found = path.metadata().map_err(|error| FileFault::Unreadable(error).of(&path))?.len();
            if found != expected {
                let [expected, found] = [expected, found].map(|bytes| alloc::format!("{bytes}"));
                return Err(FileFault::Expected { what: "bytes:", expected, found }.of(&path));
            }
        }
        Ok(Self { folder: folder.into(), sample, run: manifest.run as usize, open: Mutex::new(Vec::new()) })
    }

    /// Reads the bytes of a sample.
    pub(super) fn read(&self, index: usize, bytes: &mut [u8]) -> Result<(), DataError> {
        let place = (index % self.run) as u64 * self.sample as u64;
        let read = self.file(index / self.run).and_then(|file| read_at(&file, bytes, place));
        read.map_err(|error| self.fault(index, FileFault::Unreadable(error)))
    }

    /// What is wrong with the file of a sample.
    pub(super) fn fault(&self, index: usize, fault: FileFault) -> DataError {
        fault.of(&name(&self.folder, index / self.run))
    }

    fn file(&self, shard: usize) -> io::Result<Arc<File>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let known = open.iter().position(|(number, _)| *number == shard);
        let file = match known {
            Some(place) => open.remove(place).1,
            None => Arc::new(File::open(name(&self.folder, shard))?),
        };
        if open.len() == MOST_OPEN {
            open.remove(0);
        }
        open.push((shard, file.clone()));
        Ok(file)
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, place)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut place: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, place)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        place += read as u64;
    }
    Ok(())
}

/// Elsewhere a file has one place at a time.
#[cfg(not(any(unix, windows)))]
fn read_at(mut file: &File, bytes: &mut [u8], place: u64) -> io::Result<()> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(place))?;
    file.read_exact(bytes)
}
