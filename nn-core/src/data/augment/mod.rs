//! Augmentation: every time that a network sees a sample in training, it sees it a little changed.
//!
//! ```
//! use nn_core::data::augment::{Augment, Border};
//! use nn_core::losses::CrossEntropy;
//! use nn_core::optim::Adam;
//! use nn_core::train::Trainer;
//!
//! let augment = Augment::new().flip_horizontal(0.5).border(Border::Reflect).crop(4);
//! let trainer = Trainer::new(CrossEntropy::new(), Adam::default()).augment(augment);
//! ```
//!
//! Changes are made in the order in which they are asked for, to a sample as the data set keeps it: pixels lie in [0, 1],
//! values are those stored; [standardizing](crate::data::Dataset::standardize) comes after. Targets stay as they are, but
//! for [`Augment::mix_up`] and [`Augment::cut_mix`].
//!
//! They are made tile by tile on the threads that train, in memory that is kept. Their random numbers follow from the seed of
//! the step and the sample's place in the batch: results depend neither on tiles nor threads, and training that goes on from
//! a checkpoint draws the same ones. Validation and [`Trainer::evaluate`](crate::train::Trainer::evaluate) see samples as
//! they are, and so does [`Session::step`](crate::train::Session::step).
//!
//! One of one's own is a struct with [`Augmentation`], for [`Augment::with`].

mod affine;
mod border;
mod brightness;
mod colour;
mod contrast;
mod crop;
mod cut_mix;
mod draw;
mod erase;
mod error;
mod fill;
mod flip;
mod hue;
mod mask;
mod mix_up;
mod mixing;
mod noise;
mod resized_crop;
mod sampler;
mod saturation;
#[cfg(test)]
mod tests;
mod time_shift;

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::OutOfRange;
use crate::spec::Shape;
use affine::Affine;
use mixing::Mixing;

pub use {border::Border, draw::Draw, error::AugmentError};

pub(crate) use fill::Spare;
pub(crate) use mixing::Mix;

/// A way to change samples.
pub trait Augmentation: core::fmt::Debug + Send + Sync {
    /// Its name in errors.
    fn name(&self) -> &'static str;

    /// Whether it makes sense for samples of this shape.
    ///
    /// # Errors
    /// When the shape is of another kind, or a setting is out of range.
    fn check(&self, shape: Shape) -> Result<(), AugmentError>;

    /// Changes one sample, channels last. `spare` is as long as the sample, and holds nothing in particular. All that is
    /// random comes from `draw`.
    fn apply(&self, shape: Shape, sample: &mut [f32], spare: &mut [f32], draw: &mut Draw);
}

/// One of the changes: neighbouring affine ones are one.
#[derive(Clone, Debug)]
enum Step {
    Affine(Affine),
    Other(Arc<dyn Augmentation>),
}

impl Step {
    fn augmentation(&self) -> &dyn Augmentation {
        match self {
            Self::Affine(affine) => affine,
            Self::Other(other) => &**other,
        }
    }
}

/// Changes that training makes to samples: see the [module](self).
///
/// | samples | changes |
/// |---|---|
/// | images `[height, width, channels]` | [`flip_horizontal`](Augment::flip_horizontal), [`flip_vertical`](Augment::flip_vertical), [`crop`](Augment::crop), [`resized_crop`](Augment::resized_crop), [`rotate`](Augment::rotate), [`scale`](Augment::scale), [`shift`](Augment::shift), [`shear`](Augment::shear), [`brightness`](Augment::brightness), [`contrast`](Augment::contrast), [`erase`](Augment::erase), [`cut_mix`](Augment::cut_mix) |
/// | images `[height, width, 3]` of red, green and blue | [`saturation`](Augment::saturation), [`hue`](Augment::hue) |
/// | sequences: sounds `[time]` or `[time, channels]`, spectrograms `[time, frequency]` | [`time_shift`](Augment::time_shift), [`mask_time`](Augment::mask_time), [`mask_frequency`](Augment::mask_frequency) |
/// | any | [`noise`](Augment::noise), [`mix_up`](Augment::mix_up), [`with`](Augment::with) |
#[derive(Clone, Debug, Default)]
pub struct Augment {
    steps: Vec<Step>,
    border: Border,
    mixing: Mixing,
}

impl Augment {
    /// No change.
    pub fn new() -> Self {
        Self::default()
    }

    /// A change of one's own, or any other, behind those before.
    #[must_use]
    pub fn with(mut self, augmentation: impl Augmentation + 'static) -> Self {
        self.steps.push(Step::Other(Arc::new(augmentation)));
        self
    }

    /// Changes the affine map that came last, or begins one.
    fn affine(mut self, change: impl FnOnce(&mut Affine)) -> Self {
        match self.steps.last_mut() {
            Some(Step::Affine(affine)) if affine.border == self.border => change(affine),
            _ => {
                let mut affine = Affine::new(self.border);
                change(&mut affine);
                self.steps.push(Step::Affine(affine));
            }
        }
        self
    }

    /// What the changes that follow see beyond the border of a sample: [`Border::Zero`] by default.
    #[must_use]
    pub fn border(mut self, border: Border) -> Self {
        self.border = border;
        self
    }

    /// Mirrors an image `[height, width, channels]`, left and right, with this probability.
    #[must_use]
    pub fn flip_horizontal(self, probability: f64) -> Self {
        self.with(flip::Flip { is_vertical: false, probability })
    }

    /// Mirrors an image `[height, width, channels]`, top and bottom, with this probability.
    #[must_use]
    pub fn flip_vertical(self, probability: f64) -> Self {
        self.with(flip::Flip { is_vertical: true, probability })
    }

    /// Puts `padding` pixels of [border](Augment::border) around an image `[height, width, channels]`, and cuts an image of
    /// the old size out of that, anywhere. As torchvision `RandomCrop`.
    #[must_use]
    pub fn crop(self, padding: usize) -> Self {
        let border = self.border;
        self.with(crop::Crop { padding, border })
    }

    /// Cuts a part out of an image `[height, width, channels]` that has this share of its area at least, between 3 : 4 and
    /// 4 : 3 as wide as high in units of the image, and enlarges it to the old size, bilinearly. As torchvision
    /// `RandomResizedCrop`, which takes 0.08.
    #[must_use]
    pub fn resized_crop(self, least_area: f64) -> Self {
        self.with(resized_crop::ResizedCrop { least_area })
    }

    /// Turns an image `[height, width, channels]` around its middle, by up to this many degrees either way.
    ///
    /// `rotate`, `scale`, `shift` and `shear`, one behind the other, are one map, which samples the image once, bilinearly: an
    /// image is scaled, sheared, turned and then shifted. As torchvision `RandomAffine`.
    #[must_use]
    pub fn rotate(self, degrees: f64) -> Self {
        self.affine(|affine| affine.degrees = degrees)
    }

    /// Makes what an image `[height, width, channels]` shows larger, by a factor between these; smaller, below 1. See
    /// [`Augment::rotate`].
    #[must_use]
    pub fn scale(self, least: f64, largest: f64) -> Self {
        self.affine(|affine| affine.scales = [least, largest])
    }

    /// Moves an image `[height, width, channels]` up, down and sideways, by up to this share of its height and width. See
    /// [`Augment::rotate`].
    #[must_use]
    pub fn shift(self, share: f64) -> Self {
        self.affine(|affine| affine.shift = share)
    }

    /// Lets upright lines of an image `[height, width, channels]` lean by up to this many degrees either way. See
    /// [`Augment::rotate`].
    #[must_use]
    pub fn shear(self, degrees: f64) -> Self {
        self.affine(|affine| affine.shear = degrees)
    }

    /// Multiplies an image by a factor between `1 − strength`, or 0, and `1 + strength`. Values are held to [0, 1]: stored
    /// values outside are no brightness. As torchvision `ColorJitter`.
    #[must_use]
    pub fn brightness(self, strength: f64) -> Self {
        self.with(brightness::Brightness(strength))
    }

    /// Multiplies how far an image is from its mean grey, as [`Augment::brightness`] multiplies the image.
    #[must_use]
    pub fn contrast(self, strength: f64) -> Self {
        self.with(contrast::Contrast(strength))
    }

    /// Multiplies how far each pixel of red, green and blue is from its own grey, as [`Augment::brightness`] multiplies the
    /// image.
    #[must_use]
    pub fn saturation(self, strength: f64) -> Self {
        self.with(saturation::Saturation(strength))
    }

    /// Turns the hue of an image of red, green and blue by up to this share of the colour circle either way: at most 0.5.
    #[must_use]
    pub fn hue(self, share: f64) -> Self {
        self.with(hue::Hue(share))
    }

    /// Adds to every element a number of its own from the normal distribution with mean 0 and this standard deviation.
    #[must_use]
    pub fn noise(self, deviation: f64) -> Self {
        self.with(noise::Noise(deviation))
    }

    /// Makes a window of an image `[height, width, channels]` zero, with this probability: between 2 % and a third of its area,
    /// and between 0.3 and 3.3 times as wide as high. Z. Zhong et al., "Random erasing data augmentation" (2020); as
    /// torchvision `RandomErasing`.
    #[must_use]
    pub fn erase(self, probability: f64) -> Self {
        self.with(erase::Erase { probability })
    }

    /// Moves a sequence along its first axis, time, by up to this share of its length either way, in whole steps; what comes
    /// in is the [border](Augment::border).
    #[must_use]
    pub fn time_shift(self, share: f64) -> Self {
        let border = self.border;
        self.with(time_shift::TimeShift { share, border })
    }

    /// Replaces `count` stretches of time, of 0 to `longest` steps along the first axis, by the mean of the sample. D. Park et
    /// al., "SpecAugment" (2019), for spectrograms `[time, frequency]`.
    #[must_use]
    pub fn mask_time(self, count: usize, longest: usize) -> Self {
        self.with(mask::Mask { axis: 0, count, longest })
    }

    /// Replaces `count` stretches of frequency, of 0 to `widest` bins along the second axis, by the mean of the sample: see
    /// [`Augment::mask_time`].
    #[must_use]
    pub fn mask_frequency(self, count: usize, widest: usize) -> Self {
        self.with(mask::Mask { axis: 1, count, longest: widest })
    }

    /// Blends each sample with another of its batch, and their targets alike: `λ a + (1 − λ) b`, with `λ` from the beta
    /// distribution of `alpha`, `alpha`. H. Zhang et al., "mixup: beyond empirical risk minimization" (2018), who take 0.1 to
    /// 0.4 for images.
    ///
    /// Targets are shares of classes ([`Dataset::one_hot`](crate::data::Dataset::one_hot)) or values. With
    /// [`Augment::cut_mix`] as well, each sample is mixed in one of the two ways.
    #[must_use]
    pub fn mix_up(mut self, alpha: f64) -> Self {
        self.mixing.mix_up = Some(alpha);
        self
    }

    /// Puts a window of another image of the batch into each image `[height, width, channels]`, and blends their targets by
    /// the areas: one minus the area of the window is from the beta distribution of `alpha`, `alpha` before the window is cut
    /// off at the border. S. Yun et al., "CutMix" (2019), who take 1. Targets as for [`Augment::mix_up`].
    #[must_use]
    pub fn cut_mix(mut self, alpha: f64) -> Self {
        self.mixing.cut_mix = Some(alpha);
        self
    }

    /// The share of samples that [`Augment::mix_up`] and [`Augment::cut_mix`] mix: all, by default.
    #[must_use]
    pub fn mix_share(mut self, share: f64) -> Self {
        self.mixing.share = share;
        self
    }

    /// Whether samples of this shape can be changed in this way, with targets that can be blended or cannot.
    ///
    /// # Errors
    /// When they cannot, or a setting is out of range.
    pub fn check(&self, shape: Shape, blends: bool) -> Result<(), AugmentError> {
        self.steps.iter().try_for_each(|step| step.augmentation().check(shape))?;
        self.mixing.check(shape, blends)
    }

    /// Changes one sample as training does in a step with this seed, without mixing; `place` is that in the batch. Values are
    /// those of the data set: pixels from 0 to 1. For a look at what a network sees.
    ///
    /// ```
    /// use nn_core::data::augment::Augment;
    /// use nn_core::spec::Shape;
    ///
    /// let mut image = [0.0, 0.25, 0.5, 1.0];
    /// Augment::new().flip_horizontal(1.0).apply(Shape::new(&[2, 2, 1]), 1, 0, &mut image)?;
    /// assert_eq!(image, [0.25, 0.0, 1.0, 0.5]);
    /// # Ok::<(), nn_core::data::augment::AugmentError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Augment::check`].
    ///
    /// # Panics
    /// When `values` is not as long as the shape.
    pub fn apply(&self, shape: Shape, seed: u64, place: usize, values: &mut [f32]) -> Result<(), AugmentError> {
        assert_eq!(values.len(), shape.len(), "a sample has as many values as its shape");
        self.check(shape, true)?;
        self.run(shape, seed, place, values, &mut alloc::vec![0.0; values.len()]);
        Ok(())
    }

    fn run(&self, shape: Shape, seed: u64, sample: usize, values: &mut [f32], spare: &mut [f32]) {
        for (place, step) in (0..).zip(&self.steps) {
            step.augmentation().apply(shape, values, spare, &mut Draw::new(seed, place, sample as u64));
        }
    }

    /// What the sample in this place of a batch of `len` samples is mixed with, if with anything.
    pub(crate) fn mix(&self, shape: Shape, seed: u64, place: usize, len: usize) -> Option<Mix> {
        self.mixing.of(shape, seed, place, len)
    }
}

/// Accepts images.
fn image(name: &'static str, shape: Shape) -> Result<(), AugmentError> {
    let expected = "images [height, width, channels]";
    if shape.rank() == 3 { Ok(()) } else { Err(AugmentError::Shape { name, expected, found: shape }) }
}

/// Accepts shapes with this axis.
fn axis(name: &'static str, shape: Shape, axis: usize) -> Result<(), AugmentError> {
    let expected = if axis == 0 { "sequences [time, ..]" } else { "spectrograms [time, frequency]" };
    if axis < shape.rank() { Ok(()) } else { Err(AugmentError::Shape { name, expected, found: shape }) }
}

/// Accepts numbers from 0 to 1.
fn probability(name: &'static str, found: f64) -> Result<(), AugmentError> {
    let refused = OutOfRange { name, found, expected: "a probability from 0 to 1" };
    if (0.0..=1.0).contains(&found) { Ok(()) } else { Err(refused.into()) }
}
