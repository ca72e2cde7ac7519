//! The point-wise functions: one file each, with `f` and `df` and nothing else.

mod abs;
mod ceil;
mod celu;
mod cos;
mod elu;
mod erf;
mod exp;
mod floor;
mod gelu;
mod gelu_tanh;
mod hard_sigmoid;
mod hard_swish;
mod hard_tanh;
mod leaky_relu;
mod log;
mod log_sigmoid;
mod mish;
mod reciprocal;
mod relu;
mod relu6;
mod round;
mod selu;
mod shrink;
mod sigmoid;
mod sign;
mod silu;
mod sin;
mod softplus;
mod softsign;
mod sqrt;
mod square;
mod tanh;
mod thresholded_relu;

use super::kernels;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::{
    Abs, Activation, Ceil, Celu, Cos, Elu, Erf, Exp, Floor, Gelu, GeluTanh, HardSigmoid, HardSwish, HardTanh,
    LeakyRelu, Log, LogSigmoid, Mish, Reciprocal, Relu, Relu6, Round, Selu, Shrink, Sigmoid, Sign, Silu, Sin, Softplus,
    Softsign, Sqrt, Square, Tanh, ThresholdedRelu,
};

/// A point-wise function and its derivative.
pub(crate) trait Function<T: Scalar>: Copy {
    /// The value.
    fn f<I: Isa>(self, x: T) -> T;

    /// The derivative, from the function's argument if [`Activation::reads_input`] says so, else from its value.
    fn df<I: Isa>(self, seen: T) -> T;
}

kernels! {
    trait Pointwise<T>;

    /// `output = f(input)`, element by element; both slices have one length.
    pub fn activate(activation: Activation, input: &[T], output: &mut [T]) = activate_body;
    /// `value = f(value)`, element by element.
    pub fn activate_in_place(activation: Activation, values: &mut [T]) = activate_in_place_body;
    /// `d *= f'`, element by element. `values` are the function's arguments if [`Activation::reads_input`] says so, else
    /// its values; both slices have one length.
    pub fn activate_backward(activation: Activation, values: &[T], d: &mut [T]) = activate_backward_body;
}

/// Evaluates an expression with the function that an [`Activation`] names; `Identity` has the second expression.
macro_rules! with_function {
    ($activation:expr, |$function:ident| $body:expr, $identity:expr) => {
        with_function! {
            $activation, $function, $body, $identity,
            Relu {}, LeakyRelu { slope }, Elu { alpha }, Sigmoid {}, Tanh {}, Gelu {}, Silu {}, Softplus {}, Exp {}, Log {},
            Sqrt {}, Square {}, Abs {}, Reciprocal {}, Selu {}, Celu { alpha }, Relu6 {}, ThresholdedRelu { threshold },
            HardTanh { low, high }, HardSigmoid { slope, offset }, HardSwish {}, Mish {}, GeluTanh {}, Softsign {},
            LogSigmoid {}, Shrink { threshold, offset }, Erf {}, Sin {}, Cos {}, Sign {}, Floor {}, Ceil {}, Round {}
        }
    };
    ($activation:expr, $function:ident, $body:expr, $identity:expr, $($name:ident { $($field:ident),* }),*) => {
        match $activation {
            Activation::Identity => $identity,
            $(Activation::$name { $($field),* } => {
                let $function = $name { $($field),* };
                $body
            })*
        }
    };
}

#[inline(always)]
pub(crate) fn activate_body<I: Isa, T: Scalar>(activation: Activation, input: &[T], output: &mut [T]) {
    assert!(input.len() == output.len(), "the slices differ in length");
    with_function!(
        activation,
        |function| for (output, &input) in output.iter_mut().zip(input) {
            *output = function.f::<I>(input);
        },
        output.copy_from_slice(input)
    );
}

#[inline(always)]
pub(crate) fn activate_in_place_body<I: Isa, T: Scalar>(activation: Activation, values: &mut [T]) {
    with_function!(
        activation,
        |function| for value in values {
            *value = function.f::<I>(*value);
        },
        ()
    );
}

#[inline(always)]
fn activate_backward_body<I: Isa, T: Scalar>(activation: Activation, values: &[T], d: &mut [T]) {
    with_function!(
        activation,
        |function| {
            assert!(values.len() == d.len(), "the slices differ in length");
            for (d, &value) in d.iter_mut().zip(values) {
                *d *= function.df::<I>(value);
            }
        },
        ()
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::both_scalars;
    use std::vec;
    use std::vec::Vec;

    const ALL: [Activation; 35] = [
        Activation::Identity,
        Activation::Relu,
        Activation::LeakyRelu { slope: 0.01 },
        Activation::Elu { alpha: 1.5 },
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Gelu,
        Activation::Silu,
        Activation::Softplus,
        Activation::Exp,
        Activation::Log,
        Activation::Sqrt,
        Activation::Square,
        Activation::Abs,
        Activation::Reciprocal,
        Activation::Selu,
        Activation::Celu { alpha: 0.7 },
        Activation::Relu6,
        Activation::ThresholdedRelu { threshold: 1.0 },
        Activation::HardTanh { low: -1.5, high: 2.0 },
        Activation::HardSigmoid { slope: 0.2, offset: 0.5 },
        Activation::HardSwish,
        Activation::Mish,
        Activation::GeluTanh,
        Activation::Softsign,
        Activation::LogSigmoid,
        Activation::Shrink { threshold: 0.5, offset: 0.0 },
        Activation::Shrink { threshold: 0.5, offset: 0.5 },
        Activation::Erf,
        Activation::Sin,
        Activation::Cos,
        Activation::Sign,
        Activation::Floor,
        Activation::Ceil,
        Activation::Round,
    ];

    /// Arguments from -8 to 8, or from 0.5 to 8.5 where the function needs a positive one.
    fn grid<T: Scalar>(activation: Activation) -> Vec<T> {
        let is_positive = matches!(activation, Activation::Log | Activation::Sqrt | Activation::Reciprocal);
        let domain = |x: f64| if is_positive { x.abs() + 0.5 } else { x };
        (-400..400).map(|step| T::of(domain(f64::from(step) * 0.02 + 0.01))).collect()
    }

    /// The derivative in f64, by central differences.
    fn derivative(activation: Activation, x: f64) -> f64 {
        let step = 1e-5;
        let mut values = [x + step, x - step];
        activate_in_place(activation, &mut values);
        (values[0] - values[1]) / (2.0 * step)
    }

    fn derivatives_are_those_of_the_functions<T: Scalar>() {
        for activation in ALL {
            let input = grid::<T>(activation);
            let mut output = vec![T::zero(); input.len()];
            activate(activation, &input, &mut output);
            let mut d = vec![T::of(2.0); input.len()];
            activate_backward(activation, if activation.reads_input() { &input } else { &output }, &mut d);
            for (&input, &d) in input.iter().zip(&d) {
                let expected = 2.0 * derivative(activation, input.wide());
                // Relative where the derivative is large: that of exp(8) is.
                let tolerance = (1e-8 + 8.0 * T::epsilon().wide()) * (expected.abs() / 4.0).max(1.0);
                assert!((d.wide() - expected).abs() < tolerance, "{activation:?} at {input}: {d} for {expected}");
            }
        }
    }

    fn in_place_equals_out_of_place<T: Scalar>() {
        for activation in ALL {
            let mut values = grid::<T>(activation);
            let mut output = vec![T::zero(); values.len()];
            activate(activation, &values, &mut output);
            activate_in_place(activation, &mut values);
            assert_eq!(values, output);
        }
    }

    fn nan_propagates<T: Scalar>() {
        for activation in ALL {
            let mut values = [T::nan()];
            activate_in_place(activation, &mut values);
            assert!(values[0].is_nan(), "{activation:?}");
        }
    }

    both_scalars! { derivatives_are_those_of_the_functions, in_place_equals_out_of_place, nan_propagates }
}
