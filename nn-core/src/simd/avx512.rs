//! x86-64 with AVX-512. Only in builds without debug assertions: what is compiled for the quick round of writing and testing
//! need not be the fastest, and is compiled in two thirds of the time. So `cargo test` alone does not reach these kernels;
//! `cargo test --release -p nn-core --lib --features avx512` does.

use num_traits::Float;

use super::best::{Best, best};
use super::isa::sealed::Sealed;
use super::math::Real;
use super::{Isa, Kernel};

/// x86-64 with the parts of AVX-512 that all its servers have (Skylake-X, Zen 4 and later).
///
/// Behind a feature, `avx512`, that is on by default: it makes builds a third longer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512;

impl Isa for Avx512 {
    const VECTOR_BYTES: usize = 64;
    const REGISTERS: usize = 32;

    #[inline(always)]
    fn mul_add<T: Float>(a: T, b: T, c: T) -> T {
        a.mul_add(b, c)
    }

    #[inline(always)]
    fn transpose<T: Float + 'static>(block: &[[T; 8]; 8]) -> [[T; 8]; 8] {
        // SAFETY: kernels for this instruction set run only where it is.
        unsafe { super::transpose::transpose(block) }
    }

    #[inline(always)]
    fn add_picked<T: Real, const N: usize>(table: &[T; 4], index: &[T; N], d: &[T; N], sums: &mut [T; N]) {
        // SAFETY: kernels for this instruction set run only where it is.
        unsafe { super::picked::add_picked_by_wide_permutation::<Self, T, N>(table, index, d, sums) }
    }

    #[inline(always)]
    fn add_product<T: Float + 'static, const N: usize>(a: T, b: &[T; N], sums: &mut [T; N]) {
        // SAFETY: kernels for this instruction set run only where it is.
        unsafe { super::lanes::avx512::add_product(a, b, sums) }
    }

    #[inline(always)]
    fn raise<T: Float + 'static, const N: usize>(floor: T, sums: &mut [T; N]) {
        // SAFETY: kernels for this instruction set run only where it is.
        unsafe { super::lanes::avx512::raise(floor, sums) }
    }

    #[inline(always)]
    fn call<K: Kernel<A>, A>(arguments: A) -> K::Output {
        assert!(Self::is_there(), "cannot fail: a kernel for this instruction set runs");
        // SAFETY: the machine has just been found to have these features.
        unsafe { run::<K, A>(arguments) }
    }
}

impl Sealed for Avx512 {}

impl Avx512 {
    #[inline(always)]
    fn is_there() -> bool {
        best() == Best::Avx512
    }
}

#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
#[inline(never)]
pub(super) fn run<K: Kernel<A>, A>(arguments: A) -> K::Output {
    K::run::<Avx512>(arguments)
}
