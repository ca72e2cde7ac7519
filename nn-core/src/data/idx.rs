//! The IDX format of MNIST and its relatives: a header with the axes (big-endian), then bytes.
//!
//! Layout: the bytes 0, 0, 8 (unsigned bytes) and the number of axes; each axis as a `u32`, big-endian, samples first;
//! the elements, the last axis fastest (LeCun, Cortes and Burges, "The MNIST database of handwritten digits").
//! Files compressed with gzip are read as they are (feature `gz`).

use alloc::vec::Vec;
use std::io::Read;
use std::path::Path;

use super::source::Source;
use super::{Classes, DataError, Dataset, FileFault, Label};
use crate::shapes::SampleShape;
use crate::spec::Shape;

const HELP: &str = "check the path";

/// Reads a file of images and the file of their labels.
///
/// The axes of a sample in the file must be those of `X`, up to a last axis of 1 (a 28 × 28 file is an
/// `Image<28, 28, 1>`), or multiply to the length of an `X` with one axis (`Features<784>`).
///
/// # Errors
/// When a file is absent, no IDX file of bytes, truncated or too long; when images have another shape than `X`, a label
/// is not below `N`, or the two files differ in length. The error names the file.
pub fn load<X: SampleShape, const N: usize>(
    images: impl AsRef<Path>,
    labels: impl AsRef<Path>,
) -> Result<Dataset<X, Classes<N>>, DataError> {
    load_with_help(images.as_ref(), labels.as_ref(), HELP)
}

pub(super) fn load_with_help<X: SampleShape, const N: usize>(
    images: &Path,
    labels: &Path,
    help: &'static str,
) -> Result<Dataset<X, Classes<N>>, DataError> {
    let pixels = Source::open(images, help).and_then(read_images::<X>).map_err(|fault| fault.of(images))?;
    let classes = Source::open(labels, help).and_then(read_labels::<N>).map_err(|fault| fault.of(labels))?;
    let count = pixels.len() / X::SHAPE.len().max(1);
    if classes.len() != count {
        return Err(FileFault::Counts { images: count, labels: classes.len() }.of(labels));
    }
    Dataset::from_pixels(pixels, classes)
}

/// The images in the content of a file, such as one from `include_bytes!`: bytes, ready for [`Dataset::from_pixels`].
///
/// # Errors
/// When the content is no IDX file of bytes, is truncated or too long, or holds samples of another shape than `X`.
pub fn images<X: SampleShape>(content: impl Read) -> Result<Vec<u8>, FileFault> {
    read_images::<X>(Source::new(content)?)
}

/// The labels in the content of a file.
///
/// # Errors
/// When the content is no IDX file of bytes with one axis, is truncated or too long, or a label is not below `N`.
pub fn labels<const N: usize>(content: impl Read) -> Result<Vec<u32>, FileFault> {
    read_labels::<N>(Source::new(content)?)
}

/// Any file of bytes in this format: its axes, samples first, and its elements. For tools that do not know what to expect.
///
/// # Errors
/// When the file is absent, no IDX file of bytes, truncated or too long.
pub fn read(path: impl AsRef<Path>) -> Result<(Vec<usize>, Vec<u8>), DataError> {
    let path = path.as_ref();
    let content = |mut source: Source<'_>| {
        let axes = read_header(&mut source)?;
        let length = axes.iter().fold(1usize, |product, &axis| product.saturating_mul(axis));
        let elements = source.bytes("elements", length)?;
        source.end("elements")?;
        Ok((axes, elements))
    };
    Source::open(path, HELP).and_then(content).map_err(|fault: FileFault| fault.of(path))
}

fn read_images<X: SampleShape>(mut source: Source<'_>) -> Result<Vec<u8>, FileFault> {
    let axes = read_header(&mut source)?;
    let (count, found) = axes.split_first().map_or((0, &[][..]), |(count, sample)| (*count, sample));
    if !is_seen_as(found, X::SHAPE) {
        return Err(FileFault::Shape { expected: X::SHAPE, found: found.into() });
    }
    let pixels = source.bytes("images", count.saturating_mul(X::SHAPE.len()))?;
    source.end("images")?;
    Ok(pixels)
}

fn read_labels<const N: usize>(mut source: Source<'_>) -> Result<Vec<u32>, FileFault> {
    let axes = read_header(&mut source)?;
    let [count] = axes[..] else {
        return Err(FileFault::Shape { expected: Shape::new(&[]), found: axes[1..].into() });
    };
    let labels: Vec<u32> = source.bytes("labels", count)?.into_iter().map(u32::from).collect();
    source.end("labels")?;
    for (sample, label) in labels.iter().enumerate() {
        Classes::<N>::check(label).map_err(|fault| FileFault::Label { sample, fault })?;
    }
    Ok(labels)
}

/// All axes, samples first: at least one.
fn read_header(source: &mut Source<'_>) -> Result<Vec<usize>, FileFault> {
    let found: [u8; 4] = source.array("header")?;
    let [0, 0, 8, rank @ 1..=255] = found else {
        return Err(FileFault::Magic { expected: "IDX file of unsigned bytes", found });
    };
    (0..rank).map(|_| Ok(u32::from_be_bytes(source.array("header")?) as usize)).collect()
}

pub(super) fn is_seen_as(found: &[usize], shape: Shape) -> bool {
    let product = found.iter().fold(1usize, |product, &axis| product.saturating_mul(axis));
    let with_channel = matches!(shape.dims(), [outer @ .., 1] if outer == found);
    found == shape.dims() || with_channel || shape.rank() == 1 && product == shape.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::{Features, Image};
    use alloc::string::ToString;

    type Small = Image<2, 3, 1>;

    /// Two images of 2 × 3.
    fn image_file() -> Vec<u8> {
        let header = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3];
        header.into_iter().chain(10..22).collect()
    }

    fn label_file() -> Vec<u8> {
        alloc::vec![0, 0, 8, 1, 0, 0, 0, 2, 1, 0]
    }

    #[test]
    fn files_become_a_data_set() {
        let folder = std::env::temp_dir().join(std::format!("netform-idx-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (image_path, label_path) = (folder.join("images"), folder.join("labels"));
        std::fs::write(&image_path, image_file()).unwrap();
        std::fs::write(&label_path, label_file()).unwrap();
        let set = load::<Small, 2>(&image_path, &label_path).unwrap();
        assert_eq!((set.labels(), set.pixels().unwrap()[6]), (&[1, 0][..], 16));
        assert_eq!(read(&image_path).unwrap(), ([2, 2, 3].to_vec(), (10..22).collect()));
        std::fs::write(&label_path, [0, 0, 8, 1, 0, 0, 0, 1, 1]).unwrap();
        let error = load::<Small, 2>(&image_path, &label_path).unwrap_err();
        assert!(error.to_string().ends_with("labels: has 1 labels for 2 images"), "{error}");
        let absent = load::<Small, 2>(&image_path, folder.join("none")).unwrap_err();
        assert!(absent.to_string().ends_with("none: there is no such file; check the path"), "{absent}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_sample_may_be_seen_flat_or_with_a_channel_but_not_turned() {
        assert!(images::<Features<6>>(&image_file()[..]).is_ok());
        for found in [images::<Image<3, 2, 1>>(&image_file()[..]), images::<Features<7>>(&image_file()[..])] {
            assert!(matches!(found, Err(FileFault::Shape { found, .. }) if found == [2, 3]));
        }
        assert!(matches!(labels::<2>(&image_file()[..]), Err(FileFault::Shape { .. })));
    }

    #[test]
    fn every_prefix_is_an_error_and_so_is_one_byte_more() {
        let (image_file, label_file) = (image_file(), label_file());
        for end in 0..image_file.len() {
            assert!(matches!(images::<Small>(&image_file[..end]), Err(FileFault::Truncated { .. })), "{end}");
        }
        for end in 0..label_file.len() {
            assert!(matches!(labels::<2>(&label_file[..end]), Err(FileFault::Truncated { .. })), "{end}");
        }
        let longer = [&image_file[..], &[0]].concat();
        assert!(matches!(images::<Small>(&longer[..]), Err(FileFault::Trailing { part: "images" })));
    }

    #[test]
    fn flipped_bits_never_panic_and_a_huge_promise_takes_no_memory() {
        for file in [image_file(), label_file()] {
            for bit in 0..file.len() * 8 {
                let mut flipped = file.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let _ = (images::<Small>(&flipped[..]), labels::<2>(&flipped[..]));
            }
        }
        let mut promise = image_file();
        promise[4..8].copy_from_slice(&[255; 4]);
        assert!(matches!(images::<Small>(&promise[..]), Err(FileFault::Truncated { found: 12, .. })));
    }

    #[test]
    fn other_files_and_labels_are_refused() {
        let png = [0x89, b'P', b'N', b'G', 0, 0];
        assert!(matches!(images::<Small>(&png[..]), Err(FileFault::Magic { found: [0x89, b'P', b'N', b'G'], .. })));
        let error = labels::<1>(&label_file()[..]).unwrap_err();
        assert_eq!(error.to_string(), "the label of sample 0 is wrong: expected a class in 0..1, found 1");
    }

    #[cfg(feature = "gz")]
    mod compressed {
        use super::*;
        use std::io::Write as _;

        fn gz(content: &[u8]) -> Vec<u8> {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap()
        }

        #[test]
        fn a_compressed_file_is_recognised_by_its_content() {
            assert_eq!(images::<Small>(&gz(&image_file())[..]).unwrap(), (10..22).collect::<Vec<u8>>());
        }

        #[test]
        fn every_prefix_is_an_error_and_flipped_bits_never_panic() {
            let file = gz(&image_file());
            for end in 0..file.len() {
                assert!(images::<Small>(&file[..end]).is_err(), "{end}");
            }
            for bit in 0..file.len() * 8 {
                let mut flipped = file.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let _ = images::<Small>(&flipped[..]);
            }
        }

        #[test]
        fn a_bomb_is_read_no_further_than_its_header_promises() {
            let bomb = gz(&[&image_file()[..], &alloc::vec![0; 1 << 24]].concat());
            assert!(bomb.len() < 1 << 16);
            assert!(matches!(images::<Small>(&bomb[..]), Err(FileFault::Trailing { .. })));
        }
    }
}
