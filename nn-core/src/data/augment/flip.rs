use super::{AugmentError, Augmentation, Draw, image, probability};
use crate::spec::Shape;

/// Mirrors an image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flip {
    pub(super) is_vertical: bool,
    pub(super) probability: f64,
}

impl Augmentation for Flip {
    fn name(&self) -> &'static str {
        if self.is_vertical { "flip_vertical" } else { "flip_horizontal" }
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        image(self.name(), shape)?;
        probability(self.name(), self.probability)
    }

    fn apply(&self, shape: Shape, sample: &mut [f32], _: &mut [f32], draw: &mut Draw) {
        if !draw.chance(self.probability) {
            return;
        }
        let row = shape.len_from(1);
        if self.is_vertical {
            swap_ends(sample, row);
        } else {
            sample.chunks_exact_mut(row).for_each(|row| swap_ends(row, shape.last()));
        }
    }
}

/// Turns the order of pieces of some length round.
fn swap_ends(pieces: &mut [f32], len: usize) {
    let (mut start, mut end) = (0, pieces.len());
    while start + len < end {
        let (left, right) = pieces[start..end].split_at_mut(end - start - len);
        left[..len].swap_with_slice(right);
        (start, end) = (start + len, end - len);
    }
}
