//! CIFAR-10: 50,000 + 10,000 photographs of 32 × 32 pixels in ten classes (Krizhevsky, 2009).
//!
//! The binary version: records of 3,073 bytes, each a label, then 1,024 red, 1,024 green and 1,024 blue bytes, row by
//! row. Reading turns them into height, width, channel.

use alloc::vec::Vec;
use std::io::Read;
use std::path::Path;

use super::source::Source;
use super::{Classes, DataError, Dataset, FileFault, Label};
use crate::shapes::Image;

/// The names of the classes, in order.
pub const CLASS_NAMES: [&str; 10] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// Images of 32 × 32 pixels with red, green and blue, in ten classes.
pub type ColorImages = Dataset<Image<32, 32, 3>, Classes<10>>;

const PIXELS: usize = 32 * 32;
const RECORD: usize = 1 + 3 * PIXELS;
const RECORDS_A_FILE: usize = 10_000;

/// Reads the training set (`data_batch_1.bin` to `data_batch_5.bin`) and the test set (`test_batch.bin`) from a folder.
///
/// # Errors
/// When a file is absent (`tools/get-data cifar10` gets them), does not hold exactly 10,000 records, or has a label of
/// 10 or more; the error names it.
pub fn load(folder: impl AsRef<Path>) -> Result<(ColorImages, ColorImages), DataError> {
    let folder = folder.as_ref();
    let mut training = Batches::with_capacity(5 * RECORDS_A_FILE);
    for name in ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"] {
        training.load(&folder.join(name))?;
    }
    let mut test = Batches::with_capacity(RECORDS_A_FILE);
    test.load(&folder.join("test_batch.bin"))?;
    Ok((training.into_dataset()?, test.into_dataset()?))
}

/// Reads `records` records in the same format, and nothing else, from anything.
///
/// # Errors
/// When there are fewer or more bytes, or a label is 10 or more.
pub fn read(content: impl Read, records: usize) -> Result<ColorImages, DataError> {
    let mut batches = Batches::with_capacity(0);
    let read = Source::new(content).and_then(|source| batches.read(source, records));
    read.map_err(|fault| fault.of(Path::new("the given content")))?;
    batches.into_dataset()
}

struct Batches {
    pixels: Vec<u8>,
    labels: Vec<u32>,
}

impl Batches {
    fn with_capacity(records: usize) -> Self {
        Self { pixels: Vec::with_capacity(3 * PIXELS * records), labels: Vec::with_capacity(records) }
    }

    fn load(&mut self, path: &Path) -> Result<(), DataError> {
        Source::open(path, "`tools/get-data cifar10` gets it")
            .and_then(|source| self.read(source, RECORDS_A_FILE))
            .map_err(|fault| fault.of(path))
    }

    fn read(&mut self, mut source: Source<'_>, records: usize) -> Result<(), FileFault> {
        let content = source.bytes("records", records.saturating_mul(RECORD))?;
        source.end("records")?;
        for (sample, record) in content.chunks_exact(RECORD).enumerate() {
            let label = record[0].into();
            Classes::<10>::check(&label).map_err(|fault| FileFault::Label { sample, fault })?;
            self.labels.push(label);
            self.push_interleaved(&record[1..]);
        }
        Ok(())
    }

    /// Planes of red, green and blue become pixels.
    fn push_interleaved(&mut self, planes: &[u8]) {
        let (red, others) = planes.split_at(PIXELS);
        let (green, blue) = others.split_at(PIXELS);
        let pixels = red.iter().zip(green).zip(blue);
        self.pixels.extend(pixels.flat_map(|((&red, &green), &blue)| [red, green, blue]));
    }

    fn into_dataset(self) -> Result<ColorImages, DataError> {
        Dataset::from_pixels(self.pixels, self.labels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    /// Records whose bytes follow from their place.
    fn file(records: usize) -> Vec<u8> {
        let record = |index: usize| {
            let planes = (0..3 * PIXELS).map(move |place| (place / PIXELS * 80 + place % PIXELS % 80) as u8);
            core::iter::once((index % 10) as u8).chain(planes)
        };
        (0..records).flat_map(record).collect()
    }

    #[test]
    fn planes_become_pixels() {
        let set = read(&file(3)[..], 3).unwrap();
        assert_eq!(set.labels(), [0, 1, 2]);
        let second = &set.pixels().unwrap()[3 * PIXELS..6 * PIXELS];
        for (place, pixel) in second.chunks_exact(3).enumerate() {
            let first = (place % 80) as u8;
            assert_eq!(pixel, [first, 80 + first, 160 + first]);
        }
    }

    #[test]
    fn every_prefix_is_an_error_and_so_is_one_byte_more() {
        let file = file(2);
        for end in (0..file.len()).step_by(13).chain([RECORD, file.len() - 1]) {
            assert!(read(&file[..end], 2).is_err(), "{end}");
        }
        let longer = [&file[..], &[0]].concat();
        let error = read(&longer[..], 2).unwrap_err();
        assert!(error.to_string().contains("goes on behind its records"), "{error}");
    }

    #[test]
    fn a_label_of_10_names_its_record() {
        let mut file = file(2);
        file[RECORD] = 10;
        let error = read(&file[..], 2).unwrap_err();
        assert!(error.to_string().ends_with("the label of sample 1 is wrong: expected a class in 0..10, found 10"));
    }

    #[test]
    fn an_absent_file_says_how_to_get_it() {
        let error = load("no/such/folder").unwrap_err().to_string();
        assert!(error.contains("data_batch_1.bin") && error.contains("`tools/get-data cifar10`"), "{error}");
    }
}
