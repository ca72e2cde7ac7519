//! `sums += table[index] · d` for each of some neighbours, where the bits of `index` are a number below 4.

use super::Isa;
use super::math::Real;

/// With plain operations.
#[inline(always)]
pub(super) fn add_picked_by_selection<I: Isa, T: Real, const N: usize>(
    table: &[T; 4],
    index: &[T; N],
    d: &[T; N],
    sums: &mut [T; N],
) {
    let [a, b, c, e] = *table;
    for ((sum, index), &d) in sums.iter_mut().zip(index).zip(d) {
        let is_odd = index.index() & 1 != 0;
        let (low, high) = (if is_odd { b } else { a }, if is_odd { e } else { c });
        *sum = I::mul_add(if index.index() & 2 == 0 { low } else { high }, d, *sum);
    }
}

/// With the instruction that permutes the four numbers of half a register, where that fits.
///
/// # Safety
/// The machine must have AVX2 and FMA.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn add_picked_by_permutation<I: Isa, T: Real, const N: usize>(
    table: &[T; 4],
    index: &[T; N],
    d: &[T; N],
    sums: &mut [T; N],
) {
    use core::any::TypeId;
    use core::arch::x86_64::{_mm_loadu_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256};
    use core::arch::x86_64::{_mm256_permutevar_ps, _mm256_set_m128, _mm256_storeu_ps};
    const LANES: usize = 8;

    if TypeId::of::<T>() != TypeId::of::<f32>() || !N.is_multiple_of(LANES) {
        return add_picked_by_selection::<I, T, N>(table, index, d, sums);
    }
    // SAFETY: `T` is `f32`, and the eight numbers from `first` on lie inside each array of `N`, a multiple of eight.
    unsafe {
        let half = _mm_loadu_ps(table.as_ptr().cast());
        let table = _mm256_set_m128(half, half);
        for first in (0..N).step_by(LANES) {
            let picked = _mm256_permutevar_ps(table, _mm256_loadu_si256(index.as_ptr().add(first).cast()));
            let (d, sum) = (d.as_ptr().add(first).cast(), sums.as_mut_ptr().add(first).cast());
            _mm256_storeu_ps(sum, _mm256_fmadd_ps(picked, _mm256_loadu_ps(d), _mm256_loadu_ps(sum)));
        }
    }
}

/// The same with registers twice as wide, where that fits.
///
/// # Safety
/// The machine must have AVX-512F, AVX2 and FMA.
#[cfg(all(target_arch = "x86_64", feature = "avx512", not(debug_assertions)))]
#[inline]
#[target_feature(enable = "avx512f,avx2,fma")]
pub(super) unsafe fn add_picked_by_wide_permutation<I: Isa, T: Real, const N: usize>(
    table: &[T; 4],
    index: &[T; N],
    d: &[T; N],
    sums: &mut [T; N],
) {
    use core::any::TypeId;
    use core::arch::x86_64::{_mm_loadu_ps, _mm512_broadcast_f32x4, _mm512_fmadd_ps, _mm512_loadu_ps};
    use core::arch::x86_64::{_mm512_loadu_si512, _mm512_permutevar_ps, _mm512_storeu_ps};
    const LANES: usize = 16;

    if TypeId::of::<T>() != TypeId::of::<f32>() || !N.is_multiple_of(LANES) {
        // SAFETY: the machine has AVX2 and FMA.
        return unsafe { add_picked_by_permutation::<I, T, N>(table, index, d, sums) };
    }
    // SAFETY: `T` is `f32`, and the sixteen numbers from `first` on lie inside each array of `N`, a multiple of sixteen.
    unsafe {
        let table = _mm512_broadcast_f32x4(_mm_loadu_ps(table.as_ptr().cast()));
        for first in (0..N).step_by(LANES) {
            let picked = _mm512_permutevar_ps(table, _mm512_loadu_si512(index.as_ptr().add(first).cast()));
            let (d, sum) = (d.as_ptr().add(first).cast(), sums.as_mut_ptr().add(first).cast());
            _mm512_storeu_ps(sum, _mm512_fmadd_ps(picked, _mm512_loadu_ps(d), _mm512_loadu_ps(sum)));
        }
    }
}
