use super::{Moments, Optimizer, Update};
use crate::OutOfRange;
use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

/// RMSprop: each parameter's gradient is divided by the root of its running mean square.
///
/// `v = ρ v + (1 - ρ) g²`, then `θ -= η g / (√v + ε)`. With momentum `μ`: `b = μ b + g / (√v + ε)`, then `θ -= η b`.
///
/// `η = 0.001`, `ρ = 0.9`, `μ = 0`, `ε = 1e-7` by default, as in Keras `RMSprop`, which adds `ε` under the root. PyTorch's
/// `RMSprop` computes as this does, with the defaults `η = 0.01`, `ρ = 0.99` (`alpha`), `ε = 1e-8`. G. Hinton, "Neural
/// networks for machine learning", lecture 6e (2012).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// The learning rate `η`; at least 0.
    pub learning_rate: f64,
    /// How much of the mean square stays from step to step, `ρ`; in [0, 1).
    pub rho: f64,
    /// How much of the velocity stays from step to step, `μ`; in [0, 1).
    pub momentum: f64,
    /// Added to the root, `ε`; above 0.
    pub epsilon: f64,
}

impl RmsProp {
    /// RMSprop with this learning rate.
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, rho: 0.9, momentum: 0.0, epsilon: 1e-7 }
    }

    /// With another share of the mean square that stays.
    #[must_use]
    pub const fn rho(mut self, rho: f64) -> Self {
        self.rho = rho;
        self
    }

    /// With momentum.
    #[must_use]
    pub const fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    /// With another `ε`.
    #[must_use]
    pub const fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }
}

impl Default for RmsProp {
    fn default() -> Self {
        Self::new(0.001)
    }
}

impl<T: Scalar> Optimizer<T> for RmsProp {
    fn moments(&self) -> usize {
        if self.momentum == 0.0 { 1 } else { 2 }
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("learning_rate", self.learning_rate)?;
        OutOfRange::below_one("rho", self.rho)?;
        OutOfRange::below_one("momentum", self.momentum)?;
        OutOfRange::above_zero("epsilon", self.epsilon)
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let rule = Rule {
            rate: T::of(self.learning_rate * update.rate),
            rho: T::of(self.rho),
            fresh: T::of(1.0 - self.rho),
            epsilon: T::of(self.epsilon),
        };
        if self.momentum == 0.0 {
            descend(rule, parameters, gradient, moments.first);
        } else {
            roll(rule, T::of(self.momentum), parameters, gradient, moments.first, moments.second);
        }
    }
}

/// The constants of one step.
#[derive(Clone, Copy, Debug)]
pub struct Rule<T> {
    rate: T,
    rho: T,
    fresh: T,
    epsilon: T,
}

impl<T: Scalar> Rule<T> {
    /// The gradient over the root of its mean square.
    #[inline(always)]
    fn scaled<I: Isa>(self, slope: T, square: &mut T) -> T {
        *square = I::mul_add(self.rho, *square, self.fresh * slope * slope);
        slope / (square.sqrt() + self.epsilon)
    }
}

kernels! {
    trait RmsPropKernels<T>;

    /// The update without momentum.
    pub(crate) fn descend(rule: Rule<T>, parameters: &mut [T], gradient: &[T], squares: &mut [T]) = descend_body;
    /// The update with momentum.
    pub(crate) fn roll(rule: Rule<T>, momentum: T, parameters: &mut [T], gradient: &[T], squares: &mut [T], velocity: &mut [T]) = roll_body;
}

#[inline(always)]
fn descend_body<I: Isa, T: Scalar>(rule: Rule<T>, parameters: &mut [T], gradient: &[T], squares: &mut [T]) {
    for ((parameter, &slope), square) in parameters.iter_mut().zip(gradient).zip(squares) {
        *parameter = I::mul_add(-rule.rate, rule.scaled::<I>(slope, square), *parameter);
    }
}

#[inline(always)]
fn roll_body<I: Isa, T: Scalar>(
    rule: Rule<T>,
    momentum: T,
    parameters: &mut [T],
    gradient: &[T],
    squares: &mut [T],
    velocity: &mut [T],
) {
    let moments = squares.iter_mut().zip(velocity);
    for ((parameter, &slope), (square, velocity)) in parameters.iter_mut().zip(gradient).zip(moments) {
        *velocity = I::mul_add(momentum, *velocity, rule.scaled::<I>(slope, square));
        *parameter = I::mul_add(-rule.rate, *velocity, *parameter);
    }
}
