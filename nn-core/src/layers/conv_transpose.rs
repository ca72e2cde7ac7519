use crate::init::Initializer;
use crate::kernels::{add_column_sums, conv_backward_weight, conv_forward, conv_scratch, conv_transpose_forward};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Activation, Shape};
use crate::tensors::{Part, Role, Torch};

use super::through_activation;

/// A transposed 1-D convolution `y = f(x ⋆ᵀ W + b)`, as PyTorch's `ConvTranspose1d` and Keras' `Conv1DTranspose`, with the call's
/// fused activation `f`: every element of the input, times the window, is added to the output, `stride` apart. It is the
/// gradient of the input of a convolution with that stride (Dumoulin and Visin, 2016).
///
/// In `network!`: `ConvTranspose1d(filters, kernel, stride = 1, padding = valid, bias = true, output_padding = 0)`. Along each
/// axis `out = (in - 1) · stride + kernel - front - behind + output_padding`, where `padding` says what is cut off: nothing
/// (`valid`), a number at both ends, or two, `[front, behind]`; with `same` and `causal`
/// `out = in · stride + output_padding`, and `causal` cuts behind only.
///
/// Input `[time, C]`, output `[out time, F]`. Weights start as those of
/// [`Conv2d`](super::Conv2d).
#[repr(C)]
#[derive(Debug)]
pub struct ConvTranspose1d<const K: usize, const F: usize, const C: usize, T = f32, B = [T; F]> {
    /// `[K, F, C]`: step, filter, input channel. PyTorch's `[C, F, K]` with its axes permuted by `(2, 1, 0)`.
    pub weight: [[[T; C]; F]; K],
    /// One number for each channel of the output, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const K: usize, const F: usize, const C: usize, T, B] ConvTranspose1d<K, F, C, T, B> {
        weight: [[[T; C]; F]; K],
        bias: B,
    }
}

impl<const K: usize, const F: usize, const C: usize, T: Scalar, B: Plain<T>> ConvTranspose1d<K, F, C, T, B> {
    fn flat_weight(&self) -> &[T] {
        self.weight.as_flattened().as_flattened()
    }

    fn flat_weight_mut(&mut self) -> &mut [T] {
        self.weight.as_flattened_mut().as_flattened_mut()
    }
}

impl<const K: usize, const F: usize, const C: usize, T: Scalar, B: Plain<T>> Layer<T>
    for ConvTranspose1d<K, F, C, T, B>
{
    type Config = spec::ConvTranspose1d;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == F || B::LEN == 0, "the bias has one number for each channel, or none");
        &[
            Part::tensor("weight", Shape::new(&[K, F, C]), Role::Weight).torch(Torch::SAME.axes(&[2, 1, 0])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.flat_weight_mut(), Shape::new(&[K, F, C]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let geometry = call.config.convolution(call.input);
        let (bias, weight, activation) = (self.bias.as_slice(), self.flat_weight(), call.activation);
        conv_transpose_forward(&geometry, pass.samples, input, weight, bias, activation, output, memory.scratch);
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
        let (geometry, samples) = (call.config.convolution(call.input), pass.samples);
        through_activation(call, values.output, d_output);
        if let Some(gradient) = gradient {
            if B::LEN > 0 {
                add_column_sums(F, d_output, gradient.bias.as_mut_slice());
            }
            let d_weight = gradient.flat_weight_mut();
            conv_backward_weight(&geometry, samples, d_output, values.input, d_weight, &mut *memory.scratch);
        }
        if let Some(d_input) = d_input {
            conv_forward(
                &geometry,
                samples,
                d_output,
                self.flat_weight(),
                &[],
                Activation::Identity,
                d_input,
                memory.scratch,
            );
        }
    }
}

impl spec::ConvTranspose1d {
    /// Elements of scratch memory: those of the convolution that goes the other way.
    pub const fn scratch(&self, input: Shape) -> usize {
        conv_scratch(&self.convolution(input))
    }

    /// As much for predictions, which are the gradient of a convolution.
    pub const fn forward_scratch(&self, input: Shape, _samples: usize) -> usize {
        self.scratch(input)
    }
}

/// A transposed 2-D convolution `y = f(x ⋆ᵀ W + b)`, as PyTorch's `ConvTranspose2d` and Keras' `Conv2DTranspose`, with the call's
/// fused activation `f`: every element of the input, times the window, is added to the output, `stride` apart. It is the
/// gradient of the input of a convolution with that stride (Dumoulin and Visin, 2016).
///
/// In `network!`: `ConvTranspose2d(filters, kernel, stride = 1, padding = valid, bias = true, output_padding = 0)`. Along each
/// axis `out = (in - 1) · stride + kernel - front - behind + output_padding`, where `padding` says what is cut off: nothing
/// (`valid`), a number at both ends, or two, `[front, behind]`; with `same` and `causal`
/// `out = in · stride + output_padding`, and `causal` cuts behind only.
///
/// Input `[height, width, C]`, output `[out height, out width, F]`. Weights start as those of
/// [`Conv2d`](super::Conv2d).
#[repr(C)]
#[derive(Debug)]
pub struct ConvTranspose2d<const KH: usize, const KW: usize, const F: usize, const C: usize, T = f32, B = [T; F]> {
    /// `[KH, KW, F, C]`: row, column, filter, input channel. PyTorch's `[C, F, KH, KW]` with its axes permuted by `(2, 3,
    /// 1, 0)`.
    pub weight: [[[[T; C]; F]; KW]; KH],
    /// One number for each channel of the output, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const KH: usize, const KW: usize, const F: usize, const C: usize, T, B] ConvTranspose2d<KH, KW, F, C, T, B> {
        weight: [[[[T; C]; F]; KW]; KH],
        bias: B,
    }
}

impl<const KH: usize, const KW: usize, const F: usize, const C: usize, T: Scalar, B: Plain<T>>
    ConvTranspose2d<KH, KW, F, C, T, B>
{
    fn flat_weight(&self) -> &[T] {
        self.weight.as_flattened().as_flattened().as_flattened()
    }

    fn flat_weight_mut(&mut self) -> &mut [T] {
        self.weight.as_flattened_mut().as_flattened_mut().as_flattened_mut()
    }
}

impl<const KH: usize, const KW: usize, const F: usize, const C: usize, T: Scalar, B: Plain<T>> Layer<T>
    for ConvTranspose2d<KH, KW, F, C, T, B>
{
    type Config = spec::ConvTranspose2d;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == F || B::LEN == 0, "the bias has one number for each channel, or none");
        &[
            Part::tensor("weight", Shape::new(&[KH, KW, F, C]), Role::Weight).torch(Torch::SAME.axes(&[2, 3, 1, 0])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.flat_weight_mut(), Shape::new(&[KH, KW, F, C]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let geometry = call.config.convolution(call.input);
        let (bias, weight, activation) = (self.bias.as_slice(), self.flat_weight(), call.activation);
        conv_transpose_forward(&geometry, pass.samples, input, weight, bias, activation, output, memory.scratch);
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
        let (geometry, samples) = (call.config.convolution(call.input), pass.samples);
        through_activation(call, values.output, d_output);
        if let Some(gradient) = gradient {
            if B::LEN > 0 {
                add_column_sums(F, d_output, gradient.bias.as_mut_slice());
            }
            let d_weight = gradient.flat_weight_mut();
            conv_backward_weight(&geometry, samples, d_output, values.input, d_weight, &mut *memory.scratch);
        }
        if let Some(d_input) = d_input {
            conv_forward(
                &geometry,
                samples,
                d_output,
                self.flat_weight(),
                &[],
                Activation::Identity,
                d_input,
                memory.scratch,
            );
        }
    }
}

impl spec::ConvTranspose2d {
    /// Elements of scratch memory: those of the convolution that goes the other way.
    pub const fn scratch(&self, input: Shape) -> usize {
        conv_scratch(&self.convolution(input))
    }

    /// As much for predictions, which are the gradient of a convolution.
    pub const fn forward_scratch(&self, input: Shape, _samples: usize) -> usize {
        self.scratch(input)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::laws::Laws;
    use crate::layers::testing::{assert_near, call, forward};
    use crate::spec::Padding;
    use Activation::{Identity, Relu, Tanh};
    use Padding::{Amount, Causal, Same, Sides, Valid};

    macro_rules! laws {
        ($name:ident, $arguments:expr, $input:expr, $samples:expr, $function:expr) => {{
            let (filters, kernel, stride, padding, output_padding) = $arguments;
            let config = spec::$name { filters, kernel, stride, padding, bias: true, output_padding };
            let input = Shape::new(&$input);
            let output = config.out_shape(input).expect("a shape that the layer takes");
            let call = Call::new(config, input, output, 3).with_activation($function);
            Laws::new(call, $samples).reads(spec::$name::INFO.reads).scratch(config.scratch(input))
        }};
    }

    #[test]
    fn every_step_is_spread_over_the_window() {
        let layer = ConvTranspose1d { weight: [[[1.0]], [[10.0]], [[100.0]]], bias: [0.5] };
        let call = call!(
            ConvTranspose1d { filters: 1, kernel: 3, stride: 2, padding: Valid, bias: true, output_padding: 1 },
            [2, 1]
        );
        let output = forward(&layer, &call, &Pass::inference(1), &[1.0, 2.0]);
        assert_near(&output, &[1.5, 10.5, 102.5, 20.5, 200.5, 0.5]);
    }

    #[test]
    fn laws_of_sequences() {
        gradient_laws! {
            ConvTranspose1d<1, 1, 1, f64>, laws!(ConvTranspose1d, (1, 1, 1, Valid, 0), [1, 1], 1, Identity);
            ConvTranspose1d<3, 4, 2, f64>, laws!(ConvTranspose1d, (4, 3, 2, Valid, 1), [5, 2], 2, Relu);
            ConvTranspose1d<4, 2, 3, f64>, laws!(ConvTranspose1d, (2, 4, 2, Same, 0), [4, 3], 3, Tanh);
            ConvTranspose1d<5, 1, 6, f64>, laws!(ConvTranspose1d, (1, 5, 1, Amount(2), 0), [6, 6], 2, Identity);
            ConvTranspose1d<2, 3, 1, f64>, laws!(ConvTranspose1d, (3, 2, 3, Causal, 2), [3, 1], 2, Identity);
            ConvTranspose1d<3, 17, 2, f64>, laws!(ConvTranspose1d, (17, 3, 2, Sides([2, 0]), 0), [4, 2], 1, Relu);
        }
    }

    #[test]
    fn laws_of_images() {
        gradient_laws! {
            ConvTranspose2d<1, 1, 1, 1, f64>, laws!(ConvTranspose2d, (1, [1, 1], [1, 1], Valid, [0, 0]), [1, 1, 1], 1, Identity);
            ConvTranspose2d<3, 3, 4, 2, f64>, laws!(ConvTranspose2d, (4, [3, 3], [2, 2], Amount(1), [1, 0]), [3, 4, 2], 2, Relu);
            ConvTranspose2d<2, 2, 3, 5, f64>, laws!(ConvTranspose2d, (3, [2, 2], [2, 2], Valid, [0, 0]), [3, 2, 5], 3, Tanh);
            ConvTranspose2d<4, 4, 1, 3, f64>, laws!(ConvTranspose2d, (1, [4, 4], [2, 2], Same, [0, 0]), [2, 3, 3], 2, Identity);
            ConvTranspose2d<3, 2, 8, 1, f64>, laws!(ConvTranspose2d, (8, [3, 2], [1, 3], Sides([1, 0]), [0, 2]), [3, 2, 1], 1, Identity);
            ConvTranspose2d<3, 3, 2, 8, f64>, laws!(ConvTranspose2d, (2, [3, 3], [1, 1], Same, [0, 0]), [4, 4, 8], 2, Relu);
            ConvTranspose2d<1, 3, 2, 2, f64>, laws!(ConvTranspose2d, (2, [1, 3], [3, 2], Causal, [0, 0]), [2, 3, 2], 2, Identity);
        }
    }
}
