//! Two views of one thing that find each other, as CLIP has it (Radford et al. 2021, "Learning transferable visual models from
//! natural language supervision"): an encoder for each kind, and a loss that compares all samples of a batch.

use netform::losses::{InfoNce, NtXent};
use netform::prelude::*;

use crate::check::check;

network! {
    /// A small picture, and a few words about it as a bag of words.
    pub struct Clip(picture: [6, 6, 1], words: [12]) -> (seen: [8], read: [8]) {
        (
            picture -> Conv2d(4, kernel = 3) -> Relu -> Flatten -> seen: Dense(8),
            words -> Dense(16) -> Relu -> read: Dense(8)
        )
    }
}

#[test]
fn gradients() {
    check::<Clip<f64>>();
}

/// Things of two properties: where they stand in a picture, and how bright they are, told by one word each.
fn things(count: usize) -> Dataset<ClipInputShape, ()> {
    let mut random = Random::new(5);
    let thing = |_| {
        let (place, brightness) = (random.below(8), random.below(4));
        let mut pixel = |row: usize, column: usize| {
            let is_there = row / 2 == place / 3 && column / 2 == place % 3;
            0.1 * random.normal() as f32 + if is_there { 0.5 + brightness as f32 / 2.0 } else { 0.0 }
        };
        let mut words = [0.0; 12];
        (words[place], words[8 + brightness]) = (1.0, 1.0);
        let picture = core::array::from_fn(|row| core::array::from_fn(|column| [pixel(row, column)]));
        ClipInput { picture, words }
    };
    let samples: Vec<ClipInput> = (0..count).map(thing).collect();
    Dataset::from_samples(&samples, &vec![(); count]).expect("fits")
}

#[test]
fn pictures_find_their_words() {
    let (training, test) = (things(600), things(600));
    let run = |threads| {
        let mut network = Clip::new(1);
        let trainer = Trainer::new(InfoNce::default(), Adam::new(0.01)).epochs(12).batch_size(30).threads(threads);
        let trainer = trainer.silent();
        let history = trainer.fit(&mut network, &training).expect("trains");
        (trainer.evaluate(&network, &test).expect("evaluates").loss, network, history)
    };
    let (loss, network, history) = run(1);
    // Blind guesses among 30 cost ln 30; things of 32 kinds cannot be told apart where two of a kind meet in a batch.
    assert!(loss < 1.0, "{loss}, {history}");
    let (same_loss, same, _) = run(2);
    assert!(same_loss == loss && same.as_slice() == network.as_slice(), "two threads");
    // The words of a thing seen are those that it is nearest to.
    let predict = |sample| network.predict(&*test.input(sample).expect("is there"));
    let samples: Vec<ClipOutput> = (0..20).map(predict).collect();
    let cosine = |a: &[f32; 8], b: &[f32; 8]| {
        let dot = |a: &[f32; 8], b: &[f32; 8]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    };
    let is_found = |sample: &&ClipOutput| {
        let own = cosine(&sample.seen, &sample.read);
        samples.iter().all(|other| cosine(&sample.seen, &other.read) <= own + 1e-3)
    };
    let found = samples.iter().filter(is_found).count();
    assert!(found >= 15, "{found} of 20");
}

#[test]
fn views_are_told_from_all_others() {
    let data = things(300);
    let mut network = Clip::new(1);
    let trainer = Trainer::new(NtXent::default(), Adam::new(0.01)).epochs(6).batch_size(30).silent();
    let history = trainer.fit(&mut network, &data).expect("trains");
    let losses: Vec<f64> = history.losses().collect();
    assert!(losses[5] < 0.8 * losses[0], "{losses:?}");
}
