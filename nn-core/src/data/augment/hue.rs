use super::colour::coloured;
use super::{AugmentError, Augmentation, Draw};
use crate::OutOfRange;
use crate::spec::Shape;

/// Turns the colour circle. As torchvision `adjust_hue`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hue(pub(super) f64);

impl Augmentation for Hue {
    fn name(&self) -> &'static str {
        "hue"
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        coloured(self.name(), shape)?;
        let refused = OutOfRange { name: self.name(), found: self.0, expected: "a share of the circle from 0 to 0.5" };
        if (0.0..=0.5).contains(&self.0) { Ok(()) } else { Err(refused.into()) }
    }

    fn apply(&self, _: Shape, sample: &mut [f32], _: &mut [f32], draw: &mut Draw) {
        let turn = draw.around_zero(self.0) as f32;
        if turn != 0.0 {
            sample.as_chunks_mut::<3>().0.iter_mut().for_each(|pixel| *pixel = turned(*pixel, turn));
        }
    }
}

/// A pixel with its hue turned by a share of the circle: to hue, chroma and value, and back.
fn turned([red, green, blue]: [f32; 3], turn: f32) -> [f32; 3] {
    let value = red.max(green).max(blue);
    let chroma = value - red.min(green).min(blue);
    if chroma == 0.0 {
        return [red, green, blue];
    }
    let sextant = if value == red {
        (green - blue) / chroma
    } else if value == green {
        2.0 + (blue - red) / chroma
    } else {
        4.0 + (red - green) / chroma
    };
    [5.0, 3.0, 1.0].map(|channel| {
        let distance = (channel + sextant + 6.0 * turn).rem_euclid(6.0);
        value - chroma * distance.min(4.0 - distance).clamp(0.0, 1.0)
    })
}
