use crate::init::Initializer;
use crate::kernels::{
    add_column_sums, conv3d_backward_input, conv3d_backward_weight, conv3d_forward, conv3d_forward_scratch,
    conv3d_scratch,
};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

use super::through_activation;

/// A 3-D convolution `y = f(x ⋆ W + b)` (cross-correlation, as in Keras' `Conv3D`), `f` being the call's fused activation:
/// over volumes, or over films with time as their depth.
///
/// In `network!`: `Conv3d(filters, kernel, stride = 1, padding = valid, bias = true, dilation = 1, groups = 1)`, where
/// `kernel`, `stride` and `dilation` are one size or `[depth, height, width]`, and `padding` is that of
/// [`Conv2d`](super::Conv2d), along all three axes: with `causal` no output sees what lies behind it on any of them. Elements
/// of the window lie `dilation` apart; each of `groups` parts of the filters sees one part of the channels.
///
/// Input `[depth, height, width, C · groups]`, output `[out depth, out height, out width, F]`. The weights start with the
/// uniform distribution of Glorot and Bengio ([`Initializer::GlorotUniform`]), where a window's positions count into both
/// fans, and the bias with zero, as in Keras.
#[repr(C)]
#[derive(Debug)]
pub struct Conv3d<
    const KD: usize,
    const KH: usize,
    const KW: usize,
    const C: usize,
    const F: usize,
    T = f32,
    B = [T; F],
> {
    /// `[KD, KH, KW, C, F]`: window plane, window row, window column, input channel of the group, filter. PyTorch's
    /// `[F, C, KD, KH, KW]` with its axes permuted by `(2, 3, 4, 1, 0)`.
    pub weight: [[[[[T; F]; C]; KW]; KH]; KD],
    /// `[F]`, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const KD: usize, const KH: usize, const KW: usize, const C: usize, const F: usize, T, B] Conv3d<KD, KH, KW, C, F, T, B> {
        weight: [[[[[T; F]; C]; KW]; KH]; KD],
        bias: B,
    }
}

impl<const KD: usize, const KH: usize, const KW: usize, const C: usize, const F: usize, T: Scalar, B: Plain<T>>
    Conv3d<KD, KH, KW, C, F, T, B>
{
    fn flat_weight(&self) -> &[T] {
        self.weight.as_flattened().as_flattened().as_flattened().as_flattened()
    }

    pub(super) fn flat_weight_mut(&mut self) -> &mut [T] {
        self.weight.as_flattened_mut().as_flattened_mut().as_flattened_mut().as_flattened_mut()
    }
}

impl<const KD: usize, const KH: usize, const KW: usize, const C: usize, const F: usize, T: Scalar, B: Plain<T>> Layer<T>
    for Conv3d<KD, KH, KW, C, F, T, B>
{
    type Config = spec::Conv3d;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == F || B::LEN == 0, "the bias has one number for each filter, or none");
        &[
            Part::tensor("weight", Shape::new(&[KD, KH, KW, C, F]), Role::Weight)
                .torch(Torch::SAME.axes(&[2, 3, 4, 1, 0])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.flat_weight_mut(), Shape::new(&[KD, KH, KW, C, F]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let geometry = call.config.geometry(call.input);
        let bias = self.bias.as_slice();
        let (weight, activation) = (self.flat_weight(), call.activation);
        conv3d_forward(&geometry, pass.samples, input, weight, bias, activation, output, memory.scratch);
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
        let geometry = call.config.geometry(call.input);
        through_activation(call, values.output, d_output);
        let samples = pass.samples;
        if let Some(gradient) = gradient {
            if B::LEN > 0 {
                add_column_sums(F, d_output, gradient.bias.as_mut_slice());
            }
            let d_weight = gradient.flat_weight_mut();
            conv3d_backward_weight(&geometry, samples, values.input, d_output, d_weight, &mut *memory.scratch);
        }
        if let Some(d_input) = d_input {
            conv3d_backward_input(&geometry, samples, d_output, self.flat_weight(), d_input, memory.scratch);
        }
    }
}

impl spec::Conv3d {
    /// Elements of scratch memory: planes laid behind one another, the weight in another order, and what a
    /// convolution of images needs.
    pub const fn scratch(&self, input: Shape) -> usize {
        conv3d_scratch(&self.geometry(input))
    }

    /// The same for predictions.
    pub const fn forward_scratch(&self, input: Shape, _samples: usize) -> usize {
        conv3d_forward_scratch(&self.geometry(input))
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::laws::Laws;
    use crate::layers::testing::{assert_near, call, forward, initialized};
    use crate::spec::{Activation, Padding};

    type Bare<const KD: usize, const KH: usize, const KW: usize, const C: usize, const F: usize> =
        Conv3d<KD, KH, KW, C, F, f64, [f64; 0]>;

    #[test]
    fn a_window_slides_through_the_volume() {
        let conv = Conv3d { weight: [[[[[1.0]], [[2.0]]]], [[[[3.0]], [[4.0]]]]], bias: [0.5] };
        let (pass, volume) = (Pass::inference(1), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        let spec = |padding| spec::Conv3d {
            filters: 1,
            kernel: [2, 1, 2],
            stride: [1; 3],
            padding,
            bias: true,
            dilation: [1; 3],
            groups: 1,
        };
        let of = |padding, input: [usize; 4]| {
            let (config, input) = (spec(padding), Shape::new(&input));
            let output = config.out_shape(input).expect("a shape that the layer takes");
            forward(&conv, &Call::new(config, input, output, 0), &pass, &volume)
        };
        assert_near(&of(Padding::Valid, [2, 2, 2, 1]), &[1.0 + 4.0 + 15.0 + 24.0 + 0.5, 3.0 + 8.0 + 21.0 + 32.0 + 0.5]);
        let causal = [4.5, 11.5, 12.5, 25.5, 22.5, 44.5, 34.5, 64.5];
        assert_near(&of(Padding::Causal, [2, 2, 2, 1]), &causal);
    }

    #[test]
    fn the_default_is_glorot_uniform_over_the_window() {
        let call = call!(
            Conv3d {
                filters: 32,
                kernel: [3, 3, 2],
                stride: [1; 3],
                padding: Padding::Valid,
                bias: true,
                dilation: [1; 3],
                groups: 1
            },
            [4, 4, 4, 8]
        );
        let conv = initialized::<Conv3d<3, 3, 2, 8, 32, f64>>(&call);
        let limit = f64::sqrt(6.0 / (18.0 * 40.0));
        assert!(conv.flat_weight().iter().all(|weight| weight.abs() <= limit));
        assert!(conv.flat_weight().iter().any(|weight| weight.abs() > 0.95 * limit));
        assert_eq!(conv.bias, [0.0; 32]);
    }

    macro_rules! of {
        ($filters:expr, $kernel:expr, $stride:expr, $padding:expr, $bias:expr, $volume:expr, $samples:expr) => {
            of!($filters, $kernel, $stride, $padding, $bias, [1; 3], 1, $volume, $samples, Activation::Identity)
        };
        (
            $filters:expr, $kernel:expr, $stride:expr, $padding:expr, $bias:expr, $dilation:expr, $groups:expr, $volume:expr,
            $samples:expr, $f:expr
        ) => {{
            let config = spec::Conv3d {
                filters: $filters,
                kernel: $kernel,
                stride: $stride,
                padding: $padding,
                bias: $bias,
                dilation: $dilation,
                groups: $groups,
            };
            let input = Shape::new(&$volume);
            let output = config.out_shape(input).expect("a shape that the layer takes");
            let call = Call::new(config, input, output, 3).with_activation($f);
            Laws::new(call, $samples).reads(spec::Conv3d::INFO.reads).scratch(config.scratch(input))
        }};
    }

    #[test]
    fn laws() {
        use Padding::{Amount, Same, Valid};
        gradient_laws! {
            Conv3d<1, 1, 1, 1, 1, f64>, of!(1, [1; 3], [1; 3], Valid, true, [1, 1, 1, 1], 1);
            Conv3d<3, 3, 3, 2, 3, f64>, of!(3, [3; 3], [1; 3], Valid, true, [4, 3, 5, 2], 2);
            Conv3d<3, 2, 3, 2, 2, f64>, of!(2, [3, 2, 3], [1; 3], Same, true, [3, 4, 3, 2], 2);
            Conv3d<2, 3, 1, 1, 2, f64>, of!(2, [2, 3, 1], [2, 1, 2], Same, true, [5, 3, 4, 1], 2);
            Bare<2, 1, 3, 2, 5>, of!(5, [2, 1, 3], [1, 2, 1], Valid, false, [3, 3, 4, 2], 1);
            Conv3d<1, 3, 2, 1, 1, f64>, of!(1, [1, 3, 2], [1, 2, 1], Amount(1), true, [2, 3, 2, 1], 3);
            Bare<1, 1, 1, 4, 3>, of!(3, [1; 3], [1; 3], Valid, false, [2, 3, 2, 4], 2);
            Conv3d<4, 2, 2, 1, 9, f64>, of!(9, [4, 2, 2], [1; 3], Same, true, [2, 2, 2, 1], 1);
        }
    }

    #[test]
    fn laws_with_gaps_groups_and_activations() {
        use Activation::{Identity, Relu, Tanh};
        use Padding::{Amount, Causal, Same, Sides, Valid};
        gradient_laws! {
            Conv3d<1, 1, 1, 1, 2, f64>, of!(2, [1; 3], [1; 3], Valid, true, [1; 3], 2, [1, 1, 1, 2], 2, Identity);
            Conv3d<2, 3, 2, 2, 4, f64>, of!(4, [2, 3, 2], [1; 3], Same, true, [1; 3], 2, [3, 2, 3, 4], 2, Relu);
            Conv3d<3, 1, 2, 2, 2, f64>, of!(2, [3, 1, 2], [1; 3], Same, true, [2, 1, 2], 1, [3, 2, 3, 2], 2, Identity);
            Conv3d<2, 2, 2, 1, 3, f64>, of!(3, [2; 3], [2, 1, 1], Valid, true, [3, 1, 1], 3, [5, 3, 2, 3], 1, Tanh);
            Conv3d<2, 1, 1, 2, 5, f64>, of!(5, [2, 1, 1], [1, 2, 1], Amount(1), true, [1, 1, 2], 1, [2, 3, 2, 2], 2, Relu);
            Conv3d<2, 2, 2, 2, 6, f64>, of!(6, [2; 3], [1; 3], Causal, true, [2, 1, 1], 2, [3, 2, 2, 4], 1, Identity);
            Conv3d<2, 2, 1, 1, 2, f64>, of!(2, [2, 2, 1], [2; 3], Sides([2, 1]), true, [1; 3], 1, [2, 3, 2, 1], 2, Tanh);
            Conv3d<1, 2, 2, 1, 4, f64>, of!(4, [1, 2, 2], [1, 1, 3], Sides([0, 2]), true, [1, 2, 3], 4, [2, 3, 3, 4], 1, Relu);
        }
    }
}
