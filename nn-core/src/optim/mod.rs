//! Optimisers: how a gradient moves the parameters.
//!
//! | optimiser | update | remembers |
//! |---|---|---|
//! | [`Sgd`] | `θ -= η g`, with momentum and Nesterov's correction if asked for | 0 or 1 |
//! | [`RmsProp`] | the gradient over the root of its running mean square | 1 or 2 |
//! | [`Adam`] | running mean of the gradient over the root of its running mean square | 2 |
//! | [`AdamW`] | Adam, with weights that shrink by themselves | 2 |
//!
//! Penalties and clipping change the gradient before any optimiser sees it: [`GradientRules`].

mod adam;
mod adam_w;
mod gradient_rules;
mod rms_prop;
mod schedule;
mod sgd;

pub use adam::Adam;
pub use adam_w::AdamW;
pub use gradient_rules::{GradientRules, sum_of_squares};
pub use rms_prop::RmsProp;
pub use schedule::Schedule;
pub use sgd::Sgd;

pub(crate) use {adam::AdamKernels, gradient_rules::GradientKernels, rms_prop::RmsPropKernels, sgd::SgdKernels};

use crate::OutOfRange;
use crate::scalar::Scalar;

/// What an update needs to know besides the gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Update {
    /// The number of this step, from 1 on.
    pub step: u64,
    /// What the learning rate is multiplied with at this step: 1 unless a [`Schedule`] says otherwise.
    pub rate: f64,
    /// Whether these parameters may shrink by themselves: weights do, biases and scales do not.
    pub decays: bool,
}

/// What an optimiser remembers from step to step, for the parameters that it is given: zeros before the first step.
///
/// Each slice is as long as the parameters, as far as [`Optimizer::moments`] asks for it; else it is empty.
#[derive(Debug)]
pub struct Moments<'m, T> {
    /// The first number of each parameter.
    pub first: &'m mut [T],
    /// The second number of each parameter.
    pub second: &'m mut [T],
}

/// How a gradient moves the parameters.
///
/// Every parameter moves by itself, so that the trainer may cut the parameters anywhere and update the pieces in any
/// order, on any thread.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no optimiser",
    label = "expected an optimiser, such as `Adam::default()`"
)]
pub trait Optimizer<T: Scalar>: Send + Sync {
    /// How many numbers it remembers for each parameter: 0, 1 or 2.
    fn moments(&self) -> usize;

    /// What is wrong with its settings, if anything.
    ///
    /// # Errors
    /// When a setting lies outside its range.
    fn check(&self) -> Result<(), OutOfRange> {
        Ok(())
    }

    /// Moves some parameters against their gradient, which is as long as they are.
    fn update(&self, update: Update, parameters: &mut [T], gradient: &[T], moments: Moments<'_, T>);
}

#[cfg(test)]
mod tests;
