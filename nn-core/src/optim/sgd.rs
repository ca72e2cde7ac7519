use super::{Moments, Optimizer, Update};
use crate::OutOfRange;
use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

/// Stochastic gradient descent, with momentum if asked for.
///
/// Without momentum `θ -= η g`. With momentum `μ`: `v = μ v + g`, then `θ -= η v`, or with Nesterov's correction
/// `θ -= η (g + μ v)`.
///
/// `η` is 0.01 and `μ` is 0 by default, as in Keras `SGD`. Keras keeps `η` inside `v`, PyTorch's `SGD` does as this does:
/// they differ only when `η` changes on the way. Sutskever et al., "On the importance of initialization and momentum in
/// deep learning" (2013).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// The learning rate `η`; at least 0.
    pub learning_rate: f64,
    /// How much of the velocity stays from step to step, `μ`; in [0, 1).
    pub momentum: f64,
    /// Whether the gradient is taken as if the velocity had been followed already.
    pub nesterov: bool,
}

impl Sgd {
    /// Plain gradient descent.
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, momentum: 0.0, nesterov: false }
    }

    /// With momentum.
    #[must_use]
    pub const fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    /// With momentum and Nesterov's correction.
    #[must_use]
    pub const fn nesterov(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self.nesterov = true;
        self
    }
}

impl Default for Sgd {
    fn default() -> Self {
        Self::new(0.01)
    }
}

impl<T: Scalar> Optimizer<T> for Sgd {
    fn moments(&self) -> usize {
        usize::from(self.momentum != 0.0)
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("learning_rate", self.learning_rate)?;
        OutOfRange::below_one("momentum", self.momentum)
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let rate = T::of(self.learning_rate * update.rate);
        if self.momentum == 0.0 {
            descend(rate, parameters, gradient);
        } else {
            let step = if self.nesterov { look_ahead } else { roll };
            step(rate, T::of(self.momentum), parameters, gradient, moments.first);
        }
    }
}

kernels! {
    trait SgdKernels<T>;

    /// `θ -= η g`
    pub(crate) fn descend(rate: T, parameters: &mut [T], gradient: &[T]) = descend_body;
    /// `v = μ v + g`, then `θ -= η v`
    pub(crate) fn roll(rate: T, momentum: T, parameters: &mut [T], gradient: &[T], velocity: &mut [T]) = roll_body;
    /// `v = μ v + g`, then `θ -= η (g + μ v)`
    pub(crate) fn look_ahead(rate: T, momentum: T, parameters: &mut [T], gradient: &[T], velocity: &mut [T]) = look_ahead_body;
}

#[inline(always)]
fn descend_body<I: Isa, T: Scalar>(rate: T, parameters: &mut [T], gradient: &[T]) {
    for (parameter, &slope) in parameters.iter_mut().zip(gradient) {
        *parameter = I::mul_add(-rate, slope, *parameter);
    }
}

#[inline(always)]
fn roll_body<I: Isa, T: Scalar>(rate: T, momentum: T, parameters: &mut [T], gradient: &[T], velocity: &mut [T]) {
    for ((parameter, &slope), velocity) in parameters.iter_mut().zip(gradient).zip(velocity) {
        *velocity = I::mul_add(momentum, *velocity, slope);
        *parameter = I::mul_add(-rate, *velocity, *parameter);
    }
}

#[inline(always)]
fn look_ahead_body<I: Isa, T: Scalar>(rate: T, momentum: T, parameters: &mut [T], gradient: &[T], velocity: &mut [T]) {
    for ((parameter, &slope), velocity) in parameters.iter_mut().zip(gradient).zip(velocity) {
        *velocity = I::mul_add(momentum, *velocity, slope);
        *parameter = I::mul_add(-rate, I::mul_add(momentum, *velocity, slope), *parameter);
    }
}
