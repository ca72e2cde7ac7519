use alloc::format;
use alloc::vec::Vec;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file of records as TensorFlow writes them (`tensorflow/core/lib/io/record_writer.h`): the length in 8 bytes, its checksum
/// in 4, the record, its checksum in 4; all little-endian.
#[derive(Debug)]
pub(super) struct Records(File);

impl Records {
    /// A new file, by whose name TensorBoard knows what it is.
    pub(super) fn create(folder: &Path, seconds: f64) -> io::Result<Self> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        std::fs::create_dir_all(folder)?;
        let (process, number) = (std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let name = format!("events.out.tfevents.{:010}.netform.{process}.{number}", seconds as u64);
        File::create_new(folder.join(name)).map(Self)
    }

    /// Appends a record, in one write, so that a reader sees the whole or nothing of it.
    pub(super) fn append(&mut self, record: &[u8]) -> io::Result<()> {
        self.0.write_all(&framed(record))
    }
}

fn framed(record: &[u8]) -> Vec<u8> {
    let length = (record.len() as u64).to_le_bytes();
    [&length[..], &checksum(&length), record, &checksum(record)].concat()
}

/// CRC-32C, turned and shifted, so that a record may itself hold checksums.
fn checksum(bytes: &[u8]) -> [u8; 4] {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xA282_EAD8).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_its_length_and_two_checksums() {
        assert_eq!(crc32c::crc32c(b"123456789"), 0xE306_9283); // the check value of CRC-32C
        let framed = framed(b"abc");
        assert_eq!(framed.len(), 8 + 4 + 3 + 4);
        assert_eq!(framed[..8], [3, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(framed[12..15], *b"abc");
    }
}
