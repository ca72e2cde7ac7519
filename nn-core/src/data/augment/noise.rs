use super::{AugmentError, Augmentation, Draw};
use crate::OutOfRange;
use crate::spec::Shape;

/// Adds a normal number to every element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise(pub(super) f64);

impl Augmentation for Noise {
    fn name(&self) -> &'static str {
        "noise"
    }

    fn check(&self, _: Shape) -> Result<(), AugmentError> {
        Ok(OutOfRange::not_negative(self.name(), self.0)?)
    }

    fn apply(&self, _: Shape, sample: &mut [f32], _: &mut [f32], draw: &mut Draw) {
        sample.iter_mut().for_each(|value| *value += (self.0 * draw.normal()) as f32);
    }
}
