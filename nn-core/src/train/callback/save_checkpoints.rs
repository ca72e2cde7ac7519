use alloc::format;
use alloc::string::ToString;
use std::path::PathBuf;

use super::monitor::Best;
use super::{Callback, Moment, Monitor};
use crate::scalar::Scalar;
use crate::train::{CheckpointError, State, TrainError};

/// Saves [checkpoints](crate::train::Checkpoint) in a folder: `last.safetensors` after every epoch, `best.safetensors` after
/// the best one, and others if asked for. Each file is replaced whole: a crash leaves the old one or the new.
///
/// ```
/// use nn_core::train::callback::{Monitor, SaveCheckpoints};
///
/// let saved = SaveCheckpoints::new("run").every_steps(100).number_every(10).watch(Monitor::highest("accuracy"));
/// assert!(saved.last().ends_with("last.safetensors"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SaveCheckpoints {
    folder: PathBuf,
    best: Best,
    steps: Option<u64>,
    numbered: Option<usize>,
}

impl SaveCheckpoints {
    /// In this folder, which is made if it is not there.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), best: Best::new(), steps: None, numbered: None }
    }

    /// Also replaces `last.safetensors` after every so many steps (at least 1).
    #[must_use]
    pub fn every_steps(mut self, steps: u64) -> Self {
        self.steps = Some(steps.max(1));
        self
    }

    /// Also keeps `epoch-0010.safetensors` and so on, after every so many epochs (at least 1).
    #[must_use]
    pub fn number_every(mut self, epochs: usize) -> Self {
        self.numbered = Some(epochs.max(1));
        self
    }

    /// Judges which is the best by something else than the loss.
    #[must_use]
    pub fn watch(mut self, monitor: Monitor) -> Self {
        self.best.monitor = monitor;
        self
    }

    /// Where the last one is.
    pub fn last(&self) -> PathBuf {
        self.folder.join("last.safetensors")
    }

    /// Where the best one is.
    pub fn best(&self) -> PathBuf {
        self.folder.join("best.safetensors")
    }
}

impl<T: Scalar> Callback<T> for SaveCheckpoints {
    fn name(&self) -> &'static str {
        "SaveCheckpoints"
    }

    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if moment.is_new() {
            self.best.reset();
        }
        std::fs::create_dir_all(&self.folder)
            .map_err(|error| CheckpointError::File { path: self.folder.clone(), reason: error.to_string() }.into())
    }

    fn after_step(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if self.steps.is_some_and(|steps| moment.steps.is_multiple_of(steps)) {
            moment.save(self.last());
        }
        Ok(())
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let epochs = moment.history.epochs.len();
        if self.best.look(moment.history)? {
            moment.save(self.best());
        }
        if self.numbered.is_some_and(|every| epochs.is_multiple_of(every)) {
            moment.save(self.folder.join(format!("epoch-{epochs:04}.safetensors")));
        }
        moment.save(self.last());
        Ok(())
    }

    fn save(&self, state: &mut State) {
        self.best.save(state);
    }

    fn load(&mut self, state: &State) -> Result<(), CheckpointError> {
        self.best.load(state)
    }
}
