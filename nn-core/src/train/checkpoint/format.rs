//! The file: safetensors, with a line about itself in the metadata.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use std::path::Path;

use safetensors::{Dtype, SafeTensors, View};

use super::{Checkpoint, CheckpointError, State, Values};
use crate::checksum::{self, CHECKPOINT_KEY as KEY, CHECKPOINT_MARK as MARK, Damaged, UNKNOWN};
use crate::files;

impl Checkpoint {
    /// Saves it in a file, which is replaced whole, and is on the disk when this returns: a crash at any moment leaves the
    /// old file or the new one.
    ///
    /// # Errors
    /// When the file cannot be written; then the old one is still there.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), CheckpointError> {
        let path = path.as_ref();
        files::replace(path, &self.to_bytes()).map_err(|error| at(path, &error))
    }

    /// Reads it from a file.
    ///
    /// # Errors
    /// When the file cannot be read, is no checkpoint, or is damaged.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CheckpointError> {
        let path = path.as_ref();
        let content = std::fs::read(path).map_err(|error| at(path, &error))?;
        Self::from_bytes(&content).map_err(|error| error.in_file(path))
    }

    /// The content of a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let about = format!("{MARK}{UNKNOWN} architecture={:016x} network={}", self.architecture, self.network);
        let metadata = [(KEY.to_string(), about)].into_iter().collect();
        let entries = self.state.entries.iter().map(|(name, (shape, values))| (name, Entry { shape, values }));
        let mut content = safetensors::serialize(entries, Some(metadata))
            .expect("cannot fail: names differ, and every shape is that of its values");
        let is_sealed = checksum::seal(&mut content, MARK.as_bytes());
        assert!(is_sealed, "cannot fail: the mark has just been written");
        content
    }

    /// Takes it from the content of a file.
    ///
    /// # Errors
    /// When it is no checkpoint, or damaged: no prefix and no change of a bit passes.
    pub fn from_bytes(content: &[u8]) -> Result<Self, CheckpointError> {
        match checksum::check(content, MARK.as_bytes()) {
            Ok(true) => {}
            Ok(false) if checksum::is_weights(content) => {
                return Err(format_error("it holds weights alone, which `network.load(..)` takes"));
            }
            Ok(false) => return Err(format_error(&format!("it does not say `{KEY}` of version 1"))),
            Err(Damaged { expected, found }) => return Err(CheckpointError::Checksum { path: None, expected, found }),
        }
        let file = SafeTensors::deserialize(content).map_err(|error| format_error(&error.to_string()))?;
        let (_, metadata) = SafeTensors::read_metadata(content).map_err(|error| format_error(&error.to_string()))?;
        let about = metadata.metadata().as_ref().and_then(|metadata| metadata.get(KEY)).cloned().unwrap_or_default();
        let word = |name: &str| about.split(' ').find_map(|word| word.strip_prefix(name));
        let architecture = word("architecture=").and_then(|digits| u64::from_str_radix(digits, 16).ok());
        let (Some(architecture), Some(network)) = (architecture, word("network=")) else {
            return Err(format_error("it does not name its network"));
        };
        let mut state = State::default();
        for (name, view) in file.tensors() {
            let values = read(view.dtype(), view.data())
                .ok_or_else(|| format_error(&format!("`{name}` has the data type {}", view.dtype())))?;
            state.entries.insert(name, (view.shape().to_vec(), values));
        }
        Ok(Self { architecture, network: network.into(), state })
    }
}

fn at(path: &Path, error: &std::io::Error) -> CheckpointError {
    CheckpointError::File { path: path.into(), reason: error.to_string() }
}

fn format_error(reason: &str) -> CheckpointError {
    CheckpointError::Format { path: None, reason: reason.into() }
}

/// An entry as the format's crate wants to see it.
struct Entry<'s> {
    shape: &'s [usize],
    values: &'s Values,
}

impl View for Entry<'_> {
    fn dtype(&self) -> Dtype {
        match self.values {
            Values::Bytes(_) => Dtype::U8,
            Values::Indices(_) => Dtype::U32,
            Values::Integers(_) => Dtype::U64,
            Values::Singles(_) => Dtype::F32,
            Values::Doubles(_) => Dtype::F64,
        }
    }

    fn shape(&self) -> &[usize] {
        self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Owned(match self.values {
            Values::Bytes(values) => values.clone(),
            Values::Indices(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Values::Integers(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Values::Singles(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Values::Doubles(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        })
    }

    fn data_len(&self) -> usize {
        let size = match self.values {
            Values::Bytes(_) => 1,
            Values::Indices(_) | Values::Singles(_) => 4,
            Values::Integers(_) | Values::Doubles(_) => 8,
        };
        self.values.len() * size
    }
}

fn read(dtype: Dtype, bytes: &[u8]) -> Option<Values> {
    let (fours, eights) = (bytes.as_chunks::<4>().0.iter(), bytes.as_chunks::<8>().0.iter());
    Some(match dtype {
        Dtype::U8 => Values::Bytes(bytes.to_vec()),
        Dtype::U32 => Values::Indices(fours.map(|bytes| u32::from_le_bytes(*bytes)).collect()),
        Dtype::U64 => Values::Integers(eights.map(|bytes| u64::from_le_bytes(*bytes)).collect()),
        Dtype::F32 => Values::Singles(fours.map(|bytes| f32::from_le_bytes(*bytes)).collect()),
        Dtype::F64 => Values::Doubles(eights.map(|bytes| f64::from_le_bytes(*bytes)).collect()),
        _ => return None,
    })
}
