use super::pointwise::mean_of_elements;
use crate::network::OutputKind;

/// Mean absolute error: `1/n Σ |y_i - t_i|` over the `n` elements of a sample's output `y`, for its target `t`.
///
/// The gradient by `y_i` is `sign(y_i - t_i) / n`, and 0 where both are equal. As Keras `MeanAbsoluteError` and PyTorch
/// `L1Loss`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanAbsoluteError;

mean_of_elements! {
    impl OutputKind for MeanAbsoluteError as "mean absolute error",
    |_loss, output, target| {
        let error = output - target;
        // Not `signum`, which is 1 at 0; and NaN stays NaN.
        [error.abs(), if error == T::zero() { error } else { error.signum() }]
    }
}
