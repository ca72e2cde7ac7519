use num_traits::Float;

use super::{Moments, Optimizer, Update};
use crate::OutOfRange;
use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

/// Adam: a running mean of the gradient, divided by the root of a running mean of its square.
///
/// At step `t`: `m = β₁ m + (1 - β₁) g`, `v = β₂ v + (1 - β₂) g²`, then
/// `θ -= η · m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + ε)`.
///
/// `η = 0.001`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-7` by default, as in Keras `Adam`, which adds `ε` to `√v` before the
/// correction by `β₂ᵗ`. PyTorch's `Adam` computes as this does, with `ε = 1e-8`. D. P. Kingma and J. Ba, "Adam: a method
/// for stochastic optimization" (2015), algorithm 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// The learning rate `η`; at least 0.
    pub learning_rate: f64,
    /// How much of the mean stays from step to step, `β₁`; in [0, 1).
    pub beta_1: f64,
    /// How much of the mean square stays from step to step, `β₂`; in [0, 1).
    pub beta_2: f64,
    /// Added to the root, `ε`; above 0.
    pub epsilon: f64,
}

impl Adam {
    /// Adam with this learning rate.
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }
    }

    /// With other shares of the two means that stay.
    #[must_use]
    pub const fn betas(mut self, beta_1: f64, beta_2: f64) -> Self {
        self.beta_1 = beta_1;
        self.beta_2 = beta_2;
        self
    }

    /// With another `ε`.
    #[must_use]
    pub const fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }

    pub(super) fn in_range(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("learning_rate", self.learning_rate)?;
        OutOfRange::below_one("beta_1", self.beta_1)?;
        OutOfRange::below_one("beta_2", self.beta_2)?;
        OutOfRange::above_zero("epsilon", self.epsilon)
    }

    /// One update of weights that first shrink to `kept` of themselves.
    pub(super) fn step<T: Scalar>(
        &self,
        update: Update,
        kept: f64,
        parameters: &mut [T],
        gradient: &[T],
        moments: Moments<'_, T>,
    ) {
        let step = update.step as f64;
        let correction_1 = 1.0 - Float::powf(self.beta_1, step);
        let correction_2 = 1.0 - Float::powf(self.beta_2, step);
        let rule = Rule {
            rate: T::of(self.learning_rate * update.rate / correction_1),
            kept: T::of(kept),
            mean: [T::of(self.beta_1), T::of(1.0 - self.beta_1)],
            square: [T::of(self.beta_2), T::of(1.0 - self.beta_2)],
            root: T::of(1.0 / Float::sqrt(correction_2)),
            epsilon: T::of(self.epsilon),
        };
        adapt(rule, parameters, gradient, moments.first, moments.second);
    }
}

impl Default for Adam {
    fn default() -> Self {
        Self::new(0.001)
    }
}

impl<T: Scalar> Optimizer<T> for Adam {
    fn moments(&self) -> usize {
        2
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.in_range()
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        self.step(update, 1.0, parameters, gradient, moments);
    }
}

/// The constants of one step; of each pair, what stays and what is new.
#[derive(Clone, Copy, Debug)]
pub struct Rule<T> {
    rate: T,
    kept: T,
    mean: [T; 2],
    square: [T; 2],
    root: T,
    epsilon: T,
}

kernels! {
    trait AdamKernels<T>;

    /// The update of Adam, and of AdamW where `rule.kept` is below 1.
    pub(crate) fn adapt(rule: Rule<T>, parameters: &mut [T], gradient: &[T], means: &mut [T], squares: &mut [T]) = adapt_body;
}

#[inline(always)]
fn adapt_body<I: Isa, T: Scalar>(
    rule: Rule<T>,
    parameters: &mut [T],
    gradient: &[T],
    means: &mut [T],
    squares: &mut [T],
) {
    let moments = means.iter_mut().zip(squares);
    for ((parameter, &slope), (mean, square)) in parameters.iter_mut().zip(gradient).zip(moments) {
        *mean = I::mul_add(rule.mean[0], *mean, rule.mean[1] * slope);
        *square = I::mul_add(rule.square[0], *square, rule.square[1] * slope * slope);
        let divisor = I::mul_add(square.sqrt(), rule.root, rule.epsilon);
        *parameter = I::mul_add(rule.kept, *parameter, -rule.rate * *mean / divisor);
    }
}
