use super::pointwise::mean_of_elements;
use crate::OutOfRange;
use crate::network::OutputKind;

/// The quantile loss, also called pinball loss: `q (t - y)` where the output `y` is below its target `t`, `(1 - q) (y - t)`
/// where it is above; then the mean over the elements of a sample. It is lowest at the `q`-quantile of the targets.
///
/// The gradient by `y_i` is `-q / n` below, `(1 - q) / n` above, and 0 where both are equal. R. Koenker and G. Bassett,
/// "Regression quantiles" (1978).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// Which quantile: 0.5 for the median; in [0, 1).
    pub quantile: f64,
}

impl Quantile {
    /// The loss whose minimum is this quantile.
    pub const fn new(quantile: f64) -> Self {
        Self { quantile }
    }
}

mean_of_elements! {
    impl OutputKind for Quantile as "quantile loss", check |loss| OutOfRange::below_one("quantile", loss.quantile),
    |loss, output, target| {
        let error = output - target;
        let slope = T::of(if error < T::zero() { -loss.quantile } else { 1.0 - loss.quantile });
        [slope * error, if error == T::zero() { error } else { slope }]
    }
}
