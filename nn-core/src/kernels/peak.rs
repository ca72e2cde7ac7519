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

/// The chains have the shape of a tile of a product.
#[inline(always)]
fn chains<I: Isa, T: Scalar>(rounds: usize, factor: T) -> T {
    const LANES: usize = 16;
    const ROWS: usize = MULTIPLY_ADD_CHAINS / LANES;
    let lanes: [T; LANES] = core::array::from_fn(|lane| factor * T::of(lane as f64));
    let factors: [T; ROWS] = core::array::from_fn(|row| factor / T::of((row + 1) as f64));
    let mut chains = [[T::zero(); LANES]; ROWS];
    for _ in 0..rounds {
        for (chains, &factor) in chains.iter_mut().zip(&factors) {
            for (chain, &lane) in chains.iter_mut().zip(&lanes) {
                *chain = I::mul_add(factor, lane, *chain);
            }
        }
    }
    chains.as_flattened().iter().copied().sum()
}
