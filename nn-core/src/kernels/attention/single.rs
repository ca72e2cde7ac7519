use super::tiles::soften_row;
use crate::Scalar;
use crate::kernels::gemv::add_block;
use crate::kernels::kernels;
use crate::kernels::row::joined;
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

/// The products of a row with some columns, from `place` on, of each of some rows. Eight rows have eight sums each, which are
/// exchanged once, at the end: adding up the lanes of a register takes longer than the products in them.
#[inline(always)]
fn products_with_rows<I: Isa, T: Scalar>(left: &[T], rows: &[T], [stride, place]: [usize; 2], products: &mut [T]) {
    let (wholes, rest) = left.as_chunks::<8>();
    for (products, rows) in products.chunks_mut(8).zip(rows.chunks(8 * stride)) {
        let mut sums = [[T::zero(); 8]; 8];
        let rows = rows.chunks_exact(stride).map(|row| &row[place..]).take(products.len());
        for (sums, row) in sums.iter_mut().zip(rows.clone()) {
            let mut of_row = [T::zero(); 8];
            for (left, right) in wholes.iter().zip(row.as_chunks::<8>().0) {
                for ((sum, &left), &right) in of_row.iter_mut().zip(left).zip(right) {
                    *sum = I::mul_add(left, right, *sum);
                }
            }
            *sums = of_row;
        }
        for ((product, sum), row) in products.iter_mut().zip(joined(I::transpose(&sums))).zip(rows) {
            let rest = rest.iter().zip(&row[8 * wholes.len()..]);
            *product = rest.fold(sum, |sum, (&left, &right)| I::mul_add(left, right, sum));
        }
    }
}
