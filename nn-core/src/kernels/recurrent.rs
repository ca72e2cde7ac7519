//! What recurrent layers do between two matrix products: gates and states of one step of time, for some samples.

use super::kernels;
use crate::Scalar;
use crate::simd::Isa;
use crate::simd::math::{sigmoid_pair, tanh};

kernels! {
    trait RecurrentCells<T>;

    /// One step of `h = tanh(a)`: `gates` is `[samples, units]`.
    pub(crate) fn rnn_step(gates: &[T], hidden: &mut [T]) = rnn_step_body;
    /// The gradient of `a` from that of `h`, which then becomes zero.
    pub(crate) fn rnn_step_backward(hidden: &[T], d_hidden: &mut [T], gates: &mut [T]) = rnn_step_backward_body;
    /// One step of a long short-term memory: `gates` is `[samples, 4, units]` with the arguments of the input, forget, cell and
    /// output gates, which become their values. `cell[0]` is the state before, `cell[1]` the one after.
    pub(crate) fn lstm_step(units: usize, gates: &mut [T], before: &[T], after: &mut [T], hidden: &mut [T]) = lstm_step_body;
    /// The gradients of the arguments, in the place of the gates; `d_cell` becomes that of the state before, `d_hidden` zero.
    pub(crate) fn lstm_step_backward(
        units: usize,
        gates: &mut [T],
        before: &[T],
        after: &[T],
        d_cell: &mut [T],
        d_hidden: &mut [T],
    ) = lstm_step_backward_body;
    /// One step of a gated recurrent unit: `gates` and `recurrent` are `[samples, 3, units]` with what the input and the state
    /// give to the reset, update and new gates; `gates` become their values.
    pub(crate) fn gru_step(units: usize, gates: &mut [T], recurrent: &[T], before: &[T], after: &mut [T]) = gru_step_body;
    /// The gradients of both, in their places; `d_hidden` becomes what the state before has of it without `recurrent`.
    pub(crate) fn gru_step_backward(
        units: usize,
        gates: &mut [T],
        recurrent: &mut [T],
        before: &[T],
        d_hidden: &mut [T],
    ) = gru_step_backward_body;
}

#[inline(always)]
fn sigmoid<I: Isa, T: Scalar>(x: T) -> T {
    sigmoid_pair::<I, T>(x)[0]
}

#[inline(always)]
fn rnn_step_body<I: Isa, T: Scalar>(gates: &[T], hidden: &mut [T]) {
    for (hidden, &gate) in hidden.iter_mut().zip(gates) {
        *hidden = tanh::<I, T>(gate);
    }
}

#[inline(always)]
fn rnn_step_backward_body<I: Isa, T: Scalar>(hidden: &[T], d_hidden: &mut [T], gates: &mut [T]) {
    for ((gate, d), &hidden) in gates.iter_mut().zip(d_hidden).zip(hidden) {
        *gate = *d * I::mul_add(-hidden, hidden, T::one());
        *d = T::zero();
    }
}

/// The parts of a row, each as long as the units.
#[inline(always)]
fn parts<T, const COUNT: usize>(units: usize, row: &mut [T]) -> [&mut [T]; COUNT] {
    let mut parts = row.chunks_exact_mut(units);
    core::array::from_fn(|_| parts.next().expect("cannot fail: a row has a part for each gate"))
}

#[inline(always)]
fn lstm_step_body<I: Isa, T: Scalar>(units: usize, gates: &mut [T], before: &[T], after: &mut [T], hidden: &mut [T]) {
    let states = before.chunks_exact(units).zip(after.chunks_exact_mut(units)).zip(hidden.chunks_exact_mut(units));
    for (gates, ((before, after), hidden)) in gates.chunks_exact_mut(4 * units).zip(states) {
        let [input, forget, new, output] = parts(units, gates);
        for unit in 0..units {
            input[unit] = sigmoid::<I, T>(input[unit]);
            forget[unit] = sigmoid::<I, T>(forget[unit]);
            new[unit] = tanh::<I, T>(new[unit]);
            output[unit] = sigmoid::<I, T>(output[unit]);
            after[unit] = I::mul_add(forget[unit], before[unit], input[unit] * new[unit]);
            hidden[unit] = output[unit] * tanh::<I, T>(after[unit]);
        }
    }
}

#[inline(always)]
fn lstm_step_backward_body<I: Isa, T: Scalar>(
    units: usize,
    gates: &mut [T],
    before: &[T],
    after: &[T],
    d_cell: &mut [T],
    d_hidden: &mut [T],
) {
    let states = before.chunks_exact(units).zip(after.chunks_exact(units));
    let gradients = d_cell.chunks_exact_mut(units).zip(d_hidden.chunks_exact_mut(units));
    for ((gates, (before, after)), (d_cell, d_hidden)) in gates.chunks_exact_mut(4 * units).zip(states).zip(gradients) {
        let [input, forget, new, output] = parts(units, gates);
        for unit in 0..units {
            let (i, f, n, o) = (input[unit], forget[unit], new[unit], output[unit]);
            let squashed = tanh::<I, T>(after[unit]);
            let d_after = I::mul_add(d_hidden[unit] * o, I::mul_add(-squashed, squashed, T::one()), d_cell[unit]);
            input[unit] = d_after * n * i * (T::one() - i);
            forget[unit] = d_after * before[unit] * f * (T::one() - f);
            new[unit] = d_after * i * I::mul_add(-n, n, T::one());
            output[unit] = d_hidden[unit] * squashed * o * (T::one() - o);
            d_cell[unit] = d_after * f;
            d_hidden[unit] = T::zero();
        }
    }
}

#[inline(always)]
fn gru_step_body<I: Isa, T: Scalar>(units: usize, gates: &mut [T], recurrent: &[T], before: &[T], after: &mut [T]) {
    let states = before.chunks_exact(units).zip(after.chunks_exact_mut(units));
    let rows = gates.chunks_exact_mut(3 * units).zip(recurrent.chunks_exact(3 * units));
    for ((gates, recurrent), (before, after)) in rows.zip(states) {
        let [reset, update, new] = parts(units, gates);
        let [from_reset, from_update, from_new] = [0, 1, 2].map(|gate| &recurrent[gate * units..][..units]);
        for unit in 0..units {
            reset[unit] = sigmoid::<I, T>(reset[unit] + from_reset[unit]);
            update[unit] = sigmoid::<I, T>(update[unit] + from_update[unit]);
            new[unit] = tanh::<I, T>(I::mul_add(reset[unit], from_new[unit], new[unit]));
            after[unit] = I::mul_add(update[unit], before[unit] - new[unit], new[unit]);
        }
    }
}

#[inline(always)]
fn gru_step_backward_body<I: Isa, T: Scalar>(
    units: usize,
    gates: &mut [T],
    recurrent: &mut [T],
    before: &[T],
    d_hidden: &mut [T],
) {
    let states = before.chunks_exact(units).zip(d_hidden.chunks_exact_mut(units));
    let rows = gates.chunks_exact_mut(3 * units).zip(recurrent.chunks_exact_mut(3 * units));
    for ((gates, recurrent), (before, d_hidden)) in rows.zip(states) {
        let [reset, update, new] = parts(units, gates);
        let [from_reset, from_update, from_new] = parts(units, recurrent);
        for unit in 0..units {
            let (r, z, n, d) = (reset[unit], update[unit], new[unit], d_hidden[unit]);
            let d_new = d * (T::one() - z) * I::mul_add(-n, n, T::one());
            let d_update = d * (before[unit] - n) * z * (T::one() - z);
            let d_reset = d_new * from_new[unit] * r * (T::one() - r);
            (reset[unit], update[unit], new[unit]) = (d_reset, d_update, d_new);
            (from_reset[unit], from_update[unit], from_new[unit]) = (d_reset, d_update, d_new * r);
            d_hidden[unit] = d * z;
        }
    }
}
