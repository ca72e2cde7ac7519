//! Gated linear units: one half of each row, times a function of the other.

use super::activation::Function;
use super::kernels;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::{Activation, Gelu, Sigmoid, Silu};

kernels! {
    trait Gating<T>;

    /// `output = left · f(right)` for each row of `2 · width` values, the two halves of which are `left` and `right`.
    pub fn gate_forward(gate: Gate, width: usize, input: &[T], output: &mut [T]) = gate_forward_body;
    /// The gradient of the input of [`gate_forward`], overwritten.
    pub fn gate_backward(gate: Gate, width: usize, input: &[T], d_output: &[T], d_input: &mut [T]) = gate_backward_body;
}

/// The function of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// [`Sigmoid`]
    Sigmoid,
    /// [`Silu`]
    Silu,
    /// [`Gelu`]
    Gelu,
}

/// Evaluates an expression with the function of a [`Gate`], and whether its derivative reads the argument.
macro_rules! with_gate {
    ($gate:expr, |$function:ident, $reads_input:ident| $body:expr) => {
        match $gate {
            Gate::Sigmoid => {
                let ($function, $reads_input) = (Sigmoid {}, const { Activation::Sigmoid.reads_input() });
                $body
            }
            Gate::Silu => {
                let ($function, $reads_input) = (Silu {}, const { Activation::Silu.reads_input() });
                $body
            }
            Gate::Gelu => {
                let ($function, $reads_input) = (Gelu {}, const { Activation::Gelu.reads_input() });
                $body
            }
        }
    };
}

#[inline(always)]
fn gate_forward_body<I: Isa, T: Scalar>(gate: Gate, width: usize, input: &[T], output: &mut [T]) {
    with_gate!(gate, |function, _reads_input| for (input, output) in
        input.chunks_exact(2 * width).zip(output.chunks_exact_mut(width))
    {
        let (left, right) = input.split_at(width);
        for ((output, &left), &right) in output.iter_mut().zip(left).zip(right) {
            *output = left * function.f::<I>(right);
        }
    });
}

#[inline(always)]
fn gate_backward_body<I: Isa, T: Scalar>(gate: Gate, width: usize, input: &[T], d_output: &[T], d_input: &mut [T]) {
    with_gate!(gate, |function, reads_input| {
        let rows = input.chunks_exact(2 * width).zip(d_output.chunks_exact(width));
        for ((input, d_output), d_input) in rows.zip(d_input.chunks_exact_mut(2 * width)) {
            let ((left, right), (d_left, d_right)) = (input.split_at(width), d_input.split_at_mut(width));
            let values = left.iter().zip(right).zip(d_output);
            for (((&left, &right), &d), (d_left, d_right)) in values.zip(d_left.iter_mut().zip(d_right)) {
                let value = function.f::<I>(right);
                *d_left = d * value;
                *d_right = d * left * function.df::<I>(if reads_input { right } else { value });
            }
        }
    });
}
