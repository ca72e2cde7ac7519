use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::LogSigmoid;

impl<T: Scalar> Function<T> for LogSigmoid {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        -math::softplus::<I, T>(-x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        // The logistic function of -x; near 1 no digits are lost.
        -math::exp_m1::<I, T>(value)
    }
}
