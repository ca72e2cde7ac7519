//! Arrays of NumPy: `.npy` files, and several of them in an `.npz`.
//!
//! Bytes (`u1`) stay bytes; other integers and floats of any size and order of bytes become `f32` as inputs, and class numbers or
//! values as targets. Arrays in Fortran's order are turned. The first axis counts samples; the others must be those of the
//! data set's type, up to a last axis of 1, or multiply to the length of a type with one axis.
//!
//! The header is read here, not by a library: it is one line of Python's literals of which three entries are allowed ("NumPy
//! Enhancement Proposal 1"), and the crate for it reserves whatever a header claims and multiplies axes without a check.
//!
//! ```
//! use nn_core::data::{Classes, DataError, Dataset, npy};
//! use nn_core::shapes::Features;
//!
//! let mut file = b"\x93NUMPY\x01\x00\x46\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".to_vec();
//! file.resize(80, b' ');
//! file.extend([0.0f32, 1.0, 2.0, 3.0, 4.0, 5.0].iter().flat_map(|value| value.to_le_bytes()));
//! let array = npy::parse(&file[..])?;
//! assert_eq!(array.shape(), [2, 3]);
//! assert_eq!(array.inputs::<Features<3>>()?, npy::Inputs::Values(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod array;
mod header;
mod npz;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::path::Path;

pub use array::{Array, ArrayLabel, Inputs, RawArray};
pub use npz::{load as load_npz, parse as parse_npz, read as read_npz};

use super::source::Source;
use super::{DataError, Dataset, FileFault};
use crate::shapes::SampleShape;

/// Reads a file of inputs and the file of their targets.
///
/// # Errors
/// When a file is absent, is no array of numbers, is truncated or too long, or has another shape than the types; when an input is
/// not finite, a target is out of range, or the files have not as many samples. The error names the file.
pub fn load<X: SampleShape, Y: ArrayLabel>(
    inputs: impl AsRef<Path>,
    targets: impl AsRef<Path>,
) -> Result<Dataset<X, Y>, DataError> {
    let (input_path, target_path) = (inputs.as_ref(), targets.as_ref());
    let (inputs, targets) = (read(input_path)?, read(target_path)?);
    let inputs = inputs.inputs::<X>().map_err(|fault| fault.of(input_path))?;
    let targets = Y::columns(&targets).map_err(|fault| fault.of(target_path))?;
    inputs.with(targets)
}

/// Reads one array.
///
/// # Errors
/// When the file is absent, is no array of numbers, is truncated or too long.
pub fn read(path: impl AsRef<Path>) -> Result<Array, DataError> {
    let path = path.as_ref();
    Source::open(path, "check the path").and_then(array::read).map_err(|fault| fault.of(path))
}

/// Reads one array from anything.
///
/// # Errors
/// As [`read`].
pub fn parse(content: impl Read) -> Result<Array, FileFault> {
    array::read(Source::new(content)?)
}

/// Reads one array from anything, as it stands there.
///
/// # Errors
/// As [`read`].
pub fn parse_raw(content: impl Read) -> Result<RawArray, FileFault> {
    let (header, bytes) = array::parts(Source::new(content)?)?;
    Ok(RawArray { descr: header.descr, is_fortran: header.is_fortran, shape: header.shape, bytes })
}
