//! What lies in a safetensors file, whoever wrote it: weights, training checkpoints, other programs' files.

mod scalars;
mod write;

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;

pub(super) use scalars::to_doubles;
pub use write::FileScalar;

/// Why a file could not be looked into.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The system cannot read the file.
    #[error("{}: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The content is not in the format.
    #[error("{}: this is no safetensors file: {reason}", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A tensor's numbers are of a kind that cannot be read.
    #[error("`{tensor}` has the data type {dtype}, which cannot be read")]
    Dtype {
        /// The tensor.
        tensor: String,
        /// The data type.
        dtype: String,
    },
}

/// A file of tensors.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorFile {
    /// What the file says about itself.
    pub metadata: BTreeMap<String, String>,
    /// All tensors, by name.
    pub tensors: Vec<FileTensor>,
}

/// A tensor in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileTensor {
    /// Its dotted name.
    pub name: String,
    /// Its data type, as the format writes it: `F32`.
    pub dtype: String,
    /// Its axes.
    pub shape: Vec<usize>,
    /// Its numbers in memory order, as they are in the file.
    pub bytes: Vec<u8>,
    /// The same in double precision. (Whole numbers beyond 2⁵³ are rounded.)
    pub values: Vec<f64>,
}

impl TensorFile {
    /// Reads a file.
    ///
    /// # Errors
    /// When the file cannot be read, is not in the format, or a tensor's data type is none of `BOOL`, `F16`, `BF16`, `F32`, `F64`, and
    /// whole numbers of 8 to 64 bits.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, InspectError> {
        let path = path.as_ref();
        let content = std::fs::read(path).map_err(|error| InspectError::File { path: path.into(), error })?;
        Self::from_bytes(&content, path)
    }

    /// As [`TensorFile::read`], from the content of a file; `path` is for errors.
    ///
    /// # Errors
    /// As [`TensorFile::read`].
    pub fn from_bytes(content: &[u8], path: &Path) -> Result<Self, InspectError> {
        let format =
            |error: safetensors::SafeTensorError| InspectError::Format { path: path.into(), reason: error.to_string() };
        let file = SafeTensors::deserialize(content).map_err(format)?;
        let (_, about) = SafeTensors::read_metadata(content).map_err(format)?;
        let metadata = about.metadata().iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect();
        let mut tensors = Vec::new();
        for (name, view) in file.tensors() {
            let dtype = view.dtype().to_string();
            let Some(values) = to_doubles(view.dtype(), view.data()) else {
                return Err(InspectError::Dtype { tensor: name, dtype });
            };
            let (shape, bytes) = (view.shape().to_vec(), view.data().to_vec());
            tensors.push(FileTensor { name, dtype, shape, bytes, values });
        }
        tensors.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(Self { metadata, tensors })
    }

    /// A tensor by its name.
    pub fn tensor(&self, name: &str) -> Option<&FileTensor> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// How many numbers there are in all tensors.
    pub fn len(&self) -> usize {
        self.tensors.iter().map(|tensor| tensor.values.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What the numbers of a tensor are like. Mean, deviation and extremes are of the finite ones, and NaN where there are none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    /// How many numbers there are.
    pub count: usize,
    /// How many of them are NaN.
    pub nans: usize,
    /// How many are infinite.
    pub infinities: usize,
    /// How many are 0.
    pub zeros: usize,
    /// The mean.
    pub mean: f64,
    /// The standard deviation from it, of all: divided by the count.
    pub deviation: f64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Statistics {
    /// Of these numbers.
    ///
    /// ```
    /// use nn_core::io::inspect::Statistics;
    ///
    /// let found = Statistics::of(&[1.0, 3.0, f64::NAN, 0.0, f64::INFINITY, 4.0]);
    /// assert_eq!((found.count, found.nans, found.infinities, found.zeros), (6, 1, 1, 1));
    /// assert_eq!((found.mean, found.least, found.greatest), (2.0, 0.0, 4.0));
    /// ```
    pub fn of(values: &[f64]) -> Self {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let count = finite().count() as f64;
        // Scaled by a power of two, so that no square overflows and no digit is lost.
        let largest = finite().fold(0f64, |largest, value| largest.max(value.abs()));
        let scale = if largest > 0.0 { 2f64.powi(largest.log2().clamp(-1000.0, 1000.0) as i32) } else { 1.0 };
        let mean = finite().map(|value| value / scale).sum::<f64>() / count;
        let squares: f64 = finite().map(|value| (value / scale - mean) * (value / scale - mean)).sum();
        Self {
            count: values.len(),
            nans: values.iter().filter(|value| value.is_nan()).count(),
            infinities: values.iter().filter(|value| value.is_infinite()).count(),
            zeros: values.iter().filter(|&&value| value == 0.0).count(),
            mean: mean * scale,
            deviation: (squares / count).sqrt() * scale,
            least: finite().fold(f64::NAN, f64::min),
            greatest: finite().fold(f64::NAN, f64::max),
        }
    }

    /// Whether every number is finite.
    pub fn is_finite(&self) -> bool {
        self.nans == 0 && self.infinities == 0
    }
}

/// How a tensor, or its place, differs between two files.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TensorDifference {
    /// Only the first file has it.
    OnlyFirst {
        /// Its name.
        name: String,
    },
    /// Only the second file has it.
    OnlySecond {
        /// Its name.
        name: String,
    },
    /// Both have it, with other axes or another data type.
    Form {
        /// Its name.
        name: String,
        /// Data type and axes in the first file: `F32 [3, 2]`.
        first: String,
        /// In the second.
        second: String,
    },
    /// Both have it in the same form, with other numbers.
    Values {
        /// Its name.
        name: String,
        /// How many numbers differ: neither equal nor both NaN, by more than the tolerance.
        count: usize,
        /// The greatest difference of two finite numbers.
        greatest: f64,
        /// Where the first that differs stands, in memory order.
        first: usize,
    },
}

/// All differences between the tensors of two files, by name. Numbers are the same when they are no more than `tolerance`
/// apart, or both NaN. What the files say about themselves is not compared.
pub fn differences(first: &TensorFile, second: &TensorFile, tolerance: f64) -> Vec<TensorDifference> {
    let mut found = Vec::new();
    for tensor in &first.tensors {
        let name = tensor.name.clone();
        match second.tensor(&name) {
            None => found.push(TensorDifference::OnlyFirst { name }),
            Some(other) if (&tensor.dtype, &tensor.shape) != (&other.dtype, &other.shape) => {
                let form = |tensor: &FileTensor| std::format!("{} {:?}", tensor.dtype, tensor.shape);
                found.push(TensorDifference::Form { name, first: form(tensor), second: form(other) });
            }
            Some(other) => found.extend(values(tensor, other, tolerance)),
        }
    }
    let missing = second.tensors.iter().filter(|tensor| first.tensor(&tensor.name).is_none());
    found.extend(missing.map(|tensor| TensorDifference::OnlySecond { name: tensor.name.clone() }));
    found
}

fn values(first: &FileTensor, second: &FileTensor, tolerance: f64) -> Option<TensorDifference> {
    if first.bytes == second.bytes {
        return None;
    }
    let same =
        |left: f64, right: f64| left == right || left.is_nan() && right.is_nan() || (left - right).abs() <= tolerance;
    let pairs = || first.values.iter().zip(&second.values);
    let different = || pairs().enumerate().filter(|(_, (left, right))| !same(**left, **right));
    let (place, _) = different().next()?;
    let gaps = pairs().map(|(left, right)| (left - right).abs()).filter(|gap| gap.is_finite());
    Some(TensorDifference::Values {
        name: first.name.clone(),
        count: different().count(),
        greatest: gaps.fold(0.0, f64::max),
        first: place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Weights as _;
    use crate::io::testing::{Tiny, tiny};

    fn read(net: &Tiny<f32>) -> TensorFile {
        TensorFile::from_bytes(&net.to_safetensors().unwrap(), Path::new("tiny")).unwrap()
    }

    #[test]
    fn a_file_shows_what_was_saved() {
        let file = read(&tiny::<f32>());
        assert_eq!((file.tensors.len(), file.len(), file.is_empty()), (3, 12, false));
        assert_eq!(file.metadata["network"], "Tiny");
        let weight = file.tensor("fc.weight").unwrap();
        assert_eq!((&*weight.dtype, &weight.shape[..], weight.values[0]), ("F32", &[3, 2][..], 1.5));
        let found = Statistics::of(&weight.values);
        assert_eq!((found.mean, found.least, found.greatest, found.is_finite()), (4.0, 1.5, 6.5, true));
        assert!((found.deviation - (17.5f64 / 6.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn statistics_of_nothing_and_of_the_extreme_are_numbers_or_nan() {
        let found = Statistics::of(&[]);
        assert!(found.count == 0 && found.mean.is_nan() && found.least.is_nan() && found.is_finite());
        let found = Statistics::of(&[f64::MAX, f64::MAX, -f64::MAX]);
        assert!(found.mean.is_finite() && found.deviation.is_finite(), "{found:?}");
        assert_eq!(Statistics::of(&[0.0; 3]).deviation, 0.0);
    }

    #[test]
    fn differences_are_named_with_their_size() {
        let (first, mut other) = (tiny::<f32>(), tiny::<f32>());
        assert_eq!(differences(&read(&first), &read(&other), 0.0), []);
        other.bias[1] += 0.5;
        other.mean[0] = f32::NAN;
        let expected =
            |name: &str, greatest, first| TensorDifference::Values { name: name.into(), count: 1, greatest, first };
        let found = differences(&read(&first), &read(&other), 0.0);
        assert_eq!(found, [expected("fc.bias", 0.5, 1), expected("norm.mean", 0.0, 0)]);
        assert_eq!(differences(&read(&first), &read(&other), 0.5).len(), 1);
        let mut less = read(&first);
        less.tensors.remove(0);
        less.tensors[0].shape = [2, 3].into();
        let found = differences(&less, &read(&first), 0.0);
        assert!(
            matches!(&found[0], TensorDifference::Form { first, second, .. } if first == "F32 [2, 3]" && second == "F32 [3, 2]")
        );
        assert_eq!(found[1], TensorDifference::OnlySecond { name: "fc.bias".into() });
    }

    #[test]
    fn every_prefix_is_refused_and_flipped_bits_never_panic() {
        let content = tiny::<f32>().to_safetensors().unwrap();
        for end in 0..content.len() {
            assert!(TensorFile::from_bytes(&content[..end], Path::new("")).is_err(), "{end}");
        }
        for bit in 0..content.len() * 8 {
            let mut flipped = content.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let _ = TensorFile::from_bytes(&flipped, Path::new(""));
        }
    }
}
