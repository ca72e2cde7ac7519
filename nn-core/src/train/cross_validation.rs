use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{AsNetwork, History, Report, TrainError, Trainer, Validation};
use crate::data::{Dataset, Folds};
use crate::losses::{FitsInput, FitsOutput, Loss};
use crate::metrics::MetricSet;
use crate::network::{Network, Whole};
use crate::optim::Optimizer;
use crate::scalar::Scalar;

/// What [`Trainer::cross_validate`] found. Its `Display` is a table with the mean and spread of each metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossValidation {
    /// How each network was trained, fold by fold.
    pub histories: Vec<History>,
    /// How each did on the fold that it was not trained on.
    pub reports: Vec<Report>,
}

impl CrossValidation {
    /// The mean of the loss, or of a metric, over the folds, and the standard deviation from it: of a sample, with one less
    /// than the number of folds. `"loss"` is the loss; none for a name that is not reported.
    pub fn mean_and_deviation(&self, name: &str) -> Option<(f64, f64)> {
        let of = |report: &Report| if name == "loss" { Some(report.loss) } else { report.metric(name) };
        let values: Vec<f64> = self.reports.iter().map(of).collect::<Option<_>>()?;
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        (values.len() > 1).then(|| (mean, (squares / (count - 1.0)).sqrt()))
    }

    fn names(&self) -> Vec<String> {
        let metrics = self.reports.iter().take(1).flat_map(|report| &report.metrics);
        core::iter::once("loss".to_string()).chain(metrics.map(|(name, _)| name.clone())).collect()
    }
}

impl fmt::Display for CrossValidation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names();
        write!(f, "fold     ")?;
        names.iter().try_for_each(|name| write!(f, "  {name:>8}"))?;
        let widths: Vec<usize> = names.iter().map(|name| name.chars().count().max(8)).collect();
        for (number, report) in (1..).zip(&self.reports) {
            write!(f, "\n{number:<9}")?;
            report.values().zip(&widths).try_for_each(|(value, &width)| write!(f, "  {value:>width$.4}"))?;
        }
        let summaries: Vec<(f64, f64)> =
            names.iter().map(|name| self.mean_and_deviation(name).unwrap_or((f64::NAN, f64::NAN))).collect();
        write!(f, "\nmean     ")?;
        summaries.iter().zip(&widths).try_for_each(|((mean, _), &width)| write!(f, "  {mean:>width$.4}"))?;
        write!(f, "\ndeviation")?;
        summaries.iter().zip(&widths).try_for_each(|((_, deviation), &width)| write!(f, "  {deviation:>width$.4}"))
    }
}

impl<L, O, M, V> Trainer<L, O, M, V> {
    /// Trains a new network for each fold, on all other folds, and evaluates it on that one: how well this way of training does
    /// on data that it has not seen, and how much that depends on chance. M. Stone, "Cross-validatory choice and assessment of
    /// statistical predictions" (1974).
    ///
    /// `network` makes the network of a fold, counted from 0. With classes, all folds have the same shares of them; which
    /// samples are in which follows from the trainer's seed.
    ///
    /// ```ignore
    /// let found = trainer.cross_validate(&data, 5, |fold| Classifier::new(fold as u64))?;
    /// println!("{found}");
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::fit`]; when there are fewer than two folds, or fewer samples than folds.
    pub fn cross_validate<T, H, N, X, Y>(
        &self,
        data: &Dataset<X, Y>,
        folds: usize,
        mut network: impl FnMut(usize) -> N,
    ) -> Result<CrossValidation, TrainError>
    where
        T: Scalar,
        N: AsNetwork<T, H>,
        X: FitsInput<<N::Network as Network<T>>::Input>,
        Y: FitsOutput<<N::Network as Network<T>>::Output, <N::Network as Network<T>>::Kind>,
        L: Loss<T, Whole<T, N::Network>, Y>,
        M: MetricSet<T, Whole<T, N::Network>, Y>,
        O: Optimizer<T>,
        V: Validation<X, Y>,
    {
        let refused = |_| TrainError::Folds { folds, samples: data.len() };
        let parts = data.folds(folds, self.settings.seed).map_err(refused)?;
        self.cross_validate_with(&parts, |fold, training, validation| {
            let subset = |indices: &[u32]| data.subset(indices).map_err(refused);
            Ok::<_, TrainError>((network(fold), subset(training)?, subset(validation)?))
        })
    }

    /// As [`Trainer::cross_validate`], on folds and data of the caller's: where data is prepared by what the training samples of
    /// a fold tell alone.
    ///
    /// `prepare` gets the fold, counted from 0, and the numbers of the samples for training and of those for validation. It
    /// makes the network and both data sets.
    ///
    /// ```ignore
    /// let folds = data.folds(5, 1)?;
    /// let found = trainer.cross_validate_with(&folds, |fold, training, validation| {
    ///     let (mut training, mut validation) = (data.subset(training)?, data.subset(validation)?);
    ///     validation.standardize_with(&training.standardize())?;
    ///     Ok::<_, Box<dyn Error>>((Classifier::new(fold as u64), training, validation))
    /// })?;
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::fit`], and what `prepare` returns.
    pub fn cross_validate_with<T, H, N, X, Y, E>(
        &self,
        folds: &Folds,
        mut prepare: impl FnMut(usize, &[u32], &[u32]) -> Result<(N, Dataset<X, Y>, Dataset<X, Y>), E>,
    ) -> Result<CrossValidation, E>
    where
        T: Scalar,
        N: AsNetwork<T, H>,
        X: FitsInput<<N::Network as Network<T>>::Input>,
        Y: FitsOutput<<N::Network as Network<T>>::Output, <N::Network as Network<T>>::Kind>,
        L: Loss<T, Whole<T, N::Network>, Y>,
        M: MetricSet<T, Whole<T, N::Network>, Y>,
        O: Optimizer<T>,
        V: Validation<X, Y>,
        E: From<TrainError>,
    {
        let mut found = CrossValidation::default();
        for fold in 0..folds.len() {
            let (training, validation) = folds.indices(fold);
            let (mut network, training, validation) = prepare(fold, &training, &validation)?;
            found.histories.push(self.fit(&mut network, &training)?);
            found.reports.push(self.evaluate(&network, &validation)?);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Values;
    use crate::losses::MeanSquaredError;
    use crate::metrics::RootMeanSquaredError;
    use crate::optim::Adam;
    use crate::shapes::Features;
    use crate::simd::AlignedBox;
    use crate::train::testing::{Linear, new};
    use std::vec;

    #[test]
    fn each_fold_is_evaluated_by_a_network_that_has_not_seen_it() {
        let inputs: Vec<f32> = (0..40).map(|index| index as f32 / 40.0).collect();
        let targets: Vec<f32> = inputs.iter().map(|input| 2.0 * input).collect();
        let data: Dataset<Features<1>, Values<Features<1>>> = Dataset::from_values(inputs, targets).unwrap();
        let trainer = Trainer::new(MeanSquaredError, Adam::new(0.1))
            .metric(RootMeanSquaredError)
            .epochs(20)
            .batch_size(8)
            .silent();
        let mut made = 0;
        let found = trainer
            .cross_validate(&data, 4, |fold| {
                made += 1;
                new::<f32, Linear<f32, 1, 1>>(fold as u64)
            })
            .unwrap();
        assert_eq!((made, found.reports.len(), found.reports[0].samples), (4, 4, 10));
        assert_eq!(found.histories[3].epochs[0].training.samples, 30);
        let losses: Vec<f64> = found.reports.iter().map(|report| report.loss).collect();
        let (mean, deviation) = found.mean_and_deviation("loss").unwrap();
        assert!((mean - losses.iter().sum::<f64>() / 4.0).abs() < 1e-12 && deviation > 0.0);
        assert_eq!(found.mean_and_deviation("accuracy"), None);
        let refused = trainer.cross_validate(&data, 41, |_| new::<f32, Linear<f32, 1, 1>>(1));
        assert_eq!(refused.unwrap_err(), TrainError::Folds { folds: 41, samples: 40 });
    }

    #[test]
    fn folds_are_prepared_by_their_training_samples_alone() {
        let values: Vec<f32> = (0..30).map(|index| if index < 3 { 100.0 } else { index as f32 }).collect();
        let classes: Vec<u32> = (0..30).map(|index| index % 3).collect();
        let folds = Folds::of_classes(&classes, 3, 1).unwrap();
        let trainer = Trainer::new(MeanSquaredError, Adam::new(0.1)).silent();
        let mut seen = vec![];
        let found = trainer.cross_validate_with(&folds, |fold, training, validation| {
            let set = |indices: &[u32]| -> Dataset<Features<1>, Values<Features<1>>> {
                let chosen: Vec<f32> = indices.iter().map(|&index| values[index as usize]).collect();
                Dataset::from_values(chosen.clone(), chosen).unwrap()
            };
            let count = |class| validation.iter().filter(|&&index| classes[index as usize] == class).count();
            assert!((0..3).all(|class| (3..=4).contains(&count(class))), "each class has its share");
            seen.extend_from_slice(validation);
            let (mut training, mut validation) = (set(training), set(validation));
            validation.standardize_with(&training.standardize()).unwrap();
            Ok::<_, TrainError>((new::<f32, Linear<f32, 1, 1>>(fold as u64), training, validation))
        });
        assert_eq!(found.unwrap().reports.len(), 3);
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..30));
        let stop = TrainError::NoForward;
        let refused = trainer.cross_validate_with(&folds, |_, _, _| {
            Err::<(AlignedBox<Linear<f32, 1, 1>>, Dataset<Features<1>, Values<Features<1>>>, _), _>(stop.clone())
        });
        assert_eq!(refused, Err(stop));
        assert!(Folds::of_classes(&[0, 1], 3, 1).is_err());
    }

    #[test]
    fn the_table_has_mean_and_deviation() {
        let report = |loss, score| Report { samples: 1, loss, metrics: vec![("a long metric".into(), score)] };
        let found = CrossValidation { histories: vec![], reports: vec![report(1.0, 0.5), report(3.0, 0.5)] };
        let expected = "\
fold           loss  a long metric
1            1.0000         0.5000
2            3.0000         0.5000
mean         2.0000         0.5000
deviation    1.4142         0.0000";
        assert_eq!(found.to_string(), expected);
    }
}
