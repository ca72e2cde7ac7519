use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::{HardSigmoid, HardTanh};

impl<T: Scalar> Function<T> for HardSigmoid {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        HardTanh { low: 0.0, high: 1.0 }.f::<I>(I::mul_add(T::of(self.slope), x, T::of(self.offset)))
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        T::of(self.slope) * HardTanh { low: 0.0, high: 1.0 }.df::<I>(value)
    }
}
