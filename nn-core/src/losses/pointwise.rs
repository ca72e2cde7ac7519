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
    mean_by_place(shape, outputs, targets, gradient, |_, output, target| element(output, target))
}

/// As [`mean`], where it matters which element it is: `element` also gets its place in all of them.
pub(super) fn mean_by_place<T: Scalar>(
    shape: Shape,
    outputs: &[T],
    targets: &[T],
    gradient: Option<OutputGradient<'_, T>>,
    element: impl Fn(usize, T, T) -> [T; 2],
) -> f64 {
    let share = 1.0 / shape.len().max(1) as f64;
    let pairs = outputs.iter().zip(targets).enumerate();
    let mut sum = 0.0;
    match gradient {
        None => pairs.for_each(|(place, (&output, &target))| sum += element(place, output, target)[0].wide()),
        Some(OutputGradient { values, scale, .. }) => {
            let scale = scale * T::of(share);
            for ((place, (&output, &target)), slope) in pairs.zip(values) {
                let [value, derivative] = element(place, output, target);
                sum += value.wide();
                *slope = derivative * scale;
            }
        }
    }
    sum * share
}

/// Implements [`Loss`](super::Loss) for a mean over elements: the kind of outputs, the name, what is checked, and the value
/// and the derivative of one element in the scalar `T`.
macro_rules! mean_of_elements {
    (
        impl $kind:ident for $loss:ty as $name:literal
        $(, check |$checked:ident| $check:expr)?,
        |$this:ident, $output:ident, $target:ident| $element:expr
    ) => {
        impl<T, K, Y> $crate::losses::Loss<T, K, Y> for $loss
        where
            T: $crate::Scalar,
            K: $kind,
            Y: $crate::losses::NumberTarget<T>,
        {
            fn name(&self) -> &'static str {
                $name
            }

            $(fn check(&self) -> Result<(), $crate::OutOfRange> {
                let $checked = self;
                $check
            })?

            fn tile(
                &self,
                shape: $crate::spec::Shape,
                outputs: &[T],
                targets: &[Y::Target<T>],
                gradient: Option<$crate::losses::OutputGradient<'_, T>>,
            ) -> f64 {
                let $this = self;
                let targets = <Y::Target<T> as $crate::simd::Plain<T>>::flatten(targets);
                $crate::losses::pointwise::mean(shape, outputs, targets, gradient, |$output: T, $target: T| $element)
            }
        }
    };
}
pub(super) use mean_of_elements;
