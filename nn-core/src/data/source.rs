//! Bytes from files, plain or compressed, with memory bounded by what is there and by what the header promises.

use alloc::boxed::Box;
use alloc::vec::Vec;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

use super::FileFault;

/// More than this times a file's size is not reserved in advance, whatever a header promises.
const LIKELY_RATIO: u64 = 16;

/// A file (or any reader) that is read part by part. Gzip is recognised by its content.
pub(super) struct Source<'r> {
    reader: Box<dyn Read + 'r>,
    /// Bytes that may be reserved before they are seen.
    trusted: usize,
}

impl Source<'static> {
    /// Opens a file; `help` says how to get it where it is absent.
    pub(super) fn open(path: &Path, help: &'static str) -> Result<Self, FileFault> {
        let absent = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => FileFault::Absent { help },
            _ => FileFault::Unreadable(error),
        };
        let file = File::open(path).map_err(absent)?;
        let size = file.metadata().map_err(FileFault::Unreadable)?.len();
        Self::sized(BufReader::new(file), size.saturating_mul(LIKELY_RATIO))
    }
}

impl Source<'static> {
    /// Opens a file that is never compressed: its first bytes may look as if it were.
    #[cfg(feature = "shards")]
    pub(super) fn plain(path: &Path) -> Result<Self, FileFault> {
        let file = File::open(path).map_err(FileFault::Unreadable)?;
        let size = file.metadata().map_err(FileFault::Unreadable)?.len();
        let trusted = usize::try_from(size).unwrap_or(usize::MAX);
        Ok(Self { reader: Box::new(BufReader::new(file)), trusted })
    }
}

impl<'r> Source<'r> {
    /// Reads from anything.
    pub(super) fn new(reader: impl Read + 'r) -> Result<Self, FileFault> {
        Self::sized(reader, 0)
    }

    fn sized(mut reader: impl Read + 'r, trusted: u64) -> Result<Self, FileFault> {
        let mut start = Vec::with_capacity(2);
        reader.by_ref().take(2).read_to_end(&mut start).map_err(FileFault::Unreadable)?;
        let compressed = start == [0x1f, 0x8b];
        let whole = std::io::Cursor::new(start).chain(reader);
        let reader: Box<dyn Read + 'r> = if compressed { decompressed(whole)? } else { Box::new(whole) };
        Ok(Self { reader, trusted: usize::try_from(trusted).unwrap_or(usize::MAX) })
    }

    /// The next `expected` bytes.
    pub(super) fn bytes(&mut self, part: &'static str, expected: usize) -> Result<Vec<u8>, FileFault> {
        let mut bytes = Vec::with_capacity(expected.min(self.trusted));
        let result = self.reader.by_ref().take(expected as u64).read_to_end(&mut bytes);
        let found = bytes.len();
        match result {
            Ok(_) if found == expected => Ok(bytes),
            Ok(_) => Err(FileFault::Truncated { part, expected, found }),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Err(FileFault::Truncated { part, expected, found })
            }
            Err(error) => Err(fault_of(error)),
        }
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self, part: &'static str) -> Result<[u8; N], FileFault> {
        let bytes = self.bytes(part, N)?;
        let found = bytes.len();
        bytes.try_into().map_err(|_| FileFault::Truncated { part, expected: N, found })
    }

    /// What is left, as a reader.
    #[cfg(any(feature = "csv", feature = "wav"))]
    pub(super) fn into_reader(self) -> Box<dyn Read + 'r> {
        self.reader
    }

    /// Makes sure that nothing follows; a compressed file's checksum is verified here.
    pub(super) fn end(&mut self, part: &'static str) -> Result<(), FileFault> {
        match self.reader.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(FileFault::Trailing { part }),
            Err(error) => Err(fault_of(error)),
        }
    }
}

pub(super) fn fault_of(error: std::io::Error) -> FileFault {
    match error.kind() {
        ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => FileFault::Damaged(error),
        _ => FileFault::Unreadable(error),
    }
}

#[cfg(feature = "gz")]
fn decompressed<'r>(reader: impl Read + 'r) -> Result<Box<dyn Read + 'r>, FileFault> {
    Ok(Box::new(flate2::read::MultiGzDecoder::new(reader)))
}

#[cfg(not(feature = "gz"))]
fn decompressed<'r>(_: impl Read + 'r) -> Result<Box<dyn Read + 'r>, FileFault> {
    Err(FileFault::Compressed)
}
