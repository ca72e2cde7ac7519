//! A convolution whose result is pooled at once: the largest element of each window, and windows lie side by side. The
//! convolution's own result is made a row of windows at a time, in scratch memory, and what no window sees is not computed.
//!
//! Each window hands its gradient to one position. Where that is, the *winner*, is kept for the backward pass: the number of
//! the position in its window, row by row.

use super::conv2d::{add_input_gradient, bordered, has_border, input_len, patches};
use super::gemm::patch_product;
use super::{Epilogue, GEMM_SCRATCH, Matrix, Store, activate_in_place, kernels};
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::{Activation, Conv2dGeometry};

/// The convolution as far as windows see it: rows and columns that no window reaches are left out.
const fn visited(geometry: &Conv2dGeometry, window: [usize; 2]) -> Conv2dGeometry {
    let [height, width, filters] = geometry.output;
    Conv2dGeometry { output: [height - height % window[0], width - width % window[1], filters], ..*geometry }
}

/// Scalars of scratch memory: an image with its border, a row of windows, the patches' gradients there, and room for the
/// product. `window` is the height and width of the pool's windows.
pub const fn conv_pool2d_scratch(geometry: &Conv2dGeometry, window: [usize; 2]) -> usize {
    let geometry = visited(geometry, window);
    let positions = window[0] * geometry.output[1];
    let patches = positions * geometry.kernel[1] * geometry.input[2];
    image_len(&geometry) + positions * geometry.output[2] + patches + GEMM_SCRATCH
}

/// Scalars of an image with its border, where it has one.
const fn image_len(geometry: &Conv2dGeometry) -> usize {
    let [height, width] = bordered(geometry);
    if has_border(geometry) { height * width * geometry.input[2] } else { 0 }
}

/// Cuts scratch memory into what the three passes use: an image with its border, a row of windows, and the rest.
fn cut<'s, T>(geometry: &Conv2dGeometry, window: [usize; 2], scratch: &'s mut [T]) -> [&'s mut [T]; 3] {
    let (image, scratch) = scratch.split_at_mut(image_len(geometry));
    let (block, rest) = scratch.split_at_mut(window[0] * geometry.output[1] * geometry.output[2]);
    [image, block, rest]
}

/// Scalars of a row of pooled positions.
const fn row_len(geometry: &Conv2dGeometry, window: [usize; 2]) -> usize {
    geometry.output[1] / window[1] * geometry.output[2]
}

/// Scalars of the pooled positions of one image.
const fn output_len(geometry: &Conv2dGeometry, window: [usize; 2]) -> usize {
    geometry.output[0] / window[0] * row_len(geometry, window)
}

/// `output = activation(max(input ⋆ weight) + bias)` for `samples` images, where the maximum is taken over windows of
/// positions that lie side by side. NaN wins over every number.
///
/// `input`, `weight` and `bias` are as for [`conv2d_forward`](super::conv2d_forward); `output` is
/// `[samples, out height / window height, out width / window width, filters]`. `winners` has one scalar for each output, or is
/// empty where nobody asks; `scratch` has [`conv_pool2d_scratch`] scalars.
pub fn conv_pool2d_forward<T: Scalar>(
    geometry: &Conv2dGeometry,
    window: [usize; 2],
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    activation: Activation,
    output: &mut [T],
    winners: &mut [T],
    scratch: &mut [T],
) {
    let geometry = visited(geometry, window);
    let filters = geometry.output[2];
    let [image, block, scratch] = cut(&geometry, window, scratch);
    let (image_len, row_len) = (output_len(&geometry, window), row_len(&geometry, window));
    let weight = Matrix::rows(weight, filters);
    let inputs = input.chunks_exact(input_len(&geometry));
    for (sample, (input, output)) in inputs.zip(output.chunks_exact_mut(image_len)).take(samples).enumerate() {
        let patches = patches(&geometry, input, image);
        for (row, output) in output.chunks_exact_mut(row_len).enumerate() {
            let rows = patches.some_groups(row * window[0], window[0]);
            patch_product(rows, weight, filters, block, Store::Overwrite, Epilogue::NONE, scratch);
            let winners = winners.get_mut(sample * image_len + row * row_len..).unwrap_or_default();
            pool_rows(window, filters, block, bias, output, winners);
        }
    }
    activate_in_place(activation, output);
}

/// Adds to the gradient of the weight. `d_output` is the gradient in front of the activation; other shapes as in
/// [`conv_pool2d_forward`].
pub fn conv_pool2d_backward_weight<T: Scalar>(
    geometry: &Conv2dGeometry,
    window: [usize; 2],
    samples: usize,
    input: &[T],
    winners: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    let geometry = visited(geometry, window);
    let filters = geometry.output[2];
    let [image, block, scratch] = cut(&geometry, window, scratch);
    let (image_len, row_len) = (output_len(&geometry, window), row_len(&geometry, window));
    let outputs = d_output.chunks_exact(image_len).zip(winners.chunks_exact(image_len));
    for (input, (d_output, winners)) in input.chunks_exact(input_len(&geometry)).zip(outputs).take(samples) {
        let patches = patches(&geometry, input, image);
        let rows = d_output.chunks_exact(row_len).zip(winners.chunks_exact(row_len));
        for (row, (d_output, winners)) in rows.enumerate() {
            scatter_rows(window, filters, d_output, winners, block);
            let rows = patches.some_groups(row * window[0], window[0]).transposed();
            let d_rows = Matrix::rows(&*block, filters);
            patch_product(rows, d_rows, filters, d_weight, Store::Accumulate, Epilogue::NONE, scratch);
        }
    }
}

/// The gradient of the input, which is overwritten; shapes as in [`conv_pool2d_backward_weight`].
pub fn conv_pool2d_backward_input<T: Scalar>(
    geometry: &Conv2dGeometry,
    window: [usize; 2],
    samples: usize,
    winners: &[T],
    d_output: &[T],
    weight: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let geometry = visited(geometry, window);
    let filters = geometry.output[2];
    let [_, block, scratch] = cut(&geometry, window, scratch);
    let (patches, scratch) = scratch.split_at_mut(scratch.len().saturating_sub(GEMM_SCRATCH));
    let (image_len, row_len) = (output_len(&geometry, window), row_len(&geometry, window));
    let outputs = d_output.chunks_exact(image_len).zip(winners.chunks_exact(image_len));
    d_input.fill(T::zero());
    for (d_input, (d_output, winners)) in d_input.chunks_exact_mut(input_len(&geometry)).zip(outputs).take(samples) {
        let rows = d_output.chunks_exact(row_len).zip(winners.chunks_exact(row_len));
        for (row, (d_output, winners)) in rows.enumerate() {
            scatter_rows(window, filters, d_output, winners, block);
            add_input_gradient(&geometry, row * window[0], block, weight, d_input, patches, scratch);
        }
    }
}

kernels! {
    trait ConvolutionPool<T>;

    /// Pools a row of windows: `block` is `[window height, columns · window width, filters]`, `output` and `winners` are
    /// `[columns, filters]`.
    pub(crate) fn pool_rows(
        window: [usize; 2],
        filters: usize,
        block: &[T],
        bias: &[T],
        output: &mut [T],
        winners: &mut [T],
    ) = pool_body;
    /// Writes each gradient to its winner's place in `block`, and zeros everywhere else.
    pub(crate) fn scatter_rows(window: [usize; 2], filters: usize, d_output: &[T], winners: &[T], block: &mut [T]) = scatter_body;
}

/// Filters that are worked on at once, in registers.
const LANES: usize = 16;

/// Calls `block` with the first filter and the number of filters of each block; the number is a constant for all but the
/// last one.
#[inline(always)]
fn for_each_block(filters: usize, mut block: impl FnMut(usize, usize)) {
    let whole = filters / LANES * LANES;
    for first in (0..whole).step_by(LANES) {
        block(first, LANES);
    }
    if whole < filters {
        block(whole, filters - whole);
    }
}

/// Where each place of a window starts in a row of windows, for the window at some column: its number, and the scalar.
#[inline(always)]
fn places(window: [usize; 2], filters: usize, row_len: usize, column: usize) -> impl Iterator<Item = (usize, usize)> {
    let [height, width] = window;
    (0..height).flat_map(move |row| {
        (0..width).map(move |place| (row * width + place, row * row_len + (column * width + place) * filters))
    })
}

#[inline(always)]
fn pool_body<I: Isa, T: Scalar>(
    window: [usize; 2],
    filters: usize,
    block: &[T],
    bias: &[T],
    output: &mut [T],
    winners: &mut [T],
) {
    let row_len = block.len() / window[0];
    for column in 0..output.len() / filters {
        for_each_block(filters, |first, count| {
            let mut largest = [T::neg_infinity(); LANES];
            let mut winner = [T::zero(); LANES];
            for (place, start) in places(window, filters, row_len, column) {
                let place = T::of(place as f64);
                let values = &block[start + first..][..count];
                for ((largest, winner), &value) in largest.iter_mut().zip(&mut winner).zip(values) {
                    let wins = value > *largest || (value.is_nan() && !largest.is_nan());
                    *largest = if wins { value } else { *largest };
                    *winner = if wins { place } else { *winner };
                }
            }
            let start = column * filters + first;
            output[start..start + count].copy_from_slice(&largest[..count]);
            if let Some(bias) = bias.get(first..first + count) {
                for (output, &bias) in output[start..start + count].iter_mut().zip(bias) {
                    *output += bias;
                }
            }
            if let Some(winners) = winners.get_mut(start..start + count) {
                winners.copy_from_slice(&winner[..count]);
            }
        });
    }
}

#[inline(always)]
fn scatter_body<I: Isa, T: Scalar>(window: [usize; 2], filters: usize, d_output: &[T], winners: &[T], block: &mut [T]) {
    let row_len = block.len() / window[0];
    for (column, (d, winners)) in d_output.chunks_exact(filters).zip(winners.chunks_exact(filters)).enumerate() {
        for (place, start) in places(window, filters, row_len, column) {
            let place = T::of(place as f64);
            for ((to, &d), &winner) in block[start..start + filters].iter_mut().zip(d).zip(winners) {
                *to = if winner == place { d } else { T::zero() };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars};
    use crate::kernels::{
        activate_backward, conv2d_backward_input, conv2d_backward_weight, conv2d_forward, conv2d_scratch,
        max_pool2d_backward, max_pool2d_forward,
    };
    use crate::spec::Pool2dGeometry;
    use std::vec;
    use std::vec::Vec;

    /// A convolution, and a window that is not larger than its result.
    fn geometry(numbers: &mut Numbers) -> (Conv2dGeometry, [usize; 2]) {
        let kernel = [numbers.size(1, 4), numbers.size(1, 4)];
        let stride = [numbers.size(1, 2), numbers.size(1, 2)];
        let input = [numbers.size(4, 13), numbers.size(4, 13), numbers.size(1, 5)];
        let padding = [numbers.size(0, 3), numbers.size(0, 2)];
        let behind = numbers.size(0, 1);
        let size = |axis: usize| (input[axis] + padding[axis] + behind - kernel[axis]) / stride[axis] + 1;
        let output = [size(0), size(1), numbers.size(1, 35)];
        let window = [numbers.size(1, output[0].min(3)), numbers.size(1, output[1].min(3))];
        (Conv2dGeometry { input, kernel, stride, padding, output }, window)
    }

    /// Everything that the fused passes give: the output and the gradients of weight and input.
    type Results<T> = [Vec<T>; 3];

    /// One case, with the values that both ways are given.
    struct Case<T> {
        geometry: Conv2dGeometry,
        window: [usize; 2],
        samples: usize,
        input: Vec<T>,
        weight: Vec<T>,
        bias: Vec<T>,
        activation: Activation,
        d_output: Vec<T>,
        d_weight: Vec<T>,
    }

    impl<T: Scalar> Case<T> {
        fn draw(numbers: &mut Numbers, (geometry, window): (Conv2dGeometry, [usize; 2]), samples: usize) -> Self {
            let filters = geometry.output[2];
            let bias = if numbers.size(0, 1) == 0 { numbers.integers(filters) } else { Vec::new() };
            let activation = [Activation::Identity, Activation::Relu, Activation::LeakyRelu { slope: 0.5 }];
            let weights = geometry.kernel[0] * geometry.kernel[1] * geometry.input[2] * filters;
            Self {
                geometry,
                window,
                samples,
                input: numbers.integers(samples * input_len(&geometry)),
                weight: numbers.integers(weights),
                bias,
                activation: activation[numbers.size(0, 2)],
                d_output: numbers.integers(samples * output_len(&visited(&geometry, window), window)),
                d_weight: numbers.integers(weights),
            }
        }

        fn fused(&self) -> Results<T> {
            let Self { geometry, window, samples, input, weight, .. } = self;
            let mut scratch = vec![T::nan(); conv_pool2d_scratch(geometry, *window)];
            let [mut output, mut winners, mut again] = [(); 3].map(|()| vec![T::nan(); self.d_output.len()]);
            for (output, winners) in [(&mut output, &mut *winners), (&mut again, &mut [])] {
                let (bias, activation) = (&self.bias, self.activation);
                conv_pool2d_forward(
                    geometry,
                    *window,
                    *samples,
                    input,
                    weight,
                    bias,
                    activation,
                    output,
                    winners,
                    &mut scratch,
                );
            }
            assert!(output.iter().zip(&again).all(|(left, right)| left == right || left.is_nan()), "without winners");
            let (mut d, mut d_weight) = (self.d_output.clone(), self.d_weight.clone());
            activate_backward(self.activation, &output, &mut d);
            let mut d_input = vec![T::nan(); input.len()];
            scratch.fill(T::nan());
            conv_pool2d_backward_weight(geometry, *window, *samples, input, &winners, &d, &mut d_weight, &mut scratch);
            conv_pool2d_backward_input(geometry, *window, *samples, &winners, &d, weight, &mut d_input, &mut scratch);
            [output, d_weight, d_input]
        }

        /// The same by one kernel after the other: convolution with its activation, then the pool.
        fn unfused(&self) -> Results<T> {
            let Self { geometry, window, samples, input, weight, .. } = self;
            let [height, width, filters] = geometry.output;
            let pool = Pool2dGeometry {
                input: geometry.output,
                window: *window,
                stride: *window,
                padding: [0, 0],
                output: [height / window[0], width / window[1], filters],
            };
            let mut scratch = vec![T::nan(); conv2d_scratch(geometry)];
            let mut values = vec![T::nan(); samples * height * width * filters];
            let mut output = vec![T::nan(); self.d_output.len()];
            conv2d_forward(geometry, *samples, input, weight, &self.bias, self.activation, &mut values, &mut scratch);
            max_pool2d_forward(&pool, *samples, &values, &mut output);
            let (mut d, mut d_weight) = (vec![T::nan(); values.len()], self.d_weight.clone());
            max_pool2d_backward(&pool, *samples, &values, &output, &self.d_output, &mut d);
            activate_backward(self.activation, &values, &mut d);
            let mut d_input = vec![T::nan(); input.len()];
            conv2d_backward_weight(geometry, *samples, input, &d, &mut d_weight, &mut scratch);
            conv2d_backward_input(geometry, *samples, &d, weight, &mut d_input, &mut scratch);
            [output, d_weight, d_input]
        }
    }

    fn equals_its_parts<T: Scalar>() {
        let mut numbers = Numbers::new(11);
        for _ in 0..150 {
            let (geometry, samples) = (geometry(&mut numbers), numbers.size(0, 3));
            let case = Case::<T>::draw(&mut numbers, geometry, samples);
            for ((found, expected), what) in case.fused().iter().zip(case.unfused()).zip(["output", "weight", "input"])
            {
                let Case { geometry, window, activation, .. } = &case;
                assert_eq!(*found, expected, "{what}, {geometry:?}, {window:?}, {activation:?}");
            }
        }
    }

    fn nan_wins<T: Scalar>() {
        let geometry =
            Conv2dGeometry { input: [2, 4, 1], kernel: [1, 1], stride: [1, 1], padding: [0, 0], output: [2, 4, 1] };
        let mut case = Case::<T>::draw(&mut Numbers::new(2), (geometry, [2, 2]), 1);
        let [one, nan] = [T::one(), T::nan()];
        case.input = vec![one, nan, one, one, T::of(3.0), nan, T::of(5.0), one];
        (case.weight, case.bias) = (vec![one], Vec::new());
        let ([fused, ..], [unfused, ..]) = (case.fused(), case.unfused());
        assert!(fused[0].is_nan() && unfused[0].is_nan());
        assert_eq!(fused[1], unfused[1]);
        let (mut output, mut winners) = ([one; 2], [nan; 2]);
        let mut scratch = vec![nan; conv_pool2d_scratch(&geometry, [2, 2])];
        let (input, weight) = (&case.input, &case.weight);
        let identity = Activation::Identity;
        conv_pool2d_forward(
            &geometry,
            [2, 2],
            1,
            input,
            weight,
            &[],
            identity,
            &mut output,
            &mut winners,
            &mut scratch,
        );
        assert_eq!(winners, [one, T::of(2.0)], "the first NaN, and the largest number");
    }

    both_scalars! { equals_its_parts, nan_wins }
}
