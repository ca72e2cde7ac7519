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

/// A 1-D convolution `y = f(x ⋆ W + b)` (cross-correlation, as in Keras' `Conv1D`), `f` being the call's fused activation:
/// `y[t, o] = b[o] + Σ x[stride · t + dilation · k - front, c] · W[k, c, o]`, where steps outside the sequence are zeros.
///
/// In `network!`: `Conv1d(filters, kernel, stride = 1, padding = valid, bias = true, dilation = 1, groups = 1)`. `padding` is
/// `valid` (none), `same` (`out = ceil(in / stride)`), `causal` (as many zeros in front that no output sees a later step, van
/// den Oord et al., 2016), a number of steps at both ends, or two: `[front, behind]`. Each of `groups` parts of the filters
/// sees one part of the channels.
///
/// With `padding = causal` and a stride of 1, a network with `#[stream]` goes through it step by step: of the steps before it
/// keeps those that a window reaches. A `kernel` of 1 with `valid` or `same` padding needs no state for that.
///
/// Input `[time, C · groups]`, output `[out time, F]`. Weights start as those of [`Conv2d`](super::Conv2d).
#[repr(C)]
#[derive(Debug)]
pub struct Conv1d<const K: usize, const C: usize, const F: usize, T = f32, B = [T; F]> {
    /// `[K, C, F]`: step, input channel of the group, filter. PyTorch's `[F, C, K]` with its axes permuted by `(2, 1, 0)`.
    pub weight: [[[T; F]; C]; K],
    /// One number for each channel of the output, or `[T; 0]` for a layer without bias.
    pub bias: B,
}

crate::plain! {
    impl[const K: usize, const C: usize, const F: usize, T, B] Conv1d<K, C, F, T, B> {
        weight: [[[T; F]; C]; K],
        bias: B,
    }
}

impl<const K: usize, const C: usize, const F: usize, T: Scalar, B: Plain<T>> Conv1d<K, C, F, T, B> {
    fn flat_weight(&self) -> &[T] {
        self.weight.as_flattened().as_flattened()
    }

    fn flat_weight_mut(&mut self) -> &mut [T] {
        self.weight.as_flattened_mut().as_flattened_mut()
    }
}

impl<const K: usize, const C: usize, const F: usize, T: Scalar, B: Plain<T>> Layer<T> for Conv1d<K, C, F, T, B> {
    type Config = spec::Conv1d;
    type Gradient = Self;

    const PARTS: &'static [Part] = {
        assert!(B::LEN == F || B::LEN == 0, "the bias has one number for each channel, or none");
        &[
            Part::tensor("weight", Shape::new(&[K, C, F]), Role::Weight).torch(Torch::SAME.axes(&[2, 1, 0])),
            Part::tensor("bias", Shape::new(&[B::LEN]), Role::Bias),
        ]
    };

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::GlorotUniform.fill(self.flat_weight_mut(), Shape::new(&[K, C, F]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, pass: &Pass, input: &[T], output: &mut [T], memory: Memory<'_, T>) {
        let geometry = call.config.convolution(call.input);
        let (bias, weight, activation) = (self.bias.as_slice(), self.flat_weight(), call.activation);
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
        let (geometry, samples) = (call.config.convolution(call.input), pass.samples);
        through_activation(call, values.output, d_output);
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

impl spec::Conv1d {
    /// Elements of scratch memory of a pass: a block of gathered patches, and room to pack a matrix.
    pub(super) const fn pass_scratch(&self, input: Shape) -> usize {
        conv_scratch(&self.convolution(input))
    }

    /// The same for a forward pass over so many samples.
    pub(super) const fn pass_forward_scratch(&self, input: Shape, samples: usize) -> usize {
        conv_forward_scratch(&self.convolution(input), samples)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::laws::Laws;
    use crate::layers::testing::{assert_near, call, forward, initialized};
    use crate::spec::{Activation, Padding};
    use Activation::{Identity, Relu, Tanh};
    use Padding::{Amount, Causal, Same, Sides, Valid};

    const fn conv(filters: usize, kernel: usize, stride: usize, padding: Padding) -> spec::Conv1d {
        spec::Conv1d { filters, kernel, stride, padding, bias: true, dilation: 1, groups: 1 }
    }

    fn laws(config: spec::Conv1d, input: [usize; 2], samples: usize, function: Activation) -> Laws<spec::Conv1d> {
        let input = Shape::new(&input);
        let output = config.out_shape(input).expect("a shape that the layer takes");
        let call = Call::new(config, input, output, 3).with_activation(function);
        Laws::new(call, samples).reads(spec::Conv1d::INFO.reads).scratch(config.scratch(input))
    }

    #[test]
    fn a_causal_window_sees_no_later_step() {
        let layer = Conv1d { weight: [[[1.0]], [[10.0]]], bias: [0.5] };
        let call = call!(
            Conv1d { filters: 1, kernel: 2, stride: 1, padding: Causal, bias: true, dilation: 2, groups: 1 },
            [4, 1]
        );
        assert_near(&forward(&layer, &call, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0]), &[10.5, 20.5, 31.5, 42.5]);
    }

    #[test]
    fn the_default_is_glorot_uniform_over_the_window() {
        let call = call!(
            Conv1d { filters: 32, kernel: 3, stride: 1, padding: Same, bias: true, dilation: 1, groups: 1 },
            [8, 16]
        );
        let layer = initialized::<Conv1d<3, 16, 32, f64>>(&call);
        let limit = f64::sqrt(6.0 / (3.0 * 48.0));
        assert!(layer.flat_weight().iter().all(|weight| weight.abs() <= limit));
        assert!(layer.flat_weight().iter().any(|weight| weight.abs() > 0.95 * limit));
        assert_eq!(layer.bias, [0.0; 32]);
    }

    #[test]
    fn gradient_laws_hold() {
        let bare = |config| spec::Conv1d { bias: false, ..config };
        let with = |dilation, groups, config| spec::Conv1d { dilation, groups, ..config };
        gradient_laws! {
            Conv1d<1, 1, 1, f64>, laws(conv(1, 1, 1, Valid), [1, 1], 1, Identity);
            Conv1d<3, 3, 4, f64>, laws(conv(4, 3, 1, Valid), [7, 3], 2, Relu);
            Conv1d<3, 3, 4, f64>, laws(conv(4, 3, 2, Same), [6, 3], 3, Tanh);
            Conv1d<5, 2, 17, f64>, laws(conv(17, 5, 1, Causal), [4, 2], 2, Identity);
            Conv1d<2, 5, 3, f64, [f64; 0]>, laws(bare(conv(3, 2, 3, Amount(1))), [8, 5], 1, Identity);
            Conv1d<4, 1, 2, f64>, laws(conv(2, 4, 1, Sides([3, 1])), [3, 1], 2, Identity);
            Conv1d<3, 2, 2, f64>, laws(with(3, 1, conv(2, 3, 1, Causal)), [9, 2], 2, Relu);
            Conv1d<3, 1, 6, f64>, laws(with(1, 3, conv(6, 3, 1, Same)), [5, 3], 2, Identity);
            Conv1d<2, 2, 4, f64>, laws(with(4, 2, conv(4, 2, 2, Amount(2))), [6, 4], 3, Tanh);
            Conv1d<1, 4, 8, f64>, laws(conv(8, 1, 1, Valid), [70, 4], 1, Identity);
        }
    }
}
