use alloc::vec;
use alloc::vec::Vec;

use super::{Callback, Moment};
use crate::OutOfRange;
use crate::scalar::Scalar;
use crate::train::{CheckpointError, State, TrainError, Values};

/// A moving average of the weights, moved after each step, that the network has in the end: as
/// [`WeightAverage`](crate::train::WeightAverage), in a fit. Validation in its course is on the weights as they are.
///
/// It goes in front of an [`EarlyStopping`](super::EarlyStopping), which would put the best weights in the place of the average.
#[derive(Clone, Debug, PartialEq)]
pub struct AveragedWeights<T> {
    decay: f64,
    average: Vec<T>,
}

impl<T: Scalar> AveragedWeights<T> {
    /// `decay` is the share of the average that stays in an update: `a = δ a + (1 - δ) θ`, from the initial weights on.
    ///
    /// # Errors
    /// When `decay` is not in [0, 1).
    pub fn new(decay: f64) -> Result<Self, OutOfRange> {
        OutOfRange::below_one("decay", decay)?;
        Ok(Self { decay, average: Vec::new() })
    }

    /// The average, in memory order.
    pub fn average(&self) -> &[T] {
        &self.average
    }
}

impl<T: Scalar> Callback<T> for AveragedWeights<T> {
    fn name(&self) -> &'static str {
        "AveragedWeights"
    }

    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if moment.is_new() || self.average.len() != moment.weights.len() {
            self.average = moment.weights.to_vec();
        }
        Ok(())
    }

    fn after_step(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let (kept, fresh) = (T::of(self.decay), T::of(1.0 - self.decay));
        for (average, &weight) in self.average.iter_mut().zip(&*moment.weights) {
            *average = kept * *average + fresh * weight;
        }
        Ok(())
    }

    fn finish(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        moment.weights.copy_from_slice(&self.average);
        Ok(())
    }

    fn save(&self, state: &mut State) {
        state.put("count", Values::Integers(vec![self.average.len() as u64]));
        state.put("average", Values::scalars(&self.average));
    }

    fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        let [count] = state.integers("count")?;
        self.average = state.scalars("average", count as usize)?.to_vec();
        Ok(())
    }
}
