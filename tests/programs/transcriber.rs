//! Symbols in a signal without marks where they stand, as speech is transcribed (Graves et al. 2006, "Connectionist temporal
//! classification"): a recurrent network, and a loss over all ways to spread the symbols over time.

use netform::data::Transcripts;
use netform::losses::Ctc;
use netform::prelude::*;

use crate::check::check;

network! {
    /// Four symbols and a blank at each of 20 steps.
    pub struct Transcriber(signal: [20, 3]) -> [20, 5] {
        signal -> Gru(24) -> Dense(5)
    }

    /// The same for few steps.
    pub struct SmallTranscriber(signal: [3, 2]) -> [3, 3] {
        signal -> Gru(4) -> Dense(3)
    }

    /// Step by step.
    pub struct OfSteps(signal: [20, 3]) -> [20, 5] {
        signal -> scores: Conv1d(5, kernel = 3, padding = same)
    }

    /// The same of a picture of one row, as convolutions leave it.
    pub struct OfRow(signal: [1, 20, 3]) -> [1, 20, 5] {
        signal -> scores: Conv2d(5, kernel = [1, 3], padding = same)
    }
}

type Words = Transcripts<5, 4>;

#[test]
fn gradients() {
    check::<SmallTranscriber<f64>>();
}

/// Up to four symbols, each heard for two to four steps with silence between; what lies behind the last step is noise.
type Heard = (Vec<[[f32; 3]; 20]>, Vec<Vec<u32>>, Vec<usize>);

fn words(count: usize, seed: u64) -> Heard {
    let tones = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]];
    let mut random = Random::new(seed);
    let (mut signals, mut symbols, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..count {
        let word: Vec<u32> = (0..1 + random.below(4)).map(|_| 1 + random.below(4) as u32).collect();
        let mut heard: Vec<[f32; 3]> = Vec::new();
        for &symbol in &word {
            heard.extend(vec![[0.0; 3]; 1 + random.below(2)]);
            heard.extend(vec![tones[symbol as usize - 1]; 2 + random.below(2)]);
        }
        let len = heard.len();
        let noise = |_| core::array::from_fn(|_| random.normal() as f32);
        heard.extend((len..20).map(noise));
        let quiet = |tone: [f32; 3], random: &mut Random| tone.map(|value| value + 0.1 * random.normal() as f32);
        let signal: Vec<[f32; 3]> = heard.into_iter().take(20).map(|tone| quiet(tone, &mut random)).collect();
        signals.push(signal.try_into().expect("twenty steps"));
        symbols.push(word);
        steps.push(len.min(20));
    }
    (signals, symbols, steps)
}

#[test]
fn words_are_read_from_signals() {
    let (signals, symbols, steps) = words(400, 1);
    let targets: Vec<_> =
        symbols.iter().zip(&steps).map(|(word, &steps)| Words::within(word, steps).expect("fits")).collect();
    let data: Dataset<Sequence<20, 3>, Words> = Dataset::from_samples(&signals, &targets).expect("fits");
    let mut network = Transcriber::new(1);
    let trainer = Trainer::new(Ctc::new(), Adam::new(0.02)).epochs(15).batch_size(20).silent();
    let history = trainer.fit(&mut network, &data).expect("trains");

    let (signals, symbols, steps) = words(100, 2);
    let mut right = [0; 2];
    for ((signal, word), &steps) in signals.iter().zip(&symbols).zip(&steps) {
        let output = network.predict(signal);
        right[0] += usize::from(Ctc::new().greedy(&output[..steps]) == *word);
        right[1] += usize::from(Ctc::new().beam(&output[..steps], 5)[0].0 == *word);
    }
    assert!(right[0] >= 85 && right[1] + 2 >= right[0], "{right:?} of 100; {history}");
}

#[test]
fn a_picture_of_one_row_is_read_like_a_sequence() {
    let (signals, symbols, steps) = words(30, 3);
    let targets: Vec<_> =
        symbols.iter().zip(&steps).map(|(word, &steps)| Words::within(word, steps).expect("fits")).collect();
    let rows: Vec<_> = signals.iter().map(|signal| [*signal]).collect();
    let steps: Dataset<Sequence<20, 3>, Words> = Dataset::from_samples(&signals, &targets).expect("fits");
    let rows: Dataset<Image<1, 20, 3>, Words> = Dataset::from_samples(&rows, &targets).expect("fits");
    let trainer = Trainer::new(Ctc::new(), Adam::new(0.02)).silent();
    let (mut of_steps, mut of_row) = (OfSteps::new(1), OfRow::new(1));
    trainer.fit(&mut of_steps, &steps).expect("trains");
    trainer.fit(&mut of_row, &rows).expect("trains");
    assert_eq!(of_steps.as_slice(), of_row.as_slice());
}
