use super::{Callback, Moment};
use crate::scalar::Scalar;
use crate::train::TrainError;

/// Calls a closure after every step.
///
/// ```
/// use nn_core::train::callback::{Callback, Moment, OnStep};
///
/// let mut worst = 0.0f64;
/// let mut watch = OnStep(|moment: &mut Moment<'_, f32>| {
///     worst = worst.max(moment.loss);
///     Ok(())
/// });
/// let callback: &mut dyn Callback<f32> = &mut watch;
/// assert_eq!(callback.name(), "OnStep");
/// ```
#[derive(Clone, Debug)]
pub struct OnStep<F>(pub F);

/// Calls a closure after every epoch.
///
/// ```
/// use nn_core::train::callback::{Callback, Moment, OnEpoch};
///
/// let mut stop = OnEpoch(|moment: &mut Moment<'_, f32>| {
///     if moment.loss < 0.01 {
///         moment.stop();
///     }
///     Ok(())
/// });
/// let callback: &mut dyn Callback<f32> = &mut stop;
/// assert_eq!(callback.name(), "OnEpoch");
/// ```
#[derive(Clone, Debug)]
pub struct OnEpoch<F>(pub F);

impl<T: Scalar, F: FnMut(&mut Moment<'_, T>) -> Result<(), TrainError> + Send> Callback<T> for OnStep<F> {
    fn name(&self) -> &'static str {
        "OnStep"
    }

    fn after_step(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        (self.0)(moment)
    }
}

impl<T: Scalar, F: FnMut(&mut Moment<'_, T>) -> Result<(), TrainError> + Send> Callback<T> for OnEpoch<F> {
    fn name(&self) -> &'static str {
        "OnEpoch"
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        (self.0)(moment)
    }
}
