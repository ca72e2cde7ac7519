use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use std::path::PathBuf;

use super::{ReportError, RunReport};
use crate::io::plot::PlotError;
use crate::scalar::Scalar;
use crate::train::TrainError;
use crate::train::callback::{Callback, Moment};

/// Writes a page about the run after every epoch: settings, curves, a table of the epochs. The file is replaced whole.
///
/// ```
/// use nn_core::io::report::WriteReport;
///
/// let report = WriteReport::new("runs/first/report.html").setting("learning rate", 1e-3).setting("batch size", 32);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WriteReport {
    path: PathBuf,
    title: String,
    settings: Vec<(String, String)>,
}

impl WriteReport {
    /// Into this file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), title: "Training".into(), settings: Vec::new() }
    }

    /// What the page is called.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Also says with which setting the run was made.
    #[must_use]
    pub fn setting(mut self, name: impl Into<String>, value: impl core::fmt::Display) -> Self {
        self.settings.push((name.into(), value.to_string()));
        self
    }
}

impl<T: Scalar> Callback<T> for WriteReport {
    fn name(&self) -> &'static str {
        "WriteReport"
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let mut page = RunReport::new(self.title.clone());
        let parameters: usize = moment.tensors.iter().map(|tensor| tensor.range.len()).sum();
        let mut settings = self.settings.clone();
        settings.push(("parameters and statistics".into(), format!("{parameters}")));
        settings.push(("steps".into(), format!("{}", moment.steps)));
        page = page.settings(&settings);
        let written = match page.clone().history(moment.history) {
            // Every loss may be NaN; the page says what there is.
            Err(ReportError::Plot(PlotError::Nothing { .. })) => {
                page.text("Training", &moment.history.to_string()).save(&self.path)
            }
            Ok(page) => page.save(&self.path),
            Err(error) => Err(error),
        };
        written.map_err(|error| TrainError::Callback { callback: "WriteReport", reason: error.to_string() })
    }
}
