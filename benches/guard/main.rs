//! The work whose instructions `run` counts: `guard` lists the names, `guard NAME` does one, in one thread.

#[allow(dead_code, reason = "the benchmarks share more than each of them uses")]
#[path = "../common/mod.rs"]
mod common;

use common::{Cnn, Control, Digits, STILL, batch, values};
use netform::kernels::{self, Epilogue, Matrix, Store};
use netform::prelude::*;
use netform::spec::{Activation, Conv2dGeometry};
use std::hint::black_box;

type Work = Box<dyn FnMut()>;
type Named = (&'static str, fn() -> Work);

/// Six kernels and three whole steps.
const ALL: [Named; 9] = [
    ("gemm 64x64x64", || product([64, 64, 64])),
    ("gemm 32x784x128", || product([32, 784, 128])),
    ("conv 32x32x3 to 32, forward", || convolution(true)),
    ("conv 32x32x3 to 32, weight gradient", || convolution(false)),
    ("tanh of 4096", tanh),
    ("Adam on 109386 parameters", adam),
    ("CNN, step of 32", || step(Cnn::new(1), 32)),
    ("MLP 784-128-64-10, step of 32", || step(Digits::new(1), 32)),
    ("MLP 8-64-64-4, step of 64", || step(Control::new(1), 64)),
];

fn main() {
    if !has_the_instruction_set() {
        return println!("this machine has no AVX2 and FMA");
    }
    let name = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let Some(name) = name else {
        return ALL.iter().for_each(|(name, _)| println!("{name}"));
    };
    let (_, make) = ALL.iter().find(|(known, _)| *known == name).expect("one of the names that `guard` lists");
    let mut work = make();
    // The first call allocates what is kept.
    work();
    measured(&mut *work);
}

/// What is counted is what runs between the begin and the end of this function.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    black_box(work)();
}

/// The recorded figures are those of AVX2 with FMA. (valgrind knows no AVX-512, and so no program under it.)
fn has_the_instruction_set() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

fn product([m, k, n]: [usize; 3]) -> Work {
    let (a, b, mut c) = (values(m * k), values(k * n), values(m * n));
    let mut scratch = values(kernels::gemm_scratch(k, n));
    Box::new(move || {
        let (a, b) = (Matrix::rows(&a, k), Matrix::rows(&b, n));
        kernels::gemm([m, n, k], a, b, black_box(&mut c), Store::Overwrite, Epilogue::NONE, &mut scratch);
    })
}

fn convolution(is_forward: bool) -> Work {
    let geometry =
        Conv2dGeometry { input: [32, 32, 3], kernel: [3, 3], stride: [1, 1], padding: [0, 0], output: [30, 30, 32] };
    let samples = 4;
    let (input, mut output) = (values(samples * 32 * 32 * 3), values(samples * 30 * 30 * 32));
    let (mut weight, bias) = (values(9 * 3 * 32), values(32));
    let mut scratch = values(kernels::conv2d_scratch(&geometry));
    if !is_forward {
        return Box::new(move || {
            let weight = black_box(&mut weight);
            kernels::conv2d_backward_weight(&geometry, samples, &input, &output, weight, &mut scratch);
        });
    }
    Box::new(move || {
        let (activation, output) = (Activation::Relu, black_box(&mut output));
        kernels::conv2d_forward(&geometry, samples, &input, &weight, &bias, activation, output, &mut scratch);
    })
}

fn tanh() -> Work {
    let (input, mut output) = (values(4096), values(4096));
    Box::new(move || kernels::activate(Activation::Tanh, black_box(&input), black_box(&mut output)))
}

/// A step by hand on a gradient of zeros.
fn adam() -> Work {
    let mut network = Digits::new(1);
    let mut gradients = GradientSum::new(&*network);
    let mut stepper = Stepper::new(&*network, STILL);
    Box::new(move || stepper.step(&mut *network, &mut gradients).expect("the gradient is finite"))
}

fn step<N, const CLASSES: usize>(mut network: AlignedBox<N>, samples: usize) -> Work
where
    N: Network<f32, Kind = Scores, Output = Features<CLASSES>> + 'static,
{
    let data = batch::<N::Input, CLASSES>(samples);
    let trainer = Trainer::new(CrossEntropy::new(), STILL).batch_size(samples).threads(1).silent();
    let trainer = Box::leak(Box::new(trainer));
    let mut session = trainer.start(&*network, Classes).expect("the settings are in range");
    Box::new(move || {
        black_box(session.fit(&mut *network, &data).expect("the loss is finite"));
    })
}
