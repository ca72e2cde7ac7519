//! The main job: a small convolutional network learns to tell clothes apart.
//!
//! `cargo run --release --example fashion_mnist` trains on the 8,000 images in this repository, and needs nothing else.
//! With the full set (`tools/get-data fashion-mnist`) give its folder: `… --example fashion_mnist data/fashion-mnist`.

use netform::data::fashion_mnist;
use netform::prelude::*;

network! {
    /// Two convolutions, each with a pool, and a small head.
    pub struct Fashion(image: [28, 28, 1]) -> [10] {
        image -> Conv2d(16, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Flatten -> Dropout(0.25) -> Dense(64) -> Relu -> head: Dense(10)
    }
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let embedded = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/fashion-mnist");
    let folder = std::env::args().nth(1).unwrap_or_else(|| embedded.to_owned());
    // The smoke run in CI asks for one epoch.
    let epochs = std::env::var("NETFORM_EPOCHS").ok().and_then(|epochs| epochs.parse().ok()).unwrap_or(12);

    let (train, test) = fashion_mnist::load(&folder)?;
    println!("{} training and {} test images, {} parameters", train.len(), test.len(), Fashion::PARAMS);

    let mut network = Fashion::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::default())
        .epochs(epochs)
        .batch_size(64)
        .seed(1)
        .metric(Accuracy)
        .validation(&test);
    let history = trainer.fit(&mut network, &train)?;
    println!("{history}");

    let report = trainer.evaluate(&network, &test)?;
    println!("test: {report}");

    let scores = network.predict(&*test.input(0)?);
    let best = (0..10).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
    println!(
        "The first test image is a {}; it is {:?}.",
        fashion_mnist::CLASS_NAMES[best],
        test.label(0).map(|label| fashion_mnist::CLASS_NAMES[label as usize])
    );
    Ok(())
}
