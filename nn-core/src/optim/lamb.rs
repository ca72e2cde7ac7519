use num_traits::Float;

use super::{Moments, Optimizer, Update};
use crate::OutOfRange;
use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

/// LAMB: Adam for large batches, with steps as long as the tensor's own norm allows.
///
/// With `m̂`, `v̂` as for [`Adam`](super::Adam), corrected, and `r = m̂ / (√v̂ + ε) + λ θ`:
/// `θ -= η ‖θ‖ / ‖r‖ · r` with the norms of the whole tensor, and `θ -= η r` where one of them is 0. Biases, scales and shifts
/// do not shrink.
///
/// `η = 0.001`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-6`, `λ = 0.01` by default, as published (Keras `Lamb`: `ε = 1e-7`, `λ = 0`).
/// Y. You et al., "Large batch optimization for deep learning" (2020), algorithm 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lamb {
    /// The learning rate `η`; at least 0.
    pub learning_rate: f64,
    /// How much of the mean stays from step to step, `β₁`; in [0, 1).
    pub beta_1: f64,
    /// How much of the mean square stays from step to step, `β₂`; in [0, 1).
    pub beta_2: f64,
    /// Added to the root, `ε`; above 0.
    pub epsilon: f64,
    /// How fast weights shrink, `λ`; at least 0.
    pub weight_decay: f64,
}

impl Lamb {
    /// LAMB with this learning rate.
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-6, weight_decay: 0.01 }
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

    /// With another decay.
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = weight_decay;
        self
    }
}

impl Default for Lamb {
    fn default() -> Self {
        Self::new(0.001)
    }
}

impl<T: Scalar> Optimizer<T> for Lamb {
    fn moments(&self) -> usize {
        2
    }

    fn wants_whole_tensors(&self) -> bool {
        true
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("learning_rate", self.learning_rate)?;
        OutOfRange::below_one("beta_1", self.beta_1)?;
        OutOfRange::below_one("beta_2", self.beta_2)?;
        OutOfRange::above_zero("epsilon", self.epsilon)?;
        OutOfRange::not_negative("weight_decay", self.weight_decay)
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let correction = |beta: f64| 1.0 - Float::powf(beta, update.step as f64);
        let rule = Rule {
            mean: T::of(1.0 / correction(self.beta_1)),
            root: T::of(1.0 / Float::sqrt(correction(self.beta_2))),
            epsilon: T::of(self.epsilon),
            decay: T::of(if update.decays { self.weight_decay } else { 0.0 }),
        };
        let means = [self.beta_1, self.beta_2].map(|beta| [T::of(beta), T::of(1.0 - beta)]);
        let [own, length] = learn(rule, means, parameters, gradient, moments.first, moments.second).map(Float::sqrt);
        let trust = if own == 0.0 || length == 0.0 { 1.0 } else { own / length };
        let rate = T::of(self.learning_rate * update.rate * trust);
        follow(rule, rate, parameters, moments.first, moments.second);
    }
}

/// The constants of one step: `r = mean · m / (root · √v + ε) + decay · θ`.
#[derive(Clone, Copy, Debug)]
pub struct Rule<T> {
    mean: T,
    root: T,
    epsilon: T,
    decay: T,
}

impl<T: Scalar> Rule<T> {
    #[inline(always)]
    fn step<I: Isa>(self, parameter: T, mean: T, square: T) -> T {
        let divisor = I::mul_add(square.sqrt(), self.root, self.epsilon);
        I::mul_add(self.decay, parameter, self.mean * mean / divisor)
    }
}

kernels! {
    trait LambKernels<T>;

    /// Moves the moments; returns the sums of squares of the parameters and of the steps.
    pub(crate) fn learn(rule: Rule<T>, means: [[T; 2]; 2], parameters: &[T], gradient: &[T], first: &mut [T], second: &mut [T]) -> [f64; 2] = learn_body;
    /// `θ -= rate · r`
    pub(crate) fn follow(rule: Rule<T>, rate: T, parameters: &mut [T], first: &[T], second: &[T]) = follow_body;
}

#[inline(always)]
fn learn_body<I: Isa, T: Scalar>(
    rule: Rule<T>,
    means: [[T; 2]; 2],
    parameters: &[T],
    gradient: &[T],
    first: &mut [T],
    second: &mut [T],
) -> [f64; 2] {
    let [of_slope, of_square] = means;
    let (mut own, mut length) = (0.0, 0.0);
    let moments = first.iter_mut().zip(second);
    for ((&parameter, &slope), (mean, square)) in parameters.iter().zip(gradient).zip(moments) {
        *mean = I::mul_add(of_slope[0], *mean, of_slope[1] * slope);
        *square = I::mul_add(of_square[0], *square, of_square[1] * slope * slope);
        let step = rule.step::<I>(parameter, *mean, *square).wide();
        own = I::mul_add(parameter.wide(), parameter.wide(), own);
        length = I::mul_add(step, step, length);
    }
    [own, length]
}

#[inline(always)]
fn follow_body<I: Isa, T: Scalar>(rule: Rule<T>, rate: T, parameters: &mut [T], first: &[T], second: &[T]) {
    for (parameter, (&mean, &square)) in parameters.iter_mut().zip(first.iter().zip(second)) {
        *parameter = I::mul_add(-rate, rule.step::<I>(*parameter, mean, square), *parameter);
    }
}
