use alloc::vec;
use std::time::{Duration, Instant};

use super::{Callback, Moment};
use crate::scalar::Scalar;
use crate::train::{CheckpointError, State, TrainError, Values};

/// Ends training after the step in which a span of time is over. Time before a checkpoint counts as well.
#[derive(Clone, Debug)]
pub struct TimeBudget {
    budget: Duration,
    /// What earlier fits took of it.
    spent: Duration,
    start: Option<Instant>,
}

impl TimeBudget {
    /// So much time, with validation and all other callbacks.
    pub const fn new(budget: Duration) -> Self {
        Self { budget, spent: Duration::ZERO, start: None }
    }

    /// How much of it is gone.
    pub fn spent(&self) -> Duration {
        self.spent + self.start.map_or(Duration::ZERO, |start| start.elapsed())
    }

    fn look<T>(&self, moment: &mut Moment<'_, T>) {
        if self.spent() >= self.budget {
            moment.stop();
        }
    }
}

impl<T: Scalar> Callback<T> for TimeBudget {
    fn name(&self) -> &'static str {
        "TimeBudget"
    }

    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if moment.is_new() {
            self.spent = Duration::ZERO;
        }
        self.start = Some(Instant::now());
        self.look(moment);
        Ok(())
    }

    fn after_step(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        self.look(moment);
        Ok(())
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        self.look(moment);
        Ok(())
    }

    fn finish(&mut self, _: &mut Moment<'_, T>) -> Result<(), TrainError> {
        self.spent = self.spent();
        self.start = None;
        Ok(())
    }

    fn save(&self, state: &mut State) {
        state.put("spent", Values::Doubles(vec![self.spent().as_secs_f64()]));
    }

    fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        let [spent] = state.doubles("spent")?;
        self.spent = Duration::try_from_secs_f64(spent).unwrap_or(Duration::MAX);
        Ok(())
    }
}
