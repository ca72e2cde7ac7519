use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait Columns<T>;

    /// Adds the sum of each column of a `rows × width` matrix to `sums`: the gradient of a bias.
    pub fn add_column_sums(width: usize, values: &[T], sums: &mut [T]) = add_column_sums_body;
    /// Copies `columns` neighbouring columns of a matrix `from_width` wide into one `to_width` wide, row by row.
    pub fn copy_columns(
        from: &[T],
        from_width: usize,
        from_column: usize,
        to: &mut [T],
        to_width: usize,
        to_column: usize,
        columns: usize,
    ) = copy_columns_body;
    /// As [`copy_columns`], but adds to what is there.
    pub fn add_columns(
        from: &[T],
        from_width: usize,
        from_column: usize,
        to: &mut [T],
        to_width: usize,
        to_column: usize,
        columns: usize,
    ) = add_columns_body;
}

/// Narrow matrices are folded: several rows are summed side by side, so that the vector registers are full.
const FOLD: usize = 32;

#[inline(always)]
pub(super) fn add_column_sums_body<I: Isa, T: Scalar>(width: usize, values: &[T], sums: &mut [T]) {
    if width == 0 {
        return;
    }
    let mut folded = [T::zero(); FOLD];
    let fold = FOLD / width * width;
    let mut rest = values;
    if fold > width {
        let blocks = values.chunks_exact(fold);
        rest = blocks.remainder();
        for block in blocks {
            for (sum, &value) in folded.iter_mut().zip(block) {
                *sum += value;
            }
        }
    }
    for row in folded[..fold].chunks_exact(width).chain(rest.chunks_exact(width)) {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
}

#[inline(always)]
fn copy_columns_body<I: Isa, T: Scalar>(
    from: &[T],
    from_width: usize,
    from_column: usize,
    to: &mut [T],
    to_width: usize,
    to_column: usize,
    columns: usize,
) {
    for (from, to) in from.chunks_exact(from_width).zip(to.chunks_exact_mut(to_width)) {
        to[to_column..to_column + columns].copy_from_slice(&from[from_column..from_column + columns]);
    }
}

#[inline(always)]
fn add_columns_body<I: Isa, T: Scalar>(
    from: &[T],
    from_width: usize,
    from_column: usize,
    to: &mut [T],
    to_width: usize,
    to_column: usize,
    columns: usize,
) {
    for (from, to) in from.chunks_exact(from_width).zip(to.chunks_exact_mut(to_width)) {
        let from = &from[from_column..from_column + columns];
        for (to, &from) in to[to_column..to_column + columns].iter_mut().zip(from) {
            *to += from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars};

    fn sums_equal_the_definition<T: Scalar>() {
        let mut numbers = Numbers::new(1);
        for (rows, width) in [(0, 3), (1, 1), (100, 1), (9, 2), (37, 3), (70, 5), (33, 17), (5, 33), (4, 100)] {
            let values: std::vec::Vec<T> = numbers.integers(rows * width);
            let mut sums: std::vec::Vec<T> = numbers.integers(width);
            let mut expected = sums.clone();
            for (index, &value) in values.iter().enumerate() {
                expected[index % width] += value;
            }
            add_column_sums(width, &values, &mut sums);
            assert_eq!(sums, expected, "{rows} rows of {width}");
        }
    }

    fn columns_move<T: Scalar>() {
        let from: std::vec::Vec<T> = (0..12).map(|value| T::of(f64::from(value))).collect();
        let mut to = std::vec![T::one(); 15];
        copy_columns(&from, 4, 1, &mut to, 5, 3, 2);
        assert_eq!([to[2], to[3], to[4], to[13], to[14]].map(T::wide), [1.0, 1.0, 2.0, 9.0, 10.0]);
        add_columns(&from, 4, 1, &mut to, 5, 3, 2);
        assert_eq!([to[2], to[3], to[4], to[13], to[14]].map(T::wide), [1.0, 2.0, 4.0, 18.0, 20.0]);
    }

    both_scalars! { sums_equal_the_definition, columns_move }
}
