//! Losses: one number for how far a network's outputs are from the targets, and its gradient.
//!
//! | loss | per sample | network's outputs | labels |
//! |---|---|---|---|
//! | [`CrossEntropy`] | `-Σ t ln p` | `Scores`; others by constructor | `Classes`, `OneHot` |
//! | [`BinaryCrossEntropy`] | mean of `-t ln p - (1 - t) ln(1 - p)` | `Scores`; others by constructor | `OneHot`, `Values` |
//! | [`MeanSquaredError`] | mean of `(y - t)²` | any | `OneHot`, `Values` |
//! | [`MeanAbsoluteError`] | mean of <code>\|y - t\|</code> | any | `OneHot`, `Values` |
//! | [`Huber`] | mean of a parabola that becomes a line | any | `OneHot`, `Values` |
//!
//! A loss of one's own is a closure, [`loss_fn`]. A network with several outputs takes a tuple of losses, one for each; the
//! total is their sum, [`Weighted`] as one likes:
//! `(CrossEntropy::new(), MeanSquaredError.weighted(0.5))`.
//!
//! The loss of a batch is the mean over its samples, as in Keras and in PyTorch with `reduction='mean'`.

mod absolute_error;
mod binary_cross_entropy;
mod cross_entropy;
mod custom;
mod huber;
mod pairing;
mod pointwise;
mod several;
mod squared_error;
mod weighted;

pub use absolute_error::MeanAbsoluteError;
pub use binary_cross_entropy::BinaryCrossEntropy;
pub use cross_entropy::CrossEntropy;
pub use custom::{LossFn, loss_fn};
pub use huber::Huber;
pub use pairing::{
    ClassTarget, ExpectsLogProbabilities, ExpectsLogits, ExpectsProbabilities, FitsInput, FitsOutput, NumberTarget,
};
pub use squared_error::MeanSquaredError;
pub use weighted::Weighted;

use crate::data::Label;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// A loss for outputs of kind `K` and labels of kind `Y`. A trainer asks for `K =`
/// [`Head<Kind, Output>`](crate::network::Head) of the network.
///
/// A pairing that makes no sense, such as logits' cross-entropy behind a `Softmax`, is not implemented and does not
/// compile.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no loss for these outputs and labels",
    label = "expected a loss, such as `CrossEntropy::new()`"
)]
pub trait Loss<T: Scalar, K: OutputKind, Y: Label>: Send + Sync {
    /// Its name in reports.
    fn name(&self) -> &'static str;

    /// What is wrong with the loss's own arguments, if anything.
    ///
    /// # Errors
    /// When an argument lies outside its range.
    fn check(&self) -> Result<(), crate::OutOfRange> {
        Ok(())
    }

    /// The sum of the losses of a tile's samples and, when asked for, its gradient times a scale.
    ///
    /// `shape` is that of one output; `outputs` holds `shape.len()` scalars for each sample. A target that makes no sense,
    /// such as a class out of range, gives NaN.
    fn tile(
        &self,
        shape: Shape,
        outputs: &[T],
        targets: &[Y::Target<T>],
        gradient: Option<OutputGradient<'_, T>>,
    ) -> f64;
}

/// Where a loss writes its gradient.
#[derive(Debug)]
pub struct OutputGradient<'g, T> {
    /// Overwritten with the derivative of the loss by each output, times `scale`: as long as the outputs.
    pub values: &'g mut [T],
    /// One over the number of samples of the batch.
    pub scale: T,
}

#[cfg(test)]
mod tests;
