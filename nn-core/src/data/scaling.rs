//! How stored numbers become a network's inputs.

use alloc::vec::Vec;
use num_traits::Float;

use super::{DataError, Dataset, Label};
use crate::scalar::Scalar;
use crate::shapes::SampleShape;

/// The mean and standard deviation of each channel (each feature, where there is but one axis; each element, where a sample holds
/// several inputs, one behind the other).
///
/// They are those of the stored numbers: of 0 to 255 for pixels. A network's input is `(stored − mean) / deviation`.
/// Compute them on the training set alone and apply the same to every other set.
#[derive(Clone, Debug, PartialEq)]
pub struct Standardization {
    /// One mean a channel.
    pub mean: Vec<f32>,
    /// One deviation a channel; 1 for a channel that never changes.
    pub deviation: Vec<f32>,
}

impl Standardization {
    /// Converts samples that are not in a data set, such as a camera's pixels, as the data set converts its own.
    /// As many elements are written as both slices have. Nothing is written where there are no channels.
    pub fn apply<E: Into<f64> + Copy, T: Scalar>(&self, stored: &[E], inputs: &mut [T]) {
        let channels = self.mean.iter().zip(&self.deviation).cycle();
        for ((input, &stored), (&mean, &deviation)) in inputs.iter_mut().zip(stored).zip(channels) {
            *input = (T::of(stored.into()) - T::of(mean.into())) * T::of((1.0 / deviation).into());
        }
    }

    fn check(&self, channels: usize) -> Result<(), DataError> {
        let (means, deviations) = (self.mean.len(), self.deviation.len());
        if means != channels || deviations != channels {
            return Err(DataError::Channels { channels, means, deviations });
        }
        for (channel, (&mean, &deviation)) in self.mean.iter().zip(&self.deviation).enumerate() {
            let usable = mean.is_finite() && deviation.is_finite() && deviation > 0.0 && (1.0 / deviation).is_finite();
            if !usable {
                return Err(DataError::Standardization { channel, mean, deviation });
            }
        }
        Ok(())
    }
}

/// The least number of elements that one turn of the inner loop converts.
const TURN: usize = 64;

/// `(stored − shift) × factor` for each channel, repeated to a whole number of channels that makes a long inner loop:
/// the compiler vectorises it whatever the number of channels.
///
/// Subtracting first keeps the digits of a feature whose mean is large beside its deviation.
#[derive(Clone, Debug)]
pub(super) struct Scaling {
    pub(super) shift: Vec<f32>,
    pub(super) factor: Vec<f32>,
}

impl Scaling {
    /// The same for every channel.
    pub(super) fn uniform(channels: usize, shift: f32, factor: f32) -> Self {
        let length = channels * TURN.div_ceil(channels.max(1));
        Self { shift: alloc::vec![shift; length], factor: alloc::vec![factor; length] }
    }

    fn new(parameters: &Standardization) -> Self {
        let channels = parameters.mean.len();
        let length = channels * TURN.div_ceil(channels.max(1));
        let shift = parameters.mean.iter().copied().cycle().take(length).collect();
        let factor = parameters.deviation.iter().map(|deviation| 1.0 / deviation).cycle().take(length).collect();
        Self { shift, factor }
    }
}

impl<X: SampleShape, Y: Label> Dataset<X, Y> {
    /// The number of channels: the size of the innermost axis.
    const CHANNELS: usize = X::SHAPE.last();

    /// Inputs are the stored numbers themselves: 0 to 255 for pixels. The default for values.
    #[must_use]
    pub fn unscaled(mut self) -> Self {
        self.scaling = Scaling::uniform(Self::CHANNELS, 0.0, 1.0);
        self
    }

    /// Inputs are the stored numbers divided by 255: [0, 1] for pixels, whose default this is.
    #[must_use]
    pub fn scale_to_unit(mut self) -> Self {
        self.scaling = Scaling::uniform(Self::CHANNELS, 0.0, 1.0 / 255.0);
        self
    }

    /// Gives every channel of the inputs mean 0 and standard deviation 1 over this data set, and returns what it used,
    /// for [`Dataset::standardize_with`] on the others. A data set without samples is left alone: mean 0, deviation 1.
    ///
    /// # Panics
    /// When a streamed data set cannot be read: [`Dataset::try_standardize`] says so instead.
    pub fn standardize(&mut self) -> Standardization {
        self.try_standardize().unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`Dataset::standardize`], for data sets that are read when they are needed: this reads all of it twice.
    ///
    /// # Errors
    /// When a sample of a streamed data set cannot be read; never for one in memory.
    pub fn try_standardize(&mut self) -> Result<Standardization, DataError> {
        let parameters = self.measure()?;
        self.scaling = Scaling::new(&parameters);
        Ok(parameters)
    }

    /// Applies the standardization of another data set, usually the training set's.
    ///
    /// # Errors
    /// When it has another number of channels, or numbers that cannot be used.
    pub fn standardize_with(&mut self, parameters: &Standardization) -> Result<(), DataError> {
        parameters.check(Self::CHANNELS)?;
        self.scaling = Scaling::new(parameters);
        Ok(())
    }

    /// Means first, then deviations from them: two passes in f64, so that nothing cancels.
    fn measure(&self) -> Result<Standardization, DataError> {
        let count = (self.len() * X::SHAPE.rows()).max(1) as f64;
        let mut mean = alloc::vec![0.0; Self::CHANNELS];
        self.inputs.each_channel(Self::INPUT, Self::CHANNELS, |channel, stored| mean[channel] += stored)?;
        mean.iter_mut().for_each(|sum| *sum /= count);
        let mut variance = alloc::vec![0.0; Self::CHANNELS];
        self.inputs.each_channel(Self::INPUT, Self::CHANNELS, |channel, stored| {
            let distance = stored - mean[channel];
            variance[channel] += distance * distance;
        })?;
        let deviation = variance.iter().map(|sum| usable_deviation(Float::sqrt(sum / count) as f32)).collect();
        Ok(Standardization { mean: mean.iter().map(|&mean| mean as f32).collect(), deviation })
    }
}

/// A channel that never changes keeps its unit, so that it becomes 0 and not NaN.
pub(super) fn usable_deviation(deviation: f32) -> f32 {
    if deviation.is_normal() && (1.0 / deviation).is_finite() { deviation } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Classes;
    use crate::shapes::{Features, Image};

    #[test]
    fn every_channel_gets_mean_0_and_deviation_1() {
        let pixels: Vec<u8> = (0..5 * 3 * 7 * 3).map(|index| (index * 37 % 251) as u8).collect();
        let mut set = Dataset::<Image<3, 7, 3>, Classes<2>>::from_pixels(pixels.clone(), [0, 1, 0, 1, 0]).unwrap();
        let used = set.standardize();
        let mut inputs = alloc::vec![0.0f64; pixels.len()];
        set.fill_inputs(&[0, 1, 2, 3, 4], &mut inputs);
        for channel in 0..3 {
            let values = inputs.iter().skip(channel).step_by(3);
            let count = values.clone().count() as f64;
            let mean = values.clone().sum::<f64>() / count;
            let variance = values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
            assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-6, "{mean} {variance}");
        }
        let mut outside = alloc::vec![0.0f64; pixels.len()];
        used.apply(&pixels, &mut outside);
        assert_eq!(inputs, outside);
    }

    #[test]
    fn a_large_mean_costs_no_digits() {
        let values: Vec<f32> = (0..100).map(|index| 1e6 + (index % 4) as f32).collect();
        let mut set = Dataset::<Features<1>, Classes<1>>::from_values(values, [0; 100]).unwrap();
        set.standardize();
        let mut first = [0.0f32; 4];
        set.fill_inputs(&[0, 1, 2, 3], &mut first);
        assert!((first[1] - first[0] - (first[3] - first[2])).abs() < 1e-6, "{first:?}");
        assert!((first[0] + 1.341_640_8).abs() < 1e-4, "{first:?}");
    }

    #[test]
    fn a_constant_channel_becomes_0() {
        let mut set = Dataset::<Features<2>, Classes<1>>::from_values([3.0, 1.0, 3.0, 2.0], [0, 0]).unwrap();
        let used = set.standardize();
        assert_eq!(used.deviation, [1.0, 0.5]);
        let mut inputs = [9.0f32; 4];
        set.fill_inputs(&[0, 1], &mut inputs);
        assert_eq!(inputs, [0.0, -1.0, 0.0, 1.0]);
    }

    #[test]
    fn unusable_standardizations_are_refused() {
        let mut set = Dataset::<Features<1>, Classes<1>>::from_values([3.0], [0]).unwrap();
        let of = |mean: &[f32], deviation: &[f32]| Standardization { mean: mean.into(), deviation: deviation.into() };
        assert!(matches!(set.standardize_with(&of(&[0.0; 2], &[1.0])), Err(DataError::Channels { means: 2, .. })));
        for wrong in [of(&[0.0], &[0.0]), of(&[f32::NAN], &[1.0]), of(&[0.0], &[f32::INFINITY])] {
            assert!(matches!(set.standardize_with(&wrong), Err(DataError::Standardization { channel: 0, .. })));
        }
    }

    #[test]
    fn an_empty_set_is_left_alone() {
        let mut set = Dataset::<Features<1>, Classes<1>>::from_values([], []).unwrap();
        assert_eq!(set.standardize(), Standardization { mean: [0.0].into(), deviation: [1.0].into() });
    }
}
