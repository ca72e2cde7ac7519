//! Weights as flat bytes, without `std` and without a heap: written on a workstation, embedded with `include_bytes!`.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | `netform1` in ASCII |
//! | 8..16 | [`architecture`] of the network, `u64`, little-endian |
//! | 16..24 | the number of scalars, `u64`, little-endian |
//! | 24.. | the scalars in memory order, little-endian, nothing between and behind them |

use crate::network::Network;
use crate::scalar::Scalar;

pub use crate::tensors::architecture;

const MAGIC: [u8; 8] = *b"netform1";
const HEADER: usize = 24;

/// Why bytes are not the weights of a network. The network has not been touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RawError {
    /// The bytes do not start as such weights do.
    #[error("these are no raw weights: they do not start with `netform1`")]
    Magic,
    /// They belong to a network with other tensors or another scalar.
    #[error("these weights are of another network than `{network}`: its tensors' names, shapes or scalar differ")]
    Architecture {
        /// The network that was to take them.
        network: &'static str,
    },
    /// There are too few or too many bytes.
    #[error("expected {expected} bytes for `{network}`, found {found}")]
    Length {
        /// The network.
        network: &'static str,
        /// How many bytes its weights take.
        expected: usize,
        /// How many there are.
        found: usize,
    },
}

/// Weights to and from flat bytes; every network has it.
///
/// ```ignore
/// static WEIGHTS: &[u8] = include_bytes!("controller.weights");
/// controller.load_le_bytes(WEIGHTS)?;
/// ```
pub trait RawWeights<T: Scalar>: Network<T> {
    /// How many bytes its weights take, with their header.
    const RAW_LEN: usize = HEADER + Self::LEN * size_of::<T>();

    /// Writes all parameters and running statistics into exactly [`RawWeights::RAW_LEN`] bytes.
    ///
    /// # Errors
    /// When `bytes` has another length.
    fn write_le_bytes(&self, bytes: &mut [u8]) -> Result<(), RawError> {
        check_length::<T, Self>(bytes.len())?;
        let (header, scalars) = bytes.split_at_mut(HEADER);
        header.copy_from_slice(header_of::<T, Self>().as_flattened());
        for (bytes, value) in scalars.chunks_exact_mut(size_of::<T>()).zip(self.as_slice()) {
            bytes.copy_from_slice(bytemuck::bytes_of(value));
            turn_to_little_endian(bytes);
        }
        Ok(())
    }

    /// All parameters and running statistics as bytes.
    #[cfg(feature = "alloc")]
    fn to_le_bytes(&self) -> alloc::vec::Vec<u8> {
        let mut bytes = alloc::vec![0; Self::RAW_LEN];
        self.write_le_bytes(&mut bytes).expect("cannot fail: the bytes have the length that is asked for");
        bytes
    }

    /// Takes all parameters and running statistics from bytes that [`RawWeights::write_le_bytes`] wrote. No heap is
    /// needed, and the bytes may lie at any address.
    ///
    /// # Errors
    /// When they are no such bytes, belong to another architecture, or have another length. Nothing is changed then.
    fn load_le_bytes(&mut self, bytes: &[u8]) -> Result<(), RawError> {
        let expected = header_of::<T, Self>();
        if !bytes.starts_with(&expected[0]) {
            return Err(RawError::Magic);
        }
        if bytes.len() >= HEADER && !bytes.starts_with(expected[..2].as_flattened()) {
            return Err(RawError::Architecture { network: Self::NAME });
        }
        check_length::<T, Self>(bytes.len())?;
        for (value, bytes) in self.as_mut_slice().iter_mut().zip(bytes[HEADER..].chunks_exact(size_of::<T>())) {
            let value = bytemuck::bytes_of_mut(value);
            value.copy_from_slice(bytes);
            turn_to_little_endian(value);
        }
        Ok(())
    }
}

impl<T: Scalar, N: Network<T>> RawWeights<T> for N {}

fn header_of<T: Scalar, N: Network<T>>() -> [[u8; 8]; 3] {
    [MAGIC, architecture(N::PARTS, T::NAME).to_le_bytes(), (N::LEN as u64).to_le_bytes()]
}

fn check_length<T: Scalar, N: RawWeights<T>>(found: usize) -> Result<(), RawError> {
    let expected = N::RAW_LEN;
    if found == expected { Ok(()) } else { Err(RawError::Length { network: N::NAME, expected, found }) }
}

/// From this machine's order of bytes to little-endian, or back.
#[inline(always)]
pub(super) fn turn_to_little_endian(scalar: &mut [u8]) {
    if cfg!(target_endian = "big") {
        scalar.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::testing::{Tiny, tiny};
    use crate::simd::Plain;
    use crate::spec::Shape;
    use crate::tensors::{Part, Role};

    #[test]
    fn weights_survive_the_way_there_and_back_at_any_address() {
        let net = tiny::<f32>();
        let mut bytes = [0; Tiny::<f32>::RAW_LEN + 1];
        net.write_le_bytes(&mut bytes[1..]).unwrap();
        let mut back = Tiny::<f32>::default();
        back.load_le_bytes(&bytes[1..]).unwrap();
        assert_eq!(back.as_slice(), net.as_slice());
        assert_eq!(bytes[1 + HEADER..][..4], 1.5f32.to_le_bytes());
    }

    #[test]
    fn every_prefix_and_every_flipped_header_is_refused_and_changes_nothing() {
        let mut bytes = [0; Tiny::<f64>::RAW_LEN];
        tiny::<f64>().write_le_bytes(&mut bytes).unwrap();
        let mut net = Tiny::<f64>::default();
        for end in 0..bytes.len() {
            assert!(net.load_le_bytes(&bytes[..end]).is_err(), "{end}");
        }
        for bit in 0..16 * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(net.load_le_bytes(&flipped).is_err(), "{bit}");
        }
        assert_eq!(net.as_slice(), Tiny::<f64>::default().as_slice());
        assert!(net.load_le_bytes(&[&bytes[..], &[0]].concat()).is_err());
    }

    #[test]
    fn another_scalar_is_another_architecture() {
        let mut bytes = [0; Tiny::<f32>::RAW_LEN];
        tiny::<f32>().write_le_bytes(&mut bytes).unwrap();
        let refused = Tiny::<f64>::default().load_le_bytes(&bytes);
        assert_eq!(refused, Err(RawError::Architecture { network: "Tiny" }));
        let short = tiny::<f32>().write_le_bytes(&mut bytes[1..]);
        assert_eq!(short, Err(RawError::Length { network: "Tiny", expected: 72, found: 71 }));
    }

    #[test]
    fn the_number_of_an_architecture_sees_names_shapes_roles_and_nesting() {
        const fn tensor(name: &'static str, axes: &[usize], role: Role) -> Part {
            Part::tensor(name, Shape::new(axes), role)
        }
        const LEAF: &[Part] = &[tensor("a", &[2, 3], Role::Weight), tensor("b", &[2], Role::Bias)];
        let trees: [&[Part]; 9] = [
            LEAF,
            &[tensor("a", &[3, 2], Role::Weight), tensor("b", &[2], Role::Bias)],
            &[tensor("a", &[2, 3], Role::Weight), tensor("b", &[2], Role::State)],
            &[tensor("b", &[2], Role::Bias), tensor("a", &[2, 3], Role::Weight)],
            &[tensor("a", &[2, 3], Role::Weight), tensor("c", &[2], Role::Bias)],
            const { &[Part::group("a", LEAF)] },
            const { &[Part::repeat("a", 1, LEAF)] },
            const { &[Part::repeat("a", 2, LEAF)] },
            &[],
        ];
        for (index, left) in trees.iter().enumerate() {
            for right in &trees[..index] {
                assert_ne!(architecture(left, "f32"), architecture(right, "f32"));
            }
        }
    }
}
