use super::colour::{factor, on_unit};
use super::{AugmentError, Augmentation, Draw, image};
use crate::OutOfRange;
use crate::spec::Shape;

/// Multiplies an image. As torchvision `adjust_brightness`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brightness(pub(super) f64);

impl Augmentation for Brightness {
    fn name(&self) -> &'static str {
        "brightness"
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        image(self.name(), shape)?;
        Ok(OutOfRange::not_negative(self.name(), self.0)?)
    }

    fn apply(&self, _: Shape, sample: &mut [f32], _: &mut [f32], draw: &mut Draw) {
        let factor = factor(self.0, draw);
        sample.iter_mut().for_each(|value| *value = on_unit(*value * factor));
    }
}
