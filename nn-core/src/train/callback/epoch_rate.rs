use super::{Callback, Moment};
use crate::OutOfRange;
use crate::scalar::Scalar;
use crate::train::TrainError;

/// The learning rate as a function of the epoch, as PyTorch `LambdaLR`: it is multiplied with what the function gives for
/// the epoch's number, from 1 on. A [`Schedule`](crate::optim::Schedule) goes by the step, and holds as well.
///
/// ```
/// use nn_core::train::callback::EpochRate;
///
/// let halved = EpochRate::new(|epoch| 0.5f64.powi(epoch as i32 - 1));
/// ```
#[derive(Clone, Debug)]
pub struct EpochRate<F> {
    function: F,
    rate: f64,
}

impl<F: FnMut(usize) -> f64 + Send> EpochRate<F> {
    /// By this function: its values are finite and at least 0.
    pub fn new(function: F) -> Self {
        Self { function, rate: 1.0 }
    }

    fn set(&mut self, epoch: usize) -> Result<(), TrainError> {
        self.rate = (self.function)(epoch);
        Ok(OutOfRange::not_negative("EpochRate", self.rate)?)
    }
}

impl<T: Scalar, F: FnMut(usize) -> f64 + Send> Callback<T> for EpochRate<F> {
    fn name(&self) -> &'static str {
        "EpochRate"
    }

    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        self.set(moment.epoch)
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        self.set(moment.epoch)
    }

    fn rate(&self) -> f64 {
        self.rate
    }
}
