use alloc::format;
use alloc::string::String;

use super::Metric;
use crate::losses::ClassTarget;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// The share of samples whose largest output is the right class; in sequences, the mean over the steps.
///
/// Of equal outputs the first counts as the largest. The right class of a `OneHot` target is its first largest element.
/// An output that is not a number is never right. As Keras `SparseCategoricalAccuracy` and `CategoricalAccuracy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy;

impl<T: Scalar, K: OutputKind, Y: ClassTarget> Metric<T, K, Y> for Accuracy {
    fn name(&self) -> String {
        "accuracy".into()
    }

    fn tile(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>]) -> f64 {
        share_within::<T, Y>(1, shape, outputs, targets)
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

    fn tile(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>]) -> f64 {
        share_within::<T, Y>(self.0, shape, outputs, targets)
    }
}

/// The sum over samples of the share of rows whose right class has fewer than `k` outputs in front of it.
fn share_within<T: Scalar, Y: ClassTarget>(k: usize, shape: Shape, outputs: &[T], targets: &[Y::Target<T>]) -> f64 {
    let (width, lines) = (shape.last().max(1), shape.rows().max(1));
    let targets = targets.iter().flat_map(|target| (0..lines).map(move |line| (target, line)));
    let rows = outputs.chunks_exact(width).zip(targets);
    let hits = rows.filter(|(row, (target, line))| rank(row, right_class::<T, Y>(target, *line)) < k).count();
    hits as f64 / lines as f64
}

fn right_class<T: Scalar, Y: ClassTarget>(target: &Y::Target<T>, line: usize) -> usize {
    let (mut best, mut largest) = (0, T::zero());
    Y::for_each_class(target, line, |class, share| {
        if share > largest {
            (best, largest) = (class, share);
        }
    });
    best
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
