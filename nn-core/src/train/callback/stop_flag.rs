use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, Ordering};
#[cfg(feature = "safetensors")]
use std::path::PathBuf;

use super::{Callback, Moment};
use crate::scalar::Scalar;
use crate::train::TrainError;

/// Ends training after the step in which a flag is set, and saves a checkpoint before if asked to. The fit returns as if it
/// had come to its end.
///
/// The flag can be set from anywhere: another thread, a window, a signal. For Ctrl-C there is `on_ctrl_c` (feature
/// `interrupt`):
///
/// ```ignore
/// let mut stop = StopFlag::new().save_to("run/last.safetensors").on_ctrl_c()?;
/// trainer.fit_with(&mut network, &data, &mut [&mut stop])?;
/// ```
#[derive(Clone, Debug, Default)]
pub struct StopFlag {
    flag: Arc<AtomicBool>,
    #[cfg(feature = "safetensors")]
    path: Option<PathBuf>,
}

impl StopFlag {
    /// With a flag that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The flag: `true` ends training. It stays set until the caller clears it.
    pub fn flag(&self) -> Arc<AtomicBool> {
        self.flag.clone()
    }

    /// Sets the flag at Ctrl-C (SIGINT; other signals are left alone): training finishes its step, saves if asked to, and
    /// returns. The second one, or one when no such callback is there any more, ends the program.
    ///
    /// # Errors
    /// When the program has made a handler with the crate `ctrlc` itself.
    #[cfg(feature = "interrupt")]
    pub fn on_ctrl_c(self) -> Result<Self, super::InterruptError> {
        super::interrupt::watch(&self.flag).map(|()| self)
    }

    /// Saves a [checkpoint](crate::train::Checkpoint) when it ends training.
    #[cfg(feature = "safetensors")]
    #[must_use]
    pub fn save_to(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    fn look<T>(&self, moment: &mut Moment<'_, T>) {
        if self.flag.load(Ordering::Relaxed) {
            moment.stop();
            #[cfg(feature = "safetensors")]
            if let Some(path) = &self.path {
                moment.save(path.clone());
            }
        }
    }
}

impl<T: Scalar> Callback<T> for StopFlag {
    fn name(&self) -> &'static str {
        "StopFlag"
    }

    fn after_step(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        self.look(moment);
        Ok(())
    }

    /// It may have been set during validation.
    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        self.look(moment);
        Ok(())
    }
}
