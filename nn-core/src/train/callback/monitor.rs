use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::train::{CheckpointError, Epoch, History, Report, State, TrainError, Values};

/// What tells one epoch from a better one: the loss, or a metric, on the validation set if there is one.
///
/// ```
/// use nn_core::train::callback::{EarlyStopping, Monitor};
///
/// let by_loss = EarlyStopping::<f32>::new(5);
/// let by_accuracy = EarlyStopping::<f32>::new(5).watch(Monitor::highest("accuracy"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Monitor {
    /// The metric; none for the loss.
    metric: Option<String>,
    is_higher_better: bool,
}

impl Monitor {
    /// The lowest loss.
    pub const fn loss() -> Self {
        Self { metric: None, is_higher_better: false }
    }

    /// The highest value of a metric.
    pub fn highest(metric: impl Into<String>) -> Self {
        Self { metric: Some(metric.into()), is_higher_better: true }
    }

    /// The lowest value of a metric; `loss` stands for the loss.
    pub fn lowest(metric: impl Into<String>) -> Self {
        Self { metric: Some(metric.into()), is_higher_better: false }
    }

    /// Of the last epoch; none before the first.
    ///
    /// # Errors
    /// When no such metric is reported.
    pub fn value(&self, history: &History) -> Result<Option<f64>, TrainError> {
        let Some(Epoch { training, validation, .. }) = history.last() else { return Ok(None) };
        let report: &Report = validation.as_ref().unwrap_or(training);
        let Some(name) = &self.metric else { return Ok(Some(report.loss)) };
        let value = report.metric(name).or_else(|| (name == "loss").then_some(report.loss));
        value.map(Some).ok_or_else(|| {
            let metrics = report.metrics.iter().map(|(name, _)| name.clone());
            let names: Vec<String> = metrics.chain(["loss".to_string()]).collect();
            TrainError::NoSuchMetric { name: name.clone(), names }
        })
    }

    fn is_better(&self, value: f64, best: f64) -> bool {
        if self.is_higher_better { value > best } else { value < best }
    }
}

/// The best value so far, and how many epochs ago it was.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Best {
    pub(super) monitor: Monitor,
    /// A change of at most this much is none.
    pub(super) least: f64,
    pub(super) value: Option<f64>,
    /// Of how many epochs, from 1 on.
    pub(super) epoch: usize,
    /// How many epochs in a row were no better.
    pub(super) waited: usize,
}

impl Best {
    pub(super) fn new() -> Self {
        Self { monitor: Monitor::loss(), least: 0.0, value: None, epoch: 0, waited: 0 }
    }

    pub(super) fn reset(&mut self) {
        (self.value, self.epoch, self.waited) = (None, 0, 0);
    }

    /// Looks at the last epoch. Returns whether it is the best one.
    pub(super) fn look(&mut self, history: &History) -> Result<bool, TrainError> {
        let Some(value) = self.monitor.value(history)? else { return Ok(false) };
        // Infinity on the bad side, or NaN, is no better than nothing.
        let (worst, least) =
            if self.monitor.is_higher_better { (f64::NEG_INFINITY, self.least) } else { (f64::INFINITY, -self.least) };
        let is_best = self.monitor.is_better(value, self.value.unwrap_or(worst) + least);
        if is_best {
            (self.value, self.epoch, self.waited) = (Some(value), history.epochs.len(), 0);
        } else {
            self.waited += 1;
        }
        Ok(is_best)
    }

    pub(super) fn save(&self, state: &mut State) {
        state.put("best.value", Values::Doubles(self.value.into_iter().collect()));
        state.put("best.counts", Values::Integers(vec![self.epoch as u64, self.waited as u64]));
    }

    pub(super) fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        let value = state.double_slice("best.value")?.first().copied();
        let [epoch, waited] = state.integers("best.counts")?;
        (self.value, self.epoch, self.waited) = (value, epoch as usize, waited as usize);
        Ok(())
    }
}
