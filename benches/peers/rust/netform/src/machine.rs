//! What the machine can do at most: arithmetic, and memory.

use netform::kernels::{MULTIPLY_ADD_CHAINS, multiply_add_chains, sum_of_reads};
use protocol::{Work, values};
use std::hint::black_box;

/// How many multiply-adds one call of the task `peak` runs: `compare.py` divides by it.
const MULTIPLY_ADDS: usize = 9_600_000;

/// `peak` is arithmetic in registers, a number the reading of so many KiB.
pub fn limit(what: &str) -> Option<Work> {
    if what == "peak" {
        return Some(Box::new(|| {
            black_box(multiply_add_chains(MULTIPLY_ADDS / MULTIPLY_ADD_CHAINS, black_box(0.5f32)));
        }));
    }
    let numbers = values(what.parse::<usize>().ok()? * 1024 / size_of::<f32>());
    Some(Box::new(move || {
        black_box(sum_of_reads(black_box(&numbers)));
    }))
}
