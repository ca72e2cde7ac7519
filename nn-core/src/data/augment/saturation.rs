use super::colour::{coloured, factor, grey, on_unit};
use super::{AugmentError, Augmentation, Draw};
use crate::OutOfRange;
use crate::spec::Shape;

/// Moves each pixel away from its grey, or towards it. As torchvision `adjust_saturation`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Saturation(pub(super) f64);

impl Augmentation for Saturation {
    fn name(&self) -> &'static str {
        "saturation"
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        coloured(self.name(), shape)?;
        Ok(OutOfRange::not_negative(self.name(), self.0)?)
    }

    fn apply(&self, _: Shape, sample: &mut [f32], _: &mut [f32], draw: &mut Draw) {
        let factor = factor(self.0, draw);
        for pixel in sample.as_chunks_mut::<3>().0 {
            let grey = grey(pixel);
            *pixel = pixel.map(|value| on_unit(factor * value + (1.0 - factor) * grey));
        }
    }
}
