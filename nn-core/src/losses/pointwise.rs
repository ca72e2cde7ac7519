use super::OutputGradient;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// The loss that is a mean over the elements of an output: `element` gives the value and the derivative of one.
pub(super) fn mean<T: Scalar>(
    shape: Shape,
    outputs: &[T],
    targets: &[T],
    gradient: Option<OutputGradient<'_, T>>,
    element: impl Fn(T, T) -> [T; 2],
) -> f64 {
    let share = 1.0 / shape.len().max(1) as f64;
    let pairs = outputs.iter().zip(targets);
    let mut sum = 0.0;
    match gradient {
        None => pairs.for_each(|(&output, &target)| sum += element(output, target)[0].wide()),
        Some(OutputGradient { values, scale }) => {
            let scale = scale * T::of(share);
            for ((&output, &target), slope) in pairs.zip(values) {
                let [value, derivative] = element(output, target);
                sum += value.wide();
                *slope = derivative * scale;
            }
        }
    }
    sum * share
}
