use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

/// How many multiply-adds a round of [`multiply_add_chains`] has.
pub const MULTIPLY_ADD_CHAINS: usize = 96;

kernels! {
    trait Peak<T>;

    /// `rounds` times [`MULTIPLY_ADD_CHAINS`] multiply-adds in independent chains, all in registers: what the arithmetic units
    /// can do at most. Benchmarks hold the other kernels against it.
    pub fn multiply_add_chains(rounds: usize, factor: T) -> T = chains;

    /// The sum of many numbers, in so many parts that only the memory they come from holds it back.
    pub fn sum_of_reads(numbers: &[T]) -> T = reads;
}

/// The chains have the shape of a tile of a product: two registers wide.
#[inline(always)]
fn chains<I: Isa, T: Scalar>(rounds: usize, factor: T) -> T {
    match I::VECTOR_BYTES / size_of::<T>() {
        16 => chains_in::<I, T, 32>(rounds, factor),
        8 => chains_in::<I, T, 16>(rounds, factor),
        4 => chains_in::<I, T, 8>(rounds, factor),
        _ => chains_in::<I, T, 4>(rounds, factor),
    }
}

/// As many multiply-adds in rows of `LANES`, of which there are always six.
#[inline(always)]
fn chains_in<I: Isa, T: Scalar, const LANES: usize>(rounds: usize, factor: T) -> T {
    const ROWS: usize = 6;
    let lanes: [T; LANES] = core::array::from_fn(|lane| factor * T::of(lane as f64));
    // What they start with tells the rows apart: of rows that are equal the compiler would keep one.
    let mut chains: [[T; LANES]; ROWS] = core::array::from_fn(|row| [factor / T::of((row + 1) as f64); LANES]);
    for _ in 0..rounds * MULTIPLY_ADD_CHAINS / (ROWS * LANES) {
        chains.iter_mut().for_each(|chains| I::add_product(factor, &lanes, chains));
    }
    chains.as_flattened().iter().copied().sum()
}

/// Sums without a dependence between them: as many vectors as hide the latency of an addition.
#[inline(always)]
fn reads<I: Isa, T: Scalar>(numbers: &[T]) -> T {
    const LANES: usize = 16;
    let mut sums = [[T::zero(); LANES]; 6];
    let (blocks, rest) = numbers.as_chunks::<{ 6 * LANES }>();
    let add = |sums: &mut [T; LANES], numbers: &[T; LANES]| {
        for (sum, &number) in sums.iter_mut().zip(numbers) {
            *sum += number;
        }
    };
    for block in blocks {
        sums.iter_mut().zip(block.as_chunks().0).for_each(|(sums, numbers)| add(sums, numbers));
    }
    // A sum of single numbers waits for one addition after the other: as few of them as can be.
    let (rest, last) = rest.as_chunks();
    let [mut total, others @ ..] = sums;
    others.iter().chain(rest).for_each(|numbers| add(&mut total, numbers));
    total.iter().chain(last).copied().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars};

    fn reads_every_number_once<T: Scalar>() {
        for len in [0, 1, 95, 96, 97, 1000] {
            let numbers = Numbers::new(1).integers::<T>(len);
            assert_eq!(sum_of_reads(&numbers), numbers.iter().copied().sum(), "{len} numbers");
        }
    }

    both_scalars! { reads_every_number_once }
}
