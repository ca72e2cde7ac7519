use crate::Scalar;
use crate::kernels::kernels;
use crate::kernels::sums::{accumulate, sum_of};
use crate::simd::{Isa, math};
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
        let mut maximum = T::neg_infinity();
        for (row, (score, key)) in scores.iter_mut().zip(keys.chunks_exact(stride)).enumerate() {
            let key = &key[place..][..head_width];
            *score = scale * accumulate([query, key], |sum, [query, key]| I::mul_add(query, key, sum));
            if mask.get(row) == Some(&T::zero()) {
                *score = T::neg_infinity();
            }
            maximum = if *score > maximum { *score } else { maximum };
        }
        let shift = if maximum == T::neg_infinity() { T::zero() } else { maximum };
        scores.iter_mut().for_each(|score| *score = math::exp::<I, T>(*score - shift));
        let total = sum_of(scores, |score| score);
        let factor = if total == T::zero() { T::zero() } else { total.recip() };
        context.fill(T::zero());
        for (&score, value) in scores.iter().zip(values.chunks_exact(stride)) {
            let weight = score * factor;
            for (sum, &value) in context.iter_mut().zip(&value[place..]) {
                *sum = I::mul_add(weight, value, *sum);
            }
        }
    }
}
