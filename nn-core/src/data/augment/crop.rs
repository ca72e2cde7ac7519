use super::{AugmentError, Augmentation, Border, Draw, image};
use crate::spec::Shape;

/// Cuts an image of its own size out of the image with a border around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crop {
    pub(super) padding: usize,
    pub(super) border: Border,
}

impl Augmentation for Crop {
    fn name(&self) -> &'static str {
        "crop"
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        image(self.name(), shape)
    }

    fn apply(&self, shape: Shape, sample: &mut [f32], spare: &mut [f32], draw: &mut Draw) {
        let mut start = || draw.below(2 * self.padding + 1) as isize - self.padding as isize;
        let (top, left) = (start(), start());
        if (top, left) == (0, 0) {
            return;
        }
        let source = &mut spare[..sample.len()];
        source.copy_from_slice(sample);
        let (height, width, channels) = (shape.dim(0), shape.dim(1), shape.dim(2));
        for (y, row) in sample.chunks_exact_mut(width * channels).enumerate() {
            let Some(line) = self.border.element(y as isize + top, height) else {
                row.fill(0.0);
                continue;
            };
            let line = &source[line * width * channels..][..width * channels];
            for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
                match self.border.element(x as isize + left, width) {
                    Some(column) => pixel.copy_from_slice(&line[column * channels..][..channels]),
                    None => pixel.fill(0.0),
                }
            }
        }
    }
}
