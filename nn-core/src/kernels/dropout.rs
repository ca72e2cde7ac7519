use super::kernels;
use crate::simd::Isa;
use crate::{Noise, Scalar};

kernels! {
    trait Masking<T>;

    /// Zeroes each of one sample's values with probability `dropped / 65536`, and multiplies the others by `factor`.
    ///
    /// The mask is a function of `noise` alone: four neighbouring elements share the 64 bits of one number.
    pub fn drop_and_scale(noise: Noise, dropped: u16, factor: T, values: &mut [T]) = drop_and_scale_body;
}

/// Values worked on at once.
const BLOCK: usize = 64;

#[inline(always)]
fn drop_and_scale_body<I: Isa, T: Scalar>(noise: Noise, dropped: u16, factor: T, values: &mut [T]) {
    let (blocks, rest) = values.as_chunks_mut::<BLOCK>();
    for (index, block) in blocks.iter_mut().enumerate() {
        mask(noise, index, dropped, factor, block);
    }
    let mut last = [T::zero(); BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    mask(noise, blocks.len(), dropped, factor, &mut last);
    rest.copy_from_slice(&last[..rest.len()]);
}

/// Masks one block; of a fixed size, so that no loop has a tail that would branch on each random bit.
#[inline(always)]
fn mask<T: Scalar>(noise: Noise, index: usize, dropped: u16, factor: T, block: &mut [T; BLOCK]) {
    let first = (index * BLOCK / 4) as u64;
    let words: [u64; BLOCK / 4] = core::array::from_fn(|word| noise.bits(first + word as u64).to_le());
    let draws: [u16; BLOCK] = bytemuck::cast(words);
    for lane in 0..BLOCK {
        let scaled = block[lane] * factor;
        block[lane] = if u16::from_le(draws[lane]) < dropped { T::zero() } else { scaled };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn a_mask_does_not_depend_on_the_length_and_keeps_its_share() {
        let noise = Noise::new(3, 1, 4);
        let masked = |len: usize, dropped: u16| -> Vec<f32> {
            let mut values = vec![1.0; len];
            drop_and_scale(noise, dropped, 2.0, &mut values);
            values
        };
        let long = masked(100_000, 1 << 14);
        for len in [0, 1, 63, 64, 65, 129] {
            assert_eq!(masked(len, 1 << 14), long[..len]);
        }
        let zeros = long.iter().filter(|value| **value == 0.0).count();
        assert!((24_000..26_000).contains(&zeros), "{zeros}");
        assert_eq!(masked(100, 0), [2.0; 100]);
    }

    #[test]
    fn what_is_dropped_is_zero_whatever_it_was() {
        let mut values = [f64::NAN; 200];
        drop_and_scale(Noise::new(1, 2, 3), u16::MAX, 1.0, &mut values);
        assert!(values.iter().filter(|value| **value == 0.0).count() > 190);
    }
}
