//! A run through time: the products of some steps at once where that can be, and of one step after the other else.

use core::ops::Range;

use super::cell::{Cell, Step, StepBackward};
use super::memory::{Buffers, FEWEST_USES, Run};
use crate::kernels::{
    Epilogue, Matrix, Store, add_column_sums, drop_and_scale, gemm, gemm_packed, pack_right, packed_len,
};
use crate::layer::Pass;
use crate::layers::dropout::kept_factor;
use crate::scalar::Scalar;
use crate::spec::Activation;

/// The parameters as matrices: `[features, gates]`, `[units, gates]`, `[gates]`, and the second bias or nothing.
pub(super) struct Parameters<'p, T> {
    pub(super) weight: &'p [T],
    pub(super) recurrent: &'p [T],
    pub(super) bias: &'p [T],
    pub(super) recurrent_bias: &'p [T],
}

/// Their gradients.
pub(super) struct Gradients<'p, T> {
    pub(super) weight: &'p mut [T],
    pub(super) recurrent: &'p mut [T],
    pub(super) bias: &'p mut [T],
    pub(super) recurrent_bias: &'p mut [T],
}

/// All steps, from states of zero or those that come in.
pub(super) fn forward<T: Scalar, C: Cell<T>>(
    run: Run,
    parameters: &Parameters<'_, T>,
    pass: &Pass,
    input: &[T],
    output: &mut [T],
    [tape, scratch]: [&mut [T]; 2],
) {
    let mut buffers = run.buffers::<T, C>(tape);
    let states = run.samples * run.units;
    buffers.hidden[..states].fill(T::zero());
    buffers.cell.iter_mut().take(states).for_each(|cell| *cell = T::zero());
    for [hidden, cell, to] in run.starts::<T, C>() {
        buffers.hidden[to.clone()].copy_from_slice(&input[hidden]);
        if C::HAS_CELL {
            buffers.cell[to].copy_from_slice(&input[cell]);
        }
    }
    run.draw(pass, &mut buffers);
    run.take_in::<T, C>(input, &mut buffers);
    run.advance::<T, C>(parameters, &mut buffers, output, scratch);
}

/// One step of one sample, from the state that the step before has left.
pub(super) fn step<T: Scalar, C: Cell<T>>(
    run: Run,
    parameters: &Parameters<'_, T>,
    input: &[T],
    output: &mut [T],
    [state, scratch]: [&mut [T]; 2],
) {
    let mut buffers = run.buffers::<T, C>(state);
    run.take_in::<T, C>(input, &mut buffers);
    run.advance::<T, C>(parameters, &mut buffers, output, scratch);
    for states in [buffers.hidden, buffers.cell] {
        let half = states.len() / 2;
        states.copy_within(half.., 0);
    }
}

/// Two neighbouring states, of some samples.
fn before_and_after<T>(states: &mut [T], step: usize, len: usize, samples: Range<usize>) -> [&mut [T]; 2] {
    if states.is_empty() {
        return [&mut [], &mut []];
    }
    let (before, after) = states[step * len..][..2 * len].split_at_mut(len);
    [&mut before[samples.clone()], &mut after[samples]]
}

fn scaled(range: &Range<usize>, width: usize) -> Range<usize> {
    range.start * width..range.end * width
}

fn multiply<T: Scalar>(values: &mut [T], factors: &[T]) {
    values.iter_mut().zip(factors).for_each(|(value, &factor)| *value *= factor);
}

impl Run {
    /// Draws what dropout keeps: for each sample the same inputs and states at every step (Gal and Ghahramani, 2016).
    fn draw<T: Scalar>(&self, pass: &Pass, buffers: &mut Buffers<'_, T>) {
        let kept = [(&mut *buffers.kept_inputs, self.features), (&mut *buffers.kept_states, self.units)];
        for (kind, ((kept, width), dropped)) in kept.into_iter().zip(self.rates).enumerate() {
            kept.fill(T::one());
            if dropped > 0 {
                for (sample, kept) in kept.chunks_exact_mut(width).enumerate() {
                    drop_and_scale(pass.noise(kind as u32, sample), dropped, T::of(kept_factor(dropped)), kept);
                }
            }
        }
    }

    /// Brings the inputs into the order of the visit, and notes which steps count.
    fn take_in<T: Scalar, C: Cell<T>>(&self, input: &[T], buffers: &mut Buffers<'_, T>) {
        let features = self.features;
        for (step, sample) in self.all_places() {
            let [from, to] = self.places::<T, C>(step, sample);
            let (from, to) = (&input[from], &mut buffers.inputs[to]);
            to.copy_from_slice(from);
            if self.masked {
                let is_empty = from.iter().all(|value| *value == T::zero());
                buffers.counts[step * self.samples + sample] = if is_empty { T::zero() } else { T::one() };
            }
            if self.rates[0] > 0 {
                multiply(to, &buffers.kept_inputs[sample * features..][..features]);
            }
        }
    }

    /// Goes through all steps, from the state that stands before the first.
    fn advance<T: Scalar, C: Cell<T>>(
        &self,
        parameters: &Parameters<'_, T>,
        buffers: &mut Buffers<'_, T>,
        output: &mut [T],
        scratch: &mut [T],
    ) {
        let Self { samples, time, features, units, gates, .. } = *self;
        let bias = |bias| Epilogue { bias, activation: Activation::Identity };
        let (weight, recurrent) = (Matrix::rows(parameters.weight, gates), Matrix::rows(parameters.recurrent, gates));
        let (recurrent, scratch) = Packed::new(recurrent, [units, gates], time, scratch);
        let (weight, scratch) = Packed::new(weight, [features, gates], self.stretches_of(self.together()), scratch);
        for step in 0..time {
            if step % self.together() == 0 {
                let steps = step..(step + self.together()).min(time);
                let [inputs, to] = [features, gates].map(|width| self.parts(&steps, width));
                let (inputs, to) = (&buffers.inputs[inputs], &mut buffers.gates[to]);
                weight.product(steps.len() * samples, inputs, to, Store::Overwrite, bias(parameters.bias), scratch);
            }
            let state = &buffers.hidden[self.part(step, units)];
            let state =
                if self.rates[1] > 0 { self.dropped(state, buffers.kept_states, buffers.dropped) } else { state };
            let of_step = self.part(step, gates);
            if C::SPLITS {
                let to = &mut buffers.recurrent[of_step];
                recurrent.product(samples, state, to, Store::Overwrite, bias(parameters.recurrent_bias), scratch);
            } else {
                let to = &mut buffers.gates[of_step];
                recurrent.product(samples, state, to, Store::Accumulate, Epilogue::NONE, scratch);
            }
            self.step::<T, C>(step, buffers);
            let after = &buffers.hidden[self.part(step + 1, units)];
            self.outputs(step).for_each(|[to, from]| output[to].copy_from_slice(&after[from]));
            for [hidden, cell, from] in self.ends(step) {
                output[hidden].copy_from_slice(&after[from.clone()]);
                output[cell].copy_from_slice(&buffers.cell[self.part(step + 1, units)][from]);
            }
        }
    }

    fn dropped<'d, T: Scalar>(&self, state: &[T], kept: &[T], dropped: &'d mut [T]) -> &'d [T] {
        dropped.copy_from_slice(state);
        multiply(dropped, kept);
        dropped
    }

    /// From the gates' arguments of a step to the states after it.
    fn step<T: Scalar, C: Cell<T>>(&self, step: usize, buffers: &mut Buffers<'_, T>) {
        let Self { units, gates, .. } = *self;
        let len = self.samples * units;
        for (samples, counts) in self.stretches(step, buffers.counts) {
            let hidden = before_and_after(buffers.hidden, step, len, scaled(&samples, units));
            let cell = before_and_after(buffers.cell, step, len, scaled(&samples, units));
            if !counts {
                for [before, after] in [hidden, cell] {
                    after.copy_from_slice(before);
                }
                continue;
            }
            let of_step = self.part(step, gates).start;
            let of_step = of_step + samples.start * gates..of_step + samples.end * gates;
            let recurrent = buffers.recurrent.get(of_step.clone()).unwrap_or_default();
            C::forward(units, Step { gates: &mut buffers.gates[of_step], recurrent, hidden, cell });
        }
    }

    /// From the gradients of the states after a step to those of the gates' arguments, and to what the states before it have
    /// of it directly. What does not count passes on what it has.
    fn step_backward<T: Scalar, C: Cell<T>>(&self, step: usize, buffers: &mut Buffers<'_, T>) {
        let Self { units, gates, .. } = *self;
        let len = self.samples * units;
        for (samples, counts) in self.stretches(step, buffers.counts) {
            let of_states = scaled(&samples, units);
            let of_step = self.part(step, gates).start;
            let of_step = of_step + samples.start * gates..of_step + samples.end * gates;
            let gates = &mut buffers.gates[of_step.clone()];
            let recurrent = buffers.recurrent.get_mut(of_step).unwrap_or_default();
            if !counts {
                gates.fill(T::zero());
                recurrent.fill(T::zero());
                continue;
            }
            let hidden = before_and_after(buffers.hidden, step, len, of_states.clone()).map(|state| &*state);
            let cell = before_and_after(buffers.cell, step, len, of_states.clone()).map(|state| &*state);
            let d_cell = buffers.d_cell.get_mut(of_states.clone()).unwrap_or_default();
            let d_hidden = &mut buffers.d_hidden[of_states];
            C::backward(units, StepBackward { gates, recurrent, hidden, cell, d_hidden, d_cell });
        }
    }
}

/// A weight that is multiplied with again and again: packed once, where that pays and there is memory.
struct Packed<'r, T> {
    weight: Matrix<'r, T>,
    /// Its rows and columns.
    size: [usize; 2],
    packed: Option<&'r [T]>,
}

impl<'r, T: Scalar> Packed<'r, T> {
    /// For so many products. Also gives back the scratch memory that is left.
    fn new(weight: Matrix<'r, T>, size: [usize; 2], uses: usize, scratch: &'r mut [T]) -> (Self, &'r mut [T]) {
        let len = packed_len(size[0], size[1]);
        if uses < FEWEST_USES || scratch.len() < len {
            return (Self { weight, size, packed: None }, scratch);
        }
        let (packed, scratch) = scratch.split_at_mut(len);
        pack_right(weight, size, packed);
        (Self { weight, size, packed: Some(packed) }, scratch)
    }

    fn product(
        &self,
        rows: usize,
        left: &[T],
        to: &mut [T],
        store: Store,
        epilogue: Epilogue<'_, T>,
        scratch: &mut [T],
    ) {
        let [depth, width] = self.size;
        let (shape, left) = ([rows, width, depth], Matrix::rows(left, depth));
        match self.packed {
            Some(packed) => gemm_packed(shape, left, packed, to, store, epilogue, scratch),
            None => gemm(shape, left, self.weight, to, store, epilogue, scratch),
        }
    }
}

/// All steps, from the last to the first.
pub(super) fn backward<T: Scalar, C: Cell<T>>(
    run: Run,
    parameters: &Parameters<'_, T>,
    d_output: &[T],
    d_input: Option<&mut [T]>,
    mut gradient: Option<Gradients<'_, T>>,
    [tape, scratch]: [&mut [T]; 2],
) {
    let Run { samples, time, features, units, gates, .. } = run;
    let mut buffers = run.buffers::<T, C>(tape);
    buffers.d_hidden.fill(T::zero());
    buffers.d_cell.fill(T::zero());
    let transposed = |weight| Matrix::rows(weight, gates).transposed();
    let (recurrent, scratch) = Packed::new(transposed(parameters.recurrent), [gates, units], time, scratch);
    let together = if run.rates[1] > 0 { time.max(1) } else { run.together() };
    let uses = if d_input.is_some() { run.stretches_of(together) } else { 0 };
    let (weight, scratch) = Packed::new(transposed(parameters.weight), [gates, features], uses, scratch);
    let mut end = time;
    while end > 0 {
        let steps = end.saturating_sub(together)..end;
        for step in steps.clone().rev() {
            run.take_back::<T, C>(step, &recurrent, d_output, &mut buffers, scratch);
        }
        // The gradients of these steps' gates are still in the cache.
        if let Some(gradient) = &mut gradient {
            run.sum_gradients::<T, C>(&steps, &mut buffers, gradient, scratch);
        }
        if d_input.is_some() {
            let [from, to] = [gates, features].map(|width| run.parts(&steps, width));
            let (from, to) = (&buffers.gates[from], &mut buffers.inputs[to]);
            weight.product(steps.len() * samples, from, to, Store::Overwrite, Epilogue::NONE, scratch);
        }
        end = steps.start;
    }
    if let Some(d_input) = d_input {
        run.d_input::<T, C>(&mut buffers, d_input);
    }
}

impl Run {
    /// One step back.
    fn take_back<T: Scalar, C: Cell<T>>(
        &self,
        step: usize,
        recurrent: &Packed<'_, T>,
        d_output: &[T],
        buffers: &mut Buffers<'_, T>,
        scratch: &mut [T],
    ) {
        for [from, to] in self.outputs(step) {
            buffers.d_hidden[to].iter_mut().zip(&d_output[from]).for_each(|(sum, &d)| *sum += d);
        }
        for [hidden, cell, to] in self.ends(step) {
            buffers.d_hidden[to.clone()].copy_from_slice(&d_output[hidden]);
            buffers.d_cell[to].copy_from_slice(&d_output[cell]);
        }
        self.step_backward::<T, C>(step, buffers);
        if step == 0 && !self.starts {
            return;
        }
        let from = if C::SPLITS { &*buffers.recurrent } else { &*buffers.gates };
        let from = &from[self.part(step, self.gates)];
        if self.rates[1] > 0 {
            recurrent.product(self.samples, from, buffers.dropped, Store::Overwrite, Epilogue::NONE, scratch);
            multiply(buffers.dropped, buffers.kept_states);
            buffers.d_hidden.iter_mut().zip(&*buffers.dropped).for_each(|(sum, &d)| *sum += d);
        } else {
            recurrent.product(self.samples, from, buffers.d_hidden, Store::Accumulate, Epilogue::NONE, scratch);
        }
    }

    /// Adds to the gradients of the parameters what comes from the gates' arguments of some steps: of all where states are
    /// dropped.
    fn sum_gradients<T: Scalar, C: Cell<T>>(
        &self,
        steps: &Range<usize>,
        buffers: &mut Buffers<'_, T>,
        gradient: &mut Gradients<'_, T>,
        scratch: &mut [T],
    ) {
        let Self { samples, features, units, gates, .. } = *self;
        if self.rates[1] > 0 {
            // The states are needed no more: only what dropout has left of them.
            buffers
                .hidden
                .chunks_exact_mut((samples * units).max(1))
                .for_each(|states| multiply(states, buffers.kept_states));
        }
        let of_gates = self.parts(steps, gates);
        let d_gates = &buffers.gates[of_gates.clone()];
        let d_recurrent = if C::SPLITS { &buffers.recurrent[of_gates] } else { d_gates };
        let mut sums = |width, left: &[T], right: &[T], to: &mut [T]| {
            let left = Matrix::rows(&left[self.parts(steps, width)], width).transposed();
            let shape = [width, gates, steps.len() * samples];
            gemm(shape, left, Matrix::rows(right, gates), to, Store::Accumulate, Epilogue::NONE, scratch);
        };
        sums(features, &*buffers.inputs, d_gates, gradient.weight);
        sums(units, &*buffers.hidden, d_recurrent, gradient.recurrent);
        add_column_sums(gates, d_gates, gradient.bias);
        if C::SPLITS {
            add_column_sums(gates, d_recurrent, gradient.recurrent_bias);
        }
    }

    /// The gradient of the inputs, from the place of the inputs in the layer's memory.
    fn d_input<T: Scalar, C: Cell<T>>(&self, buffers: &mut Buffers<'_, T>, d_input: &mut [T]) {
        let features = self.features;
        for (step, sample) in self.all_places() {
            let [to, from] = self.places::<T, C>(step, sample);
            let d_input = &mut d_input[to];
            d_input.copy_from_slice(&buffers.inputs[from]);
            if self.rates[0] > 0 {
                multiply(d_input, &buffers.kept_inputs[sample * features..][..features]);
            }
        }
        for [hidden, cell, from] in self.starts::<T, C>() {
            d_input[hidden].copy_from_slice(&buffers.d_hidden[from.clone()]);
            if C::HAS_CELL {
                d_input[cell].copy_from_slice(&buffers.d_cell[from]);
            }
        }
    }
}
