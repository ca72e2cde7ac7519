//! Seeded random numbers: a stream for what happens in order, and a function for what happens in parallel.

use chacha20::ChaCha8Rng;
use num_traits::Float;
use rand::{Rng as _, SeedableRng as _};

/// A reproducible stream of random numbers (ChaCha with eight rounds), for initial values, shuffles and seeds.
#[derive(Debug)]
pub struct Random(ChaCha8Rng);

impl Clone for Random {
    fn clone(&self) -> Self {
        Self::at(self.state())
    }
}

impl Random {
    /// The stream of a seed: the same on every machine.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Where the stream stands, in numbers that [`Random::at`] goes on from.
    pub fn state(&self) -> [u64; 6] {
        let seed = self.0.get_seed();
        let (words, _) = seed.as_chunks::<8>();
        let place = self.0.get_word_pos();
        let word = |index: usize| u64::from_le_bytes(words[index]);
        [word(0), word(1), word(2), word(3), place as u64, (place >> 64) as u64]
    }

    /// The stream that goes on where another one stood.
    ///
    /// ```
    /// use nn_core::Random;
    ///
    /// let mut random = Random::new(1);
    /// random.bits();
    /// let mut other = Random::at(random.state());
    /// assert_eq!(other.bits(), random.bits());
    /// ```
    pub fn at(state: [u64; 6]) -> Self {
        let [seed @ .., low, high] = state;
        let mut bytes = [0; 32];
        bytes.as_chunks_mut::<8>().0.iter_mut().zip(seed).for_each(|(bytes, word)| *bytes = word.to_le_bytes());
        let mut random = ChaCha8Rng::from_seed(bytes);
        random.set_word_pos(u128::from(high) << 64 | u128::from(low));
        Self(random)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        unit(self.bits())
    }

    /// What is made of as many numbers of [`Random::uniform`], in order: several times as fast as one by one.
    pub(crate) fn fill_uniform<E>(&mut self, elements: &mut [E], element: impl Fn(f64) -> E) {
        let mut bytes = [0; 64 * size_of::<u64>()];
        for elements in elements.chunks_mut(64) {
            let bytes = &mut bytes[..elements.len() * size_of::<u64>()];
            self.0.fill_bytes(bytes);
            let (words, _) = bytes.as_chunks();
            for (to, word) in elements.iter_mut().zip(words) {
                *to = element(unit(u64::from_le_bytes(*word)));
            }
        }
    }

    /// Normal with mean 0 and variance 1.
    pub fn normal(&mut self) -> f64 {
        let first = self.uniform();
        normal(first, self.uniform())
    }

    /// Uniform in `0..bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }

    /// Puts a slice into random order (Fisher and Yates).
    pub fn shuffle<E>(&mut self, elements: &mut [E]) {
        for last in (1..elements.len()).rev() {
            elements.swap(last, self.below(last + 1));
        }
    }
}

/// Random numbers as a function of seed, layer, sample and element: each can be had without those before it, so that
/// dropout needs no stored mask and does not depend on tiles or threads.
#[derive(Clone, Copy, Debug)]
pub struct Noise(u64);

impl Noise {
    /// The numbers of one layer for one sample.
    pub const fn new(seed: u64, layer: u32, sample: u64) -> Self {
        Self(mix(mix(seed ^ mix(layer as u64 + 1)).wrapping_add(sample)))
    }

    /// The 64 random bits of one element.
    #[inline]
    pub const fn bits(&self, element: u64) -> u64 {
        mix(self.0.wrapping_add(element.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// Uniform in [0, 1), for one element.
    #[inline]
    pub fn uniform(&self, element: u64) -> f64 {
        unit(self.bits(element))
    }

    /// Normal with mean 0 and variance 1, for one element.
    #[inline]
    pub fn normal(&self, element: u64) -> f64 {
        normal(self.uniform(2 * element), self.uniform(2 * element + 1))
    }
}

/// A normal number from two uniform ones in [0, 1) (Box and Muller, 1958).
pub(crate) fn normal(first: f64, second: f64) -> f64 {
    let radius = (-2.0 * Float::ln(1.0 - first)).sqrt();
    radius * Float::cos(core::f64::consts::TAU * second)
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
#[inline]
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

fn unit(bits: u64) -> f64 {
    // Of a signed number, the conversion is one instruction.
    (bits >> 11) as i64 as f64 * (1.0 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who has trained with a seed finds the same with every later version.
    #[test]
    fn the_numbers_of_a_seed_stay() {
        let mut random = Random::new(42);
        assert_eq!(
            [(); 3].map(|()| random.bits()),
            [12_578_764_544_318_200_737, 17_529_487_244_874_322_312, 7_886_285_670_807_131_020]
        );
    }

    #[test]
    fn numbers_have_their_moments() {
        let mut random = Random::new(1);
        let count = 100_000;
        let (mut sum, mut squares, mut uniform) = (0.0, 0.0, 0.0);
        for _ in 0..count {
            let number = random.normal();
            sum += number;
            squares += number * number;
            uniform += random.uniform();
        }
        let count = f64::from(count);
        assert!((sum / count).abs() < 0.02 && (squares / count - 1.0).abs() < 0.02);
        assert!((uniform / count - 0.5).abs() < 0.01);
    }

    #[test]
    fn a_stream_goes_on_from_anywhere() {
        let mut random = Random::new(3);
        for _ in 0..300 {
            let mut other = Random::at(random.state());
            assert_eq!(other.state(), random.state());
            assert_eq!([(); 40].map(|()| other.bits()), {
                let mut copy = random.clone();
                [(); 40].map(|()| copy.bits())
            });
            random.bits();
        }
    }

    #[test]
    fn many_numbers_are_those_drawn_one_by_one() {
        for (drawn, len) in [(0, 0), (0, 1), (3, 64), (31, 65), (5, 1000)] {
            let mut random = Random::new(9);
            // From odd places in the stream too.
            (0..drawn).for_each(|_| _ = random.0.next_u32());
            let mut other = random.clone();
            let mut numbers = std::vec![0.0; len];
            random.fill_uniform(&mut numbers, |number| 2.0 * number);
            assert!(numbers.iter().all(|number| *number == 2.0 * other.uniform()));
            assert_eq!(random.state(), other.state());
        }
    }

    #[test]
    fn noise_differs_between_layers_samples_and_elements() {
        let first = Noise::new(1, 0, 0);
        assert_eq!(first.bits(3), Noise::new(1, 0, 0).bits(3));
        for other in [Noise::new(2, 0, 0), Noise::new(1, 1, 0), Noise::new(1, 0, 1)] {
            assert_ne!(first.bits(0), other.bits(0));
        }
        let mean = (0..10_000).map(|element| first.uniform(element)).sum::<f64>() / 1e4;
        assert!((mean - 0.5).abs() < 0.02);
    }

    #[test]
    fn a_shuffle_keeps_every_element() {
        let mut order: [usize; 100] = core::array::from_fn(|index| index);
        Random::new(7).shuffle(&mut order);
        assert_ne!(order[..5], [0, 1, 2, 3, 4]);
        order.sort_unstable();
        assert!(order.iter().copied().eq(0..100));
    }
}
