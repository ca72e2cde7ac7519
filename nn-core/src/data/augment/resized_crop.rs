use super::sampler::resample;
use super::{AugmentError, Augmentation, Border, Draw, image};
use crate::OutOfRange;
use crate::spec::Shape;

/// The narrowest form of a window, as width by height; the widest is one over this.
const NARROWEST: f64 = 3.0 / 4.0;

/// Enlarges a part of an image to the size of the whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct ResizedCrop {
    pub(super) least_area: f64,
}

impl Augmentation for ResizedCrop {
    fn name(&self) -> &'static str {
        "resized_crop"
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        image(self.name(), shape)?;
        let refused = OutOfRange { name: self.name(), found: self.least_area, expected: "a share above 0, at most 1" };
        if self.least_area > 0.0 && self.least_area <= 1.0 { Ok(()) } else { Err(refused.into()) }
    }

    fn apply(&self, shape: Shape, sample: &mut [f32], spare: &mut [f32], draw: &mut Draw) {
        let side = draw.between(self.least_area, 1.0).sqrt();
        // Of no other form than fits into the image.
        let form = draw.around_zero(-NARROWEST.ln()).exp().sqrt().clamp(side, 1.0 / side);
        let shares = [side / form, side * form];
        let start = shares.map(|share| draw.between(0.0, 1.0 - share));
        let back = |axis: usize, place: f64| (place + 0.5) * shares[axis] + start[axis] * shape.dim(axis) as f64 - 0.5;
        resample(shape, Border::Edge, sample, spare, |y, x| [back(0, y), back(1, x)]);
    }
}
