//! What causal convolutions along a sequence have in common: how they go through it step by step.

use super::{Conv1d, DepthwiseConv1d, SeparableConv1d};
use crate::layer::{Call, Layer, Memory, Pass, Streamed};
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::{self, Shape};

/// Moves the window of this place on by a step, and gives it: `[kernel, channels]`, the new step last.
fn slide<'s, T: Scalar>(state: &'s mut [T], place: usize, len: usize, input: &[T]) -> &'s [T] {
    let window = &mut state[place * len..][..len];
    window.copy_within(input.len().., 0);
    window[len - input.len()..].copy_from_slice(input);
    window
}

/// A step is the layer itself over the one window that ends with it. What it keeps between its halves, `tape`, lies in the
/// scratch memory: no backward pass follows.
macro_rules! streamed {
    ($name:ident, [$($size:ident),+] $(, $tape:ident)?) => {
        impl<$(const $size: usize,)+ T: Scalar, B: Plain<T>> Streamed<T> for $name<$($size,)+ T, B> {
            fn step(
                &self,
                call: &Call<Self::Config>,
                position: usize,
                input: &[T],
                state: &mut [T],
                output: &mut [T],
                scratch: &mut [T],
            ) {
                let (config, window) = call.config.one_window(call.input);
                let seen = slide(state, position % call.config.dilation, window.len(), input);
                let (tape, scratch) = scratch.split_at_mut(0 $(+ config.$tape(window))?);
                let call = Call { config, input: window, output: call.output.with_dim(0, 1), ..*call };
                self.forward(&call, &Pass::inference(1), seen, output, Memory { tape, scratch, ..Memory::none() });
            }
        }

        impl spec::$name {
            /// Elements of scratch memory.
            pub const fn scratch(&self, input: Shape) -> usize {
                self.pass_scratch(input)
            }

            /// The same for predictions of so many samples.
            pub const fn forward_scratch(&self, input: Shape, samples: usize) -> usize {
                self.pass_forward_scratch(input, samples)
            }

            /// The same for a step of a stream.
            pub const fn step_scratch(&self, input: Shape) -> usize {
                let (config, window) = self.one_window(input);
                config.pass_forward_scratch(window, 1) $(+ config.$tape(window))?
            }
        }
    };
}

streamed! { Conv1d, [K, C, F] }
streamed! { DepthwiseConv1d, [K, C, M] }
streamed! { SeparableConv1d, [K, C, M, F], tape }

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::layers::testing::{assert_near, initialized};
    use crate::random::Random;
    use crate::spec::{Activation, Padding::Causal};
    use alloc::vec;
    use alloc::vec::Vec;

    /// Scalars that a layer asks for, and for its step.
    struct Sizes {
        state: usize,
        forward: usize,
        step: usize,
        tape: usize,
    }

    /// Holds each step to its part of the whole sequence, in memory of exactly these sizes.
    fn agrees<L: Streamed<f64>>(call: &Call<L::Config>, sizes: &Sizes) {
        let (mut layer, mut random) = (initialized::<L>(call), Random::new(4));
        layer.as_mut_slice().iter_mut().for_each(|weight| *weight += random.normal());
        let input: Vec<f64> = (0..call.input.len()).map(|_| random.normal()).collect();
        let [mut tape, mut scratch] = [sizes.tape, sizes.forward].map(|scalars| vec![f64::NAN; scalars]);
        let mut expected = vec![f64::NAN; call.output.len()];
        let memory = Memory { tape: &mut tape, scratch: &mut scratch, ..Memory::none() };
        layer.forward(call, &Pass::inference(1), &input, &mut expected, memory);
        let mut state = vec![0.0; sizes.state];
        let steps = input.chunks_exact(call.input.last()).zip(expected.chunks_exact(call.output.last()));
        for (position, (input, expected)) in steps.enumerate() {
            let mut output = vec![f64::NAN; expected.len()];
            let mut scratch = vec![f64::NAN; sizes.step];
            layer.step(call, position, input, &mut state, &mut output, &mut scratch);
            assert_near(&output, expected);
        }
    }

    macro_rules! agree {
        ($($layer:ty, $config:expr, $input:expr, $function:ident $(, $tape:ident)?;)*) => {$({
            let (config, input) = ($config, Shape::new(&$input));
            let output = config.out_shape(input).expect("a shape that the layer takes");
            let call = Call::new(config, input, output, 3).with_activation(Activation::$function);
            let tape = [0 $(, config.$tape(input))?].into_iter().sum();
            let (forward, step) = (config.forward_scratch(input, 1), config.step_scratch(input));
            agrees::<$layer>(&call, &Sizes { state: config.state(input), forward, step, tape });
        })*};
    }

    #[test]
    fn a_step_of_a_convolution_is_that_of_the_sequence() {
        let conv = |filters, kernel, dilation, groups| {
            let (stride, padding, bias) = (1, Causal, true);
            spec::Conv1d { filters, kernel, stride, padding, bias, dilation, groups }
        };
        agree! {
            Conv1d<1, 1, 1, f64>, conv(1, 1, 1, 1), [3, 1], Identity;
            Conv1d<3, 2, 4, f64>, conv(4, 3, 1, 1), [7, 2], Relu;
            Conv1d<2, 3, 17, f64>, conv(17, 2, 4, 1), [11, 3], Tanh;
            Conv1d<5, 8, 3, f64>, conv(3, 5, 3, 1), [40, 8], Identity;
            Conv1d<1, 4, 2, f64>, conv(2, 1, 3, 1), [5, 4], Identity;
            // Longer than the sequence.
            Conv1d<9, 2, 3, f64>, conv(3, 9, 2, 1), [4, 2], Relu;
            Conv1d<7, 16, 8, f64>, conv(8, 7, 1, 1), [1, 16], Identity;
            Conv1d<3, 1, 6, f64>, conv(6, 3, 1, 3), [6, 3], Identity;
            Conv1d<4, 2, 4, f64>, conv(4, 4, 2, 2), [10, 4], Tanh;
            Conv1d<3, 2, 4, f64, [f64; 0]>, spec::Conv1d { bias: false, ..conv(4, 3, 2, 1) }, [9, 2], Relu;
        }
    }

    #[test]
    fn a_step_of_each_channel_is_that_of_the_sequence() {
        use DepthwiseConv1d as Conv;
        let conv = |kernel, multiplier, dilation| {
            let (stride, padding, bias) = (1, Causal, true);
            spec::DepthwiseConv1d { kernel, multiplier, stride, padding, bias, dilation }
        };
        agree! {
            Conv<1, 1, 1, f64>, conv(1, 1, 1), [3, 1], Identity;
            Conv<3, 5, 1, f64>, conv(3, 1, 1), [7, 5], Relu;
            Conv<2, 3, 4, f64>, conv(2, 4, 4), [11, 3], Tanh;
            Conv<5, 17, 2, f64>, conv(5, 2, 3), [20, 17], Identity;
            Conv<9, 2, 3, f64>, conv(9, 3, 2), [4, 2], Relu;
            Conv<4, 8, 1, f64, [f64; 0]>, spec::DepthwiseConv1d { bias: false, ..conv(4, 1, 2) }, [9, 8], Identity;
        }
    }

    #[test]
    fn a_step_of_both_halves_is_that_of_the_sequence() {
        use SeparableConv1d as Conv;
        let conv = |filters, kernel, multiplier, dilation| {
            let (stride, padding, bias) = (1, Causal, true);
            spec::SeparableConv1d { filters, kernel, stride, padding, bias, multiplier, dilation }
        };
        agree! {
            Conv<1, 1, 1, 1, f64>, conv(1, 1, 1, 1), [3, 1], Identity, tape;
            Conv<3, 5, 1, 4, f64>, conv(4, 3, 1, 1), [7, 5], Relu, tape;
            Conv<2, 3, 4, 17, f64>, conv(17, 2, 4, 4), [11, 3], Tanh, tape;
            Conv<9, 2, 3, 5, f64>, conv(5, 9, 3, 2), [4, 2], Identity, tape;
            Conv<4, 8, 1, 3, f64, [f64; 0]>, spec::SeparableConv1d { bias: false, ..conv(3, 4, 1, 2) }, [9, 8], Relu, tape;
        }
    }
}
