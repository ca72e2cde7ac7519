use crate::random::{Noise, normal};

/// The random numbers of one augmentation for one sample: a stream that follows from the step's seed, the place of the
/// augmentation and the place of the sample in its batch alone.
#[derive(Clone, Debug)]
pub struct Draw {
    noise: Noise,
    next: u64,
}

impl Draw {
    /// The numbers of the augmentation in this place. Layers count from below, augmentations from above.
    pub(crate) fn new(seed: u64, place: u32, sample: u64) -> Self {
        Self { noise: Noise::new(seed, u32::MAX - place, sample), next: 0 }
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        let number = self.noise.uniform(self.next);
        self.next += 1;
        number
    }

    /// Uniform from `low` to `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Uniform from `-most` to `most`.
    pub fn around_zero(&mut self, most: f64) -> f64 {
        self.between(-most, most)
    }

    /// Uniform in `0..bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        ((self.uniform() * bound as f64) as usize).min(bound.saturating_sub(1))
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Normal with mean 0 and variance 1.
    pub fn normal(&mut self) -> f64 {
        let first = self.uniform();
        normal(first, self.uniform())
    }

    /// From the symmetric beta distribution: around 0.5 for a large `alpha`, near 0 or 1 for one near 0.
    pub fn beta(&mut self, alpha: f64) -> f64 {
        let [first, second] = [self.log_gamma(alpha), self.log_gamma(alpha)];
        1.0 / (1.0 + (second - first).exp())
    }

    /// The logarithm of a number from the gamma distribution of scale 1 (G. Marsaglia and W. Tsang, "A simple method for
    /// generating gamma variables", 2000). For a small `alpha` the number itself would be 0 too often.
    fn log_gamma(&mut self, alpha: f64) -> f64 {
        if alpha < 1.0 {
            let root = (1.0 - self.uniform()).ln() / alpha;
            return self.log_gamma(alpha + 1.0) + root;
        }
        let shift = alpha - 1.0 / 3.0;
        let slope = 1.0 / (9.0 * shift).sqrt();
        loop {
            let x = self.normal();
            let cube = (1.0 + slope * x).powi(3);
            let bound = 0.5 * x * x + shift - shift * cube;
            if cube > 0.0 && (1.0 - self.uniform()).ln() < bound + shift * cube.ln() {
                return (shift * cube).ln();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn moments(numbers: impl Fn(&mut Draw) -> f64) -> [f64; 2] {
        let count = 20_000;
        let all: Vec<f64> = (0..count).map(|sample| numbers(&mut Draw::new(1, 0, sample))).collect();
        let mean = all.iter().sum::<f64>() / count as f64;
        [mean, all.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / count as f64]
    }

    #[test]
    fn numbers_have_their_moments() {
        for alpha in [0.05, 0.2, 1.0, 4.0] {
            let [mean, variance] = moments(|draw| draw.beta(alpha));
            let expected = 1.0 / (4.0 * (2.0 * alpha + 1.0));
            assert!(
                (mean - 0.5).abs() < 0.015 && (variance / expected - 1.0).abs() < 0.04,
                "{alpha}: {mean} {variance}"
            );
        }
        let [mean, variance] = moments(Draw::normal);
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.04);
        let [mean, variance] = moments(|draw| draw.around_zero(2.0));
        assert!(mean.abs() < 0.03 && (variance - 4.0 / 3.0).abs() < 0.04);
        let [mean, _] = moments(|draw| f64::from(draw.chance(0.3)));
        assert!((mean - 0.3).abs() < 0.02);
        let [mean, variance] = moments(|draw| draw.below(5) as f64);
        assert!((mean - 2.0).abs() < 0.04 && (variance - 2.0).abs() < 0.06);
    }

    #[test]
    fn every_place_and_sample_has_a_stream_of_its_own() {
        let first = Draw::new(1, 0, 0).uniform();
        for mut other in [Draw::new(2, 0, 0), Draw::new(1, 1, 0), Draw::new(1, 0, 1)] {
            assert_ne!(first, other.uniform());
        }
        assert_eq!(Draw::new(1, 0, 0).below(0), 0);
    }
}
