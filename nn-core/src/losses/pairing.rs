//! What fits what, as traits: each has one way to fail, and says in its own words what is wrong and what helps.

use crate::data::{Classes, Each, Label, OneHot, Together, Transcripts, Values, WithWeight};
use crate::network::{Head, LogProbabilities, OutputKind, Probabilities, Scores};
use crate::scalar::Scalar;
use crate::shapes::{Features, Image, SampleShape, Sequence};
use crate::simd::Plain;

/// Outputs that are logits.
#[diagnostic::on_unimplemented(
    message = "this loss expects logits, but the network ends in `{Self}`",
    label = "the loss and the network's last layer do not fit",
    note = "remove the final `Softmax` or `Sigmoid`, or use the loss's `from_probabilities()` where it has one",
    note = "for a network that ends in `LogSoftmax`: the loss's `from_log_probabilities()`",
    note = "for a network of several outputs: a tuple of losses, such as `(BinaryCrossEntropy::new(), CrossEntropy::new())`"
)]
pub trait ExpectsLogits: OutputKind {}
impl ExpectsLogits for Scores {}
impl<K: ExpectsLogits, S: SampleShape> ExpectsLogits for Head<K, S> {}

/// Outputs that are probabilities.
#[diagnostic::on_unimplemented(
    message = "this loss expects probabilities, but the network ends in `{Self}`",
    label = "the loss and the network's last layer do not fit",
    note = "end the network with `Softmax` or `Sigmoid`, or use a loss that takes logits, such as `CrossEntropy::new()` or `BinaryCrossEntropy::new()`"
)]
pub trait ExpectsProbabilities: OutputKind {}
impl ExpectsProbabilities for Probabilities {}
impl<K: ExpectsProbabilities, S: SampleShape> ExpectsProbabilities for Head<K, S> {}

/// Outputs that are logarithms of probabilities.
#[diagnostic::on_unimplemented(
    message = "this loss expects logarithms of probabilities, but the network ends in `{Self}`",
    label = "the loss and the network's last layer do not fit",
    note = "use `CrossEntropy::new()`, which takes logits, or end the network with `LogSoftmax`"
)]
pub trait ExpectsLogProbabilities: OutputKind {}
impl ExpectsLogProbabilities for LogProbabilities {}
impl<K: ExpectsLogProbabilities, S: SampleShape> ExpectsLogProbabilities for Head<K, S> {}

/// Two outputs of one shape, which the loss `Judge` compares with each other.
#[diagnostic::on_unimplemented(
    message = "`{Judge}` compares two outputs of one shape, but the network gives `{Self}`",
    label = "the loss expects two outputs of one shape, such as `-> (left: [32], right: [32])`",
    note = "the same layers for both: name them and apply them again, `(a -> side: Dense(32), b -> side)`"
)]
pub trait TwoAlike<Judge>: OutputKind {}
impl<Judge, A: OutputKind, B: OutputKind, S: SampleShape> TwoAlike<Judge> for (Head<A, S>, Head<B, S>) {}
// Fault is found with the whole output, not with its kind.
#[diagnostic::do_not_recommend]
impl<Judge, K: TwoAlike<Judge>, S: SampleShape> TwoAlike<Judge> for Head<K, S> {}

/// Three outputs of one shape, which the loss `Judge` compares with each other.
#[diagnostic::on_unimplemented(
    message = "`{Judge}` compares three outputs of one shape, but the network gives `{Self}`",
    label = "the loss expects three outputs of one shape, such as `-> (anchor: [32], like: [32], unlike: [32])`",
    note = "the same layers for all: name them and apply them again, `(a -> side: Dense(32), b -> side, c -> side)`"
)]
pub trait ThreeAlike<Judge>: OutputKind {}
impl<Judge, A: OutputKind, B: OutputKind, C: OutputKind, S: SampleShape> ThreeAlike<Judge>
    for (Head<A, S>, Head<B, S>, Head<C, S>)
{
}
#[diagnostic::do_not_recommend]
impl<Judge, K: ThreeAlike<Judge>, S: SampleShape> ThreeAlike<Judge> for Head<K, S> {}

/// Labels that say how probable each class is.
#[diagnostic::on_unimplemented(
    message = "classes are needed here, but the data set has `{Self}`",
    label = "needs labels of `Classes<N>` or `OneHot<N>`",
    note = "compare numbers with `MeanSquaredError`, `MeanAbsoluteError` or `Huber`, yes-or-no answers with `BinaryCrossEntropy`",
    note = "compare `Transcripts` with `Ctc`"
)]
pub trait ClassTarget: Label {
    /// How many rows of classes one target speaks of: one for each row of the output along its last axis.
    const ROWS: usize = 1;
    /// How many classes there are.
    const CLASSES: usize;

    /// Calls `visit` with each class that may have a probability above 0 in one row of a target, and this probability: times
    /// the target's weight, where it has one.
    fn for_each_class<T: Scalar>(target: &Self::Target<T>, row: usize, visit: impl FnMut(usize, T));
}

impl<const N: usize> ClassTarget for Classes<N> {
    const CLASSES: usize = N;

    #[inline]
    fn for_each_class<T: Scalar>(target: &u32, _: usize, mut visit: impl FnMut(usize, T)) {
        visit(*target as usize, T::one());
    }
}

impl<const N: usize> ClassTarget for OneHot<N> {
    const CLASSES: usize = N;

    #[inline]
    fn for_each_class<T: Scalar>(target: &[T; N], _: usize, mut visit: impl FnMut(usize, T)) {
        let shares = target.iter().enumerate().filter(|(_, share)| **share != T::zero());
        shares.for_each(|(class, &share)| visit(class, share));
    }
}

impl<const COUNT: usize, Y: ClassTarget> ClassTarget for Each<COUNT, Y> {
    const ROWS: usize = COUNT * Y::ROWS;
    const CLASSES: usize = Y::CLASSES;

    #[inline]
    fn for_each_class<T: Scalar>(target: &[Y::Target<T>; COUNT], row: usize, visit: impl FnMut(usize, T)) {
        if let Some(step) = target.get(row / Y::ROWS) {
            Y::for_each_class(step, row % Y::ROWS, visit);
        }
    }
}

impl<Y: ClassTarget> ClassTarget for WithWeight<Y> {
    const ROWS: usize = Y::ROWS;
    const CLASSES: usize = Y::CLASSES;

    #[inline]
    fn for_each_class<T: Scalar>((target, weight): &(Y::Target<T>, f32), row: usize, mut visit: impl FnMut(usize, T)) {
        let weight = T::of((*weight).into());
        if weight != T::zero() {
            Y::for_each_class(target, row, |class, share| visit(class, weight * share));
        }
    }
}

/// Labels that are numbers, one for each element of an output.
#[diagnostic::on_unimplemented(
    message = "numbers are needed here, but the data set has `{Self}`",
    label = "needs labels of `Values<..>` or `OneHot<N>`",
    note = "classes are compared by `CrossEntropy` and `Accuracy`, or kept as `OneHot<N>`",
    note = "a yes or no for `BinaryCrossEntropy` and its metrics is a number, 0.0 or 1.0: `Values<Features<1>>`",
    note = "`WithWeight<..>` is for `SampleWeighted(..)` around a loss or a metric, `Each<N, WithWeight<..>>` for `PerStep(SampleWeighted(..))`"
)]
pub trait NumberTarget<T: Scalar>: Label<Target<T>: Plain<T>> {
    /// How many numbers there are along the innermost axis.
    const LAST: usize;
}
impl<T: Scalar, const N: usize> NumberTarget<T> for OneHot<N> {
    const LAST: usize = N;
}
impl<T: Scalar, S: SampleShape> NumberTarget<T> for Values<S> {
    const LAST: usize = S::SHAPE.last();
}
impl<T: Scalar, const COUNT: usize, Y: NumberTarget<T>> NumberTarget<T> for Each<COUNT, Y> {
    const LAST: usize = Y::LAST;
}

/// Labels that fit a network's output of shape `Output` and kind `Kind`.
#[diagnostic::on_unimplemented(
    message = "the data set has `{Self}`, the network gives `{Output}`",
    label = "the labels do not fit the network's output",
    note = "`Classes<N>` and `OneHot<N>` fit an output of N scores, `Each<T, Classes<N>>` one of T steps with N scores each, `Values<S>` fits an output of shape S",
    note = "for a network of several outputs: a tuple of the labels that fit each, in their order",
    note = "for a loss of your own, labels of any other shape are `Together<..>`, such as `Together<Values<Features<1>>>`"
)]
pub trait FitsOutput<Output: SampleShape, Kind: OutputKind>: Label {}
impl<const N: usize, K: OutputKind> FitsOutput<Features<N>, K> for Classes<N> {}
impl<const N: usize, K: OutputKind> FitsOutput<Features<N>, K> for OneHot<N> {}
impl<S: SampleShape, K: OutputKind> FitsOutput<S, K> for Values<S> {}
impl<const N: usize, const LONGEST: usize, S: FitsTranscripts<N>, K: OutputKind> FitsOutput<S, K>
    for Transcripts<N, LONGEST>
{
}
#[diagnostic::do_not_recommend]
impl<S: SampleShape, K: OutputKind, Y: FitsOutput<S, K>> FitsOutput<S, K> for WithWeight<Y> {}
#[diagnostic::do_not_recommend]
impl<S: SampleShape, K: OutputKind, Y: Label> FitsOutput<S, K> for Together<Y> {}
#[diagnostic::do_not_recommend]
impl<S: SampleShape, K: OutputKind> FitsOutput<S, K> for () {}

#[diagnostic::do_not_recommend]
impl<const TIME: usize, const N: usize, K: OutputKind, Y> FitsOutput<Sequence<TIME, N>, K> for Each<TIME, Y> where
    Y: FitsOutput<Features<N>, K>
{
}

#[diagnostic::do_not_recommend]
impl<const HEIGHT: usize, const WIDTH: usize, const N: usize, K: OutputKind, Y> FitsOutput<Image<HEIGHT, WIDTH, N>, K>
    for Each<HEIGHT, Y>
where
    Y: FitsOutput<Sequence<WIDTH, N>, K>,
{
}

/// Outputs that transcripts of `N` symbols fit: `N` scores a step, in a sequence or in a picture of one row.
#[diagnostic::on_unimplemented(
    message = "`Ctc` reads scores step by step, but the network gives `{Self}`",
    label = "transcripts of N symbols expect an output of steps with N scores each: `[TIME, N]`",
    note = "end the network with a layer that works step by step, such as `Dense(N)` on a sequence without `Flatten`",
    note = "for one class a sample: `CrossEntropy` and labels of `Classes<N>`"
)]
pub trait FitsTranscripts<const N: usize>: SampleShape {}
// With one of these alone, the compiler would take every output for a sequence, and then find fault with that.
impl<const TIME: usize, const N: usize> FitsTranscripts<N> for Sequence<TIME, N> {}
impl<const TIME: usize, const N: usize> FitsTranscripts<N> for Image<1, TIME, N> {}

/// One label for each output, in order.
macro_rules! several_labels {
    ($(($($label:ident $kind:ident $shape:ident)+))*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Output, $($label, $kind, $shape),+> FitsOutput<Output, ($(Head<$kind, $shape>,)+)> for ($($label,)+)
        where
            Output: SampleShape,
            $($kind: OutputKind, $shape: SampleShape, $label: FitsOutput<$shape, $kind>),+
        {
        }
    )*};
}

several_labels! {
    (Y0 K0 S0 Y1 K1 S1)
    (Y0 K0 S0 Y1 K1 S1 Y2 K2 S2)
    (Y0 K0 S0 Y1 K1 S1 Y2 K2 S2 Y3 K3 S3)
    (Y0 K0 S0 Y1 K1 S1 Y2 K2 S2 Y3 K3 S3 Y4 K4 S4)
    (Y0 K0 S0 Y1 K1 S1 Y2 K2 S2 Y3 K3 S3 Y4 K4 S4 Y5 K5 S5)
}

/// Samples that fit a network's input of shape `Input`: the same shape.
#[diagnostic::on_unimplemented(
    message = "the data set's samples are `{Self}`, the network takes `{Input}`",
    label = "the samples do not fit the network's input",
    note = "prepare the data in the network's shape, or change the network's input"
)]
pub trait FitsInput<Input: SampleShape>: SampleShape {}
impl<S: SampleShape> FitsInput<S> for S {}
