use super::*;
use crate::Scalar;
use crate::kernels::testing::{Numbers, both_scalars, on_each_kind, random_shapes};
use crate::kernels::{
    activate_backward, add_column_sums, conv2d_backward_input, conv2d_backward_weight, conv2d_forward, conv2d_scratch,
    max_pool2d_backward, max_pool2d_forward,
};
use crate::simd::Isa;
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

/// Everything that the fused passes give: the output and the gradients of weight, bias and input.
type Results<T> = [Vec<T>; 4];

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
        let windows = Windows::new(&geometry, window);
        let filters = geometry.output[2];
        let bias = if numbers.size(0, 1) == 0 { numbers.integers(filters) } else { Vec::new() };
        let activation = [Activation::Identity, Activation::Relu, Activation::LeakyRelu { slope: 0.5 }];
        let weights = geometry.kernel[0] * geometry.kernel[1] * geometry.input[2] * filters;
        Self {
            geometry,
            window,
            samples,
            input: numbers.integers(samples * windows.input_len()),
            weight: numbers.integers(weights),
            bias,
            activation: activation[numbers.size(0, 2)],
            d_output: numbers.integers(samples * windows.output_len()),
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
                &mut scratch[..conv_pool2d_forward_scratch(geometry, *window)],
            );
        }
        assert!(output.iter().zip(&again).all(|(left, right)| left == right || left.is_nan()), "without winners");
        let (mut d, mut d_weight) = (self.d_output.clone(), self.d_weight.clone());
        if self.activation != Activation::Relu {
            activate_backward(self.activation, &output, &mut d);
        }
        let (mut d_bias, mut d_input) = (vec![T::one(); geometry.output[2]], vec![T::nan(); input.len()]);
        let (places, mut without_bias) = (window[0] * window[1], d.clone());
        conv_pool2d_keep_won(places, &winners, &mut d, &mut d_bias);
        conv_pool2d_keep_won(places, &winners, &mut without_bias, &mut []);
        assert_eq!(d, without_bias);
        scratch.fill(T::nan());
        conv_pool2d_backward_weight(geometry, *window, *samples, input, &winners, &d, &mut d_weight, &mut scratch);
        conv_pool2d_backward_input(geometry, *window, *samples, &winners, &d, weight, &mut d_input, &mut scratch);
        [output, d_weight, d_bias, d_input]
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
        let (mut d_bias, mut d_input) = (vec![T::one(); filters], vec![T::nan(); input.len()]);
        add_column_sums(filters, &d, &mut d_bias);
        conv2d_backward_weight(geometry, *samples, input, &d, &mut d_weight, &mut scratch);
        conv2d_backward_input(geometry, *samples, &d, weight, &mut d_input, &mut scratch);
        [output, d_weight, d_bias, d_input]
    }
}

impl<T: Scalar> Case<T> {
    fn holds(&self) {
        let parts = ["output", "weight", "bias", "input"];
        for ((found, expected), what) in self.fused().iter().zip(self.unfused()).zip(parts) {
            let Self { geometry, window, activation, .. } = self;
            assert_eq!(*found, expected, "{what}, {geometry:?}, {window:?}, {activation:?}");
        }
    }
}

fn agrees<T: Scalar>(seed: u64, cases: usize) {
    let mut numbers = Numbers::new(seed);
    for _ in 0..cases {
        let (geometry, samples) = (geometry(&mut numbers), numbers.size(0, 3));
        Case::<T>::draw(&mut numbers, geometry, samples).holds();
    }
}

/// Patches and windows that are too large for registers.
fn large_ones_equal_their_parts<T: Scalar>() {
    let mut numbers = Numbers::new(12);
    for (kernel, channels, window) in [([3, 3], 60, [2, 2]), ([2, 2], 2, [9, 8]), ([1, 1], 520, [3, 2])] {
        let (input, stride) = ([11, 20, channels], [1, 1]);
        let output = [12 - kernel[0], 21 - kernel[1], 10];
        let geometry = Conv2dGeometry { input, kernel, stride, padding: [0, 0], output };
        assert!(!Windows::new(&geometry, window).are_small());
        Case::<T>::draw(&mut numbers, (geometry, window), 2).holds();
    }
}

/// The kernels as each kind of instruction set has them.
fn each_kind_gives_the_same<T: Scalar>() {
    let mut numbers = Numbers::new(13);
    for _ in 0..150 {
        let (geometry, samples) = (geometry(&mut numbers), numbers.size(0, 3));
        let case = Case::<T> { activation: Activation::Relu, ..Case::draw(&mut numbers, geometry, samples) };
        if Windows::new(&case.geometry, case.window).are_small() {
            on_each_kind!(|Kind| case.holds_on::<Kind>());
        }
    }
}

impl<T: Scalar> Case<T> {
    /// The kernels for short patches on one instruction set.
    fn holds_on<I: Isa>(&self) {
        let Self { samples, input, weight, bias, d_output, .. } = self;
        let windows = Windows::new(&self.geometry, self.window);
        let mut scratch = vec![T::nan(); conv_pool2d_scratch(&self.geometry, self.window)];
        let (mut output, mut winners) = (vec![T::nan(); d_output.len()], vec![T::nan(); d_output.len()]);
        let (zero, found) = (T::zero(), &mut output);
        let is_finite =
            forward_in_tiles::<I, T>(&windows, *samples, input, weight, bias, zero, found, &mut winners, &mut scratch);
        let [expected, expected_weight, expected_bias, _] = self.fused();
        assert!(is_finite && output == expected, "{windows:?}");
        let mut d_bias = vec![T::one(); expected_bias.len()];
        let mut d = d_output.clone();
        keep_won_body::<I, T>(windows.places(), &winners, &mut d, &mut d_bias);
        assert_eq!(d_bias, expected_bias, "{windows:?}");
        if windows.are_pairs() {
            let mut d_weight = self.d_weight.clone();
            sum_picked::<I, T>(&windows, *samples, input, &winners, &d, &mut d_weight, &mut scratch);
            assert_eq!(d_weight, expected_weight, "{windows:?}");
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
    conv_pool2d_forward(&geometry, [2, 2], 1, input, weight, &[], identity, &mut output, &mut winners, &mut scratch);
    assert_eq!(winners.map(T::index), [1, 2], "the first NaN, and the largest number");
    let input = &case.input.iter().map(|&value| -value).collect::<Vec<_>>();
    let relu = Activation::Relu;
    conv_pool2d_forward(&geometry, [2, 2], 1, input, weight, &[], relu, &mut output, &mut winners, &mut scratch);
    assert_eq!(winners.map(T::index), [1, 4], "NaN is not cut off, and nobody wins below zero");
}

random_shapes! { agrees as equals_its_parts: 150 from 11; }
both_scalars! { large_ones_equal_their_parts, each_kind_gives_the_same, nan_wins }
