//! Losses: one number for how far a network's outputs are from the targets, and its gradient.
//!
//! | loss | per sample | network's outputs | labels |
//! |---|---|---|---|
//! | [`CrossEntropy`] | `-Σ t ln p` | `Scores`; others by constructor | `Classes`, `OneHot` |
//! | [`BinaryCrossEntropy`] | mean of `-t ln p - (1 - t) ln(1 - p)` | `Scores`; others by constructor | `OneHot`, `Values` |
//! | [`MeanSquaredError`] | mean of `(y - t)²` | any | `OneHot`, `Values` |
//! | [`MeanAbsoluteError`] | mean of <code>\|y - t\|</code> | any | `OneHot`, `Values` |
//! | [`Huber`], [`SmoothL1`] | mean of a parabola that becomes a line | any | `OneHot`, `Values` |
//! | [`LogCosh`] | mean of `ln cosh(y - t)` | any | `OneHot`, `Values` |
//! | [`Quantile`] | mean of `q` or `1 - q` times the error | any | `OneHot`, `Values` |
//! | [`Poisson`] | mean of `exp(y) - t y` | any | `Values` |
//! | [`Hinge`], [`SquaredHinge`] | mean of `max(0, 1 - s y)`, or its square | any | `OneHot`, `Values` |
//! | [`CategoricalHinge`] | how far another class comes within 1 of the right one | any | `Classes`, `OneHot` |
//! | [`KlDivergence`] | `Σ t ln(t / p)` | `Scores`; others by constructor | `Classes`, `OneHot` |
//! | [`Focal`] | cross-entropy times `(1 - p)^γ` | `Scores` | `Classes`, `OneHot` |
//! | [`BinaryFocal`] | the same of yes-or-no answers | `Scores` | `OneHot`, `Values` |
//! | [`CosineDistance`] | `1 - cos(y, t)` | any | `OneHot`, `Values` |
//! | [`Dice`] | one minus the overlap of `y` and `t` | `Probabilities` | `OneHot`, `Values` |
//! | [`Ctc`] | `-ln` of the sum over all ways to spread symbols over steps | `Scores`; others by constructor | `Transcripts` |
//! | [`Triplet`] | `max(0, d(a, p) - d(a, n) + m)` | three of one shape | `()` |
//! | [`Contrastive`] | `d²` together, `max(0, m - d)²` apart | two of one shape | `Together<Values>` |
//! | [`MarginRanking`] | mean of `max(0, m - s (x - y))` | two of one shape | `Together<Values>` |
//! | [`InfoNce`] | which of a batch's first outputs belongs to which second one | two of one shape | `()` |
//! | [`NtXent`] | which views of a batch belong together | two of one shape | `()` |
//!
//! The last two compare samples with each other, and so see all of a batch at once.
//!
//! A loss of one's own is a closure, [`loss_fn`]; `LossLaws` hold it to its gradient. A network with several outputs takes a tuple of losses, one for each; the
//! total is their sum, [`Weighted`] as one likes:
//! `(CrossEntropy::new(), MeanSquaredError.weighted(0.5))`.
//!
//! The loss of a batch is the mean over its samples, as in Keras and in PyTorch with `reduction='mean'`. Samples, steps and
//! classes can have weights, 0 included: the mean is then that over what is kept, in the whole batch.
//!
//! | what counts | how |
//! |---|---|
//! | classes, in their own measure | [`CrossEntropy::class_weights`], [`CrossEntropy::ignore`] |
//! | answers that are yes | [`BinaryCrossEntropy::positive_weights`] |
//! | samples | labels [`WithWeight<Y>`](crate::data::WithWeight); losses of numbers inside [`SampleWeighted`] |
//! | steps of a sequence | labels `Each<TIME, WithWeight<Y>>`; losses of numbers inside [`PerStep`] |

mod absolute_error;
mod binary_cross_entropy;
mod categorical_hinge;
mod class_rule;
mod cosine;
mod cross_entropy;
mod ctc;
mod custom;
mod dice;
mod focal;
mod heads;
mod hinge;
mod huber;
#[cfg(feature = "alloc")]
mod info_nce;
mod kl_divergence;
#[cfg(feature = "alloc")]
mod laws;
mod log_cosh;
#[cfg(feature = "alloc")]
mod nt_xent;
mod pairing;
mod pointwise;
mod poisson;
mod quantile;
mod rows;
mod sample_weighted;
mod several;
#[cfg(feature = "alloc")]
mod similarity;
mod smooth_l1;
mod squared_error;
mod weighted;

pub use absolute_error::MeanAbsoluteError;
pub use binary_cross_entropy::BinaryCrossEntropy;
pub use categorical_hinge::CategoricalHinge;
pub use cosine::CosineDistance;
pub use cross_entropy::CrossEntropy;
pub use ctc::Ctc;
pub use custom::{LossFn, loss_fn};
pub use dice::Dice;
pub use focal::{BinaryFocal, Focal};
pub use heads::{Contrastive, MarginRanking, Triplet};
pub use hinge::{Hinge, SquaredHinge};
pub use huber::Huber;
#[cfg(feature = "alloc")]
pub use info_nce::InfoNce;
pub use kl_divergence::KlDivergence;
#[cfg(feature = "alloc")]
pub use laws::LossLaws;
pub use log_cosh::LogCosh;
#[cfg(feature = "alloc")]
pub use nt_xent::NtXent;
pub use pairing::{
    ClassTarget, ExpectsLogProbabilities, ExpectsLogits, ExpectsProbabilities, FitsInput, FitsOutput, FitsTranscripts,
    NumberTarget, ThreeAlike, TwoAlike,
};
pub use poisson::Poisson;
pub use quantile::Quantile;
#[cfg(feature = "std")]
pub(crate) use sample_weighted::step_of;
pub use sample_weighted::{PerStep, SampleWeighted};
pub use smooth_l1::SmoothL1;
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

    /// What to look at where a sample has no finite loss, though its outputs are finite: the words of an error.
    fn help(&self) -> &'static str {
        "look at its target: a class that does not exist and an answer beyond 0 and 1 have no loss; otherwise its outputs are too large"
    }

    /// What a sample counts in the mean over a batch: 1, or less where the loss leaves out some of it, or more. `target` is
    /// as the data set keeps it.
    ///
    /// The loss of a batch is the sum over its samples, divided by the sum of these weights, which is known before the
    /// batch is cut; nothing, where that sum is 0.
    fn weight(&self, target: &Y::Target<f32>) -> f64 {
        let _ = target;
        1.0
    }

    /// Whether it compares samples with each other, and so must see all of a batch at once: [`Loss::tile`] then gets the
    /// whole batch as one tile. The result still depends on nothing but the batch, in the order in which it came.
    fn wants_whole_batches(&self) -> bool {
        false
    }

    /// Scalars of scratch memory, [`OutputGradient::scratch`], for a gradient of so many samples at a time.
    fn scratch(&self, shape: Shape, samples: usize) -> usize {
        let _ = (shape, samples);
        0
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
    /// One over the sum of the weights of the batch's samples: over their number, for most losses.
    pub scale: T,
    /// Memory for the loss to use, of any content: as long as [`Loss::scratch`] asks for.
    pub scratch: &'g mut [T],
}

/// Checks a loss that another one hands samples one by one.
fn check_separable<T: Scalar, K: OutputKind, Y: Label>(loss: &impl Loss<T, K, Y>) -> Result<(), crate::OutOfRange> {
    const EXPECTED: &str = "a loss of single samples: one that compares samples stands alone, or times a factor";
    if loss.wants_whole_batches() {
        return Err(crate::OutOfRange { name: loss.name(), found: 1.0, expected: EXPECTED });
    }
    loss.check()
}

#[cfg(test)]
mod tests;
