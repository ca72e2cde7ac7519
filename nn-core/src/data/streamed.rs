//! Data sets from iterators and closures, and those that are read when they are needed.

use alloc::vec::Vec;

use super::stored::{Elements, ReadInput, Stored, Stream};
use super::{Columns, DataError, Dataset, Label};
#[cfg(feature = "std")]
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::Plain;

impl<X: SampleShape, Y: Label> Dataset<X, Y> {
    /// A data set of values from an iterator over pairs of an input and its target; a closure becomes one by `map`.
    ///
    /// ```
    /// use nn_core::data::{Classes, Dataset};
    /// use nn_core::shapes::Features;
    ///
    /// let parity = (0u32..8).map(|number| ([0, 1, 2].map(|bit| (number >> bit & 1) as f32), number.count_ones() % 2));
    /// let data: Dataset<Features<3>, Classes<2>> = Dataset::from_pairs(parity)?;
    /// assert_eq!((data.len(), data.class_counts()), (8, [4, 4]));
    /// # Ok::<(), nn_core::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Dataset::from_values`].
    pub fn from_pairs(pairs: impl IntoIterator<Item = (X::Array<f32>, Y::Target<f32>)>) -> Result<Self, DataError> {
        let (mut inputs, mut targets) = (Vec::new(), Vec::new());
        for (input, target) in pairs {
            inputs.extend_from_slice(input.as_slice());
            targets.push(target);
        }
        Self::finite(inputs, targets)
    }

    /// A data set whose pixels are read when they are needed, scaled to [0, 1]: only the targets, one for each sample, are in
    /// memory. `targets` as for [`Dataset::from_pixels`].
    ///
    /// Threads read the next batches while a step runs, and evaluation reads on all threads. Splits, folds and subsets are lists of
    /// numbers.
    ///
    /// ```
    /// use nn_core::data::{Classes, DataError, Dataset};
    /// use nn_core::shapes::Image;
    ///
    /// let stripes = |index: u32, pixels: &mut [u8]| -> Result<(), DataError> {
    ///     pixels.iter_mut().enumerate().for_each(|(place, pixel)| *pixel = (place as u32 / (index + 1) % 2 * 255) as u8);
    ///     Ok(())
    /// };
    /// let data: Dataset<Image<4, 4, 1>, Classes<2>> = Dataset::streamed_pixels(stripes, vec![0, 1])?;
    /// assert_eq!(data.input::<f32>(1)?[0], [[0.0], [0.0], [1.0], [1.0]]);
    /// # Ok::<(), DataError>(())
    /// ```
    ///
    /// # Errors
    /// When there are more targets than can be numbered, or one of them is wrong.
    pub fn streamed_pixels(
        reader: impl ReadInput<u8> + 'static,
        targets: impl Into<Y::Columns>,
    ) -> Result<Self, DataError>
    where
        Y: Columns,
    {
        Self::streamed(Y::rows(targets.into())?, |len| Stream::of_pixels(reader, len))
    }

    /// A data set whose values are read when they are needed; else as [`Dataset::streamed_pixels`]. A value that is not finite is
    /// an error when it is read.
    ///
    /// # Errors
    /// As [`Dataset::streamed_pixels`].
    pub fn streamed_values(
        reader: impl ReadInput<f32> + 'static,
        targets: impl Into<Y::Columns>,
    ) -> Result<Self, DataError>
    where
        Y: Columns,
    {
        Self::streamed(Y::rows(targets.into())?, |len| Stream::of_values(reader, len))
    }

    pub(super) fn streamed(
        targets: Vec<Y::Target<f32>>,
        stream: impl FnOnce(usize) -> Stream,
    ) -> Result<Self, DataError> {
        let stream = stream(targets.len());
        let is_of_pixels = stream.is_of_pixels();
        let data = Self::from_stored(Stored::Streamed(stream), targets)?;
        Ok(if is_of_pixels { data.scale_to_unit() } else { data })
    }

    /// The inputs' reader, where they are not in memory.
    pub(crate) fn stream(&self) -> Option<&Stream> {
        match &self.inputs {
            Stored::Held(_) => None,
            Stored::Streamed(stream) => Some(stream),
        }
    }

    /// Whether the inputs are read when they are needed.
    pub fn is_streamed(&self) -> bool {
        self.stream().is_some()
    }

    /// Writes the inputs of some samples that have been read, scaled; `first` is the first of them.
    #[cfg(feature = "std")]
    pub(crate) fn convert<T: Scalar>(&self, read: &Elements, first: usize, inputs: &mut [T]) {
        for (place, input) in (first..).zip(inputs.chunks_exact_mut(Self::INPUT)) {
            read.convert(place * Self::INPUT..(place + 1) * Self::INPUT, &self.scaling, input);
        }
    }

    /// The same data set with all inputs in memory.
    ///
    /// # Errors
    /// When a sample cannot be read.
    pub fn held(mut self) -> Result<Self, DataError> {
        let Stored::Streamed(stream) = &self.inputs else { return Ok(self) };
        let mut elements: Elements = stream.room();
        let all: Vec<u32> = (0..).take(self.len()).collect();
        stream.read(&all, Self::INPUT, &mut elements)?;
        self.inputs = Stored::Held(elements);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Classes, Values};
    use crate::shapes::Features;
    use alloc::string::ToString;

    type Set = Dataset<Features<2>, Classes<3>>;

    fn number(index: u32, input: &mut [f32]) -> Result<(), DataError> {
        input.copy_from_slice(&[index as f32, -(index as f32)]);
        if index == 66 { Err(DataError::unreadable(index, "gone")) } else { Ok(()) }
    }

    fn labels(count: u32) -> Vec<u32> {
        (0..count).map(|index| index * index % 3).collect()
    }

    #[test]
    fn a_streamed_set_is_cut_and_scaled_as_one_in_memory() {
        let streamed = Set::streamed_values(number, labels(66)).unwrap();
        let held = streamed.clone().held().unwrap();
        assert!(streamed.is_streamed() && !held.is_streamed());
        let inputs = |set: &Set| {
            let mut inputs = alloc::vec![0.0f32; 2 * set.len()];
            set.fill_inputs(&(0..set.len() as u32).collect::<Vec<_>>(), &mut inputs);
            inputs
        };
        let same = |a: &Set, b: &Set| assert_eq!((inputs(a), a.labels()), (inputs(b), b.labels()));
        same(&streamed, &held);
        for (a, b) in
            streamed.split_into([0.5, 0.3, 0.2], 7).unwrap().iter().zip(&held.split_into([0.5, 0.3, 0.2], 7).unwrap())
        {
            same(a, b);
            same(&a.subset(&[3, 0, 3]).unwrap(), &b.subset(&[3, 0, 3]).unwrap());
        }
        let (mut first, mut second) =
            (streamed.clone().split(0.4, 2).unwrap().0, held.clone().split(0.4, 2).unwrap().0);
        assert_eq!(first.standardize(), second.standardize());
        same(&first, &second);
        same(&first.take(5), &second.take(5));
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let mut set = Set::streamed_values(number, labels(70)).unwrap();
        assert_eq!(set.input::<f32>(66).unwrap_err().to_string(), "cannot read sample 66: gone");
        assert!(set.try_standardize().is_err() && set.clone().held().is_err());
        let nan = |index: u32, input: &mut [f32]| {
            input.fill(if index == 1 { f32::NAN } else { 0.0 });
            Ok(())
        };
        let set = Set::streamed_values(nan, labels(2)).unwrap();
        assert!(matches!(set.input::<f32>(1), Err(DataError::NotFinite { sample: 1, element: 0, .. })));
        assert!(matches!(Set::streamed_values(nan, [0, 3]), Err(DataError::Target { sample: 1, .. })));
    }

    #[test]
    fn pairs_become_a_set() {
        let pairs = (0..3).map(|index| ([index as f32], [2.0 * index as f32]));
        let set: Dataset<Features<1>, Values<Features<1>>> = Dataset::from_pairs(pairs).unwrap();
        assert_eq!((set.len(), set.targets()[2]), (3, [4.0]));
        assert!(Dataset::<Features<1>, Classes<1>>::from_pairs([([f32::INFINITY], 0)]).is_err());
        assert!(Dataset::<Features<1>, Classes<1>>::from_pairs([]).unwrap().is_empty());
    }
}
