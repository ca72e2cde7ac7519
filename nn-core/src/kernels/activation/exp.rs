use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Exp;

impl<T: Scalar> Function<T> for Exp {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        math::exp::<I, T>(x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        value
    }
}
