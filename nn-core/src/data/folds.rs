//! Parts of a data set of which each sample has a place in one: for training, validation and test, or fold by fold.

use alloc::vec;
use alloc::vec::Vec;

use super::select::shuffled_by_class;
use super::{Classes, DataError, Dataset, Label};
use crate::shapes::SampleShape;

/// The samples of a data set in parts of the same size, up to one sample, each with the same shares of all classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folds {
    /// The fold of each sample.
    folds: Vec<usize>,
    count: usize,
}

impl Folds {
    /// Parts of samples that are not in a data set yet, such as the rows of a table that is still to be cleaned: each class has
    /// its share in every fold. As [`Dataset::folds`] parts a data set with these labels.
    ///
    /// # Errors
    /// When there are fewer than two folds, or fewer samples than folds.
    pub fn of_classes(classes: &[u32], count: usize, seed: u64) -> Result<Self, DataError> {
        let class = |index: u32| classes[index as usize] as usize;
        Self::new(classes.len(), count, || shuffled_by_class(classes.len(), seed, class))
    }

    /// Deals samples out in this order.
    fn new(samples: usize, count: usize, order: impl Fn() -> Vec<u32>) -> Result<Self, DataError> {
        if count < 2 || count > samples {
            return Err(DataError::Folds { folds: count, samples });
        }
        let mut folds = vec![0; samples];
        for (position, index) in order().into_iter().enumerate() {
            folds[index as usize] = position % count;
        }
        Ok(Self { folds, count })
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none: never.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The samples for training, and those for validation, where this fold is kept for validation.
    pub fn indices(&self, fold: usize) -> (Vec<u32>, Vec<u32>) {
        (0..).take(self.folds.len()).partition(|&index: &u32| self.folds[index as usize] != fold)
    }
}

impl<X: SampleShape, Y: Label> Dataset<X, Y> {
    /// Splits at random into parts of these shares, such as training, validation and test sets, all in their old order. With
    /// classes, each class has these shares too, up to a few samples. The same seed splits alike.
    ///
    /// ```
    /// use nn_core::data::{Classes, Dataset};
    /// use nn_core::shapes::Features;
    ///
    /// let labels: Vec<u32> = (0..100).map(|index| index % 4).collect();
    /// let data = Dataset::<Features<1>, Classes<4>>::from_values(vec![0.5; 100], labels)?;
    /// let [training, validation, test] = data.split_into([0.6, 0.2, 0.2], 1)?;
    /// assert_eq!([training.len(), validation.len(), test.len()], [60, 20, 20]);
    /// assert_eq!(test.class_counts(), [5; 4]);
    /// # Ok::<(), nn_core::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// When a share is not between 0 and 1, or they do not add up to 1 (within 10⁻⁶).
    pub fn split_into<const PARTS: usize>(&self, shares: [f64; PARTS], seed: u64) -> Result<[Self; PARTS], DataError> {
        if let Some(&found) = shares.iter().find(|share| !(0.0..=1.0).contains(*share)) {
            return Err(DataError::Fraction { found });
        }
        let sum: f64 = shares.iter().sum();
        if (sum - 1.0).abs() > 1e-6 {
            return Err(DataError::Shares { sum });
        }
        let mut parts = vec![0; self.len()];
        let mut counts = [0usize; PARTS];
        for (position, index) in self.shuffled_by_class(seed).into_iter().enumerate() {
            // Each sample goes where most is lacking, so that every run of samples, a class for example, has the shares.
            let lack = |part: usize| shares[part] * (position + 1) as f64 - counts[part] as f64;
            let part = (1..PARTS).fold(0, |most, part| if lack(part) > lack(most) { part } else { most });
            counts[part] += 1;
            parts[index as usize] = part;
        }
        Ok(core::array::from_fn(|part| {
            let own: Vec<u32> = (0..).take(self.len()).filter(|&index: &u32| parts[index as usize] == part).collect();
            self.copied(&own)
        }))
    }

    /// Parts for cross-validation: each sample is in one of them, drawn by the seed. With classes, each has its share in every
    /// fold.
    ///
    /// ```
    /// use nn_core::data::{Classes, Dataset};
    /// use nn_core::shapes::Features;
    ///
    /// let data = Dataset::<Features<1>, Classes<2>>::from_values([0.5; 10], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1])?;
    /// let folds = data.folds(5, 1)?;
    /// let (training, validation) = folds.indices(0);
    /// assert_eq!(data.subset(&training)?.class_counts(), [4, 4]);
    /// assert_eq!(data.subset(&validation)?.class_counts(), [1, 1]);
    /// # Ok::<(), nn_core::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// When there are fewer than two folds, or fewer samples than folds.
    pub fn folds(&self, count: usize, seed: u64) -> Result<Folds, DataError> {
        Folds::new(self.len(), count, || self.shuffled_by_class(seed))
    }
}

impl<X: SampleShape, const N: usize> Dataset<X, Classes<N>> {
    /// A weight for each class, so that all count alike in a loss: `samples / (classes · count)`, as scikit-learn's "balanced".
    /// A class without samples has the weight 0, and is not counted among the classes.
    ///
    /// ```
    /// use nn_core::data::{Classes, Dataset};
    /// use nn_core::losses::CrossEntropy;
    /// use nn_core::shapes::Features;
    ///
    /// let data = Dataset::<Features<1>, Classes<3>>::from_values([0.5; 4], [0, 0, 0, 1])?;
    /// let weights = data.class_weights();
    /// assert_eq!(weights, [4.0 / 6.0, 2.0, 0.0]);
    /// let loss = CrossEntropy::new().class_weights(weights);
    /// # Ok::<(), nn_core::data::DataError>(())
    /// ```
    pub fn class_weights(&self) -> [f64; N] {
        let counts = self.class_counts();
        let classes = counts.iter().filter(|count| **count > 0).count();
        counts.map(|count| if count == 0 { 0.0 } else { self.len() as f64 / (classes * count) as f64 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Features;

    fn numbered(count: u32) -> Dataset<Features<1>, Classes<3>> {
        let labels: Vec<u32> = (0..count).map(|index| index * index % 3).collect();
        Dataset::from_values((0..count).map(|index| index as f32).collect::<Vec<_>>(), labels).unwrap()
    }

    fn numbers(set: &Dataset<Features<1>, Classes<3>>) -> Vec<f32> {
        let mut numbers = vec![0.0; set.len()];
        set.fill_inputs(&(0..set.len() as u32).collect::<Vec<_>>(), &mut numbers);
        numbers
    }

    #[test]
    fn parts_lose_nothing_and_keep_the_shares_of_classes() {
        for count in [0, 1, 2, 3, 10, 301] {
            for shares in [[0.6, 0.2, 0.2], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [1.0 / 3.0; 3]] {
                let whole = numbered(count);
                let parts = whole.split_into(shares, 5).unwrap();
                for (part, share) in parts.iter().zip(shares) {
                    assert!((part.len() as f64 - share * f64::from(count)).abs() < 1.5);
                    for (kept, all) in part.class_counts().iter().zip(whole.class_counts()) {
                        assert!((*kept as f64 - all as f64 * share).abs() < 2.5, "{kept} of {all}, {share}");
                    }
                }
                let mut all: Vec<f32> = parts.iter().flat_map(numbers).collect();
                all.sort_by(f32::total_cmp);
                assert_eq!(all, numbers(&whole));
            }
        }
        let split = |seed| numbered(50).split_into([0.5, 0.5], seed).unwrap().map(|part| numbers(&part));
        assert!(split(1) == split(1) && split(1) != split(2));
    }

    #[test]
    fn every_sample_validates_once() {
        for (count, folds) in [(2, 2), (10, 3), (301, 7), (5, 5)] {
            let whole = numbered(count);
            let parts = whole.folds(folds, 3).unwrap();
            let mut all = Vec::new();
            for fold in 0..parts.len() {
                let (training, validation) = parts.indices(fold);
                assert_eq!(training.len() + validation.len(), count as usize);
                assert!(validation.len().abs_diff(count as usize / folds) <= 1);
                let kept = whole.subset(&validation).unwrap().class_counts();
                for (kept, all) in kept.iter().zip(whole.class_counts()) {
                    assert!((*kept as f64 - all as f64 / folds as f64).abs() <= 1.0);
                }
                all.extend(validation);
            }
            all.sort_unstable();
            assert!(all.into_iter().eq(0..count));
        }
    }

    #[test]
    fn senseless_parts_are_refused() {
        let whole = numbered(10);
        assert!(matches!(whole.split_into([0.5, 0.4], 1), Err(DataError::Shares { .. })));
        assert!(matches!(whole.split_into([1.5, -0.5], 1), Err(DataError::Fraction { found: 1.5 })));
        assert!(matches!(whole.split_into([], 1), Err(DataError::Shares { sum: 0.0 })));
        for count in [0, 1, 11] {
            assert!(matches!(whole.folds(count, 1), Err(DataError::Folds { samples: 10, .. })));
        }
    }
}
