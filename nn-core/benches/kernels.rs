//! The kernels, as a share of what one core can do: `cargo bench -p nn-core --bench kernels`. A word behind `--` picks the
//! lines that contain it.
//!
//! Beside its time each line says GFLOP/s and the share of the machine's peak, or GB/s and the share of what the L1 cache or
//! main memory gives; these limits are measured first, in the same run.

#[path = "../../benches/common/machine.rs"]
mod machine;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use machine::Machine;
use nn_core::kernels::{self, Epilogue, Matrix, Store};
use nn_core::layer::{Activations, Call, Layer as _, Memory, Pass};
use nn_core::layers;
use nn_core::simd::Plain as _;
use nn_core::spec::{self, Activation, Conv2dGeometry, Pool2dGeometry, Shape};
use std::hint::black_box;

criterion_group! { name = benches; config = Machine::criterion(); targets = products, known_products, convolutions, pooled, pointwise, pools, norms, attention }
criterion_main!(benches);

fn values(len: usize) -> Vec<f32> {
    (0..len).map(|index| ((index * 7919) % 2003) as f32 / 1001.5 - 1.0).collect()
}

/// One line, whose throughput is arithmetic or memory.
fn line(criterion: &mut Criterion<Machine>, group: &str, name: &str, throughput: Throughput, mut run: impl FnMut()) {
    criterion.benchmark_group(group).throughput(throughput).bench_function(name, |bencher| bencher.iter(&mut run));
}

/// Rows, depth and columns, whether each factor lies transposed, and what it is.
const PRODUCTS: [([usize; 3], [bool; 2], &str); 22] = [
    ([8, 8, 8], [false, false], "square"),
    ([16, 16, 16], [false, false], "square"),
    ([32, 32, 32], [false, false], "square"),
    ([64, 64, 64], [false, false], "square"),
    ([128, 128, 128], [false, false], "square"),
    ([256, 256, 256], [false, false], "square"),
    ([512, 512, 512], [false, false], "square"),
    ([1024, 1024, 1024], [false, false], "square"),
    ([64, 8, 64], [false, false], "shallow"),
    ([7200, 27, 32], [false, false], "convolution as a product"),
    ([1000, 7200, 128], [false, false], "wide layer"),
    ([7200, 128, 128], [true, false], "wide layer, gradient of the weight"),
    ([128, 128, 7200], [false, true], "wide layer, gradient of the input"),
    ([32, 784, 128], [false, false], "hidden layer"),
    ([784, 32, 128], [true, false], "hidden layer, gradient of the weight"),
    ([32, 128, 784], [false, true], "hidden layer, gradient of the input"),
    ([64, 768, 3072], [false, false], "transformer's layer"),
    ([128, 128, 10], [false, false], "classifier"),
    ([1, 784, 128], [false, false], "one sample"),
    ([1, 128, 10], [false, false], "one sample, classifier"),
    ([1, 32, 16], [false, false], "one sample, tiny"),
    ([61, 131, 37], [true, true], "odd sizes, both transposed"),
];

fn products(criterion: &mut Criterion<Machine>) {
    for ([m, k, n], [a_transposed, b_transposed], what) in PRODUCTS {
        let (a, b) = (values(m * k), values(k * n));
        let a = if a_transposed { Matrix::rows(&a, m).transposed() } else { Matrix::rows(&a, k) };
        let b = if b_transposed { Matrix::rows(&b, k).transposed() } else { Matrix::rows(&b, n) };
        let (bias, mut c, mut scratch) = (values(n), values(m * n), values(kernels::gemm_scratch(k, n)));
        let epilogue = Epilogue { bias: &bias, activation: Activation::Relu };
        let throughput = Throughput::Elements((2 * m * k * n) as u64);
        line(criterion, "product", &format!("{m}x{k}x{n}, {what}"), throughput, || {
            kernels::gemm([m, n, k], black_box(a), b, black_box(&mut c), Store::Overwrite, epilogue, &mut scratch);
        });
    }
}

fn known_products(criterion: &mut Criterion<Machine>) {
    known_product::<8, 8, 8>(criterion);
    known_product::<16, 16, 16>(criterion);
    known_product::<32, 32, 32>(criterion);
    known_product::<64, 64, 64>(criterion);
    known_product::<64, 8, 64>(criterion);
}

fn known_product<const M: usize, const K: usize, const N: usize>(criterion: &mut Criterion<Machine>) {
    let (a, b, mut c) = ([[0.5f32; K]; M], [[0.25f32; N]; K], [[0.0f32; N]; M]);
    let throughput = Throughput::Elements((2 * M * K * N) as u64);
    line(criterion, "product of known sizes", &format!("{M}x{K}x{N}"), throughput, || {
        kernels::known_product(black_box(&a), black_box(&b), black_box(&mut c));
    });
}

fn convolutions(criterion: &mut Criterion<Machine>) {
    let samples = 16;
    for (size, channels, filters, padding) in [(32, 3, 32, 0), (32, 64, 64, 1), (15, 32, 64, 1), (28, 1, 8, 0)] {
        let out = size + 2 * padding - 2;
        let geometry = Conv2dGeometry {
            input: [size, size, channels],
            kernel: [3, 3],
            stride: [1, 1],
            padding: [padding; 2],
            output: [out, out, filters],
        };
        let (input, mut d_input) = (values(samples * size * size * channels), values(samples * size * size * channels));
        let (weight, mut d_weight) = (values(9 * channels * filters), values(9 * channels * filters));
        let (bias, mut output) = (values(filters), values(samples * out * out * filters));
        let mut scratch = values(kernels::conv2d_scratch(&geometry));
        let throughput = || Throughput::Elements((2 * samples * out * out * filters * 9 * channels) as u64);
        let group = format!("convolution {size}x{size}x{channels} to {filters}");
        line(criterion, &group, "forward", throughput(), || {
            let (activation, output) = (Activation::Relu, black_box(&mut output));
            kernels::conv2d_forward(&geometry, samples, &input, &weight, &bias, activation, output, &mut scratch);
        });
        line(criterion, &group, "gradient of the weight", throughput(), || {
            let d_weight = black_box(&mut d_weight);
            kernels::conv2d_backward_weight(&geometry, samples, &input, &output, d_weight, &mut scratch);
        });
        line(criterion, &group, "gradient of the input", throughput(), || {
            let d_input = black_box(&mut d_input);
            kernels::conv2d_backward_input(&geometry, samples, &output, &weight, d_input, &mut scratch);
        });
    }
}

/// Convolution, activation and 2 × 2 max-pool in one kernel. The gradient of the weight has a product for each winner alone.
fn pooled(criterion: &mut Criterion<Machine>) {
    let (samples, window) = (16, [2, 2]);
    for (size, channels, filters) in [(32, 3, 32), (15, 32, 64), (28, 1, 8)] {
        let out = size - 2;
        let geometry = Conv2dGeometry {
            input: [size, size, channels],
            kernel: [3, 3],
            stride: [1, 1],
            padding: [0, 0],
            output: [out, out, filters],
        };
        let pooled = samples * (out / 2) * (out / 2) * filters;
        let (input, bias) = (values(samples * size * size * channels), values(filters));
        let (weight, mut d_weight) = (values(9 * channels * filters), values(9 * channels * filters));
        let (mut output, mut winners, d_output) = (values(pooled), values(pooled), values(pooled));
        let mut scratch = values(kernels::conv_pool2d_scratch(&geometry, window));
        let throughput = |products: usize| Throughput::Elements((2 * products * 9 * channels) as u64);
        let group = format!("convolution {size}x{size}x{channels} to {filters} with a pool");
        let mut forward = |output: &mut [f32], winners: &mut [f32]| {
            let relu = Activation::Relu;
            kernels::conv_pool2d_forward(
                &geometry,
                window,
                samples,
                &input,
                &weight,
                &bias,
                relu,
                output,
                winners,
                &mut scratch,
            );
        };
        line(criterion, &group, "prediction", throughput(4 * pooled), || forward(black_box(&mut output), &mut []));
        forward(&mut output, &mut winners);
        line(criterion, &group, "forward", throughput(4 * pooled), || forward(black_box(&mut output), &mut winners));
        line(criterion, &group, "gradient of the weight", throughput(pooled), || {
            let d_weight = black_box(&mut d_weight);
            kernels::conv_pool2d_backward_weight(
                &geometry,
                window,
                samples,
                &input,
                &winners,
                &d_output,
                d_weight,
                &mut scratch,
            );
        });
    }
}

/// The bytes of so many passes over `f32`s in the L1 cache.
fn passes(count: usize, len: usize) -> Throughput {
    Throughput::Bytes((count * len * size_of::<f32>()) as u64)
}

fn pointwise(criterion: &mut Criterion<Machine>) {
    let len = 2048;
    let (input, mut output) = (values(len), values(len));
    for activation in [
        Activation::Relu,
        Activation::Elu { alpha: 1.0 },
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Gelu,
        Activation::Silu,
    ] {
        let group = format!("{activation:?}");
        line(criterion, &group, "forward", passes(2, len), || {
            kernels::activate(activation, black_box(&input), &mut output);
        });
        line(criterion, &group, "derivative", passes(3, len), || {
            kernels::activate_backward(activation, black_box(&input), &mut output);
        });
    }
    for width in [16, 1024] {
        line(criterion, "softmax", &width.to_string(), passes(2, len), || {
            kernels::softmax_forward(width, black_box(&input), &mut output);
        });
    }
    let (input, mut sum) = (values(1 << 24), values(1 << 24));
    line(criterion, "sum", "of matrices in main memory", passes(3, 1 << 24), || {
        kernels::join_assign(kernels::Join::Add, &mut sum, black_box(&input));
    });
}

fn pools(criterion: &mut Criterion<Machine>) {
    let geometry =
        Pool2dGeometry { input: [8, 8, 32], window: [2, 2], stride: [2, 2], padding: [0, 0], output: [4, 4, 32] };
    let (input, mut output, mut d_input) = (values(2048), values(512), values(2048));
    line(criterion, "max pool", "forward", passes(1, 2048 + 512), || {
        kernels::max_pool2d_forward(&geometry, 1, black_box(&input), &mut output);
    });
    let d_output = values(512);
    line(criterion, "max pool", "gradient", passes(2, 2048 + 512), || {
        kernels::max_pool2d_backward(&geometry, 1, black_box(&input), &output, &d_output, &mut d_input);
    });
}

/// 16 sequences of 64 steps.
fn norms(criterion: &mut Criterion<Machine>) {
    let (width, rows) = (128, 16 * 64);
    let (input, d_output, mut output) = (values(rows * width), values(rows * width), values(rows * width));
    let (scale, shift, [mut d_scale, mut d_shift]) = (values(width), values(width), [0; 2].map(|_| values(width)));
    line(criterion, "layer norm", "forward", passes(1, rows * width * 2), || {
        kernels::layer_norm_forward(1e-5, &scale, &shift, black_box(&input), &mut output);
    });
    line(criterion, "layer norm", "gradients", passes(1, rows * width * 3), || {
        let parameters = Some((&mut d_scale[..], &mut d_shift[..]));
        kernels::layer_norm_backward(1e-5, &scale, black_box(&input), &d_output, Some(&mut output), parameters);
    });
    line(criterion, "root mean square norm", "forward", passes(1, rows * width * 2), || {
        kernels::rms_norm_forward(1e-5, &scale, black_box(&input), &mut output);
    });
    line(criterion, "root mean square norm", "gradients", passes(1, rows * width * 3), || {
        let d_scale = Some(&mut d_scale[..]);
        kernels::rms_norm_backward(1e-5, &scale, black_box(&input), &d_output, Some(&mut output), d_scale);
    });
}

/// The whole layer, products around it included, on sequences of 64 and of 1024 steps.
fn attention(criterion: &mut Criterion<Machine>) {
    for (samples, time, causal) in [(16, 64, true), (16, 64, false), (1, 1024, true)] {
        let config = spec::Attention {
            heads: 4,
            key_heads: None,
            causal,
            window: None,
            rotary: false,
            base: 1e4,
            bias: true,
            masked: false,
            dropout: 0.0,
        };
        let shape = Shape::new(&[time, 128]);
        let (call, pass) = (Call::new(config, shape, shape, 0), Pass::inference(samples));
        let mut layer = layers::Attention::<128, 4, 4, 32, f32>::zeroed_box();
        layer.as_mut_slice().iter_mut().zip(values(4 * 128 * 128)).for_each(|(to, from)| *to = 0.1 * from);
        let mut gradient = layers::Attention::<128, 4, 4, 32, f32>::zeroed_box();
        let [input, mut output, mut d_input] = [0; 3].map(|_| values(samples * shape.len()));
        let (mut tape, mut scratch) = (values(samples * config.tape(shape)), values(config.scratch(shape)));
        let group = format!("attention of {time} steps{}", if causal { ", causal" } else { "" });
        let flops = |times: u64| Throughput::Elements(times * samples as u64 * config.flops(shape));
        line(criterion, &group, "forward", flops(1), || {
            let memory = Memory { tape: &mut tape, scratch: &mut scratch, statistics: &[] };
            layer.forward(&call, &pass, black_box(&input), &mut output, memory);
        });
        // The backward pass changes the tape, so that forward has to run again.
        line(criterion, &group, "both passes", flops(3), || {
            let memory = Memory { tape: &mut tape, scratch: &mut scratch, statistics: &[] };
            layer.forward(&call, &pass, black_box(&input), &mut output, memory);
            let memory = Memory { tape: &mut tape, scratch: &mut scratch, statistics: &[] };
            let (values, gradient) = (Activations { input: &input, output: &[] }, Some(&mut *gradient));
            layer.backward(&call, &pass, values, &mut output, Some(&mut d_input), gradient, memory);
        });
    }
}
