//! How fast the kernels are, as a share of what this machine's arithmetic units can do. Run it with `cargo bench -p nn-core`;
//! a word behind `--` picks the lines that contain it.
//!
//! The peak is measured in the same run, by a loop of independent multiply-adds in registers.

use nn_core::Scalar;
use nn_core::kernels::{self, Epilogue, GEMM_SCRATCH, Matrix, Store};
use nn_core::spec::{Activation, Conv2dGeometry, Pool2dGeometry};
use std::hint::black_box;
use std::time::Instant;

fn main() {
    all::<f32>();
    all::<f64>();
}

fn all<T: Scalar>() {
    let bench = Bench { peak: peak::<T>() };
    println!("\n{}: peak {:.1} GFLOP/s", T::NAME, bench.peak);
    products::<T>(&bench);
    convolution::<T>(&bench);
    pointwise::<T>();
}

struct Bench {
    peak: f64,
}

impl Bench {
    fn report(&self, name: &str, flops: usize, run: impl FnMut()) {
        if !picked(name) {
            return;
        }
        let seconds = fastest(run);
        let rate = flops as f64 / seconds * 1e-9;
        println!("{name:44} {:9.1} us {rate:7.1} GFLOP/s {:4.0} %", seconds * 1e6, 100.0 * rate / self.peak);
    }
}

/// Whether a line was asked for.
fn picked(name: &str) -> bool {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--")).peekable();
    words.peek().is_none() || words.any(|word| name.contains(&word))
}

/// The fastest of many runs, in seconds.
fn fastest(mut run: impl FnMut()) -> f64 {
    let (mut best, begin) = (f64::INFINITY, Instant::now());
    while begin.elapsed().as_secs_f64() < 0.2 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}

/// GFLOP/s of multiply-adds that never leave the registers: measured for `f32`, of which a register holds twice as many.
fn peak<T: Scalar>() -> f64 {
    let rounds = 100_000;
    let seconds = fastest(|| {
        black_box(kernels::multiply_add_chains(rounds, black_box(0.5f32)));
    });
    2.0 * (rounds * kernels::MULTIPLY_ADD_CHAINS) as f64 / seconds * 1e-9 * 4.0 / size_of::<T>() as f64
}

fn data<T: Scalar>(len: usize) -> Vec<T> {
    (0..len).map(|index| T::of(((index * 7919) % 2003) as f64 * 1e-3 - 1.0)).collect()
}

fn products<T: Scalar>(bench: &Bench) {
    let mut scratch = vec![T::zero(); GEMM_SCRATCH];
    for (name, [m, n, k], a_transposed, b_transposed) in [
        ("convolution as a product", [900, 32, 27], false, false),
        ("dense", [128, 128, 7200], false, false),
        ("dense, gradient of the weight", [7200, 128, 128], true, false),
        ("dense, gradient of the input", [128, 7200, 128], false, true),
        ("square", [256, 256, 256], false, false),
        ("square", [1024, 1024, 1024], false, false),
        ("hidden layer", [128, 128, 784], false, false),
        ("classifier", [128, 10, 128], false, false),
        ("one sample", [1, 128, 784], false, false),
        ("one sample, classifier", [1, 10, 128], false, false),
        ("tiny", [1, 16, 32], false, false),
    ] {
        let (a, b) = (data::<T>(m * k), data::<T>(k * n));
        let a = if a_transposed { Matrix::rows(&a, m).transposed() } else { Matrix::rows(&a, k) };
        let b = if b_transposed { Matrix::rows(&b, k).transposed() } else { Matrix::rows(&b, n) };
        let mut c = vec![T::zero(); m * n];
        let bias = data::<T>(n);
        let epilogue = Epilogue { bias: &bias, activation: Activation::Relu };
        bench.report(&format!("{name} {m} x {n} x {k}"), 2 * m * n * k, || {
            kernels::gemm([m, n, k], black_box(a), b, &mut c, Store::Overwrite, epilogue, &mut scratch);
        });
    }
}

fn convolution<T: Scalar>(bench: &Bench) {
    for (size, channels, filters, padding) in [(32, 3, 32, 0), (32, 3, 32, 1), (15, 32, 64, 1), (28, 1, 8, 0)] {
        let out = size + 2 * padding - 2;
        let geometry = Conv2dGeometry {
            input: [size, size, channels],
            kernel: [3, 3],
            stride: [1, 1],
            padding: [padding; 2],
            output: [out, out, filters],
        };
        let samples = 16;
        let input = data::<T>(samples * size * size * channels);
        let weight = data::<T>(9 * channels * filters);
        let bias = data::<T>(filters);
        let mut output = data::<T>(samples * out * out * filters);
        let mut d_input = input.clone();
        let mut d_weight = weight.clone();
        let mut scratch = vec![T::zero(); kernels::conv2d_scratch(&geometry)];
        let flops = 2 * output.len() * 9 * channels;
        let name = format!("conv2d {size} x {size} x {channels} to {filters}, padding {padding}");
        bench.report(&format!("{name}, forward"), flops, || {
            let activation = Activation::Relu;
            kernels::conv2d_forward(&geometry, samples, &input, &weight, &bias, activation, &mut output, &mut scratch);
        });
        bench.report(&format!("{name}, d weight"), flops, || {
            kernels::conv2d_backward_weight(&geometry, samples, &input, &output, &mut d_weight, &mut scratch);
        });
        bench.report(&format!("{name}, d input"), flops, || {
            kernels::conv2d_backward_input(&geometry, samples, &output, &weight, &mut d_input, &mut scratch);
        });
    }
}

fn pointwise<T: Scalar>() {
    let count = 4096;
    let input = data::<T>(count);
    let mut output = vec![T::zero(); count];
    for activation in [
        Activation::Relu,
        Activation::Elu { alpha: 1.0 },
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Gelu,
        Activation::Silu,
    ] {
        report_elements(&format!("{activation:?}"), count, || {
            kernels::activate(activation, black_box(&input), &mut output);
        });
        report_elements(&format!("{activation:?}, derivative"), count, || {
            kernels::activate_backward(activation, black_box(&input), &mut output);
        });
    }
    for width in [16, 1024] {
        report_elements(&format!("softmax of {width}"), count, || {
            kernels::softmax_forward(width, black_box(&input), &mut output);
        });
    }
    let geometry =
        Pool2dGeometry { input: [8, 16, 32], window: [2, 2], stride: [2, 2], padding: [0, 0], output: [4, 8, 32] };
    let mut d_input = vec![T::zero(); count];
    report_elements("max pool", count, || {
        kernels::max_pool2d_forward(&geometry, 1, black_box(&input), &mut output);
    });
    report_elements("max pool, gradient", count, || {
        kernels::max_pool2d_backward(&geometry, 1, black_box(&input), &output, &input, &mut d_input);
    });
}

fn report_elements(name: &str, count: usize, run: impl FnMut()) {
    if picked(name) {
        println!("{name:44} {:9.2} ns an element", fastest(run) * 1e9 / count as f64);
    }
}
