use alloc::string::String;

use super::{Metric, Threshold};
use crate::losses::NumberTarget;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::Shape;

/// Into how many bins answers are sorted.
const BINS: usize = 4096;

/// The bin of an answer with these log odds: narrow ones in the middle, where 1024 of them would share all probabilities evenly, and
/// wider ones, but never a last one, to both sides, so that rare and sure answers keep their order too.
fn bin(logit: f64) -> usize {
    const MIDDLE: f64 = 8.0;
    let place = if logit.is_infinite() { logit.signum() } else { logit / (MIDDLE + logit.abs()) };
    // What is no number is taken for the surest no.
    (((place + 1.0) * (BINS / 2) as f64) as usize).min(BINS - 1)
}

/// Sorts answers by their log odds: for each bin, how many are truly yes and how many no.
fn sort<T: Scalar, K: Threshold, Y: NumberTarget<T>>(outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
    for (output, target) in outputs.iter().zip(Y::Target::flatten(targets)) {
        sums[2 * bin(K::logit(output.wide())) + usize::from(*target <= T::of(0.5))] += 1.0;
    }
}

/// The numbers of right and of wrong yeses for each threshold, from above all bins down to below all.
fn thresholds(sums: &[f64]) -> impl Iterator<Item = [f64; 2]> {
    let start = [0.0; 2];
    let below = sums.as_chunks::<2>().0.iter().rev().scan(start, |total, bin| {
        *total = [total[0] + bin[0], total[1] + bin[1]];
        Some(*total)
    });
    core::iter::once(start).chain(below)
}

/// All yeses and all noes.
fn totals(sums: &[f64]) -> [f64; 2] {
    thresholds(sums).last().unwrap_or_default()
}

/// The area under the receiver operating characteristic: how probable it is that a random yes gets a higher output than a
/// random no.
fn roc_area(sums: &[f64]) -> f64 {
    let [yes, no] = totals(sums);
    let points = thresholds(sums).zip(thresholds(sums).skip(1));
    let area: f64 = points.map(|([low, left], [high, right])| (right - left) * (low + high) / 2.0).sum();
    area / (yes * no)
}

/// The average precision: the sum over thresholds of the precision times the recall that is gained.
fn pr_area(sums: &[f64]) -> f64 {
    let [yes, _] = totals(sums);
    let steps = thresholds(sums).zip(thresholds(sums).skip(1));
    let gained = steps.filter(|([before, _], [after, _])| after > before);
    gained.map(|([before, _], [right, wrong])| (right - before) * right / (right + wrong)).sum::<f64>() / yes
}

/// Where the shares of wrong yeses and of missed ones cross, on the line between the two thresholds around it.
fn equal_error(sums: &[f64]) -> f64 {
    let [yes, no] = totals(sums);
    let errors = |[right, wrong]: [f64; 2]| [wrong / no, 1.0 - right / yes];
    let mut before = errors([0.0; 2]);
    for [alarms, misses] in thresholds(sums).map(errors) {
        let (gap, earlier) = (alarms - misses, before[1] - before[0]);
        if gap >= 0.0 {
            let share = if gap + earlier > 0.0 { earlier / (gap + earlier) } else { 0.0 };
            return before[0] + share * (alarms - before[0]);
        }
        before = [alarms, misses];
    }
    f64::NAN
}

macro_rules! curves {
    ($($(#[$meta:meta])* $name:ident = $text:literal, $value:path;)*) => {$(
        $(#[$meta])*
        ///
        /// Outputs are sorted into 4096 bins of their log odds, so that it streams and merges in fixed memory; within a bin
        /// they count as equal. Bins are 0.004 wide in the middle, a thousandth of a probability, and grow to 0.02 at log odds of
        /// ±9 and 0.05 at ±20. A target above 0.5 is a yes. Without a single yes, or a single no, the value is NaN.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name;

        impl<T: Scalar, K: Threshold, Y: NumberTarget<T>> Metric<T, K, Y> for $name {
            fn name(&self) -> String {
                $text.into()
            }

            fn sums(&self) -> usize {
                2 * BINS
            }

            fn add(&self, _: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
                sort::<T, K, Y>(outputs, targets, sums);
            }

            fn finish(&self, sums: &[f64], _: f64) -> f64 {
                $value(sums)
            }
        }
    )*};
}

curves! {
    /// The area under the curve of right over wrong alarms: 1 when every yes stands above every no, 0.5 for guesses. As Keras
    /// `AUC`.
    RocAuc = "ROC AUC", roc_area;
    /// The area under the curve of precision over recall, as a sum of steps: scikit-learn's `average_precision_score`.
    PrAuc = "PR AUC", pr_area;
    /// The equal error rate: the share of wrong answers at the threshold where as large a share of the noes is taken for yes
    /// as of the yeses for no.
    EqualErrorRate = "equal error rate", equal_error;
}
