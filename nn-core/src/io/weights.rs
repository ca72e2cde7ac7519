//! Weights in the safetensors format, which other frameworks read and write.
//!
//! Each tensor has its dotted name (`conv.weight`) and the shape of its nested array: a `Dense` weight is
//! `[in, out]`, a `Conv2d` weight `[kernel height, kernel width, in channels, out channels]`, both as in Keras. The
//! data type is `F32` or `F64`, the network's scalar. Running statistics are tensors like the others. The metadata holds
//! the network's name under `network`, which is not compared when weights are loaded, and a checksum under
//! `netform.checksum`, which is: a file of ours with a single wrong bit is refused. Files of others have none.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use std::path::{Path, PathBuf};

use safetensors::{Dtype, SafeTensorError, View};

use super::loading::Loading;
use super::raw::turn_to_little_endian;
use super::transfer;
use crate::files::{self, Before};
use crate::network::Network;
use crate::scalar::Scalar;
use crate::tensors::{self, Tensor};

/// Why weights could not be saved or loaded. A network that was to take them has not been touched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// The system cannot read or write the file.
    #[error("{}: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The content is not in the format.
    #[error("{}this is no safetensors file: {error}", Before(path))]
    Format {
        /// Which file, if it is one.
        path: Option<PathBuf>,
        /// What is wrong with it.
        error: SafeTensorError,
    },
    /// The content is a file of Python's.
    #[error(
        "{}this is a file of `torch.save`, which only Python can read\nhelp: in Python, `safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")` writes one for here",
        Before(path)
    )]
    Pickle {
        /// Which file, if it is one.
        path: Option<PathBuf>,
    },
    /// The content is laid out in another way than is said, by netform itself.
    #[error(
        "{}this file was saved {}\nhelp: load it {}",
        Before(path),
        if *is_torch { "with `Loading::torch()`: its axes are PyTorch's" } else { "without `Loading::torch()`: its axes are the network's" },
        if *is_torch { "with `load_with(.., &Loading::torch())`" } else { "with `load`, or with `Loading::new()`" }
    )]
    Layout {
        /// Which file, if it is one.
        path: Option<PathBuf>,
        /// Whether its axes are PyTorch's.
        is_torch: bool,
    },
    /// The content has been damaged or cut off.
    #[error("{}these weights are damaged: their checksum should be {expected:08x}, but is {found:08x}", Before(path))]
    Checksum {
        /// Which file, if it is one.
        path: Option<PathBuf>,
        /// What stands in the file.
        expected: u32,
        /// What the rest of the file amounts to.
        found: u32,
    },
    /// The tensors are not those of the network.
    #[error("{0}")]
    Mismatch(Mismatch),
    /// PyTorch has a tensor in another order, and which one is not known.
    #[error(
        "`{network}` cannot tell in which order PyTorch has `{name}`: an image is flattened somewhere in front of it, or made of what it gives, \
         and there channels come first\nhelp: `.flattened(\"{layer}\", &[height, width, channels])`, of a sequence `&[time, channels]`, or `.unflattened(..)` says it; \
         `.in_order(\"{layer}\")` says that the order is the same there",
        layer = name.rsplit_once('.').map_or(name.as_str(), |(layer, _)| layer)
    )]
    Order {
        /// The network.
        network: &'static str,
        /// The tensor.
        name: String,
    },
    /// A [`Loading`] names a tensor that the network does not have, or gives its axes an order that is none.
    #[error("`{network}` has no tensor `{name}` {with}")]
    Loading {
        /// The network.
        network: &'static str,
        /// The name.
        name: String,
        /// With which axes.
        with: String,
    },
}

/// All differences between the tensors of a network and those of a file, each by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mismatch {
    /// The file, if it is one.
    pub path: Option<PathBuf>,
    /// The network that was to take the weights.
    pub network: &'static str,
    /// Tensors that the network has and the file has not.
    pub missing: Vec<String>,
    /// Tensors that the file has and the network has not.
    pub extra: Vec<String>,
    /// Tensors that both have, with another shape or data type.
    pub different: Vec<Difference>,
    /// Whether the names or axes are as PyTorch has them, and it has not been said that they are.
    pub looks_like_torch: bool,
}

/// A tensor with another shape or data type than expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name.
    pub name: String,
    /// The network's data type and shape: `F32 [3, 2]`.
    pub expected: String,
    /// The file's.
    pub found: String,
    /// Whether the same axes stand there in another order.
    pub is_turned: bool,
}

impl WeightsError {
    /// What is wrong with the content of this file.
    fn in_file(mut self, file: &Path) -> Self {
        if let Self::Format { path, .. }
        | Self::Pickle { path }
        | Self::Layout { path, .. }
        | Self::Checksum { path, .. }
        | Self::Mismatch(Mismatch { path, .. }) = &mut self
        {
            *path = Some(file.into());
        }
        self
    }
}

impl Mismatch {
    pub(super) fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty() && self.different.is_empty()
    }
}

/// What leads from one network's file to another.
pub(super) const HELP: &str = "\nhelp: `load_with` takes a `Loading`: `.partial()` takes what both have and leaves the rest as it is, `.without(..)` keeps a layer of the network though the file has one of its name, `.rename(..)` knows other names, `.converted()` takes other data types";

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}these are not the weights of `{}`", Before(&self.path), self.network)?;
        for (what, names) in [("missing", &self.missing), ("not in the network", &self.extra)] {
            if !names.is_empty() {
                write!(f, "\n{what}: {}", names.join(", "))?;
            }
        }
        for Difference { name, expected, found, .. } in &self.different {
            write!(f, "\n{name}: expected {expected}, found {found}")?;
        }
        if self.looks_like_torch {
            return f.write_str(OF_TORCH);
        }
        f.write_str(HELP)
    }
}

/// What leads from PyTorch's file to a network.
const OF_TORCH: &str = "\nhelp: this looks like a file of PyTorch: `load_with(.., &Loading::torch())` knows its names and axes, and `.rename(..)` the names of its modules";

/// Weights to and from safetensors; every network has it.
pub trait Weights<T: Scalar>: Network<T> {
    /// Saves all parameters and running statistics in a file, which is replaced whole: a crash while saving leaves the
    /// old one.
    ///
    /// # Errors
    /// When the file cannot be written.
    fn save(&self, path: impl AsRef<Path>) -> Result<(), WeightsError> {
        let path = path.as_ref();
        files::replace(path, &self.to_safetensors()?).map_err(|error| WeightsError::File { path: path.into(), error })
    }

    /// Loads all parameters and running statistics from a file of weights, or from a checkpoint of training, such as the best
    /// one of [`SaveCheckpoints`](crate::train::callback::SaveCheckpoints).
    ///
    /// # Errors
    /// When the file cannot be read, is in another format, or does not hold exactly the network's tensors: the error names
    /// all that are missing, superfluous or different. The network keeps its weights then.
    fn load(&mut self, path: impl AsRef<Path>) -> Result<(), WeightsError> {
        self.load_with(path, &Loading::new()).map(|_| ())
    }

    /// All parameters and running statistics as the content of a file.
    ///
    /// # Errors
    /// When two tensors have one name, which no network of `network!` has.
    fn to_safetensors(&self) -> Result<Vec<u8>, WeightsError> {
        let found = tensors::tensors(Self::PARTS);
        let values = found
            .iter()
            .map(|tensor| (&tensor.name, Values { tensor, values: &self.as_slice()[tensor.range.clone()] }));
        transfer::serialize(Self::NAME, false, values)
    }

    /// Takes all parameters and running statistics from the content of a file.
    ///
    /// # Errors
    /// As [`Weights::load`].
    fn load_safetensors(&mut self, content: &[u8]) -> Result<(), WeightsError> {
        self.load_safetensors_with(content, &Loading::new()).map(|_| ())
    }

    /// Loads from a file whose tensors have other names, or another order of axes, or of which only some are wanted: see
    /// [`Loading`]. Returns the names of the network's tensors that keep their numbers: those that the file does not have,
    /// if [`Loading::partial`] allows it, and those [left out](Loading::without).
    ///
    /// # Errors
    /// As [`Weights::load`]; when the loading itself makes no sense.
    fn load_with(&mut self, path: impl AsRef<Path>, loading: &Loading) -> Result<Vec<String>, WeightsError> {
        let path = path.as_ref();
        let content = std::fs::read(path).map_err(|error| WeightsError::File { path: path.into(), error })?;
        self.load_safetensors_with(&content, loading).map_err(|error| error.in_file(path))
    }

    /// As [`Weights::load_with`], from the content of a file.
    ///
    /// # Errors
    /// As [`Weights::load_with`].
    fn load_safetensors_with(&mut self, content: &[u8], loading: &Loading) -> Result<Vec<String>, WeightsError> {
        transfer::load(self, content, loading)
    }

    /// Saves in a file whose tensors have other names, or another order of axes: see [`Loading`], such as
    /// [`Loading::torch`].
    ///
    /// # Errors
    /// When the file cannot be written; when the loading itself makes no sense.
    fn save_with(&self, path: impl AsRef<Path>, loading: &Loading) -> Result<(), WeightsError> {
        let path = path.as_ref();
        let content = self.to_safetensors_with(loading)?;
        files::replace(path, &content).map_err(|error| WeightsError::File { path: path.into(), error })
    }

    /// As [`Weights::save_with`], as the content of a file.
    ///
    /// # Errors
    /// When the loading itself makes no sense.
    fn to_safetensors_with(&self, loading: &Loading) -> Result<Vec<u8>, WeightsError> {
        transfer::save(self, loading)
    }
}

impl<T: Scalar, N: Network<T>> Weights<T> for N {}

/// One tensor of a network as the format's crate wants to see it.
struct Values<'n, T> {
    tensor: &'n Tensor,
    values: &'n [T],
}

impl<T: Scalar> View for Values<'_, T> {
    fn dtype(&self) -> Dtype {
        dtype::<T>()
    }

    fn shape(&self) -> &[usize] {
        self.tensor.shape.dims()
    }

    fn data(&self) -> Cow<'_, [u8]> {
        let mut bytes = Cow::Borrowed(bytemuck::cast_slice(self.values));
        if cfg!(target_endian = "big") {
            bytes.to_mut().chunks_exact_mut(size_of::<T>()).for_each(turn_to_little_endian);
        }
        bytes
    }

    fn data_len(&self) -> usize {
        size_of_val(self.values)
    }
}

pub(super) fn dtype<T: Scalar>() -> Dtype {
    if size_of::<T>() == 4 { Dtype::F32 } else { Dtype::F64 }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use safetensors::SafeTensors;
    use safetensors::tensor::TensorView;

    use super::*;
    use crate::io::testing::{Tiny, tiny};
    use crate::simd::Plain;

    fn path(name: &str) -> PathBuf {
        std::env::temp_dir().join(std::format!("netform-weights-{}-{name}", std::process::id()))
    }

    fn round_trip<T: Scalar>(name: &str) {
        let mut net = tiny::<T>();
        net.bias[1] = T::nan();
        net.mean[0] = T::neg_infinity();
        let path = path(name);
        net.save(&path).unwrap();
        let mut back = Tiny::<T>::default();
        back.load(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        let bytes = |net: &Tiny<T>| bytemuck::cast_slice::<T, u8>(net.as_slice()).to_vec();
        assert_eq!(bytes(&back), bytes(&net));
    }

    #[test]
    fn weights_survive_a_file_bit_by_bit() {
        round_trip::<f32>("f32");
        round_trip::<f64>("f64");
    }

    #[test]
    fn the_same_weights_make_the_same_bytes() {
        assert_eq!(tiny::<f32>().to_safetensors().unwrap(), tiny::<f32>().to_safetensors().unwrap());
    }

    #[test]
    fn names_shapes_and_metadata_are_as_documented() {
        let content = tiny::<f32>().to_safetensors().unwrap();
        let file = SafeTensors::deserialize(&content).unwrap();
        let weight = file.tensor("fc.weight").unwrap();
        assert_eq!((weight.shape(), weight.dtype()), (&[3, 2][..], Dtype::F32));
        let (_, metadata) = SafeTensors::read_metadata(&content).unwrap();
        assert_eq!(metadata.metadata().as_ref().unwrap()["network"], "Tiny");
    }

    /// The file was made in Python by the format's own package (0.8) and numpy:
    ///
    /// ```python
    /// numbers = numpy.arange(1.5, 13.5, dtype=numpy.float32)
    /// weight, bias, mean = numbers[:6].reshape(3, 2), numbers[6:8], numbers[8:]
    /// save_file({"norm.mean": mean, "fc.bias": bias, "fc.weight": weight}, "tiny.safetensors")
    /// ```
    #[test]
    fn a_file_from_python_is_read() {
        let mut net = Tiny::<f32>::default();
        net.load_safetensors(include_bytes!("tiny.safetensors")).unwrap();
        assert_eq!(net.as_slice(), tiny::<f32>().as_slice());
    }

    #[test]
    fn everything_that_differs_is_named_at_once() {
        let data = [0u8; 64];
        let view = |dtype, shape: &[usize], len| TensorView::new(dtype, shape.to_vec(), &data[..len]).unwrap();
        let tensors = [
            ("fc.weight", view(Dtype::F32, &[2, 3], 24)),
            ("fc.bias", view(Dtype::F64, &[2], 16)),
            ("fc.scale", view(Dtype::F32, &[1], 4)),
        ];
        let content = safetensors::serialize(tensors, None).unwrap();
        let mut net = tiny::<f32>();
        let error = net.load_safetensors(&content).unwrap_err();
        assert_eq!(
            error.to_string().strip_suffix(OF_TORCH).expect("the weight is turned"),
            "these are not the weights of `Tiny`\nmissing: norm.mean\nnot in the network: fc.scale\n\
             fc.weight: expected F32 [3, 2], found F32 [2, 3]\nfc.bias: expected F32 [2], found F64 [2]"
        );
        assert_eq!(net.as_slice(), tiny::<f32>().as_slice());
    }

    #[test]
    fn every_prefix_and_every_flipped_bit_is_refused() {
        let content = tiny::<f32>().to_safetensors().unwrap();
        let mut net = Tiny::<f32>::default();
        for end in 0..content.len() {
            let error = net.load_safetensors(&content[..end]).unwrap_err();
            assert!(matches!(error, WeightsError::Format { .. } | WeightsError::Checksum { .. }), "{end}: {error}");
        }
        assert_eq!(net.as_slice(), Tiny::<f32>::default().as_slice());
        for bit in 0..content.len() * 8 {
            let mut flipped = content.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let error = net.load_safetensors(&flipped).unwrap_err();
            assert!(matches!(error, WeightsError::Format { .. } | WeightsError::Checksum { .. }), "{bit}: {error}");
        }
    }

    /// A file of others has no checksum: a flip in a number cannot be seen, any other is refused or changes a name.
    #[test]
    fn flipped_bits_of_files_without_a_checksum_never_panic() {
        let content = include_bytes!("tiny.safetensors");
        let numbers = content.len() - 12 * 4;
        let mut net = Tiny::<f32>::default();
        for bit in 0..content.len() * 8 {
            let mut flipped = *content;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(net.load_safetensors(&flipped).is_ok(), bit / 8 >= numbers, "{bit}");
        }
    }

    #[test]
    fn an_absent_file_is_named() {
        let error = tiny::<f32>().load(path("absent")).unwrap_err();
        assert!(error.to_string().contains("absent"), "{error}");
    }
}
