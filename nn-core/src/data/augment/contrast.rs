use super::colour::{factor, grey, on_unit};
use super::{AugmentError, Augmentation, Draw, image};
use crate::OutOfRange;
use crate::spec::Shape;

/// Moves an image away from its mean grey, or towards it. As torchvision `adjust_contrast`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contrast(pub(super) f64);

impl Augmentation for Contrast {
    fn name(&self) -> &'static str {
        "contrast"
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        image(self.name(), shape)?;
        Ok(OutOfRange::not_negative(self.name(), self.0)?)
    }

    fn apply(&self, shape: Shape, sample: &mut [f32], _: &mut [f32], draw: &mut Draw) {
        let factor = factor(self.0, draw);
        let mean = match sample.as_chunks::<3>() {
            (pixels, []) if shape.last() == 3 => pixels.iter().map(|pixel| f64::from(grey(pixel))).sum(),
            _ => sample.iter().map(|&value| f64::from(value)).sum::<f64>() / shape.last() as f64,
        };
        let mean = (mean / shape.rows() as f64) as f32;
        sample.iter_mut().for_each(|value| *value = on_unit(factor * *value + (1.0 - factor) * mean));
    }
}
