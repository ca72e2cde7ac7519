use super::{ClassTarget, OutputGradient};
use crate::scalar::Scalar;
use crate::spec::Shape;

/// Where a row's derivatives go, and what they are multiplied with; nothing where nobody asks.
pub(super) type Slopes<'s, T> = Option<(&'s mut [T], T)>;

/// A loss of rows of classes: the mean over the rows of a sample along its last axis. `row` gets the outputs, the target and
/// which of its rows this is.
pub(super) fn classes<T: Scalar, Y: ClassTarget>(
    shape: Shape,
    outputs: &[T],
    targets: &[Y::Target<T>],
    gradient: Option<OutputGradient<'_, T>>,
    row: impl Fn(&[T], &Y::Target<T>, usize, Slopes<'_, T>) -> T,
) -> f64 {
    let (width, lines) = (shape.last().max(1), shape.rows().max(1));
    let targets = targets.iter().flat_map(|target| (0..lines).map(move |line| (target, line)));
    let row = |outputs: &[T], (target, line): (&Y::Target<T>, usize), slopes: Slopes<'_, T>| {
        row(outputs, target, line, slopes)
    };
    each(width, lines, outputs, targets, gradient, row)
}

/// A loss of rows of numbers: the mean over the rows of a sample along its last axis. `row` gets outputs and targets.
pub(super) fn numbers<T: Scalar>(
    shape: Shape,
    outputs: &[T],
    targets: &[T],
    gradient: Option<OutputGradient<'_, T>>,
    row: impl Fn(&[T], &[T], Slopes<'_, T>) -> T,
) -> f64 {
    let width = shape.last().max(1);
    each(width, shape.rows().max(1), outputs, targets.chunks_exact(width), gradient, row)
}

/// A loss of whole samples of `width` scalars, each with an item of its own.
pub(super) fn samples<T: Scalar, Item>(
    width: usize,
    outputs: &[T],
    items: impl Iterator<Item = Item>,
    gradient: Option<OutputGradient<'_, T>>,
    sample: impl Fn(&[T], Item, Slopes<'_, T>) -> T,
) -> f64 {
    each(width.max(1), 1, outputs, items, gradient, sample)
}

fn each<T: Scalar, Item>(
    width: usize,
    lines: usize,
    outputs: &[T],
    items: impl Iterator<Item = Item>,
    gradient: Option<OutputGradient<'_, T>>,
    row: impl Fn(&[T], Item, Slopes<'_, T>) -> T,
) -> f64 {
    let share = 1.0 / lines as f64;
    let pairs = outputs.chunks_exact(width).zip(items);
    let mut sum = 0.0;
    match gradient {
        None => pairs.for_each(|(outputs, item)| sum += row(outputs, item, None).wide()),
        Some(OutputGradient { values, scale, .. }) => {
            let scale = scale * T::of(share);
            for ((outputs, item), slopes) in pairs.zip(values.chunks_exact_mut(width)) {
                sum += row(outputs, item, Some((slopes, scale))).wide();
            }
        }
    }
    sum * share
}

/// NaN beyond the last class: labels are checked where they enter, and a loss that is NaN refuses the step.
pub(super) fn at<T: Scalar>(row: &[T], class: usize) -> T {
    row.get(class).copied().unwrap_or_else(T::nan)
}

/// Adds to one class, if it exists.
pub(super) fn add<T: Scalar>(row: &mut [T], class: usize, term: T) {
    if let Some(value) = row.get_mut(class) {
        *value += term;
    }
}
