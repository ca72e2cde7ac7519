use alloc::vec;
use alloc::vec::Vec;

use super::monitor::Best;
use super::{Callback, Moment, Monitor};
use crate::scalar::Scalar;
use crate::train::{CheckpointError, State, TrainError, Values};

/// Ends training when nothing has become better for some epochs, and gives the network the weights of its best epoch: also
/// when training ends otherwise. As Keras `EarlyStopping` with `restore_best_weights`.
///
/// The best weights are kept in memory: the network a second time.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlyStopping<T> {
    patience: usize,
    best: Best,
    /// Of the best epoch; empty before the first.
    weights: Vec<T>,
    has_stopped: bool,
}

impl<T: Scalar> EarlyStopping<T> {
    /// Ends training after so many epochs in a row (at least 1) whose loss is not the lowest.
    pub fn new(patience: usize) -> Self {
        Self { patience: patience.max(1), best: Best::new(), weights: Vec::new(), has_stopped: false }
    }

    /// Watches something else than the loss.
    #[must_use]
    pub fn watch(mut self, monitor: Monitor) -> Self {
        self.best.monitor = monitor;
        self
    }

    /// What is better by no more than this is no better; 0 by default.
    #[must_use]
    pub fn at_least(mut self, change: f64) -> Self {
        self.best.least = change;
        self
    }

    /// The best epoch, from 1 on; 0 before the first.
    pub fn best_epoch(&self) -> usize {
        self.best.epoch
    }

    /// What was watched, in the best epoch.
    pub fn best_value(&self) -> Option<f64> {
        self.best.value
    }

    /// Whether it has ended training.
    pub fn has_stopped(&self) -> bool {
        self.has_stopped
    }
}

impl<T: Scalar> Callback<T> for EarlyStopping<T> {
    fn name(&self) -> &'static str {
        "EarlyStopping"
    }

    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if moment.is_new() {
            self.best.reset();
            self.weights.clear();
            self.has_stopped = false;
        }
        if self.has_stopped {
            moment.stop();
        }
        Ok(())
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if self.best.look(moment.history)? {
            self.weights.clear();
            self.weights.extend_from_slice(moment.weights);
        }
        self.has_stopped = self.best.waited >= self.patience;
        if self.has_stopped {
            moment.stop();
        }
        Ok(())
    }

    fn finish(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if self.weights.len() == moment.weights.len() {
            moment.weights.copy_from_slice(&self.weights);
        }
        Ok(())
    }

    fn save(&self, state: &mut State) {
        self.best.save(state);
        state.put("weights", Values::scalars(&self.weights));
        state.put("has_stopped", Values::Integers(vec![self.has_stopped.into(), self.weights.len() as u64]));
    }

    fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        let [has_stopped, count] = state.integers("has_stopped")?;
        self.weights = state.scalars("weights", count as usize)?.to_vec();
        self.has_stopped = has_stopped != 0;
        self.best.load(state)
    }
}
