//! The `gemm` crate.

use gemm::Parallelism;
use protocol::{Work, aligned};
use std::hint::black_box;

fn main() {
    protocol::serve(|task| match task {
        ["gemm", sizes @ ..] => product(protocol::sizes(sizes)?),
        _ => None,
    })
}

/// `c = a · b`, all row-major, in one thread.
fn product([m, k, n]: [usize; 3]) -> Option<Work> {
    let (a, b, mut c) = (aligned(m * k), aligned(k * n), aligned(m * n));
    Some(Box::new(move || {
        let (a, b, c) = (black_box(&a).as_ptr(), black_box(&b).as_ptr(), black_box(&mut c).as_mut_ptr());
        let [width_a, width] = [k as isize, n as isize];
        // SAFETY: the three vectors hold `m · k`, `k · n` and `m · n` numbers, which is what the strides reach.
        unsafe {
            gemm::gemm(
                m,
                n,
                k,
                c,
                1,
                width,
                false,
                a,
                1,
                width_a,
                b,
                1,
                width,
                0.0,
                1.0,
                false,
                false,
                false,
                Parallelism::None,
            );
        }
    }))
}
