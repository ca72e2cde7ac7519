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

/// Calls a function of 32, 16 or one unit with where each stretch of the units begins. Arrays of this size stay in registers;
/// of two registers, one is worked on while results of the other are waited for.
macro_rules! for_each_stretch {
    ($units:expr, |$start:ident, $lanes:ident| $work:expr) => {{
        let pairs = $units / 32 * 32;
        let whole = $units / 16 * 16;
        for $start in (0..pairs).step_by(32) {
            const $lanes: usize = 32;
            $work
        }
        for $start in (pairs..whole).step_by(16) {
            const $lanes: usize = 16;
            $work
        }
        for $start in whole..$units {
            const $lanes: usize = 1;
            $work
        }
    }};
}

/// `N` neighbouring elements.
#[inline(always)]
fn lanes<T: Copy, const N: usize>(values: &[T], start: usize) -> [T; N] {
    *values[start..].first_chunk().expect("cannot fail: a stretch ends inside its row")
}

/// What a function gives for each lane.
#[inline(always)]
fn each<T: Scalar, const N: usize>(value: impl Fn(usize) -> T) -> [T; N] {
    let mut values = [T::zero(); N];
    for (lane, to) in values.iter_mut().enumerate() {
        *to = value(lane);
    }
    values
}

/// Sets `N` neighbouring elements.
#[inline(always)]
fn put<T: Copy, const N: usize>(values: &mut [T], start: usize, new: [T; N]) {
    values[start..start + N].copy_from_slice(&new);
}

/// Of each of `COUNT` gates the same `N` units.
#[inline(always)]
fn gates_of<T: Copy, const COUNT: usize, const N: usize>(row: &[T], units: usize, start: usize) -> [[T; N]; COUNT] {
    core::array::from_fn(|gate| lanes(row, gate * units + start))
}

#[inline(always)]
fn put_gates<T: Copy, const COUNT: usize, const N: usize>(
    row: &mut [T],
    units: usize,
    start: usize,
    new: [[T; N]; COUNT],
) {
    for (gate, new) in new.into_iter().enumerate() {
        put(row, gate * units + start, new);
    }
}

#[inline(always)]
fn lstm_step_body<I: Isa, T: Scalar>(units: usize, gates: &mut [T], before: &[T], after: &mut [T], hidden: &mut [T]) {
    let states = before.chunks_exact(units).zip(after.chunks_exact_mut(units)).zip(hidden.chunks_exact_mut(units));
    for (gates, ((before, after), hidden)) in gates.chunks_exact_mut(4 * units).zip(states) {
        for_each_stretch!(units, |start, N| {
            let [mut input, mut forget, mut new, mut output] = gates_of::<T, 4, N>(gates, units, start);
            let (mut cell, mut state) = (lanes::<T, N>(before, start), [T::zero(); N]);
            for sigmoids in [&mut input, &mut forget, &mut output] {
                sigmoids.iter_mut().for_each(|gate| *gate = sigmoid::<I, T>(*gate));
            }
            new.iter_mut().for_each(|gate| *gate = tanh::<I, T>(*gate));
            for lane in 0..N {
                cell[lane] = I::mul_add(forget[lane], cell[lane], input[lane] * new[lane]);
                state[lane] = output[lane] * tanh::<I, T>(cell[lane]);
            }
            put_gates(gates, units, start, [input, forget, new, output]);
            put(after, start, cell);
            put(hidden, start, state);
        });
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
        for_each_stretch!(units, |start, N| {
            let [input, forget, new, output] = gates_of::<T, 4, N>(gates, units, start);
            let (before, mut squashed) = (lanes::<T, N>(before, start), lanes::<T, N>(after, start));
            let (d_later, d_state) = (lanes::<T, N>(d_cell, start), lanes::<T, N>(d_hidden, start));
            // One short loop for each result: all at once would be too much for the vectoriser.
            squashed.iter_mut().for_each(|state| *state = tanh::<I, T>(*state));
            let d_after: [T; N] = each(|lane| {
                let slope = I::mul_add(-squashed[lane], squashed[lane], T::one());
                I::mul_add(d_state[lane] * output[lane], slope, d_later[lane])
            });
            let d_sigmoid = |d: T, gate: T| d * gate * (T::one() - gate);
            let d_input = each(|lane| d_sigmoid(d_after[lane] * new[lane], input[lane]));
            let d_forget = each(|lane| d_sigmoid(d_after[lane] * before[lane], forget[lane]));
            let d_new = each(|lane| d_after[lane] * input[lane] * I::mul_add(-new[lane], new[lane], T::one()));
            let d_output = each(|lane| d_sigmoid(d_state[lane] * squashed[lane], output[lane]));
            put_gates::<T, 4, N>(gates, units, start, [d_input, d_forget, d_new, d_output]);
            put::<T, N>(d_cell, start, each(|lane| d_after[lane] * forget[lane]));
            put(d_hidden, start, [T::zero(); N]);
        });
    }
}

#[inline(always)]
fn gru_step_body<I: Isa, T: Scalar>(units: usize, gates: &mut [T], recurrent: &[T], before: &[T], after: &mut [T]) {
    let states = before.chunks_exact(units).zip(after.chunks_exact_mut(units));
    let rows = gates.chunks_exact_mut(3 * units).zip(recurrent.chunks_exact(3 * units));
    for ((gates, recurrent), (before, after)) in rows.zip(states) {
        for_each_stretch!(units, |start, N| {
            let [mut reset, mut update, mut new] = gates_of::<T, 3, N>(gates, units, start);
            let from = gates_of::<T, 3, N>(recurrent, units, start);
            let mut state = lanes::<T, N>(before, start);
            for (gate, from) in [(&mut reset, &from[0]), (&mut update, &from[1])] {
                gate.iter_mut().zip(from).for_each(|(gate, &from)| *gate = sigmoid::<I, T>(*gate + from));
            }
            for lane in 0..N {
                new[lane] = tanh::<I, T>(I::mul_add(reset[lane], from[2][lane], new[lane]));
                state[lane] = I::mul_add(update[lane], state[lane] - new[lane], new[lane]);
            }
            put_gates(gates, units, start, [reset, update, new]);
            put(after, start, state);
        });
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
        for_each_stretch!(units, |start, N| {
            let [reset, update, new] = gates_of::<T, 3, N>(gates, units, start);
            let [_, _, from] = gates_of::<T, 3, N>(recurrent, units, start);
            let (before, d) = (lanes::<T, N>(before, start), lanes::<T, N>(d_hidden, start));
            let d_new: [T; N] =
                each(|lane| d[lane] * (T::one() - update[lane]) * I::mul_add(-new[lane], new[lane], T::one()));
            let d_sigmoid = |d: T, gate: T| d * gate * (T::one() - gate);
            let d_update = each(|lane| d_sigmoid(d[lane] * (before[lane] - new[lane]), update[lane]));
            let d_reset = each(|lane| d_sigmoid(d_new[lane] * from[lane], reset[lane]));
            put_gates::<T, 3, N>(gates, units, start, [d_reset, d_update, d_new]);
            put_gates(recurrent, units, start, [d_reset, d_update, each(|lane| d_new[lane] * reset[lane])]);
            put::<T, N>(d_hidden, start, each(|lane| d[lane] * update[lane]));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars};
    use std::vec::Vec;

    const SAMPLES: usize = 2;

    /// What belongs to one unit of `count` numbers for each unit of each sample.
    fn of_unit<T: Scalar>(values: &[T], [unit, units, count]: [usize; 3]) -> Vec<T> {
        (0..SAMPLES * count).map(|index| values[index * units + unit]).collect()
    }

    /// Runs `step` on all units together, and on each alone, on the same numbers: `counts` for each unit of a sample.
    fn agree<T: Scalar>(counts: &[usize], step: impl Fn(usize, &mut [Vec<T>])) {
        let mut numbers = Numbers::new(3);
        for units in [1, 5, 16, 17, 32, 33, 48, 50, 64, 81] {
            let values: Vec<Vec<T>> = counts.iter().map(|count| numbers.uniform(SAMPLES * count * units)).collect();
            let mut together = values.clone();
            step(units, &mut together);
            for unit in 0..units {
                let place = |(values, &count): (&Vec<T>, &usize)| of_unit(values, [unit, units, count]);
                let mut alone: Vec<Vec<T>> = values.iter().zip(counts).map(place).collect();
                step(1, &mut alone);
                let found: Vec<Vec<T>> = together.iter().zip(counts).map(place).collect();
                assert_eq!(found, alone, "unit {unit} of {units}");
            }
        }
    }

    fn units_do_not_depend_on_their_neighbours<T: Scalar>() {
        agree::<T>(&[4, 1, 1, 1], |units, values| {
            let [gates, before, after, hidden] = values else { unreachable!() };
            lstm_step(units, gates, before, after, hidden);
        });
        agree::<T>(&[4, 1, 1, 1, 1], |units, values| {
            let [gates, before, after, d_cell, d_hidden] = values else { unreachable!() };
            lstm_step_backward(units, gates, before, after, d_cell, d_hidden);
        });
        agree::<T>(&[3, 3, 1, 1], |units, values| {
            let [gates, recurrent, before, after] = values else { unreachable!() };
            gru_step(units, gates, recurrent, before, after);
        });
        agree::<T>(&[3, 3, 1, 1], |units, values| {
            let [gates, recurrent, before, d_hidden] = values else { unreachable!() };
            gru_step_backward(units, gates, recurrent, before, d_hidden);
        });
    }

    both_scalars! { units_do_not_depend_on_their_neighbours }
}
