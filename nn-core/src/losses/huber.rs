use super::pointwise::mean_of_elements;
use crate::OutOfRange;
use crate::network::OutputKind;

/// The Huber loss: for each element's error `e = y - t`, `e²/2` up to `|e| = δ` and the tangent `δ (|e| - δ/2)` beyond,
/// so that outliers pull with a force of at most `δ`; then the mean over the elements of a sample.
///
/// The gradient by `y_i` is `e_i` held to `[-δ, δ]`, over `n`. `δ` is 1 by default. P. J. Huber, "Robust estimation of a
/// location parameter" (1964); as Keras `Huber` and PyTorch `HuberLoss`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    /// The error from which on the loss is linear; above 0.
    pub delta: f64,
}

impl Huber {
    /// The loss that is linear from an error of `delta` on.
    pub const fn new(delta: f64) -> Self {
        Self { delta }
    }
}

impl Default for Huber {
    fn default() -> Self {
        Self::new(1.0)
    }
}

mean_of_elements! {
    impl OutputKind for Huber as "Huber", check |loss| OutOfRange::above_zero("delta", loss.delta),
    |loss, output, target| {
        let (delta, half) = (T::of(loss.delta), T::of(0.5));
        let error = output - target;
        let size = error.abs();
        if size > delta {
            [delta * (size - half * delta), delta * error.signum()]
        } else {
            [half * error * error, error]
        }
    }
}
