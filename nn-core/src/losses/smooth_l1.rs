use super::pointwise::mean_of_elements;
use crate::OutOfRange;
use crate::network::OutputKind;

/// The smooth absolute error: for each element's error `e = y - t`, `e² / 2β` up to `|e| = β` and `|e| - β/2` beyond; then
/// the mean over the elements of a sample. It is [`Huber`](super::Huber)'s loss over `β`.
///
/// The gradient by `y_i` is `e_i / β` held to [-1, 1], over `n`. `β` is 1 by default. R. Girshick, "Fast R-CNN" (2015); as
/// PyTorch `SmoothL1Loss`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothL1 {
    /// The error from which on the loss is linear, `β`; above 0.
    pub beta: f64,
}

impl SmoothL1 {
    /// The loss that is linear from an error of `beta` on.
    pub const fn new(beta: f64) -> Self {
        Self { beta }
    }
}

impl Default for SmoothL1 {
    fn default() -> Self {
        Self::new(1.0)
    }
}

mean_of_elements! {
    impl OutputKind for SmoothL1 as "smooth absolute error", check |loss| OutOfRange::above_zero("beta", loss.beta),
    |loss, output, target| {
        let (beta, half) = (T::of(loss.beta), T::of(0.5));
        let error = output - target;
        let size = error.abs();
        if size > beta { [size - half * beta, error.signum()] } else { [half * error * error / beta, error / beta] }
    }
}
