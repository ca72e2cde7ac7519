use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Gelu;

impl<T: Scalar> Function<T> for Gelu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x * normal_cdf(x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        let density = T::of(0.398_942_280_401_432_7) * (-T::of(0.5) * x * x).exp();
        normal_cdf(x) + x * density
    }
}

/// Φ(x) from the series of Marsaglia (2004), "Evaluating the Normal Distribution".
#[inline(always)]
fn normal_cdf<T: Scalar>(x: T) -> T {
    let x = x.wide();
    let (mut sum, mut term) = (x, x);
    if x.abs() > 7.0 {
        return T::of(if x > 0.0 { 1.0 } else { 0.0 });
    }
    for step in 1..120 {
        term *= x * x / f64::from(2 * step + 1);
        sum += term;
    }
    T::of(0.5 + sum * num_traits::Float::exp(-0.5 * x * x) * 0.398_942_280_401_432_7)
}
