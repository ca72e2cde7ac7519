use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::{Callback, Moment};
use crate::data::{Dataset, Label};
use crate::losses::{FitsOutput, Loss};
use crate::network::{Network, Whole};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::{AlignedBox, Plain};
use crate::train::recorder::moments;
use crate::train::{AsNetwork, GradientSum, Record, Recorder, Run, TrainError};

/// Looks at every layer's values and gradients after each epoch, on some samples that stay the same: layers that have died,
/// values that explode, gradients that vanish.
///
/// The samples run forward and backward as in training (dropout is on, statistics come from them) through a copy of the
/// network, watched by a [`Recorder`]. `Display` shows the last epoch as a table; [`LayerStatistics::csv`] has all of them.
///
/// ```ignore
/// let mut statistics = LayerStatistics::new(&network, &data, 64, CrossEntropy::new(), Classes)?;
/// trainer.fit_with(&mut network, &data, &mut [&mut statistics])?;
/// println!("{statistics}");
/// ```
pub struct LayerStatistics<T: Scalar, N: Network<T>, Y: Label, L> {
    network: AlignedBox<N>,
    run: Run<T, N, Recorder<T>>,
    gradients: GradientSum<T, N>,
    /// All samples, one behind the other.
    inputs: Vec<T>,
    targets: Vec<Y::Target<f32>>,
    loss: L,
    labels: Y,
    reports: Vec<LayerReport>,
}

/// What [`LayerStatistics`] found of one layer after one epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerReport {
    /// The epoch, from 1 on.
    pub epoch: usize,
    /// The layer, or operation.
    pub layer: &'static str,
    /// The mean of its values.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// The share of them that are zero: of a `Relu`, those that are switched off.
    pub zeros: f64,
    /// The mean of the gradient by them.
    pub gradient_mean: f64,
    /// Its standard deviation; 0 where no gradient flows.
    pub gradient_deviation: f64,
}

impl LayerReport {
    fn new<T: Scalar>(epoch: usize, record: &Record<T>) -> Self {
        let zeros = record.values.iter().filter(|value| **value == T::zero()).count();
        let ([mean, deviation], [gradient_mean, gradient_deviation]) =
            (moments(&record.values), moments(&record.gradient));
        let zeros = zeros as f64 / record.values.len().max(1) as f64;
        Self { epoch, layer: record.name, mean, deviation, zeros, gradient_mean, gradient_deviation }
    }
}

impl<T, N, Y, L> LayerStatistics<T, N, Y, L>
where
    T: Scalar,
    N: Network<T>,
    Y: FitsOutput<N::Output, N::Kind> + Copy,
    L: Loss<T, Whole<T, N>, Y>,
{
    /// On the first `samples` of a data set. `labels` is the kind of label alone, as for [`Run::loss`].
    ///
    /// # Errors
    /// When there are no samples, or a streamed data set cannot be read.
    pub fn new<How>(
        network: &impl AsNetwork<T, How, Network = N>,
        data: &Dataset<N::Input, Y>,
        samples: usize,
        loss: L,
        labels: Y,
    ) -> Result<Self, TrainError> {
        let samples = samples.min(data.len());
        if samples == 0 {
            return Err(TrainError::Empty { what: "set of samples to look at" });
        }
        let indices: Vec<u32> = (0..samples as u32).collect();
        let mut inputs = vec![T::zero(); samples * N::Input::SHAPE.len()];
        data.try_fill_inputs(&indices, &mut inputs).map_err(|error| TrainError::data(&error))?;
        Ok(Self {
            network: N::zeroed_box(),
            run: Run::new(network, samples).watched_by(Recorder::new()),
            gradients: GradientSum::new(network),
            inputs,
            targets: data.targets()[..samples].to_vec(),
            loss,
            labels,
            reports: Vec::new(),
        })
    }

    fn look(&mut self, epoch: usize, weights: &[T]) -> Result<(), TrainError> {
        self.network.as_mut_slice().copy_from_slice(weights);
        self.gradients.clear();
        let inputs = <N::Input as SampleShape>::Array::<T>::from_flat(&self.inputs);
        self.run.forward(&self.network, inputs)?;
        // A loss that is not finite is what one wants to see here: the values are there all the same.
        if self.run.loss(&self.loss, self.labels, &self.targets).is_ok() {
            self.run.backward(&self.network, &mut self.gradients)?;
        }
        let records = self.run.observer().records();
        self.reports.extend(records.iter().map(|record| LayerReport::new(epoch, record)));
        Ok(())
    }
}

impl<T: Scalar, N: Network<T>, Y: Label, L> LayerStatistics<T, N, Y, L> {
    /// All epochs, the layers of each in the order in which they ran.
    pub fn reports(&self) -> &[LayerReport] {
        &self.reports
    }

    /// As a table: `epoch,layer,mean,deviation,zeros,gradient_mean,gradient_deviation`.
    pub fn csv(&self) -> String {
        let mut text = String::from("epoch,layer,mean,deviation,zeros,gradient_mean,gradient_deviation\n");
        for report in &self.reports {
            let LayerReport { epoch, layer, mean, deviation, zeros, gradient_mean, gradient_deviation } = report;
            text +=
                &alloc::format!("{epoch},{layer},{mean},{deviation},{zeros},{gradient_mean},{gradient_deviation}\n");
        }
        text
    }
}

impl<T, N, Y, L> Callback<T> for LayerStatistics<T, N, Y, L>
where
    T: Scalar,
    N: Network<T>,
    Y: FitsOutput<N::Output, N::Kind> + Copy,
    L: Loss<T, Whole<T, N>, Y>,
{
    fn name(&self) -> &'static str {
        "LayerStatistics"
    }

    fn begin(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        if moment.is_new() {
            self.reports.clear();
        }
        Ok(())
    }

    fn after_epoch(&mut self, moment: &mut Moment<'_, T>) -> Result<(), TrainError> {
        self.look(moment.history.epochs.len(), moment.weights)
    }
}

/// The layers after the last epoch.
impl<T: Scalar, N: Network<T>, Y: Label, L> fmt::Display for LayerStatistics<T, N, Y, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.reports.last().map_or(0, |report| report.epoch);
        let shown = || self.reports.iter().filter(|report| report.epoch == last);
        let width = shown().map(|report| report.layer.len()).max().unwrap_or(0).max(5);
        writeln!(
            f,
            "{:width$}  {:>10} {:>10} {:>7}  {:>10} {:>10}",
            "layer", "mean", "deviation", "zeros", "d mean", "d dev."
        )?;
        for LayerReport { layer, mean, deviation, zeros, gradient_mean, gradient_deviation, .. } in shown() {
            writeln!(
                f,
                "{layer:width$}  {mean:10.3e} {deviation:10.3e} {:6.1}%  {gradient_mean:10.3e} {gradient_deviation:10.3e}",
                100.0 * zeros
            )?;
        }
        Ok(())
    }
}
