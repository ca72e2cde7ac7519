//! A small GPT learns to write like Shakespeare, letter by letter.
//!
//! `tools/get-data shakespeare` gets his works; `cargo run --release --example shakespeare` trains on some of them for a few
//! minutes, writes a page, and leaves the weights in `runs/shakespeare/`. Writing takes one step of the network a letter: the
//! keys and values of the letters before are kept.

use netform::Random;
use netform::data::Vocabulary;
use netform::metrics::Perplexity;
use netform::optim::Schedule;
use netform::prelude::*;

/// Letters that are looked at to tell the next one.
const CONTEXT: usize = 64;
/// Different letters and marks: the 84 of the works, and one for what does not stand there.
const LETTERS: usize = 85;

network! {
    block Layer(x: [time, width]) {
        let y = x + (x -> LayerNorm -> Attention(4, causal = true) -> Dropout(0.1));
        y + (y -> LayerNorm -> Dense(512) -> Gelu -> Dense(width) -> Dropout(0.1))
    }

    /// For each letter, scores for the next one.
    #[stream]
    pub struct Gpt(letters: [CONTEXT]) -> [CONTEXT, LETTERS] {
        letters -> Embedding(LETTERS, 128) -> PositionalEmbedding(CONTEXT) -> [Layer; 4] -> LayerNorm -> Dense(LETTERS)
    }
}

type Windows = Dataset<Features<CONTEXT>, Each<CONTEXT, Classes<LETTERS>>>;

/// The text in windows; the target of each letter is the one behind it.
fn windows(numbers: &[u32]) -> Result<Windows, netform::data::DataError> {
    let starts = (0..numbers.len().saturating_sub(CONTEXT)).step_by(CONTEXT);
    let window =
        |start: usize, shift: usize| -> [u32; CONTEXT] { std::array::from_fn(|place| numbers[start + shift + place]) };
    let inputs: Vec<[f32; CONTEXT]> =
        starts.clone().map(|start| window(start, 0).map(|letter| letter as f32)).collect();
    let targets: Vec<[u32; CONTEXT]> = starts.map(|start| window(start, 1)).collect();
    Dataset::from_samples(&inputs, &targets)
}

/// Draws a letter by its probability; a temperature below 1 makes likely ones likelier.
fn draw(scores: &[f32; LETTERS], temperature: f64, random: &mut Random) -> u32 {
    let largest = scores.iter().copied().fold(f32::MIN, f32::max);
    let weights = scores.map(|score| (f64::from(score - largest) / temperature).exp());
    let mut rest = random.uniform() * weights.iter().sum::<f64>();
    let found = weights.iter().position(|weight| {
        rest -= weight;
        rest < 0.0
    });
    found.unwrap_or(LETTERS - 1) as u32
}

/// Goes on with a text. Where the network has read as far as it can, it starts again with the second half of that.
fn write(
    network: &Gpt,
    vocabulary: &Vocabulary,
    start: &str,
    letters: usize,
) -> Result<String, netform::predict::StreamEnded> {
    let (mut numbers, mut random) = (vocabulary.numbers(start), Random::new(1));
    let mut stream = Stream::new(network);
    let mut read = 0;
    while numbers.len() < letters {
        if stream.position() == CONTEXT {
            stream.restart();
            read = numbers.len() - CONTEXT / 2;
        }
        let scores = stream.step(&[numbers[read] as f32])?;
        read += 1;
        if read == numbers.len() {
            numbers.push(draw(scores, 0.8, &mut random));
        }
    }
    Ok(numbers.into_iter().map(|number| vocabulary.text(number)).collect())
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "data/shakespeare/works.txt".to_owned());
    let works = std::fs::read_to_string(&path)
        .map_err(|error| format!("{path}: {error}; `tools/get-data shakespeare` gets it"))?;
    let epochs = std::env::var("NETFORM_EPOCHS").map_or(Ok(4), |epochs| epochs.parse())?;
    // A tenth of the works is enough for some minutes.
    let vocabulary = Vocabulary::of_letters([works.as_str()], LETTERS);
    let numbers = vocabulary.numbers(&works);
    let (train, test) = (windows(&numbers[..1_100_000])?, windows(&numbers[1_100_000..1_200_000])?);
    println!("{} windows to train with, {} held out; {} parameters", train.len(), test.len(), Gpt::PARAMS);

    let mut network = Gpt::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), AdamW::new(2e-3).weight_decay(0.1))
        .epochs(epochs)
        .batch_size(32)
        .seed(1)
        .schedule(Schedule::Cosine { warmup: 100, floor: 0.05 })
        .clip_norm(1.0)
        .metric(Perplexity::default())
        .validation(&test);
    println!("{}", trainer.fit(&mut network, &train)?);

    println!("{}", write(&network, &vocabulary, "ROMEO.\n", 800)?);
    std::fs::create_dir_all("runs/shakespeare")?;
    network.save("runs/shakespeare/gpt.safetensors")?;
    Ok(())
}
