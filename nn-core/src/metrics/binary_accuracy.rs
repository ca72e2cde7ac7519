use alloc::string::String;

use num_traits::Float;

use super::Metric;
use crate::losses::NumberTarget;
use crate::network::{Head, LogProbabilities, OutputKind, Probabilities, Scores};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::Plain;
use crate::spec::Shape;

/// Outputs that say yes above a number.
pub trait Threshold: OutputKind {
    /// The output that stands for a probability of one half.
    const HALF: f64;

    /// The logarithm of the odds that an output stands for: `ln(p / (1 - p))`.
    fn logit(output: f64) -> f64;
}

impl Threshold for Scores {
    const HALF: f64 = 0.0;

    fn logit(output: f64) -> f64 {
        output
    }
}

impl Threshold for Probabilities {
    const HALF: f64 = 0.5;

    fn logit(output: f64) -> f64 {
        Float::ln(output) - Float::ln_1p(-output)
    }
}

impl Threshold for LogProbabilities {
    const HALF: f64 = -core::f64::consts::LN_2;

    fn logit(output: f64) -> f64 {
        output - Float::ln(-Float::exp_m1(output))
    }
}

impl<K: Threshold, S: SampleShape> Threshold for Head<K, S> {
    const HALF: f64 = K::HALF;

    fn logit(output: f64) -> f64 {
        K::logit(output)
    }
}

/// The share of yes-or-no answers that are right: an output says yes above 0 as a logit, above 0.5 as a probability; a
/// target says yes above 0.5. As Keras `BinaryAccuracy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BinaryAccuracy;

impl<T: Scalar, K: Threshold, Y: NumberTarget<T>> Metric<T, K, Y> for BinaryAccuracy {
    fn name(&self) -> String {
        "binary accuracy".into()
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        let right =
            |(output, target): &(&T, &T)| !output.is_nan() && (**output > T::of(K::HALF)) == (**target > T::of(0.5));
        let right = outputs.iter().zip(Y::Target::flatten(targets)).filter(right).count();
        sums[0] += right as f64 / shape.len().max(1) as f64;
    }
}

/// For each element, whether the answer is yes and whether the truth is; what is not a number says no.
pub(super) fn answers<T: Scalar, K: Threshold, Y: NumberTarget<T>>(
    outputs: &[T],
    targets: &[Y::Target<T>],
) -> impl Iterator<Item = [bool; 2]> {
    let pairs = outputs.iter().zip(Y::Target::flatten(targets));
    pairs.map(|(&output, &target)| [output > T::of(K::HALF), target > T::of(0.5)])
}
