use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Log;

impl<T: Scalar> Function<T> for Log {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        math::ln::<I, T>(x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        T::one() / x
    }
}
