use super::{Moments, Optimizer, Update};
use crate::OutOfRange;
use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

/// Adagrad: each parameter's gradient is divided by the root of the sum of all its squares.
///
/// `s = s + g²`, then `θ -= η g / (√s + ε)`.
///
/// `η = 0.01`, `ε = 1e-10` by default, as in PyTorch `Adagrad`; Keras `Adagrad` has `η = 0.001`, starts from `s = 0.1` and
/// adds `ε = 1e-7` under the root. J. Duchi et al., "Adaptive subgradient methods" (2011).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adagrad {
    /// The learning rate `η`; at least 0.
    pub learning_rate: f64,
    /// Added to the root, `ε`; above 0.
    pub epsilon: f64,
}

impl Adagrad {
    /// Adagrad with this learning rate.
    pub const fn new(learning_rate: f64) -> Self {
        Self { learning_rate, epsilon: 1e-10 }
    }

    /// With another `ε`.
    #[must_use]
    pub const fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }
}

impl Default for Adagrad {
    fn default() -> Self {
        Self::new(0.01)
    }
}

impl<T: Scalar> Optimizer<T> for Adagrad {
    fn moments(&self) -> usize {
        1
    }

    fn check(&self) -> Result<(), OutOfRange> {
        OutOfRange::not_negative("learning_rate", self.learning_rate)?;
        OutOfRange::above_zero("epsilon", self.epsilon)
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let rate = T::of(self.learning_rate * update.rate);
        accumulate(rate, T::of(self.epsilon), parameters, gradient, moments.first);
    }
}

kernels! {
    trait AdagradKernels<T>;

    /// The update of Adagrad.
    pub(crate) fn accumulate(rate: T, epsilon: T, parameters: &mut [T], gradient: &[T], sums: &mut [T]) = accumulate_body;
}

#[inline(always)]
fn accumulate_body<I: Isa, T: Scalar>(rate: T, epsilon: T, parameters: &mut [T], gradient: &[T], sums: &mut [T]) {
    for ((parameter, &slope), sum) in parameters.iter_mut().zip(gradient).zip(sums) {
        *sum = I::mul_add(slope, slope, *sum);
        *parameter -= rate * slope / (sum.sqrt() + epsilon);
    }
}
