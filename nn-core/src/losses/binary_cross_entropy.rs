use core::marker::PhantomData;

use super::pointwise::mean_of_elements;
use super::{ExpectsLogits, ExpectsProbabilities};
use crate::network::{Probabilities, Scores};
use crate::scalar::Scalar;

/// Binary cross-entropy: the mean of `-t_i ln p_i - (1 - t_i) ln(1 - p_i)` over the `n` elements of a sample, each an
/// independent yes-or-no answer with a target `t_i` in [0, 1].
///
/// [`BinaryCrossEntropy::new`] takes logits `x` with `p = σ(x)`, as `max(x, 0) - x t + ln(1 + exp(-|x|))`, which does not
/// overflow; its gradient by `x_i` is `(p_i - t_i) / n`. [`BinaryCrossEntropy::from_probabilities`] takes `p`, kept at least
/// `1e-7` away from 0 and 1; its gradient is `(p_i - t_i) / (p_i (1 - p_i)) / n`.
///
/// As Keras `BinaryCrossentropy` (`from_logits`) and PyTorch `BCEWithLogitsLoss` and `BCELoss`. At a clipped probability
/// the gradient keeps its value at the bound (Keras: 0), so that a saturated output can recover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BinaryCrossEntropy<From = Scores>(PhantomData<From>);

impl BinaryCrossEntropy {
    /// The loss of logits: for a network without a final `Sigmoid`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl BinaryCrossEntropy<Probabilities> {
    /// The loss of probabilities: for a network that ends in `Sigmoid`.
    pub const fn from_probabilities() -> Self {
        Self(PhantomData)
    }
}

mean_of_elements! {
    impl ExpectsLogits for BinaryCrossEntropy<Scores> as "binary cross-entropy",
    |_loss, logit, target| of_logit(logit, target)
}

/// The binary cross-entropy of one logit, and its derivative.
pub(super) fn of_logit<T: Scalar>(logit: T, target: T) -> [T; 2] {
    let decay = (-logit.abs()).exp();
    let numerator = if logit < T::zero() { decay } else { T::one() };
    // Not `max(logit, 0)`: that would drop a NaN.
    let positive = if logit < T::zero() { T::zero() } else { logit };
    [positive - logit * target + decay.ln_1p(), numerator / (T::one() + decay) - target]
}

mean_of_elements! {
    impl ExpectsProbabilities for BinaryCrossEntropy<Probabilities> as "binary cross-entropy",
    |_loss, probability, target| {
        let yes = num_traits::clamp(probability, T::of(1e-7), T::of(1.0 - 1e-7));
        let no = T::one() - yes;
        let value = -target * yes.ln() - (T::one() - target) * no.ln();
        [value, (yes - target) / (yes * no)]
    }
}
