use super::sampler::resample;
use super::{AugmentError, Augmentation, Border, Draw, image};
use crate::OutOfRange;
use crate::spec::Shape;

/// Turns, scales, shears and shifts an image around its middle, in one go: it is sampled once.
///
/// A pixel goes from `p` to `c + t + R(angle) · [[1, tan(shear)], [0, 1]] · scale · (p − c)`, columns first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine {
    /// The largest angle either way, in degrees.
    pub(super) degrees: f64,
    /// The least and the largest factor.
    pub(super) scales: [f64; 2],
    /// The largest shift either way, as a share of the height or width.
    pub(super) shift: f64,
    /// The largest angle either way that upright lines lean by, in degrees.
    pub(super) shear: f64,
    pub(super) border: Border,
}

impl Affine {
    pub(super) fn new(border: Border) -> Self {
        Self { degrees: 0.0, scales: [1.0; 2], shift: 0.0, shear: 0.0, border }
    }
}

/// The way back of one such map: from a pixel to where it comes from.
pub(super) fn way_back(
    shape: Shape,
    angle: f64,
    scale: f64,
    shear: f64,
    shift: [f64; 2],
) -> impl Fn(f64, f64) -> [f64; 2] {
    let middle = [0, 1].map(|axis| (shape.dim(axis) as f64 - 1.0) / 2.0);
    let (sin, cos) = angle.to_radians().sin_cos();
    let lean = shear.to_radians().tan();
    move |y, x| {
        let [down, right] = [y - middle[0] - shift[0], x - middle[1] - shift[1]];
        // The rotation back, then the shear back.
        let [upright, along] = [cos * down - sin * right, cos * right + sin * down];
        [middle[0] + upright / scale, middle[1] + (along - lean * upright) / scale]
    }
}

impl Augmentation for Affine {
    fn name(&self) -> &'static str {
        "rotate, scale, shift and shear"
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        image(self.name(), shape)?;
        OutOfRange::not_negative("rotate", self.degrees)?;
        OutOfRange::not_negative("shift", self.shift)?;
        let [least, largest] = self.scales;
        OutOfRange::above_zero("scale", least)?;
        OutOfRange::finite("scale", largest)?;
        if largest < least {
            let expected = "a largest factor that is not below the least";
            return Err(OutOfRange { name: "scale", found: largest, expected }.into());
        }
        if !(0.0..90.0).contains(&self.shear) {
            let expected = "an angle of at least 0 and below 90 degrees";
            return Err(OutOfRange { name: "shear", found: self.shear, expected }.into());
        }
        Ok(())
    }

    fn apply(&self, shape: Shape, sample: &mut [f32], spare: &mut [f32], draw: &mut Draw) {
        let [angle, shear] = [self.degrees, self.shear].map(|most| draw.around_zero(most));
        let scale = draw.between(self.scales[0], self.scales[1]);
        let shift = [0, 1].map(|axis| draw.around_zero(self.shift) * shape.dim(axis) as f64);
        resample(shape, self.border, sample, spare, way_back(shape, angle, scale, shear, shift));
    }
}
