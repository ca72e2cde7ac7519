//! Metrics: what a user wants to know beside the loss.
//!
//! | metric | per sample | labels |
//! |---|---|---|
//! | [`Accuracy`] | whether the largest output is the right class | `Classes`, `OneHot` |
//! | [`TopK`] | whether the right class is among the `k` largest outputs | `Classes`, `OneHot` |
//! | [`BinaryAccuracy`] | the share of yes-or-no answers that are right | `OneHot`, `Values` |
//! | [`MeanSquaredError`](crate::losses::MeanSquaredError), [`MeanAbsoluteError`](crate::losses::MeanAbsoluteError) | as the losses | `OneHot`, `Values` |
//! | [`RootMeanSquaredError`] | the root of the mean square over all samples | `OneHot`, `Values` |
//!
//! For a network with several outputs, a metric says which it is about: `Accuracy.of::<0>()`.

mod accuracy;
mod binary_accuracy;
mod errors;
mod of;
mod set;

pub use accuracy::{Accuracy, TopK};
pub use binary_accuracy::{BinaryAccuracy, Threshold};
pub use errors::RootMeanSquaredError;
pub use of::Of;
pub use set::MetricSet;

use alloc::string::String;

use crate::data::Label;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// A number about a network's outputs of kind `K`, for labels of kind `Y`: a mean over samples.
///
/// Tiles give sums, sums are added, so that it streams over any number of samples and merges between threads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no metric for these outputs and labels",
    label = "expected a metric, such as `Accuracy`"
)]
pub trait Metric<T: Scalar, K: OutputKind, Y: Label>: Send + Sync {
    /// Its name in reports.
    fn name(&self) -> String;

    /// The sum over a tile's samples; arguments as for [`Loss::tile`](crate::losses::Loss::tile).
    fn tile(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>]) -> f64;

    /// The metric, from the mean over all samples: this mean, unless the metric is a function of it.
    fn finish(&self, mean: f64) -> f64 {
        mean
    }
}

#[cfg(test)]
mod tests;
