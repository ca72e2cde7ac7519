use alloc::vec;
use alloc::vec::Vec;

use super::AsNetwork;
use crate::network::{Direction, Network};
use crate::scalar::Scalar;
use crate::simd::{AlignedBox, Plain};

/// The sum of the gradients of some backward passes, and the batch statistics of the runs that they belong to.
///
/// [`Run::backward`](super::Run::backward) adds to it, of as many runs as one likes, and
/// [`Stepper::step`](super::Stepper::step) takes all of it.
pub struct GradientSum<T: Scalar, N: Network<T>> {
    /// The gradient by each trained parameter, in a struct with the network's fields: `gradients.values.fc.weight`.
    pub values: AlignedBox<N::Gradient>,
    pub(super) statistics: Vec<T>,
    /// Whether a run has left its statistics.
    pub(super) has_statistics: bool,
}

impl<T: Scalar, N: Network<T>> GradientSum<T, N> {
    /// Zeros, for a network like this one.
    pub fn new<How>(network: &impl AsNetwork<T, How, Network = N>) -> Self {
        let _ = network;
        Self::empty()
    }

    pub(super) fn empty() -> Self {
        Self { values: N::Gradient::zeroed_box(), statistics: vec![T::zero(); N::STATISTICS], has_statistics: false }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.values.as_mut_slice().fill(T::zero());
        self.has_statistics = false;
    }

    /// Takes the statistics of one more run.
    pub(super) fn add_statistics(&mut self, statistics: &[T]) {
        if !self.has_statistics {
            self.statistics.copy_from_slice(statistics);
            self.has_statistics = true;
            return;
        }
        for segment in 0..N::SEGMENTS - 1 {
            N::merge(segment, Direction::Forward, &mut self.statistics, statistics);
        }
    }
}
