use super::{Loss, NumberTarget, OutputGradient, pointwise};
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::Shape;

/// Mean squared error: `1/n Σ (y_i - t_i)²` over the `n` elements of a sample's output `y`, for its target `t`.
///
/// The gradient by `y_i` is `2 (y_i - t_i) / n`. As Keras `MeanSquaredError` and PyTorch `MSELoss`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Loss<T, K, Y> for MeanSquaredError {
    fn name(&self) -> &'static str {
        "mean squared error"
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
            [error * error, error + error]
        })
    }
}
