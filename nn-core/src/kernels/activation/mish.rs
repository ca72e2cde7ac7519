use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Mish;

/// `tanh(ln(1 + exp(x)))`, and what is missing from it to 1.
///
/// With `w = exp(x)` it is `(w² + 2 w) / (w² + 2 w + 2)`; of positive arguments `1 / w` is used, which does not overflow.
#[inline(always)]
fn tanh_of_softplus<I: Isa, T: Scalar>(x: T) -> [T; 2] {
    let two = T::of(2.0);
    let z = math::exp_of_negative::<I, T>(if x > T::zero() { -x } else { x });
    let numerator = if x > T::zero() { I::mul_add(two, z, T::one()) } else { I::mul_add(z, z, two * z) };
    let rest = if x > T::zero() { two * z * z } else { two };
    let inverse = T::one() / (numerator + rest);
    [numerator * inverse, rest * inverse]
}

impl<T: Scalar> Function<T> for Mish {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let [tanh, _] = tanh_of_softplus::<I, T>(x);
        x * tanh
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        let [tanh, rest] = tanh_of_softplus::<I, T>(x);
        let [sigmoid, _] = math::sigmoid_pair::<I, T>(x);
        // 1 - tanh², without its loss of digits.
        I::mul_add(x * sigmoid, rest * (T::one() + tanh), tanh)
    }
}
