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
use memory::{FEWEST_USES, Run};
use through_time::{Gradients, Parameters, backward, forward, step};

use super::dropout::steps;
use crate::init::Initializer;
use crate::kernels::{forward_scratch, gemm_scratch, packed_len};
use crate::layer::{Activations, Call, Layer, Memory, Pass, Streamed};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role, Torch};

macro_rules! recurrent {
    ($(#[$meta:meta])* $name:ident, $cell:ident, $gates:literal $(, $second:ident)?) => {
        recurrent! { @layer [false, false] $(#[$meta])* $name, $cell, $gates $(, $second)? }

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
    };
    (@layer [$starts:literal, $ends:literal] $(#[$meta:meta])* $name:ident, $cell:ident, $gates:literal $(, $second:ident)?) => {
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
                let plain = call.config.plain();
                let (last, reverse, masked) = (plain.last, plain.reverse, plain.masked);
                let rates = [plain.dropout, plain.recurrent_dropout];
                let (time, gates) = (call.config.sequence(call.input).rows(), $gates * UNITS);
                Run {
                    samples: pass.samples,
                    time,
                    features: IN,
                    units: UNITS,
                    gates,
                    last,
                    starts: $starts,
                    ends: $ends,
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

        impl spec::$name {
            /// Elements of scratch memory: for the largest of the matrix products, and for both weights packed where there
            /// are steps enough.
            pub const fn scratch(&self, input: Shape) -> usize {
                let (gates, features) = ($gates * self.units, self.sequence(input).last());
                let widest = if gates > features { gates } else { features };
                if self.sequence(input).rows() < FEWEST_USES {
                    return gemm_scratch(usize::MAX, widest);
                }
                let forward = packed_len(self.units, gates) + packed_len(features, gates);
                let backward = packed_len(gates, self.units) + packed_len(gates, features);
                gemm_scratch(usize::MAX, widest) + if forward > backward { forward } else { backward }
            }

            /// The same for predictions of so many samples: one alone does not make up for packed weights.
            pub const fn forward_scratch(&self, input: Shape, samples: usize) -> usize {
                let (gates, features) = ($gates * self.units, self.sequence(input).last());
                let (deepest, rows) = (if features > self.units { features } else { self.units }, self.sequence(input).rows());
                let is_packed = samples > 1 && rows >= FEWEST_USES;
                let packed = if is_packed { packed_len(self.units, gates) + packed_len(features, gates) } else { 0 };
                forward_scratch(samples.saturating_mul(rows), deepest, gates) + packed
            }

            /// The same for a step of a stream.
            pub const fn step_scratch(&self, input: Shape) -> usize {
                let features = self.sequence(input).last();
                forward_scratch(1, if features > self.units { features } else { self.units }, $gates * self.units)
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

recurrent! {
    @layer [true, false]
    /// [`Rnn`] from a state that is given: `h_0` is the second value.
    ///
    /// In `network!`: `(x, state) -> RnnFrom(units, reverse = false, masked = false, dropout = 0.0, recurrent_dropout = 0.0)`, with
    /// `x` of `[time, features]` and `state` of `[units]`; `[time, units]` comes out. The state may be a value of any kind: what
    /// `Rnn(units, last = true)` gives of another sequence, or a `Dense` layer of a picture. The gradient flows into it. The two
    /// are joined, the steps one behind the other and the state behind them: of one value,
    /// `joined -> RnnFrom(units, features)` says how many features a step has.
    RnnFrom, Plain, 1
}
recurrent! {
    @layer [true, false]
    /// [`Lstm`] from states that are given: the second value is `h_0` and behind it `c_0`, as [`LstmState`] gives them.
    ///
    /// In `network!`: `(x, states) -> LstmFrom(units, ..)`, with `states` of `[2 * units]`, else as [`RnnFrom`]. The decoder of a
    /// translator (Sutskever et al., 2014) is `(said, source -> LstmState(64)) -> LstmFrom(64)`.
    LstmFrom, LongShortTerm, 4
}
recurrent! {
    @layer [true, false]
    /// [`Gru`] from a state that is given, as [`RnnFrom`]. In `network!`: `(x, state) -> GruFrom(units, ..)`.
    GruFrom, Gated, 3, recurrent_bias
}
recurrent! {
    @layer [false, true]
    /// Both states of an [`Lstm`] after the last step: `h` and behind it `c`.
    ///
    /// In `network!`: `LstmState(units, reverse = false, masked = false, dropout = 0.0, recurrent_dropout = 0.0)`;
    /// `[time, IN]` becomes `[2 * UNITS]`. Those of `Rnn` and `Gru` are what these give with `last = true`.
    LstmState, LongShortTerm, 4
}

#[cfg(all(test, feature = "alloc"))]
mod tests;
