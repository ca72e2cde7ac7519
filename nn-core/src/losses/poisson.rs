use super::pointwise::mean_of_elements;
use crate::network::OutputKind;

/// The negative logarithm of a Poisson distribution's probability of the counts `t`, without the term that only depends on
/// them; then the mean over the elements of a sample.
///
/// | constructor | outputs | value | derivative |
/// |---|---|---|---|
/// | [`Poisson::new`] | logarithms `y` of rates | `exp(y) - t y` | `exp(y) - t` |
/// | [`Poisson::from_rates`] | rates `y`, at least 0 | `y - t ln(y + 1e-8)` | `1 - t / (y + 1e-8)` |
///
/// As PyTorch `PoissonNLLLoss` (`log_input`); Keras `Poisson` takes rates, and adds `1e-7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Poisson {
    /// Whether outputs are rates themselves.
    pub are_rates: bool,
}

impl Poisson {
    /// The loss of logarithms of rates: for a network without a final function.
    pub const fn new() -> Self {
        Self { are_rates: false }
    }

    /// The loss of rates: for a network that ends in `Softplus`, `Exp` or the like.
    pub const fn from_rates() -> Self {
        Self { are_rates: true }
    }
}

impl Default for Poisson {
    fn default() -> Self {
        Self::new()
    }
}

mean_of_elements! {
    impl OutputKind for Poisson as "Poisson",
    |loss, output, count| {
        if loss.are_rates {
            let rate = output + T::of(1e-8);
            [output - count * rate.ln(), T::one() - count / rate]
        } else {
            let rate = output.exp();
            [rate - count * output, rate - count]
        }
    }
}
