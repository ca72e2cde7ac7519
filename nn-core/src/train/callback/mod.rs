//! What happens beside training, after each step and each epoch of a fit.
//!
//! | callback | what |
//! |---|---|
//! | [`EarlyStopping`] | ends training when nothing gets better, and goes back to the best weights |
//! | [`SaveCheckpoints`] | keeps the last, the best, and every so many (feature `safetensors`) |
//! | [`StopFlag`] | ends training after the step in which a flag is set, or after Ctrl-C (feature `interrupt`) |
//! | [`RateFinder`] | raises the learning rate until the loss runs away: a curve, and a rate to take |
//! | [`LayerStatistics`] | every layer's values and gradients, after each epoch |
//! | [`Attached`] | a text in every checkpoint, such as the preprocessing |
//! | [`TimeBudget`] | ends training after some time |
//! | [`EpochRate`], [`ReduceOnPlateau`] | the learning rate by the epoch, or by how training goes |
//! | [`NanGuard`] | names the tensor that is not finite, or goes back to the last epoch |
//! | [`AveragedWeights`] | a moving average of the weights, which the network has in the end |
//! | [`CsvLog`], [`JsonLog`] | a line for each epoch in a file |
//! | `TensorBoard` | curves and histograms of weights, for TensorBoard (feature `tensorboard`) |
//! | [`OnStep`], [`OnEpoch`] | a closure |
//!
//! They act in the order in which they are given to [`Trainer::fit_with`](super::Trainer::fit_with), which borrows them: what
//! they have seen can be asked afterwards. Each is a small state machine whose state goes into
//! [checkpoints](super::Checkpoint), so that training that is resumed goes on as if nothing had happened.
//!
//! ```ignore
//! let mut early = EarlyStopping::new(5);
//! let mut saved = SaveCheckpoints::new("run").every_steps(100);
//! trainer.fit_with(&mut network, &data, &mut [&mut early, &mut saved])?;
//! // after a crash
//! let last = Checkpoint::load("run/last.safetensors")?;
//! trainer.resume(&mut network, &data, &mut [&mut early, &mut saved], &last)?;
//! ```

mod attached;
mod averaged_weights;
mod closures;
mod early_stopping;
mod epoch_rate;
#[cfg(feature = "interrupt")]
mod interrupt;
mod layer_statistics;
mod logs;
mod monitor;
mod nan_guard;
mod rate_finder;
mod reduce_on_plateau;
#[cfg(feature = "safetensors")]
mod save_checkpoints;
mod stop_flag;
#[cfg(feature = "tensorboard")]
mod tensorboard;
#[cfg(test)]
mod tests;
mod time_budget;

#[cfg(feature = "safetensors")]
use alloc::vec::Vec;
#[cfg(feature = "safetensors")]
use std::path::PathBuf;

pub use attached::Attached;
pub(super) use attached::ENTRY;
pub use averaged_weights::AveragedWeights;
pub use closures::{OnEpoch, OnStep};
pub use early_stopping::EarlyStopping;
pub use epoch_rate::EpochRate;
#[cfg(feature = "interrupt")]
pub use interrupt::InterruptError;
pub use layer_statistics::{LayerReport, LayerStatistics};
pub use logs::{CsvLog, JsonLog};
pub use monitor::Monitor;
pub use nan_guard::NanGuard;
pub use rate_finder::{RateFinder, RatePoint};
pub use reduce_on_plateau::ReduceOnPlateau;
#[cfg(feature = "safetensors")]
pub use save_checkpoints::SaveCheckpoints;
pub use stop_flag::StopFlag;
#[cfg(feature = "tensorboard")]
pub use tensorboard::TensorBoard;
pub use time_budget::TimeBudget;

use super::{CheckpointError, History, Origin, Quantity, State, TrainError};
use crate::scalar::Scalar;
use crate::tensors::Tensor;

/// What a callback sees, and what it can do.
#[derive(Debug)]
#[non_exhaustive]
pub struct Moment<'m, T> {
    /// The epoch, from 1 on. After an epoch: the next one.
    pub epoch: usize,
    /// How many steps of it have been taken.
    pub step: u64,
    /// How many steps the optimiser has taken in all.
    pub steps: u64,
    /// The mean loss of the batch, after a step; that of the epoch, after an epoch.
    pub loss: f64,
    /// What the last step multiplied the optimiser's learning rate with: by the schedule and all callbacks. 1 before the first.
    pub rate: f64,
    /// All epochs so far.
    pub history: &'m History,
    /// All weights and running statistics, in memory order. They may be changed.
    pub weights: &'m mut [T],
    /// Where each tensor stands among them.
    pub tensors: &'m [Tensor],
    pub(super) requests: &'m mut Requests,
}

/// What callbacks ask for.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pub(super) stop: bool,
    #[cfg(feature = "safetensors")]
    pub(super) saves: Vec<PathBuf>,
}

impl<T> Moment<'_, T> {
    /// Ends training, once all callbacks have acted.
    pub fn stop(&mut self) {
        self.requests.stop = true;
    }

    /// Saves a checkpoint of this moment, once all callbacks have acted.
    #[cfg(feature = "safetensors")]
    pub fn save(&mut self, path: impl Into<PathBuf>) {
        self.requests.saves.push(path.into());
    }

    /// Whether a fit starts from nothing, and is not resumed.
    pub fn is_new(&self) -> bool {
        self.history.epochs.is_empty() && self.step == 0
    }
}

/// A step that could not be taken; the network is as it was before.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Trouble<'t> {
    /// What is not finite.
    pub what: Quantity,
    /// Where it begins, as [`TrainError::NotFinite`] has it.
    pub origin: Option<&'t Origin>,
}

/// Something that happens beside training. Every method has a default that does nothing.
///
/// ```
/// use nn_core::Scalar;
/// use nn_core::train::TrainError;
/// use nn_core::train::callback::{Callback, Moment};
///
/// /// Counts steps whose loss is above a limit.
/// struct Above(f64, usize);
///
/// impl<T: Scalar> Callback<T> for Above {
///     fn name(&self) -> &'static str {
///         "Above"
///     }
///
///     fn after_step(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
///         self.1 += usize::from(moment.loss > self.0);
///         Ok(())
///     }
/// }
/// ```
pub trait Callback<T: Scalar>: Send {
    /// What it is called, in errors and checkpoints.
    fn name(&self) -> &'static str;

    /// Before the first step, of a resumed fit as well.
    ///
    /// # Errors
    /// Any error ends training.
    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let _ = moment;
        Ok(())
    }

    /// After every step.
    ///
    /// # Errors
    /// Any error ends training.
    fn after_step(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let _ = moment;
        Ok(())
    }

    /// After every epoch and its validation.
    ///
    /// # Errors
    /// Any error ends training.
    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let _ = moment;
        Ok(())
    }

    /// When a loss or gradient is not finite. Returns whether training can go on, with the next batch.
    ///
    /// # Errors
    /// Any error ends training.
    fn not_finite(&mut self, moment: &mut Moment<'_, T>, trouble: Trouble<'_>) -> Result<bool, TrainError> {
        let _ = (moment, trouble);
        Ok(false)
    }

    /// When training ends, unless by an error.
    ///
    /// # Errors
    /// Any error is that of the fit.
    fn finish(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let _ = moment;
        Ok(())
    }

    /// What it multiplies the learning rate with, from the next step on.
    fn rate(&self) -> f64 {
        1.0
    }

    /// Writes what it remembers.
    fn save(&self, state: &mut State) {
        let _ = state;
    }

    /// Takes over what [`Callback::save`] wrote.
    ///
    /// # Errors
    /// When something is missing.
    fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        let _ = state;
        Ok(())
    }
}
