use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::GeluTanh;

/// `2 · √(2 / π)`
const SLOPE: f64 = 1.595_769_121_605_730_7;
const CUBIC: f64 = 0.044_715;

/// Twice the argument of tanh: `(1 + tanh(u)) / 2` is the logistic function of `2 u`.
#[inline(always)]
fn argument<I: Isa, T: Scalar>(x: T) -> T {
    T::of(SLOPE) * x * I::mul_add(T::of(CUBIC) * x, x, T::one())
}

impl<T: Scalar> Function<T> for GeluTanh {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let [sigmoid, _] = math::sigmoid_pair::<I, T>(argument::<I, T>(x));
        x * sigmoid
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        let [sigmoid, rest] = math::sigmoid_pair::<I, T>(argument::<I, T>(x));
        let slope = T::of(SLOPE) * I::mul_add(T::of(3.0 * CUBIC) * x, x, T::one());
        sigmoid * I::mul_add(x * slope, rest, T::one())
    }
}
