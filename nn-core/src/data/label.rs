//! What a sample's target is, as a type.

use core::marker::PhantomData;

use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::{Plain, Zeroable};

/// The kind of target that each sample of a data set has: [`Classes`], [`OneHot`], [`Values`], one for [`Each`] step, or a
/// tuple of up to six for a network with several outputs: `(Classes<10>, Values<Features<4>>)`.
pub trait Label: Send + Sync + 'static {
    /// The target of one sample: what a data set keeps and a user writes with `T = f32`, and what a loss receives for a
    /// network of scalar `T`.
    type Target<T: Scalar>: Copy + PartialEq + Zeroable + Send + Sync + core::fmt::Debug + 'static;

    /// Writes the kept target as a loss receives it.
    fn convert<T: Scalar>(kept: &Self::Target<f32>, target: &mut Self::Target<T>);

    /// What is wrong with one sample's target.
    ///
    /// # Errors
    /// When a class is out of range, a value not finite, or probabilities do not add up to 1.
    fn check(target: &Self::Target<f32>) -> Result<(), LabelFault>;

    /// The class of one sample, so that a split keeps the classes' shares; 0 where there are none.
    fn class(target: &Self::Target<f32>) -> usize;

    /// Whether samples have a class: whether [`Label::class`] tells any apart.
    const HAS_CLASSES: bool = false;

    /// Whether two targets can be blended: whether [`Label::blend`] does anything.
    const BLENDS: bool = false;

    /// Makes a target `share` of itself and `1 − share` of another one. Without effect unless [`Label::BLENDS`].
    fn blend<T: Scalar>(target: &mut Self::Target<T>, other: &Self::Target<T>, share: f64) {
        let _ = (target, other, share);
    }
}

/// What can be wrong with one sample's target.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelFault {
    /// A class number is too large.
    #[error("expected a class in 0..{classes}, found {label}")]
    OutOfRange {
        /// What was found.
        label: u32,
        /// How many classes there are.
        classes: usize,
    },
    /// A value is NaN or infinite.
    #[error("expected finite values, found {value} at element {element}")]
    NotFinite {
        /// What was found.
        value: f32,
        /// Its place in the target.
        element: usize,
    },
    /// Numbers that are no distribution over the classes.
    #[error("expected probabilities that add up to 1, found values from {smallest} on with the sum {sum}")]
    NotProbabilities {
        /// The smallest of them.
        smallest: f32,
        /// Their sum.
        sum: f32,
    },
    /// More symbols than a target has room for.
    #[error("expected at most {longest} symbols, found {symbols}")]
    TooLong {
        /// How many there are.
        symbols: usize,
        /// For how many there is room.
        longest: usize,
    },
    /// A weight below 0, or one that is not finite.
    #[error("expected a weight of at least 0, found {found}")]
    Weight {
        /// What was found.
        found: f32,
    },
}

/// Targets that name one of `N` classes: a number in `0..N` a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes<const N: usize>;

/// Targets that are a probability for each of `N` classes: one-hot, smoothed or soft.
///
/// Each sample's `N` numbers must lie in [0, 1] and add up to 1 (within 0.001). Independent yes-or-no targets are
/// [`Values<Features<N>>`](Values).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OneHot<const N: usize>;

/// Targets that are numbers of some shape: regression, reconstruction, several yes-or-no answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values<S: SampleShape>(PhantomData<S>);

/// Targets that are one of kind `Y` for each of `COUNT` steps (or rows, of `Each<WIDTH, ..>` again): the next word at each
/// place of a text, the class of each pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Each<const COUNT: usize, Y>(PhantomData<Y>);

impl<const N: usize> Label for Classes<N> {
    type Target<T: Scalar> = u32;

    #[inline(always)]
    fn convert<T: Scalar>(kept: &u32, target: &mut u32) {
        *target = *kept;
    }

    fn check(&label: &u32) -> Result<(), LabelFault> {
        if (label as usize) < N { Ok(()) } else { Err(LabelFault::OutOfRange { label, classes: N }) }
    }

    fn class(target: &u32) -> usize {
        *target as usize
    }

    const HAS_CLASSES: bool = true;
}

impl<const N: usize> Label for OneHot<N> {
    type Target<T: Scalar> = [T; N];

    #[inline(always)]
    fn convert<T: Scalar>(kept: &[f32; N], target: &mut [T; N]) {
        convert_scalars(kept, target);
    }

    fn check(target: &[f32; N]) -> Result<(), LabelFault> {
        all_finite(target)?;
        let sum: f32 = target.iter().sum();
        let smallest = target.iter().copied().fold(f32::INFINITY, f32::min);
        let fits = smallest >= 0.0 && (sum - 1.0).abs() <= 1e-3;
        if fits { Ok(()) } else { Err(LabelFault::NotProbabilities { smallest, sum }) }
    }

    fn class(target: &[f32; N]) -> usize {
        let largest = |best, class| if target[class] > target[best] { class } else { best };
        (0..N).fold(0, largest)
    }

    const HAS_CLASSES: bool = true;

    const BLENDS: bool = true;

    fn blend<T: Scalar>(target: &mut [T; N], other: &[T; N], share: f64) {
        blend_scalars(target, other, share);
    }
}

impl<S: SampleShape> Label for Values<S> {
    type Target<T: Scalar> = S::Array<T>;

    #[inline(always)]
    fn convert<T: Scalar>(kept: &S::Array<f32>, target: &mut S::Array<T>) {
        convert_scalars(kept.as_slice(), target.as_mut_slice());
    }

    fn check(target: &S::Array<f32>) -> Result<(), LabelFault> {
        all_finite(target.as_slice())
    }

    fn class(_: &S::Array<f32>) -> usize {
        0
    }

    const BLENDS: bool = true;

    fn blend<T: Scalar>(target: &mut S::Array<T>, other: &S::Array<T>, share: f64) {
        blend_scalars(target.as_mut_slice(), other.as_slice(), share);
    }
}

impl<const COUNT: usize, Y: Label> Label for Each<COUNT, Y> {
    type Target<T: Scalar> = [Y::Target<T>; COUNT];

    fn convert<T: Scalar>(kept: &[Y::Target<f32>; COUNT], target: &mut [Y::Target<T>; COUNT]) {
        kept.iter().zip(target).for_each(|(kept, target)| Y::convert::<T>(kept, target));
    }

    fn check(target: &[Y::Target<f32>; COUNT]) -> Result<(), LabelFault> {
        target.iter().try_for_each(Y::check)
    }

    fn class(_: &[Y::Target<f32>; COUNT]) -> usize {
        0
    }

    const BLENDS: bool = Y::BLENDS;

    fn blend<T: Scalar>(target: &mut [Y::Target<T>; COUNT], other: &[Y::Target<T>; COUNT], share: f64) {
        target.iter_mut().zip(other).for_each(|(target, other)| Y::blend::<T>(target, other, share));
    }
}

/// Tuples of labels, for networks with several outputs.
macro_rules! label_tuples {
    ($(($($label:ident $place:tt)+))*) => {$(
        impl<$($label: Label),+> Label for ($($label,)+) {
            type Target<T: Scalar> = ($($label::Target<T>,)+);

            #[inline(always)]
            fn convert<T: Scalar>(kept: &Self::Target<f32>, target: &mut Self::Target<T>) {
                $($label::convert::<T>(&kept.$place, &mut target.$place);)+
            }

            fn check(target: &Self::Target<f32>) -> Result<(), LabelFault> {
                $($label::check(&target.$place)?;)+
                Ok(())
            }

            /// Different for different classes, as far as a number can be.
            fn class(target: &Self::Target<f32>) -> usize {
                [$($label::class(&target.$place)),+].iter().fold(0, |all, class| all.wrapping_mul(65_599).wrapping_add(*class))
            }

            const HAS_CLASSES: bool = $($label::HAS_CLASSES)||+;

            const BLENDS: bool = $($label::BLENDS)&&+;

            fn blend<T: Scalar>(target: &mut Self::Target<T>, other: &Self::Target<T>, share: f64) {
                $($label::blend::<T>(&mut target.$place, &other.$place, share);)+
            }
        }
    )*};
}

label_tuples! {
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
}

#[inline(always)]
fn convert_scalars<T: Scalar>(kept: &[f32], target: &mut [T]) {
    kept.iter().zip(target).for_each(|(&kept, target)| *target = T::of(kept.into()));
}

fn blend_scalars<T: Scalar>(target: &mut [T], other: &[T], share: f64) {
    let [share, rest] = [share, 1.0 - share].map(T::of);
    target.iter_mut().zip(other).for_each(|(value, &other)| *value = share * *value + rest * other);
}

fn all_finite(target: &[f32]) -> Result<(), LabelFault> {
    match target.iter().position(|value| !value.is_finite()) {
        Some(element) => Err(LabelFault::NotFinite { value: target[element], element }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Features;

    #[test]
    fn bad_targets_are_refused_with_their_numbers() {
        assert_eq!(Classes::<3>::check(&3), Err(LabelFault::OutOfRange { label: 3, classes: 3 }));
        assert_eq!(Classes::<3>::check(&2), Ok(()));
        assert!(matches!(
            Values::<Features<2>>::check(&[0.0, f32::NAN]),
            Err(LabelFault::NotFinite { element: 1, .. })
        ));
        assert_eq!(OneHot::<2>::check(&[0.25, 0.75]), Ok(()));
        for wrong in [[0.5, 0.6], [-0.5, 1.5], [0.0, 0.0]] {
            assert!(matches!(OneHot::<2>::check(&wrong), Err(LabelFault::NotProbabilities { .. })), "{wrong:?}");
        }
        type Both = (Classes<2>, Each<2, Classes<3>>);
        assert_eq!(Both::check(&(1, [2, 0])), Ok(()));
        assert_eq!(Both::check(&(2, [0, 0])), Err(LabelFault::OutOfRange { label: 2, classes: 2 }));
        assert_eq!(Both::check(&(1, [0, 3])), Err(LabelFault::OutOfRange { label: 3, classes: 3 }));
    }

    #[test]
    fn the_class_of_probabilities_is_the_first_largest() {
        assert_eq!(OneHot::<3>::class(&[0.2, 0.4, 0.4]), 1);
    }

    #[test]
    fn the_class_of_several_targets_tells_all_of_them() {
        type Three = (Classes<2>, Values<Features<1>>, Classes<3>);
        let class = |first, second| Three::class(&(first, [0.5], second));
        assert_eq!(class(1, 2), class(1, 2));
        let all = [class(0, 0), class(0, 1), class(1, 0), class(1, 2)];
        assert!((0..4).all(|left| (0..left).all(|right| all[left] != all[right])));
    }

    #[test]
    fn targets_take_the_networks_scalar() {
        type Both = (Values<Features<2>>, Each<2, Classes<3>>);
        let mut target = ([0.0f64; 2], [0; 2]);
        Both::convert::<f64>(&([0.5, 2.0], [2, 1]), &mut target);
        assert_eq!(target, ([0.5, 2.0], [2, 1]));
    }
}
