//! Outer products of pairs of vectors, row by row: what a bilinear form multiplies its weight with.

use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait OuterProducts<T>;

    /// For each row of `first + second` numbers: the products of each of the first ones with each of the second ones,
    /// `first · second` numbers.
    pub fn outer_products(first: usize, second: usize, rows: &[T], products: &mut [T]) = outer_products_body;
    /// The gradient of the rows of [`outer_products`], overwritten.
    pub fn outer_products_backward(
        first: usize,
        second: usize,
        rows: &[T],
        d_products: &[T],
        d_rows: &mut [T],
    ) = outer_products_backward_body;
}

#[inline(always)]
fn outer_products_body<I: Isa, T: Scalar>(first: usize, second: usize, rows: &[T], products: &mut [T]) {
    for (row, products) in rows.chunks_exact(first + second).zip(products.chunks_exact_mut(first * second)) {
        let (left, right) = row.split_at(first);
        for (products, &left) in products.chunks_exact_mut(second).zip(left) {
            for (product, &right) in products.iter_mut().zip(right) {
                *product = left * right;
            }
        }
    }
}

#[inline(always)]
fn outer_products_backward_body<I: Isa, T: Scalar>(
    first: usize,
    second: usize,
    rows: &[T],
    d_products: &[T],
    d_rows: &mut [T],
) {
    let all = rows.chunks_exact(first + second).zip(d_products.chunks_exact(first * second));
    for ((row, d_products), d_row) in all.zip(d_rows.chunks_exact_mut(first + second)) {
        let (left, right) = row.split_at(first);
        let (d_left, d_right) = d_row.split_at_mut(first);
        d_right.fill(T::zero());
        for ((d_products, d_left), &left) in d_products.chunks_exact(second).zip(d_left).zip(left) {
            // Several sums side by side: a lone one could not be vectorised.
            let mut sums = [T::zero(); 16];
            for (index, ((&d_product, d_right), &right)) in
                d_products.iter().zip(d_right.iter_mut()).zip(right).enumerate()
            {
                *d_right = I::mul_add(d_product, left, *d_right);
                sums[index % 16] = I::mul_add(d_product, right, sums[index % 16]);
            }
            *d_left = sums.iter().fold(T::zero(), |sum, &term| sum + term);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars};
    use std::vec;
    use std::vec::Vec;

    fn equal_their_naive_twins<T: Scalar>() {
        let mut numbers = Numbers::new(51);
        for _ in 0..200 {
            let (first, second, count) = (numbers.size(1, 20), numbers.size(1, 40), numbers.size(0, 5));
            let rows: Vec<T> = numbers.integers(count * (first + second));
            let d_products: Vec<T> = numbers.integers(count * first * second);
            let (mut products, mut expected) = (vec![T::nan(); d_products.len()], vec![T::nan(); d_products.len()]);
            let (mut d_rows, mut d_expected) = (vec![T::nan(); rows.len()], vec![T::zero(); rows.len()]);
            for at in 0..expected.len() {
                let (row, i, j) = (at / second / first, at / second % first, at % second);
                let (i, j) = (row * (first + second) + i, row * (first + second) + first + j);
                expected[at] = rows[i] * rows[j];
                d_expected[i] += d_products[at] * rows[j];
                d_expected[j] += d_products[at] * rows[i];
            }
            outer_products(first, second, &rows, &mut products);
            assert_eq!(products, expected, "{count} rows of {first} and {second}");
            outer_products_backward(first, second, &rows, &d_products, &mut d_rows);
            assert_eq!(d_rows, d_expected, "{count} rows of {first} and {second}");
        }
    }

    both_scalars! { equal_their_naive_twins }
}
