//! What training and evaluations report.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::tile::Tally;
use crate::data::Label;
use crate::metrics::MetricSet;
use crate::network::OutputKind;
use crate::scalar::Scalar;

/// Loss and metrics over some samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// How many samples.
    pub samples: usize,
    /// The mean loss, without penalties on parameters.
    pub loss: f64,
    /// The metrics with their names, in the order in which they were chosen.
    pub metrics: Vec<(String, f64)>,
}

impl Report {
    pub(super) fn new<T: Scalar, K: OutputKind, Y: Label, M: MetricSet<T, K, Y>>(tally: &Tally, metrics: &M) -> Self {
        let mut values = Vec::new();
        metrics.finish(&tally.metrics, tally.samples as f64, &mut values);
        let mut names = Vec::new();
        metrics.names(&mut names);
        Self { samples: tally.samples, loss: tally.mean_loss(), metrics: names.into_iter().zip(values).collect() }
    }

    /// A metric by its name.
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.iter().find(|(found, _)| found == name).map(|(_, value)| *value)
    }

    /// The loss, then the metrics.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        core::iter::once(self.loss).chain(self.metrics.iter().map(|(_, value)| *value))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, prefix: &str) -> fmt::Result {
        write!(f, "{prefix}loss {:.4}", self.loss)?;
        self.metrics.iter().try_for_each(|(name, value)| write!(f, ", {prefix}{name} {value:.4}"))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, "")
    }
}

/// One pass over the training set.
#[derive(Clone, Debug, PartialEq)]
pub struct Epoch {
    /// Loss and metrics while training: means over the epoch, with the parameters of each step.
    pub training: Report,
    /// Loss and metrics on the validation set after the epoch.
    pub validation: Option<Report>,
    /// How long it took, with validation.
    pub seconds: f64,
    /// What its last step multiplied the optimiser's learning rate with, by the schedule and all callbacks; NaN in a history from a file
    /// that does not say.
    pub rate: f64,
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.training.write(f, "")?;
        if let Some(report) = &self.validation {
            f.write_str(", ")?;
            report.write(f, "validation ")?;
        }
        write!(f, " ({:.1} s)", self.seconds)
    }
}

/// What happened in each epoch. Its `Display` is a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The epochs in order.
    pub epochs: Vec<Epoch>,
}

impl History {
    /// The last epoch.
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last()
    }

    /// The mean loss of each epoch.
    pub fn losses(&self) -> impl Iterator<Item = f64> {
        self.epochs.iter().map(|epoch| epoch.training.loss)
    }

    /// Whether the loss, on the validation set if there is one, was lowest more than `epochs` epochs ago.
    pub(super) fn is_stuck(&self, epochs: usize) -> bool {
        let loss = |epoch: &Epoch| epoch.validation.as_ref().map_or(epoch.training.loss, |report| report.loss);
        let lowest = |epochs: &[Epoch]| epochs.iter().map(loss).fold(f64::INFINITY, f64::min);
        let earlier = self.epochs.len().saturating_sub(epochs.max(1));
        earlier > 0 && lowest(&self.epochs[..earlier]) <= lowest(&self.epochs[earlier..])
    }

    /// The validation loss of each epoch that has one.
    pub fn validation_losses(&self) -> impl Iterator<Item = f64> {
        self.epochs.iter().filter_map(|epoch| epoch.validation.as_ref()).map(|report| report.loss)
    }
}

/// Writes one line a row, with columns as wide as their headings.
impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.epochs.first() else {
            return f.write_str("no epochs");
        };
        let names = |report: &Report, prefix: &str| -> Vec<String> {
            let names = core::iter::once("loss").chain(report.metrics.iter().map(|(name, _)| name.as_str()));
            names.map(|name| alloc::format!("{prefix}{name}")).collect()
        };
        let mut headings = names(&first.training, "");
        headings.extend(first.validation.iter().flat_map(|report| names(report, "validation ")));
        f.write_str("epoch")?;
        headings.iter().try_for_each(|heading| write!(f, "  {heading:>8}"))?;
        f.write_str("   seconds")?;
        for (number, epoch) in self.epochs.iter().enumerate() {
            write!(f, "\n{:>5}", number + 1)?;
            let values = epoch.training.values().chain(epoch.validation.iter().flat_map(Report::values));
            for (value, heading) in values.zip(&headings) {
                write!(f, "  {value:>width$.4}", width = heading.chars().count().max(8))?;
            }
            write!(f, "  {:>8.1}", epoch.seconds)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec;

    fn report(loss: f64, accuracy: f64) -> Report {
        Report { samples: 10, loss, metrics: vec![("accuracy".into(), accuracy)] }
    }

    #[test]
    fn a_history_is_stuck_when_its_lowest_loss_is_old() {
        let history = |losses: &[f64]| {
            let epoch = |&loss: &f64| Epoch { training: report(loss, 0.0), validation: None, seconds: 0.0, rate: 1.0 };
            History { epochs: losses.iter().map(epoch).collect() }
        };
        assert!(!history(&[]).is_stuck(2) && !history(&[1.0]).is_stuck(2) && !history(&[1.0, 2.0]).is_stuck(2));
        assert!(history(&[1.0, 2.0, 1.0]).is_stuck(2));
        assert!(!history(&[1.0, 2.0, 0.9]).is_stuck(2));
        assert!(history(&[1.0, 2.0]).is_stuck(1) && history(&[1.0, 2.0]).is_stuck(0));
    }

    #[test]
    fn a_history_is_a_table() {
        let epoch = |loss, seconds| {
            let [training, validation] = [report(loss, 0.5), report(loss + 1.0, 0.25)];
            Epoch { training, validation: Some(validation), seconds, rate: 1.0 }
        };
        let history = History { epochs: vec![epoch(2.25, 1.0), epoch(10.5, 12.06)] };
        let expected = "\
epoch      loss  accuracy  validation loss  validation accuracy   seconds
    1    2.2500    0.5000           3.2500               0.2500       1.0
    2   10.5000    0.5000          11.5000               0.2500      12.1";
        assert_eq!(history.to_string(), expected);
        assert_eq!(history.losses().collect::<Vec<_>>(), [2.25, 10.5]);
        assert_eq!(History::default().to_string(), "no epochs");
        assert_eq!(
            history.epochs[0].to_string(),
            "loss 2.2500, accuracy 0.5000, validation loss 3.2500, validation accuracy 0.2500 (1.0 s)"
        );
        assert_eq!(history.epochs[0].training.metric("accuracy"), Some(0.5));
        assert_eq!(history.epochs[0].training.metric("recall"), None);
    }
}
