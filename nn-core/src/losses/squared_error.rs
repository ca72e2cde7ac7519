use super::pointwise::mean_of_elements;
use crate::network::OutputKind;

/// Mean squared error: `1/n Σ (y_i - t_i)²` over the `n` elements of a sample's output `y`, for its target `t`.
///
/// The gradient by `y_i` is `2 (y_i - t_i) / n`. As Keras `MeanSquaredError` and PyTorch `MSELoss`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

mean_of_elements! {
    impl OutputKind for MeanSquaredError as "mean squared error",
    |_loss, output, target| {
        let error = output - target;
        [error * error, error + error]
    }
}
