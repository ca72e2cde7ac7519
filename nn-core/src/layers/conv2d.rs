use crate::init::Initializer;
use crate::kernels::{
    add_column_sums, conv_backward_input, conv_backward_weight, conv_forward, conv_forward_scratch, conv_scratch,
};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

use super::through_activation;

/// A 2-D convolution `y = f(x ⋆ W + b)` (cross-correlation, as in Keras' `Conv2D`), `f` being the call's fused
/// activation.
///
/// In `network!`: `Conv2d(filters, kernel, stride = 1, padding = valid, bias = true, dilation = 1, groups = 1)`, where
/// `kernel`, `stride` and `dilation` are one size or `[height, width]`, and `padding` is `valid` (none), `same`
/// (`out = ceil(in / stride)`), `causal` (in front only), a number of pixels on every side, or two: above and to the left,
/// below and to the right. Elements of the window lie `dilation` apart; each of `groups` parts of the filters sees one part
/// of the channels (Krizhevsky et al., 2012).
///
/// Input `[height, width, C · groups]`, output `[out height, out width, F]`. The weights start with the uniform distribution of
/// Glorot and Bengio ([`Initializer::GlorotUniform`]), where a window's positions count into both fans, and the bias with
/// zero, as in Keras.
#[repr(C)]
#[derive(Debug)]
pub struct Conv2d<const KH: usize, const KW: usize, const C: usize, const F: usize, T = f32, B = [T; F]> {
    /// `[KH, KW, C, F]`: window row, window column, input channel of the group, filter. PyTorch's `[F, C, KH, KW]` with its axes
    /// permuted by `(2, 3, 1, 0)`.
    pub weight: [[[[T; F]; C]; KW]; KH],
    /// `[F]`, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const KH: usize, const KW: usize, const C: usize, const F: usize, T, B] Conv2d<KH, KW, C, F, T, B> {
        weight: [[[[T; F]; C]; KW]; KH],
        bias: B,
    }
}

impl<const KH: usize, const KW: usize, const C: usize, const F: usize, T: Scalar, B: Plain<T>>
    Conv2d<KH, KW, C, F, T, B>
{
    pub(super) fn flat_weight(&self) -> &[T] {
        self.weight.as_flattened().as_flattened().as_flattened()
    }

    pub(super) fn flat_weight_mut(&mut self) -> &mut [T] {
        self.weight.as_flattened_mut().as_flattened_mut().as_flattened_mut()
    }
}

impl<const KH: usize, const KW: usize, const C: usize, const F: usize, T: Scalar, B: Plain<T>> Layer<T>
    for Conv2d<KH, KW, C, F, T, B>
{
    type Config = spec::Conv2d;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == F || B::LEN == 0, "the bias has one number for each filter, or none");
        &[
            Part::tensor("weight", Shape::new(&[KH, KW, C, F]), Role::Weight).torch(Torch::SAME.axes(&[2, 3, 1, 0])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.flat_weight_mut(), Shape::new(&[KH, KW, C, F]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let geometry = call.config.convolution(call.input);
        let bias = self.bias.as_slice();
        let (weight, activation) = (self.flat_weight(), call.activation);
        conv_forward(&geometry, pass.samples, input, weight, bias, activation, output, memory.scratch);
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
                add_column_sums(F, d_output, gradient.bias.as_mut_slice());
            }
            let d_weight = gradient.flat_weight_mut();
            conv_backward_weight(&geometry, samples, values.input, d_output, d_weight, &mut *memory.scratch);
        }
        if let Some(d_input) = d_input {
            conv_backward_input(&geometry, samples, d_output, self.flat_weight(), d_input, memory.scratch);
        }
    }
}

impl spec::Conv2d {
    /// Elements of scratch memory: a block of gathered patches, and room to pack a matrix.
    pub const fn scratch(&self, input: Shape) -> usize {
        conv_scratch(&self.convolution(input))
    }

    /// The same for predictions of so many samples.
    pub const fn forward_scratch(&self, input: Shape, samples: usize) -> usize {
        conv_forward_scratch(&self.convolution(input), samples)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};
    use crate::spec::{Activation, Padding};

    type Bare<const KH: usize, const KW: usize, const C: usize, const F: usize> = Conv2d<KH, KW, C, F, f64, [f64; 0]>;

    #[test]
    fn a_window_slides_over_the_image() {
        let conv = Conv2d { weight: [[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]], bias: [0.5] };
        let image = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
        let call = call!(
            Conv2d {
                filters: 1,
                kernel: [2, 2],
                stride: [1, 1],
                padding: Padding::Valid,
                bias: true,
                dilation: [1, 1],
                groups: 1
            },
            [3, 3, 1]
        );
        assert_near(&forward(&conv, &call, &Pass::inference(1), &image), &[37.5, 47.5, 67.5, 77.5]);
        let same = call!(
            Conv2d {
                filters: 1,
                kernel: [2, 2],
                stride: [2, 2],
                padding: Padding::Same,
                bias: true,
                dilation: [1, 1],
                groups: 1
            },
            [3, 3, 1]
        );
        assert_near(&forward(&conv, &same, &Pass::inference(1), &image), &[37.5, 21.5, 23.5, 9.5]);
    }

    #[test]
    fn the_default_is_glorot_uniform_over_the_window() {
        let call = call!(
            Conv2d {
                filters: 32,
                kernel: [3, 3],
                stride: [1, 1],
                padding: Padding::Valid,
                bias: true,
                dilation: [1, 1],
                groups: 1
            },
            [8, 8, 16]
        );
        let conv = initialized::<Conv2d<3, 3, 16, 32, f64>>(&call);
        let limit = f64::sqrt(6.0 / (9.0 * 48.0));
        assert!(conv.flat_weight().iter().all(|weight| weight.abs() <= limit));
        assert!(conv.flat_weight().iter().any(|weight| weight.abs() > 0.95 * limit));
        assert_eq!(conv.bias, [0.0; 32]);
    }

    /// Kernel, stride, padding and bias of a layer, and the image.
    macro_rules! conv_laws {
        ($filters:expr, $kernel:expr, $stride:expr, $padding:expr, $bias:expr, $image:expr, $samples:expr) => {
            conv_laws!($filters, $kernel, $stride, $padding, $bias, $image, $samples, Activation::Identity)
        };
        ($filters:expr, $kernel:expr, $stride:expr, $padding:expr, $bias:expr, $image:expr, $samples:expr, $f:expr) => {{
            let laws = laws!(
                Conv2d {
                    filters: $filters,
                    kernel: $kernel,
                    stride: $stride,
                    padding: $padding,
                    bias: $bias,
                    dilation: [1, 1],
                    groups: 1
                },
                $image,
                $samples,
                $f
            );
            let call = call!(
                Conv2d {
                    filters: $filters,
                    kernel: $kernel,
                    stride: $stride,
                    padding: $padding,
                    bias: $bias,
                    dilation: [1, 1],
                    groups: 1
                },
                $image
            );
            laws.scratch(call.config.scratch(call.input))
        }};
    }

    macro_rules! grouped_laws {
        ($filters:expr, $kernel:expr, $stride:expr, $padding:expr, $dilation:expr, $groups:expr, $image:expr, $f:expr) => {{
            let config = spec::Conv2d {
                filters: $filters,
                kernel: $kernel,
                stride: $stride,
                padding: $padding,
                bias: true,
                dilation: $dilation,
                groups: $groups,
            };
            let input = Shape::new(&$image);
            let output = config.out_shape(input).expect("a shape that the layer takes");
            let call = Call::new(config, input, output, 3).with_activation($f);
            crate::laws::Laws::new(call, 2).reads(spec::Conv2d::INFO.reads).scratch(config.scratch(input))
        }};
    }

    #[test]
    fn laws_with_gaps_and_groups() {
        use Activation::{Identity, Relu, Tanh};
        use Padding::{Amount, Causal, Same, Sides, Valid};
        gradient_laws! {
            Conv2d<1, 1, 1, 2, f64>, grouped_laws!(2, [1, 1], [1, 1], Valid, [1, 1], 2, [1, 1, 2], Identity);
            Conv2d<3, 3, 2, 4, f64>, grouped_laws!(4, [3, 3], [1, 1], Same, [1, 1], 2, [4, 5, 4], Relu);
            Conv2d<3, 3, 3, 2, f64>, grouped_laws!(2, [3, 3], [1, 1], Same, [2, 2], 1, [5, 4, 3], Identity);
            Conv2d<2, 3, 1, 3, f64>, grouped_laws!(3, [2, 3], [2, 1], Valid, [3, 1], 3, [7, 5, 3], Tanh);
            Conv2d<3, 1, 2, 5, f64>, grouped_laws!(5, [3, 1], [1, 2], Amount(2), [1, 2], 1, [4, 5, 2], Identity);
            Conv2d<2, 2, 2, 6, f64>, grouped_laws!(6, [2, 2], [1, 1], Causal, [2, 1], 3, [3, 4, 6], Identity);
            Conv2d<2, 2, 1, 2, f64>, grouped_laws!(2, [2, 2], [2, 2], Sides([2, 1]), [1, 1], 1, [3, 4, 1], Relu);
            Conv2d<2, 2, 3, 8, f64>, grouped_laws!(8, [2, 2], [1, 3], Sides([0, 3]), [2, 3], 4, [4, 3, 12], Identity);
        }
    }

    #[test]
    fn laws() {
        use Padding::{Amount, Same, Valid};
        gradient_laws! {
            Conv2d<1, 1, 1, 1, f64>, conv_laws!(1, [1, 1], [1, 1], Valid, true, [1, 1, 1], 1);
            Conv2d<3, 3, 3, 4, f64>, conv_laws!(4, [3, 3], [1, 1], Valid, true, [5, 6, 3], 2);
            Conv2d<3, 3, 2, 3, f64>, conv_laws!(3, [3, 3], [1, 1], Same, true, [5, 4, 2], 3);
            Conv2d<3, 3, 1, 2, f64>, conv_laws!(2, [3, 3], [2, 2], Same, true, [6, 5, 1], 2);
            Bare<2, 3, 2, 5>, conv_laws!(5, [2, 3], [1, 2], Valid, false, [4, 7, 2], 1);
            Conv2d<3, 2, 1, 1, f64>, conv_laws!(1, [3, 2], [2, 1], Amount(2), true, [3, 4, 1], 3);
            Conv2d<5, 5, 1, 2, f64>, conv_laws!(2, [5, 5], [3, 3], Amount(1), true, [7, 7, 1], 2);
            Bare<1, 1, 5, 3>, conv_laws!(3, [1, 1], [1, 1], Valid, false, [3, 2, 5], 4);
            Conv2d<1, 1, 2, 2, f64>, conv_laws!(2, [1, 1], [3, 2], Valid, true, [5, 5, 2], 2);
            Conv2d<4, 4, 2, 2, f64>, conv_laws!(2, [4, 4], [1, 1], Same, true, [3, 3, 2], 1);
        }
    }

    #[test]
    fn laws_with_fused_activations() {
        use Padding::{Same, Valid};
        gradient_laws! {
            Conv2d<3, 3, 2, 3, f64>, conv_laws!(3, [3, 3], [1, 1], Valid, true, [5, 5, 2], 2, Activation::Relu);
            Conv2d<3, 3, 1, 2, f64>, conv_laws!(2, [3, 3], [1, 1], Same, true, [4, 3, 1], 3, Activation::Tanh);
            Conv2d<2, 2, 3, 1, f64>, conv_laws!(1, [2, 2], [2, 2], Valid, true, [4, 5, 3], 2, Activation::Sigmoid);
            Bare<3, 1, 1, 4>, conv_laws!(4, [3, 1], [1, 1], Valid, false, [4, 2, 1], 1, Activation::Elu { alpha: 1.0 });
            Bare<1, 3, 2, 2>, conv_laws!(
                2, [1, 3], [1, 1], Same, false, [2, 4, 2], 2, Activation::LeakyRelu { slope: 0.2 }
            );
            Conv2d<1, 1, 1, 1, f64>, conv_laws!(1, [1, 1], [1, 1], Valid, true, [1, 1, 1], 1, Activation::Relu);
            Conv2d<3, 3, 1, 17, f64>, conv_laws!(17, [3, 3], [2, 1], Same, true, [3, 3, 1], 1, Activation::Relu);
            Conv2d<2, 2, 1, 1, f64>, conv_laws!(1, [2, 2], [1, 1], Same, true, [1, 1, 1], 5, Activation::Tanh);
        }
    }
}
