//! What a sample's target is, as a type.

use core::marker::PhantomData;

use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::Plain;
use crate::spec::Shape;

/// The kind of target that each sample of a data set has: [`Classes`], [`OneHot`] or [`Values`].
pub trait Label: Send + Sync + 'static {
    /// The shape of one target; without axes for a class.
    const SHAPE: Shape;
    /// Elements a sample.
    const LEN: usize = Self::SHAPE.len();

    /// What a loss receives for a network of scalar `T`.
    type Element<T: Scalar>: Copy + Default + Send + Sync + core::fmt::Debug + 'static;
    /// What a data set keeps.
    type Stored: Copy + Default + PartialEq + Send + Sync + core::fmt::Debug + 'static;
    /// The target of one sample, as a user writes it.
    type Sample: Send + Sync + 'static;

    /// One sample's target as the [`Label::LEN`] elements that are kept.
    fn flatten(sample: &Self::Sample) -> &[Self::Stored];

    /// What a loss receives for a kept element.
    fn element<T: Scalar>(stored: Self::Stored) -> Self::Element<T>;

    /// What is wrong with one sample's kept elements.
    ///
    /// # Errors
    /// When a class is out of range, a value not finite, or probabilities do not add up to 1.
    fn check(target: &[Self::Stored]) -> Result<(), LabelFault>;

    /// The class of one sample, so that a split keeps the classes' shares; 0 where there are none.
    fn class(target: &[Self::Stored]) -> usize;
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

impl<const N: usize> Label for Classes<N> {
    const SHAPE: Shape = Shape::new(&[]);
    type Element<T: Scalar> = u32;
    type Stored = u32;
    type Sample = u32;

    fn flatten(sample: &u32) -> &[u32] {
        core::slice::from_ref(sample)
    }

    #[inline(always)]
    fn element<T: Scalar>(stored: u32) -> u32 {
        stored
    }

    fn check(target: &[u32]) -> Result<(), LabelFault> {
        match target.iter().find(|&&label| label as usize >= N) {
            Some(&label) => Err(LabelFault::OutOfRange { label, classes: N }),
            None => Ok(()),
        }
    }

    fn class(target: &[u32]) -> usize {
        target.first().map_or(0, |&label| label as usize)
    }
}

impl<const N: usize> Label for OneHot<N> {
    const SHAPE: Shape = Shape::new(&[N]);
    type Element<T: Scalar> = T;
    type Stored = f32;
    type Sample = [f32; N];

    fn flatten(sample: &[f32; N]) -> &[f32] {
        sample
    }

    #[inline(always)]
    fn element<T: Scalar>(stored: f32) -> T {
        T::of(stored.into())
    }

    fn check(target: &[f32]) -> Result<(), LabelFault> {
        all_finite(target)?;
        let sum: f32 = target.iter().sum();
        let smallest = target.iter().copied().fold(f32::INFINITY, f32::min);
        let fits = smallest >= 0.0 && (sum - 1.0).abs() <= 1e-3;
        if fits { Ok(()) } else { Err(LabelFault::NotProbabilities { smallest, sum }) }
    }

    fn class(target: &[f32]) -> usize {
        let largest = |best, class| if target[class] > target[best] { class } else { best };
        (0..target.len()).fold(0, largest)
    }
}

impl<S: SampleShape> Label for Values<S> {
    const SHAPE: Shape = S::SHAPE;
    type Element<T: Scalar> = T;
    type Stored = f32;
    type Sample = S::Array<f32>;

    fn flatten(sample: &S::Array<f32>) -> &[f32] {
        sample.as_slice()
    }

    #[inline(always)]
    fn element<T: Scalar>(stored: f32) -> T {
        T::of(stored.into())
    }

    fn check(target: &[f32]) -> Result<(), LabelFault> {
        all_finite(target)
    }

    fn class(_: &[f32]) -> usize {
        0
    }
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
    fn a_target_has_the_length_of_its_shape() {
        assert_eq!((Classes::<10>::LEN, OneHot::<10>::LEN, Values::<Features<3>>::LEN), (1, 10, 3));
    }

    #[test]
    fn bad_targets_are_refused_with_their_numbers() {
        assert_eq!(Classes::<3>::check(&[3]), Err(LabelFault::OutOfRange { label: 3, classes: 3 }));
        assert_eq!(Classes::<3>::check(&[2]), Ok(()));
        assert!(matches!(
            Values::<Features<2>>::check(&[0.0, f32::NAN]),
            Err(LabelFault::NotFinite { element: 1, .. })
        ));
        assert_eq!(OneHot::<2>::check(&[0.25, 0.75]), Ok(()));
        for wrong in [[0.5, 0.6], [-0.5, 1.5], [0.0, 0.0]] {
            assert!(matches!(OneHot::<2>::check(&wrong), Err(LabelFault::NotProbabilities { .. })), "{wrong:?}");
        }
    }

    #[test]
    fn the_class_of_probabilities_is_the_first_largest() {
        assert_eq!(OneHot::<3>::class(&[0.2, 0.4, 0.4]), 1);
    }
}
