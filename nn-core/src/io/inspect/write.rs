//! Files of tensors made from others: another scalar, a part of them, other names.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::path::Path;

use safetensors::{Dtype, View};

use super::{FileTensor, InspectError, TensorFile};
use crate::checksum;
use crate::files;
use crate::io::ordered;

impl FileTensor {
    /// A tensor of `F32` or `F64`.
    ///
    /// # Panics
    /// In debug builds, when the axes do not multiply to the number of values.
    pub fn new(name: impl Into<String>, shape: Vec<usize>, values: Vec<f64>, scalar: FileScalar) -> Self {
        debug_assert_eq!(shape.iter().product::<usize>(), values.len());
        let (dtype, bytes) = match scalar {
            FileScalar::F32 => ("F32", values.iter().flat_map(|&value| (value as f32).to_le_bytes()).collect()),
            FileScalar::F64 => ("F64", values.iter().flat_map(|value| value.to_le_bytes()).collect()),
        };
        let values = if scalar == FileScalar::F32 {
            values.iter().map(|&value| f64::from(value as f32)).collect()
        } else {
            values
        };
        Self { name: name.into(), dtype: dtype.into(), shape, bytes, values }
    }

    /// Whether its numbers have a fraction: it is of `F16`, `BF16`, `F32` or `F64`.
    pub fn is_real(&self) -> bool {
        matches!(self.dtype.as_str(), "F16" | "BF16" | "F32" | "F64")
    }
}

/// A scalar that a file's tensors can be converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileScalar {
    /// Single precision.
    F32,
    /// Double precision.
    F64,
}

impl TensorFile {
    /// The same with all tensors of real numbers in one scalar; whole numbers stay as they are.
    #[must_use]
    pub fn cast(mut self, scalar: FileScalar) -> Self {
        for tensor in self.tensors.iter_mut().filter(|tensor| tensor.is_real()) {
            *tensor = FileTensor::new(
                core::mem::take(&mut tensor.name),
                core::mem::take(&mut tensor.shape),
                core::mem::take(&mut tensor.values),
                scalar,
            );
        }
        self
    }

    /// The tensors whose names begin with `prefix`, without it: `network.` of a training checkpoint leaves the weights. What the
    /// file says about itself is left out, because it speaks of the whole.
    #[must_use]
    pub fn part(self, prefix: &str) -> Self {
        let own = |mut tensor: FileTensor| {
            tensor.name = tensor.name.strip_prefix(prefix)?.to_string();
            Some(tensor)
        };
        Self { metadata: BTreeMap::new(), tensors: self.tensors.into_iter().filter_map(own).collect() }
    }

    /// The content of a safetensors file.
    ///
    /// # Errors
    /// When a tensor's data type is unknown, or two have one name.
    pub fn to_bytes(&self) -> Result<Vec<u8>, InspectError> {
        let mut entries = Vec::new();
        for tensor in &self.tensors {
            let unknown = || InspectError::Dtype { tensor: tensor.name.clone(), dtype: tensor.dtype.clone() };
            entries.push((tensor.name.clone(), Entry { tensor, dtype: dtype(&tensor.dtype).ok_or_else(unknown)? }));
        }
        let mut content = ordered::serialize(entries, &self.metadata)
            .map_err(|error| InspectError::Format { path: Path::new("").into(), reason: error.to_string() })?;
        // A file that has a checksum gets that of its content as it is now; one without stays without.
        checksum::seal(&mut content, checksum::MARK.as_bytes());
        Ok(content)
    }

    /// Writes a safetensors file, which is replaced whole.
    ///
    /// # Errors
    /// As [`TensorFile::to_bytes`]; when the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), InspectError> {
        let path = path.as_ref();
        files::replace(path, &self.to_bytes()?).map_err(|error| InspectError::File { path: path.into(), error })
    }
}

struct Entry<'t> {
    tensor: &'t FileTensor,
    dtype: Dtype,
}

impl View for Entry<'_> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.tensor.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.tensor.bytes)
    }

    fn data_len(&self) -> usize {
        self.tensor.bytes.len()
    }
}

/// The data type of a name.
fn dtype(name: &str) -> Option<Dtype> {
    Some(match name {
        "BOOL" => Dtype::BOOL,
        "U8" => Dtype::U8,
        "I8" => Dtype::I8,
        "I16" => Dtype::I16,
        "U16" => Dtype::U16,
        "F16" => Dtype::F16,
        "BF16" => Dtype::BF16,
        "I32" => Dtype::I32,
        "U32" => Dtype::U32,
        "F32" => Dtype::F32,
        "I64" => Dtype::I64,
        "U64" => Dtype::U64,
        "F64" => Dtype::F64,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Weights as _;
    use crate::io::testing::tiny;
    use crate::simd::Plain as _;

    #[test]
    fn a_file_is_written_as_it_was_read_and_cast() {
        let content = tiny::<f64>().to_safetensors().unwrap();
        let file = TensorFile::from_bytes(&content, Path::new("")).unwrap();
        assert_eq!(TensorFile::from_bytes(&file.to_bytes().unwrap(), Path::new("")).unwrap(), file);
        let mut net = tiny::<f32>();
        net.as_mut_slice().fill(0.0);
        net.load_safetensors(&file.cast(FileScalar::F32).to_bytes().unwrap()).unwrap();
        assert_eq!(net.as_slice(), tiny::<f32>().as_slice());
    }

    #[test]
    fn a_part_has_its_names_without_the_prefix() {
        let content = tiny::<f32>().to_safetensors().unwrap();
        let part = TensorFile::from_bytes(&content, Path::new("")).unwrap().part("fc.");
        let names: Vec<&str> = part.tensors.iter().map(|tensor| tensor.name.as_str()).collect();
        assert_eq!((names, part.metadata.len()), (["bias", "weight"].to_vec(), 0));
    }
}
