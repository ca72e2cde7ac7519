use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Softplus;

impl<T: Scalar> Function<T> for Softplus {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        math::softplus::<I, T>(x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        // `1 - exp(-value)`, the sigmoid of the argument.
        -math::exp_m1::<I, T>(-value)
    }
}
