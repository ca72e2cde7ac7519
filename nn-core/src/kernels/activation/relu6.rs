use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::{HardTanh, Relu6};

impl<T: Scalar> Function<T> for Relu6 {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        HardTanh { low: 0.0, high: 6.0 }.f::<I>(x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        HardTanh { low: 0.0, high: 6.0 }.df::<I>(value)
    }
}
