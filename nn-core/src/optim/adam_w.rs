use super::{Adam, Moments, Optimizer, Update};
use crate::OutOfRange;
use crate::scalar::Scalar;

/// AdamW: [`Adam`], and weights that shrink by themselves: `θ -= η λ θ` before each update.
///
/// Biases, scales and shifts do not shrink. `λ = 0.004` by default, as in Keras `AdamW` (PyTorch: 0.01, and it shrinks all
/// parameters unless told otherwise); the rest is as for [`Adam`]. I. Loshchilov and F. Hutter, "Decoupled weight decay
/// regularization" (2019), algorithm 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW {
    /// The update that follows.
    pub adam: Adam,
    /// How fast weights shrink, `λ`; at least 0.
    pub weight_decay: f64,
}

impl AdamW {
    /// AdamW with this learning rate.
    pub const fn new(learning_rate: f64) -> Self {
        Self { adam: Adam::new(learning_rate), weight_decay: 0.004 }
    }

    /// With another decay.
    #[must_use]
    pub const fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = weight_decay;
        self
    }

    /// With other shares of the two means that stay.
    #[must_use]
    pub const fn betas(mut self, beta_1: f64, beta_2: f64) -> Self {
        self.adam = self.adam.betas(beta_1, beta_2);
        self
    }

    /// With another `ε`.
    #[must_use]
    pub const fn epsilon(mut self, epsilon: f64) -> Self {
        self.adam = self.adam.epsilon(epsilon);
        self
    }
}

impl Default for AdamW {
    fn default() -> Self {
        Self::new(0.001)
    }
}

impl<T: Scalar> Optimizer<T> for AdamW {
    fn moments(&self) -> usize {
        2
    }

    fn check(&self) -> Result<(), OutOfRange> {
        self.adam.in_range()?;
        OutOfRange::not_negative("weight_decay", self.weight_decay)
    }

    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>) {
        let decay = if update.decays { self.adam.learning_rate * update.rate * self.weight_decay } else { 0.0 };
        self.adam.step(update, 1.0 - decay, parameters, gradient, moments);
    }
}
