use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Sigmoid;

impl<T: Scalar> Function<T> for Sigmoid {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let [sigmoid, _] = math::sigmoid_pair::<I, T>(x);
        sigmoid
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        value * (T::one() - value)
    }
}
