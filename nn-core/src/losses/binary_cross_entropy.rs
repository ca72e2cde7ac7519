use core::marker::PhantomData;

use super::pointwise::mean_of_elements;
use super::{ExpectsLogits, ExpectsProbabilities, NumberTarget};
use crate::OutOfRange;
use crate::network::{Probabilities, Scores};
use crate::scalar::Scalar;

/// Binary cross-entropy: the mean of `-w t_i ln p_i - (1 - t_i) ln(1 - p_i)` over the `n` elements of a sample, each an
/// independent yes-or-no answer with a target `t_i` in [0, 1]; `w` is 1 unless [`BinaryCrossEntropy::positive_weights`] says
/// otherwise. A target beyond them (by more than a thousandth) gives NaN.
///
/// [`BinaryCrossEntropy::new`] takes logits `x` with `p = σ(x)`, as `max(x, 0) - x t + ln(1 + exp(-|x|))`, which does not
/// overflow; its gradient by `x_i` is `(p_i - t_i) / n`. [`BinaryCrossEntropy::from_probabilities`] takes `p`, kept at least
/// `1e-7` away from 0 and 1; its gradient is `(p_i - t_i) / (p_i (1 - p_i)) / n`.
///
/// As Keras `BinaryCrossentropy` (`from_logits`) and PyTorch `BCEWithLogitsLoss` and `BCELoss`. At a clipped probability
/// the gradient keeps its value at the bound (Keras: 0), so that a saturated output can recover.
///
/// ```
/// use nn_core::losses::BinaryCrossEntropy;
///
/// // One answer in ten is yes: each counts nine times. Answers are not to be taken for certain.
/// let loss = BinaryCrossEntropy::new().positive_weights([9.0]).label_smoothing(0.02);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryCrossEntropy<From = Scores, const N: usize = 0> {
    /// The share of a target that becomes one half.
    smoothing: f64,
    /// What a yes counts: for each of the innermost axis, or one for all; all are 1 where there are none.
    positive: [f64; N],
    from: PhantomData<From>,
}

impl BinaryCrossEntropy {
    /// The loss of logits: for a network without a final `Sigmoid`.
    pub const fn new() -> Self {
        Self::PLAIN
    }
}

impl BinaryCrossEntropy<Probabilities> {
    /// The loss of probabilities: for a network that ends in `Sigmoid`.
    pub const fn from_probabilities() -> Self {
        Self::PLAIN
    }
}

impl<From> BinaryCrossEntropy<From> {
    const PLAIN: Self = Self { smoothing: 0.0, positive: [], from: PhantomData };
}

impl<From> Default for BinaryCrossEntropy<From> {
    fn default() -> Self {
        Self::PLAIN
    }
}

impl<From: Copy, const N: usize> BinaryCrossEntropy<From, N> {
    /// Draws targets towards one half: `t (1 - share) + share / 2`. In [0, 1). As Keras `label_smoothing`.
    #[must_use]
    pub const fn label_smoothing(mut self, share: f64) -> Self {
        self.smoothing = share;
        self
    }

    /// Weighs the answers whose target is yes: one weight for all, or one for each element along the innermost axis of the
    /// labels; the compiler sees to it that they fit. Above 1 they raise recall, below 1 precision. The mean is still that
    /// over all elements, as PyTorch's with `pos_weight`: the number of noes by that of yeses makes both count alike.
    ///
    /// ```
    /// # use nn_core::data::Values;
    /// # use nn_core::losses::{BinaryCrossEntropy, Loss};
    /// # use nn_core::network::Scores;
    /// # use nn_core::shapes::Features;
    /// let three: &dyn Loss<f32, Scores, Values<Features<3>>> = &BinaryCrossEntropy::new().positive_weights([2.0, 5.0, 1.0]);
    /// ```
    ///
    /// ```compile_fail,E0080
    /// use nn_core::data::Values;
    /// use nn_core::losses::{BinaryCrossEntropy, Loss};
    /// use nn_core::network::Scores;
    /// use nn_core::shapes::Features;
    ///
    /// let three: &dyn Loss<f32, Scores, Values<Features<3>>> = &BinaryCrossEntropy::new().positive_weights([2.0, 5.0]);
    /// ```
    #[must_use]
    pub const fn positive_weights<const WEIGHTS: usize>(
        self,
        weights: [f64; WEIGHTS],
    ) -> BinaryCrossEntropy<From, WEIGHTS> {
        BinaryCrossEntropy { smoothing: self.smoothing, positive: weights, from: PhantomData }
    }

    fn check_settings(&self) -> Result<(), OutOfRange> {
        OutOfRange::below_one("label_smoothing", self.smoothing)?;
        self.positive.iter().try_for_each(|&weight| OutOfRange::not_negative("positive_weights", weight))
    }

    /// A target, smoothed, and what a yes counts there.
    #[inline(always)]
    fn told<T: Scalar, Y: NumberTarget<T>>(&self, place: usize, target: T) -> [T; 2] {
        const {
            let fits = N <= 1 || N == Y::LAST;
            assert!(fits, "`positive_weights` needs one weight, or one for each element along the output's last axis");
        }
        let (target, [smoothing, half]) = (checked(target), [self.smoothing, 0.5].map(T::of));
        let weight = if N == 0 { T::one() } else { T::of(self.positive[place % N]) };
        [target + smoothing * (half - target), weight]
    }
}

/// NaN for a target that is no probability; rounding may have moved one a little beyond.
#[inline(always)]
pub(super) fn checked<T: Scalar>(target: T) -> T {
    let slack = T::of(1e-3);
    if target >= -slack && target <= T::one() + slack { target } else { T::nan() }
}

mean_of_elements! {
    impl [const N] ExpectsLogits for BinaryCrossEntropy<Scores, N> as "binary cross-entropy",
    check |loss| loss.check_settings(),
    |loss at place, logit, target| {
        let [target, weight] = loss.told::<T, Y>(place, target);
        if N == 0 {
            of_logit(logit, target)
        } else {
            let ([yes, yes_slope], [no, no_slope]) = (of_logit(logit, T::one()), of_logit(logit, T::zero()));
            let [yes_share, no_share] = [weight * target, T::one() - target];
            [yes_share * yes + no_share * no, yes_share * yes_slope + no_share * no_slope]
        }
    }
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
    impl [const N] ExpectsProbabilities for BinaryCrossEntropy<Probabilities, N> as "binary cross-entropy",
    check |loss| loss.check_settings(),
    |loss at place, probability, target| {
        let [target, weight] = loss.told::<T, Y>(place, target);
        let yes = num_traits::clamp(probability, T::of(1e-7), T::of(1.0 - 1e-7));
        let no = T::one() - yes;
        let (yes_share, no_share) = (weight * target, T::one() - target);
        [-yes_share * yes.ln() - no_share * no.ln(), (no_share * yes - yes_share * no) / (yes * no)]
    }
}
