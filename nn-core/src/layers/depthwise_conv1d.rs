use crate::init::Initializer;
use crate::kernels::{
    add_column_sums, depthwise_conv2d_backward_input, depthwise_conv2d_backward_weight, depthwise_conv2d_forward,
    depthwise_conv2d_scratch,
};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

use super::through_activation;

/// A 1-D convolution of each channel by itself, `y = f(x ⋆ W + b)` with the call's fused activation `f`, as Keras'
/// `DepthwiseConv1D`: `y[t, M · c + m] = b[c, m] + Σ x[stride · t + dilation · k - front, c] · W[k, c, m]`.
///
/// In `network!`: `DepthwiseConv1d(kernel, multiplier = 1, stride = 1, padding = valid, bias = true, dilation = 1)`, with
/// arguments as for [`Conv1d`](super::Conv1d). `DepthwiseConv1d(5) -> Conv1d(32, 1)` is a separable convolution (Chollet, 2017).
/// It goes through a sequence step by step as that does.
///
/// Input `[time, C]`, output `[out time, C · M]`.
#[repr(C)]
#[derive(Debug)]
pub struct DepthwiseConv1d<const K: usize, const C: usize, const M: usize, T = f32, B = [[T; M]; C]> {
    /// `[K, C, M]`: step, channel, filter of the channel. PyTorch's `[C · M, 1, K]` is `[C, M, K]` permuted by `(2, 0, 1)`.
    pub weight: [[[T; M]; C]; K],
    /// One number for each channel of the output, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const K: usize, const C: usize, const M: usize, T, B] DepthwiseConv1d<K, C, M, T, B> {
        weight: [[[T; M]; C]; K],
        bias: B,
    }
}

impl<const K: usize, const C: usize, const M: usize, T: Scalar, B: Plain<T>> DepthwiseConv1d<K, C, M, T, B> {
    fn flat_weight(&self) -> &[T] {
        self.weight.as_flattened().as_flattened()
    }

    fn flat_weight_mut(&mut self) -> &mut [T] {
        self.weight.as_flattened_mut().as_flattened_mut()
    }
}

impl<const K: usize, const C: usize, const M: usize, T: Scalar, B: Plain<T>> Layer<T>
    for DepthwiseConv1d<K, C, M, T, B>
{
    type Config = spec::DepthwiseConv1d;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == C * M || B::LEN == 0, "the bias has one number for each channel, or none");
        &[
            Part::tensor("weight", Shape::new(&[K, C, M]), Role::Weight)
                .torch(Torch::SAME.axes(&[2, 0, 1]).merged(&[2, 0, 1])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.flat_weight_mut(), Shape::new(&[K, C, M]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let geometry = call.config.convolution(call.input);
        let (bias, weight, activation) = (self.bias.as_slice(), self.flat_weight(), call.activation);
        depthwise_conv2d_forward(&geometry, pass.samples, input, weight, bias, activation, output, memory.scratch);
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
                add_column_sums(C * M, d_output, gradient.bias.as_mut_slice());
            }
            let d_weight = gradient.flat_weight_mut();
            depthwise_conv2d_backward_weight(
                &geometry,
                samples,
                values.input,
                d_output,
                d_weight,
                &mut *memory.scratch,
            );
        }
        if let Some(d_input) = d_input {
            depthwise_conv2d_backward_input(&geometry, samples, d_output, self.flat_weight(), d_input, memory.scratch);
        }
    }
}

impl spec::DepthwiseConv1d {
    /// Elements of scratch memory of a pass: with several filters a channel, a sequence with its channels repeated.
    pub(super) const fn pass_scratch(&self, input: Shape) -> usize {
        depthwise_conv2d_scratch(&self.convolution(input))
    }

    /// As much for a forward pass alone.
    pub(super) const fn pass_forward_scratch(&self, input: Shape, _samples: usize) -> usize {
        self.pass_scratch(input)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::laws::Laws;
    use crate::layers::testing::{assert_near, call, forward};
    use crate::spec::{Activation, Padding};
    use Activation::{Identity, Relu, Tanh};
    use Padding::{Amount, Causal, Same, Sides, Valid};

    fn laws(
        arguments: (usize, usize, usize, Padding, usize),
        input: [usize; 2],
        samples: usize,
        function: Activation,
    ) -> Laws<spec::DepthwiseConv1d> {
        let (kernel, multiplier, stride, padding, dilation) = arguments;
        let config = spec::DepthwiseConv1d { kernel, multiplier, stride, padding, bias: true, dilation };
        let input = Shape::new(&input);
        let output = config.out_shape(input).expect("a shape that the layer takes");
        let call = Call::new(config, input, output, 3).with_activation(function);
        Laws::new(call, samples).reads(spec::DepthwiseConv1d::INFO.reads).scratch(config.scratch(input))
    }

    #[test]
    fn each_channel_meets_its_own_filters() {
        let layer = DepthwiseConv1d { weight: [[[1.0], [2.0]], [[10.0], [20.0]]], bias: [[0.5], [0.0]] };
        let call = call!(
            DepthwiseConv1d { kernel: 2, multiplier: 1, stride: 1, padding: Causal, bias: true, dilation: 1 },
            [2, 2]
        );
        let output = forward(&layer, &call, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0]);
        assert_near(&output, &[10.5, 40.0, 31.5, 84.0]);
        let wide = call!(
            DepthwiseConv1d { kernel: 2, multiplier: 1, stride: 1, padding: Causal, bias: true, dilation: 2 },
            [3, 2]
        );
        let output = forward(&layer, &wide, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_near(&output, &[10.5, 40.0, 30.5, 80.0, 51.5, 124.0]);
    }

    #[test]
    fn gradient_laws_hold() {
        gradient_laws! {
            DepthwiseConv1d<1, 1, 1, f64>, laws((1, 1, 1, Valid, 1), [1, 1], 1, Identity);
            DepthwiseConv1d<3, 5, 1, f64>, laws((3, 1, 1, Causal, 1), [7, 5], 2, Relu);
            DepthwiseConv1d<3, 2, 3, f64>, laws((3, 3, 1, Same, 1), [6, 2], 3, Tanh);
            DepthwiseConv1d<2, 17, 1, f64>, laws((2, 1, 2, Valid, 1), [5, 17], 1, Identity);
            DepthwiseConv1d<4, 1, 2, f64>, laws((4, 2, 3, Amount(2), 1), [6, 1], 2, Identity);
            DepthwiseConv1d<5, 3, 1, f64>, laws((5, 1, 1, Sides([4, 1]), 1), [3, 3], 2, Relu);
            DepthwiseConv1d<3, 8, 1, f64>, laws((3, 1, 1, Same, 1), [9, 8], 1, Identity);
            DepthwiseConv1d<2, 4, 2, f64>, laws((2, 2, 1, Valid, 1), [2, 4], 4, Identity);
            DepthwiseConv1d<1, 2, 1, f64>, laws((1, 1, 1, Valid, 3), [1, 2], 1, Identity);
            DepthwiseConv1d<3, 9, 1, f64>, laws((3, 1, 1, Causal, 2), [7, 9], 2, Relu);
            DepthwiseConv1d<3, 2, 2, f64>, laws((3, 2, 2, Valid, 3), [9, 2], 2, Tanh);
            DepthwiseConv1d<4, 3, 1, f64>, laws((4, 1, 4, Amount(3), 2), [8, 3], 1, Identity);
            DepthwiseConv1d<2, 1, 3, f64>, laws((2, 3, 1, Sides([5, 0]), 4), [3, 1], 2, Identity);
        }
    }
}
