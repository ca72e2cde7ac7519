use super::{Loss, NumberTarget, OutputGradient, rows};
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::Shape;

/// How far a direction is off: `1 - y·t / (‖y‖ ‖t‖)` along the innermost axis, and the mean over the other axes. It is 0 for
/// equal directions, 1 for a right angle and 2 for opposite ones; each norm is taken as 1e-8 at least.
///
/// With `ŷ = y / ‖y‖` and `t̂ = t / ‖t‖`, the gradient by `y` is `((ŷ·t̂) ŷ - t̂) / ‖y‖`. As one minus PyTorch's
/// `CosineSimilarity`; Keras `CosineSimilarity` leaves out the one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CosineDistance;

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Loss<T, K, Y> for CosineDistance {
    fn name(&self) -> &'static str {
        "cosine distance"
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        rows::numbers(shape, outputs, Y::Target::flatten(targets), gradient, |output, target, slopes| {
            let [length, own] = [norm(output), norm(target)];
            let product: T = output.iter().zip(target).map(|(&y, &t)| y * t).sum();
            let cosine = product / (length * own);
            if let Some((slopes, scale)) = slopes {
                // Below the smallest norm it is a constant, and the cosine a line.
                let pull = if length > T::of(SMALLEST) { cosine / (length * length) } else { T::zero() };
                for ((slope, &y), &t) in slopes.iter_mut().zip(output).zip(target) {
                    *slope = scale * (pull * y - t / (length * own));
                }
            }
            T::one() - cosine
        })
    }
}

/// The smallest norm.
const SMALLEST: f64 = 1e-8;

fn norm<T: Scalar>(row: &[T]) -> T {
    let norm = row.iter().map(|&value| value * value).sum::<T>().sqrt();
    // Not `max`: that would drop a NaN.
    if norm < T::of(SMALLEST) { T::of(SMALLEST) } else { norm }
}
