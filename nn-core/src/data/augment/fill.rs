//! How a tile is filled with changed samples.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::Augment;
use crate::data::{DataError, Dataset, Elements, Label};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;

/// Memory for filling a tile with changed samples: one for each thread, kept from step to step.
#[derive(Debug)]
pub(crate) struct Spare<Target> {
    /// Three samples: that which is changed, its partner, and room.
    values: Vec<f32>,
    /// The partner's target.
    target: Vec<Target>,
}

impl<Target> Default for Spare<Target> {
    fn default() -> Self {
        Self { values: Vec::new(), target: Vec::new() }
    }
}

impl<X: SampleShape, Y: Label> Dataset<X, Y> {
    /// Fills the inputs and targets of a tile of a batch with changed samples: as [`Dataset::fill_inputs`] and
    /// [`Dataset::fill_targets`] do with those that are kept. `read` are the batch's inputs, where they have been read ahead.
    ///
    /// # Errors
    /// When the data set is streamed, and a sample cannot be read.
    pub(crate) fn fill_augmented<T: Scalar>(
        &self,
        (batch, read): (&[u32], Option<&Elements>),
        tile: Range<usize>,
        (augment, seed): (&Augment, u64),
        inputs: &mut [T],
        targets: &mut [Y::Target<T>],
        spare: &mut Spare<Y::Target<T>>,
    ) -> Result<(), DataError> {
        let shape = X::SHAPE;
        if spare.values.is_empty() {
            *spare = Spare { values: vec![0.0; 3 * shape.len()], target: bytemuck::zeroed_vec(1) };
        }
        let (sample, rest) = spare.values.split_at_mut(shape.len());
        let (partner, room) = rest.split_at_mut(shape.len());
        let changed = |place: usize, values: &mut [f32], room: &mut [f32]| {
            self.fill_natural((batch, read), place, values)?;
            augment.run(shape, seed, place, values, room);
            Ok::<(), DataError>(())
        };
        for ((place, input), target) in tile.zip(inputs.chunks_exact_mut(shape.len())).zip(targets) {
            changed(place, sample, room)?;
            self.fill_targets::<T>(&batch[place..=place], core::slice::from_mut(target));
            if let Some(mix) = augment.mix(shape, seed, place, batch.len()) {
                changed(mix.partner, partner, room)?;
                mix.values(shape, sample, partner);
                self.fill_targets::<T>(&batch[mix.partner..=mix.partner], &mut spare.target);
                Y::blend::<T>(target, &spare.target[0], mix.share);
            }
            self.scale_natural(sample, input);
        }
        Ok(())
    }
}
