//! netform's side: every row of the table, by the calls that a user makes.

mod kernels;
mod machine;

use netform::prelude::*;
use protocol::Work;
use std::hint::black_box;

network! {
    /// The classifier that this project began with.
    pub struct Cnn(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2) -> Flatten -> Dense(128) -> Relu -> Dense(10)
    }

    /// A classifier of digits.
    pub struct Digits(image: [784]) -> [10] {
        image -> Dense(128) -> Relu -> Dense(64) -> Relu -> Dense(10)
    }

    /// A controller.
    pub struct Control(state: [8]) -> [4] {
        state -> Dense(64) -> Tanh -> Dense(64) -> Tanh -> Dense(4)
    }

    /// A smaller one.
    pub struct Tiny(state: [4]) -> [4] {
        state -> Dense(32) -> Relu -> Dense(16) -> Relu -> Dense(4)
    }
}

fn main() {
    protocol::serve(|task| match *task {
        ["cnn", "train", batch] => train(Cnn::new(1), batch.parse().ok()?),
        ["cnn", "forward", "1"] => one(Cnn::new(1)),
        ["cnn", "forward", batch] => many(Cnn::new(1), batch.parse().ok()?),
        ["digits", "train", batch] => train(Digits::new(1), batch.parse().ok()?),
        ["digits", "forward", "1"] => one(Digits::new(1)),
        ["control", "train", batch] => train(Control::new(1), batch.parse().ok()?),
        ["control", "forward", "1"] => one(Control::new(1)),
        ["tiny", "forward", "1"] => one(Tiny::new(1)),
        ["gemm", ref sizes @ ..] => kernels::product(protocol::sizes(sizes)?),
        ["conv", pass] => kernels::convolution(pass),
        ["machine", what] => machine::limit(what),
        _ => None,
    })
}

/// A step as a user takes it: `fit` on a data set of one batch, with its shuffle, its filling of tiles and its history.
///
/// The learning rate is so small that the network stays where it is: thousands of steps on one batch would otherwise end
/// where gradients vanish.
fn train<N, const CLASSES: usize>(mut network: Box<N>, batch: usize) -> Option<Work>
where
    N: Network<f32, Kind = Scores, Output = Features<CLASSES>>,
{
    let inputs = protocol::values(batch * N::Input::SHAPE.len());
    let labels: Vec<u32> = (0..batch).map(|sample| (sample * 7 % CLASSES) as u32).collect();
    let data = Dataset::<N::Input, Classes<CLASSES>>::from_values(inputs, labels).ok()?;
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(1e-6));
    let trainer = Box::leak(Box::new(trainer.batch_size(batch).threads(protocol::threads()).silent()));
    let mut session = trainer.start(&*network, Classes).ok()?;
    Some(Box::new(move || {
        black_box(session.fit(&mut *network, &data).expect("the loss is finite"));
    }))
}

/// One sample, in the caller's memory.
fn one<N: Network<f32> + 'static>(network: Box<N>) -> Option<Work> {
    let mut input = <N::Input as SampleShape>::Array::<f32>::zeroed_box();
    input.as_mut_slice().copy_from_slice(&protocol::values(N::Input::SHAPE.len()));
    let mut workspace = vec![0.0; N::WORKSPACE];
    Some(Box::new(move || {
        black_box(network.predict_with(black_box(&input), &mut workspace).is_ok());
    }))
}

/// Many samples, with their outputs in a new vector; the threads are rayon's.
fn many<N: Network<f32> + 'static>(network: Box<N>, batch: usize) -> Option<Work> {
    let mut inputs = <N::Input as SampleShape>::Array::<f32>::zeroed_vec(batch);
    for input in &mut inputs {
        input.as_mut_slice().copy_from_slice(&protocol::values(N::Input::SHAPE.len()));
    }
    Some(Box::new(move || {
        black_box(network.predict_many(black_box(&inputs)));
    }))
}
