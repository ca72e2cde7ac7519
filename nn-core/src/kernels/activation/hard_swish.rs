use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::{HardSigmoid, HardSwish};

const HARD_SIGMOID: HardSigmoid = HardSigmoid { slope: 1.0 / 6.0, offset: 0.5 };

impl<T: Scalar> Function<T> for HardSwish {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x * HARD_SIGMOID.f::<I>(x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        I::mul_add(x, HARD_SIGMOID.df::<I>(HARD_SIGMOID.f::<I>(x)), HARD_SIGMOID.f::<I>(x))
    }
}
