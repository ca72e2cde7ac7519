//! What fits what, as traits: each has one way to fail, and says in its own words what is wrong and what helps.

use crate::data::{Classes, Label, OneHot, Values};
use crate::network::{LogProbabilities, OutputKind, Probabilities, Scores};
use crate::scalar::Scalar;
use crate::shapes::{Features, SampleShape};

/// Outputs that are logits.
#[diagnostic::on_unimplemented(
    message = "this loss expects logits, but the network ends in `{Self}`",
    label = "the loss and the network's last layer do not fit",
    note = "remove the final `Softmax` or `Sigmoid`, or use the loss's `from_probabilities()`",
    note = "for a network that ends in `LogSoftmax`: `CrossEntropy::from_log_probabilities()`"
)]
pub trait ExpectsLogits: OutputKind {}
impl ExpectsLogits for Scores {}

/// Outputs that are probabilities.
#[diagnostic::on_unimplemented(
    message = "this loss expects probabilities, but the network ends in `{Self}`",
    label = "the loss and the network's last layer do not fit",
    note = "use the loss's `new()`, which takes logits, or end the network with `Softmax` or `Sigmoid`"
)]
pub trait ExpectsProbabilities: OutputKind {}
impl ExpectsProbabilities for Probabilities {}

/// Outputs that are logarithms of probabilities.
#[diagnostic::on_unimplemented(
    message = "this loss expects logarithms of probabilities, but the network ends in `{Self}`",
    label = "the loss and the network's last layer do not fit",
    note = "use `CrossEntropy::new()`, which takes logits, or end the network with `LogSoftmax`"
)]
pub trait ExpectsLogProbabilities: OutputKind {}
impl ExpectsLogProbabilities for LogProbabilities {}

/// Labels that say how probable each class is.
#[diagnostic::on_unimplemented(
    message = "classes are needed here, but the data set has `{Self}`",
    label = "needs labels of `Classes<N>` or `OneHot<N>`",
    note = "compare numbers with `MeanSquaredError`, `MeanAbsoluteError` or `Huber`, yes-or-no answers with `BinaryCrossEntropy`"
)]
pub trait ClassTarget<T: Scalar>: Label {
    /// Calls `visit` with each class of one target that may have a probability above 0, and this probability.
    fn for_each_class(target: &[Self::Element<T>], visit: impl FnMut(usize, T));
}

impl<T: Scalar, const N: usize> ClassTarget<T> for Classes<N> {
    #[inline]
    fn for_each_class(target: &[u32], mut visit: impl FnMut(usize, T)) {
        target.iter().for_each(|&class| visit(class as usize, T::one()));
    }
}

impl<T: Scalar, const N: usize> ClassTarget<T> for OneHot<N> {
    #[inline]
    fn for_each_class(target: &[T], mut visit: impl FnMut(usize, T)) {
        target
            .iter()
            .enumerate()
            .filter(|(_, share)| **share != T::zero())
            .for_each(|(class, &share)| visit(class, share));
    }
}

/// Labels that are numbers, one for each element of an output.
#[diagnostic::on_unimplemented(
    message = "numbers are needed here, but the data set has `{Self}`",
    label = "needs labels of `Values<..>` or `OneHot<N>`",
    note = "use `CrossEntropy`, or a data set with `OneHot` labels"
)]
pub trait NumberTarget<T: Scalar>: Label<Element<T> = T> {}
impl<T: Scalar, const N: usize> NumberTarget<T> for OneHot<N> {}
impl<T: Scalar, S: SampleShape> NumberTarget<T> for Values<S> {}

/// Labels that fit a network's output of shape `Output`.
#[diagnostic::on_unimplemented(
    message = "the data set has `{Self}`, the network gives `{Output}`",
    label = "the labels do not fit the network's output",
    note = "`Classes<N>` and `OneHot<N>` fit an output of N scores, `Values<S>` fits an output of shape S"
)]
pub trait FitsOutput<Output: SampleShape>: Label {}
impl<const N: usize> FitsOutput<Features<N>> for Classes<N> {}
impl<const N: usize> FitsOutput<Features<N>> for OneHot<N> {}
impl<S: SampleShape> FitsOutput<S> for Values<S> {}

/// Samples that fit a network's input of shape `Input`: the same shape.
#[diagnostic::on_unimplemented(
    message = "the data set's samples are `{Self}`, the network takes `{Input}`",
    label = "the samples do not fit the network's input",
    note = "prepare the data in the network's shape, or change the network's input"
)]
pub trait FitsInput<Input: SampleShape>: SampleShape {}
impl<S: SampleShape> FitsInput<S> for S {}
