//! Samples that are made of two: which two, and in which shares.

use super::{AugmentError, Draw, cut_mix, image, mix_up};
use crate::OutOfRange;
use crate::spec::Shape;

/// The place of the numbers that mixing draws, behind those of all augmentations.
const PLACE: u32 = 1 << 16;

/// Which samples are mixed, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mixing {
    pub(super) mix_up: Option<f64>,
    pub(super) cut_mix: Option<f64>,
    /// The share of samples that are mixed.
    pub(super) share: f64,
}

impl Default for Mixing {
    fn default() -> Self {
        Self { mix_up: None, cut_mix: None, share: 1.0 }
    }
}

/// What one sample is mixed with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mix {
    /// The other sample's place in the batch.
    pub(crate) partner: usize,
    /// The share of the sample itself, in its values and in its target.
    pub(crate) share: f64,
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    Blended,
    Cut(cut_mix::Window),
}

impl Mixing {
    pub(super) fn is_off(&self) -> bool {
        self.mix_up.is_none() && self.cut_mix.is_none()
    }

    pub(super) fn check(&self, shape: Shape, blends: bool) -> Result<(), AugmentError> {
        if let Some(alpha) = self.mix_up {
            OutOfRange::above_zero("mix_up", alpha)?;
        }
        if let Some(alpha) = self.cut_mix {
            OutOfRange::above_zero("cut_mix", alpha)?;
            image("cut_mix", shape)?;
        }
        super::probability("mix_share", self.share)?;
        let name = if self.mix_up.is_some() { "mix_up" } else { "cut_mix" };
        if self.is_off() || blends { Ok(()) } else { Err(AugmentError::Targets { name }) }
    }

    /// What the sample in this place of a batch of `len` samples is mixed with.
    pub(super) fn of(&self, shape: Shape, seed: u64, place: usize, len: usize) -> Option<Mix> {
        if self.is_off() || len < 2 {
            return None;
        }
        // One distance for the whole batch: every sample is another one's partner once.
        let distance = 1 + Draw::new(seed, PLACE, u64::MAX).below(len - 1);
        let mut draw = Draw::new(seed, PLACE, place as u64);
        if !draw.chance(self.share) {
            return None;
        }
        let partner = (place + distance) % len;
        let blended = |alpha: f64, draw: &mut Draw| Mix { partner, share: draw.beta(alpha), how: How::Blended };
        let cut = |alpha: f64, draw: &mut Draw| {
            let (window, share) = cut_mix::window(shape, alpha, draw);
            Mix { partner, share, how: How::Cut(window) }
        };
        Some(match (self.mix_up, self.cut_mix) {
            (Some(alpha), Some(_)) if draw.chance(0.5) => blended(alpha, &mut draw),
            (_, Some(alpha)) => cut(alpha, &mut draw),
            (Some(alpha), None) => blended(alpha, &mut draw),
            (None, None) => return None,
        })
    }
}

impl Mix {
    /// Mixes the partner's values into those of the sample.
    pub(crate) fn values(&self, shape: Shape, sample: &mut [f32], partner: &[f32]) {
        match &self.how {
            How::Blended => mix_up::blend(self.share, sample, partner),
            How::Cut(window) => window.copy(shape, sample, partner),
        }
    }
}
