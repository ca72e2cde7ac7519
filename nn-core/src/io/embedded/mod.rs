//! Weights that stand in the program itself: what the code of `weights!` calls, in constants.
//!
//! The macro has read the file's header, and gives a table of what is in it; the network's own table is known to rustc alone.
//! So the two are compared here, by `const fn`s, and the bytes of each tensor are copied to their place in the network: a
//! copy of a slice costs the interpreter of constants one step, however long it is.

mod mismatch;
mod names;

pub use mismatch::mismatch;

use crate::network::Network;
use crate::scalar::Scalar;
use crate::simd::Aligned;
use crate::spec::{Message, Shape};
use crate::tensors::{Content, Part};

/// A tensor in a file.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    /// Its name, after renaming.
    pub name: &'static str,
    /// Its data type as the format calls it: `F32`.
    pub scalar: &'static str,
    /// Its axes.
    pub shape: &'static [usize],
    /// Where its first byte stands in the file.
    pub start: usize,
    /// Where its bytes end.
    pub end: usize,
}

/// The weights of a network `N`, in this machine's order of bytes, from a file and the table of its tensors, which is sorted
/// by name. What does not fit stays zero: `mismatch` has said so.
///
/// # Panics
/// When `BYTES` is not the size of the network.
pub const fn embed<T: Scalar, N: Network<T>, const BYTES: usize>(file: &[u8], stored: &[Stored]) -> Aligned<BYTES> {
    assert!(BYTES == size_of::<N>());
    let mut bytes = [0; BYTES];
    let mut walk = Walk { stored, scalar: scalar::<T>(), position: 0, matched: 0, differences: 0, first: None };
    walk.parts(N::PARTS, &Message::new(), file, &mut bytes);
    if cfg!(target_endian = "big") {
        let mut start = 0;
        while start < BYTES {
            bytes.split_at_mut(start).1.split_at_mut(size_of::<T>()).0.reverse();
            start += size_of::<T>();
        }
    }
    Aligned(bytes)
}

/// What the format calls a scalar.
const fn scalar<T: Scalar>() -> &'static str {
    if size_of::<T>() == 4 { "F32" } else { "F64" }
}

/// A tensor of the network that the file does not have so.
#[derive(Clone, Copy)]
struct Difference {
    name: Message,
    expected: Shape,
    /// Which tensor of the file has its name.
    found: Option<usize>,
}

/// A walk over a network's tensors, in memory order, beside the file's.
struct Walk<'s> {
    stored: &'s [Stored],
    scalar: &'static str,
    /// Where the next tensor's bytes stand in the network.
    position: usize,
    /// How many tensors of the file have the name of one of the network's.
    matched: usize,
    differences: usize,
    first: Option<Difference>,
}

impl Walk<'_> {
    /// Compares these parts, and copies what fits from the file to the bytes of the network, if there are any.
    const fn parts(&mut self, parts: &[Part], prefix: &Message, file: &[u8], bytes: &mut [u8]) {
        let mut index = 0;
        while index < parts.len() {
            let name = prefix.text(parts[index].name);
            match parts[index].content {
                Content::Group(parts) => self.parts(parts, &name.text("."), file, bytes),
                Content::Repeat { count, parts } => {
                    let mut number = 0;
                    while number < count {
                        self.parts(parts, &name.text(".").number(number).text("."), file, bytes);
                        number += 1;
                    }
                }
                Content::Tensor { shape, .. } => self.tensor(name, shape, file, bytes),
            }
            index += 1;
        }
    }

    const fn tensor(&mut self, name: Message, expected: Shape, file: &[u8], bytes: &mut [u8]) {
        if expected.is_empty() {
            return;
        }
        let start = self.position;
        self.position += expected.len() * if self.scalar.as_bytes()[1] == b'3' { 4 } else { 8 };
        let found = names::find(self.stored, name.as_str());
        if let Some(index) = found {
            self.matched += 1;
            let Stored { start: from, end: to, .. } = self.stored[index];
            let is_inside = from <= to && to <= file.len() && self.position <= bytes.len();
            if self.is_like(index, expected) {
                if is_inside && to - from == self.position - start {
                    let target = bytes.split_at_mut(self.position).0.split_at_mut(start).1;
                    target.copy_from_slice(file.split_at(to).0.split_at(from).1);
                }
                return;
            }
        }
        self.differences += 1;
        if self.first.is_none() {
            self.first = Some(Difference { name, expected, found });
        }
    }

    /// Whether a tensor of the file has this shape, and the network's data type.
    const fn is_like(&self, index: usize, expected: Shape) -> bool {
        let Stored { scalar, shape, .. } = self.stored[index];
        names::are_equal(scalar, self.scalar) && is_shape(shape, expected)
    }
}

const fn is_shape(axes: &[usize], shape: Shape) -> bool {
    let mut axis = 0;
    while axis < axes.len() && axis < shape.rank() {
        if axes[axis] != shape.dim(axis) {
            return false;
        }
        axis += 1;
    }
    axes.len() == shape.rank()
}
