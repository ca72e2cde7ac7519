use core::ops::Range;

use crate::init::Initializer;
use crate::kernels::{
    Epilogue, Matrix, Store, add_column_sums, gemm, gemm_scratch, gru_step, gru_step_backward, lstm_step,
    lstm_step_backward, rnn_step, rnn_step_backward,
};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Activation, Shape};
use crate::tensors::{Part, Role};

/// What the gates of one step of time make of the states, for all samples of a tile.
trait Cell<T> {
    /// Whether there is a second state beside the output.
    const HAS_CELL: bool;
    /// Whether what comes from the state is kept apart from what comes from the input.
    const SPLITS: bool;

    fn forward(units: usize, step: Step<'_, T>);

    /// Leaves the gradients of the gates' arguments in their places, and in `d_hidden` what the state before has of it
    /// directly.
    fn backward(units: usize, step: StepBackward<'_, T>);
}

/// One step forward.
struct Step<'m, T> {
    gates: &'m mut [T],
    recurrent: &'m [T],
    /// The state before, and room for the one after.
    hidden: [&'m mut [T]; 2],
    cell: [&'m mut [T]; 2],
}

/// One step backward.
struct StepBackward<'m, T> {
    gates: &'m mut [T],
    recurrent: &'m mut [T],
    /// The states before and after.
    hidden: [&'m [T]; 2],
    cell: [&'m [T]; 2],
    d_hidden: &'m mut [T],
    d_cell: &'m mut [T],
}

/// `h = tanh(a)`
struct Plain;

impl<T: Scalar> Cell<T> for Plain {
    const HAS_CELL: bool = false;
    const SPLITS: bool = false;

    fn forward(_units: usize, step: Step<'_, T>) {
        let [_, after] = step.hidden;
        rnn_step(step.gates, after);
    }

    fn backward(_units: usize, step: StepBackward<'_, T>) {
        rnn_step_backward(step.hidden[1], step.d_hidden, step.gates);
    }
}

struct LongShortTerm;

impl<T: Scalar> Cell<T> for LongShortTerm {
    const HAS_CELL: bool = true;
    const SPLITS: bool = false;

    fn forward(units: usize, step: Step<'_, T>) {
        let ([_, hidden], [before, after]) = (step.hidden, step.cell);
        lstm_step(units, step.gates, before, after, hidden);
    }

    fn backward(units: usize, step: StepBackward<'_, T>) {
        let [before, after] = step.cell;
        lstm_step_backward(units, step.gates, before, after, step.d_cell, step.d_hidden);
    }
}

struct Gated;

impl<T: Scalar> Cell<T> for Gated {
    const HAS_CELL: bool = false;
    const SPLITS: bool = true;

    fn forward(units: usize, step: Step<'_, T>) {
        let [before, after] = step.hidden;
        gru_step(units, step.gates, step.recurrent, before, after);
    }

    fn backward(units: usize, step: StepBackward<'_, T>) {
        gru_step_backward(units, step.gates, step.recurrent, step.hidden[0], step.d_hidden);
    }
}

/// The sizes of a run through time. In the layer's memory all steps of a kind lie one behind the other, each with all
/// samples: `[time, samples, ..]`, in the order in which they are visited.
#[derive(Clone, Copy)]
struct Run {
    samples: usize,
    time: usize,
    features: usize,
    units: usize,
    gates: usize,
    last: bool,
    reverse: bool,
}

/// A layer's memory.
struct Buffers<'m, T> {
    inputs: &'m mut [T],
    /// The arguments of gates, then their values, then gradients of the arguments.
    gates: &'m mut [T],
    /// What the states give to the arguments, where that is kept apart, then its gradients.
    recurrent: &'m mut [T],
    /// The states before the first step, and after each.
    hidden: &'m mut [T],
    cell: &'m mut [T],
    d_hidden: &'m mut [T],
    d_cell: &'m mut [T],
}

impl Run {
    fn buffers<'m, T, C: Cell<T>>(&self, tape: &'m mut [T]) -> Buffers<'m, T> {
        let Self { samples, time, features, units, gates, .. } = *self;
        let of = |is_there: bool, len: usize| if is_there { len * samples } else { 0 };
        let (inputs, rest) = tape.split_at_mut(time * features * samples);
        let (all_gates, rest) = rest.split_at_mut(time * gates * samples);
        let (recurrent, rest) = rest.split_at_mut(of(C::SPLITS, time * gates));
        let (hidden, rest) = rest.split_at_mut((time + 1) * units * samples);
        let (cell, rest) = rest.split_at_mut(of(C::HAS_CELL, (time + 1) * units));
        let (d_hidden, rest) = rest.split_at_mut(units * samples);
        let d_cell = &mut rest[..of(C::HAS_CELL, units)];
        Buffers { inputs, gates: all_gates, recurrent, hidden, cell, d_hidden, d_cell }
    }

    /// The step of time that is visited as number `step`.
    fn moment(&self, step: usize) -> usize {
        if self.reverse { self.time - 1 - step } else { step }
    }

    /// Where a step's vector of a sample lies, in the sample's own order and in that of the visit.
    fn places(&self, step: usize, sample: usize, width: usize) -> [Range<usize>; 2] {
        let [own, visited] = [sample * self.time + self.moment(step), step * self.samples + sample];
        [own, visited].map(|row| row * width..(row + 1) * width)
    }

    /// The step's part of a buffer.
    fn part(&self, step: usize, width: usize) -> Range<usize> {
        step * self.samples * width..(step + 1) * self.samples * width
    }

    fn all_places(self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.time).flat_map(move |step| (0..self.samples).map(move |sample| (step, sample)))
    }

    /// Which outputs come from the state after a step: of each sample its row in the output, and in that state.
    fn outputs(self, step: usize) -> impl Iterator<Item = [Range<usize>; 2]> {
        let is_out = !self.last || step + 1 == self.time;
        let samples = if is_out { self.samples } else { 0 };
        (0..samples).map(move |sample| {
            let row = if self.last { sample } else { sample * self.time + self.moment(step) };
            [row, sample].map(|row| row * self.units..(row + 1) * self.units)
        })
    }
}

/// The parameters as matrices: `[features, gates]`, `[units, gates]`, `[gates]`, and the second bias or nothing.
struct Parameters<'p, T> {
    weight: &'p [T],
    recurrent: &'p [T],
    bias: &'p [T],
    recurrent_bias: &'p [T],
}

/// Their gradients.
struct Gradients<'p, T> {
    weight: &'p mut [T],
    recurrent: &'p mut [T],
    bias: &'p mut [T],
    recurrent_bias: &'p mut [T],
}

fn forward<T: Scalar, C: Cell<T>>(
    run: Run,
    parameters: &Parameters<'_, T>,
    input: &[T],
    output: &mut [T],
    memory: Memory<'_, T>,
) {
    let Run { samples, time, features, units, gates, .. } = run;
    let scratch = memory.scratch;
    let buffers = run.buffers::<T, C>(memory.tape);
    for (step, sample) in run.all_places() {
        let [from, to] = run.places(step, sample, features);
        buffers.inputs[to].copy_from_slice(&input[from]);
    }
    let (inputs, weight) = (Matrix::rows(&*buffers.inputs, features), Matrix::rows(parameters.weight, gates));
    let bias = |bias| Epilogue { bias, activation: Activation::Identity };
    let shape = [time * samples, gates, features];
    gemm(shape, inputs, weight, buffers.gates, Store::Overwrite, bias(parameters.bias), scratch);
    buffers.hidden[..units * samples].fill(T::zero());
    buffers.cell.iter_mut().take(units * samples).for_each(|cell| *cell = T::zero());
    let recurrent = Matrix::rows(parameters.recurrent, gates);
    for step in 0..time {
        let hidden = before_and_after(buffers.hidden, step, units * samples);
        let gates_of_step = &mut buffers.gates[run.part(step, gates)];
        let mut from_state: &mut [T] = &mut [];
        let (state, shape) = (Matrix::rows(&*hidden[0], units), [samples, gates, units]);
        if C::SPLITS {
            from_state = &mut buffers.recurrent[run.part(step, gates)];
            let bias = bias(parameters.recurrent_bias);
            gemm(shape, state, recurrent, from_state, Store::Overwrite, bias, scratch);
        } else if step > 0 {
            gemm(shape, state, recurrent, gates_of_step, Store::Accumulate, Epilogue::NONE, scratch);
        }
        let cell = match C::HAS_CELL {
            true => before_and_after(buffers.cell, step, units * samples),
            false => [&mut [][..], &mut [][..]],
        };
        C::forward(units, Step { gates: gates_of_step, recurrent: from_state, hidden, cell });
        let after = &buffers.hidden[run.part(step + 1, units)];
        run.outputs(step).for_each(|[to, from]| output[to].copy_from_slice(&after[from]));
    }
}

/// Two neighbouring states.
fn before_and_after<T>(states: &mut [T], step: usize, len: usize) -> [&mut [T]; 2] {
    let (before, after) = states[step * len..][..2 * len].split_at_mut(len);
    [before, after]
}

fn backward<T: Scalar, C: Cell<T>>(
    run: Run,
    parameters: &Parameters<'_, T>,
    d_output: &[T],
    d_input: Option<&mut [T]>,
    gradient: Option<Gradients<'_, T>>,
    memory: Memory<'_, T>,
) {
    let Run { samples, time, features, units, gates, .. } = run;
    let scratch = memory.scratch;
    let buffers = run.buffers::<T, C>(memory.tape);
    buffers.d_hidden.fill(T::zero());
    buffers.d_cell.fill(T::zero());
    let recurrent = Matrix::rows(parameters.recurrent, gates).transposed();
    for step in (0..time).rev() {
        for [from, to] in run.outputs(step) {
            buffers.d_hidden[to].iter_mut().zip(&d_output[from]).for_each(|(sum, &d)| *sum += d);
        }
        let states = |buffer: &'_ [T], is_there: bool| -> [Range<usize>; 2] {
            let _ = buffer;
            if is_there { [run.part(step, units), run.part(step + 1, units)] } else { [0..0, 0..0] }
        };
        let [hidden, cell] = [states(buffers.hidden, true), states(buffers.cell, C::HAS_CELL)];
        let gates_of_step = &mut buffers.gates[run.part(step, gates)];
        let from_state: &mut [T] = match C::SPLITS {
            true => &mut buffers.recurrent[run.part(step, gates)],
            false => &mut [],
        };
        let step_backward = StepBackward {
            gates: &mut *gates_of_step,
            recurrent: &mut *from_state,
            hidden: hidden.map(|range| &buffers.hidden[range]),
            cell: cell.map(|range| &buffers.cell[range]),
            d_hidden: &mut *buffers.d_hidden,
            d_cell: &mut *buffers.d_cell,
        };
        C::backward(units, step_backward);
        if step > 0 {
            let d = Matrix::rows(if C::SPLITS { &*from_state } else { &*gates_of_step }, gates);
            let shape = [samples, units, gates];
            gemm(shape, d, recurrent, buffers.d_hidden, Store::Accumulate, Epilogue::NONE, scratch);
        }
    }
    let d_gates = &*buffers.gates;
    let d_recurrent = if C::SPLITS { &*buffers.recurrent } else { d_gates };
    let rows = time * samples;
    if let Some(gradient) = gradient {
        let sums = |shape, left: Matrix<'_, T>, right: &[T], to: &mut [T], scratch: &mut [T]| {
            let right = Matrix::rows(right, gates);
            gemm(shape, left.transposed(), right, to, Store::Accumulate, Epilogue::NONE, scratch);
        };
        let (inputs, states) = (Matrix::rows(&*buffers.inputs, features), Matrix::rows(&*buffers.hidden, units));
        sums([features, gates, rows], inputs, d_gates, gradient.weight, scratch);
        sums([units, gates, rows], states, d_recurrent, gradient.recurrent, scratch);
        add_column_sums(gates, d_gates, gradient.bias);
        if C::SPLITS {
            add_column_sums(gates, d_recurrent, gradient.recurrent_bias);
        }
    }
    if let Some(d_input) = d_input {
        let weight = Matrix::rows(parameters.weight, gates).transposed();
        let shape = [rows, features, gates];
        let d_gates = Matrix::rows(d_gates, gates);
        gemm(shape, d_gates, weight, buffers.inputs, Store::Overwrite, Epilogue::NONE, scratch);
        for (step, sample) in run.all_places() {
            let [to, from] = run.places(step, sample, features);
            d_input[to].copy_from_slice(&buffers.inputs[from]);
        }
    }
}

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
                let spec::$name { last, reverse, .. } = call.config;
                let (time, gates) = (call.input.rows(), $gates * UNITS);
                Run { samples: pass.samples, time, features: IN, units: UNITS, gates, last, reverse }
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

            const PARTS: &'static [Part] = &[
                Part::tensor("weight", Shape::new(&[IN, $gates, UNITS]), Role::Weight),
                Part::tensor("recurrent", Shape::new(&[UNITS, $gates, UNITS]), Role::Weight),
                Part::tensor("bias", Shape::new(&[$gates, UNITS]), Role::Bias),
                $(Part::tensor(stringify!($second), Shape::new(&[$gates, UNITS]), Role::Bias),)?
            ];

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
                forward::<T, $cell>(Self::run(call, pass), &self.parameters(), input, output, memory);
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
                backward::<T, $cell>(Self::run(call, pass), &self.parameters(), d_output, d_input, gradient, memory);
            }
        }

        impl spec::$name {
            /// Elements of scratch memory: for the largest of the matrix products.
            pub const fn scratch(&self, input: Shape) -> usize {
                let gates = $gates * self.units;
                let widest = if gates > input.last() { gates } else { input.last() };
                gemm_scratch(usize::MAX, widest)
            }
        }
    };
}

recurrent! {
    /// The simple recurrent layer (Elman, 1990): `h_t = tanh(x_t · W + h_{t-1} · U + b)`, with `h_0 = 0`.
    ///
    /// In `network!`: `Rnn(units, last = false, reverse = false)`; `[time, IN]` becomes `[time, UNITS]`, or `[UNITS]` with
    /// `last = true`. As Keras' `SimpleRNN`, and PyTorch's `RNN` with the two biases added up. The weights start as
    /// those of [`Lstm`].
    Rnn, Plain, 1
}
recurrent! {
    /// Long short-term memory (Hochreiter and Schmidhuber, 1997; with the forget gate of Gers et al., 2000). With
    /// `i, f, o = σ(..)` and `g = tanh(..)` of `x_t · W + h_{t-1} · U + b`, in the order `i, f, g, o`:
    /// `c_t = f · c_{t-1} + i · g` and `h_t = o · tanh(c_t)`, from `h_0 = c_0 = 0`.
    ///
    /// In `network!`: `Lstm(units, last = false, reverse = false)`; `[time, IN]` becomes `[time, UNITS]`, or `[UNITS]` with
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
    /// In `network!`: `Gru(units, last = false, reverse = false)`; `[time, IN]` becomes `[time, UNITS]`, or `[UNITS]` with
    /// `last = true`. The weights start as those of [`Lstm`], all biases with zero.
    Gru, Gated, 3, recurrent_bias
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{call, laws};

    macro_rules! with_memory {
        ($name:ident $arguments:tt, $input:expr, $samples:expr) => {{
            let call = call!($name $arguments, $input);
            laws!($name $arguments, $input, $samples)
                .tape(call.config.tape(call.input))
                .scratch(call.config.scratch(call.input))
        }};
    }

    macro_rules! recurrent_laws {
        ($($test:ident: $name:ident;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name<1, 1, _>, with_memory!($name { units: 1, last: false, reverse: false }, [1, 1], 1);
                    $name<3, 2, _>, with_memory!($name { units: 2, last: false, reverse: false }, [1, 3], 2);
                    $name<3, 2, _>, with_memory!($name { units: 2, last: false, reverse: false }, [4, 3], 1);
                    $name<2, 5, _>, with_memory!($name { units: 5, last: false, reverse: false }, [5, 2], 3);
                    $name<2, 5, _>, with_memory!($name { units: 5, last: true, reverse: false }, [5, 2], 3);
                    $name<2, 3, _>, with_memory!($name { units: 3, last: false, reverse: true }, [4, 2], 3);
                    $name<2, 3, _>, with_memory!($name { units: 3, last: true, reverse: true }, [4, 2], 3);
                    $name<7, 9, _>, with_memory!($name { units: 9, last: true, reverse: false }, [3, 7], 2);
                }
            }
        )*};
    }

    recurrent_laws! {
        rnn_laws: Rnn;
        lstm_laws: Lstm;
        gru_laws: Gru;
    }
}
