use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Sin;

impl<T: Scalar> Function<T> for Sin {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        math::sin::<I, T>(x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        math::cos::<I, T>(x)
    }
}
