use super::tiles::soften_row;
use crate::Scalar;
use crate::kernels::gemv::add_block;
use crate::kernels::kernels;
use crate::simd::Isa;
use crate::spec::AttentionGeometry;

kernels! {
    trait SingleQuery<T>;

    /// One query of all heads against rows of keys and values, each `[rows, key_heads, head_width]`. `mask` has a number for each
    /// row, 0 for one that does not count, or is empty. `scores` has room for a number a row.
    pub(crate) fn attend_once(
        geometry: AttentionGeometry,
        query: &[T],
        keys: &[T],
        values: &[T],
        mask: &[T],
        scores: &mut [T],
        context: &mut [T],
    ) = attend_once_body;
}

#[inline(always)]
fn attend_once_body<I: Isa, T: Scalar>(
    geometry: AttentionGeometry,
    query: &[T],
    keys: &[T],
    values: &[T],
    mask: &[T],
    scores: &mut [T],
    context: &mut [T],
) {
    let AttentionGeometry { heads, key_heads, head_width, .. } = geometry;
    let (stride, scale) = (geometry.key_width(), T::of(head_width as f64).sqrt().recip());
    let queries = query.chunks_exact(head_width).zip(context.chunks_exact_mut(head_width));
    for (head, (query, context)) in queries.enumerate() {
        let place = head / (heads / key_heads) * head_width;
        products_with_rows::<I, T>(query, keys, [stride, place], scores);
        scores.iter_mut().for_each(|score| *score *= scale);
        for (score, &mask) in scores.iter_mut().zip(mask) {
            *score = if mask == T::zero() { T::neg_infinity() } else { *score };
        }
        let (.., total) = soften_row::<I, T>(scores, T::neg_infinity());
        context.fill(T::zero());
        add_block::<I, T>(scores, values, stride, place, context);
        let factor = if total == T::zero() { T::zero() } else { total.recip() };
        context.iter_mut().for_each(|sum| *sum *= factor);
    }
}

/// The products of a row with some columns, from `place` on, of each of some rows: in blocks of 8 × 8 with rows and columns
/// exchanged, because adding up the lanes of a register takes longer than the products in them.
#[inline(always)]
fn products_with_rows<I: Isa, T: Scalar>(left: &[T], rows: &[T], [stride, place]: [usize; 2], products: &mut [T]) {
    let (wholes, rest) = left.as_chunks::<8>();
    for (products, rows) in products.chunks_mut(8).zip(rows.chunks(8 * stride)) {
        let mut sums = [T::zero(); 8];
        for (index, left) in wholes.iter().enumerate() {
            let mut block = [[T::zero(); 8]; 8];
            for (to, row) in block.iter_mut().zip(rows.chunks_exact(stride)) {
                *to = *row[place + 8 * index..].first_chunk().expect("cannot fail: a row has as many columns");
            }
            for (&left, column) in left.iter().zip(&I::transpose(&block)) {
                I::add_product(left, column, &mut sums);
            }
        }
        for (sum, row) in sums.iter_mut().zip(rows.chunks_exact(stride)) {
            for (&left, &right) in rest.iter().zip(&row[place + 8 * wholes.len()..]) {
                *sum = I::mul_add(left, right, *sum);
            }
        }
        products.copy_from_slice(&sums[..products.len()]);
    }
}
