//! Images with more pixels, between which is interpolated.

use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait Interpolation<T>;

    /// `samples` images `[height, width, channels]` with `factor` times more rows and columns: each pixel is the mean of the
    /// four nearest ones, weighted by how near their centres are. Outside of the outermost centres the image goes on as it
    /// is there.
    pub fn bilinear_forward(input_shape: [usize; 3], factor: [usize; 2], samples: usize, input: &[T], output: &mut [T]) = forward;
    /// Adds each output's gradient, weighted in the same way, to the four pixels' of `d_input`, which starts from zero.
    pub fn bilinear_backward(input_shape: [usize; 3], factor: [usize; 2], samples: usize, d_output: &[T], d_input: &mut [T]) = backward;
}

/// Two neighbours along an axis, and their weights.
#[derive(Clone, Copy)]
struct Pair<T> {
    places: [usize; 2],
    weights: [T; 2],
}

impl<T: Scalar> Pair<T> {
    /// Those between which an output lies.
    #[inline(always)]
    fn of(output: usize, factor: usize, size: usize) -> Self {
        // The centre, in halves of an output's width from the input's first centre on.
        let twice = (2 * output + 1).saturating_sub(factor);
        let (place, rest) = (twice / (2 * factor), twice % (2 * factor));
        let weight = T::of(rest as f64 / (2 * factor) as f64);
        Self { places: [place, (place + 1).min(size - 1)], weights: [T::one() - weight, weight] }
    }
}

/// Calls `visit` with where each output pixel begins, and with where its four pixels of the input begin and their weights.
#[inline(always)]
fn for_each_pixel<T: Scalar>(
    [height, width, channels]: [usize; 3],
    [down, right]: [usize; 2],
    samples: usize,
    mut visit: impl FnMut(usize, [(usize, T); 4]),
) {
    let mut to = 0;
    for sample in 0..samples {
        for row in (0..height * down).map(|row| Pair::<T>::of(row, down, height)) {
            for column in (0..width * right).map(|column| Pair::<T>::of(column, right, width)) {
                visit(
                    to,
                    [[0, 0], [0, 1], [1, 0], [1, 1]].map(|[below, behind]| {
                        let pixel = (sample * height + row.places[below]) * width + column.places[behind];
                        (pixel * channels, row.weights[below] * column.weights[behind])
                    }),
                );
                to += channels;
            }
        }
    }
}

#[inline(always)]
fn forward<I: Isa, T: Scalar>(
    input_shape: [usize; 3],
    factor: [usize; 2],
    samples: usize,
    input: &[T],
    output: &mut [T],
) {
    let channels = input_shape[2];
    for_each_pixel(input_shape, factor, samples, |to, pixels: [(usize, T); 4]| {
        let [a, b, c, d] = pixels.map(|(from, _)| &input[from..from + channels]);
        let weights = pixels.map(|(_, weight)| weight);
        for (index, output) in output[to..to + channels].iter_mut().enumerate() {
            let above = I::mul_add(weights[0], a[index], weights[1] * b[index]);
            *output = I::mul_add(weights[2], c[index], I::mul_add(weights[3], d[index], above));
        }
    });
}

#[inline(always)]
fn backward<I: Isa, T: Scalar>(
    input_shape: [usize; 3],
    factor: [usize; 2],
    samples: usize,
    d_output: &[T],
    d_input: &mut [T],
) {
    let channels = input_shape[2];
    for_each_pixel(input_shape, factor, samples, |from, pixels: [(usize, T); 4]| {
        let d_output = &d_output[from..from + channels];
        for (to, weight) in pixels {
            for (d_input, &d_output) in d_input[to..to + channels].iter_mut().zip(d_output) {
                *d_input = I::mul_add(weight, d_output, *d_input);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, assert_close, both_scalars};
    use std::vec;
    use std::vec::Vec;

    /// The weight of an input's place for an output's, by the distance of their centres.
    fn weight(output: usize, factor: usize, size: usize, input: usize) -> f64 {
        let centre = ((output as f64 + 0.5) / factor as f64 - 0.5).clamp(0.0, (size - 1) as f64);
        (1.0 - (centre - input as f64).abs()).max(0.0)
    }

    fn equals_its_naive_twin<T: Scalar>() {
        let mut numbers = Numbers::new(31);
        for _ in 0..200 {
            let shape @ [height, width, channels] = [numbers.size(1, 5), numbers.size(1, 5), numbers.size(1, 20)];
            let (factor, samples) = ([numbers.size(1, 4), numbers.size(1, 4)], numbers.size(0, 2));
            let (rows, columns) = (height * factor[0], width * factor[1]);
            let input: Vec<T> = numbers.uniform(samples * height * width * channels);
            let d_output: Vec<T> = numbers.uniform(samples * rows * columns * channels);
            let (mut expected, mut d_expected) = (vec![T::zero(); d_output.len()], vec![T::zero(); input.len()]);
            for to in 0..d_output.len() {
                let (channel, pixel) = (to % channels, to / channels);
                let (column, row, sample) = (pixel % columns, pixel / columns % rows, pixel / columns / rows);
                for place in 0..height * width {
                    let from = (sample * height * width + place) * channels + channel;
                    let weight =
                        weight(row, factor[0], height, place / width) * weight(column, factor[1], width, place % width);
                    expected[to] += T::of(weight) * input[from];
                    d_expected[from] += T::of(weight) * d_output[to];
                }
            }
            let mut output = vec![T::nan(); d_output.len()];
            bilinear_forward(shape, factor, samples, &input, &mut output);
            assert_close(&output, &expected, 1e-5, "forward");
            let mut d_input = vec![T::zero(); input.len()];
            bilinear_backward(shape, factor, samples, &d_output, &mut d_input);
            assert_close(&d_input, &d_expected, 1e-5, "backward");
        }
    }

    both_scalars! { equals_its_naive_twin }
}
