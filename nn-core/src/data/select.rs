//! Parts of a data set.

use alloc::vec::Vec;

use super::stored::{compact, gather};
use super::{DataError, Dataset, Label};
use crate::random::Random;
use crate::shapes::SampleShape;

impl<X: SampleShape, Y: Label> Dataset<X, Y> {
    /// Splits off a random part: the first result holds `fraction` of the samples (rounded), the second the others,
    /// both in their old order. With classes, each keeps its share in both parts. The same seed splits alike.
    ///
    /// The first part stays where it is; only the second is copied.
    ///
    /// # Errors
    /// When `fraction` is not between 0 and 1.
    pub fn split(mut self, fraction: f64, seed: u64) -> Result<(Self, Self), DataError> {
        if !(0.0..=1.0).contains(&fraction) {
            return Err(DataError::Fraction { found: fraction });
        }
        let mut kept = alloc::vec![false; self.len()];
        for (position, &index) in self.shuffled_by_class(seed).iter().enumerate() {
            kept[index as usize] = rounded(position + 1, fraction) > rounded(position, fraction);
        }
        let rest: Vec<u32> = (0..).zip(&kept).filter(|(_, kept)| !**kept).map(|(index, _)| index).collect();
        let rest = self.copied(&rest);
        self.retain(&kept);
        Ok((self, rest))
    }

    /// The first `count` samples, or all when there are fewer.
    #[must_use]
    pub fn take(mut self, count: usize) -> Self {
        let kept: Vec<bool> = (0..self.len()).map(|index| index < count).collect();
        self.retain(&kept);
        self
    }

    /// A copy of these samples, in this order; a sample may occur more than once.
    ///
    /// # Errors
    /// When there is no sample of such an index.
    pub fn subset(&self, indices: &[u32]) -> Result<Self, DataError> {
        indices.iter().try_for_each(|&index| self.check_index(index as usize))?;
        Ok(self.copied(indices))
    }

    /// All indices, class by class, in random order within each.
    pub(super) fn shuffled_by_class(&self, seed: u64) -> Vec<u32> {
        shuffled_by_class(self.len(), seed, |index| Y::class(&self.targets[index as usize]))
    }

    pub(super) fn copied(&self, indices: &[u32]) -> Self {
        self.with(self.inputs.gather(Self::INPUT, indices), gather(&self.targets, 1, indices))
    }

    fn retain(&mut self, kept: &[bool]) {
        self.inputs.retain(Self::INPUT, kept);
        compact(&mut self.targets, 1, kept);
    }
}

/// Samples in random order, but class by class.
pub(super) fn shuffled_by_class(samples: usize, seed: u64, class: impl Fn(u32) -> usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..).take(samples).collect();
    Random::new(seed).shuffle(&mut order);
    order.sort_by_cached_key(|&index| class(index));
    order
}

/// How many of the first `count` samples belong to a part.
fn rounded(count: usize, fraction: f64) -> usize {
    (count as f64 * fraction + 0.5) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Classes, Values};
    use crate::shapes::Features;

    fn numbered(count: u32) -> Dataset<Features<1>, Classes<3>> {
        let labels: Vec<u32> = (0..count).map(|index| index * index % 3).collect();
        Dataset::from_values((0..count).map(|index| index as f32).collect::<Vec<_>>(), labels).unwrap()
    }

    fn numbers<Y: Label>(set: &Dataset<Features<1>, Y>) -> Vec<f32> {
        let mut numbers = alloc::vec![0.0; set.len()];
        set.fill_inputs(&(0..set.len() as u32).collect::<Vec<_>>(), &mut numbers);
        numbers
    }

    #[test]
    fn a_split_loses_nothing_and_keeps_the_shares_of_classes() {
        for count in [0, 1, 2, 3, 10, 301] {
            for fraction in [0.0, 0.1, 0.5, 0.8, 1.0] {
                let whole = numbered(count);
                let shares = whole.class_counts();
                let (first, second) = whole.split(fraction, 5).unwrap();
                assert_eq!(first.len(), (f64::from(count) * fraction + 0.5) as usize);
                for (kept, all) in first.class_counts().iter().zip(shares) {
                    assert!((*kept as f64 - all as f64 * fraction).abs() <= 1.0, "{kept} of {all}");
                }
                let mut all: Vec<f32> = numbers(&first);
                all.extend(numbers(&second));
                all.sort_by(f32::total_cmp);
                assert!(all.iter().copied().eq((0..count).map(|index| index as f32)));
                for part in [&first, &second] {
                    let labels = numbers(part).into_iter().map(|number| (number as u32).pow(2) % 3);
                    assert!(part.labels().iter().copied().eq(labels));
                }
            }
        }
    }

    #[test]
    fn a_split_depends_on_its_seed_alone() {
        let first = |seed| numbers(&numbered(100).split(0.5, seed).unwrap().0);
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
    }

    #[test]
    fn no_part_is_larger_than_the_whole() {
        for found in [-0.1, 1.1, f64::NAN] {
            assert!(matches!(numbered(3).split(found, 0), Err(DataError::Fraction { .. })));
        }
    }

    #[test]
    fn subsets_repeat_and_reorder() {
        let set = Dataset::<Features<1>, Values<Features<2>>>::from_values([0.0, 1.0], [2.0, 3.0, 4.0, 5.0]).unwrap();
        let subset = set.subset(&[1, 0, 1]).unwrap();
        assert_eq!(
            (numbers(&subset), subset.targets()),
            (alloc::vec![1.0, 0.0, 1.0], &[[4.0, 5.0], [2.0, 3.0], [4.0, 5.0]][..])
        );
        assert!(matches!(set.subset(&[0, 2]), Err(DataError::Index { index: 2, len: 2 })));
    }

    #[test]
    fn taking_stops_at_the_end() {
        assert_eq!(numbers(&numbered(5).take(2)), [0.0, 1.0]);
        assert_eq!(numbered(5).take(9).len(), 5);
    }
}
