use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;
use std::path::{Path, PathBuf};

use super::SAMPLES;
use super::element::{Element, seen};
use super::files::name;
use super::manifest::{MANIFEST, Manifest};
use crate::OutOfRange;
use crate::data::scaling::usable_deviation;
use crate::data::{DataError, FileFault, KeptLabel, Standardization};
use crate::files::replace;
use crate::shapes::SampleShape;

/// A shard has about so many bytes unless told otherwise.
const SHARD_BYTES: usize = 16 << 20;

/// Writes samples of shape `X` with labels `Y` into shards; `E` is `u8` for pixels and `f32` for values.
///
/// In memory are one shard, and targets and checksums of all samples. Each file is whole or absent, and a folder without
/// `shards.txt`, which [`Writer::finish`] writes, does not open.
#[derive(Debug)]
pub struct Writer<X, Y, E> {
    folder: PathBuf,
    run: usize,
    shard: Vec<u8>,
    shards: usize,
    /// Targets and checksums.
    numbers: Vec<[u8; 4]>,
    count: usize,
    /// The mean of each channel so far, and the sum of squared distances from it (B. Welford, 1962).
    moments: Vec<[f64; 2]>,
    kind: PhantomData<(X, Y, E)>,
}

impl<X: SampleShape, Y: KeptLabel, E: Element> Writer<X, Y, E> {
    /// Begins in a new or empty folder.
    ///
    /// # Errors
    /// When there are shards in it already, or it cannot be made.
    pub fn create(folder: impl AsRef<Path>) -> Result<Self, DataError> {
        const { assert!(!X::SHAPE.is_empty(), "a sample of a data set needs at least one element") };
        let folder = folder.as_ref();
        let failed = |error| FileFault::Unwritable(error).of(folder);
        std::fs::create_dir_all(folder).map_err(failed)?;
        for taken in [folder.join(MANIFEST), name(folder, 0)] {
            if taken.exists() {
                return Err(FileFault::Taken.of(&taken));
            }
        }
        let run = (SHARD_BYTES / (X::SHAPE.len() * size_of::<E>())).max(1);
        let moments = vec![[0.0; 2]; X::SHAPE.last()];
        Ok(Self {
            folder: folder.into(),
            run,
            shard: Vec::new(),
            shards: 0,
            numbers: Vec::new(),
            count: 0,
            moments,
            kind: PhantomData,
        })
    }

    /// How many samples make a shard: 16 MiB unless told otherwise.
    ///
    /// # Errors
    /// When it is 0, more than can be numbered, or samples have been written.
    pub fn samples_a_shard(mut self, samples: usize) -> Result<Self, DataError> {
        if self.count > 0 || samples == 0 || u32::try_from(samples).is_err() {
            let expected = "from 1 to 2³² - 1, before the first sample";
            return Err(DataError::Setting(OutOfRange { name: "samples_a_shard", found: samples as f64, expected }));
        }
        self.run = samples;
        Ok(self)
    }

    /// How many samples have been written.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none has been written.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Appends a sample: `input` is as long as an `X`, channels last.
    ///
    /// # Errors
    /// When the input has another length or is not finite, the target is wrong, or a shard cannot be written.
    pub fn push(&mut self, input: &[E], target: Y::Target<f32>) -> Result<(), DataError> {
        let sample = self.count;
        let Ok(index) = u32::try_from(sample) else { return Err(DataError::TooMany { samples: sample + 1 }) };
        if input.len() != X::SHAPE.len() {
            return Err(DataError::Elements { what: "inputs", found: input.len(), shape: X::SHAPE });
        }
        if let Some(element) = input.iter().position(|element| !element.number().is_finite()) {
            return Err(DataError::NotFinite { sample, element, value: input[element].number() });
        }
        Y::check(&target).map_err(|fault| DataError::Target { sample, fault })?;
        self.measure(input);
        let start = self.shard.len();
        self.shard.extend_from_slice(bytemuck::cast_slice(input));
        // The same swap in both directions.
        E::from_little_endian(bytemuck::cast_slice_mut(&mut self.shard[start..]));
        Y::write(&target, &mut self.numbers);
        self.numbers.push(seen(index, &self.shard[start..]).to_le_bytes());
        self.count += 1;
        if self.count.is_multiple_of(self.run) { self.flush() } else { Ok(()) }
    }

    fn measure(&mut self, input: &[E]) {
        let channels = self.moments.len();
        let before = self.count * X::SHAPE.rows();
        for (row, pixel) in input.chunks_exact(channels).enumerate() {
            for ([mean, squares], element) in self.moments.iter_mut().zip(pixel) {
                let value = f64::from(element.number());
                let distance = value - *mean;
                *mean += distance / (before + row + 1) as f64;
                *squares += distance * (value - *mean);
            }
        }
    }

    fn flush(&mut self) -> Result<(), DataError> {
        let path = name(&self.folder, self.shards);
        replace(&path, &self.shard).map_err(|error| FileFault::Unwritable(error).of(&path))?;
        self.shard.clear();
        self.shards += 1;
        Ok(())
    }

    /// Writes what is left, and what all of it is: now the folder can be opened. Returns mean and deviation of each channel.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(mut self) -> Result<Standardization, DataError> {
        if !self.shard.is_empty() {
            self.flush()?;
        }
        let content: &[u8] = self.numbers.as_flattened();
        let checksum = crc32fast::hash(content).to_le_bytes();
        let path = self.folder.join(SAMPLES);
        let failed = |path: &Path, error| FileFault::Unwritable(error).of(path);
        replace(&path, &[content, &checksum].concat()).map_err(|error| failed(&path, error))?;
        let count = (self.count * X::SHAPE.rows()).max(1) as f64;
        let standardization = Standardization {
            mean: self.moments.iter().map(|[mean, _]| *mean as f32).collect(),
            deviation: self.moments.iter().map(|[_, sum]| usable_deviation((sum / count).sqrt() as f32)).collect(),
        };
        let manifest = Manifest {
            elements: E::NAME.into(),
            samples: self.count as u64,
            run: self.run as u64,
            standardization: standardization.clone(),
        };
        let path = self.folder.join(MANIFEST);
        replace(&path, manifest.to_text::<X, Y>().as_bytes()).map_err(|error| failed(&path, error))?;
        Ok(standardization)
    }
}
