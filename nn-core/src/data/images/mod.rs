//! Pictures in folders: PNG and JPEG.
//!
//! An [`ImageFolder`] has a sub-folder for each class, in the order of the alphabet, or one table with the label of each file.
//! Pixels stay bytes. Grey pictures and pictures in colour become each other as the number of channels asks for: 1 is grey (by
//! the luma of Rec. 709), 3 red, green and blue, 4 those and opacity. Of sixteen bits the upper eight stay.
//!
//! ```no_run
//! use nn_core::data::images::{Fit, ImageFolder};
//! use nn_core::data::{Classes, Dataset};
//! use nn_core::shapes::Image;
//!
//! let folder = ImageFolder::new("pets/train").fit(Fit::CenterCrop);
//! let data: Dataset<Image<64, 64, 3>, Classes<2>> = folder.load()?;
//! assert_eq!(folder.class_names::<2>()?, ["cat", "dog"]);
//! # Ok::<(), nn_core::data::DataError>(())
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::{Path, PathBuf};

mod picture;

use picture::{Opened, Pixels};

pub use picture::Picture;

use super::folder::{self, Found};
use super::{Classes, DataError, Dataset, FileFault, ReadInput};
use crate::shapes::{Image, SampleShape};

/// What happens to a picture of another size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// It is an error that names the file and both sizes.
    #[default]
    Exact,
    /// It is scaled to the size, whatever becomes of its proportions.
    Resize,
    /// It is scaled until it covers the size, and what sticks out at two sides is cut off.
    CenterCrop,
}

/// A folder of pictures. Files that end in neither `png`, `jpg` nor `jpeg` are passed over, and so is what begins with a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFolder {
    folder: PathBuf,
    fit: Fit,
    names: Option<Vec<String>>,
    #[cfg(feature = "csv")]
    labels: Option<(PathBuf, super::csv::Csv)>,
}

/// The shapes that pictures can have: those with 1 channel (grey), 3 (red, green and blue) or 4 (those and opacity).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no shape of a picture",
    label = "a picture has 1 channel (grey), 3 (red, green and blue) or 4 (those and opacity)",
    note = "coloured pictures become grey, and grey ones coloured, as the number of channels asks for"
)]
pub trait PictureShape: SampleShape {}
impl<const HEIGHT: usize, const WIDTH: usize> PictureShape for Image<HEIGHT, WIDTH, 1> {}
impl<const HEIGHT: usize, const WIDTH: usize> PictureShape for Image<HEIGHT, WIDTH, 3> {}
impl<const HEIGHT: usize, const WIDTH: usize> PictureShape for Image<HEIGHT, WIDTH, 4> {}

const EXTENSIONS: [&str; 3] = ["png", "jpg", "jpeg"];

impl ImageFolder {
    /// A folder with a sub-folder for each class.
    pub fn new(folder: impl AsRef<Path>) -> Self {
        Self {
            folder: folder.as_ref().into(),
            fit: Fit::Exact,
            names: None,
            #[cfg(feature = "csv")]
            labels: None,
        }
    }

    /// What happens to pictures of another size; [`Fit::Exact`] by default.
    #[must_use]
    pub const fn fit(mut self, fit: Fit) -> Self {
        self.fit = fit;
        self
    }

    /// The names of the classes, in order, instead of those of all sub-folders in the order of the alphabet; with
    /// [`ImageFolder::labels`], instead of those in the table.
    #[must_use]
    pub fn classes(mut self, names: &[impl AsRef<str>]) -> Self {
        self.names = Some(names.iter().map(|name| name.as_ref().to_string()).collect());
        self
    }

    /// The class of each file stands in a table: its first column has the files' names, within the folder, its second the
    /// names of the classes; the first line has the columns' names.
    #[cfg(feature = "csv")]
    #[must_use]
    pub fn labels(mut self, table: impl AsRef<Path>) -> Self {
        self.labels = Some((table.as_ref().into(), super::csv::Csv::new().category(0)));
        self
    }

    /// Whether a file is called as those that are read: it ends in `png`, `jpg` or `jpeg`, in small letters or large ones, and
    /// does not begin with a dot.
    pub fn reads(path: impl AsRef<Path>) -> bool {
        folder::is_one(path.as_ref(), &EXTENSIONS)
    }

    /// Reads all pictures.
    ///
    /// # Errors
    /// When a folder or file is not there, the classes are not `N`, a file is no picture, is damaged, or has another size than
    /// `HEIGHT` × `WIDTH` and none was asked to fit. The error names the file.
    pub fn load<const HEIGHT: usize, const WIDTH: usize, const CHANNELS: usize, const N: usize>(
        &self,
    ) -> Result<Dataset<Image<HEIGHT, WIDTH, CHANNELS>, Classes<N>>, DataError>
    where
        Image<HEIGHT, WIDTH, CHANNELS>: PictureShape,
    {
        let Found { files, classes, .. } = self.find(N)?;
        let mut pixels = Vec::new();
        for path in files {
            let start = pixels.len();
            pixels.resize(start + HEIGHT * WIDTH * CHANNELS, 0);
            read_file::<HEIGHT, WIDTH, CHANNELS>(&path, self.fit, &mut pixels[start..])?;
        }
        Dataset::from_pixels(pixels, classes)
    }

    /// A data set that reads the pictures when they are needed: see [`Dataset::streamed_pixels`].
    ///
    /// # Errors
    /// When a folder is not there or the classes are not `N`; files are opened later.
    pub fn stream<const HEIGHT: usize, const WIDTH: usize, const CHANNELS: usize, const N: usize>(
        &self,
    ) -> Result<Dataset<Image<HEIGHT, WIDTH, CHANNELS>, Classes<N>>, DataError>
    where
        Image<HEIGHT, WIDTH, CHANNELS>: PictureShape,
    {
        let Found { files, classes, .. } = self.find(N)?;
        Dataset::streamed_pixels(Pictures::<HEIGHT, WIDTH, CHANNELS> { files, fit: self.fit }, classes)
    }

    /// The names of the `N` classes.
    ///
    /// # Errors
    /// As [`ImageFolder::stream`].
    pub fn class_names<const N: usize>(&self) -> Result<Vec<String>, DataError> {
        Ok(self.find(N)?.names)
    }

    fn find(&self, count: usize) -> Result<Found, DataError> {
        #[cfg(feature = "csv")]
        if let Some((table, csv)) = &self.labels {
            return self.find_labelled(table, csv, count);
        }
        folder::classes(&self.folder, self.names.as_deref(), count, &EXTENSIONS)
    }

    #[cfg(feature = "csv")]
    fn find_labelled(&self, path: &Path, csv: &super::csv::Csv, count: usize) -> Result<Found, DataError> {
        let csv = match &self.names {
            Some(names) => csv.clone().classes_of(1, names),
            None => csv.clone().named_classes(1),
        };
        let table = csv.read(path)?;
        let (names, found) = (table.class_names().to_vec(), table.class_names().len());
        if found != count {
            let found = format!("{found} ({})", names.join(", "));
            return Err(FileFault::Expected { what: "classes:", expected: count.to_string(), found }.of(path));
        }
        let classes = table.class_numbers()?;
        let file = |&number: &f32| self.folder.join(&table.words(0)[number as usize]);
        Ok(Found { files: table.features().iter().map(file).collect(), classes, names })
    }
}

struct Pictures<const HEIGHT: usize, const WIDTH: usize, const CHANNELS: usize> {
    files: Vec<PathBuf>,
    fit: Fit,
}

impl<const HEIGHT: usize, const WIDTH: usize, const CHANNELS: usize> ReadInput<u8> for Pictures<HEIGHT, WIDTH, CHANNELS>
where
    Image<HEIGHT, WIDTH, CHANNELS>: PictureShape,
{
    fn read(&self, index: u32, input: &mut [u8]) -> Result<(), DataError> {
        read_file::<HEIGHT, WIDTH, CHANNELS>(&self.files[index as usize], self.fit, input)
    }
}

fn read_file<const HEIGHT: usize, const WIDTH: usize, const CHANNELS: usize>(
    path: &Path,
    fit: Fit,
    pixels: &mut [u8],
) -> Result<(), DataError>
where
    Image<HEIGHT, WIDTH, CHANNELS>: PictureShape,
{
    let mut read = || {
        let content = std::fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => FileFault::Absent { help: "check the table and the folder" },
            _ => FileFault::Unreadable(error),
        })?;
        let picture = decode::<HEIGHT, WIDTH, CHANNELS>(&content, fit)?;
        pixels.copy_from_slice(&picture);
        Ok(())
    };
    read().map_err(|fault: FileFault| fault.of(path))
}

/// The pixels of a picture in memory, in the content of a PNG or JPEG file: `HEIGHT` rows of `WIDTH` pixels of `CHANNELS` bytes.
///
/// How much memory it takes is bounded by the length of the content and by the result, whatever size it claims.
///
/// # Errors
/// When it is no picture, is damaged, or has another size and is not to be fitted.
pub fn decode<const HEIGHT: usize, const WIDTH: usize, const CHANNELS: usize>(
    content: &[u8],
    fit: Fit,
) -> Result<Vec<u8>, FileFault>
where
    Image<HEIGHT, WIDTH, CHANNELS>: PictureShape,
{
    const { assert!(HEIGHT > 0 && WIDTH > 0, "a picture has at least one pixel") };
    let (opened, expected) = (Opened::new(content)?, [HEIGHT, WIDTH]);
    if fit == Fit::Exact && opened.size != expected {
        let [expected, found] = [expected, opened.size].map(|[height, width]| format!("{height} × {width}"));
        return Err(FileFault::Expected { what: "a picture of height and width", expected, found });
    }
    let pixels = Pixels::<CHANNELS>::of(&opened.decode()?);
    let fitted = match fit {
        Fit::Exact => pixels,
        Fit::Resize => pixels.resized(expected)?,
        Fit::CenterCrop => pixels.cropped(expected)?,
    };
    Ok(fitted.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use png::{BitDepth, ColorType};

    /// A folder that is removed again.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("netform-images-{name}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&path);
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn put(&self, name: &str, content: &[u8]) {
            let path = self.0.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn png_of(width: u32, height: u32, color: ColorType, depth: BitDepth, pixels: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        let mut encoder = png::Encoder::new(&mut content, width, height);
        encoder.set_color(color);
        encoder.set_depth(depth);
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        content
    }

    /// Reds rise along the width, greens along the height, blues are `base`.
    fn colours(width: u32, height: u32, base: u8) -> Vec<u8> {
        (0..width * height).flat_map(|at| [(at % width) as u8 * 20, (at / width) as u8 * 20, base]).collect()
    }

    fn png(width: u32, height: u32, base: u8) -> Vec<u8> {
        png_of(width, height, ColorType::Rgb, BitDepth::Eight, &colours(width, height, base))
    }

    fn jpeg(width: u16, height: u16, color: jpeg_encoder::ColorType, pixels: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        jpeg_encoder::Encoder::new(&mut content, 100).encode(pixels, width, height, color).unwrap();
        content
    }

    #[test]
    fn sub_folders_are_classes() {
        let scratch = Scratch::new("classes");
        for (name, base) in [("dog/b.png", 2), ("dog/a.PNG", 1), ("cat/z.png", 3)] {
            scratch.put(name, &png(3, 2, base));
        }
        scratch.put("cat/notes.txt", b"no picture");
        scratch.put(".hidden/x.png", b"no picture");
        scratch.put("readme.md", b"no class");
        let folder = ImageFolder::new(&scratch.0);
        let data: Dataset<Image<2, 3, 3>, Classes<2>> = folder.load().unwrap();
        assert_eq!(
            (folder.class_names::<2>().unwrap(), data.labels()),
            (vec!["cat".to_string(), "dog".into()], &[0, 1, 1][..])
        );
        let blues: Vec<u8> = data.pixels().unwrap().chunks(18).map(|picture| picture[2]).collect();
        assert_eq!(blues, [3, 1, 2]);
        assert_eq!(data.pixels().unwrap()[3 * 4..][..3], [20, 20, 3], "second row, second column");
        let stream: Dataset<Image<2, 3, 3>, Classes<2>> = folder.stream().unwrap();
        assert_eq!(stream.held().unwrap().pixels(), data.pixels());
        let turned = ImageFolder::new(&scratch.0).classes(&["dog", "cat"]).load::<2, 3, 1, 2>().unwrap();
        assert_eq!(turned.labels(), [0, 0, 1]);
        let wrong = folder.load::<2, 3, 3, 3>().unwrap_err().to_string();
        assert!(wrong.ends_with("expected classes: 3, found 2 (cat, dog)"), "{wrong}");
        let absent =
            ImageFolder::new(&scratch.0).classes(&["cow", "cat"]).load::<2, 3, 3, 2>().unwrap_err().to_string();
        assert!(absent.ends_with("cow: there is no such file; a folder was expected here"), "{absent}");
        let reads = ImageFolder::reads;
        assert!(reads("a/B.PNG") && reads("b.jpeg") && !reads("a/.b.png") && !reads("png") && !reads("a/b.txt"));
    }

    #[cfg(feature = "csv")]
    #[test]
    fn a_table_may_have_the_labels() {
        let scratch = Scratch::new("table");
        for name in ["b.png", "a.png", "c.png"] {
            scratch.put(name, &png(1, 1, name.as_bytes()[0]));
        }
        scratch.put("labels.csv", b"file,label\nc.png,red\na.png,blue\nb.png,red\n");
        let folder = ImageFolder::new(&scratch.0).labels(scratch.0.join("labels.csv"));
        let data = folder.load::<1, 1, 3, 2>().unwrap();
        assert_eq!(
            (data.labels(), folder.class_names::<2>().unwrap()),
            (&[1, 0, 1][..], vec!["blue".to_string(), "red".into()])
        );
        assert_eq!(data.pixels().unwrap(), [0, 0, b'c', 0, 0, b'a', 0, 0, b'b']);
        scratch.put("labels.csv", b"file,label\nd.png,red\na.png,blue\n");
        let absent = folder.load::<1, 1, 3, 2>().unwrap_err().to_string();
        assert!(absent.ends_with("d.png: there is no such file; check the table and the folder"), "{absent}");
        scratch.put("labels.csv", b"file,label\na.png,\n");
        assert!(
            folder.load::<1, 1, 3, 0>().unwrap_err().to_string().contains("line 2, column `label`: expected a class")
        );
    }

    #[test]
    fn another_size_is_an_error_or_is_fitted() {
        let scratch = Scratch::new("sizes");
        scratch.put("a/x.png", &png(8, 4, 7));
        let folder = ImageFolder::new(&scratch.0);
        let wrong = folder.load::<4, 4, 3, 1>().unwrap_err().to_string();
        assert!(wrong.ends_with("x.png: expected a picture of height and width 4 × 4, found 4 × 8"), "{wrong}");
        let crop = folder.clone().fit(Fit::CenterCrop).load::<4, 4, 3, 1>().unwrap();
        let reds: Vec<u8> = crop.pixels().unwrap()[..12].iter().step_by(3).copied().collect();
        assert_eq!(reds, [40, 60, 80, 100], "the middle four columns");
        let half = decode::<2, 4, 3>(&png(8, 4, 7), Fit::CenterCrop).unwrap();
        assert_eq!(half, decode::<2, 4, 3>(&png(8, 4, 7), Fit::Resize).unwrap());
        for (width, height) in [(1, 9), (9, 1), (7, 5), (1, 1)] {
            for fit in [Fit::Resize, Fit::CenterCrop] {
                assert_eq!(decode::<3, 5, 1>(&png(width, height, 0), fit).unwrap().len(), 15);
            }
        }
    }

    #[test]
    fn channels_are_what_the_type_asks_for() {
        let grey = decode::<2, 3, 1>(&png(3, 2, 255), Fit::Exact).unwrap();
        assert_eq!(grey[0], 18, "0.0722 of blue");
        let grey = png_of(3, 1, ColorType::Grayscale, BitDepth::Eight, &[7, 8, 9]);
        assert_eq!(decode::<1, 3, 3>(&grey, Fit::Exact).unwrap(), [7, 7, 7, 8, 8, 8, 9, 9, 9]);
        let bits = png_of(3, 1, ColorType::Grayscale, BitDepth::One, &[0b0110_0000]);
        assert_eq!(decode::<1, 3, 1>(&bits, Fit::Exact).unwrap(), [0, 255, 255]);
        let clear = png_of(1, 1, ColorType::Rgba, BitDepth::Eight, &[1, 2, 3, 4]);
        assert_eq!(decode::<1, 1, 4>(&clear, Fit::Exact).unwrap(), [1, 2, 3, 4]);
        let twice: Vec<u8> = colours(3, 2, 9).into_iter().flat_map(|byte| [byte, byte]).collect();
        let deep = png_of(3, 2, ColorType::Rgb, BitDepth::Sixteen, &twice);
        let upper = png_of(1, 1, ColorType::Grayscale, BitDepth::Sixteen, &[7, 255]);
        assert_eq!(decode::<1, 1, 1>(&upper, Fit::Exact).unwrap(), [7]);
        let both = png_of(1, 1, ColorType::GrayscaleAlpha, BitDepth::Eight, &[9, 100]);
        assert_eq!(decode::<1, 1, 4>(&both, Fit::Exact).unwrap(), [9, 9, 9, 100]);
        let scan = png_of(8000, 6000, ColorType::Grayscale, BitDepth::One, &[255; 1000 * 6000]);
        assert!(scan.len() < 20_000 && decode::<3, 4, 1>(&scan, Fit::Resize).unwrap() == [255; 12], "{}", scan.len());
        assert_eq!(decode::<2, 3, 3>(&deep, Fit::Exact).unwrap(), colours(3, 2, 9));
    }

    #[test]
    fn jpegs_are_read_in_grey_and_in_colours() {
        let near = |found: Vec<u8>, expected: &[u8]| {
            let is_near = |(found, expected): (&u8, &u8)| found.abs_diff(*expected) <= 4;
            assert!(found.iter().zip(expected).all(is_near) && found.len() == expected.len(), "{found:?}");
        };
        let colours = jpeg(16, 16, jpeg_encoder::ColorType::Rgb, &[200, 100, 50].repeat(256));
        near(decode::<16, 16, 3>(&colours, Fit::Exact).unwrap(), &[200, 100, 50].repeat(256));
        let ramp: Vec<u8> = (0..117).collect();
        let grey = jpeg(13, 9, jpeg_encoder::ColorType::Luma, &ramp);
        near(decode::<9, 13, 1>(&grey, Fit::Exact).unwrap(), &ramp);
        let channels = |content: &[u8]| Picture::decode(content).map(|picture| (picture.size, picture.channels));
        assert_eq!((channels(&colours).unwrap(), channels(&grey).unwrap()), (([16, 16], 3), ([9, 13], 1)));
        let inks = jpeg(8, 8, jpeg_encoder::ColorType::Cmyk, &[0, 255, 255, 0].repeat(64));
        near(decode::<8, 8, 3>(&inks, Fit::Exact).unwrap(), &[255, 0, 0].repeat(64));
    }

    #[test]
    fn what_is_no_picture_is_told() {
        for content in [&b""[..], b"GIF89a", b"\x89PNG\r\n", b"\xff\xd8"] {
            let error = decode::<1, 1, 1>(content, Fit::Resize).unwrap_err().to_string();
            assert!(error.starts_with("is no usable picture file"), "{error}");
        }
    }

    #[test]
    fn prefixes_are_errors_and_flipped_bits_never_panic() {
        let small = jpeg(5, 3, jpeg_encoder::ColorType::Rgb, &colours(5, 3, 90));
        for content in [png(5, 3, 90), small] {
            // The last bytes of a PNG are behind its pixels.
            let needed = if content[0] == 0xff { content.len() } else { content.len() - 16 };
            for end in 0..needed {
                assert!(decode::<3, 5, 3>(&content[..end], Fit::Exact).is_err(), "{end} of {}", content.len());
            }
            for bit in 0..content.len() * 8 {
                let mut flipped = content.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let _ = (decode::<3, 5, 3>(&flipped, Fit::Exact), decode::<3, 5, 1>(&flipped, Fit::Resize));
            }
        }
    }

    #[test]
    fn a_huge_promise_takes_no_memory() {
        let mut content = png(5, 3, 90);
        content[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
        let checksum = {
            let mut crc = u32::MAX;
            for byte in &content[12..29] {
                crc ^= u32::from(*byte);
                (0..8).for_each(|_| crc = (crc >> 1) ^ ((crc & 1) * 0xedb8_8320));
            }
            !crc
        };
        content[29..33].copy_from_slice(&checksum.to_be_bytes());
        let error = decode::<3, 5, 3>(&content, Fit::Resize).unwrap_err().to_string();
        assert!(error.starts_with("is no usable picture file"), "{error}");
        assert!(decode::<3, 5, 3>(&content, Fit::Exact).is_err());
    }
}
