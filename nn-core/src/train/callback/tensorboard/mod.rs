//! Event files for TensorBoard: `event` is what stands in them, `records` how it is written down.

mod event;
mod records;

use alloc::format;
use alloc::string::{String, ToString};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use event::{Event, Histogram, Value};
use records::Records;

use super::{Callback, Moment};
use crate::scalar::Scalar;
use crate::train::{Report, TrainError};

/// Writes an event file that TensorBoard shows: loss and metrics of each epoch under `training/..` and `validation/..`,
/// [`Epoch::rate`](crate::train::Epoch::rate) as `rate`, and if asked for the loss of every so many steps as `batch/loss`, and histograms of all weights.
///
/// `tensorboard --logdir runs` shows all runs in the folders below `runs`. A fit that is resumed writes one more file into the
/// same folder; TensorBoard puts them together.
///
/// ```
/// use nn_core::train::callback::TensorBoard;
///
/// let mut board = TensorBoard::new("runs/first").every_steps(10).histograms();
/// ```
#[derive(Debug)]
pub struct TensorBoard {
    folder: PathBuf,
    steps: Option<u64>,
    has_histograms: bool,
    records: Option<Records>,
}

impl TensorBoard {
    /// Into this folder, which is made if it is not there.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), steps: None, has_histograms: false, records: None }
    }

    /// Also the loss of the batch, after every so many steps (at least 1).
    #[must_use]
    pub fn every_steps(mut self, steps: u64) -> Self {
        self.steps = Some(steps.max(1));
        self
    }

    /// Also the distribution of every tensor's values, after each epoch.
    #[must_use]
    pub fn histograms(mut self) -> Self {
        self.has_histograms = true;
        self
    }

    fn write(&mut self, step: u64, values: impl IntoIterator<Item = (String, Value)>) -> Result<(), TrainError> {
        let Some(records) = &mut self.records else { return Ok(()) };
        let event = Event { seconds: now(), step, values: values.into_iter().collect() };
        records.append(&event.to_bytes()).map_err(|error| failed(&self.folder, &error))
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

fn failed(path: &Path, error: &std::io::Error) -> TrainError {
    TrainError::Callback { callback: "TensorBoard", reason: format!("{}: {error}", path.display()) }
}

/// Loss and metrics of one epoch.
fn scalars(prefix: &str, report: &Report) -> impl Iterator<Item = (String, Value)> {
    let loss = core::iter::once(("loss".to_string(), report.loss));
    let all = loss.chain(report.metrics.iter().map(|(name, value)| (name.to_string(), *value)));
    all.map(move |(name, value)| (format!("{prefix}/{name}"), Value::Scalar(value as f32)))
}

impl<T: Scalar> Callback<T> for TensorBoard {
    fn name(&self) -> &'static str {
        "TensorBoard"
    }

    fn begin(&mut self, _: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let file = Records::create(&self.folder, now());
        let mut records = file.map_err(|error| failed(&self.folder, &error))?;
        records.append(&Event::version(now())).map_err(|error| failed(&self.folder, &error))?;
        self.records = Some(records);
        Ok(())
    }

    fn after_step(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if !self.steps.is_some_and(|steps| moment.steps.is_multiple_of(steps)) {
            return Ok(());
        }
        self.write(moment.steps, [("batch/loss".to_string(), Value::Scalar(moment.loss as f32))])
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        let number = moment.history.epochs.len() as u64;
        let Some(epoch) = moment.history.epochs.last() else { return Ok(()) };
        let training = scalars("training", &epoch.training);
        let values = training.chain(epoch.validation.iter().flat_map(|report| scalars("validation", report)));
        let values = values.chain([("rate".to_string(), Value::Scalar(epoch.rate as f32))]);
        self.write(number, values)?;
        if self.has_histograms {
            let weights = &*moment.weights;
            let of = |tensor: &crate::tensors::Tensor| Histogram::of(&weights[tensor.range.clone()]);
            self.write(
                number,
                moment.tensors.iter().map(|tensor| (tensor.name.clone(), Value::Histogram(of(tensor)))),
            )?;
        }
        Ok(())
    }
}
