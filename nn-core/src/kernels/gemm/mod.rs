//! The matrix product. `operand` says what is multiplied, `plan` how it is cut into pieces that fit the caches, `blocks` goes
//! through the pieces, `pack` copies those that lie scattered, `strips` walks over the tiles of a piece, `tile` multiplies in
//! registers; `known` is for sizes that are constants.

mod blocks;
mod known;
mod operand;
mod pack;
mod plan;
mod strips;
mod tile;

pub use known::known_product;
pub(crate) use operand::Patches;
pub(crate) use tile::add_products;

use super::kernels;
use crate::Scalar;
use crate::simd::{Isa, LINE_SLACK, first_line};
use crate::spec::Activation;

/// Scalars of scratch memory with which a product whose right factor has so many rows and columns runs fastest.
pub const fn gemm_scratch(depth: usize, width: usize) -> usize {
    plan::scratch(depth, width)
}

/// The same for a product of at most so many rows whose factors both lie row by row: the left one is never copied, and few rows
/// read the right one where it lies.
pub const fn forward_scratch(rows: usize, depth: usize, width: usize) -> usize {
    plan::forward_scratch(rows, depth, width)
}

/// A matrix seen through strides; one of the two strides is 1.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a, T> {
    /// The elements; element (row, column) stands at `row · row_stride + column · column_stride`.
    pub data: &'a [T],
    /// From one row to the next.
    pub row_stride: usize,
    /// From one column to the next.
    pub column_stride: usize,
}

impl<'a, T> Matrix<'a, T> {
    /// Rows of `width` elements, one behind the other.
    #[inline]
    pub const fn rows(data: &'a [T], width: usize) -> Self {
        Self { data, row_stride: width, column_stride: 1 }
    }

    /// The same elements with rows and columns exchanged.
    #[inline]
    #[must_use]
    pub const fn transposed(self) -> Self {
        Self { data: self.data, row_stride: self.column_stride, column_stride: self.row_stride }
    }
}

/// What happens to the old contents of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// They are overwritten.
    Overwrite,
    /// They are added to.
    Accumulate,
}

/// What is applied to a result as it is stored: `activation(result + bias)`.
#[derive(Clone, Copy, Debug)]
pub struct Epilogue<'a, T> {
    /// One for each column, or empty for none.
    pub bias: &'a [T],
    /// The point-wise function.
    pub activation: Activation,
}

impl<T> Epilogue<'_, T> {
    /// Nothing is applied.
    pub const NONE: Self = Self { bias: &[], activation: Activation::Identity };
}

/// `c = activation(a · b + bias)`, or `c = activation(c + a · b + bias)` when it accumulates.
///
/// `shape` is `[m, n, k]`: `a` is `m × k`, `b` is `k × n`, and `c` is `m × n` with its rows one behind the other. The
/// result does not depend on `scratch`, which may be empty; with [`gemm_scratch`] scalars large products run faster.
#[inline]
pub fn gemm<T: Scalar>(
    [m, n, k]: [usize; 3],
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    c: &mut [T],
    store: Store,
    epilogue: Epilogue<'_, T>,
    scratch: &mut [T],
) {
    let b = Right { matrix: b, packed: &[] };
    <T as MatrixProduct<T>>::patch_product(Patches::matrix(a, m, k), b, n, c, store, epilogue, scratch);
}

/// As [`gemm`], with a left factor whose rows come in groups, or whose columns come in runs, and `width` columns.
#[inline]
pub(crate) fn gemm_patches<T: Scalar>(
    a: Patches<'_, T>,
    b: Matrix<'_, T>,
    width: usize,
    c: &mut [T],
    store: Store,
    epilogue: Epilogue<'_, T>,
    scratch: &mut [T],
) {
    <T as MatrixProduct<T>>::patch_product(a, Right { matrix: b, packed: &[] }, width, c, store, epilogue, scratch);
}

/// As [`gemm`], with a right factor that [`pack_right`] has packed, in the same memory: for one that is multiplied with again
/// and again.
pub fn gemm_packed<T: Scalar>(
    [m, n, k]: [usize; 3],
    a: Matrix<'_, T>,
    packed: &[T],
    c: &mut [T],
    store: Store,
    epilogue: Epilogue<'_, T>,
    scratch: &mut [T],
) {
    let b =
        Right { matrix: Matrix::rows(&[], n), packed: &packed[first_line(packed, packed_len(k, n) - LINE_SLACK)..] };
    <T as MatrixProduct<T>>::patch_product(Patches::matrix(a, m, k), b, n, c, store, epilogue, scratch);
}

/// The scalars of a packed right factor with so many rows and columns.
pub const fn packed_len(depth: usize, width: usize) -> usize {
    depth * plan::packed_width(width) + LINE_SLACK
}

/// The right factor of a product: a matrix, or the same packed as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Right<'a, T> {
    pub(crate) matrix: Matrix<'a, T>,
    /// Empty where it is not.
    pub(crate) packed: &'a [T],
}

impl<'a, T> From<Matrix<'a, T>> for Right<'a, T> {
    fn from(matrix: Matrix<'a, T>) -> Self {
        Self { matrix, packed: &[] }
    }
}

kernels! {
    trait MatrixProduct<T>;

    /// As [`gemm`], with a left factor that may be the patches of a convolution, and a right factor `width` wide.
    pub(crate) fn patch_product(
        a: Patches<'_, T>,
        b: Right<'_, T>,
        width: usize,
        c: &mut [T],
        store: Store,
        epilogue: Epilogue<'_, T>,
        scratch: &mut [T],
    ) = product_body;
    /// Copies a right factor with so many rows and columns in the order in which a product reads it; for [`gemm_packed`].
    /// `packed` has [`packed_len`] scalars.
    pub fn pack_right(b: Matrix<'_, T>, size: [usize; 2], packed: &mut [T]) = pack_right_body;
}

/// Calls a function with the sizes of tiles for an instruction set. The tiles of sums fill the vector registers; one more row of
/// the right factor, and one number of the left, must fit beside them, and there must be enough of them to hide the latency
/// of an addition (about eight).
///
/// What fits into 16 columns has tiles of one register. With 32 registers and the widest vectors, tiles of 8 rows
/// leave half of the registers free: those of 12 need more pointers than there are, and are slower. Where columns fill them,
/// tiles of 6 rows and 4 registers are quicker: six pointers suffice, and panels may be deeper.
macro_rules! with_tiles {
    ($function:ident, $width:expr, $arguments:tt) => {
        match (I::VECTOR_BYTES / size_of::<T>(), I::REGISTERS) {
            (16, 32) if $width <= 16 => with_tiles!(@call $function, [8, 7, 6, 16, 64], $arguments),
            (16, 32) if plan::fill_wide_panels($width) => with_tiles!(@call $function, [6, 5, 4, 64, 128], $arguments),
            (16, 32) => with_tiles!(@call $function, [8, 7, 6, 32, 128], $arguments),
            (8, 32) => with_tiles!(@call $function, [8, 7, 6, 16, 64], $arguments),
            (8, _) => with_tiles!(@call $function, [6, 5, 4, 16, 64], $arguments),
            (4, 32) => with_tiles!(@call $function, [6, 5, 4, 16, 32], $arguments),
            (4, _) if I::VECTOR_BYTES == 32 => with_tiles!(@call $function, [6, 5, 4, 8, 32], $arguments),
            (4, _) => with_tiles!(@call $function, [4, 4, 4, 8, 32], $arguments),
            (_, 32) => with_tiles!(@call $function, [6, 5, 4, 8, 16], $arguments),
            _ => with_tiles!(@call $function, [4, 4, 4, 4, 16], $arguments),
        }
    };
    (@call run, [$tall:literal, $middle:literal, $low:literal, $width:literal, $strip:literal], ($($argument:expr),*)) => {
        blocks::run::<I, T, $tall, $middle, $low, $width, $strip>($($argument),*)
    };
    (@call pack, [$tall:literal, $middle:literal, $low:literal, $width:literal, $strip:literal], ($($argument:expr),*)) => {
        blocks::pack::<I, T, $width>($($argument),*)
    };
}

#[inline(always)]
fn product_body<I: Isa, T: Scalar>(
    a: Patches<'_, T>,
    b: Right<'_, T>,
    width: usize,
    c: &mut [T],
    store: Store,
    epilogue: Epilogue<'_, T>,
    scratch: &mut [T],
) {
    if a.height() == 0 || width == 0 {
        return;
    }
    with_tiles!(run, width, (a, b, width, c, store, epilogue, scratch));
}

#[inline(always)]
fn pack_right_body<I: Isa, T: Scalar>(b: Matrix<'_, T>, size: [usize; 2], packed: &mut [T]) {
    let start = first_line(packed, packed_len(size[0], size[1]) - LINE_SLACK);
    with_tiles!(pack, size[1], (b, size, &mut packed[start..]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, on_each_kind, random_shapes};
    use core::any::type_name;
    use std::vec;
    use std::vec::Vec;

    fn naive<T: Scalar>(
        [m, n, k]: [usize; 3],
        a: Matrix<'_, T>,
        b: Matrix<'_, T>,
        c: &mut [T],
        store: Store,
        bias: &[T],
    ) {
        for row in 0..m {
            for column in 0..n {
                let mut sum = if store == Store::Accumulate { c[row * n + column] } else { T::zero() };
                for depth in 0..k {
                    sum += a.data[row * a.row_stride + depth * a.column_stride]
                        * b.data[depth * b.row_stride + column * b.column_stride];
                }
                c[row * n + column] = sum + bias.get(column).copied().unwrap_or(T::zero());
            }
        }
    }

    /// A random matrix, stored either way, with gaps between its rows.
    fn matrix<T: Scalar>(numbers: &mut Numbers, data: &mut Vec<T>, rows: usize, columns: usize) -> [usize; 2] {
        let gap = numbers.size(0, 2);
        if numbers.size(0, 1) == 0 {
            *data = numbers.integers(rows * (columns + gap));
            [columns + gap, 1]
        } else {
            *data = numbers.integers(columns * (rows + gap));
            [1, rows + gap]
        }
    }

    fn agrees<T: Scalar>(seed: u64, cases: usize) {
        let mut numbers = Numbers::new(seed);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for case in 0..cases {
            let deepest = if case % 10 == 0 { 600 } else { 50 };
            let tallest = if case % 10 == 1 { 300 } else { 40 };
            let widest = if case % 10 == 2 { 260 } else { 70 };
            let shape = [numbers.size(0, tallest), numbers.size(0, widest), numbers.size(0, deepest)];
            let [m, n, k] = shape;
            let [row_stride, column_stride] = matrix(&mut numbers, &mut a, m, k);
            let a = Matrix { data: &a, row_stride, column_stride };
            let [row_stride, column_stride] = matrix(&mut numbers, &mut b, k, n);
            let b = Matrix { data: &b, row_stride, column_stride };
            let bias = if case % 2 == 0 { numbers.integers(n) } else { Vec::new() };
            let store = if case % 3 == 0 { Store::Accumulate } else { Store::Overwrite };
            let mut expected: Vec<T> = numbers.integers(m * n);
            let mut found = expected.clone();
            let mut scratch = vec![T::nan(); if case % 5 == 0 { 0 } else { gemm_scratch(k, n) }];
            naive(shape, a, b, &mut expected, store, &bias);
            let mut epilogue = Epilogue { bias: &bias, activation: Activation::Identity };
            if case % 7 == 0 {
                epilogue.activation = Activation::Relu;
                expected.iter_mut().for_each(|value| *value = value.max(T::zero()));
            }
            let old = found.clone();
            let mut with_packed = found.clone();
            gemm(shape, a, b, &mut found, store, epilogue, &mut scratch);
            assert_eq!(found, expected, "{shape:?}, {store:?}, {epilogue:?}");
            let mut packed = vec![T::nan(); packed_len(k, n)];
            pack_right(b, [k, n], &mut packed);
            gemm_packed(shape, a, &packed, &mut with_packed, store, epilogue, &mut scratch);
            assert_eq!(with_packed, expected, "packed: {shape:?}, {store:?}, {epilogue:?}");
            let a = Patches::matrix(a, m, k);
            on_each_kind!(|Kind| {
                let mut found = old.clone();
                product_body::<Kind, T>(a, b.into(), n, &mut found, store, epilogue, &mut scratch);
                assert_eq!(found, expected, "{:?}, {shape:?}, {store:?}, {epilogue:?}", type_name::<Kind>());
            });
        }
    }

    random_shapes! { agrees as equals_its_naive_twin: 400 from 4; }

    #[test]
    fn without_columns_no_factor_is_read() {
        let (nothing, bias): (&[f32], Vec<f32>) = (&[], (0..40).map(|number| number as f32).collect());
        for m in [1, 2, 7, 30] {
            for a in [Matrix::rows(nothing, 3), Matrix::rows(nothing, m).transposed()] {
                let mut found = vec![f32::NAN; m * 40];
                let epilogue = Epilogue { bias: &bias, activation: Activation::Identity };
                gemm([m, 40, 0], a, Matrix::rows(nothing, 40), &mut found, Store::Overwrite, epilogue, &mut []);
                assert!(found.chunks(40).all(|row| row == bias), "{m} rows");
            }
        }
    }

    /// A left factor that is read in short stretches where it lies, against a right one that has been cut into long ones.
    #[test]
    fn what_is_packed_is_read_as_it_was_packed() {
        let mut numbers = Numbers::new(5);
        for n in [24, 40, 128] {
            let shape @ [m, _, k] = [300, n, 150];
            let (a, b): (Vec<f32>, Vec<f32>) = (numbers.integers(m * k), numbers.integers(k * n));
            let (a, b) = (Matrix::rows(&a, m).transposed(), Matrix::rows(&b, n));
            let [mut expected, mut found] = [vec![0.0; m * n], vec![0.0; m * n]];
            naive(shape, a, b, &mut expected, Store::Overwrite, &[]);
            let mut packed = vec![f32::NAN; packed_len(k, n)];
            pack_right(b, [k, n], &mut packed);
            gemm_packed(shape, a, &packed, &mut found, Store::Overwrite, Epilogue::NONE, &mut []);
            assert_eq!(found, expected, "{shape:?}");
        }
    }
}
