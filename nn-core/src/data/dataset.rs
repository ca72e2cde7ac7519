//! Samples and their targets.

use alloc::vec::Vec;
use core::marker::PhantomData;

#[cfg(feature = "std")]
use super::convert::convert_values;
use super::scaling::Scaling;
use super::stored::{Elements, Stored};
use super::{Classes, Columns, DataError, Label, OneHot};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;
use crate::simd::{AlignedBox, Plain};

/// Samples of shape `X`, each with a target of kind `Y`, such as `Dataset<Image<32, 32, 3>, Classes<10>>`.
///
/// Pixels stay bytes and values stay `f32` in memory; what a network receives is `(stored − mean) / deviation`, computed
/// when a tile is filled: [0, 1] for pixels and the values themselves unless [`Dataset::standardize`] changes it.
/// Inputs lie sample by sample, channels last; targets likewise.
///
/// A data set may be empty; training says so. Inputs that do not fit into memory are [streamed](Dataset::streamed_pixels).
#[derive(Clone, Debug)]
pub struct Dataset<X: SampleShape, Y: Label> {
    pub(super) inputs: Stored,
    pub(super) targets: Vec<Y::Target<f32>>,
    pub(super) scaling: Scaling,
    shape: PhantomData<X>,
}

/// The largest pixel.
#[cfg(feature = "std")]
const WHITE: f32 = 255.0;

impl<X: SampleShape, Y: Label> Dataset<X, Y> {
    /// Elements of one input.
    pub(super) const INPUT: usize = X::SHAPE.len();

    /// A data set of pixels; its inputs are scaled to [0, 1].
    ///
    /// `pixels` are the images one behind the other, channels last; nothing is copied when a vector is given. `targets` are
    /// class numbers for [`Classes`], flat `f32` for [`OneHot`](super::OneHot) and [`Values`](super::Values), and a tuple of
    /// such vectors for a tuple of labels: see [`Columns`].
    ///
    /// # Errors
    /// When the number of elements does not fit the shapes or each other, or a target is wrong.
    pub fn from_pixels(pixels: impl Into<Vec<u8>>, targets: impl Into<Y::Columns>) -> Result<Self, DataError>
    where
        Y: Columns,
    {
        Ok(Self::checked(Elements::Pixels(pixels.into()), Y::rows(targets.into())?)?.scale_to_unit())
    }

    /// A data set of values, used as they are.
    ///
    /// `values` are the inputs one behind the other, channels last; nothing is copied when a vector is given. `targets` as
    /// for [`Dataset::from_pixels`].
    ///
    /// ```
    /// use nn_core::data::{Classes, Dataset, Values};
    /// use nn_core::shapes::Features;
    ///
    /// let (labels, boxes) = (vec![0, 2], vec![0.0, 0.5, 0.25, 1.0]);
    /// let data: Dataset<Features<1>, (Classes<3>, Values<Features<2>>)> =
    ///     Dataset::from_values([1.0, 2.0], (labels, boxes))?;
    /// assert_eq!(data.targets()[1], (2, [0.25, 1.0]));
    /// # Ok::<(), nn_core::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// When the number of elements does not fit the shapes or each other, a value is not finite, or a target is wrong.
    pub fn from_values(values: impl Into<Vec<f32>>, targets: impl Into<Y::Columns>) -> Result<Self, DataError>
    where
        Y: Columns,
    {
        Self::finite(values.into(), Y::rows(targets.into())?)
    }

    /// A data set of values from one nested array a sample.
    ///
    /// ```
    /// use nn_core::data::{Classes, Dataset};
    /// use nn_core::shapes::Features;
    ///
    /// let xor: Dataset<Features<2>, Classes<2>> =
    ///     Dataset::from_samples(&[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], &[0, 1, 1, 0])?;
    /// assert_eq!(xor.class_counts(), [2, 2]);
    /// # Ok::<(), nn_core::data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Dataset::from_values`].
    pub fn from_samples(inputs: &[X::Array<f32>], targets: &[Y::Target<f32>]) -> Result<Self, DataError> {
        Self::finite(X::Array::flatten(inputs).to_vec(), targets.to_vec())
    }

    pub(super) fn finite(values: Vec<f32>, targets: Vec<Y::Target<f32>>) -> Result<Self, DataError> {
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            let (sample, element) = (index / Self::INPUT.max(1), index % Self::INPUT.max(1));
            return Err(DataError::NotFinite { sample, element, value: values[index] });
        }
        Self::checked(Elements::Values(values), targets)
    }

    fn checked(inputs: Elements, targets: Vec<Y::Target<f32>>) -> Result<Self, DataError> {
        let found = inputs.len();
        if !found.is_multiple_of(Self::INPUT) {
            return Err(DataError::Elements { what: "inputs", found, shape: X::SHAPE });
        }
        let count = found / Self::INPUT;
        if count != targets.len() {
            return Err(DataError::Counts { inputs: count, targets: targets.len() });
        }
        Self::from_stored(Stored::Held(inputs), targets)
    }

    /// Of as many inputs as targets.
    pub(super) fn from_stored(inputs: Stored, targets: Vec<Y::Target<f32>>) -> Result<Self, DataError> {
        const { assert!(Self::INPUT > 0, "a sample of a data set needs at least one element") };
        let count = targets.len();
        if u32::try_from(count).is_err() {
            return Err(DataError::TooMany { samples: count });
        }
        for (sample, target) in targets.iter().enumerate() {
            Y::check(target).map_err(|fault| DataError::Target { sample, fault })?;
        }
        Ok(Self { inputs, targets, scaling: Scaling::uniform(X::SHAPE.last(), 0.0, 1.0), shape: PhantomData })
    }

    /// The same samples seen in another shape of as many elements, such as an image as its pixels in a row. How they are
    /// scaled stays.
    ///
    /// Shapes of different lengths are refused by the compiler.
    #[must_use]
    pub fn reshape<Z: SampleShape>(self) -> Dataset<Z, Y> {
        const { assert!(X::SHAPE.len() == Z::SHAPE.len(), "a reshape must keep the number of elements") };
        Dataset { inputs: self.inputs, targets: self.targets, scaling: self.scaling, shape: PhantomData }
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there is no sample.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// All targets, one a sample.
    pub fn targets(&self) -> &[Y::Target<f32>] {
        &self.targets
    }

    /// The inputs' bytes, sample by sample, where the data set is one of pixels and holds them in memory.
    pub fn pixels(&self) -> Option<&[u8]> {
        match &self.inputs {
            Stored::Held(Elements::Pixels(pixels)) => Some(pixels),
            _ => None,
        }
    }

    /// Writes the inputs of these samples one behind the other, scaled: `inputs` is `indices.len()` samples long.
    ///
    /// # Panics
    /// When an index is not below [`Dataset::len`], or `inputs` has another length. When a streamed data set cannot be read:
    /// [`Dataset::try_fill_inputs`] says so instead.
    pub fn fill_inputs<T: Scalar>(&self, indices: &[u32], inputs: &mut [T]) {
        if let Err(error) = self.try_fill_inputs(indices, inputs) {
            panic!("{error}");
        }
    }

    /// As [`Dataset::fill_inputs`], for data sets that are read when they are needed.
    ///
    /// # Errors
    /// When a sample of a streamed data set cannot be read; never for one in memory.
    ///
    /// # Panics
    /// When an index is not below [`Dataset::len`], or `inputs` has another length.
    pub fn try_fill_inputs<T: Scalar>(&self, indices: &[u32], inputs: &mut [T]) -> Result<(), DataError> {
        assert_eq!(inputs.len(), indices.len() * Self::INPUT, "fill_inputs needs room for exactly these samples");
        let tile = indices.iter().zip(inputs.chunks_exact_mut(Self::INPUT));
        match &self.inputs {
            Stored::Held(elements) => {
                // Shuffled samples lie anywhere: the next one is asked for while one is converted.
                for ((&index, input), next) in tile.zip(1..) {
                    if let Some(&next) = indices.get(next) {
                        elements.prefetch(Self::place(next));
                    }
                    elements.convert(Self::place(index), &self.scaling, input);
                }
                Ok(())
            }
            Stored::Streamed(stream) => {
                let mut room = stream.room();
                tile.into_iter().try_for_each(|(index, input)| {
                    stream.read(core::slice::from_ref(index), Self::INPUT, &mut room)?;
                    room.convert(0..Self::INPUT, &self.scaling, input);
                    Ok(())
                })
            }
        }
    }

    /// Writes the targets of these samples as a loss takes them.
    ///
    /// # Panics
    /// When an index is not below [`Dataset::len`], or `targets` is not as long as `indices`.
    pub fn fill_targets<T: Scalar>(&self, indices: &[u32], targets: &mut [Y::Target<T>]) {
        assert_eq!(targets.len(), indices.len(), "fill_targets needs room for exactly these samples");
        for (&index, target) in indices.iter().zip(targets) {
            Y::convert::<T>(&self.targets[index as usize], target);
        }
    }

    /// Writes the input of one sample of a batch as augmentation sees it: pixels from 0 to 1, values as they are. `read` are
    /// the batch's inputs, where they have been read ahead.
    ///
    /// # Errors
    /// When the data set is streamed, and the sample cannot be read.
    #[cfg(feature = "std")]
    pub(crate) fn fill_natural(
        &self,
        (batch, read): (&[u32], Option<&Elements>),
        place: usize,
        values: &mut [f32],
    ) -> Result<(), DataError> {
        match (read, &self.inputs) {
            (Some(read), _) => natural(read, Self::place(place as u32), values),
            (None, Stored::Held(elements)) => natural(elements, Self::place(batch[place]), values),
            (None, Stored::Streamed(stream)) => {
                let mut room = stream.room();
                stream.read(&batch[place..=place], Self::INPUT, &mut room)?;
                natural(&room, 0..Self::INPUT, values);
            }
        }
        Ok(())
    }

    /// Scales what [`Dataset::fill_natural`] wrote, as [`Dataset::fill_inputs`] does: bit by bit the same, where it has not
    /// been changed.
    #[cfg(feature = "std")]
    pub(crate) fn scale_natural<T: Scalar>(&self, values: &mut [f32], input: &mut [T]) {
        if self.inputs.is_of_pixels() {
            values.iter_mut().for_each(|value| *value *= WHITE);
        }
        convert_values(values, &self.scaling.shift, &self.scaling.factor, input);
    }

    /// The input of one sample, as a network takes it.
    ///
    /// # Errors
    /// When there is no such sample, or it cannot be read.
    pub fn input<T: Scalar>(&self, index: usize) -> Result<AlignedBox<X::Array<T>>, DataError> {
        self.check_index(index)?;
        let mut input = X::Array::<T>::zeroed_box();
        // No data set has more samples than `u32` can count.
        self.try_fill_inputs(&[index as u32], input.as_mut_slice())?;
        Ok(input)
    }

    /// Where the input of one sample stands.
    pub(super) fn place(index: u32) -> core::ops::Range<usize> {
        let start = index as usize * Self::INPUT;
        start..start + Self::INPUT
    }

    /// Other samples with the same scaling.
    pub(super) fn with(&self, inputs: Stored, targets: Vec<Y::Target<f32>>) -> Self {
        Self { inputs, targets, scaling: self.scaling.clone(), shape: PhantomData }
    }

    pub(super) fn check_index(&self, index: usize) -> Result<(), DataError> {
        let len = self.len();
        if index < len { Ok(()) } else { Err(DataError::Index { index, len }) }
    }
}

#[cfg(feature = "std")]
fn natural(elements: &Elements, place: core::ops::Range<usize>, values: &mut [f32]) {
    match elements {
        Elements::Pixels(all) => {
            values.iter_mut().zip(&all[place]).for_each(|(value, &byte)| *value = f32::from(byte) / WHITE);
        }
        Elements::Values(all) => values.copy_from_slice(&all[place]),
    }
}

impl<X: SampleShape, const N: usize> Dataset<X, Classes<N>> {
    /// The class of every sample.
    pub fn labels(&self) -> &[u32] {
        &self.targets
    }

    /// The class of one sample.
    pub fn label(&self, index: usize) -> Option<u32> {
        self.targets.get(index).copied()
    }

    /// The same samples with a share of 1 for their class as targets, so that targets can be blended.
    #[must_use]
    pub fn one_hot(self) -> Dataset<X, OneHot<N>> {
        let share = |label: &u32| core::array::from_fn(|class| f32::from(u8::from(class == *label as usize)));
        let targets = self.targets.iter().map(share).collect();
        Dataset { inputs: self.inputs, targets, scaling: self.scaling, shape: PhantomData }
    }

    /// How many samples each class has.
    pub fn class_counts(&self) -> [usize; N] {
        let mut counts = [0; N];
        for &label in &self.targets {
            counts[label as usize] += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{LabelFault, Values};
    use crate::shapes::{Features, Image};

    type Tiny = Dataset<Image<1, 2, 3>, Classes<4>>;

    #[test]
    fn pixels_become_the_unit_interval_in_any_order_and_scalar() {
        let set = Tiny::from_pixels([0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6], [3, 0]).unwrap();
        let (mut single, mut double) = ([9.0f32; 18], [9.0f64; 18]);
        set.fill_inputs(&[1, 0, 1], &mut single);
        set.fill_inputs(&[1, 0, 1], &mut double);
        for (found, expected) in single[6..12].iter().zip([0.0, 0.2, 0.4, 0.6, 0.8, 1.0]) {
            assert!((found - expected).abs() < 1e-6, "{single:?}");
        }
        assert_eq!(single[..6], single[12..]);
        for (single, double) in single.iter().zip(double) {
            assert!((f64::from(*single) - double).abs() < 1e-6);
        }
        let mut labels = [9; 3];
        set.fill_targets::<f32>(&[1, 0, 1], &mut labels);
        assert_eq!(labels, [0, 3, 0]);
        assert_eq!(set.input::<f32>(0).unwrap()[0][1], single[9..12]);
    }

    #[test]
    fn long_samples_keep_their_channels_apart() {
        let set = Dataset::<Image<9, 11, 5>, Classes<1>>::from_pixels([7; 495], [0]).unwrap().unscaled();
        let mut inputs = [0.0f32; 495];
        set.fill_inputs(&[0], &mut inputs);
        assert_eq!(inputs, [7.0; 495]);
    }

    #[test]
    fn a_reshape_keeps_values_and_scaling() {
        let mut set = Tiny::from_pixels([0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6], [3, 0]).unwrap();
        set.standardize();
        let (mut before, mut after) = ([0.0f32; 12], [0.0f32; 12]);
        set.fill_inputs(&[0, 1], &mut before);
        set.reshape::<Features<6>>().fill_inputs(&[0, 1], &mut after);
        assert_eq!(before, after);
    }

    #[test]
    fn targets_of_every_kind_arrive() {
        let values =
            Dataset::<Features<1>, Values<Features<2>>>::from_samples(&[[1.0], [2.0]], &[[3.0, 4.0], [5.0, 6.0]]);
        let mut targets = [[0.0f64; 2]];
        values.unwrap().fill_targets::<f64>(&[1], &mut targets);
        assert_eq!(targets, [[5.0, 6.0]]);
        let soft = Dataset::<Features<1>, OneHot<2>>::from_samples(&[[1.0]], &[[0.1, 0.9]]).unwrap();
        assert_eq!(soft.targets(), [[0.1, 0.9]]);
        type Both = (Classes<3>, Values<Features<2>>);
        let both = Dataset::<Features<1>, Both>::from_samples(&[[1.0], [2.0]], &[(2, [3.0, 4.0]), (0, [5.0, 6.0])]);
        let mut targets = [(9, [0.0f64; 2])];
        both.unwrap().fill_targets::<f64>(&[1], &mut targets);
        assert_eq!(targets, [(0, [5.0, 6.0])]);
    }

    #[test]
    fn wrong_sizes_and_targets_are_refused_where_they_stand() {
        assert!(matches!(Tiny::from_pixels([0; 7], [0]), Err(DataError::Elements { what: "inputs", found: 7, .. })));
        assert!(matches!(Tiny::from_pixels([0; 12], [0]), Err(DataError::Counts { inputs: 2, targets: 1 })));
        let out_of_range = Tiny::from_pixels([0; 12], [0, 4]);
        let fault = LabelFault::OutOfRange { label: 4, classes: 4 };
        assert!(matches!(out_of_range, Err(DataError::Target { sample: 1, fault: found }) if found == fault));
        let odd = Dataset::<Features<1>, OneHot<2>>::from_values([0.0], [1.0, 0.0, 0.0]);
        assert!(matches!(odd, Err(DataError::Elements { what: "targets", found: 3, .. })));
        let nan = Dataset::<Features<2>, Classes<1>>::from_samples(&[[0.0, 0.0], [0.0, f32::NAN]], &[0, 0]);
        assert!(matches!(nan, Err(DataError::NotFinite { sample: 1, element: 1, .. })));
    }

    #[test]
    fn an_empty_set_is_a_set() {
        let set = Tiny::from_pixels([], []).unwrap();
        assert!(set.is_empty());
        assert_eq!((set.len(), set.class_counts()), (0, [0; 4]));
        assert!(matches!(set.input::<f32>(0), Err(DataError::Index { index: 0, len: 0 })));
    }

    #[test]
    fn labels_are_counted() {
        let set = Tiny::from_pixels([0; 18], [3, 1, 3]).unwrap();
        assert_eq!((set.class_counts(), set.label(1), set.label(3)), ([0, 1, 0, 2], Some(1), None));
    }
}
