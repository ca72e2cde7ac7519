use core::marker::PhantomData;

use super::{Label, LabelFault};
use crate::scalar::Scalar;

/// Targets of kind `Y` with a weight each: `(target, weight)`. A weight of 0 masks the target: it has no part in the loss, and
/// none in the mean over a batch.
///
/// `WithWeight<Classes<10>>` weighs samples; `Each<TIME, WithWeight<Classes<N>>>` masks steps of a padded sequence. Losses of
/// classes take such labels as they are; all others inside [`SampleWeighted`](crate::losses::SampleWeighted), and inside
/// [`PerStep`](crate::losses::PerStep) for steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WithWeight<Y>(PhantomData<Y>);

impl<Y: Label> Label for WithWeight<Y> {
    type Target<T: Scalar> = (Y::Target<T>, f32);

    #[inline(always)]
    fn convert<T: Scalar>(kept: &Self::Target<f32>, target: &mut Self::Target<T>) {
        Y::convert::<T>(&kept.0, &mut target.0);
        target.1 = kept.1;
    }

    fn check((target, weight): &Self::Target<f32>) -> Result<(), LabelFault> {
        if !(0.0..=f32::MAX).contains(weight) {
            return Err(LabelFault::Weight { found: *weight });
        }
        Y::check(target)
    }

    fn class(target: &Self::Target<f32>) -> usize {
        Y::class(&target.0)
    }

    const HAS_CLASSES: bool = Y::HAS_CLASSES;

    const BLENDS: bool = Y::BLENDS;

    fn blend<T: Scalar>(target: &mut Self::Target<T>, other: &Self::Target<T>, share: f64) {
        Y::blend::<T>(&mut target.0, &other.0, share);
        target.1 = (share * f64::from(target.1) + (1.0 - share) * f64::from(other.1)) as f32;
    }
}

/// One target of kind `Y` for all that a network gives, whatever its shape: what several outputs are to each other, as
/// `Together<Values<Features<1>>>` says whether a pair belongs together, or what a loss of one's own
/// ([`loss_fn`](crate::losses::loss_fn)) compares with an output of another shape: one number with a mean and a deviation, a
/// class and soft targets, `Together<(Classes<10>, OneHot<10>)>`, with the scores of a student.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Together<Y>(PhantomData<Y>);

impl<Y: Label> Label for Together<Y> {
    type Target<T: Scalar> = Y::Target<T>;

    #[inline(always)]
    fn convert<T: Scalar>(kept: &Self::Target<f32>, target: &mut Self::Target<T>) {
        Y::convert::<T>(kept, target);
    }

    fn check(target: &Self::Target<f32>) -> Result<(), LabelFault> {
        Y::check(target)
    }

    fn class(target: &Self::Target<f32>) -> usize {
        Y::class(target)
    }

    const HAS_CLASSES: bool = Y::HAS_CLASSES;

    const BLENDS: bool = Y::BLENDS;

    fn blend<T: Scalar>(target: &mut Self::Target<T>, other: &Self::Target<T>, share: f64) {
        Y::blend::<T>(target, other, share);
    }
}

/// No target: for a loss of outputs alone, such as [`Triplet`](crate::losses::Triplet).
impl Label for () {
    type Target<T: Scalar> = ();

    fn convert<T: Scalar>((): &(), (): &mut ()) {}

    fn check((): &()) -> Result<(), LabelFault> {
        Ok(())
    }

    fn class((): &()) -> usize {
        0
    }

    const BLENDS: bool = true;
}
