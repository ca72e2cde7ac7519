use crate::init::Initializer;
use crate::kernels::{
    Epilogue, Matrix, Store, add_column_sums, depthwise_conv2d_backward_input, depthwise_conv2d_backward_weight,
    depthwise_conv2d_forward, depthwise_conv2d_scratch, gemm,
};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Activation, ConvGeometry, Shape};
use crate::tensors::{Part, Role};

use super::dense::{forward_products_scratch, products_scratch};
use super::through_activation;

/// A depthwise convolution and behind it one of a single position, which mixes the channels: `y = f((x ⋆ D) · P + b)`, as
/// Keras' `SeparableConv2D`, `f` being the call's fused activation. There is nothing between the two halves (Chollet 2017,
/// "Xception"); with a norm or an activation there, write `DepthwiseConv2d` and a `Conv2d` with `kernel = 1`.
///
/// In `network!`: `SeparableConv2d(filters, kernel, stride = 1, padding = valid, bias = true, multiplier = 1, dilation = 1)`,
/// with arguments as for [`Conv2d`](super::Conv2d), and `multiplier` as for [`DepthwiseConv2d`](super::DepthwiseConv2d).
///
/// Input `[height, width, C]`, output `[out height, out width, F]`. Both weights start with the uniform distribution of Glorot
/// and Bengio ([`Initializer::GlorotUniform`]), each by itself, and the bias with zero, as in Keras.
#[repr(C)]
#[derive(Debug)]
pub struct SeparableConv2d<
    const KH: usize,
    const KW: usize,
    const C: usize,
    const M: usize,
    const F: usize,
    T = f32,
    B = [T; F],
> {
    /// `[KH, KW, C, M]`: window row, window column, channel, filter of the channel.
    pub depthwise: [[[[T; M]; C]; KW]; KH],
    /// `[C, M, F]`: channel, filter of the channel, output channel.
    pub pointwise: [[[T; F]; M]; C],
    /// `[F]`, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const KH: usize, const KW: usize, const C: usize, const M: usize, const F: usize, T, B]
    SeparableConv2d<KH, KW, C, M, F, T, B> {
        depthwise: [[[[T; M]; C]; KW]; KH],
        pointwise: [[[T; F]; M]; C],
        bias: B,
    }
}

/// A depthwise convolution along a sequence and behind it one of a single step, `y = f((x ⋆ D) · P + b)`, as Keras'
/// `SeparableConv1D`: as [`SeparableConv2d`].
///
/// In `network!`: `SeparableConv1d(filters, kernel, stride = 1, padding = valid, bias = true, multiplier = 1, dilation = 1)`,
/// with arguments as for [`Conv1d`](super::Conv1d), and step by step as that one. Input `[time, C]`, output `[out time, F]`.
#[repr(C)]
#[derive(Debug)]
pub struct SeparableConv1d<const K: usize, const C: usize, const M: usize, const F: usize, T = f32, B = [T; F]> {
    /// `[K, C, M]`: step, channel, filter of the channel.
    pub depthwise: [[[T; M]; C]; K],
    /// `[C, M, F]`: channel, filter of the channel, output channel.
    pub pointwise: [[[T; F]; M]; C],
    /// `[F]`, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const K: usize, const C: usize, const M: usize, const F: usize, T, B] SeparableConv1d<K, C, M, F, T, B> {
        depthwise: [[[T; M]; C]; K],
        pointwise: [[[T; F]; M]; C],
        bias: B,
    }
}

/// The flat parameters of either.
struct Weights<W, B> {
    depthwise: W,
    pointwise: W,
    bias: B,
}

fn forward<T: Scalar, C>(
    geometry: &ConvGeometry,
    weights: &Weights<&[T], &[T]>,
    call: &Call<C>,
    pass: &Pass,
    input: &[T],
    output: &mut [T],
    memory: Memory<'_, T>,
) {
    let (samples, width, filters) = (pass.samples, geometry.window.output[2], call.output.last());
    let (between, scratch) = (&mut memory.tape[..samples * geometry.window.output_len()], memory.scratch);
    let nothing = Activation::Identity;
    depthwise_conv2d_forward(geometry, samples, input, weights.depthwise, &[], nothing, between, scratch);
    let shape = [between.len() / width, filters, width];
    let (between, pointwise) = (Matrix::rows(between, width), Matrix::rows(weights.pointwise, filters));
    let epilogue = Epilogue { bias: weights.bias, activation: call.activation };
    gemm(shape, between, pointwise, output, Store::Overwrite, epilogue, scratch);
}

fn backward<T: Scalar, C>(
    geometry: &ConvGeometry,
    weights: &Weights<&[T], &[T]>,
    call: &Call<C>,
    pass: &Pass,
    values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: Option<&mut [T]>,
    mut gradient: Option<Weights<&mut [T], &mut [T]>>,
    memory: Memory<'_, T>,
) {
    let (samples, width, filters) = (pass.samples, geometry.window.output[2], call.output.last());
    through_activation(call, values.output, d_output);
    let (between, scratch) = (&mut memory.tape[..samples * geometry.window.output_len()], memory.scratch);
    let (rows, d_rows) = (between.len() / width, Matrix::rows(&*d_output, filters));
    if let Some(gradient) = &mut gradient {
        if !gradient.bias.is_empty() {
            add_column_sums(filters, d_output, gradient.bias);
        }
        let seen = Matrix::rows(&*between, width).transposed();
        let nothing = Epilogue::NONE;
        gemm([width, filters, rows], seen, d_rows, gradient.pointwise, Store::Accumulate, nothing, &mut *scratch);
    }
    // The gradient of what stands between the halves takes its place.
    let pointwise = Matrix::rows(weights.pointwise, filters).transposed();
    gemm([rows, width, filters], d_rows, pointwise, between, Store::Overwrite, Epilogue::NONE, &mut *scratch);
    if let Some(gradient) = gradient {
        depthwise_conv2d_backward_weight(geometry, samples, values.input, between, gradient.depthwise, &mut *scratch);
    }
    if let Some(d_input) = d_input {
        depthwise_conv2d_backward_input(geometry, samples, between, weights.depthwise, d_input, scratch);
    }
}

/// One axis less for each of the window's.
macro_rules! flat {
    ($array:expr, $flatten:ident, $one:ident) => {
        $array.$flatten().$flatten()
    };
    ($array:expr, $flatten:ident, $one:ident $other:ident) => {
        $array.$flatten().$flatten().$flatten()
    };
}

macro_rules! separable {
    ($name:ident, [$($window:ident),+]) => {
        impl<$(const $window: usize,)+ const C: usize, const M: usize, const F: usize, T: Scalar, B: Plain<T>>
            $name<$($window,)+ C, M, F, T, B>
        {
            fn weights(&self) -> Weights<&[T], &[T]> {
                let (depthwise, pointwise) = (flat!(self.depthwise, as_flattened, $($window)+), &self.pointwise);
                Weights { depthwise, pointwise: pointwise.as_flattened().as_flattened(), bias: self.bias.as_slice() }
            }

            fn weights_mut(&mut self) -> Weights<&mut [T], &mut [T]> {
                let Self { depthwise, pointwise, bias } = self;
                Weights {
                    depthwise: flat!(depthwise, as_flattened_mut, $($window)+),
                    pointwise: pointwise.as_flattened_mut().as_flattened_mut(),
                    bias: bias.as_mut_slice(),
                }
            }
        }

        impl<$(const $window: usize,)+ const C: usize, const M: usize, const F: usize, T: Scalar, B: Plain<T>> Layer<T>
            for $name<$($window,)+ C, M, F, T, B>
        {
            type Config = spec::$name;
            type Gradient = Self;

            const PARTS: &'static [Part] = {
                assert!(B::LEN == F || B::LEN == 0, "the bias has one number for each output channel, or none");
                &[
                    Part::tensor("depthwise", Shape::new(&[$($window,)+ C, M]), Role::Weight),
                    Part::tensor("pointwise", Shape::new(&[C, M, F]), Role::Weight),
                    Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
                ]
            };

            fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
                let Weights { depthwise, pointwise, .. } = self.weights_mut();
                Initializer::GlorotUniform.fill(depthwise, Shape::new(&[$($window,)+ C, M]), random);
                Initializer::GlorotUniform.fill(pointwise, Shape::new(&[C * M, F]), random);
            }

            fn forward(
                &self,
                call: &Call<Self::Config>,
                pass: &Pass,
                input: &[T],
                output: &mut [T],
                memory: Memory<'_, T>,
            ) {
                forward(&call.config.convolution(call.input), &self.weights(), call, pass, input, output, memory);
            }

            fn backward(
                &self,
                call: &Call<Self::Config>,
                pass: &Pass,
                values: Activations<'_, T>,
                d_output: &mut [T],
                d_input: Option<&mut [T]>,
                gradient: Option<&mut Self::Gradient>,
                memory: Memory<'_, T>,
            ) {
                let (geometry, weights) = (call.config.convolution(call.input), self.weights());
                let gradient = gradient.map(Self::weights_mut);
                backward(&geometry, &weights, call, pass, values, d_output, d_input, gradient, memory);
            }
        }

        impl spec::$name {
            /// Elements of scratch memory of a pass: what the first half needs, or the matrix products of the second.
            pub(super) const fn pass_scratch(&self, input: Shape) -> usize {
                let geometry = self.convolution(input);
                let (first, second) =
                    (depthwise_conv2d_scratch(&geometry), products_scratch(geometry.window.output[2], self.filters));
                if first > second { first } else { second }
            }

            /// The same for a forward pass over so many samples.
            pub(super) const fn pass_forward_scratch(&self, input: Shape, samples: usize) -> usize {
                let geometry = self.convolution(input);
                let [height, width, between] = geometry.window.output;
                let rows = samples.saturating_mul(height * width);
                let (first, second) =
                    (depthwise_conv2d_scratch(&geometry), forward_products_scratch(rows, between, self.filters));
                if first > second { first } else { second }
            }
        }
    };
}

separable! { SeparableConv2d, [KH, KW] }
separable! { SeparableConv1d, [K] }

impl spec::SeparableConv2d {
    /// Elements of scratch memory.
    pub const fn scratch(&self, input: Shape) -> usize {
        self.pass_scratch(input)
    }

    /// The same for predictions of so many samples.
    pub const fn forward_scratch(&self, input: Shape, samples: usize) -> usize {
        self.pass_forward_scratch(input, samples)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::laws::Laws;
    use crate::layers::testing::initialized;
    use crate::layers::{Conv2d, DepthwiseConv2d};
    use crate::spec::{Activation, Padding};
    use alloc::vec;
    use alloc::vec::Vec;

    #[test]
    fn it_is_a_depthwise_convolution_and_one_of_a_single_position() {
        let config = spec::SeparableConv2d {
            filters: 3,
            kernel: [3, 2],
            stride: [2, 1],
            padding: Padding::Same,
            bias: true,
            multiplier: 2,
            dilation: [1, 2],
        };
        let input = Shape::new(&[5, 4, 2]);
        let call = Call::new(config, input, config.out_shape(input).expect("a shape that it takes"), 0);
        let layer = initialized::<SeparableConv2d<3, 2, 2, 2, 3, f64>>(&call);
        let image: Vec<f64> = (0..2 * input.len()).map(|index| (index as f64 * 0.7).sin()).collect();
        let pass = Pass::inference(2);
        let (mut tape, mut scratch) = (vec![f64::NAN; 2 * config.tape(input)], vec![f64::NAN; config.scratch(input)]);
        let mut found = vec![f64::NAN; 2 * call.output.len()];
        let memory = Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() };
        layer.forward(&call, &pass, &image, &mut found, memory);

        let first = spec::DepthwiseConv2d {
            kernel: [3, 2],
            multiplier: 2,
            stride: [2, 1],
            padding: Padding::Same,
            bias: false,
            dilation: [1, 2],
        };
        let depthwise = DepthwiseConv2d::<3, 2, 2, 2, f64, [f64; 0]> { weight: layer.depthwise, bias: [] };
        let between = first.out_shape(input).expect("a shape that it takes");
        let mut scratch = vec![f64::NAN; 1 << 16];
        let mut seen = vec![f64::NAN; 2 * between.len()];
        let memory = Memory { scratch: &mut scratch, ..Memory::none() };
        depthwise.forward(&Call::new(first, input, between, 0), &pass, &image, &mut seen, memory);
        let second = spec::Conv2d {
            filters: 3,
            kernel: [1, 1],
            stride: [1, 1],
            padding: Padding::Valid,
            bias: true,
            dilation: [1, 1],
            groups: 1,
        };
        let mut conv = Conv2d::<1, 1, 4, 3, f64> { weight: [[[[0.0; 3]; 4]]], bias: layer.bias };
        conv.weight.as_flattened_mut().as_flattened_mut().copy_from_slice(layer.pointwise.as_flattened());
        let mut expected = vec![f64::NAN; found.len()];
        let memory = Memory { scratch: &mut scratch, ..Memory::none() };
        conv.forward(&Call::new(second, between, call.output, 0), &pass, &seen, &mut expected, memory);
        assert_eq!(found, expected);
    }

    macro_rules! of {
        ($name:ident, $filters:expr, $kernel:expr, $stride:expr, $padding:expr, $bias:expr, $multiplier:expr, $dilation:expr, $input:expr, $f:ident) => {{
            let (filters, kernel, stride, padding) = ($filters, $kernel, $stride, $padding);
            let (bias, multiplier, dilation) = ($bias, $multiplier, $dilation);
            let config = spec::$name { filters, kernel, stride, padding, bias, multiplier, dilation };
            let input = Shape::new(&$input);
            let output = config.out_shape(input).expect("a shape that the layer takes");
            let call = Call::new(config, input, output, 3).with_activation(Activation::$f);
            let laws = Laws::new(call, 2).reads(spec::$name::INFO.reads);
            laws.scratch(config.scratch(input)).tape(config.tape(input))
        }};
    }

    #[test]
    fn laws_of_images() {
        use Padding::{Amount, Same, Sides, Valid};
        use SeparableConv2d as Conv;
        gradient_laws! {
            Conv<1, 1, 1, 1, 1, f64>, of!(SeparableConv2d, 1, [1, 1], [1, 1], Valid, true, 1, [1, 1], [1, 1, 1], Identity);
            Conv<3, 3, 2, 1, 4, f64>, of!(SeparableConv2d, 4, [3, 3], [1, 1], Valid, true, 1, [1, 1], [5, 4, 2], Relu);
            Conv<3, 3, 3, 2, 2, f64>, of!(SeparableConv2d, 2, [3, 3], [1, 1], Same, true, 2, [1, 1], [4, 3, 3], Identity);
            Conv<2, 3, 2, 3, 5, f64>, of!(SeparableConv2d, 5, [2, 3], [2, 1], Same, true, 3, [1, 1], [4, 3, 2], Tanh);
            Conv<3, 1, 1, 2, 3, f64, [f64; 0]>, of!(SeparableConv2d, 3, [3, 1], [1, 2], Valid, false, 2, [1, 1], [4, 3, 1], Identity);
            Conv<2, 2, 4, 1, 1, f64>, of!(SeparableConv2d, 1, [2, 2], [2, 2], Amount(1), true, 1, [1, 1], [3, 4, 4], Identity);
            Conv<3, 2, 1, 1, 17, f64>, of!(SeparableConv2d, 17, [3, 2], [1, 1], Sides([2, 0]), true, 1, [1, 1], [2, 3, 1], Relu);
            Conv<4, 4, 2, 1, 2, f64, [f64; 0]>, of!(SeparableConv2d, 2, [4, 4], [1, 1], Same, false, 1, [1, 1], [2, 2, 2], Identity);
            Conv<3, 3, 2, 1, 3, f64>, of!(SeparableConv2d, 3, [3, 3], [1, 1], Same, true, 1, [2, 3], [5, 6, 2], Relu);
            Conv<2, 3, 1, 2, 2, f64>, of!(SeparableConv2d, 2, [2, 3], [2, 3], Valid, true, 2, [3, 2], [6, 8, 1], Identity);
        }
    }

    #[test]
    fn laws_of_sequences() {
        use Padding::{Amount, Causal, Same, Sides, Valid};
        use SeparableConv1d as Conv;
        gradient_laws! {
            Conv<1, 1, 1, 1, f64>, of!(SeparableConv1d, 1, 1, 1, Valid, true, 1, 1, [1, 1], Identity);
            Conv<3, 2, 1, 4, f64>, of!(SeparableConv1d, 4, 3, 1, Valid, true, 1, 1, [6, 2], Relu);
            Conv<3, 3, 2, 2, f64>, of!(SeparableConv1d, 2, 3, 1, Same, true, 2, 1, [5, 3], Identity);
            Conv<3, 2, 3, 5, f64>, of!(SeparableConv1d, 5, 3, 2, Causal, true, 3, 1, [6, 2], Tanh);
            Conv<2, 1, 2, 3, f64, [f64; 0]>, of!(SeparableConv1d, 3, 2, 3, Valid, false, 2, 1, [8, 1], Identity);
            Conv<5, 4, 1, 1, f64>, of!(SeparableConv1d, 1, 5, 2, Amount(2), true, 1, 1, [4, 4], Identity);
            Conv<2, 1, 1, 17, f64>, of!(SeparableConv1d, 17, 2, 1, Sides([1, 0]), true, 1, 1, [3, 1], Relu);
            Conv<4, 2, 1, 2, f64, [f64; 0]>, of!(SeparableConv1d, 2, 4, 1, Same, false, 1, 1, [2, 2], Identity);
            Conv<3, 2, 1, 3, f64>, of!(SeparableConv1d, 3, 3, 1, Causal, true, 1, 2, [6, 2], Tanh);
            Conv<3, 1, 2, 2, f64>, of!(SeparableConv1d, 2, 3, 2, Valid, true, 2, 3, [9, 1], Identity);
        }
    }
}
