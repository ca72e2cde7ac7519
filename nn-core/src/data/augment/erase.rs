use super::{AugmentError, Augmentation, Draw, image, probability};
use crate::spec::Shape;

/// The share of the image that is erased.
const AREAS: [f64; 2] = [0.02, 1.0 / 3.0];
/// The narrowest form, as width by height; the widest is one over this.
const NARROWEST: f64 = 0.3;
/// How many windows are tried until one fits into the image.
const TRIES: usize = 10;

/// Makes a window of an image zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Erase {
    pub(super) probability: f64,
}

impl Augmentation for Erase {
    fn name(&self) -> &'static str {
        "erase"
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        image(self.name(), shape)?;
        probability(self.name(), self.probability)
    }

    fn apply(&self, shape: Shape, sample: &mut [f32], _: &mut [f32], draw: &mut Draw) {
        if !draw.chance(self.probability) {
            return;
        }
        let (height, width, channels) = (shape.dim(0), shape.dim(1), shape.dim(2));
        for _ in 0..TRIES {
            let area = draw.between(AREAS[0], AREAS[1]) * (height * width) as f64;
            let form = draw.around_zero(-NARROWEST.ln()).exp();
            let [rows, columns] = [area / form, area * form].map(|square| square.sqrt().round() as usize);
            if rows == 0 || columns == 0 || rows > height || columns > width {
                continue;
            }
            let (top, left) = (draw.below(height - rows + 1), draw.below(width - columns + 1));
            for row in sample.chunks_exact_mut(width * channels).skip(top).take(rows) {
                row[left * channels..(left + columns) * channels].fill(0.0);
            }
            return;
        }
    }
}
