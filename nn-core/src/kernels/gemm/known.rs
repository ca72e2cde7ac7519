//! Products of small matrices whose sizes are known when the program is compiled.

use super::plan::cut;
use super::tile::{Runs, from_rows};
use super::{Epilogue, Matrix, Store, gemm};
use crate::Scalar;
use crate::simd::{Isa, Kernel, Rows, Starts, dispatch};

/// `c = a · b`, for an `M × K` and a `K × N` matrix: for sizes of up to about 64, where setting up [`gemm`] takes a good part
/// of its time.
///
/// The code is made for exactly these sizes, in the crate that calls it. It is quickest where `N` is a multiple of the
/// machine's vectors: of 8 numbers `f32` or 4 numbers `f64` on most machines.
#[inline]
pub fn known_product<T: Scalar, const M: usize, const N: usize, const K: usize>(
    a: &[[T; K]; M],
    b: &[[T; N]; K],
    c: &mut [[T; N]; M],
) {
    dispatch::<Known<M, N, K>, _>((a, b, c));
}

struct Known<const M: usize, const N: usize, const K: usize>;

type Matrices<'m, T, const M: usize, const N: usize, const K: usize> =
    (&'m [[T; K]; M], &'m [[T; N]; K], &'m mut [[T; N]; M]);

impl<'m, T: Scalar, const M: usize, const N: usize, const K: usize> Kernel<Matrices<'m, T, M, N, K>>
    for Known<M, N, K>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((a, b, c): Matrices<'m, T, M, N, K>) {
        let (a, b, c) = (a.as_flattened(), b.as_flattened(), c.as_flattened_mut());
        match I::VECTOR_BYTES / size_of::<T>() {
            16 if N.is_multiple_of(64) && K >= 32 => whole::<I, T, M, N, K, 6, 5, 4, 64>(a, b, c),
            16 if N.is_multiple_of(32) => whole::<I, T, M, N, K, 8, 7, 6, 32>(a, b, c),
            16 if N.is_multiple_of(16) => whole::<I, T, M, N, K, 8, 7, 6, 16>(a, b, c),
            8 if N.is_multiple_of(16) => whole::<I, T, M, N, K, 4, 6, 5, 16>(a, b, c),
            8 | 16 if N.is_multiple_of(8) => whole::<I, T, M, N, K, 8, 8, 4, 8>(a, b, c),
            4 if N.is_multiple_of(8) => whole::<I, T, M, N, K, 6, 5, 4, 8>(a, b, c),
            4 if N.is_multiple_of(4) => whole::<I, T, M, N, K, 8, 8, 4, 4>(a, b, c),
            _ => {
                let [a, b] = [Matrix::rows(a, K), Matrix::rows(b, N)];
                gemm([M, N, K], a, b, c, Store::Overwrite, Epilogue::NONE, &mut []);
            }
        }
    }
}

/// A product whose right factor is cut into whole panels.
#[inline(always)]
fn whole<
    I: Isa,
    T: Scalar,
    const M: usize,
    const N: usize,
    const K: usize,
    const TALL: usize,
    const MIDDLE: usize,
    const LOW: usize,
    const NR: usize,
>(
    a: &[T],
    b: &[T],
    c: &mut [T],
) {
    let [tall, middle, low, rest] = cut::<TALL, MIDDLE, LOW>(0..M);
    for column in (0..N).step_by(NR) {
        let panel = Rows::new(&b[column.min(b.len())..], N, K);
        for row in tall.clone().step_by(TALL) {
            tile::<I, T, N, K, TALL, NR>([row, column], a, panel, c);
        }
        for row in middle.clone().step_by(MIDDLE) {
            tile::<I, T, N, K, MIDDLE, NR>([row, column], a, panel, c);
        }
        for row in low.clone().step_by(LOW) {
            tile::<I, T, N, K, LOW, NR>([row, column], a, panel, c);
        }
        for row in rest.clone() {
            tile::<I, T, N, K, 1, NR>([row, column], a, panel, c);
        }
    }
}

#[inline(always)]
fn tile<I: Isa, T: Scalar, const N: usize, const K: usize, const MR: usize, const NR: usize>(
    [row, column]: [usize; 2],
    a: &[T],
    panel: Rows<'_, T, NR>,
    c: &mut [T],
) {
    let runs = Runs { count: 1, len: K, stride: 0 };
    let sums = from_rows::<I, T, MR, NR>([[T::zero(); NR]; MR], |_| &a[row * K..], &Starts::new(K, MR), runs, panel);
    for (index, sums) in sums.iter().enumerate() {
        c[(row + index) * N + column..][..NR].copy_from_slice(sums);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::Numbers;

    fn equals_the_general_product<T: Scalar, const M: usize, const N: usize, const K: usize>() {
        let mut numbers = Numbers::new((M + N + K) as u64);
        let a: [[T; K]; M] = core::array::from_fn(|_| core::array::from_fn(|_| numbers.integers(1)[0]));
        let b: [[T; N]; K] = core::array::from_fn(|_| core::array::from_fn(|_| numbers.integers(1)[0]));
        let [mut found, mut expected] = [[[T::nan(); N]; M]; 2];
        known_product(&a, &b, &mut found);
        for row in 0..M {
            for column in 0..N {
                expected[row][column] = (0..K).map(|depth| a[row][depth] * b[depth][column]).sum();
            }
        }
        assert_eq!(found, expected, "{M} x {N} x {K}");
    }

    macro_rules! sizes {
        ($([$m:literal, $n:literal, $k:literal])*) => {
            #[test]
            fn sizes() {$(
                equals_the_general_product::<f32, $m, $n, $k>();
                equals_the_general_product::<f64, $m, $n, $k>();
            )*}
        };
    }

    sizes! {
        [8, 8, 8] [16, 16, 16] [32, 32, 32] [64, 64, 8] [1, 16, 5] [7, 24, 3] [13, 4, 1] [3, 5, 9] [1, 1, 1] [11, 8, 0] [0, 8, 2]
        [5, 0, 3] [64, 64, 40] [7, 128, 33] [3, 64, 32]
    }
}
