use alloc::string::String;

use num_traits::Float;

use super::{Metric, ratio};
use crate::losses::{Loss, MeanAbsoluteError, MeanSquaredError, NumberTarget};
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::Shape;

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Metric<T, K, Y> for MeanSquaredError {
    fn name(&self) -> String {
        Loss::<T, K, Y>::name(self).into()
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        sums[0] += Loss::<T, K, Y>::tile(self, shape, outputs, targets, None);
    }
}

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Metric<T, K, Y> for MeanAbsoluteError {
    fn name(&self) -> String {
        Loss::<T, K, Y>::name(self).into()
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        sums[0] += Loss::<T, K, Y>::tile(self, shape, outputs, targets, None);
    }
}

/// The root of the mean squared error over all samples. As Keras `RootMeanSquaredError`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RootMeanSquaredError;

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Metric<T, K, Y> for RootMeanSquaredError {
    fn name(&self) -> String {
        "root mean squared error".into()
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        sums[0] += Loss::<T, K, Y>::tile(&MeanSquaredError, shape, outputs, targets, None);
    }

    fn finish(&self, sums: &[f64], samples: f64) -> f64 {
        Float::sqrt(ratio(sums[0], samples))
    }
}

/// The coefficient of determination, R²: `1 - Σ (y - t)² / Σ (t - t̄)²` over all elements of all samples together. It is 1 when
/// all are right, and 0 for their mean. NaN when all targets are equal, for which scikit-learn's `r2_score`, else the same of flat arrays, gives 0
/// or 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct R2;

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Metric<T, K, Y> for R2 {
    fn name(&self) -> String {
        "R²".into()
    }

    fn sums(&self) -> usize {
        4
    }

    fn add(&self, _: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        for (output, target) in outputs.iter().zip(Y::Target::flatten(targets)) {
            let (target, error) = (target.wide(), output.wide() - target.wide());
            let terms = [error * error, target, target * target, 1.0];
            sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
        }
    }

    fn finish(&self, sums: &[f64], _: f64) -> f64 {
        let spread = sums[2] - sums[1] * sums[1] / sums[3];
        // Less than what rounding leaves of equal targets.
        if spread <= sums[2] * 8.0 * f64::EPSILON { f64::NAN } else { 1.0 - sums[0] / spread }
    }
}
