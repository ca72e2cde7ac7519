//! Recurrent layers. `cell` says what they differ in, `memory` where their values lie, `through_time` goes forward and
//! back.
//!
//! What they have in common:
//!
//! - **`last = true`** gives the state after the last step alone, `reverse = true` reads from the last step to the first.
//! - **`masked = true`** passes over steps whose features are all zero, such as those that `Embedding(.., padding = 0)` makes of
//!   padding: the state stays as it is, and is repeated in the output. As Keras' `Masking(0.0)` does.
//! - **`dropout`** drops features of the input, **`recurrent_dropout`** units of the state before it is multiplied with `U`: the
//!   same ones at every step of a sample (Gal and Ghahramani, "A Theoretically Grounded Application of Dropout in
//!   Recurrent Neural Networks", 2016), as Keras' arguments of these names.
//! - Step by step they keep their state in a [`Stream`](crate::predict::Stream).

mod cell;
mod memory;
mod through_time;

use cell::{Gated, LongShortTerm, Plain};
use memory::Run;
use through_time::{Gradients, Parameters, backward, forward, step};

use super::dropout::steps;
use crate::init::Initializer;
use crate::kernels::{gemm_scratch, packed_len};
use crate::layer::{Activations, Call, Layer, Memory, Pass, Streamed};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

macro_rules! recurrent {
    ($(#[$meta:meta])* $name:ident, $cell:ident, $gates:literal $(, $second:ident)?) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name<const IN: usize, const UNITS: usize, T = f32> {
            /// `[IN, gates, UNITS]`: what the input adds to each gate.
            pub weight: [[[T; UNITS]; $gates]; IN],
            /// `[UNITS, gates, UNITS]`: what the state before adds.
            pub recurrent: [[[T; UNITS]; $gates]; UNITS],
            /// `[gates, UNITS]`
            pub bias: [[T; UNITS]; $gates],
            $(
                /// `[gates, UNITS]`: added to what the state before adds.
                pub $second: [[T; UNITS]; $gates],
            )?
        }

        crate::plain! {
            impl[const IN: usize, const UNITS: usize, T] $name<IN, UNITS, T> {
                weight: [[[T; UNITS]; $gates]; IN],
                recurrent: [[[T; UNITS]; $gates]; UNITS],
                bias: [[T; UNITS]; $gates]
                $(, $second: [[T; UNITS]; $gates])?
            }
        }

        impl<const IN: usize, const UNITS: usize, T: Scalar> $name<IN, UNITS, T> {
            fn run(call: &Call<spec::$name>, pass: &Pass) -> Run {
                let spec::$name { last, reverse, masked, dropout, recurrent_dropout, .. } = call.config;
                let (time, gates, rates) = (call.input.rows(), $gates * UNITS, [dropout, recurrent_dropout]);
                Run {
                    samples: pass.samples,
                    time,
                    features: IN,
                    units: UNITS,
                    gates,
                    last,
                    reverse,
                    masked,
                    drops: rates.map(|rate| rate > 0.0),
                    rates: rates.map(|rate| if pass.is_training() { steps(rate) } else { 0 }),
                }
            }

            fn parameters(&self) -> Parameters<'_, T> {
                #[allow(unused_mut, unused_assignments)]
                let mut recurrent_bias: &[T] = &[];
                $(recurrent_bias = self.$second.as_flattened();)?
                Parameters {
                    weight: self.weight.as_flattened().as_flattened(),
                    recurrent: self.recurrent.as_flattened().as_flattened(),
                    bias: self.bias.as_flattened(),
                    recurrent_bias,
                }
            }
        }

        impl<const IN: usize, const UNITS: usize, T: Scalar> Layer<T> for $name<IN, UNITS, T> {
            type Config = spec::$name;
            type Gradient = Self;

            const PARTS: &'static [Part] = {
                // Two biases there are one here, where nothing comes between them.
                const SECOND: &[&str] = &[$(stringify!($second))?];
                const IS_SPLIT: bool = !SECOND.is_empty();
                &[
                Part::tensor("weight", Shape::new(&[IN, $gates, UNITS]), Role::Weight).torch(Torch::SAME.called(&["weight_ih_l0"]).axes(&[2, 0, 1]).merged(&[2, 1])),
                Part::tensor("recurrent", Shape::new(&[UNITS, $gates, UNITS]), Role::Weight).torch(Torch::SAME.called(&["weight_hh_l0"]).axes(&[2, 0, 1]).merged(&[2, 1])),
                Part::tensor("bias", Shape::new(&[$gates, UNITS]), Role::Bias).torch(Torch::SAME.called(if IS_SPLIT { &["bias_ih_l0"] } else { &["bias_ih_l0", "bias_hh_l0"] }).merged(&[2])),
                $(Part::tensor(stringify!($second), Shape::new(&[$gates, UNITS]), Role::Bias).torch(Torch::SAME.called(&["bias_hh_l0"]).merged(&[2])),)?
                ]
            };

            fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
                let weight = self.weight.as_flattened_mut().as_flattened_mut();
                Initializer::GlorotUniform.fill(weight, Shape::new(&[IN, $gates * UNITS]), random);
                let recurrent = self.recurrent.as_flattened_mut().as_flattened_mut();
                Initializer::Orthogonal.fill(recurrent, Shape::new(&[UNITS, $gates * UNITS]), random);
                if let [_, forget, _, _] = &mut self.bias[..] {
                    forget.fill(T::one());
                }
            }

            fn forward(
                &self,
                call: &Call<Self::Config>,
                pass: &Pass,
                input: &[T],
                output: &mut [T],
                memory: Memory<'_, T>,
            ) {
                let noise = pass.nested(call.index);
                let memory = [memory.tape, memory.scratch];
                forward::<T, $cell>(Self::run(call, pass), &self.parameters(), &noise, input, output, memory);
            }

            fn backward(
                &self,
                call: &Call<Self::Config>,
                pass: &Pass,
                _values: Activations<'_, T>,
                d_output: &mut [T],
                d_input: Option<&mut [T]>,
                gradient: Option<&mut Self::Gradient>,
                memory: Memory<'_, T>,
            ) {
                let gradient = gradient.map(|gradient| {
                    #[allow(unused_mut, unused_assignments)]
                    let mut recurrent_bias: &mut [T] = &mut [];
                    $(recurrent_bias = gradient.$second.as_flattened_mut();)?
                    Gradients {
                        weight: gradient.weight.as_flattened_mut().as_flattened_mut(),
                        recurrent: gradient.recurrent.as_flattened_mut().as_flattened_mut(),
                        bias: gradient.bias.as_flattened_mut(),
                        recurrent_bias,
                    }
                });
                let memory = [memory.tape, memory.scratch];
                backward::<T, $cell>(Self::run(call, pass), &self.parameters(), d_output, d_input, gradient, memory);
            }
        }

        impl<const IN: usize, const UNITS: usize, T: Scalar> Streamed<T> for $name<IN, UNITS, T> {
            fn step(
                &self,
                call: &Call<Self::Config>,
                _position: usize,
                input: &[T],
                state: &mut [T],
                output: &mut [T],
                scratch: &mut [T],
            ) {
                let run = Run { time: 1, ..Self::run(call, &Pass::inference(1)) };
                step::<T, $cell>(run, &self.parameters(), input, output, [state, scratch]);
            }
        }

        impl spec::$name {
            /// Elements of scratch memory: for the largest of the matrix products, and for a packed weight.
            pub const fn scratch(&self, input: Shape) -> usize {
                let gates = $gates * self.units;
                let widest = if gates > input.last() { gates } else { input.last() };
                let [forward, backward] = [packed_len(self.units, gates), packed_len(gates, self.units)];
                gemm_scratch(usize::MAX, widest) + if forward > backward { forward } else { backward }
            }
        }
    };
}

recurrent! {
    /// The simple recurrent layer (Elman, 1990): `h_t = tanh(x_t · W + h_{t-1} · U + b)`, with `h_0 = 0`.
    ///
    /// In `network!`: `Rnn(units, last = false, reverse = false, masked = false, dropout = 0.0, recurrent_dropout = 0.0)`;
    /// `[time, IN]` becomes `[time, UNITS]`, or `[UNITS]` with
    /// `last = true`. As Keras' `SimpleRNN`, and PyTorch's `RNN` with the two biases added up. The weights start as
    /// those of [`Lstm`].
    Rnn, Plain, 1
}
recurrent! {
    /// Long short-term memory (Hochreiter and Schmidhuber, 1997; with the forget gate of Gers et al., 2000). With
    /// `i, f, o = σ(..)` and `g = tanh(..)` of `x_t · W + h_{t-1} · U + b`, in the order `i, f, g, o`:
    /// `c_t = f · c_{t-1} + i · g` and `h_t = o · tanh(c_t)`, from `h_0 = c_0 = 0`.
    ///
    /// In `network!`: `Lstm(units, last = false, reverse = false, masked = false, dropout = 0.0, recurrent_dropout = 0.0)`;
    /// `[time, IN]` becomes `[time, UNITS]`, or `[UNITS]` with
    /// `last = true`. `concat(x -> Lstm(64), x -> Lstm(64, reverse = true))` reads a sequence both ways.
    ///
    /// As Keras' `LSTM`, and PyTorch's with the two biases added up. `W` starts with the uniform distribution of Glorot and
    /// Bengio, `U` orthogonal, the bias zero, but for the forget gate 1 (Jozefowicz et al., 2015), as in Keras.
    Lstm, LongShortTerm, 4
}
recurrent! {
    /// Gated recurrent unit (Cho et al., 2014), in the form of PyTorch's `GRU` and of Keras' with `reset_after`: with
    /// `r, z = σ(..)` of `x_t · W + b + h_{t-1} · U + b'`, and `n = tanh(x_t · W + b + r · (h_{t-1} · U + b'))`, in the order
    /// `r, z, n`: `h_t = (1 - z) · n + z · h_{t-1}`, from `h_0 = 0`.
    ///
    /// In `network!`: `Gru(units, last = false, reverse = false, masked = false, dropout = 0.0, recurrent_dropout = 0.0)`;
    /// `[time, IN]` becomes `[time, UNITS]`, or `[UNITS]` with
    /// `last = true`. The weights start as those of [`Lstm`], all biases with zero.
    Gru, Gated, 3, recurrent_bias
}

#[cfg(all(test, feature = "alloc"))]
mod tests;
