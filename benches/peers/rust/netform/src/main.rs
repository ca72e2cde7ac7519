//! netform's side: every row of the table, by the calls that a user makes.

#[allow(dead_code, reason = "the benchmarks share more than each of them uses")]
#[path = "../../../../common/mod.rs"]
mod common;
mod kernels;
mod machine;

use common::{Cnn, Control, Digits, Gpt, STILL, Separable, Tiny, Words, classes, sample, values};
use netform::losses::{FitsOutput, Loss};
use netform::network::Whole;
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
        ["lstm", "train", batch] => train_words(batch.parse().ok()?),
        ["gpt", "train", batch] => train_letters(batch.parse().ok()?),
        ["gpt", "decode", letters] => write_letters(letters.parse().ok()?),
        ["gemm", ref sizes @ ..] => kernels::product(protocol::sizes(sizes)?),
        ["conv", pass] => kernels::convolution(pass),
        ["machine", what] => machine::limit(what),
        _ => None,
    })
}

/// A step on arrays that lie in memory, as the peers' steps find their tensors.
fn train<N, const CLASSES: usize>(network: AlignedBox<N>, samples: usize) -> Option<Work>
where
    N: Network<f32, Kind = Scores, Output = Features<CLASSES>> + 'static,
{
    steps(network, &values(samples * N::Input::SHAPE.len()), classes::<CLASSES>(samples), Classes::<CLASSES>)
}

fn steps<N, Y>(mut network: AlignedBox<N>, inputs: &[f32], targets: Vec<Y::Target<f32>>, labels: Y) -> Option<Work>
where
    N: Network<f32> + 'static,
    Y: FitsOutput<N::Output, N::Kind>,
    CrossEntropy: Loss<f32, Whole<f32, N>, Y>,
{
    let inputs = <N::Input as SampleShape>::Array::from_flat(inputs).to_vec();
    let trainer =
        Trainer::new(CrossEntropy::new(), STILL).batch_size(inputs.len()).threads(protocol::threads()).silent();
    let trainer = Box::leak(Box::new(trainer));
    let mut session = trainer.start(&*network, labels).ok()?;
    Some(Box::new(move || {
        black_box(session.step(&mut *network, &inputs, &targets).expect("the loss is finite"));
    }))
}

/// See [`protocol::numbers`].
fn numbers(len: usize, vocabulary: usize) -> Vec<f32> {
    protocol::numbers(len, vocabulary, 0).map(|number| number as f32).collect()
}

fn train_words(samples: usize) -> Option<Work> {
    let classes = numbers(samples, 2).into_iter().map(|class| class as u32).collect();
    steps(Words::new(1), &numbers(samples * 100, 20_000), classes, Classes::<2>)
}

fn train_letters(samples: usize) -> Option<Work> {
    let letters = numbers(samples * 64, 65);
    let next = letters.as_chunks::<64>().0.iter().map(|row| row.map(|letter| (letter as u32 + 1) % 65)).collect();
    steps(Gpt::new(1), &letters, next, Each::<64, Classes<65>>::default())
}

/// Letter by letter, each the likeliest, with what the layers keep of those before.
fn write_letters(letters: usize) -> Option<Work> {
    let network = Gpt::new(1).leak();
    let mut stream = Stream::new(&*network);
    Some(Box::new(move || {
        stream.restart();
        let mut letter = 1;
        for _ in 0..letters {
            let scores = stream.step(&[letter as f32]).expect("no more letters than the network reads");
            letter = (0..65).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or_default();
        }
        black_box(letter);
    }))
}

/// One sample, in the caller's memory.
fn one<N: Network<f32> + 'static>(network: AlignedBox<N>) -> Option<Work> {
    let input = sample::<N::Input>();
    let mut workspace = AlignedBox::zeros(N::WORKSPACE);
    Some(Box::new(move || {
        black_box(network.predict_with(black_box(&input), &mut workspace).is_ok());
    }))
}

/// Many samples, with their outputs in a new vector; the threads are rayon's.
fn many<N: Network<f32> + 'static>(network: AlignedBox<N>, samples: usize) -> Option<Work> {
    let inputs = vec![*sample::<N::Input>(); samples];
    Some(Box::new(move || {
        black_box(network.predict_many(black_box(&inputs)));
    }))
}
