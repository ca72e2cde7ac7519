use alloc::vec;

use super::monitor::Best;
use super::{Callback, Moment, Monitor};
use crate::OutOfRange;
use crate::scalar::Scalar;
use crate::train::{CheckpointError, State, TrainError, Values};

/// Lowers the learning rate when nothing has become better for some epochs. As PyTorch `ReduceLROnPlateau` with
/// `threshold_mode='abs'` and `eps=0`: it acts after more than `patience` epochs without improvement, and counts anew then.
///
/// What differs: by default, PyTorch asks for a change by a share of 1e-4 of the best value, and drops a reduction of the rate
/// by less than 1e-8; here any change counts, and any reduction. The lowest rate is a share of the optimiser's here and a rate
/// there. The factor joins those of the schedule and of other callbacks, where PyTorch goes on from the rate as they left it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReduceOnPlateau {
    factor: f64,
    patience: usize,
    cooldown: usize,
    lowest: f64,
    best: Best,
    rate: f64,
    /// Epochs that are still not counted.
    cooling: usize,
}

impl ReduceOnPlateau {
    /// Multiplies the rate with `factor`, from 0 to below 1, after more than `patience` epochs without a lower loss.
    ///
    /// # Errors
    /// When the factor is out of range.
    pub fn new(factor: f64, patience: usize) -> Result<Self, OutOfRange> {
        OutOfRange::below_one("factor", factor)?;
        Ok(Self { factor, patience, cooldown: 0, lowest: 0.0, best: Best::new(), rate: 1.0, cooling: 0 })
    }

    /// Counts no epochs for so many after a reduction; 0 by default.
    #[must_use]
    pub fn cooldown(mut self, epochs: usize) -> Self {
        self.cooldown = epochs;
        self
    }

    /// Never lowers the rate below this share of the optimiser's; 0 by default.
    #[must_use]
    pub fn lowest(mut self, share: f64) -> Self {
        self.lowest = share;
        self
    }

    /// What is better by no more than this is no better; 0 by default.
    #[must_use]
    pub fn at_least(mut self, change: f64) -> Self {
        self.best.least = change;
        self
    }

    /// Watches something else than the loss.
    #[must_use]
    pub fn watch(mut self, monitor: Monitor) -> Self {
        self.best.monitor = monitor;
        self
    }
}

impl<T: Scalar> Callback<T> for ReduceOnPlateau {
    fn name(&self) -> &'static str {
        "ReduceOnPlateau"
    }

    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if moment.is_new() {
            self.best.reset();
            (self.rate, self.cooling) = (1.0, 0);
        }
        Ok(())
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        self.best.look(moment.history)?;
        if self.cooling > 0 {
            self.cooling -= 1;
            self.best.waited = 0;
        }
        if self.best.waited > self.patience {
            self.rate = (self.rate * self.factor).max(self.lowest);
            (self.best.waited, self.cooling) = (0, self.cooldown);
        }
        Ok(())
    }

    fn rate(&self) -> f64 {
        self.rate
    }

    fn save(&self, state: &mut State) {
        self.best.save(state);
        state.put("rate", Values::Doubles(vec![self.rate]));
        state.put("cooling", Values::Integers(vec![self.cooling as u64]));
    }

    fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        [self.rate] = state.doubles("rate")?;
        let [cooling] = state.integers("cooling")?;
        self.cooling = cooling as usize;
        self.best.load(state)
    }
}
