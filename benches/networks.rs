//! Whole networks: one training step, and predictions. `cargo bench --bench networks`; a word behind `--` picks lines.
//!
//! Beside its time each line says GFLOP/s and its share of one core's peak, by the arithmetic that the network's `FLOPS`
//! count: a gradient that is not computed, as behind a max-pool, can take it above what the units do. The kernels have a
//! benchmark of their own: `cargo bench -p nn-core --bench kernels`; other frameworks too: `benches/peers/run`.

#[allow(dead_code, reason = "the benchmarks share more than each of them uses")]
mod common;
#[path = "common/machine.rs"]
mod machine;

use common::{Cnn, Control, Digits, STILL, Separable, Tiny, batch, sample};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use machine::Machine;
use netform::prelude::*;
use std::hint::black_box;

criterion_group! { name = benches; config = Machine::criterion(); targets = training, prediction }
criterion_main!(benches);

fn training(criterion: &mut Criterion<Machine>) {
    steps(criterion, "seed CNN", &mut *Cnn::new(1), Cnn::FLOPS, &[32, 1000]);
    steps(criterion, "MLP 784-128-64-10", &mut *Digits::new(1), Digits::FLOPS, &[32, 128, 1024]);
    steps(criterion, "MLP 8-64-64-4", &mut *Control::new(1), Control::FLOPS, &[64]);
}

fn prediction(criterion: &mut Criterion<Machine>) {
    one(criterion, "seed CNN", &*Cnn::new(1), Cnn::FLOPS);
    one(criterion, "MLP 784-128-64-10", &*Digits::new(1), Digits::FLOPS);
    one(criterion, "MLP 8-64-64-4", &*Control::new(1), Control::FLOPS);
    one(criterion, "MLP 4-32-16-4", &*Tiny::new(1), Tiny::FLOPS);
    one(criterion, "inverted residuals", &*Separable::new(1), Separable::FLOPS);
}

/// `fit` on a data set of one batch, with one thread and with two. Forward once, backward about twice the arithmetic.
#[allow(clippy::boxed_local)] // A network may be too large for the stack.
fn steps<N, const CLASSES: usize>(
    criterion: &mut Criterion<Machine>,
    name: &str,
    network: &mut N,
    flops: u64,
    batches: &[usize],
) where
    N: Network<f32, Kind = Scores, Output = Features<CLASSES>>,
{
    let mut group = criterion.benchmark_group(format!("{name}, training step"));
    for &samples in batches {
        let data = batch::<N::Input, CLASSES>(samples);
        group.throughput(Throughput::Elements(3 * flops * samples as u64));
        for threads in [1, 2] {
            let trainer = Trainer::new(CrossEntropy::new(), STILL).batch_size(samples).threads(threads).silent();
            let mut session = trainer.start(network, Classes).expect("settings in range");
            group.bench_function(format!("batch {samples}, threads {threads}"), |bencher| {
                bencher.iter(|| black_box(session.fit(network, &data).expect("a finite loss")));
            });
        }
    }
}

fn one<N: Network<f32>>(criterion: &mut Criterion<Machine>, name: &str, network: &N, flops: u64) {
    let input = sample::<N::Input>();
    let mut workspace = AlignedBox::zeros(N::WORKSPACE);
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(flops)).bench_function("one sample", |bencher| {
        bencher.iter(|| black_box(network.predict_with(black_box(&input), &mut workspace).is_ok()));
    });
}
