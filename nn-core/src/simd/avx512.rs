//! x86-64 with AVX-512. Only in builds without debug assertions: what is compiled for the quick round of writing and testing
//! need not be the fastest, and is compiled in two thirds of the time. So `cargo test` alone does not reach these kernels;
//! `cargo test --release -p nn-core --lib --features avx512` does.

use super::Kernel;
use super::isa::x86_isa;

/// x86-64 with the parts of AVX-512 that all its servers have (Skylake-X, Zen 4 and later).
///
/// Behind a feature, `avx512`, that is on by default: it makes builds a third longer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512;

x86_isa! { Avx512, vectors: 64 bytes, 32 registers, avx512, add_picked_by_wide_permutation, run }

#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
#[inline(never)]
pub(super) fn run<K: Kernel<A>, A>(arguments: A) -> K::Output {
    K::run::<Avx512>(arguments)
}
