use super::kernels;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Pool2dGeometry;
use core::ops::Range;

kernels! {
    trait Pooling<T>;

    /// The largest element of each window, for `samples` images `[height, width, channels]`. NaN wins over every number.
    pub fn max_pool2d_forward(geometry: &Pool2dGeometry, samples: usize, input: &[T], output: &mut [T]) = max_forward;
    /// The gradient of each output goes to the first maximum of its window, row by row. `d_input` is overwritten.
    pub fn max_pool2d_backward(
        geometry: &Pool2dGeometry,
        samples: usize,
        input: &[T],
        output: &[T],
        d_output: &[T],
        d_input: &mut [T],
    ) = max_backward;
    /// The mean over the positions of each window that lie inside the image.
    pub fn avg_pool2d_forward(geometry: &Pool2dGeometry, samples: usize, input: &[T], output: &mut [T]) = avg_forward;
    /// The gradient of each output is shared out evenly in its window. `d_input` is overwritten.
    pub fn avg_pool2d_backward(geometry: &Pool2dGeometry, samples: usize, d_output: &[T], d_input: &mut [T]) = avg_backward;
    /// The mean of each channel of `[positions, channels]`, for each sample.
    pub fn global_avg_pool2d_forward(positions: usize, channels: usize, input: &[T], output: &mut [T]) = global_forward;
    /// The gradient of each channel is shared out evenly over its positions. `d_input` is overwritten.
    pub fn global_avg_pool2d_backward(positions: usize, channels: usize, d_output: &[T], d_input: &mut [T]) = global_backward;
}

/// The part of a window that lies inside the image, along one axis.
#[inline(always)]
fn inside(output: usize, geometry: &Pool2dGeometry, axis: usize) -> Range<usize> {
    let start = output * geometry.stride[axis];
    let end = (start + geometry.window[axis]).saturating_sub(geometry.padding[axis]).min(geometry.input[axis]);
    start.saturating_sub(geometry.padding[axis]).min(end)..end
}

/// Calls `visit` with the place of each output position, and the rows and columns of its window.
#[inline(always)]
fn for_each_window(
    geometry: &Pool2dGeometry,
    samples: usize,
    mut visit: impl FnMut(usize, Range<usize>, Range<usize>, usize),
) {
    let [height, width, channels] = geometry.output;
    for sample in 0..samples {
        let image = sample * geometry.input[0] * geometry.input[1] * channels;
        for row in 0..height {
            for column in 0..width {
                let position = ((sample * height + row) * width + column) * channels;
                visit(position, inside(row, geometry, 0), inside(column, geometry, 1), image);
            }
        }
    }
}

/// Whether every pixel lies in exactly one window: then gradients are written, not added.
#[inline(always)]
fn is_tiled(geometry: &Pool2dGeometry) -> bool {
    let Pool2dGeometry { input, window, stride, padding, output } = geometry;
    stride == window && *padding == [0, 0] && (0..2).all(|axis| output[axis] * window[axis] == input[axis])
}

/// A window, from some channel on.
struct Window {
    rows: Range<usize>,
    columns: Range<usize>,
    /// The scalar of the channel in the image's first pixel.
    start: usize,
    width: usize,
    channels: usize,
}

impl Window {
    /// Calls `visit` with the place of each of its pixels, row by row.
    #[inline(always)]
    fn for_each(&self, mut visit: impl FnMut(usize)) {
        for row in self.rows.clone() {
            for column in self.columns.clone() {
                visit(self.start + (row * self.width + column) * self.channels);
            }
        }
    }
}

#[inline(always)]
fn max_forward<I: Isa, T: Scalar>(geometry: &Pool2dGeometry, samples: usize, input: &[T], output: &mut [T]) {
    let [_, width, channels] = geometry.input;
    for_each_window(geometry, samples, |position, rows, columns, image| {
        let mut first = 0;
        while first < channels {
            let window = Window { rows: rows.clone(), columns: columns.clone(), start: image + first, width, channels };
            let output = &mut output[position + first..];
            first += match channels - first {
                16.. => largest::<T, 16>(&window, input, output),
                4.. => largest::<T, 4>(&window, input, output),
                _ => largest::<T, 1>(&window, input, output),
            };
        }
    });
}

/// The largest of each of `LANES` channels. Returns `LANES`.
#[inline(always)]
fn largest<T: Scalar, const LANES: usize>(window: &Window, input: &[T], output: &mut [T]) -> usize {
    let mut largest = [T::neg_infinity(); LANES];
    window.for_each(|place| {
        let values: &[T; LANES] = block(&input[place..]);
        for (largest, &value) in largest.iter_mut().zip(values) {
            *largest = if value > *largest || value.is_nan() { value } else { *largest };
        }
    });
    *block_mut(output) = largest;
    LANES
}

#[inline(always)]
fn max_backward<I: Isa, T: Scalar>(
    geometry: &Pool2dGeometry,
    samples: usize,
    input: &[T],
    output: &[T],
    d_output: &[T],
    d_input: &mut [T],
) {
    if is_tiled(geometry) {
        hand_back::<T, false>(geometry, samples, input, output, d_output, d_input);
    } else {
        d_input.fill(T::zero());
        hand_back::<T, true>(geometry, samples, input, output, d_output, d_input);
    }
}

/// Hands each gradient to its maximum, to which it is added if it `ADDS`.
#[inline(always)]
fn hand_back<T: Scalar, const ADDS: bool>(
    geometry: &Pool2dGeometry,
    samples: usize,
    input: &[T],
    output: &[T],
    d_output: &[T],
    d_input: &mut [T],
) {
    let [_, width, channels] = geometry.input;
    for_each_window(geometry, samples, |position, rows, columns, image| {
        let mut first = 0;
        while first < channels {
            let window = Window { rows: rows.clone(), columns: columns.clone(), start: image + first, width, channels };
            let (output, d_output) = (&output[position + first..], &d_output[position + first..]);
            first += match channels - first {
                16.. => to_first::<T, 16, ADDS>(&window, input, block(output), block(d_output), d_input),
                4.. => to_first::<T, 4, ADDS>(&window, input, block(output), block(d_output), d_input),
                _ => to_first::<T, 1, ADDS>(&window, input, block(output), block(d_output), d_input),
            };
        }
    });
}

/// Hands the gradients of `LANES` channels to the first of their maxima. Returns `LANES`.
#[inline(always)]
fn to_first<T: Scalar, const LANES: usize, const ADDS: bool>(
    window: &Window,
    input: &[T],
    largest: &[T; LANES],
    d_output: &[T; LANES],
    d_input: &mut [T],
) -> usize {
    // What has not found its maximum yet.
    let mut d = *d_output;
    window.for_each(|place| {
        let values: &[T; LANES] = block(&input[place..]);
        let d_values: &mut [T; LANES] = block_mut(&mut d_input[place..]);
        // A local array: nothing else can stand in its memory, so the loop is vectorised.
        let mut found = if ADDS { *d_values } else { [T::zero(); LANES] };
        for lane in 0..LANES {
            let hit = values[lane] == largest[lane] || values[lane].is_nan();
            let part = if hit { d[lane] } else { T::zero() };
            found[lane] = if ADDS { found[lane] + part } else { part };
            d[lane] = if hit { T::zero() } else { d[lane] };
        }
        *d_values = found;
    });
    LANES
}

#[inline(always)]
fn block<T, const LANES: usize>(values: &[T]) -> &[T; LANES] {
    values.first_chunk().expect("cannot fail: so many channels are left")
}

#[inline(always)]
fn block_mut<T, const LANES: usize>(values: &mut [T]) -> &mut [T; LANES] {
    values.first_chunk_mut().expect("cannot fail: so many channels are left")
}

#[inline(always)]
fn avg_forward<I: Isa, T: Scalar>(geometry: &Pool2dGeometry, samples: usize, input: &[T], output: &mut [T]) {
    let [_, width, channels] = geometry.input;
    for_each_window(geometry, samples, |position, rows, columns, image| {
        let factor = share::<T>(rows.len() * columns.len());
        let output = &mut output[position..position + channels];
        output.fill(T::zero());
        for row in rows {
            for column in columns.clone() {
                let start = image + (row * width + column) * channels;
                for (sum, &value) in output.iter_mut().zip(&input[start..start + channels]) {
                    *sum += value;
                }
            }
        }
        for sum in output {
            *sum *= factor;
        }
    });
}

#[inline(always)]
fn avg_backward<I: Isa, T: Scalar>(geometry: &Pool2dGeometry, samples: usize, d_output: &[T], d_input: &mut [T]) {
    let [_, width, channels] = geometry.input;
    let is_tiled = is_tiled(geometry);
    if !is_tiled {
        d_input.fill(T::zero());
    }
    for_each_window(geometry, samples, |position, rows, columns, image| {
        let factor = share::<T>(rows.len() * columns.len());
        let d_output = &d_output[position..position + channels];
        Window { rows, columns, start: image, width, channels }.for_each(|place| {
            let pairs = d_input[place..place + channels].iter_mut().zip(d_output);
            if is_tiled {
                pairs.for_each(|(d_input, &d)| *d_input = d * factor);
            } else {
                pairs.for_each(|(d_input, &d)| *d_input = I::mul_add(d, factor, *d_input));
            }
        });
    });
}

#[inline(always)]
fn global_forward<I: Isa, T: Scalar>(positions: usize, channels: usize, input: &[T], output: &mut [T]) {
    let factor = share::<T>(positions);
    for (image, output) in input.chunks_exact(positions * channels).zip(output.chunks_exact_mut(channels)) {
        output.fill(T::zero());
        for pixel in image.chunks_exact(channels) {
            for (sum, &value) in output.iter_mut().zip(pixel) {
                *sum += value;
            }
        }
        for sum in output {
            *sum *= factor;
        }
    }
}

#[inline(always)]
fn global_backward<I: Isa, T: Scalar>(positions: usize, channels: usize, d_output: &[T], d_input: &mut [T]) {
    let factor = share::<T>(positions);
    for (d_image, d_output) in d_input.chunks_exact_mut(positions * channels).zip(d_output.chunks_exact(channels)) {
        for d_pixel in d_image.chunks_exact_mut(channels) {
            for (d_input, &d) in d_pixel.iter_mut().zip(d_output) {
                *d_input = d * factor;
            }
        }
    }
}

/// One part of `count`.
#[inline(always)]
fn share<T: Scalar>(count: usize) -> T {
    T::of(1.0 / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, assert_close, both_scalars, random_shapes};
    use crate::simd::Baseline;
    use std::vec;
    use std::vec::Vec;

    fn geometry(numbers: &mut Numbers) -> Pool2dGeometry {
        let window = [numbers.size(1, 4), numbers.size(1, 4)];
        let stride = [numbers.size(1, 4), numbers.size(1, 4)];
        let input = [numbers.size(4, 11), numbers.size(4, 11), numbers.size(1, 19)];
        let padding = window.map(|window| numbers.size(0, window - 1));
        let size = |axis: usize| {
            let behind = padding[axis].min(1);
            (input[axis] + padding[axis] + behind - window[axis]) / stride[axis] + 1
        };
        Pool2dGeometry { input, window, stride, padding, output: [size(0), size(1), input[2]] }
    }

    /// Windows side by side, each pixel in one.
    fn tiled(numbers: &mut Numbers) -> Pool2dGeometry {
        let window = [numbers.size(1, 3), numbers.size(1, 3)];
        let output = [numbers.size(1, 5), numbers.size(1, 5), numbers.size(1, 41)];
        let input = [output[0] * window[0], output[1] * window[1], output[2]];
        Pool2dGeometry { input, window, stride: window, padding: [0, 0], output }
    }

    /// The places in the input that one output sees, by the definition.
    fn places(geometry: &Pool2dGeometry, index: usize) -> Vec<usize> {
        let [height, width, channels] = geometry.input;
        let [out_height, out_width, _] = geometry.output;
        let (channel, position) = (index % channels, index / channels);
        let (column, row) = (position % out_width, position / out_width % out_height);
        let sample = position / out_width / out_height;
        let mut places = Vec::new();
        for y in 0..geometry.window[0] {
            for x in 0..geometry.window[1] {
                let row = (row * geometry.stride[0] + y).wrapping_sub(geometry.padding[0]);
                let column = (column * geometry.stride[1] + x).wrapping_sub(geometry.padding[1]);
                if row < height && column < width {
                    places.push(((sample * height + row) * width + column) * channels + channel);
                }
            }
        }
        places
    }

    fn maximum_agrees<T: Scalar>(seed: u64, cases: usize) {
        let mut numbers = Numbers::new(seed);
        for case in 0..cases {
            let geometry = if case % 3 == 0 { tiled(&mut numbers) } else { geometry(&mut numbers) };
            let samples = numbers.size(0, 3);
            let mut input: Vec<T> = numbers.integers(samples * geometry.input.iter().product::<usize>());
            if let Some(first) = input.first_mut() {
                *first = T::neg_infinity();
            }
            let d_output: Vec<T> = numbers.integers(samples * geometry.output.iter().product::<usize>());
            let mut output = vec![T::nan(); d_output.len()];
            let (mut d_input, mut expected) = (vec![T::nan(); input.len()], vec![T::zero(); input.len()]);
            max_pool2d_forward(&geometry, samples, &input, &mut output);
            max_pool2d_backward(&geometry, samples, &input, &output, &d_output, &mut d_input);
            let (mut on_baseline, mut d_on_baseline) = (vec![T::nan(); d_output.len()], vec![T::nan(); input.len()]);
            max_forward::<Baseline, T>(&geometry, samples, &input, &mut on_baseline);
            max_backward::<Baseline, T>(&geometry, samples, &input, &output, &d_output, &mut d_on_baseline);
            assert!(output == on_baseline && d_input == d_on_baseline, "{geometry:?}");
            for (index, &found) in output.iter().enumerate() {
                let places = places(&geometry, index);
                let first =
                    places.iter().copied().reduce(|best, place| if input[place] > input[best] { place } else { best });
                let first = first.expect("every window meets the input");
                assert_eq!(found, input[first], "{geometry:?}");
                expected[first] += d_output[index];
            }
            assert_eq!(d_input, expected, "{geometry:?}");
        }
    }

    fn average_agrees<T: Scalar>(seed: u64, cases: usize) {
        let mut numbers = Numbers::new(seed);
        let tolerance = 8.0 * T::epsilon().wide();
        for case in 0..cases {
            let geometry = if case % 3 == 0 { tiled(&mut numbers) } else { geometry(&mut numbers) };
            let samples = numbers.size(0, 3);
            let input: Vec<T> = numbers.integers(samples * geometry.input.iter().product::<usize>());
            let d_output: Vec<T> = numbers.integers(samples * geometry.output.iter().product::<usize>());
            let (mut output, mut d_input) = (vec![T::nan(); d_output.len()], vec![T::nan(); input.len()]);
            let (mut expected, mut d_expected) = (output.clone(), vec![T::zero(); input.len()]);
            avg_pool2d_forward(&geometry, samples, &input, &mut output);
            avg_pool2d_backward(&geometry, samples, &d_output, &mut d_input);
            for (index, expected) in expected.iter_mut().enumerate() {
                let places = places(&geometry, index);
                let count = T::of(places.len() as f64);
                *expected = places.iter().map(|&place| input[place]).sum::<T>() / count;
                places.iter().for_each(|&place| d_expected[place] += d_output[index] / count);
            }
            assert_close(&output, &expected, tolerance, "forward");
            assert_close(&d_input, &d_expected, tolerance, "backward");
        }
    }

    fn global_average_is_an_average_of_one_window<T: Scalar>() {
        let mut numbers = Numbers::new(7);
        for (height, width, channels) in [(1, 1, 1), (3, 5, 2), (7, 7, 33)] {
            let (input, window) = ([height, width, channels], [height, width]);
            let geometry = Pool2dGeometry { input, window, stride: window, padding: [0, 0], output: [1, 1, channels] };
            let positions = height * width;
            let input: Vec<T> = numbers.integers(2 * positions * channels);
            let (mut found, mut expected) = (vec![T::nan(); 2 * channels], vec![T::nan(); 2 * channels]);
            global_avg_pool2d_forward(positions, channels, &input, &mut found);
            avg_pool2d_forward(&geometry, 2, &input, &mut expected);
            assert_eq!(found, expected);
            let (mut found, mut expected) = (vec![T::nan(); input.len()], vec![T::nan(); input.len()]);
            global_avg_pool2d_backward(positions, channels, &input[..2 * channels], &mut found);
            avg_pool2d_backward(&geometry, 2, &input[..2 * channels], &mut expected);
            assert_eq!(found, expected);
        }
    }

    fn nan_wins_a_maximum<T: Scalar>() {
        let geometry =
            Pool2dGeometry { input: [2, 2, 1], window: [2, 2], stride: [2, 2], padding: [0, 0], output: [1, 1, 1] };
        let input = [T::one(), T::nan(), T::of(3.0), T::nan()];
        let (mut output, mut d_input) = ([T::zero()], [T::one(); 4]);
        max_pool2d_forward(&geometry, 1, &input, &mut output);
        assert!(output[0].is_nan());
        max_pool2d_backward(&geometry, 1, &input, &output, &[T::one()], &mut d_input);
        assert_eq!(d_input.map(T::wide), [0.0, 1.0, 0.0, 0.0]);
    }

    random_shapes! {
        maximum_agrees as maximum_equals_its_naive_twin: 90 from 5;
        average_agrees as average_equals_its_naive_twin: 90 from 6;
    }

    both_scalars! {
        global_average_is_an_average_of_one_window,
        nan_wins_a_maximum,
    }
}
