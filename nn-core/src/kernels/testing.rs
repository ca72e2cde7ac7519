//! What the tests of kernels share.

use crate::{Random, Scalar};
use std::vec::Vec;

/// Random test data.
pub(crate) struct Numbers(Random);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Random::new(seed))
    }

    /// Small integers: sums of their products are exact, whatever the order.
    pub(crate) fn integers<T: Scalar>(&mut self, count: usize) -> Vec<T> {
        (0..count).map(|_| T::of(self.0.below(9) as f64 - 4.0)).collect()
    }

    /// Uniform in [-1, 1).
    pub(crate) fn uniform<T: Scalar>(&mut self, count: usize) -> Vec<T> {
        (0..count).map(|_| T::of(2.0 * self.0.uniform() - 1.0)).collect()
    }

    /// From `low` to `high`, both included.
    pub(crate) fn size(&mut self, low: usize, high: usize) -> usize {
        low + self.0.below(high - low + 1)
    }
}

/// Holds two results to a tolerance relative to the larger of 1 and the expected value.
pub(crate) fn assert_close<T: Scalar>(found: &[T], expected: &[T], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let (found, expected) = (found.wide(), expected.wide());
        let bound = tolerance * expected.abs().max(1.0);
        assert!((found - expected).abs() <= bound, "{what}: at {index} found {found}, expected {expected}");
    }
}

/// Evaluates an expression for every kind of instruction set that kernels tell apart, whatever this machine has: the compilation
/// target's, that of aarch64, and AVX-512.
macro_rules! on_each_kind {
    (|$isa:ident| $body:expr) => {{
        on_each_kind!($isa, $crate::simd::Baseline, $body);
        on_each_kind!($isa, $crate::simd::Emulated<16, 32>, $body);
        on_each_kind!($isa, $crate::simd::Emulated<64, 32>, $body);
    }};
    ($isa:ident, $kind:ty, $body:expr) => {{
        type $isa = $kind;
        $body
    }};
}
pub(crate) use on_each_kind;

/// Makes of a function that draws so many cases from a seed, and holds each to its definition, a test for each scalar; and one
/// of ten thousand cases, all of which run by
/// `cargo test --release -p nn-core --lib ten_thousand -- --ignored`.
macro_rules! random_shapes {
    ($($function:ident as $name:ident: $cases:literal from $seed:literal;)*) => {$(
        mod $name {
            #[test]
            fn f32() {
                super::$function::<f32>($seed, $cases);
            }

            #[test]
            fn f64() {
                super::$function::<f64>($seed, $cases);
            }

            #[test]
            #[ignore = "long: cargo test --release -p nn-core --lib ten_thousand -- --ignored"]
            fn ten_thousand() {
                super::$function::<f32>($seed + 100, 5_000);
                super::$function::<f64>($seed + 200, 5_000);
            }
        }
    )*};
}
pub(crate) use random_shapes;

/// Makes a test of a generic function for each scalar.
macro_rules! both_scalars {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn f32() {
                super::$name::<f32>();
            }

            #[test]
            fn f64() {
                super::$name::<f64>();
            }
        }
    )*};
}
pub(crate) use both_scalars;
