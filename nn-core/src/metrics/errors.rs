use alloc::string::String;

use num_traits::Float;

use super::Metric;
use crate::losses::{Loss, MeanAbsoluteError, MeanSquaredError, NumberTarget};
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::spec::Shape;

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Metric<T, K, Y> for MeanSquaredError {
    fn name(&self) -> String {
        Loss::<T, K, Y>::name(self).into()
    }

    fn tile(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>]) -> f64 {
        Loss::<T, K, Y>::tile(self, shape, outputs, targets, None)
    }
}

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Metric<T, K, Y> for MeanAbsoluteError {
    fn name(&self) -> String {
        Loss::<T, K, Y>::name(self).into()
    }

    fn tile(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>]) -> f64 {
        Loss::<T, K, Y>::tile(self, shape, outputs, targets, None)
    }
}

/// The root of the mean squared error over all samples. As Keras `RootMeanSquaredError`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RootMeanSquaredError;

impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Metric<T, K, Y> for RootMeanSquaredError {
    fn name(&self) -> String {
        "root mean squared error".into()
    }

    fn tile(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>]) -> f64 {
        Loss::<T, K, Y>::tile(&MeanSquaredError, shape, outputs, targets, None)
    }

    fn finish(&self, mean: f64) -> f64 {
        Float::sqrt(mean)
    }
}
