//! Sounds in folders: WAV files of integers (8 to 32 bits) or floats.
//!
//! Samples become numbers in [-1, 1], a sound a [`Sequence`] of frames with one number a channel. The rate and the number of
//! channels must be those that are asked for: resample files beforehand.
//!
//! ```no_run
//! use nn_core::data::wav::{Length, SoundFolder};
//! use nn_core::data::{Classes, Dataset};
//! use nn_core::shapes::Sequence;
//!
//! // A sub-folder for each word; a second of 16 kHz from each file, padded with silence.
//! let data: Dataset<Sequence<16_000, 1>, Classes<10>> =
//!     SoundFolder::new("words/train", 16_000).length(Length::Padded).load()?;
//! # Ok::<(), nn_core::data::DataError>(())
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use std::io::Read;
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavReader};

use super::folder::{self, Found};
use super::source::{Source, fault_of};
use super::stored::ReadInput;
use super::{Classes, DataError, Dataset, FileFault};
use crate::shapes::Sequence;

/// How sounds of any length become sequences of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    /// Another length is an error that names the file and both lengths.
    #[default]
    Exact,
    /// A shorter sound is followed by silence, of a longer one the beginning is taken.
    Padded,
    /// Each sound becomes several samples: one that begins at every so many frames, as long as it lies within the sound. A
    /// sound that is too short for one is followed by silence.
    Windows {
        /// From the beginning of one to that of the next: at least 1.
        step: usize,
    },
}

/// A folder of sounds, with a sub-folder for each class. Files that do not end in `wav` are passed over, and so is what begins
/// with a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundFolder {
    folder: PathBuf,
    rate: u32,
    length: Length,
    names: Option<Vec<String>>,
}

impl SoundFolder {
    /// A folder of sounds of this rate, in frames a second.
    pub fn new(folder: impl AsRef<Path>, rate: u32) -> Self {
        Self { folder: folder.as_ref().into(), rate, length: Length::Exact, names: None }
    }

    /// How sounds of any length become sequences of one; [`Length::Exact`] by default.
    #[must_use]
    pub const fn length(mut self, length: Length) -> Self {
        self.length = length;
        self
    }

    /// The names of the classes, in order, instead of those of all sub-folders in the order of the alphabet.
    #[must_use]
    pub fn classes(mut self, names: &[impl AsRef<str>]) -> Self {
        self.names = Some(names.iter().map(|name| name.as_ref().to_string()).collect());
        self
    }

    /// Reads all sounds, as sequences of `TIME` frames of `CHANNELS` numbers.
    ///
    /// # Errors
    /// When a folder is not there, the classes are not `N`, or a file is no sound that can be read, is damaged, or has another
    /// rate, number of channels or length. The error names the file, what was found, and what was expected.
    pub fn load<const TIME: usize, const CHANNELS: usize, const N: usize>(
        &self,
    ) -> Result<Dataset<Sequence<TIME, CHANNELS>, Classes<N>>, DataError> {
        let Found { files, classes, .. } = self.find(N)?;
        let (mut values, mut labels) = (Vec::new(), Vec::new());
        for (path, class) in files.iter().zip(classes) {
            let sound = read::<CHANNELS>(path, self.rate)?;
            for start in self.length.starts(sound.len(), TIME).map_err(|fault| fault.of(path))? {
                let end = values.len() + TIME * CHANNELS;
                values.extend_from_slice(beginning(&sound[start..], TIME).as_flattened());
                values.resize(end, 0.0);
                labels.push(class);
            }
        }
        Dataset::from_values(values, labels)
    }

    /// A data set that reads the sounds when they are needed: see [`Dataset::streamed_values`]. With [`Length::Windows`], all files
    /// are read once to count the windows, and a file as a whole for each of its windows.
    ///
    /// # Errors
    /// When a folder is not there or the classes are not `N`; with [`Length::Windows`] also as [`SoundFolder::load`]. Otherwise
    /// files are opened later.
    pub fn stream<const TIME: usize, const CHANNELS: usize, const N: usize>(
        &self,
    ) -> Result<Dataset<Sequence<TIME, CHANNELS>, Classes<N>>, DataError> {
        let Found { files, classes, .. } = self.find(N)?;
        let (mut places, mut labels) = (Vec::new(), Vec::new());
        for (file, (path, class)) in files.iter().zip(classes).enumerate() {
            let starts: Vec<usize> = match self.length {
                Length::Exact | Length::Padded => vec![0],
                // What a file's header promises is not believed.
                Length::Windows { .. } => {
                    let frames = read::<CHANNELS>(path, self.rate)?.len();
                    self.length.starts(frames, TIME).map_err(|fault| fault.of(path))?.collect()
                }
            };
            labels.resize(labels.len() + starts.len(), class);
            places.extend(starts.into_iter().map(|start| (file, start)));
        }
        let Self { rate, length, .. } = *self;
        Dataset::streamed_values(Sounds::<TIME, CHANNELS> { files, places, rate, length }, labels)
    }

    /// The names of the `N` classes.
    ///
    /// # Errors
    /// When the folder is not there or the classes are not `N`.
    pub fn class_names<const N: usize>(&self) -> Result<Vec<String>, DataError> {
        Ok(self.find(N)?.names)
    }

    fn find(&self, count: usize) -> Result<Found, DataError> {
        folder::classes(&self.folder, self.names.as_deref(), count, &["wav"])
    }
}

impl Length {
    /// At which frames of a sound sequences of `time` frames begin.
    fn starts(self, frames: usize, time: usize) -> Result<impl Iterator<Item = usize>, FileFault> {
        let step = if let Self::Windows { step } = self { step } else { 1 };
        Ok((0..=self.last_start(frames, time)?).step_by(step))
    }

    /// Behind which frame of a sound no sequence of `time` frames begins.
    fn last_start(self, frames: usize, time: usize) -> Result<usize, FileFault> {
        match self {
            Self::Exact if frames != time => {
                let [expected, found] = [time, frames].map(|frames| format!("{frames} frames"));
                Err(FileFault::Expected { what: "a sound of", expected, found })
            }
            Self::Windows { step: 0 } => {
                let [expected, found] = ["at least 1", "0"].map(String::from);
                Err(FileFault::Expected { what: "a step of windows of", expected, found })
            }
            Self::Windows { .. } => Ok(frames.saturating_sub(time)),
            Self::Exact | Self::Padded => Ok(0),
        }
    }
}

/// So many frames, or all that there are.
fn beginning<F>(sound: &[F], time: usize) -> &[F] {
    &sound[..time.min(sound.len())]
}

/// Sounds that are read when they are needed.
struct Sounds<const TIME: usize, const CHANNELS: usize> {
    files: Vec<PathBuf>,
    /// The file of each sample, and the frame at which it begins.
    places: Vec<(usize, usize)>,
    rate: u32,
    length: Length,
}

impl<const TIME: usize, const CHANNELS: usize> ReadInput<f32> for Sounds<TIME, CHANNELS> {
    fn read(&self, index: u32, input: &mut [f32]) -> Result<(), DataError> {
        let (file, start) = self.places[index as usize];
        let path = &self.files[file];
        let sound = read::<CHANNELS>(path, self.rate)?;
        if start > self.length.last_start(sound.len(), TIME).map_err(|fault| fault.of(path))? {
            let (expected, found) = (start + TIME, sound.len());
            return Err(FileFault::Truncated { part: "frames", expected, found }.of(path));
        }
        let sound = beginning(&sound[start..], TIME).as_flattened();
        let (frames, silence) = input.split_at_mut(sound.len());
        frames.copy_from_slice(sound);
        silence.fill(0.0);
        Ok(())
    }
}

/// The frames of a sound file, which must have this rate, in frames a second, and this many channels.
///
/// # Errors
/// When the file is absent, is no sound that can be read, is damaged, or has another rate or number of channels.
pub fn read<const CHANNELS: usize>(path: impl AsRef<Path>, rate: u32) -> Result<Vec<[f32; CHANNELS]>, DataError> {
    let path = path.as_ref();
    Source::open(path, "check the path")
        .and_then(|source| frames(source.into_reader(), rate))
        .map_err(|fault| fault.of(path))
}

/// The frames of a sound that is in memory, or comes from anything else.
///
/// # Errors
/// As [`read`].
pub fn parse<const CHANNELS: usize>(content: impl Read, rate: u32) -> Result<Vec<[f32; CHANNELS]>, FileFault> {
    frames(content, rate)
}

fn frames<const CHANNELS: usize>(content: impl Read, rate: u32) -> Result<Vec<[f32; CHANNELS]>, FileFault> {
    const { assert!(CHANNELS > 0, "a sound has at least one channel") };
    let reader = WavReader::new(content).map_err(damaged)?;
    let spec = reader.spec();
    for (what, expected, found) in
        [("a rate in Hz of", rate as usize, spec.sample_rate as usize), ("channels:", CHANNELS, spec.channels.into())]
    {
        if expected != found {
            let [expected, found] = [expected, found].map(|number| number.to_string());
            return Err(FileFault::Expected { what, expected, found });
        }
    }
    let promised = reader.len() as usize;
    let samples: Vec<f32> = match spec.sample_format {
        SampleFormat::Float => reader.into_samples::<f32>().collect::<Result<_, _>>().map_err(damaged)?,
        SampleFormat::Int => {
            let unit = 2f32.powi(1 - i32::from(spec.bits_per_sample));
            let samples = reader.into_samples::<i32>().map(|sample| sample.map(|sample| sample as f32 * unit));
            samples.collect::<Result<_, _>>().map_err(damaged)?
        }
    };
    if samples.len() != promised {
        return Err(FileFault::Truncated { part: "samples", expected: promised, found: samples.len() });
    }
    if let Some(sample) = samples.iter().position(|sample| !sample.is_finite()) {
        let (expected, found) = ("a finite number".into(), samples[sample].to_string());
        return Err(FileFault::Element { sample, expected, found });
    }
    Ok(samples.as_chunks().0.to_vec())
}

fn damaged(error: hound::Error) -> FileFault {
    match error {
        hound::Error::IoError(error) if error.kind() != std::io::ErrorKind::Other => fault_of(error),
        error => FileFault::Format { format: "WAV", reason: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hound::{WavSpec, WavWriter};
    use std::io::Cursor;

    fn file(channels: u16, bits: u16, sample_format: SampleFormat, samples: &[f32]) -> Vec<u8> {
        let spec = WavSpec { channels, sample_rate: 8000, bits_per_sample: bits, sample_format };
        let mut content = Cursor::new(Vec::new());
        let mut writer = WavWriter::new(&mut content, spec).unwrap();
        for sample in samples {
            match sample_format {
                SampleFormat::Float => writer.write_sample(*sample).unwrap(),
                SampleFormat::Int => writer.write_sample((sample * 2f32.powi(i32::from(bits) - 1)) as i32).unwrap(),
            }
        }
        writer.finalize().unwrap();
        content.into_inner()
    }

    fn mono(samples: &[f32]) -> Vec<u8> {
        file(1, 16, SampleFormat::Int, samples)
    }

    #[test]
    fn integers_and_floats_become_the_same_numbers() {
        let samples = [0.0, 0.5, -1.0, -0.25];
        for (bits, format) in [
            (8, SampleFormat::Int),
            (16, SampleFormat::Int),
            (24, SampleFormat::Int),
            (32, SampleFormat::Int),
            (32, SampleFormat::Float),
        ] {
            let found = parse::<2>(&file(2, bits, format, &samples)[..], 8000).unwrap();
            assert_eq!(found, [[0.0, 0.5], [-1.0, -0.25]], "{bits} bits");
        }
    }

    #[test]
    fn rate_and_channels_are_checked() {
        let content = mono(&[0.0; 4]);
        let rate = parse::<1>(&content[..], 16_000).unwrap_err().to_string();
        assert_eq!(rate, "expected a rate in Hz of 16000, found 8000");
        let channels = parse::<2>(&content[..], 8000).unwrap_err().to_string();
        assert_eq!(channels, "expected channels: 2, found 1");
        let nan = parse::<1>(&file(1, 32, SampleFormat::Float, &[0.0, f32::NAN])[..], 8000).unwrap_err().to_string();
        assert_eq!(nan, "sample 1: expected a finite number, found NaN");
    }

    #[test]
    fn sounds_are_padded_cut_or_become_windows() {
        let root = std::env::temp_dir().join(format!("netform-wav-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        for (name, samples) in [("no/a.wav", vec![0.5; 3]), ("yes/b.WAV", vec![0.25; 7]), ("yes/c.txt", vec![])] {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, mono(&samples)).unwrap();
        }
        let folder = SoundFolder::new(&root, 8000);
        let of = |length| folder.clone().length(length).load::<4, 1, 2>().unwrap();
        let padded = of(Length::Padded);
        assert_eq!((padded.labels(), *padded.input::<f32>(0).unwrap()), (&[0, 1][..], [[0.5], [0.5], [0.5], [0.0]]));
        let windows = of(Length::Windows { step: 2 });
        assert_eq!(windows.labels(), [0, 1, 1], "frames 0 to 3 and 2 to 5");
        assert_eq!(folder.class_names::<2>().unwrap(), ["no", "yes"]);
        for length in [Length::Padded, Length::Windows { step: 2 }] {
            let streamed = folder.clone().length(length).stream::<4, 1, 2>().unwrap();
            assert_eq!((streamed.is_streamed(), streamed.labels()), (true, of(length).labels()));
            let sounds = |data: &Dataset<Sequence<4, 1>, Classes<2>>| -> Vec<[[f32; 1]; 4]> {
                (0..).take(data.len()).map(|sample| *data.input::<f32>(sample).unwrap()).collect()
            };
            assert_eq!(sounds(&streamed), sounds(&of(length)));
        }
        let late = folder.stream::<4, 1, 2>().unwrap().input::<f32>(1).unwrap_err().to_string();
        assert!(late.ends_with("b.WAV: expected a sound of 4 frames, found 7 frames"), "{late}");
        let exact = folder.load::<4, 1, 2>().unwrap_err().to_string();
        assert!(exact.ends_with("a.wav: expected a sound of 4 frames, found 3 frames"), "{exact}");
        let rate = SoundFolder::new(&root, 44_100).load::<4, 1, 2>().unwrap_err().to_string();
        assert!(rate.ends_with("a.wav: expected a rate in Hz of 44100, found 8000"), "{rate}");
        assert!(folder.clone().length(Length::Windows { step: 0 }).load::<4, 1, 2>().is_err());
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn every_prefix_is_an_error_and_flipped_bits_never_panic() {
        for content in [mono(&[0.5, -0.5, 0.25]), file(1, 32, SampleFormat::Float, &[0.5, -0.5])] {
            for end in 0..content.len() {
                assert!(parse::<1>(&content[..end], 8000).is_err(), "{end}");
            }
            for bit in 0..content.len() * 8 {
                let mut flipped = content.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let _ = parse::<1>(&flipped[..], 8000);
            }
        }
    }
}
