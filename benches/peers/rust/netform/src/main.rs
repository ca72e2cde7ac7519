//! netform's side: every row of the table, by the calls that a user makes.

#[allow(dead_code, reason = "the benchmarks share more than each of them uses")]
#[path = "../../../../common/mod.rs"]
mod common;
mod kernels;
mod machine;

use common::{Cnn, Control, Digits, STILL, Separable, Tiny, batch, sample};
use netform::prelude::*;
use protocol::Work;
use std::hint::black_box;

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
        ["separable", "forward", "1"] => one(Separable::new(1)),
        ["gemm", ref sizes @ ..] => kernels::product(protocol::sizes(sizes)?),
        ["conv", pass] => kernels::convolution(pass),
        ["machine", what] => machine::limit(what),
        _ => None,
    })
}

/// A step as a user takes it: `fit` on a data set of one batch, with its shuffle, its filling of tiles and its history.
fn train<N, const CLASSES: usize>(mut network: Box<N>, samples: usize) -> Option<Work>
where
    N: Network<f32, Kind = Scores, Output = Features<CLASSES>> + 'static,
{
    let data = batch::<N::Input, CLASSES>(samples);
    let trainer = Trainer::new(CrossEntropy::new(), STILL).batch_size(samples).threads(protocol::threads()).silent();
    let trainer = Box::leak(Box::new(trainer));
    let mut session = trainer.start(&*network, Classes).ok()?;
    Some(Box::new(move || {
        black_box(session.fit(&mut *network, &data).expect("the loss is finite"));
    }))
}

/// One sample, in the caller's memory.
fn one<N: Network<f32> + 'static>(network: Box<N>) -> Option<Work> {
    let input = sample::<N::Input>();
    let mut workspace = vec![0.0; N::WORKSPACE];
    Some(Box::new(move || {
        black_box(network.predict_with(black_box(&input), &mut workspace).is_ok());
    }))
}

/// Many samples, with their outputs in a new vector; the threads are rayon's.
fn many<N: Network<f32> + 'static>(network: Box<N>, samples: usize) -> Option<Work> {
    let inputs = vec![*sample::<N::Input>(); samples];
    Some(Box::new(move || {
        black_box(network.predict_many(black_box(&inputs)));
    }))
}
