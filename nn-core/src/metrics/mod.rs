//! Metrics: what a user wants to know beside the loss.
//!
//! | metric | per sample | labels |
//! |---|---|---|
//! | [`Precision`], [`Recall`], [`F1`], [`Iou`] | of a class, or all: hits among what was found, is there, or both | `Classes`, `OneHot` |
//! | [`BinaryPrecision`], [`BinaryRecall`], [`BinaryF1`] | the same of yes-or-no answers | `OneHot`, `Values` |
//! | [`RocAuc`], [`PrAuc`], [`EqualErrorRate`] | how well outputs tell yes from no, at any threshold | `OneHot`, `Values` |
//! | [`Confusion`] | Cohen's kappa, from which classes are taken for which | `Classes`, `OneHot` |
//! | [`RankingPrecision`], [`ReciprocalRank`] | how early what belongs to a query comes | `OneHot`, `Values` |
//! | [`Perplexity`] | the exponential of the mean cross-entropy | `Classes`, `OneHot` |
//! | [`Accuracy`] | whether the largest output is the right class | `Classes`, `OneHot` |
//! | [`TopK`] | whether the right class is among the `k` largest outputs | `Classes`, `OneHot` |
//! | [`BinaryAccuracy`] | the share of yes-or-no answers that are right | `OneHot`, `Values` |
//! | [`MeanSquaredError`](crate::losses::MeanSquaredError), [`MeanAbsoluteError`](crate::losses::MeanAbsoluteError) | as the losses | `OneHot`, `Values` |
//! | [`RootMeanSquaredError`] | the root of the mean square over all samples | `OneHot`, `Values` |
//! | [`R2`] | the share of the targets' variance that is explained | `OneHot`, `Values` |
//!
//! Two are about more than an output and a label, and so are fed by hand, sample by sample; they can be merged as well:
//! [`Bleu`] compares translations with references, [`MeanAveragePrecision`] boxes that were found with those that are there.
//!
//! | what counts | how |
//! |---|---|
//! | one of several outputs | `Accuracy.of::<0>()` |
//! | all classes but one, such as that of padding | `Accuracy.ignore::<0>()` |
//! | samples with a weight, labels [`WithWeight<Y>`](crate::data::WithWeight) | metrics of classes leave out those of weight 0; inside [`SampleWeighted`](crate::losses::SampleWeighted), any metric counts each by its weight |
//! | steps of a sequence, labels `Each<TIME, Y>` | metrics of classes and of numbers take them as they are; others, and those with weights, inside [`PerStep`](crate::losses::PerStep) |

mod accuracy;
mod binary_accuracy;
mod bleu;
mod class_scores;
mod confusion;
mod curves;
mod detection;
mod errors;
mod ignoring;
mod of;
mod perplexity;
mod ranking;
mod set;
mod weighted;

pub use accuracy::{Accuracy, TopK};
pub use binary_accuracy::{BinaryAccuracy, Threshold};
pub use bleu::Bleu;
pub use class_scores::{BinaryF1, BinaryPrecision, BinaryRecall, F1, Iou, Precision, Recall};
pub use confusion::Confusion;
#[cfg(feature = "plots")]
pub(crate) use confusion::largest_number;
pub use curves::{EqualErrorRate, PrAuc, RocAuc};
pub use detection::{Bounds, Detection, MeanAveragePrecision, OtherRules, Truth, overlap};
pub use errors::{R2, RootMeanSquaredError};
pub use ignoring::{Except, Ignoring};
pub use of::Of;
pub use perplexity::Perplexity;
pub use ranking::{RankingPrecision, ReciprocalRank};
pub use set::MetricSet;

use alloc::string::String;

use crate::OutOfRange;
use crate::data::Label;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// A number about a network's outputs of kind `K`, for labels of kind `Y`: a mean over samples, or made of some sums.
///
/// Tiles add to sums, and sums of several threads are added, so that it streams over any number of samples.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no metric for these outputs and labels",
    label = "expected a metric, such as `Accuracy`"
)]
pub trait Metric<T: Scalar, K: OutputKind, Y: Label>: Send + Sync {
    /// Its name in reports.
    fn name(&self) -> String;

    /// What is wrong with the metric's own arguments, if anything.
    ///
    /// # Errors
    /// When an argument lies outside its range.
    fn check(&self) -> Result<(), OutOfRange> {
        Ok(())
    }

    /// How many sums it needs: 1 for a mean.
    fn sums(&self) -> usize {
        1
    }

    /// Adds a tile's samples to the sums, as many as [`Metric::sums`] says; arguments as for
    /// [`Loss::tile`](crate::losses::Loss::tile). What a sample adds is multiplied by its weight inside
    /// [`SampleWeighted`](crate::losses::SampleWeighted).
    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]);

    /// The metric, from the sums over all samples: the mean of the first, unless the metric is something else. `samples` is
    /// their number, or the sum of their weights inside [`SampleWeighted`](crate::losses::SampleWeighted).
    fn finish(&self, sums: &[f64], samples: f64) -> f64 {
        ratio(sums[0], samples)
    }
}

/// Sees to it that a metric of `N` classes is asked about labels of as many. `Classes<0>` says nothing of them.
const fn check_classes<Y: crate::losses::ClassTarget, const N: usize>() {
    assert!(Y::CLASSES == 0 || N == Y::CLASSES, "a metric of N classes needs labels of N classes");
}

/// A part of a whole; 0 where there is nothing.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

#[cfg(test)]
mod tests;
