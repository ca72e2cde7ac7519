//! Pools of volumes in two halves: each plane as an image, then along the depth. A maximum of maxima is the maximum; the mean
//! of means is the mean, because all planes of a window meet it in equally many positions.

use super::{avg_pool2d_backward, avg_pool2d_forward, max_pool2d_backward, max_pool2d_forward};
use crate::Scalar;
use crate::spec::Pool3dGeometry;

/// Scalars of scratch memory of a pool of volumes, for all four functions.
pub const fn pool3d_scratch(geometry: &Pool3dGeometry) -> usize {
    2 * geometry.between()
}

const fn len(sizes: &[usize; 4]) -> usize {
    sizes[0] * sizes[1] * sizes[2] * sizes[3]
}

/// The largest element of each window, for `samples` volumes `[depth, height, width, channels]`. NaN wins over every number.
/// `scratch` has [`pool3d_scratch`] scalars, here and below.
pub fn max_pool3d_forward<T: Scalar>(
    geometry: &Pool3dGeometry,
    samples: usize,
    input: &[T],
    output: &mut [T],
    scratch: &mut [T],
) {
    let between = &mut scratch[..geometry.between()];
    let outputs = output.chunks_exact_mut(len(&geometry.output));
    for (input, output) in input.chunks_exact(len(&geometry.input)).zip(outputs).take(samples) {
        max_pool2d_forward(&geometry.planes(), geometry.input[0], input, between);
        max_pool2d_forward(&geometry.depth(), 1, between, output);
    }
}

/// The gradient of each output goes to the first maximum of its window, plane by plane and row by row. `d_input` is
/// overwritten.
pub fn max_pool3d_backward<T: Scalar>(
    geometry: &Pool3dGeometry,
    samples: usize,
    input: &[T],
    output: &[T],
    d_output: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let (between, rest) = scratch.split_at_mut(geometry.between());
    let d_between = &mut rest[..geometry.between()];
    let (input_len, output_len) = (len(&geometry.input), len(&geometry.output));
    for sample in 0..samples {
        let input = &input[sample * input_len..][..input_len];
        let d_input = &mut d_input[sample * input_len..][..input_len];
        let [output, d_output] = [output, d_output].map(|values| &values[sample * output_len..][..output_len]);
        max_pool2d_forward(&geometry.planes(), geometry.input[0], input, between);
        max_pool2d_backward(&geometry.depth(), 1, between, output, d_output, d_between);
        max_pool2d_backward(&geometry.planes(), geometry.input[0], input, between, d_between, d_input);
    }
}

/// The mean over the positions of each window that lie inside the volume.
pub fn avg_pool3d_forward<T: Scalar>(
    geometry: &Pool3dGeometry,
    samples: usize,
    input: &[T],
    output: &mut [T],
    scratch: &mut [T],
) {
    let between = &mut scratch[..geometry.between()];
    let outputs = output.chunks_exact_mut(len(&geometry.output));
    for (input, output) in input.chunks_exact(len(&geometry.input)).zip(outputs).take(samples) {
        avg_pool2d_forward(&geometry.planes(), geometry.input[0], input, between);
        avg_pool2d_forward(&geometry.depth(), 1, between, output);
    }
}

/// The gradient of each output is shared out evenly in its window. `d_input` is overwritten.
pub fn avg_pool3d_backward<T: Scalar>(
    geometry: &Pool3dGeometry,
    samples: usize,
    d_output: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let d_between = &mut scratch[..geometry.between()];
    let d_outputs = d_output.chunks_exact(len(&geometry.output));
    for (d_input, d_output) in d_input.chunks_exact_mut(len(&geometry.input)).zip(d_outputs).take(samples) {
        avg_pool2d_backward(&geometry.depth(), 1, d_output, d_between);
        avg_pool2d_backward(&geometry.planes(), geometry.input[0], d_between, d_input);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, assert_close, random_shapes};
    use std::vec;
    use std::vec::Vec;

    fn geometry(numbers: &mut Numbers) -> Pool3dGeometry {
        let mut sizes =
            |low: usize, high: usize| [numbers.size(low, high), numbers.size(low, high), numbers.size(low, high)];
        let (window, stride, extra) = (sizes(1, 3), sizes(1, 3), sizes(0, 4));
        let padding: [usize; 3] = core::array::from_fn(|axis| numbers.size(0, window[axis] - 1));
        let size = |axis: usize| (window[axis] + extra[axis] - padding[axis]).max(1);
        let output = |axis: usize| (size(axis) + padding[axis] - window[axis]) / stride[axis] + 1;
        let channels = numbers.size(1, 18);
        let (input, output) = ([size(0), size(1), size(2), channels], [output(0), output(1), output(2), channels]);
        Pool3dGeometry { input, window, stride, padding, output }
    }

    /// The places that each output's window has inside the volume, in order.
    fn windows(geometry: &Pool3dGeometry, samples: usize) -> Vec<Vec<usize>> {
        let Pool3dGeometry { input, window, stride, padding, output } = *geometry;
        let of_one = |at: usize| {
            let (channel, position) = (at % output[3], at / output[3]);
            let place =
                [position / output[2] / output[1] % output[0], position / output[2] % output[1], position % output[2]];
            let sample = position / output[2] / output[1] / output[0];
            let taps = (0..window.iter().product::<usize>()).filter_map(|tap| {
                let tap = [tap / window[2] / window[1], tap / window[2] % window[1], tap % window[2]];
                let from: [usize; 3] =
                    core::array::from_fn(|axis| (place[axis] * stride[axis] + tap[axis]).wrapping_sub(padding[axis]));
                let is_inside = (0..3).all(|axis| from[axis] < input[axis]);
                let row = |sample: usize| (sample * input[0] + from[0]) * input[1] + from[1];
                is_inside.then(|| (row(sample) * input[2] + from[2]) * input[3] + channel)
            });
            taps.collect()
        };
        (0..samples * len(&output)).map(of_one).collect()
    }

    fn agrees_with_the_definition<T: Scalar>(seed: u64, cases: usize) {
        let mut numbers = Numbers::new(seed);
        for _ in 0..cases {
            let (geometry, samples) = (geometry(&mut numbers), numbers.size(0, 2));
            let windows = windows(&geometry, samples);
            let input: Vec<T> = numbers.integers(samples * len(&geometry.input));
            let d_output: Vec<T> = numbers.integers(windows.len());
            let mut scratch = vec![T::nan(); pool3d_scratch(&geometry)];
            let (mut output, mut d_input) = (vec![T::nan(); windows.len()], vec![T::nan(); input.len()]);

            let first = |window: &Vec<usize>| {
                window.iter().copied().reduce(|best, next| if input[next] > input[best] { next } else { best })
            };
            let places: Vec<usize> = windows.iter().filter_map(first).collect();
            let expected: Vec<T> = places.iter().map(|place| input[*place]).collect();
            max_pool3d_forward(&geometry, samples, &input, &mut output, &mut scratch);
            assert_eq!(output, expected, "{geometry:?}");
            let mut expected = vec![T::zero(); input.len()];
            places.iter().zip(&d_output).for_each(|(place, &d)| expected[*place] += d);
            max_pool3d_backward(&geometry, samples, &input, &output, &d_output, &mut d_input, &mut scratch);
            assert_eq!(d_input, expected, "{geometry:?}");

            let share = |window: &Vec<usize>| T::one() / T::of(window.len() as f64);
            let sum =
                |window: &Vec<usize>| window.iter().map(|place| input[*place]).fold(T::zero(), |sum, next| sum + next);
            let expected: Vec<T> = windows.iter().map(|window| sum(window) * share(window)).collect();
            avg_pool3d_forward(&geometry, samples, &input, &mut output, &mut scratch);
            let tolerance = 16.0 * T::epsilon().wide();
            assert_close(&output, &expected, tolerance, "mean");
            let mut expected = vec![T::zero(); input.len()];
            for (window, &d) in windows.iter().zip(&d_output) {
                window.iter().for_each(|place| expected[*place] += d * share(window));
            }
            avg_pool3d_backward(&geometry, samples, &d_output, &mut d_input, &mut scratch);
            assert_close(&d_input, &expected, 4.0 * tolerance, "gradient of the mean");
        }
    }

    random_shapes! { agrees_with_the_definition as equals_its_naive_twin: 100 from 41; }
}
