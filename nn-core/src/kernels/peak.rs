use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

/// How many independent chains [`multiply_add_chains`] runs.
pub const MULTIPLY_ADD_CHAINS: usize = 96;

kernels! {
    trait Peak<T>;

    /// `rounds` multiply-adds in each of [`MULTIPLY_ADD_CHAINS`] independent chains, all in registers: what the arithmetic
    /// units can do at most. Benchmarks hold the other kernels against it.
    pub fn multiply_add_chains(rounds: usize, factor: T) -> T = chains;
}

#[inline(always)]
fn chains<I: Isa, T: Scalar>(rounds: usize, factor: T) -> T {
    match size_of::<T>() {
        4 => sum_of_chains::<I, T, 8>(rounds, factor),
        _ => sum_of_chains::<I, T, 4>(2 * rounds, factor),
    }
}

/// Twelve times some lanes: as many registers as the tiles of a product.
#[inline(always)]
fn sum_of_chains<I: Isa, T: Scalar, const LANES: usize>(rounds: usize, factor: T) -> T {
    let mut chains: [[T; LANES]; 12] = core::array::from_fn(|row| [T::of(row as f64); LANES]);
    for _ in 0..rounds {
        for chain in chains.as_flattened_mut() {
            *chain = I::mul_add(*chain, factor, factor);
        }
    }
    chains.as_flattened().iter().copied().sum()
}
