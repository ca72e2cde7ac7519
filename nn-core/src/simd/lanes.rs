//! Arithmetic on short arrays of a constant length that stay in registers: the rows of a tile of sums.
//!
//! The compiler vectorises plain loops over such arrays, but only as long as it unrolls all of them: a tile of 12 rows of 32
//! numbers is too much for it, and then lives in memory, forty times slower. Written with vectors, such a tile is 24 steps,
//! whatever the compiler thinks of it, and takes less of its time.

use num_traits::Float;

/// `sums += a · b`, with plain operations.
#[inline(always)]
pub(super) fn add_product<I: super::Isa, T: Float, const N: usize>(a: T, b: &[T; N], sums: &mut [T; N]) {
    for (sum, &b) in sums.iter_mut().zip(b) {
        *sum = I::mul_add(a, b, *sum);
    }
}

/// What is below the floor becomes the floor, with plain operations. NaN stays NaN.
#[inline(always)]
pub(super) fn raise<T: Float, const N: usize>(floor: T, sums: &mut [T; N]) {
    for sum in sums {
        *sum = if *sum < floor { floor } else { *sum };
    }
}

/// The same with the vectors of one instruction set: for `f32` and `f64`, as many numbers at once as a register holds, then
/// half as many, then one by one.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
macro_rules! with_vectors {
    ($name:ident, $features:literal, $([$float:ty, $lanes:literal, $set:ident, $load:ident, $store:ident, $multiply_add:ident, $max:ident])*) => {
        pub(super) mod $name {
            use core::any::TypeId;
            use core::arch::x86_64::*;
            use num_traits::Float;

            /// `sums += a · b`
            ///
            /// # Safety
            /// The machine must have the instruction set.
            #[inline]
            #[target_feature(enable = $features)]
            pub(in crate::simd) unsafe fn add_product<T: Float + 'static, const N: usize>(a: T, b: &[T; N], sums: &mut [T; N]) {
                let (b, sums) = (b.as_ptr(), sums.as_mut_ptr());
                let mut first = 0;
                $(if TypeId::of::<T>() == TypeId::of::<$float>() {
                    // SAFETY: `T` is this float, and all that is read and written lies inside the arrays.
                    unsafe {
                        let a = $set((&raw const a).cast::<$float>().read());
                        while first + $lanes <= N {
                            let sum = sums.add(first).cast();
                            $store(sum, $multiply_add(a, $load(b.add(first).cast()), $load(sum)));
                            first += $lanes;
                        }
                    }
                })*
                while first < N {
                    // SAFETY: inside the arrays.
                    unsafe { *sums.add(first) = a.mul_add(*b.add(first), *sums.add(first)) };
                    first += 1;
                }
            }

            /// What is below the floor becomes the floor. NaN stays NaN: of two numbers that cannot be compared the
            /// instruction gives the second.
            ///
            /// # Safety
            /// The machine must have the instruction set.
            #[inline]
            #[target_feature(enable = $features)]
            pub(in crate::simd) unsafe fn raise<T: Float + 'static, const N: usize>(floor: T, sums: &mut [T; N]) {
                let sums = sums.as_mut_ptr();
                let mut first = 0;
                $(if TypeId::of::<T>() == TypeId::of::<$float>() {
                    // SAFETY: `T` is this float, and all that is read and written lies inside the array.
                    unsafe {
                        let floor = $set((&raw const floor).cast::<$float>().read());
                        while first + $lanes <= N {
                            let sum = sums.add(first).cast();
                            $store(sum, $max(floor, $load(sum)));
                            first += $lanes;
                        }
                    }
                })*
                while first < N {
                    // SAFETY: inside the array.
                    unsafe {
                        let sum = sums.add(first);
                        *sum = if *sum < floor { floor } else { *sum };
                    }
                    first += 1;
                }
            }
        }
    };
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
with_vectors! {
    avx2, "avx2,fma",
    [f32, 8, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_fmadd_ps, _mm256_max_ps]
    [f32, 4, _mm_set1_ps, _mm_loadu_ps, _mm_storeu_ps, _mm_fmadd_ps, _mm_max_ps]
    [f64, 4, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_fmadd_pd, _mm256_max_pd]
    [f64, 2, _mm_set1_pd, _mm_loadu_pd, _mm_storeu_pd, _mm_fmadd_pd, _mm_max_pd]
}

#[cfg(all(target_arch = "x86_64", feature = "avx512", not(debug_assertions)))]
with_vectors! {
    avx512, "avx512f,avx2,fma",
    [f32, 16, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_fmadd_ps, _mm512_max_ps]
    [f32, 8, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_fmadd_ps, _mm256_max_ps]
    [f64, 8, _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_fmadd_pd, _mm512_max_pd]
    [f64, 4, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_fmadd_pd, _mm256_max_pd]
}

#[cfg(test)]
mod tests {
    use crate::Scalar;
    use crate::simd::{Isa, Kernel, dispatch};

    struct All<const N: usize>;

    impl<T: Scalar, const N: usize> Kernel<(T, [T; N], [T; N])> for All<N> {
        type Output = [[T; N]; 3];

        #[inline(always)]
        fn run<I: Isa>((a, b, old): (T, [T; N], [T; N])) -> [[T; N]; 3] {
            let [mut product, mut sum, mut raised] = [old; 3];
            I::add_product(a, &b, &mut product);
            I::add_product(T::one(), &b, &mut sum);
            I::raise(a, &mut raised);
            [product, sum, raised]
        }
    }

    fn check<T: Scalar, const N: usize>() {
        let number = |index: usize| T::of(((index * 7) % 11) as f64 - 5.0);
        let (a, b) = (T::of(2.0), core::array::from_fn(number));
        let mut old: [T; N] = core::array::from_fn(|index| number(index + 3));
        old[N / 2] = T::nan();
        let [product, sum, raised] = dispatch::<All<N>, _>((a, b, old));
        for index in 0..N {
            if index == N / 2 {
                assert!(product[index].is_nan() && sum[index].is_nan() && raised[index].is_nan(), "NaN stays NaN");
                continue;
            }
            assert_eq!(product[index], a * b[index] + old[index], "{N}: {index}");
            assert_eq!(sum[index], b[index] + old[index], "{N}: {index}");
            assert_eq!(raised[index], if old[index] < a { a } else { old[index] }, "{N}: {index}");
        }
    }

    #[test]
    fn every_length_is_covered() {
        macro_rules! lengths {
            ($($len:literal)*) => {$(
                check::<f32, $len>();
                check::<f64, $len>();
            )*};
        }
        lengths! { 1 2 3 4 5 7 8 9 12 15 16 17 24 31 32 33 64 }
    }
}
