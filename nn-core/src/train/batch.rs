//! Where the samples of a batch come from.

use core::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::TrainError;
use crate::data::{DataError, Dataset, Elements, Label};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::Plain;

/// Some samples with their targets, converted tile by tile.
pub(super) trait Batch<T: Scalar, Y: Label>: Sync {
    fn len(&self) -> usize;

    /// All targets, as they are kept.
    fn targets(&self) -> impl Iterator<Item = &Y::Target<f32>>;

    /// Writes the inputs and targets of some samples one behind the other.
    fn fill(&self, samples: Range<usize>, inputs: &mut [T], targets: &mut [Y::Target<T>]);
}

/// Samples of a data set, by their indices.
pub(super) struct Chosen<'b, X: SampleShape, Y: Label> {
    data: &'b Dataset<X, Y>,
    indices: &'b [u32],
    /// Their inputs, where they have been read ahead.
    read: Option<&'b Elements>,
    fault: Mutex<Option<DataError>>,
}

impl<'b, X: SampleShape, Y: Label> Chosen<'b, X, Y> {
    /// Samples of a data set, whose inputs are in memory, have been `read` ahead, or are read tile by tile.
    pub(super) fn new(data: &'b Dataset<X, Y>, indices: &'b [u32], read: Option<&'b Elements>) -> Self {
        Self { data, indices, read, fault: Mutex::new(None) }
    }

    /// What could not be read of the tiles that have been filled.
    pub(super) fn fault(self) -> Result<(), TrainError> {
        let fault = self.fault.into_inner().unwrap_or_else(PoisonError::into_inner);
        fault.map_or(Ok(()), |fault| Err(TrainError::data(&fault)))
    }
}

impl<T: Scalar, X: SampleShape, Y: Label> Batch<T, Y> for Chosen<'_, X, Y> {
    fn len(&self) -> usize {
        self.indices.len()
    }

    fn targets(&self) -> impl Iterator<Item = &Y::Target<f32>> {
        let targets = self.data.targets();
        self.indices.iter().map(|&index| &targets[index as usize])
    }

    fn fill(&self, samples: Range<usize>, inputs: &mut [T], targets: &mut [Y::Target<T>]) {
        let indices = &self.indices[samples.clone()];
        match self.read {
            Some(read) => self.data.convert(read, samples.start, inputs),
            None => {
                if let Err(fault) = self.data.try_fill_inputs(indices, inputs) {
                    inputs.fill(T::zero());
                    *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
                }
            }
        }
        self.data.fill_targets::<T>(indices, targets);
    }
}

/// Samples that a user hands over as arrays.
pub(super) struct Handed<'b, T: Scalar, X: SampleShape, Y: Label> {
    inputs: &'b [X::Array<T>],
    targets: &'b [Y::Target<f32>],
}

impl<'b, T: Scalar, X: SampleShape, Y: Label> Handed<'b, T, X, Y> {
    pub(super) fn new(inputs: &'b [X::Array<T>], targets: &'b [Y::Target<f32>]) -> Result<Self, TrainError> {
        if inputs.len() != targets.len() {
            return Err(TrainError::Lengths { inputs: inputs.len(), targets: targets.len() });
        }
        if inputs.is_empty() {
            return Err(TrainError::Empty { what: "batch" });
        }
        for (sample, target) in targets.iter().enumerate() {
            Y::check(target).map_err(|fault| TrainError::Label { sample, fault })?;
        }
        Ok(Self { inputs, targets })
    }
}

impl<T: Scalar, X: SampleShape, Y: Label> Batch<T, Y> for Handed<'_, T, X, Y> {
    fn len(&self) -> usize {
        self.inputs.len()
    }

    fn targets(&self) -> impl Iterator<Item = &Y::Target<f32>> {
        self.targets.iter()
    }

    fn fill(&self, samples: Range<usize>, inputs: &mut [T], targets: &mut [Y::Target<T>]) {
        for (sample, input) in self.inputs[samples.clone()].iter().zip(inputs.chunks_exact_mut(X::SHAPE.len())) {
            input.copy_from_slice(sample.as_slice());
        }
        self.targets[samples].iter().zip(targets).for_each(|(kept, target)| Y::convert::<T>(kept, target));
    }
}
