//! The pictures of what training reports.

use alloc::string::String;
use alloc::vec::Vec;
use std::path::Path;

use super::{Panel, PlotError, Series, Unit, learning_curves};
use crate::train::{Epoch, History, Report};

impl History {
    /// Draws the loss and each metric, of training and validation, into a PNG or SVG file: see [`learning_curves`]. Accuracies
    /// are shown in percent.
    ///
    /// # Errors
    /// When there are no epochs, nothing finite to draw, more than 15 metrics, or when the file cannot be written.
    pub fn plot(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        self.with_panels(|panels| learning_curves(path, panels))
    }

    /// The same as SVG, for a page.
    #[cfg(feature = "report")]
    pub(in crate::io) fn to_svg(&self) -> Result<String, PlotError> {
        self.with_panels(super::svg_of_curves)
    }

    fn with_panels<R>(&self, draw: impl FnOnce(&[Panel<'_>]) -> Result<R, PlotError>) -> Result<R, PlotError> {
        let Some(first) = self.epochs.first() else {
            return Err(PlotError::Nothing { what: "there are no epochs" });
        };
        let mut curves = Vec::from([Curves::new("Loss".into(), &self.epochs, |report| Some(report.loss))]);
        for (index, (name, _)) in first.training.metrics.iter().enumerate() {
            let values = |report: &Report| report.metrics.get(index).map(|(_, value)| *value);
            curves.push(Curves::new(capitalized(name), &self.epochs, values));
        }
        let series: Vec<Vec<Series<'_>>> = curves.iter().map(Curves::series).collect();
        let panels = curves.iter().zip(&series).map(|(curves, series)| curves.panel(series));
        draw(&panels.collect::<Vec<_>>())
    }
}

/// One number of every report.
struct Curves {
    title: String,
    training: Vec<f64>,
    /// NaN after an epoch without validation; empty when none had one.
    validation: Vec<f64>,
}

impl Curves {
    fn new(title: String, epochs: &[Epoch], value: impl Fn(&Report) -> Option<f64>) -> Self {
        let of = |report: Option<&Report>| report.and_then(&value).unwrap_or(f64::NAN);
        let training = epochs.iter().map(|epoch| of(Some(&epoch.training))).collect();
        let validated = epochs.iter().any(|epoch| epoch.validation.is_some());
        let validation = epochs.iter().filter(|_| validated).map(|epoch| of(epoch.validation.as_ref())).collect();
        Self { title, training, validation }
    }

    fn series(&self) -> Vec<Series<'_>> {
        let both = [("training", &self.training), ("validation", &self.validation)];
        both.map(|(name, values)| Series { name, values })
            .into_iter()
            .filter(|series| !series.values.is_empty())
            .collect()
    }

    fn panel<'c>(&'c self, series: &'c [Series<'c>]) -> Panel<'c> {
        let share = self.title.to_lowercase().contains("accuracy");
        Panel { title: &self.title, unit: if share { Unit::Percent } else { Unit::Number }, series }
    }
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(loss: f64, validation: Option<f64>) -> Epoch {
        let report = |loss| Report { samples: 1, loss, metrics: [("top-5 accuracy".into(), 0.5)].into() };
        Epoch { training: report(loss), validation: validation.map(report), seconds: 1.0, rate: 1.0 }
    }

    #[test]
    fn reports_become_curves() {
        let epochs = [epoch(2.0, None), epoch(1.0, Some(3.0))];
        let curves = Curves::new("Loss".into(), &epochs, |report| Some(report.loss));
        assert_eq!((curves.training.as_slice(), curves.validation[1]), (&[2.0, 1.0][..], 3.0));
        assert!(curves.validation[0].is_nan());
        assert_eq!(curves.series().len(), 2);
        let alone = Curves::new(capitalized("top-5 accuracy"), &epochs[..1], |report| report.metric("top-5 accuracy"));
        assert_eq!((alone.series().len(), alone.panel(&[]).unit, &*alone.title), (1, Unit::Percent, "Top-5 accuracy"));
    }

    #[test]
    fn a_history_without_epochs_is_not_drawn() {
        assert!(matches!(History::default().plot("history.png"), Err(PlotError::Nothing { .. })));
    }
}
