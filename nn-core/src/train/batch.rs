//! Where the samples of a batch come from.

use core::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::TrainError;
use crate::data::augment::{Augment, Spare};
use crate::data::{DataError, Dataset, Elements, Label};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::Plain;

/// Some samples with their targets, converted tile by tile.
pub(super) trait Batch<T: Scalar, Y: Label>: Sync {
    fn len(&self) -> usize;

    /// What a sample is called, by its place in the batch: that in the data set, where there is one.
    fn number(&self, place: usize) -> usize {
        place
    }

    /// The sum of what its samples count, where `weight` says what a target counts as it is kept.
    fn weight(&self, weight: impl Fn(&Y::Target<f32>) -> f64) -> f64;

    /// The inputs of some samples, where they lie one behind the other as a network takes them.
    fn in_place(&self, _: Range<usize>) -> Option<&[T]> {
        None
    }

    /// Writes the targets of some samples one behind the other, and their inputs unless those lie in place. `spare` is memory
    /// that is kept.
    fn fill(
        &self,
        samples: Range<usize>,
        inputs: &mut [T],
        targets: &mut [Y::Target<T>],
        spare: &mut Spare<Y::Target<T>>,
    );
}

/// Samples of a data set, by their indices.
pub(super) struct Chosen<'b, X: SampleShape, Y: Label> {
    data: &'b Dataset<X, Y>,
    indices: &'b [u32],
    /// Their inputs, where they have been read ahead.
    read: Option<&'b Elements>,
    /// How they are changed, and the seed of the step.
    augment: Option<(&'b Augment, u64)>,
    fault: Mutex<Option<DataError>>,
}

impl<'b, X: SampleShape, Y: Label> Chosen<'b, X, Y> {
    /// Samples of a data set, whose inputs are in memory, have been `read` ahead, or are read tile by tile.
    pub(super) fn new(data: &'b Dataset<X, Y>, indices: &'b [u32], read: Option<&'b Elements>) -> Self {
        Self { data, indices, read, augment: None, fault: Mutex::new(None) }
    }

    /// The same, changed.
    pub(super) fn augmented(self, augment: Option<(&'b Augment, u64)>) -> Self {
        Self { augment, ..self }
    }

    /// What could not be read of the tiles that have been filled.
    pub(super) fn fault(&self) -> Result<(), TrainError> {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.as_ref().map_or(Ok(()), |fault| Err(TrainError::data(fault)))
    }
}

impl<T: Scalar, X: SampleShape, Y: Label> Batch<T, Y> for Chosen<'_, X, Y> {
    fn len(&self) -> usize {
        self.indices.len()
    }

    fn number(&self, place: usize) -> usize {
        self.indices[place] as usize
    }

    fn weight(&self, weight: impl Fn(&Y::Target<f32>) -> f64) -> f64 {
        let of = |place: usize| weight(&self.data.targets()[self.indices[place] as usize]);
        let mix = |place| {
            let (augment, seed) = self.augment?;
            augment.mix(X::SHAPE, seed, place, self.indices.len())
        };
        let mixed = |place| match mix(place) {
            // What two samples count, in the shares that they have in the target: exact where weights belong to classes.
            Some(mix) => mix.share * of(place) + (1.0 - mix.share) * of(mix.partner),
            None => of(place),
        };
        (0..self.indices.len()).map(mixed).sum()
    }

    fn fill(
        &self,
        samples: Range<usize>,
        inputs: &mut [T],
        targets: &mut [Y::Target<T>],
        spare: &mut Spare<Y::Target<T>>,
    ) {
        let indices = &self.indices[samples.clone()];
        let filled = match (self.augment, self.read) {
            (Some(augment), read) => {
                self.data.fill_augmented((self.indices, read), samples, augment, inputs, targets, spare)
            }
            (None, Some(read)) => {
                self.data.convert(read, samples.start, inputs);
                Ok(())
            }
            (None, None) => self.data.try_fill_inputs(indices, inputs),
        };
        if let Err(fault) = filled {
            inputs.fill(T::zero());
            *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
        }
        if self.augment.is_none() {
            self.data.fill_targets::<T>(indices, targets);
        }
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

    fn weight(&self, weight: impl Fn(&Y::Target<f32>) -> f64) -> f64 {
        self.targets.iter().map(weight).sum()
    }

    fn in_place(&self, samples: Range<usize>) -> Option<&[T]> {
        Some(Plain::flatten(&self.inputs[samples]))
    }

    fn fill(&self, samples: Range<usize>, _: &mut [T], targets: &mut [Y::Target<T>], _: &mut Spare<Y::Target<T>>) {
        self.targets[samples].iter().zip(targets).for_each(|(kept, target)| Y::convert::<T>(kept, target));
    }
}
