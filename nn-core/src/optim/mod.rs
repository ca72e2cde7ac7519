//! Optimisers: how a gradient moves the parameters.
//!
//! | optimiser | update | remembers |
//! |---|---|---|
//! | [`Sgd`] | `θ -= η g`, with momentum and Nesterov's correction if asked for | 0 or 1 |
//! | [`RmsProp`] | the gradient over the root of its running mean square | 1 or 2 |
//! | [`Adam`] | running mean of the gradient over the root of its running mean square | 2 |
//! | [`AdamW`] | Adam, with weights that shrink by themselves | 2 |
//! | [`Adamax`] | Adam, over the largest gradient so far | 2 |
//! | [`Nadam`] | Adam, with Nesterov's correction | 2 |
//! | [`Radam`] | Adam, careful while the mean square is little known | 2 |
//! | [`Adagrad`] | the gradient over the root of the sum of its squares | 1 |
//! | [`Adadelta`] | the gradient over the root of its mean square, times that of the steps | 2 |
//! | [`Lion`] | the sign of a mean of gradients | 1 |
//! | [`Lamb`] | Adam, each tensor's step as long as its norm allows | 2 |
//! | [`Muon`] | the momentum of each matrix, made orthogonal | 2 |
//!
//! [`Lbfgs`] evaluates the loss several times a step, so it is driven otherwise: by a
//! [`Minimizer`](crate::train::Minimizer). Any optimiser can look for flat valleys with
//! [`Trainer::sharpness_aware`](crate::train::Trainer::sharpness_aware).
//!
//! Penalties and clipping change the gradient before any optimiser sees it: [`GradientRules`].

mod adadelta;
mod adagrad;
mod adam;
mod adam_family;
mod adam_w;
mod gradient_rules;
mod lamb;
#[cfg(feature = "alloc")]
mod lbfgs;
mod lion;
#[cfg(feature = "alloc")]
mod muon;
mod rms_prop;
mod schedule;
mod sgd;

pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adam_family::{Adamax, Nadam, Radam};
pub use adam_w::AdamW;
#[cfg(feature = "std")]
pub(crate) use gradient_rules::merge;
pub use gradient_rules::{GradientRules, sum_of_squares};
pub use lamb::Lamb;
#[cfg(feature = "alloc")]
pub use lbfgs::{Lbfgs, LbfgsMemory};
pub use lion::Lion;
#[cfg(feature = "alloc")]
pub use muon::Muon;
pub use rms_prop::RmsProp;
pub use schedule::Schedule;
pub use sgd::Sgd;

pub(crate) use {
    adadelta::AdadeltaKernels, adagrad::AdagradKernels, adam::AdamKernels, adam_family::AdamFamilyKernels,
    gradient_rules::GradientKernels, lamb::LambKernels, lion::LionKernels, rms_prop::RmsPropKernels, sgd::SgdKernels,
};

use crate::OutOfRange;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// What an update needs to know besides the gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Update {
    /// The number of this step, from 1 on.
    pub step: u64,
    /// What the learning rate is multiplied with at this step: 1 unless a [`Schedule`] says otherwise.
    pub rate: f64,
    /// Whether these parameters may shrink by themselves: weights do, biases and scales do not.
    pub decays: bool,
    /// The shape of the tensor that the parameters belong to.
    pub shape: Shape,
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
/// order, on any thread; or every tensor does, if the optimiser [wants them whole](Optimizer::wants_whole_tensors).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no optimiser",
    label = "expected an optimiser, such as `Adam::default()`",
    note = "`Lbfgs` evaluates the loss several times a step: drive it by `train::Minimizer`"
)]
pub trait Optimizer<T: Scalar>: Send + Sync {
    /// How many numbers it remembers for each parameter: 0, 1 or 2.
    fn moments(&self) -> usize;

    /// Whether each update must be given a whole tensor: for one that looks at more than a parameter at a time, such as at
    /// the tensor's norm.
    fn wants_whole_tensors(&self) -> bool {
        false
    }

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
