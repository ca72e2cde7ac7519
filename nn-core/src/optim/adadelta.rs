use super::{Moments, Optimizer, Update};
use crate::OutOfRange;
use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

/// Adadelta: the gradient over the root of its running mean square, times that of the steps so far: steps have the
/// parameters' unit, and hardly need a learning rate.
///
/// `v = ρ v + (1 - ρ) g²`, `δ = √(u + ε) / √(v + ε) · g`, `u = ρ u + (1 - ρ) δ²`, then `θ -= η δ`.
///
/// `η = 1`, `ρ = 0.9`, `ε = 1e-6` by default, as in PyTorch `Adadelta`; Keras `Adadelta` has `η = 0.001`, `ρ = 0.95`,
/// `ε = 1e-7`. M. Zeiler, "ADADELTA: an adaptive learning rate method" (2012), algorithm 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adadelta {
    /// The learning rate `η`; at least 0.
    pub learning_rate: f64,
    /// How much of the mean squares stays from step to step, `ρ`; in [0, 1).
    pub rho: f64,
    /// Added under the roots, `ε`; above 0.
    pub epsilon: f64,
}

impl Adadelta {
    /// Adadelta with this learning rate.
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, rho: 0.9, epsilon: 1e-6 }
    }

    /// With another share of the mean squares that stays.
    #[must_use]
    pub const fn rho(mut self, rho: f64) -> Self {
        self.rho = rho;
        self
    }

    /// With another `ε`.
    #[must_use]
    pub const fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }
}

impl Default for Adadelta {
    fn default() -> Self {
        Self::new(1.0)
    }
}

impl<T: Scalar> Optimizer<T> for Adadelta {
    fn moments(&self) -> usize {
        2
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("learning_rate", self.learning_rate)?;
        OutOfRange::below_one("rho", self.rho)?;
        OutOfRange::above_zero("epsilon", self.epsilon)
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let means = [T::of(self.rho), T::of(1.0 - self.rho)];
        let rate = T::of(self.learning_rate * update.rate);
        balance(rate, means, T::of(self.epsilon), parameters, gradient, moments.first, moments.second);
    }
}

kernels! {
    trait AdadeltaKernels<T>;

    /// The update of Adadelta; of a mean, what stays and what is new.
    pub(crate) fn balance(rate: T, mean: [T; 2], epsilon: T, parameters: &mut [T], gradient: &[T], squares: &mut [T], steps: &mut [T]) = balance_body;
}

#[inline(always)]
fn balance_body<I: Isa, T: Scalar>(
    rate: T,
    mean: [T; 2],
    epsilon: T,
    parameters: &mut [T],
    gradient: &[T],
    squares: &mut [T],
    steps: &mut [T],
) {
    let moments = squares.iter_mut().zip(steps);
    for ((parameter, &slope), (square, step)) in parameters.iter_mut().zip(gradient).zip(moments) {
        *square = I::mul_add(mean[0], *square, mean[1] * slope * slope);
        let delta = ((*step + epsilon) / (*square + epsilon)).sqrt() * slope;
        *step = I::mul_add(mean[0], *step, mean[1] * delta * delta);
        *parameter = I::mul_add(-rate, delta, *parameter);
    }
}
