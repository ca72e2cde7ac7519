use super::{AugmentError, Augmentation, Draw, axis};
use crate::OutOfRange;
use crate::spec::Shape;

/// Replaces stretches along time or frequency by the mean of the sample.
///
/// D. Park et al., "SpecAugment: a simple data augmentation method for automatic speech recognition" (2019), who take zero for
/// spectrograms whose mean is zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask {
    /// Along which axis: 0 is time, 1 is frequency.
    pub(super) axis: usize,
    pub(super) count: usize,
    /// The longest stretch.
    pub(super) longest: usize,
}

impl Augmentation for Mask {
    fn name(&self) -> &'static str {
        if self.axis == 0 { "mask_time" } else { "mask_frequency" }
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        axis(self.name(), shape, self.axis)?;
        let expected = "a stretch that is not longer than the axis";
        let refused = OutOfRange { name: self.name(), found: self.longest as f64, expected };
        if self.longest <= shape.dim(self.axis) { Ok(()) } else { Err(refused.into()) }
    }

    fn apply(&self, shape: Shape, sample: &mut [f32], _: &mut [f32], draw: &mut Draw) {
        let mean = sample.iter().map(|&value| f64::from(value)).sum::<f64>() / sample.len() as f64;
        let (len, inner) = (shape.dim(self.axis), shape.len_from(self.axis as isize + 1));
        for _ in 0..self.count {
            let masked = draw.below(self.longest + 1);
            let start = draw.below(len - masked + 1);
            for values in sample.chunks_exact_mut(len * inner) {
                values[start * inner..(start + masked) * inner].fill(mean as f32);
            }
        }
    }
}
