use alloc::string::String;

use super::accuracy::for_each_row;
use super::{Metric, check_classes};
use crate::losses::ClassTarget;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Which of `N` classes are taken for which: its sums are the confusion matrix, a row for each true class and a column for
/// each found one, and the number that it reports is Cohen's kappa, `(p - e) / (1 - e)` with the share `p` of right answers
/// and the share `e` that chance would give: 1 for all right, 0 for what chance gives. All steps and pixels count; a row
/// without a right class, as one of weight 0, is left out.
///
/// [`ConfusionMatrix::measure`](crate::io::ConfusionMatrix::measure) makes a table and a picture of it. The class that is
/// found is that of the largest output, of equal ones the first; outputs that are no number are passed over. As
/// scikit-learn `confusion_matrix` and `cohen_kappa_score`; J. Cohen, "A coefficient of agreement for nominal scales"
/// (1960). Labels of another number of classes do not build:
///
/// ```compile_fail,E0080
/// use nn_core::data::Classes;
/// use nn_core::metrics::{Confusion, Metric};
/// use nn_core::network::Scores;
///
/// let of_five: &dyn Metric<f32, Scores, Classes<5>> = &Confusion::<3>;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion<const N: usize>;

impl<T: Scalar, K: OutputKind, Y: ClassTarget, const N: usize> Metric<T, K, Y> for Confusion<N> {
    fn name(&self) -> String {
        "kappa".into()
    }

    fn sums(&self) -> usize {
        N * N
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        const { check_classes::<Y, N>() };
        for_each_row::<T, Y>(shape, outputs, targets, |row, truth| {
            let found = largest_number(row);
            if truth < N && found < N {
                sums[truth * N + found] += 1.0;
            }
        });
    }

    fn finish(&self, sums: &[f64], _: f64) -> f64 {
        let all: f64 = sums.iter().sum();
        let right: f64 = sums.iter().step_by(N + 1).sum();
        let of_chance = |class: usize| {
            let truths: f64 = sums[class * N..(class + 1) * N].iter().sum();
            let found: f64 = sums[class..].iter().step_by(N).sum();
            truths * found / all
        };
        let chance: f64 = (0..N).map(of_chance).sum();
        if all == 0.0 || chance == all { 0.0 } else { (right - chance) / (all - chance) }
    }
}

/// The first of the largest outputs that are numbers; the first of all where none is.
pub(crate) fn largest_number<T: Scalar>(outputs: &[T]) -> usize {
    let better = |best: usize, class: usize| {
        let first_number = outputs[best].is_nan() && !outputs[class].is_nan();
        if first_number || outputs[class] > outputs[best] { class } else { best }
    };
    (0..outputs.len()).fold(0, better)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_passed_over() {
        let rows = [[f32::NAN, 1.0, 2.0], [1.0, f32::NAN, 1.0], [f32::NAN; 3]];
        assert_eq!(rows.map(|row| largest_number(&row)), [2, 0, 0]);
    }
}
