use core::any::Any;

use crate::data::{Dataset, Label};
use crate::shapes::SampleShape;

/// What is evaluated after each epoch of training on samples `X` with labels `Y`.
pub trait Validation<X: SampleShape, Y: Label>: Send + Sync {
    /// A data set of its own.
    fn data(&self) -> Option<&Dataset<X, Y>> {
        None
    }

    /// The share of the training set that is kept for validation.
    fn share(&self) -> Option<f64> {
        None
    }
}

/// No validation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoValidation;

/// A share of the training set, from 0 to below 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share(pub f64);

impl<X: SampleShape, Y: Label> Validation<X, Y> for NoValidation {}

impl<X: SampleShape, Y: Label> Validation<X, Y> for Share {
    fn share(&self) -> Option<f64> {
        Some(self.0)
    }
}

impl<X: SampleShape, Y: Label, A: SampleShape + SameAs<X>, B: Label + SameAs<Y>> Validation<X, Y> for &Dataset<A, B> {
    fn data(&self) -> Option<&Dataset<X, Y>> {
        (*self as &dyn Any).downcast_ref()
    }
}

/// Equal types.
#[diagnostic::on_unimplemented(
    message = "the validation set has `{Self}`, the training set has `{Other}`",
    label = "the validation set does not fit the training set",
    note = "validate on a data set of the same type, or use `validation_split`"
)]
pub trait SameAs<Other> {}

#[diagnostic::do_not_recommend]
impl<A> SameAs<A> for A {}

/// Nothing is ever the same as this. Without a second candidate, the compiler would take a validation set's type for the
/// training set's, and then find fault with everything else.
#[derive(Debug)]
pub struct Other<A>(core::marker::PhantomData<A>);

#[diagnostic::do_not_recommend]
impl<A> SameAs<Other<A>> for A {}
