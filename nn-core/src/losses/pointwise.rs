use super::OutputGradient;
use crate::scalar::Scalar;
use crate::spec::Shape;

/// The loss that is a mean over the elements of an output: `element` gives the value and the derivative of one, by its place in
/// all outputs, the output and the target.
pub(super) fn mean<T: Scalar>(
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
/// and the derivative of one element in the scalar `T`, which may depend on its place and on the labels `Y`.
macro_rules! mean_of_elements {
    (
        impl $([const $N:ident])? $kind:ident for $loss:ty as $name:literal
        $(, check |$checked:ident| $check:expr)?,
        |$this:ident $(at $place:ident)?, $output:ident, $target:ident| $element:expr
    ) => {
        impl<T, K, Y $(, const $N: usize)?> $crate::losses::Loss<T, K, Y> for $loss
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
                $crate::losses::pointwise::mean(shape, outputs, targets, gradient, |_place, $output: T, $target: T| {
                    $(let $place = _place;)?
                    $element
                })
            }
        }
    };
}
pub(super) use mean_of_elements;
