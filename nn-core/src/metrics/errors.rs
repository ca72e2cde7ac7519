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
        6
    }

    fn add(&self, _: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        for (output, target) in outputs.iter().zip(Y::Target::flatten(targets)) {
            let (target, error) = (target.wide(), output.wide() - target.wide());
            let ([high, low], [square_high, square_low]) = (halves(target), halves(target * target));
            let terms = [error * error, high, low, square_high, square_low, 1.0];
            sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
        }
    }

    fn finish(&self, sums: &[f64], _: f64) -> f64 {
        let &[errors, high, low, square_high, square_low, count] = sums else { return f64::NAN };
        // Around a number near the mean, Σ (t - c)² = Σ t² - 2 c Σ t + n c² loses no digits that count.
        let [center, _] = halves((high + low) / count);
        let [of_high, rest_high] = product(-2.0 * center, high);
        let [of_low, rest_low] = product(-2.0 * center, low);
        let [of_count, rest_count] = product(count, center * center);
        let around = total(&[square_high, of_high, of_count, square_low, of_low, rest_high, rest_low, rest_count]);
        let [all, rest] = product(-count, center);
        let beside = total(&[high, all, low, rest]) / count;
        let spread = around - count * beside * beside;
        // Less than what rounding leaves of equal targets.
        let is_none = spread <= (square_high + square_low) * 8.0 * f64::EPSILON;
        if is_none { f64::NAN } else { 1.0 - errors / spread }
    }
}

/// A number as 26 binary digits and the rest: many of the former are added up without rounding.
fn halves(number: f64) -> [f64; 2] {
    let high = f64::from_bits(number.to_bits() & !0x7ff_ffff);
    [high, number - high]
}

/// A product, and what rounding takes from it.
fn product(left: f64, right: f64) -> [f64; 2] {
    let product = left * right;
    [product, Float::mul_add(left, right, -product)]
}

/// A sum of terms that nearly cancel each other. A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
/// Summen" (1974).
fn total(terms: &[f64]) -> f64 {
    let (mut sum, mut lost) = (0.0, 0.0);
    for &term in terms {
        let next = sum + term;
        let (larger, smaller) = if Float::abs(sum) < Float::abs(term) { (term, sum) } else { (sum, term) };
        lost += (larger - next) + smaller;
        sum = next;
    }
    sum + lost
}
