use super::{Loss, NumberTarget, OutputGradient, pointwise};
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::Shape;

/// Mean absolute error: `1/n Σ |y_i - t_i|` over the `n` elements of a sample's output `y`, for its target `t`.
///
/// The gradient by `y_i` is `sign(y_i - t_i) / n`, and 0 where both are equal. As Keras `MeanAbsoluteError` and PyTorch
/// `L1Loss`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanAbsoluteError;

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Loss<T, K, Y> for MeanAbsoluteError {
    fn name(&self) -> &'static str {
        "mean absolute error"
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        pointwise::mean(shape, outputs, Y::Target::flatten(targets), gradient, |output, target| {
            let error = output - target;
            // Not `signum`, which is 1 at 0; and NaN stays NaN.
            [error.abs(), if error == T::zero() { error } else { error.signum() }]
        })
    }
}
