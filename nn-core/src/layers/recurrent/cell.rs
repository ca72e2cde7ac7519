//! What the three kinds of recurrent layers differ in: one step of time, between the matrix products.

use crate::kernels::{gru_step, gru_step_backward, lstm_step, lstm_step_backward, rnn_step, rnn_step_backward};
use crate::scalar::Scalar;

/// What the gates of one step of time make of the states, for all samples of a tile.
pub(super) trait Cell<T> {
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
pub(super) struct Step<'m, T> {
    pub(super) gates: &'m mut [T],
    pub(super) recurrent: &'m [T],
    /// The state before, and room for the one after.
    pub(super) hidden: [&'m mut [T]; 2],
    pub(super) cell: [&'m mut [T]; 2],
}

/// One step backward.
pub(super) struct StepBackward<'m, T> {
    pub(super) gates: &'m mut [T],
    pub(super) recurrent: &'m mut [T],
    /// The states before and after.
    pub(super) hidden: [&'m [T]; 2],
    pub(super) cell: [&'m [T]; 2],
    pub(super) d_hidden: &'m mut [T],
    pub(super) d_cell: &'m mut [T],
}

/// `h = tanh(a)`
pub(super) struct Plain;

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

pub(super) struct LongShortTerm;

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

pub(super) struct Gated;

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
