use super::*;
use crate::Scalar;
use crate::simd::{Kernel, dispatch};
use core::marker::PhantomData;

/// A function of vector math, and what it approximates, in f64.
trait Case {
    fn run<I: Isa, T: Scalar>(x: T) -> T;
    fn expected(x: f64) -> f64;
}

macro_rules! case {
    ($name:ident, $run:expr, $expected:expr) => {
        struct $name;

        impl Case for $name {
            #[inline(always)]
            fn run<I: Isa, T: Scalar>(x: T) -> T {
                ($run)(x)
            }

            fn expected(x: f64) -> f64 {
                ($expected)(x)
            }
        }
    };
}

case!(Exp, exp::<I, T>, f64::exp);
case!(ExpOfNegative, exp_of_negative::<I, T>, f64::exp);
case!(ExpM1, exp_m1::<I, T>, f64::exp_m1);
case!(Ln, ln::<I, T>, f64::ln);
case!(Ln1p, ln_1p::<I, T>, f64::ln_1p);
case!(Softplus, softplus::<I, T>, |x: f64| f64::max(x, 0.0) + (-x.abs()).exp().ln_1p());
case!(Sin, sin::<I, T>, f64::sin);
case!(Cos, cos::<I, T>, f64::cos);
case!(Tanh, tanh::<I, T>, f64::tanh);
case!(Sigmoid, |x| sigmoid_pair::<I, T>(x)[0], |x: f64| if x < 0.0 {
    x.exp() / (1.0 + x.exp())
} else {
    1.0 / (1.0 + (-x).exp())
});
case!(Normal, normal_cdf::<I, T>, normal_cdf::<crate::simd::Baseline, f64>);

struct Dispatched<C>(PhantomData<C>);

impl<C: Case, T: Scalar> Kernel<(T,)> for Dispatched<C> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>((x,): (T,)) -> T {
        C::run::<I, T>(x)
    }
}

/// The largest error on an even grid, in units in the last place of the exact value: on the baseline, and dispatched.
fn largest_errors<C: Case, T: Scalar>(low: f64, high: f64) -> [f64; 2] {
    const COUNT: u32 = 20_000;
    let mut largest = [0.0; 2];
    for step in 0..=COUNT {
        let x = T::of(low + (high - low) * f64::from(step) / f64::from(COUNT));
        let exact = C::expected(x.wide());
        let found = [C::run::<crate::simd::Baseline, T>(x), dispatch::<Dispatched<C>, _>((x,))];
        for (largest, found) in largest.iter_mut().zip(found) {
            let unit =
                Float::abs(exact).log2().floor().exp2().max(T::min_positive_value().wide()) * T::epsilon().wide();
            let error = Float::abs(found.wide() - exact) / unit;
            assert!(!error.is_nan(), "{found} at {x}, expected {exact}");
            *largest = f64::max(*largest, error);
        }
    }
    largest
}

fn holds<C: Case, T: Scalar>(low: f64, high: f64, bound: f64) {
    let found = largest_errors::<C, T>(low, high);
    assert!(found[0] <= bound && found[1] <= bound, "{} on [{low}, {high}]: {found:?} ULP", T::NAME);
}

#[test]
fn errors_are_within_their_bounds() {
    holds::<Exp, f32>(-86.0, 88.7, 1.0);
    holds::<Exp, f64>(-707.0, 709.7, 1.0);
    holds::<ExpOfNegative, f32>(-86.0, 0.0, 1.0);
    holds::<ExpOfNegative, f32>(0.0, 88.0, 1.0);
    holds::<ExpOfNegative, f64>(-707.0, 0.0, 1.0);
    for low in [-0.01, -1.0, -20.0] {
        holds::<ExpM1, f32>(low, -1e-9, 1.0);
        holds::<ExpM1, f64>(low, -1e-9, 1.0);
    }
    for (low, high) in [(1e-30, 1e-29), (1e-3, 1.0), (0.5, 2.0), (1.0, 1e30)] {
        holds::<Ln, f32>(low, high, 1.0);
        holds::<Ln, f64>(low, high, 1.0);
    }
    for high in [1e-9, 1e-3, 1.0] {
        holds::<Ln1p, f32>(1e-30, high, 2.0);
        holds::<Ln1p, f64>(1e-30, high, 2.0);
    }
    for (low, high) in [(-80.0, 0.0), (-1.0, 1.0), (0.0, 50.0)] {
        holds::<Softplus, f32>(low, high, 3.0);
        holds::<Softplus, f64>(low, high, 3.0);
    }
    for bound in [0.01, 1.0, 20.0] {
        holds::<Tanh, f32>(-bound, bound, 3.0);
        holds::<Tanh, f64>(-bound, bound, 3.0);
        holds::<Sigmoid, f32>(-bound, bound, 3.0);
        holds::<Sigmoid, f64>(-bound, bound, 3.0);
    }
    holds::<Normal, f32>(-1.0, 8.0, 4.0);
    holds::<Sin, f32>(-1.5, 1.5, 2.0);
    holds::<Sin, f64>(-1.5, 1.5, 2.0);
}

/// The largest difference on an even grid: on the baseline, and dispatched. The argument is that which the scalar can hold. Of what
/// is just below 1, two units in the last place are 1.2e-7 in `f32` and 2.2e-16 in `f64`.
fn largest_difference<C: Case, T: Scalar>(high: f64) -> f64 {
    let points = (-20_000..=20_000).map(|step| T::of(high * f64::from(step) / 20_000.0));
    let differences = points.map(|x| {
        let (exact, fused) = (C::expected(x.wide()), dispatch::<Dispatched<C>, _>((x,)));
        Float::abs(C::run::<crate::simd::Baseline, T>(x).wide() - exact).max(Float::abs(fused.wide() - exact))
    });
    differences.fold(0.0, f64::max)
}

#[test]
fn waves_keep_their_phase_far_out() {
    for high in [3.0, 100.0, 5e4] {
        let found = [largest_difference::<Sin, f32>(high), largest_difference::<Cos, f32>(high)];
        assert!(found.iter().all(|found| *found < 1.2e-7), "up to {high}: {found:?}");
    }
    for high in [3.0, 5e4, 1e8] {
        let found = [largest_difference::<Sin, f64>(high), largest_difference::<Cos, f64>(high)];
        assert!(found.iter().all(|found| *found < 2.3e-16), "up to {high}: {found:?}");
    }
    for x in [1e9_f32, -1e30, f32::MAX] {
        assert!(Float::abs(dispatch::<Dispatched<Sin>, _>((x,))) <= 1.0);
        assert!(Float::abs(dispatch::<Dispatched<Cos>, _>((x,))) <= 1.0);
    }
    assert!(dispatch::<Dispatched<Sin>, _>((f32::INFINITY,)).is_nan());
}

/// `Φ` to 20 digits, by mpmath's `ncdf`.
#[allow(clippy::excessive_precision)]
const NORMAL_TABLE: &[(f64, f64)] = &[
    (-37.0, 5.7255712225245768227e-300),
    (-20.0, 2.7536241186062336951e-89),
    (-12.5, 3.7325642988777133772e-36),
    (-8.0, 6.2209605742717841235e-16),
    (-5.25, 7.6049605164887142511e-8),
    (-3.0, 0.0013498980316300945267),
    (-2.5, 0.006209665325776135167),
    (-2.0, 0.0227501319481792072),
    (-1.75, 0.040059156863817090419),
    (-1.5, 0.066807201268858066004),
    (-1.25, 0.10564977366685525769),
    (-1.0, 0.15865525393145705141),
    (-0.75, 0.22662735237686819933),
    (-0.5, 0.30853753872598689636),
    (-0.25, 0.40129367431707627576),
    (-0.125, 0.45026177516988710702),
    (-0.01, 0.49601064368536839622),
    (0.0, 0.5),
    (0.01, 0.50398935631463160378),
    (0.125, 0.54973822483011289298),
    (0.5, 0.69146246127401310364),
    (1.0, 0.84134474606854294859),
    (2.0, 0.9772498680518207928),
    (3.0, 0.99865010196836990547),
    (5.0, 0.99999971334842812081),
    (8.0, 0.9999999999999993779),
];

#[test]
fn the_normal_distribution_keeps_its_digits_in_the_tail() {
    for &(x, exact) in NORMAL_TABLE {
        let fused = dispatch::<Dispatched<Normal>, _>((x,));
        let plain = normal_cdf::<crate::simd::Baseline, f64>(x);
        let error = |found: f64| Float::abs(found / exact - 1.0) / f64::EPSILON;
        assert!(error(fused) < 4.0, "{x}: {} ULP", error(fused));
        assert!(error(plain) < f64::max(4.0, x * x), "{x}: {} ULP", error(plain));
    }
}

#[test]
fn the_normal_distribution_keeps_its_bound_all_along_the_tail() {
    for step in 0..=20_000 {
        let x = -12.5 + 11.5 * f64::from(step) / 20_000.0;
        let x = x as f32;
        let exact = normal_cdf::<crate::simd::Baseline, f64>(x.into());
        let unit = exact.log2().floor().exp2().max(f32::MIN_POSITIVE.into()) * f64::from(f32::EPSILON);
        let error = Float::abs(f64::from(dispatch::<Dispatched<Normal>, _>((x,))) - exact) / unit;
        assert!(error < 4.0, "{x}: {error} ULP");
    }
}

fn limits<T: Scalar>() {
    type B = crate::simd::Baseline;
    let infinity = T::infinity();
    for x in [infinity, T::max_value()] {
        assert_eq!([exp::<B, T>(-x), exp_m1::<B, T>(-x), tanh::<B, T>(-x)].map(T::wide), [0.0, -1.0, -1.0]);
        assert_eq!([tanh::<B, T>(x), normal_cdf::<B, T>(x), normal_cdf::<B, T>(-x)].map(T::wide), [1.0, 1.0, 0.0]);
        assert_eq!(sigmoid_pair::<B, T>(x).map(T::wide), [1.0, 0.0]);
        assert_eq!(sigmoid_pair::<B, T>(-x).map(T::wide), [0.0, 1.0]);
        assert_eq!(exp::<B, T>(x), infinity);
        assert_eq!(exp_of_negative::<B, T>(-x), T::zero());
    }
    assert_eq!([softplus::<B, T>(infinity), softplus::<B, T>(-infinity)], [infinity, T::zero()]);
    assert!(softplus::<B, T>(T::nan()).is_nan());
    assert_eq!(ln::<B, T>(infinity), infinity);
    assert_eq!(ln::<B, T>(T::zero()), -infinity);
    assert_eq!(ln::<B, T>(T::one()), T::zero());
    assert!(ln::<B, T>(-T::one()).is_nan());
    let subnormal = T::min_positive_value() * T::of(1.0 / 1024.0);
    assert!(Float::abs(ln::<B, T>(subnormal).wide() - subnormal.wide().ln()) < 1e-4);
    let functions = [
        exp::<B, T>,
        exp_of_negative::<B, T>,
        exp_m1::<B, T>,
        ln::<B, T>,
        tanh::<B, T>,
        normal_cdf::<B, T>,
        normal_density::<B, T>,
    ];
    assert!(functions.iter().all(|function| function(T::nan()).is_nan()));
    assert!(sigmoid_pair::<B, T>(T::nan())[0].is_nan());
    assert_eq!([exp::<B, T>(T::zero()), sigmoid_pair::<B, T>(T::zero())[0]].map(T::wide), [1.0, 0.5]);
}

/// `exp` of numbers down to where it ends: all digits, or 0.
fn ends_without_subnormal_numbers<T: Scalar>(end: f64) {
    for step in 0..2_000 {
        let x = end + f64::from(step) * 0.01 - 15.0;
        for exp in [exp::<crate::simd::Baseline, T>, exp_of_negative::<crate::simd::Baseline, T>] {
            let found = exp(T::of(x));
            let is_close = || Float::abs(found.wide() / x.exp() - 1.0) < 2.0 * T::epsilon().wide() * x.abs();
            assert!(
                if x < end { found == T::zero() } else { found >= T::min_positive_value() && is_close() },
                "exp({x})"
            );
        }
    }
}

#[test]
fn limits_and_nan() {
    ends_without_subnormal_numbers::<f32>(-86.9);
    ends_without_subnormal_numbers::<f64>(-708.0);
    limits::<f32>();
    limits::<f64>();
}
