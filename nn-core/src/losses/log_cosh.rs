use super::pointwise::mean_of_elements;
use crate::network::OutputKind;

/// The logarithm of the hyperbolic cosine of the error `e = y - t`, and the mean over the elements of a sample: about `e²/2`
/// for small errors and `|e| - ln 2` for large ones.
///
/// Computed as `|e| + ln(1 + exp(-2 |e|)) - ln 2`, which does not overflow; the gradient by `y_i` is `tanh(e_i) / n`. As
/// Keras `LogCosh`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogCosh;

mean_of_elements! {
    impl OutputKind for LogCosh as "log-cosh",
    |_loss, output, target| {
        let error = output - target;
        let size = error.abs();
        let decay = (-(size + size)).exp();
        [size + decay.ln_1p() - T::of(core::f64::consts::LN_2), error.tanh()]
    }
}
