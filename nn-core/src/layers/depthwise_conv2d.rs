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

/// A 2-D convolution of each channel by itself, `y = f(x ⋆ W + b)` (cross-correlation, as in Keras' `DepthwiseConv2D`),
/// `f` being the call's fused activation.
///
/// In `network!`: `DepthwiseConv2d(kernel, multiplier = 1, stride = 1, padding = valid, bias = true, dilation = 1)`, with
/// arguments as for [`Conv2d`](super::Conv2d); each channel has `multiplier` filters. A 1 × 1 convolution behind it mixes the
/// channels: both together cost a fraction of one full convolution (Howard et al. 2017, "MobileNets").
///
/// Input `[height, width, C]`, output `[out height, out width, C · M]`: the filters of one channel lie side by side. The
/// weights start with the uniform distribution of Glorot and Bengio ([`Initializer::GlorotUniform`]), with `C` inputs and `M`
/// outputs at each position of the window, and the bias with zero, as in Keras.
#[repr(C)]
#[derive(Debug)]
pub struct DepthwiseConv2d<const KH: usize, const KW: usize, const C: usize, const M: usize, T = f32, B = [[T; M]; C]> {
    /// `[KH, KW, C, M]`: window row, window column, channel, filter of the channel.
    pub weight: [[[[T; M]; C]; KW]; KH],
    /// `[C, M]`, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const KH: usize, const KW: usize, const C: usize, const M: usize, T, B] DepthwiseConv2d<KH, KW, C, M, T, B> {
        weight: [[[[T; M]; C]; KW]; KH],
        bias: B,
    }
}

impl<const KH: usize, const KW: usize, const C: usize, const M: usize, T: Scalar, B: Plain<T>>
    DepthwiseConv2d<KH, KW, C, M, T, B>
{
    fn flat_weight(&self) -> &[T] {
        self.weight.as_flattened().as_flattened().as_flattened()
    }

    pub(super) fn flat_weight_mut(&mut self) -> &mut [T] {
        self.weight.as_flattened_mut().as_flattened_mut().as_flattened_mut()
    }
}

impl<const KH: usize, const KW: usize, const C: usize, const M: usize, T: Scalar, B: Plain<T>> Layer<T>
    for DepthwiseConv2d<KH, KW, C, M, T, B>
{
    type Config = spec::DepthwiseConv2d;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == C * M || B::LEN == 0, "the bias has one number for each filter, or none");
        &[
            Part::tensor("weight", Shape::new(&[KH, KW, C, M]), Role::Weight)
                .torch(Torch::SAME.axes(&[2, 3, 0, 1]).merged(&[2, 0, 1, 1])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.flat_weight_mut(), Shape::new(&[KH, KW, C, M]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let geometry = call.config.convolution(call.input);
        let bias = self.bias.as_slice();
        let (weight, activation) = (self.flat_weight(), call.activation);
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
        let geometry = call.config.convolution(call.input);
        through_activation(call, values.output, d_output);
        let samples = pass.samples;
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

impl spec::DepthwiseConv2d {
    /// Elements of scratch memory: with several filters a channel, an image with its channels repeated.
    pub const fn scratch(&self, input: Shape) -> usize {
        depthwise_conv2d_scratch(&self.convolution(input))
    }

    /// As much for predictions.
    pub const fn forward_scratch(&self, input: Shape, _samples: usize) -> usize {
        self.scratch(input)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};
    use crate::spec::{Activation, Padding};

    type Bare<const KH: usize, const KW: usize, const C: usize, const M: usize> =
        DepthwiseConv2d<KH, KW, C, M, f64, [f64; 0]>;

    #[test]
    fn each_channel_meets_its_own_filters() {
        let conv = DepthwiseConv2d {
            weight: [[[[1.0, 10.0], [2.0, 20.0]], [[3.0, 30.0], [4.0, 40.0]]]],
            bias: [[0.5, 0.0], [0.0, 1.0]],
        };
        let call = call!(
            DepthwiseConv2d {
                kernel: [1, 2],
                multiplier: 2,
                stride: [1, 1],
                padding: Padding::Valid,
                bias: true,
                dilation: [1, 1]
            },
            [1, 2, 2]
        );
        let output = forward(&conv, &call, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0]);
        assert_near(&output, &[10.5, 100.0, 20.0, 201.0]);
    }

    #[test]
    fn the_default_is_glorot_uniform_over_the_window() {
        let call = call!(
            DepthwiseConv2d {
                kernel: [3, 3],
                multiplier: 1,
                stride: [1, 1],
                padding: Padding::Same,
                bias: true,
                dilation: [1, 1]
            },
            [8, 8, 32]
        );
        let conv = initialized::<DepthwiseConv2d<3, 3, 32, 1, f64>>(&call);
        let limit = f64::sqrt(6.0 / (9.0 * 33.0));
        assert!(conv.flat_weight().iter().all(|weight| weight.abs() <= limit));
        assert!(conv.flat_weight().iter().any(|weight| weight.abs() > 0.95 * limit));
        assert_eq!(conv.bias, [[0.0]; 32]);
    }

    /// Multiplier, kernel, stride, padding and bias of a layer, and the image.
    macro_rules! conv_laws {
        ($multiplier:expr, $kernel:expr, $stride:expr, $padding:expr, $bias:expr, $image:expr, $samples:expr) => {
            conv_laws!($multiplier, $kernel, $stride, $padding, $bias, $image, $samples, Activation::Identity)
        };
        ($multiplier:expr, $kernel:expr, $stride:expr, $padding:expr, $bias:expr, $image:expr, $samples:expr, $f:expr) => {{
            let laws = laws!(
                DepthwiseConv2d {
                    kernel: $kernel,
                    multiplier: $multiplier,
                    stride: $stride,
                    padding: $padding,
                    bias: $bias,
                    dilation: [1, 1]
                },
                $image,
                $samples,
                $f
            );
            let call = call!(
                DepthwiseConv2d {
                    kernel: $kernel,
                    multiplier: $multiplier,
                    stride: $stride,
                    padding: $padding,
                    bias: $bias,
                    dilation: [1, 1]
                },
                $image
            );
            laws.scratch(call.config.scratch(call.input))
        }};
    }

    macro_rules! dilated_laws {
        ($multiplier:expr, $kernel:expr, $stride:expr, $padding:expr, $dilation:expr, $image:expr, $f:expr) => {{
            let config = spec::DepthwiseConv2d {
                kernel: $kernel,
                multiplier: $multiplier,
                stride: $stride,
                padding: $padding,
                bias: true,
                dilation: $dilation,
            };
            let input = Shape::new(&$image);
            let output = config.out_shape(input).expect("a shape that the layer takes");
            let call = Call::new(config, input, output, 3).with_activation($f);
            crate::laws::Laws::new(call, 2).reads(spec::DepthwiseConv2d::INFO.reads).scratch(config.scratch(input))
        }};
    }

    #[test]
    fn laws_with_gaps() {
        use Activation::{Identity, Relu, Tanh};
        use DepthwiseConv2d as Conv;
        use Padding::{Amount, Causal, Same, Sides, Valid};
        gradient_laws! {
            Conv<1, 1, 1, 1, f64>, dilated_laws!(1, [1, 1], [1, 1], Valid, [3, 2], [1, 1, 1], Identity);
            Conv<3, 3, 2, 1, f64>, dilated_laws!(1, [3, 3], [1, 1], Same, [2, 2], [5, 6, 2], Relu);
            Conv<3, 3, 9, 1, f64>, dilated_laws!(1, [3, 3], [1, 1], Valid, [2, 1], [6, 4, 9], Identity);
            Conv<2, 3, 2, 2, f64>, dilated_laws!(2, [2, 3], [2, 1], Valid, [2, 3], [5, 8, 2], Tanh);
            Conv<3, 1, 1, 3, f64>, dilated_laws!(3, [3, 1], [1, 2], Amount(2), [3, 1], [4, 5, 1], Identity);
            Conv<2, 2, 8, 1, f64>, dilated_laws!(1, [2, 2], [2, 3], Causal, [4, 2], [5, 5, 8], Relu);
            Conv<3, 2, 1, 2, f64>, dilated_laws!(2, [3, 2], [3, 2], Sides([2, 3]), [2, 3], [3, 4, 1], Identity);
            Conv<4, 4, 1, 1, f64>, dilated_laws!(1, [4, 4], [1, 1], Same, [3, 2], [2, 2, 1], Identity);
        }
    }

    #[test]
    fn laws() {
        use Padding::{Amount, Same, Valid};
        gradient_laws! {
            DepthwiseConv2d<1, 1, 1, 1, f64>, conv_laws!(1, [1, 1], [1, 1], Valid, true, [1, 1, 1], 1);
            DepthwiseConv2d<3, 3, 3, 1, f64>, conv_laws!(1, [3, 3], [1, 1], Valid, true, [5, 6, 3], 2);
            DepthwiseConv2d<3, 3, 2, 3, f64>, conv_laws!(3, [3, 3], [1, 1], Same, true, [5, 4, 2], 3);
            DepthwiseConv2d<3, 3, 17, 1, f64>, conv_laws!(1, [3, 3], [2, 2], Same, true, [4, 5, 17], 1);
            Bare<2, 3, 2, 1>, conv_laws!(1, [2, 3], [1, 2], Valid, false, [4, 7, 2], 1);
            DepthwiseConv2d<3, 2, 1, 2, f64>, conv_laws!(2, [3, 2], [2, 1], Amount(2), true, [3, 4, 1], 3);
            DepthwiseConv2d<5, 5, 1, 1, f64>, conv_laws!(1, [5, 5], [3, 3], Amount(1), true, [7, 7, 1], 2);
            Bare<1, 1, 5, 2>, conv_laws!(2, [1, 1], [1, 1], Valid, false, [3, 2, 5], 4);
            Bare<4, 4, 8, 1>, conv_laws!(1, [4, 4], [1, 1], Same, false, [3, 3, 8], 1);
            DepthwiseConv2d<2, 1, 2, 1, f64>, conv_laws!(1, [2, 1], [3, 4], Valid, true, [6, 5, 2], 2);
        }
    }

    #[test]
    fn laws_with_fused_activations() {
        use Padding::{Same, Valid};
        gradient_laws! {
            DepthwiseConv2d<3, 3, 2, 1, f64>, conv_laws!(1, [3, 3], [1, 1], Valid, true, [5, 5, 2], 2, Activation::Relu);
            DepthwiseConv2d<3, 3, 1, 2, f64>, conv_laws!(2, [3, 3], [1, 1], Same, true, [4, 3, 1], 3, Activation::Tanh);
            Bare<2, 2, 3, 1>, conv_laws!(1, [2, 2], [2, 2], Valid, false, [4, 5, 3], 2, Activation::Sigmoid);
            DepthwiseConv2d<2, 2, 9, 1, f64>, conv_laws!(1, [2, 2], [1, 1], Same, true, [2, 3, 9], 1, Activation::Relu);
        }
    }
}
