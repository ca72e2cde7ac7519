use super::{Moments, Optimizer, Update};
use crate::OutOfRange;
use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

/// Lion: every parameter moves by the same amount, in the direction of the sign of a mean of gradients. It remembers half of
/// what Adam does.
///
/// `c = β₁ m + (1 - β₁) g`, `θ -= η (sign(c) + λ θ)`, then `m = β₂ m + (1 - β₂) g`. Biases, scales and shifts do not shrink.
///
/// `η = 1e-4`, `β₁ = 0.9`, `β₂ = 0.99`, `λ = 0` by default, as published; Keras `Lion` has `η = 0.001`. X. Chen et al.,
/// "Symbolic discovery of optimization algorithms" (2023), algorithm 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lion {
    /// The learning rate `η`: a third to a tenth of what suits Adam; at least 0.
    pub learning_rate: f64,
    /// How much the mean counts in a step, `β₁`; in [0, 1).
    pub beta_1: f64,
    /// How much of the mean stays from step to step, `β₂`; in [0, 1).
    pub beta_2: f64,
    /// How fast weights shrink, `λ`; at least 0.
    pub weight_decay: f64,
}

impl Lion {
    /// Lion with this learning rate.
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, beta_1: 0.9, beta_2: 0.99, weight_decay: 0.0 }
    }

    /// With other shares of the mean.
    #[must_use]
    pub const fn betas(mut self, beta_1: f64, beta_2: f64) -> Self {
        self.beta_1 = beta_1;
        self.beta_2 = beta_2;
        self
    }

    /// With weights that shrink.
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = weight_decay;
        self
    }
}

impl Default for Lion {
    fn default() -> Self {
        Self::new(1e-4)
    }
}

impl<T: Scalar> Optimizer<T> for Lion {
    fn moments(&self) -> usize {
        1
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("learning_rate", self.learning_rate)?;
        OutOfRange::below_one("beta_1", self.beta_1)?;
        OutOfRange::below_one("beta_2", self.beta_2)?;
        OutOfRange::not_negative("weight_decay", self.weight_decay)
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let rate = self.learning_rate * update.rate;
        let kept = if update.decays { 1.0 - rate * self.weight_decay } else { 1.0 };
        let [look, mean] = [self.beta_1, self.beta_2].map(|beta| [T::of(beta), T::of(1.0 - beta)]);
        follow_signs([T::of(rate), T::of(kept)], look, mean, parameters, gradient, moments.first);
    }
}

kernels! {
    trait LionKernels<T>;

    /// The update of Lion: the rate and what stays of a weight; of each mean, what stays and what is new.
    pub(crate) fn follow_signs(rate: [T; 2], look: [T; 2], mean: [T; 2], parameters: &mut [T], gradient: &[T], means: &mut [T]) = follow_signs_body;
}

#[inline(always)]
fn follow_signs_body<I: Isa, T: Scalar>(
    [rate, kept]: [T; 2],
    look: [T; 2],
    mean: [T; 2],
    parameters: &mut [T],
    gradient: &[T],
    means: &mut [T],
) {
    for ((parameter, &slope), running) in parameters.iter_mut().zip(gradient).zip(means) {
        let ahead = I::mul_add(look[0], *running, look[1] * slope);
        let sign = if ahead == T::zero() { T::zero() } else { ahead.signum() };
        *parameter = I::mul_add(kept, *parameter, -rate * sign);
        *running = I::mul_add(mean[0], *running, mean[1] * slope);
    }
}
