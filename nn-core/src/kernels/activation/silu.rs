use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Silu;

impl<T: Scalar> Function<T> for Silu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let [sigmoid, _] = math::sigmoid_pair::<I, T>(x);
        x * sigmoid
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        let [sigmoid, rest] = math::sigmoid_pair::<I, T>(x);
        sigmoid * I::mul_add(x, rest, T::one())
    }
}
