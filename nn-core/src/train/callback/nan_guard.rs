use alloc::vec;
use alloc::vec::Vec;

use super::{Callback, Moment, Trouble};
use crate::OutOfRange;
use crate::scalar::Scalar;
use crate::train::{CheckpointError, State, TrainError, Values};

/// Looks out for numbers that are not finite: goes back to the last epoch, or ends training.
///
/// Without it, a loss or gradient that is not finite ends training as well, and says where it begins. The guard also looks
/// at the weights and running statistics, before training and after each epoch, and names the tensor where they are not.
#[derive(Clone, Debug, PartialEq)]
pub struct NanGuard<T> {
    /// How often training may still go back.
    left: usize,
    chances: usize,
    factor: f64,
    rate: f64,
    /// Weights that are finite.
    kept: Vec<T>,
}

impl<T: Scalar> NanGuard<T> {
    /// Ends training with an error that names the tensor.
    pub fn new() -> Self {
        Self { left: 0, chances: 0, factor: 1.0, rate: 1.0, kept: Vec::new() }
    }

    /// Gives the network the weights that it had after the last epoch (or at the start), multiplies the learning rate with
    /// `factor`, from 0 to below 1, and goes on with the next batch; so many times at most.
    ///
    /// # Errors
    /// When the factor is out of range.
    pub fn restoring(times: usize, factor: f64) -> Result<Self, OutOfRange> {
        OutOfRange::below_one("factor", factor)?;
        Ok(Self { left: times, chances: times, factor, ..Self::new() })
    }

    /// How often it has gone back.
    pub fn restored(&self) -> usize {
        self.chances - self.left
    }

    /// Goes back if it may.
    fn restore(&mut self, moment: &mut Moment<'_, T>) -> bool {
        let can_restore = self.left > 0 && self.kept.len() == moment.weights.len();
        if can_restore {
            self.left -= 1;
            self.rate *= self.factor;
            moment.weights.copy_from_slice(&self.kept);
        }
        can_restore
    }

    fn keep(&mut self, moment: &Moment<'_, T>) {
        if self.chances > 0 {
            self.kept.clear();
            self.kept.extend_from_slice(moment.weights);
        }
    }
}

impl<T: Scalar> Default for NanGuard<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// The first tensor with weights that are not finite.
fn culprit<T: Scalar>(moment: &Moment<'_, T>) -> Option<TrainError> {
    let is_culprit =
        |range: &core::ops::Range<usize>| !moment.weights[range.clone()].iter().all(|weight| weight.is_finite());
    let tensor = moment.tensors.iter().find(|tensor| is_culprit(&tensor.range))?.name.clone();
    Some(TrainError::NotFiniteTensor { what: "value", tensor, epoch: moment.epoch, step: moment.step })
}

impl<T: Scalar> Callback<T> for NanGuard<T> {
    fn name(&self) -> &'static str {
        "NanGuard"
    }

    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if moment.is_new() {
            (self.left, self.rate) = (self.chances, 1.0);
            self.keep(moment);
        }
        culprit(moment).map_or(Ok(()), Err)
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        match culprit(moment) {
            None => self.keep(moment),
            Some(error) if !self.restore(moment) => return Err(error),
            Some(_) => {}
        }
        Ok(())
    }

    fn not_finite(&mut self, moment: &mut Moment<'_, T>, _: Trouble<'_>) -> Result<bool, TrainError> {
        if self.restore(moment) {
            return Ok(true);
        }
        culprit(moment).map_or(Ok(false), Err)
    }

    fn rate(&self) -> f64 {
        self.rate
    }

    fn save(&self, state: &mut State) {
        state.put("counts", Values::Integers(vec![self.left as u64, self.kept.len() as u64]));
        state.put("rate", Values::Doubles(vec![self.rate]));
        state.put("kept", Values::scalars(&self.kept));
    }

    fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        let [left, count] = state.integers("counts")?;
        [self.rate] = state.doubles("rate")?;
        self.kept = state.scalars("kept", count as usize)?.to_vec();
        self.left = left as usize;
        Ok(())
    }
}
