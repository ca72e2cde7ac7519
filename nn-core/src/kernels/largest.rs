use super::rearrange::fold_lanes;
use super::{Layout, kernels};
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait Largest<T>;

    /// `output[j]` = the largest `input[i]` with `layout(i) = j`; NaN wins over every number. All of `output` is written.
    pub fn largest(layout: &Layout, input: &[T], output: &mut [T]) = largest_body;
    /// The gradient of each output goes to the first `input[i]` that is as large. `d_input` is overwritten, and `d_output`
    /// is used up.
    pub fn largest_backward(
        layout: &Layout,
        input: &[T],
        output: &[T],
        d_output: &mut [T],
        d_input: &mut [T],
    ) = largest_backward_body;
}

/// The larger of two; NaN is larger than every number.
#[inline(always)]
fn larger<T: Scalar>(largest: T, value: T) -> T {
    if value > largest || value.is_nan() { value } else { largest }
}

#[inline(always)]
fn largest_body<I: Isa, T: Scalar>(layout: &Layout, input: &[T], output: &mut [T]) {
    output.fill(T::neg_infinity());
    let Some(walk) = layout.walk() else { return };
    let columns = walk.columns();
    match columns.there {
        0 => walk.for_each_row(|here, there| {
            output[there] =
                larger(output[there], fold_lanes(&input[here..here + columns.size], T::neg_infinity(), larger));
        }),
        1 => walk.for_each_row(|here, there| {
            let values = &input[here..here + columns.size];
            for (largest, &value) in output[there..there + columns.size].iter_mut().zip(values) {
                *largest = larger(*largest, value);
            }
        }),
        _ => walk.for_each_element(|here, there| output[there] = larger(output[there], input[here])),
    }
}

/// What is left of an output's gradient goes to the first input that is as large as it; none is left for later ones.
#[inline(always)]
fn give<T: Scalar>(value: T, largest: T, d_output: &mut T) -> T {
    let is_largest = value == largest || value.is_nan();
    let given = if is_largest { *d_output } else { T::zero() };
    *d_output = if is_largest { T::zero() } else { *d_output };
    given
}

#[inline(always)]
fn largest_backward_body<I: Isa, T: Scalar>(
    layout: &Layout,
    input: &[T],
    output: &[T],
    d_output: &mut [T],
    d_input: &mut [T],
) {
    let Some(walk) = layout.walk() else { return };
    let columns = walk.columns();
    match columns.there {
        1 => walk.for_each_row(|here, there| {
            let (values, d_values) = (&input[here..here + columns.size], &mut d_input[here..here + columns.size]);
            let (largest, d) = (&output[there..there + columns.size], &mut d_output[there..there + columns.size]);
            for (((d_value, &value), &largest), d) in d_values.iter_mut().zip(values).zip(largest).zip(d) {
                *d_value = give(value, largest, d);
            }
        }),
        _ => {
            walk.for_each_element(|here, there| d_input[here] = give(input[here], output[there], &mut d_output[there]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars};
    use std::vec;
    use std::vec::Vec;

    /// The middle axis of three, or the outer two, by the definition.
    fn all_agree_with_the_definition<T: Scalar>() {
        let mut numbers = Numbers::new(2);
        for _ in 0..200 {
            let [outer, middle, inner] = [numbers.size(1, 3), numbers.size(1, 80), numbers.size(1, 5)];
            let input: Vec<T> = numbers.integers(outer * middle * inner);
            let layout = Layout::new(0).axis(outer, inner).axis(middle, 0).axis(inner, 1);
            let mut output = vec![T::nan(); outer * inner];
            largest(&layout, &input, &mut output);
            let d_output: Vec<T> = numbers.uniform(output.len());
            let mut d_input = vec![T::nan(); input.len()];
            largest_backward(&layout, &input, &output, &mut d_output.clone(), &mut d_input);
            for (index, &found) in output.iter().enumerate() {
                let places = (0..middle).map(|step| (index / inner * middle + step) * inner + index % inner);
                let column: Vec<T> = places.clone().map(|place| input[place]).collect();
                let expected = column.iter().copied().fold(T::neg_infinity(), T::max);
                assert_eq!(found, expected);
                let first = column.iter().position(|value| *value == expected);
                for (step, place) in places.enumerate() {
                    let expected = if Some(step) == first { d_output[index] } else { T::zero() };
                    assert_eq!(d_input[place], expected);
                }
            }
        }
    }

    fn nan_wins_and_has_the_gradient<T: Scalar>() {
        for length in [3, 40] {
            let mut input = vec![T::one(); length];
            input[2] = T::nan();
            let layout = Layout::new(0).axis(length, 0);
            let mut output = [T::zero()];
            largest(&layout, &input, &mut output);
            assert!(output[0].is_nan());
            let mut d_input = vec![T::nan(); length];
            largest_backward(&layout, &input, &output, &mut [T::one()], &mut d_input);
            assert!(d_input.iter().enumerate().all(|(index, d)| d.wide() == f64::from(u8::from(index == 2))));
        }
    }

    both_scalars! { all_agree_with_the_definition, nan_wins_and_has_the_gradient }
}
