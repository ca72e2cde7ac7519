//! Data sets larger than memory, in files of our own: a [`Writer`] writes them, [`open`] streams them.
//!
//! A folder holds the inputs in shards of some thousand samples (`inputs-00000.bin`, …: the elements of each sample one behind
//! the other, `u8` or `f32`, little-endian), targets and a checksum (CRC-32) for each sample in `samples.bin`, and what all of
//! that is in `shards.txt`, which is written last. Every sample is held to its checksum whenever it is read.
//!
//! Shards are read at their places (`pread`), not mapped into memory: a mapped file that shrinks or cannot be read ends the
//! process by a signal, where a read ends in an error. The system keeps what was read in the same page cache either way, and
//! samples are copied in either case, since they are converted.
//!
//! ```
//! use nn_core::data::{Classes, DataError, Dataset, shards};
//! use nn_core::shapes::Image;
//!
//! type Pictures = Dataset<Image<2, 2, 1>, Classes<3>>;
//!
//! let folder = std::env::temp_dir().join(format!("netform-shards-example-{}", std::process::id()));
//! let mut writer = shards::Writer::<Image<2, 2, 1>, Classes<3>, u8>::create(&folder)?;
//! for number in 0..10 {
//!     writer.push(&[number; 4], u32::from(number) % 3)?;
//! }
//! writer.finish()?;
//!
//! let data: Pictures = shards::open(&folder)?;
//! assert_eq!((data.len(), data.class_counts()), (10, [4, 3, 3]));
//! # std::fs::remove_dir_all(&folder).ok();
//! # Ok::<(), DataError>(())
//! ```

mod element;
mod files;
mod manifest;
#[cfg(test)]
mod tests;
mod writer;

use alloc::string::ToString as _;
use alloc::vec::Vec;
use std::path::Path;

pub use element::Element;
pub use writer::Writer;

use super::source::Source;
use super::stored::Stream;
use super::{DataError, Dataset, FileFault, KeptLabel, ReadInput, Standardization};
use crate::shapes::SampleShape;
use element::seen;
use files::Files;
use manifest::Manifest;

const SAMPLES: &str = "samples.bin";

/// Opens a folder that a [`Writer`] has finished, as a data set whose inputs are read when they are needed. Targets and
/// checksums are read at once and stay in memory.
///
/// Shuffle it by [`Sampling::Runs`](crate::train::Sampling::Runs) where the disk is slow at reading here and there.
///
/// # Errors
/// When the folder is not finished, holds samples of another shape or label, a file has not its length or does not match its
/// checksum, or a target is wrong; the error names the file.
pub fn open<X: SampleShape, Y: KeptLabel>(folder: impl AsRef<Path>) -> Result<Dataset<X, Y>, DataError> {
    let folder = folder.as_ref();
    let manifest = Manifest::load::<X, Y>(folder)?;
    let path = folder.join(SAMPLES);
    let (targets, checksums) = read_samples::<Y>(&path, &manifest).map_err(|fault| fault.of(&path))?;
    let is_of_pixels = manifest.elements == u8::NAME;
    let files = Files::open(folder, &manifest, X::SHAPE.len())?;
    let shards = Shards { files, checksums };
    Dataset::streamed(targets, |len| {
        if is_of_pixels { Stream::of_pixels(shards, len) } else { Stream::of_values(shards, len) }
    })
}

/// Mean and deviation of each channel of the samples in a folder, measured when they were written, for
/// [`Dataset::standardize_with`].
///
/// # Errors
/// As [`open`].
pub fn standardization<X: SampleShape, Y: KeptLabel>(folder: impl AsRef<Path>) -> Result<Standardization, DataError> {
    Ok(Manifest::load::<X, Y>(folder.as_ref())?.standardization)
}

type Targets<Y> = Vec<<Y as super::Label>::Target<f32>>;

/// The target and the checksum of each sample.
fn read_samples<Y: KeptLabel>(path: &Path, manifest: &Manifest) -> Result<(Targets<Y>, Vec<u32>), FileFault> {
    let size = std::fs::metadata(path).map_err(FileFault::Unreadable)?.len();
    let expected = (4 * (Y::NUMBERS as u64 + 1)).saturating_mul(manifest.samples).saturating_add(4);
    if size != expected {
        return Err(FileFault::Expected { what: "bytes:", expected: expected.to_string(), found: size.to_string() });
    }
    let mut source = Source::plain(path)?;
    let content = source.bytes("samples", (size - 4) as usize)?;
    if u32::from_le_bytes(source.array("checksum")?) != crc32fast::hash(&content) {
        return Err(FileFault::Checksum { part: "all of it".into() });
    }
    let mut numbers = content.as_chunks::<4>().0.iter().copied();
    let sample = |_| (Y::read(&mut numbers), u32::from_le_bytes(numbers.next().unwrap_or_default()));
    Ok((0..manifest.samples).map(sample).unzip())
}

/// Samples in shards.
struct Shards {
    files: Files,
    checksums: Vec<u32>,
}

impl<E: Element> ReadInput<E> for Shards {
    fn read(&self, index: u32, input: &mut [E]) -> Result<(), DataError> {
        self.files.read(index as usize, bytemuck::cast_slice_mut(input))?;
        let is_whole = seen(index, bytemuck::cast_slice(input)) == self.checksums[index as usize];
        if !is_whole {
            return Err(self
                .files
                .fault(index as usize, FileFault::Checksum { part: alloc::format!("sample {index}") }));
        }
        E::from_little_endian(input);
        Ok(())
    }
}
