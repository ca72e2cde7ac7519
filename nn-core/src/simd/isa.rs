//! Instruction sets, and the choice of one at run time.
//!
//! A kernel is a generic function over [`Isa`]. [`dispatch`] compiles it once for each instruction set and calls the best
//! that the machine has; inside such an instance the compiler vectorises plain loops with the full register width.
//! Everything that a kernel calls must be `#[inline(always)]`, or it is compiled for the baseline.

#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::best::Best;
use super::math::Real;
use num_traits::Float;

pub(super) mod sealed {
    /// Instruction sets are those of this crate.
    pub trait Sealed {}
}

impl sealed::Sealed for Baseline {}

/// An instruction set, as far as a portable kernel needs to know of it. Sealed: public for emitted code alone.
pub trait Isa: sealed::Sealed + Copy + 'static {
    /// The width of a vector register.
    const VECTOR_BYTES: usize;
    /// How many vector registers there are.
    const REGISTERS: usize;

    /// `a · b + c`, rounded once where the hardware can, else twice.
    fn mul_add<T: Float>(a: T, b: T, c: T) -> T;

    /// Rows and columns exchanged. The compiler does not find the shuffles by itself.
    #[inline(always)]
    fn transpose<T: Float + 'static>(block: &[[T; 8]; 8]) -> [[T; 8]; 8] {
        core::array::from_fn(|row| core::array::from_fn(|column| block[column][row]))
    }

    /// `sums += table[index] · d` for each of some neighbours, where the bits of `index` are a number below 4.
    #[inline(always)]
    fn add_picked<T: Real, const N: usize>(table: &[T; 4], index: &[T; N], d: &[T; N], sums: &mut [T; N]) {
        super::picked::add_picked_by_selection::<Self, T, N>(table, index, d, sums);
    }

    /// `sums += a · b`, for arrays that stay in registers.
    #[inline(always)]
    fn add_product<T: Float + 'static, const N: usize>(a: T, b: &[T; N], sums: &mut [T; N]) {
        super::lanes::add_product::<Self, T, N>(a, b, sums);
    }

    /// What is below the floor becomes the floor, in an array that stays in registers. NaN stays NaN.
    #[inline(always)]
    fn raise<T: Float + 'static, const N: usize>(floor: T, sums: &mut [T; N]) {
        super::lanes::raise(floor, sums);
    }

    /// Runs a part of a kernel as a function of its own: the registers of an inner loop are then allotted without regard to
    /// everything around it.
    fn call<K: Kernel<A>, A>(arguments: A) -> K::Output;
}

/// What every machine of the compilation target can do: SSE2 on x86-64, NEON on aarch64, plain scalars elsewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Baseline;

impl Isa for Baseline {
    const VECTOR_BYTES: usize = 16;
    const REGISTERS: usize = if cfg!(target_arch = "aarch64") { 32 } else { 16 };

    /// Without the hardware's instruction, `mul_add` is a call of a slow emulation: two roundings then. A build without
    /// `std` has the emulation only.
    #[inline(always)]
    fn mul_add<T: Float>(a: T, b: T, c: T) -> T {
        let fused = cfg!(any(target_arch = "aarch64", target_feature = "fma"));
        if cfg!(feature = "std") && fused { a.mul_add(b, c) } else { a * b + c }
    }

    #[inline(never)]
    fn call<K: Kernel<A>, A>(arguments: A) -> K::Output {
        K::run::<Self>(arguments)
    }
}

/// An instruction set that no machine needs to have: its sizes with plain arithmetic. What kernels choose by them runs in tests
/// everywhere.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Emulated<const VECTOR_BYTES: usize, const REGISTERS: usize>;

#[cfg(test)]
impl<const VECTOR_BYTES: usize, const REGISTERS: usize> sealed::Sealed for Emulated<VECTOR_BYTES, REGISTERS> {}

#[cfg(test)]
impl<const VECTOR_BYTES: usize, const REGISTERS: usize> Isa for Emulated<VECTOR_BYTES, REGISTERS> {
    const VECTOR_BYTES: usize = VECTOR_BYTES;
    const REGISTERS: usize = REGISTERS;

    #[inline(always)]
    fn mul_add<T: Float>(a: T, b: T, c: T) -> T {
        a * b + c
    }

    #[inline(never)]
    fn call<K: Kernel<A>, A>(arguments: A) -> K::Output {
        K::run::<Self>(arguments)
    }
}

/// Implements [`Isa`] with instructions of x86-64: `$lanes` and `$picked` have the functions for this instruction set, `$run` runs
/// a kernel on it.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
macro_rules! x86_isa {
    ($isa:ident, vectors: $bytes:literal bytes, $registers:literal registers, $lanes:ident, $picked:ident, $run:ident) => {
        impl $crate::simd::isa::sealed::Sealed for $isa {}

        impl $crate::simd::Isa for $isa {
            const VECTOR_BYTES: usize = $bytes;
            const REGISTERS: usize = $registers;

            #[inline(always)]
            fn mul_add<T: num_traits::Float>(a: T, b: T, c: T) -> T {
                a.mul_add(b, c)
            }

            #[inline(always)]
            fn transpose<T: num_traits::Float + 'static>(block: &[[T; 8]; 8]) -> [[T; 8]; 8] {
                // SAFETY: kernels for this instruction set run only where it is.
                unsafe { $crate::simd::transpose::transpose(block) }
            }

            #[inline(always)]
            fn add_picked<T: $crate::simd::math::Real, const N: usize>(
                table: &[T; 4],
                index: &[T; N],
                d: &[T; N],
                sums: &mut [T; N],
            ) {
                // SAFETY: kernels for this instruction set run only where it is.
                unsafe { $crate::simd::picked::$picked::<Self, T, N>(table, index, d, sums) }
            }

            #[inline(always)]
            fn add_product<T: num_traits::Float + 'static, const N: usize>(a: T, b: &[T; N], sums: &mut [T; N]) {
                // SAFETY: kernels for this instruction set run only where it is.
                unsafe { $crate::simd::lanes::$lanes::add_product(a, b, sums) }
            }

            #[inline(always)]
            fn raise<T: num_traits::Float + 'static, const N: usize>(floor: T, sums: &mut [T; N]) {
                // SAFETY: kernels for this instruction set run only where it is.
                unsafe { $crate::simd::lanes::$lanes::raise(floor, sums) }
            }

            #[inline(always)]
            fn call<K: $crate::simd::Kernel<A>, A>(arguments: A) -> K::Output {
                let is_there = $crate::simd::best::best() >= $crate::simd::best::Best::$isa;
                assert!(is_there, "cannot fail: a kernel for this instruction set runs");
                // SAFETY: the machine has just been found to have these features.
                unsafe { $run::<K, A>(arguments) }
            }
        }
    };
}
#[cfg(all(target_arch = "x86_64", feature = "avx512", not(debug_assertions)))]
pub(super) use x86_isa;

/// x86-64 with AVX2 and FMA (Haswell, Zen and later).
#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2Fma;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
x86_isa! { Avx2Fma, vectors: 32 bytes, 16 registers, avx2, add_picked_by_permutation, avx2_fma }

/// A function with one body for every instruction set.
pub trait Kernel<Arguments> {
    /// What it returns.
    type Output;

    /// The body; to be marked `#[inline(always)]`.
    fn run<I: Isa>(arguments: Arguments) -> Self::Output;
}

/// Runs a kernel on the best instruction set of this machine, or the best that `NETFORM_ISA` allows.
#[inline(always)]
pub(crate) fn dispatch<K: Kernel<A>, A>(arguments: A) -> K::Output {
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    match super::best::best() {
        // SAFETY: the machine has been found to have these features.
        #[cfg(all(feature = "avx512", not(debug_assertions)))]
        Best::Avx512 => return unsafe { super::avx512::run::<K, A>(arguments) },
        // SAFETY: the machine has been found to have these features.
        Best::Avx2Fma => return unsafe { avx2_fma::<K, A>(arguments) },
        Best::Baseline => {}
    }
    K::run::<Baseline>(arguments)
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[target_feature(enable = "avx2,fma")]
#[inline(never)]
fn avx2_fma<K: Kernel<A>, A>(arguments: A) -> K::Output {
    K::run::<Avx2Fma>(arguments)
}
