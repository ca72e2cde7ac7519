use core::marker::PhantomData;

use super::{ExpectsLogits, ExpectsProbabilities, Loss, NumberTarget, OutputGradient, pointwise};
use crate::network::{Probabilities, Scores};
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::Shape;

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

impl<T: Scalar, K: ExpectsLogits, Y: NumberTarget<T>> Loss<T, K, Y> for BinaryCrossEntropy<Scores> {
    fn name(&self) -> &'static str {
        "binary cross-entropy"
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        pointwise::mean(shape, outputs, Y::Target::flatten(targets), gradient, |logit, target| {
            let decay = (-logit.abs()).exp();
            let numerator = if logit < T::zero() { decay } else { T::one() };
            // Not `max(logit, 0)`: that would drop a NaN.
            let positive = if logit < T::zero() { T::zero() } else { logit };
            [positive - logit * target + decay.ln_1p(), numerator / (T::one() + decay) - target]
        })
    }
}

impl<T: Scalar, K: ExpectsProbabilities, Y: NumberTarget<T>> Loss<T, K, Y> for BinaryCrossEntropy<Probabilities> {
    fn name(&self) -> &'static str {
        "binary cross-entropy"
    }

    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64 {
        let (low, high) = (T::of(1e-7), T::of(1.0 - 1e-7));
        pointwise::mean(shape, outputs, Y::Target::flatten(targets), gradient, |probability, target| {
            let yes = num_traits::clamp(probability, low, high);
            let no = T::one() - yes;
            let value = -target * yes.ln() - (T::one() - target) * no.ln();
            [value, (yes - target) / (yes * no)]
        })
    }
}
