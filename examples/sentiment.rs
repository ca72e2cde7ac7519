//! Is a sentence of a film review kind? A bidirectional LSTM reads it word by word.
//!
//! `tools/get-data movie-reviews` gets 10,604 sentences with the mean of what twenty people thought of each;
//! `cargo run --release --example sentiment` trains on nine tenths of them, and asks about the rest.

use netform::data::Vocabulary;
use netform::prelude::*;

/// Words of a sentence that are read.
const WORDS: usize = 40;
/// Words that are known.
const KNOWN: usize = 8_000;

network! {
    /// Zeros, behind the end of a sentence, are passed over.
    pub struct Sentiment(words: [WORDS]) -> [2] {
        let x = words -> Embedding(KNOWN, 64, padding = 0) -> SpatialDropout(0.3);
        let there = x -> forwards: Lstm(48, last = true, masked = true, recurrent_dropout = 0.2);
        let back = x -> backwards: Lstm(48, last = true, masked = true, recurrent_dropout = 0.2, reverse = true);
        concat(there, back) -> Dropout(0.5) -> Dense(2)
    }
}

/// A rating below or above zero, and the sentence.
struct Review<'t> {
    is_kind: bool,
    text: &'t str,
}

fn reviews(file: &str) -> Result<Vec<Review<'_>>, Box<dyn core::error::Error>> {
    let review = |line: &'_ str| -> Result<(f32, usize), Box<dyn core::error::Error>> {
        let (rating, _) = line.split_once('\t').ok_or("a line without a tab")?;
        Ok((rating.parse()?, rating.len() + 1))
    };
    file.lines()
        .map(|line| review(line).map(|(rating, start)| Review { is_kind: rating > 0.0, text: &line[start..] }))
        .collect()
}

fn data_set(
    reviews: &[&Review<'_>],
    vocabulary: &Vocabulary,
) -> Result<Dataset<Features<WORDS>, Classes<2>>, netform::data::DataError> {
    let words: Vec<[f32; WORDS]> = reviews.iter().map(|review| vocabulary.padded::<WORDS>(review.text)).collect();
    let labels: Vec<u32> = reviews.iter().map(|review| u32::from(review.is_kind)).collect();
    Dataset::from_samples(&words, &labels)
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "data/movie-reviews/reviews.tsv".to_owned());
    let file = std::fs::read_to_string(&path)
        .map_err(|error| format!("{path}: {error}; `tools/get-data movie-reviews` gets it"))?;
    let reviews = reviews(&file)?;
    // Every tenth sentence is held out.
    let [train, test] = [false, true].map(|held_out| -> Vec<&Review<'_>> {
        let part = reviews.iter().enumerate().filter(|(index, _)| (index % 10 == 9) == held_out);
        part.map(|(_, review)| review).collect()
    });
    let vocabulary = Vocabulary::of_words(train.iter().map(|review| review.text), KNOWN);
    let (train, test) = (data_set(&train, &vocabulary)?, data_set(&test, &vocabulary)?);
    println!("{} sentences to train with, {} held out; {} parameters", train.len(), test.len(), Sentiment::PARAMS);

    let mut network = Sentiment::new(1);
    let epochs = std::env::var("NETFORM_EPOCHS").map_or(Ok(8), |epochs| epochs.parse())?;
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(2e-3))
        .epochs(epochs)
        .batch_size(64)
        .seed(1)
        .metric(Accuracy)
        .validation(&test);
    println!("{}", trainer.fit(&mut network, &train)?);
    println!("held out: {}", trainer.evaluate(&network, &test)?);

    for sentence in ["A warm, funny and wise film.", "Dull, and far too long.", "Not bad at all!"] {
        let [unkind, kind] = network.predict(&vocabulary.padded::<WORDS>(sentence));
        println!("{:>4.0} %  {sentence}", 100.0 / (1.0 + (unkind - kind).exp()));
    }
    Ok(())
}
