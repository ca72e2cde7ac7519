use super::{AugmentError, Augmentation, Border, Draw, axis, probability};
use crate::spec::Shape;

/// Moves a sound, or any sequence, along its first axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeShift {
    /// The largest shift either way, as a share of the length.
    pub(super) share: f64,
    pub(super) border: Border,
}

impl Augmentation for TimeShift {
    fn name(&self) -> &'static str {
        "time_shift"
    }

    fn check(&self, shape: Shape) -> Result<(), AugmentError> {
        axis(self.name(), shape, 0)?;
        probability(self.name(), self.share)
    }

    fn apply(&self, shape: Shape, sample: &mut [f32], spare: &mut [f32], draw: &mut Draw) {
        let (time, step) = (shape.dim(0), shape.len_from(1));
        let most = (self.share * time as f64) as usize;
        let later = draw.below(2 * most + 1) as isize - most as isize;
        let source = &mut spare[..sample.len()];
        source.copy_from_slice(sample);
        for (t, values) in sample.chunks_exact_mut(step).enumerate() {
            match self.border.element(t as isize - later, time) {
                Some(from) => values.copy_from_slice(&source[from * step..][..step]),
                None => values.fill(0.0),
            }
        }
    }
}
