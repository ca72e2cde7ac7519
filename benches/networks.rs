//! Whole networks: one training step, and predictions. `cargo bench --bench networks`
//!
//! Prints the median of many runs. Times on a busy machine say little: compare figures of one run. The kernels have a
//! benchmark of their own: `cargo bench -p nn-core --bench kernels`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use netform::prelude::*;

network! {
    /// The classifier that this project began with.
    pub struct Cifar10(image: [32, 32, 3]) -> [10] {
        image -> conv: Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Flatten -> fc: Dense(128) -> Relu -> head: Dense(10)
    }

    /// A classifier of digits.
    pub struct Digits(image: [784]) -> [10] {
        image -> Dense(128) -> Relu -> Dense(64) -> Relu -> Dense(10)
    }

    /// A controller.
    pub struct Control(state: [8]) -> [4] {
        state -> Dense(64) -> Tanh -> Dense(64) -> Tanh -> Dense(4)
    }
}

/// The median time of a call, over half a second and at least seven calls.
fn median(mut work: impl FnMut()) -> Duration {
    work();
    let (start, mut times) = (Instant::now(), Vec::new());
    while times.len() < 7 || (start.elapsed() < Duration::from_millis(500) && times.len() < 100_000) {
        let before = Instant::now();
        work();
        times.push(before.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

fn training_step<N, const CLASSES: usize>(name: &str, network: &mut N, batch: usize)
where
    N: Network<f32, Kind = Scores, Output = Features<CLASSES>>,
{
    let mut random = Random::new(1);
    let inputs: Vec<f32> = (0..batch * N::Input::SHAPE.len()).map(|_| random.uniform() as f32).collect();
    let labels: Vec<u32> = (0..batch).map(|_| random.below(CLASSES) as u32).collect();
    let data =
        Dataset::<N::Input, Classes<CLASSES>>::from_values(inputs, labels).expect("finite values, labels in range");
    for threads in [1, 2] {
        let trainer = Trainer::new(CrossEntropy::new(), Adam::default()).batch_size(batch).threads(threads).silent();
        let mut session = trainer.start(network, Classes).expect("settings in range");
        let time = median(|| {
            let history = session.fit(network, &data).expect("a finite loss");
            black_box(history);
        });
        println!("{name}, training step, batch {batch}, {threads} thread(s): {time:?}");
    }
}

fn prediction<N: Network<f32>>(name: &str, network: &N) {
    let input = <N::Input as SampleShape>::Array::<f32>::zeroed_box();
    let mut workspace = vec![0.0; N::WORKSPACE];
    let time = median(|| {
        black_box(network.predict_with(black_box(&input), &mut workspace).is_ok());
    });
    println!("{name}, one sample: {time:?}");
}

fn main() {
    let (mut cifar10, mut digits, mut control) = (Cifar10::new(1), Digits::new(1), Control::new(1));
    training_step("seed CNN", &mut *cifar10, 1000);
    training_step("seed CNN", &mut *cifar10, 32);
    prediction("seed CNN", &*cifar10);
    for batch in [32, 128, 1024] {
        training_step("MLP 784-128-64-10", &mut *digits, batch);
    }
    prediction("MLP 784-128-64-10", &*digits);
    training_step("MLP 8-64-64-4", &mut *control, 64);
    prediction("MLP 8-64-64-4", &*control);
}
