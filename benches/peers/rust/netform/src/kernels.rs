//! The kernels by themselves: matrix products and a convolution.

use netform::kernels::{self, Epilogue, Matrix, Store};
use netform::spec::{Activation, Conv2dGeometry};
use protocol::{Work, aligned, values};
use std::hint::black_box;

/// `c = a · b`, all row-major: by the function for sizes that the compiler knows, where they are small.
pub fn product(sizes: [usize; 3]) -> Option<Work> {
    Some(match sizes {
        [8, 8, 8] => known::<8, 8, 8>(),
        [16, 16, 16] => known::<16, 16, 16>(),
        [32, 32, 32] => known::<32, 32, 32>(),
        [64, 64, 64] => known::<64, 64, 64>(),
        [64, 8, 64] => known::<64, 8, 64>(),
        _ => any(sizes),
    })
}

/// What begins at a cache line.
#[repr(align(64))]
struct AtLine<T>(T);

fn matrix<const ROWS: usize, const COLUMNS: usize>() -> Box<AtLine<[[f32; COLUMNS]; ROWS]>> {
    let mut matrix = Box::new(AtLine([[0.0; COLUMNS]; ROWS]));
    matrix.0.as_flattened_mut().copy_from_slice(&values(ROWS * COLUMNS));
    matrix
}

fn known<const M: usize, const K: usize, const N: usize>() -> Work {
    let (a, b, mut c) = (matrix::<M, K>(), matrix::<K, N>(), matrix::<M, N>());
    Box::new(move || {
        kernels::known_product::<f32, M, N, K>(&black_box(&a).0, &black_box(&b).0, &mut black_box(&mut c).0)
    })
}

fn any([m, k, n]: [usize; 3]) -> Work {
    let (a, b, mut c) = (aligned(m * k), aligned(k * n), aligned(m * n));
    let mut scratch = aligned(kernels::gemm_scratch(k, n));
    Box::new(move || {
        let (a, b) = (Matrix::rows(black_box(&a), k), Matrix::rows(black_box(&b), n));
        kernels::gemm([m, n, k], a, b, black_box(&mut c), Store::Overwrite, Epilogue::NONE, &mut scratch);
    })
}

/// The convolution of the table's last rows: 3 × 3, 64 channels to 64, 16 samples of 32 × 32.
pub fn convolution(pass: &str) -> Option<Work> {
    let geometry =
        Conv2dGeometry { input: [32, 32, 64], kernel: [3, 3], stride: [1, 1], padding: [1, 1], output: [32, 32, 64] };
    let (samples, image) = (16, 32 * 32 * 64);
    let (mut input, mut output) = (aligned(samples * image), aligned(samples * image));
    let (mut weight, bias) = (aligned(9 * 64 * 64), aligned(64));
    let mut scratch = aligned(kernels::conv2d_scratch(&geometry));
    Some(match pass {
        "forward" => Box::new(move || {
            let activation = Activation::Identity;
            let output = black_box(&mut output);
            kernels::conv2d_forward(&geometry, samples, &input, &weight, &bias, activation, output, &mut scratch);
        }),
        "input" => Box::new(move || {
            let input = black_box(&mut input);
            kernels::conv2d_backward_input(&geometry, samples, &output, &weight, input, &mut scratch);
        }),
        "weight" => Box::new(move || {
            let weight = black_box(&mut weight);
            kernels::conv2d_backward_weight(&geometry, samples, &input, &output, weight, &mut scratch);
        }),
        _ => return None,
    })
}
