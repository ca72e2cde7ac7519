use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Floor;

impl<T: Scalar> Function<T> for Floor {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x.floor()
    }

    #[inline(always)]
    fn df<I: Isa>(self, _value: T) -> T {
        T::zero()
    }
}
