use alloc::format;
use alloc::string::String;

use super::{Metric, ratio};
use crate::OutOfRange;
use crate::losses::ClassTarget;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// The share of samples whose largest output is the right class; in sequences, that of all steps. What has a weight of 0 is
/// left out; other weights do not count.
///
/// Of equal outputs the first counts as the largest. The right class of a `OneHot` target is its first largest element.
/// An output that is not a number is never right. As Keras `SparseCategoricalAccuracy` and `CategoricalAccuracy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy;

impl<T: Scalar, K: OutputKind, Y: ClassTarget> Metric<T, K, Y> for Accuracy {
    fn name(&self) -> String {
        "accuracy".into()
    }

    fn sums(&self) -> usize {
        2
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        count_within::<T, Y>(1, shape, outputs, targets, sums);
    }

    fn finish(&self, sums: &[f64], _: f64) -> f64 {
        ratio(sums[0], sums[1])
    }
}

/// The share of samples whose right class is among the `k` largest outputs: `TopK(5)`.
///
/// Ties and numbers that are none are counted as by [`Accuracy`], which is `TopK(1)`. As Keras
/// `SparseTopKCategoricalAccuracy` and `TopKCategoricalAccuracy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopK(pub usize);

impl<T: Scalar, K: OutputKind, Y: ClassTarget> Metric<T, K, Y> for TopK {
    fn name(&self) -> String {
        format!("top-{} accuracy", self.0)
    }

    fn check(&self) -> Result<(), OutOfRange> {
        let is_there = self.0 > 0 && (Y::CLASSES == 0 || self.0 <= Y::CLASSES);
        OutOfRange::unless(is_there, "k of `TopK`", self.0 as f64, "from 1 to the number of classes")
    }

    fn sums(&self) -> usize {
        2
    }

    fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
        count_within::<T, Y>(self.0, shape, outputs, targets, sums);
    }

    fn finish(&self, sums: &[f64], _: f64) -> f64 {
        ratio(sums[0], sums[1])
    }
}

/// Counts the rows whose right class has fewer than `k` outputs in front of it, and all rows that have a right class.
fn count_within<T: Scalar, Y: ClassTarget>(
    k: usize,
    shape: Shape,
    outputs: &[T],
    targets: &[Y::Target<T>],
    sums: &mut [f64],
) {
    for_each_row::<T, Y>(shape, outputs, targets, |row, class| {
        sums[0] += f64::from(u8::from(rank(row, class) < k));
        sums[1] += 1.0;
    });
}

/// Calls `visit` with each row of outputs that has a right class, and with that class.
pub(super) fn for_each_row<T: Scalar, Y: ClassTarget>(
    shape: Shape,
    outputs: &[T],
    targets: &[Y::Target<T>],
    mut visit: impl FnMut(&[T], usize),
) {
    let (width, lines) = (shape.last().max(1), shape.rows().max(1));
    let targets = targets.iter().flat_map(|target| (0..lines).map(move |line| (target, line)));
    for (row, (target, line)) in outputs.chunks_exact(width).zip(targets) {
        if let Some(class) = right_class::<T, Y>(target, line) {
            visit(row, class);
        }
    }
}

/// The class with the largest share; none in a row that is masked.
pub(super) fn right_class<T: Scalar, Y: ClassTarget>(target: &Y::Target<T>, line: usize) -> Option<usize> {
    let (mut best, mut largest) = (None, T::zero());
    Y::for_each_class(target, line, |class, share| {
        if share > largest {
            (best, largest) = (Some(class), share);
        }
    });
    best
}

/// The class that a row finds: the first largest output; none where one is not a number.
pub(super) fn largest<T: Scalar>(row: &[T]) -> Option<usize> {
    if row.iter().any(|value| value.is_nan()) {
        return None;
    }
    (0..row.len()).reduce(|best, class| if row[class] > row[best] { class } else { best })
}

/// How many outputs are in front of a class; all of them, when its own is not a number.
fn rank<T: Scalar>(row: &[T], class: usize) -> usize {
    match row.get(class) {
        Some(own) if !own.is_nan() => {
            let earlier = row[..class].iter().filter(|&other| other >= own || other.is_nan()).count();
            let later = row[class + 1..].iter().filter(|&other| other > own || other.is_nan()).count();
            earlier + later
        }
        _ => row.len(),
    }
}
