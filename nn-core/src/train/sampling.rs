use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::TrainError;
use crate::OutOfRange;
use crate::data::{Dataset, Label};
use crate::random::Random;
use crate::shapes::SampleShape;

/// In which order an epoch takes the training samples, and how often each. An epoch always has as many as there are.
///
/// ```
/// use nn_core::losses::CrossEntropy;
/// use nn_core::optim::Adam;
/// use nn_core::train::{Sampling, Trainer};
///
/// let trainer = Trainer::new(CrossEntropy::new(), Adam::default()).sampling(Sampling::Balanced);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Sampling {
    /// Each once, in a new order.
    #[default]
    Shuffled,
    /// Each once, in the order of the data set.
    InOrder,
    /// Each once, in a new order that keeps neighbours near, for data that is read from a disk: runs of `samples` neighbours
    /// come in a new order, and the samples of `together` such runs are shuffled. The samples of a shard make a good run.
    Runs {
        /// How many neighbours make a run: at least 1.
        samples: usize,
        /// How many runs are shuffled among each other: at least 1.
        together: usize,
    },
    /// Each once, in a new order in which every batch has the shares of all classes, up to a sample or two.
    Stratified,
    /// With replacement: every class that there is comes equally often on average, however rare it is.
    Balanced,
    /// With replacement: samples come in proportion to their weights, one for each sample of the data set. As PyTorch
    /// `WeightedRandomSampler`.
    Weighted(Vec<f64>),
}

impl Sampling {
    /// Prepares for draws from these samples of a data set, in its order.
    pub(super) fn draw<X: SampleShape, Y: Label>(
        &self,
        data: &Dataset<X, Y>,
        samples: &[u32],
    ) -> Result<Draw, TrainError> {
        let class = |index: &u32| Y::class(&data.targets()[*index as usize]);
        Ok(match self {
            Self::Shuffled => Draw::Shuffled,
            Self::InOrder => Draw::InOrder,
            &Self::Runs { samples, together } => {
                OutOfRange::above_zero("samples of a run", samples as f64)?;
                OutOfRange::above_zero("runs shuffled together", together as f64)?;
                Draw::Runs { samples, together }
            }
            Self::Stratified if !Y::HAS_CLASSES => {
                return Err(TrainError::NoClasses { sampling: "Sampling::Stratified" });
            }
            Self::Balanced if !Y::HAS_CLASSES => return Err(TrainError::NoClasses { sampling: "Sampling::Balanced" }),
            Self::Stratified => Draw::Stratified(by_class(samples, class)),
            Self::Balanced => Draw::Balanced(by_class(samples, class)),
            Self::Weighted(weights) => {
                if weights.len() != data.len() {
                    let what = String::from("weights of samples");
                    return Err(TrainError::Sampling { what, expected: data.len(), found: weights.len() });
                }
                weights.iter().try_for_each(|&weight| OutOfRange::not_negative("sampling weight", weight))?;
                let mut sum = 0.0;
                let sums: Vec<f64> = samples
                    .iter()
                    .map(|&index| {
                        sum += weights[index as usize];
                        sum
                    })
                    .collect();
                OutOfRange::above_zero("sum of sampling weights", sum)?;
                Draw::Weighted(sums)
            }
        })
    }
}

/// What a draw needs.
#[derive(Clone, Debug)]
pub(super) enum Draw {
    Shuffled,
    InOrder,
    Runs {
        samples: usize,
        together: usize,
    },
    Stratified(Vec<Vec<u32>>),
    Balanced(Vec<Vec<u32>>),
    /// The sums of the weights up to each sample.
    Weighted(Vec<f64>),
}

impl Draw {
    /// The samples of the next epoch, from those in `samples`, in the place of those of the last one.
    pub(super) fn epoch(&self, samples: &[u32], order: &mut [u32], random: &mut Random) {
        match self {
            Self::InOrder => {}
            Self::Shuffled => random.shuffle(order),
            &Self::Runs { samples: run, together } => {
                let mut runs: Vec<&[u32]> = samples.chunks(run).collect();
                random.shuffle(&mut runs);
                order.iter_mut().zip(runs.into_iter().flatten()).for_each(|(place, &index)| *place = index);
                order.chunks_mut(run.saturating_mul(together)).for_each(|window| random.shuffle(window));
            }
            Self::Stratified(classes) => {
                // The samples of each class at even distances, from a random start.
                let mut places = Vec::with_capacity(order.len());
                for class in classes {
                    // Of a copy, so that an epoch follows from the random numbers alone: training can go on from them.
                    let mut class = class.clone();
                    random.shuffle(&mut class);
                    let (start, count) = (random.uniform(), class.len() as f64);
                    places.extend((0..).zip(class).map(|(rank, index)| ((f64::from(rank) + start) / count, index)));
                }
                places.sort_by(|left: &(f64, u32), right| left.0.total_cmp(&right.0));
                order.iter_mut().zip(places).for_each(|(place, (_, index))| *place = index);
            }
            Self::Balanced(classes) => order.fill_with(|| {
                let class = &classes[random.below(classes.len())];
                class[random.below(class.len())]
            }),
            Self::Weighted(sums) => order.fill_with(|| {
                let bound = random.uniform() * sums.last().copied().unwrap_or_default();
                samples[sums.partition_point(|&sum| sum <= bound).min(sums.len() - 1)]
            }),
        }
    }
}

/// The samples of each class that has some.
fn by_class(samples: &[u32], class: impl Fn(&u32) -> usize) -> Vec<Vec<u32>> {
    // By number: those of tuples of labels lie far apart.
    let mut classes: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for index in samples {
        classes.entry(class(index)).or_default().push(*index);
    }
    classes.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Classes, Values};
    use crate::shapes::Features;
    use std::vec;

    /// One sample in ten is of class 3, all others of class 0; some are for validation.
    fn drawn(sampling: &Sampling, epochs: usize) -> Vec<Vec<u32>> {
        let labels: Vec<u32> = (0..200).map(|index| if index % 10 == 0 { 3 } else { 0 }).collect();
        let data: Dataset<Features<1>, Classes<4>> = Dataset::from_values(vec![0.0; 200], labels).unwrap();
        let samples: Vec<u32> = (0..200).filter(|index| index % 20 != 7).collect();
        let (mut order, mut random) = (samples.clone(), Random::new(1));
        let draw = sampling.draw(&data, &samples).unwrap();
        (0..epochs)
            .map(|_| {
                draw.epoch(&samples, &mut order, &mut random);
                assert!(order.iter().all(|index| samples.contains(index)));
                order.clone()
            })
            .collect()
    }

    fn rare(order: &[u32]) -> usize {
        order.iter().filter(|index| *index % 10 == 0).count()
    }

    #[test]
    fn every_batch_is_stratified() {
        for epoch in drawn(&Sampling::Stratified, 5) {
            assert!(epoch.chunks_exact(19).all(|batch| rare(batch).abs_diff(2) <= 1));
            let mut all = epoch.clone();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 190);
        }
        let epochs = drawn(&Sampling::Stratified, 2);
        assert_ne!(epochs[0], epochs[1]);
    }

    #[test]
    fn runs_keep_neighbours_near() {
        let epochs = drawn(&Sampling::Runs { samples: 10, together: 3 }, 2);
        for epoch in &epochs {
            let mut all = epoch.clone();
            all.sort_unstable();
            assert!(all.windows(2).all(|pair| pair[0] < pair[1]) && all.len() == 190);
            // 19 samples a run of 20 neighbours: a window of 30 lies in four runs at most.
            for window in epoch.chunks(30) {
                let mut runs: Vec<u32> = window.iter().map(|index| index * 19 / 200).collect();
                runs.sort_unstable();
                runs.dedup();
                assert!(runs.len() <= 7, "{runs:?}");
            }
        }
        assert_ne!(epochs[0], epochs[1]);
        let data: Dataset<Features<1>, Classes<1>> = Dataset::from_values([0.0; 2], [0; 2]).unwrap();
        for (samples, together) in [(0, 1), (1, 0)] {
            assert!(Sampling::Runs { samples, together }.draw(&data, &[0, 1]).is_err());
        }
    }

    #[test]
    fn draws_follow_classes_and_weights() {
        let total = |sampling: &Sampling| drawn(sampling, 50).iter().map(|order| rare(order)).sum::<usize>() as f64;
        assert!((total(&Sampling::Balanced) / 9500.0 - 0.5).abs() < 0.02);
        let weights = (0..200).map(|index| if index % 10 == 0 { 17.0 } else { 1.0 }).collect();
        assert!((total(&Sampling::Weighted(weights)) / 9500.0 - 2.0 / 3.0).abs() < 0.02);
        assert_eq!(total(&Sampling::Shuffled), 1000.0);
        assert_eq!(rare(&drawn(&Sampling::Weighted((0..200).map(|i| f64::from(i % 10 == 0)).collect()), 1)[0]), 190);
    }

    #[test]
    fn classes_of_tuples_lie_far_apart() {
        type Three = (Classes<9>, Classes<9>, Classes<9>);
        let labels: Vec<(u32, u32, u32)> = (0..40).map(|index| (8, index % 2, 8)).collect();
        let data: Dataset<Features<1>, Three> = Dataset::from_samples(&[[0.0]; 40], &labels).unwrap();
        let samples: Vec<u32> = (0..40).collect();
        let Draw::Balanced(classes) = Sampling::Balanced.draw(&data, &samples).unwrap() else { panic!("another draw") };
        assert_eq!(classes.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20]);
    }

    #[test]
    fn labels_without_classes_are_refused() {
        let data: Dataset<Features<1>, Values<Features<1>>> =
            Dataset::from_samples(&[[0.0]; 2], &[[0.0], [1.0]]).unwrap();
        for sampling in [Sampling::Balanced, Sampling::Stratified] {
            assert!(matches!(sampling.draw(&data, &[0, 1]), Err(TrainError::NoClasses { .. })));
        }
    }

    #[test]
    fn senseless_weights_are_refused() {
        let data: Dataset<Features<1>, Classes<1>> = Dataset::from_values([0.0; 2], [0; 2]).unwrap();
        let refused = |weights: &[f64]| Sampling::Weighted(weights.to_vec()).draw(&data, &[0, 1]).unwrap_err();
        assert!(matches!(refused(&[1.0]), TrainError::Sampling { expected: 2, found: 1, .. }));
        for wrong in [[0.0, 0.0], [-1.0, 2.0], [f64::NAN, 1.0]] {
            assert!(matches!(refused(&wrong), TrainError::Setting(_)));
        }
    }
}
