use super::{ExpectsProbabilities, Loss, NumberTarget, OutputGradient, rows};
use crate::OutOfRange;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::Shape;

/// One minus the Dice coefficient, the overlap of a segmentation with the truth:
/// `1 - (2 Σ y_i t_i + s) / (Σ y_i + Σ t_i + s)` over all elements of a sample, for probabilities `y` and targets `t` in
/// [0, 1].
///
/// With the numerator `a` and the denominator `b`, the gradient by `y_i` is `(a / b - 2 t_i) / b`. `s` is `1e-7` by default,
/// as in Keras `Dice`; a larger one is kinder to samples with little to find. F. Milletari et al., "V-Net" (2016), with plain
/// sums below the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dice {
    /// Added above and below the line, `s`; above 0.
    pub smooth: f64,
}

impl Dice {
    /// The loss with this number above and below the line.
    pub const fn new(smooth: f64) -> Self {
        Self { smooth }
    }
}

impl Default for Dice {
    fn default() -> Self {
        Self::new(1e-7)
    }
}

impl<T: Scalar, K: ExpectsProbabilities, Y: NumberTarget<T>> Loss<T, K, Y> for Dice {
    fn name(&self) -> &'static str {
        "Dice"
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::above_zero("smooth", self.smooth)
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let (smooth, width) = (T::of(self.smooth), shape.len().max(1));
        let targets = Y::Target::flatten(targets).chunks_exact(width);
        rows::samples(width, outputs, targets, gradient, |output, target, slopes| {
            let overlap: T = output.iter().zip(target).map(|(&y, &t)| y * t).sum();
            let whole = output.iter().copied().sum::<T>() + target.iter().copied().sum::<T>() + smooth;
            let coefficient = (overlap + overlap + smooth) / whole;
            if let Some((slopes, scale)) = slopes {
                for (slope, &t) in slopes.iter_mut().zip(target) {
                    *slope = scale * (coefficient - t - t) / whole;
                }
            }
            T::one() - coefficient
        })
    }
}
