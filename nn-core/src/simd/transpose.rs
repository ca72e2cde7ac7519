use core::any::TypeId;
use core::arch::x86_64::{_mm256_loadu_ps, _mm256_permute2f128_ps, _mm256_shuffle_ps, _mm256_storeu_ps};
use core::arch::x86_64::{_mm256_unpackhi_ps, _mm256_unpacklo_ps};

use num_traits::Float;

/// Rows and columns exchanged: of `f32` in registers, of other numbers one by one.
///
/// # Safety
/// The machine must have AVX.
#[inline]
#[target_feature(enable = "avx")]
pub(super) unsafe fn transpose<T: Float + 'static>(block: &[[T; 8]; 8]) -> [[T; 8]; 8] {
    let mut transposed = [[T::zero(); 8]; 8];
    if TypeId::of::<T>() == TypeId::of::<f32>() {
        // SAFETY: `T` is `f32`.
        unsafe { transpose_f32(&*(&raw const *block).cast(), &mut *(&raw mut transposed).cast()) };
    } else {
        for (row, to) in transposed.iter_mut().enumerate() {
            *to = core::array::from_fn(|column| block[column][row]);
        }
    }
    transposed
}

/// Pairs of rows are interleaved, then pairs of pairs, then the halves of registers change places.
#[inline]
#[target_feature(enable = "avx")]
fn transpose_f32(block: &[[f32; 8]; 8], transposed: &mut [[f32; 8]; 8]) {
    // SAFETY: each row is eight numbers.
    let [a, b, c, d, e, f, g, h] = block.each_ref().map(|row| unsafe { _mm256_loadu_ps(row.as_ptr()) });
    let pairs = [(a, b), (c, d), (e, f), (g, h)];
    let low = pairs.map(|(left, right)| _mm256_unpacklo_ps(left, right));
    let high = pairs.map(|(left, right)| _mm256_unpackhi_ps(left, right));
    let mut halves = [a; 8];
    for half in 0..2 {
        let [from, to] = [2 * half, 4 * half];
        halves[to] = _mm256_shuffle_ps::<0b01_00_01_00>(low[from], low[from + 1]);
        halves[to + 1] = _mm256_shuffle_ps::<0b11_10_11_10>(low[from], low[from + 1]);
        halves[to + 2] = _mm256_shuffle_ps::<0b01_00_01_00>(high[from], high[from + 1]);
        halves[to + 3] = _mm256_shuffle_ps::<0b11_10_11_10>(high[from], high[from + 1]);
    }
    for row in 0..4 {
        let low = _mm256_permute2f128_ps::<0x20>(halves[row], halves[row + 4]);
        let high = _mm256_permute2f128_ps::<0x31>(halves[row], halves[row + 4]);
        // SAFETY: each row is eight numbers.
        unsafe {
            _mm256_storeu_ps(transposed[row].as_mut_ptr(), low);
            _mm256_storeu_ps(transposed[row + 4].as_mut_ptr(), high);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns() {
        if !std::is_x86_feature_detected!("avx") {
            return;
        }
        fn check<T: Float + core::fmt::Debug + 'static>(of: impl Fn(usize) -> T) {
            let block: [[T; 8]; 8] = core::array::from_fn(|row| core::array::from_fn(|column| of(8 * row + column)));
            // SAFETY: the machine has just been found to have AVX.
            let transposed = unsafe { transpose(&block) };
            for (row, values) in transposed.iter().enumerate() {
                assert_eq!(*values, core::array::from_fn(|column| of(8 * column + row)));
            }
        }
        check(|index| index as f32);
        check(|index| index as f64);
    }
}
