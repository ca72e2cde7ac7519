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
    if size_of::<T>() == 4 {
        sum_of_chains::<I, T, 96>(rounds, factor)
    } else {
        sum_of_chains::<I, T, 48>(2 * rounds, factor)
    }
}

#[inline(always)]
fn sum_of_chains<I: Isa, T: Scalar, const CHAINS: usize>(rounds: usize, factor: T) -> T {
    let mut chains: [T; CHAINS] = core::array::from_fn(|chain| T::of(chain as f64));
    for _ in 0..rounds {
        for chain in &mut chains {
            *chain = I::mul_add(*chain, factor, factor);
        }
    }
    chains.iter().copied().sum()
}
