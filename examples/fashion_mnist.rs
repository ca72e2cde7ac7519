//! The main job: a small convolutional network learns to tell clothes apart.
//!
//! `cargo run --release --example fashion_mnist` trains on the 8,000 images in this repository, and needs nothing else.
//! With the full set (`tools/get-data fashion-mnist`) give its folder: `… --example fashion_mnist data/fashion-mnist`.
//! Pictures and weights go to `runs/fashion_mnist/`.

use std::fs;

use netform::data::fashion_mnist::{CLASS_NAMES, load};
use netform::io::{ConfusionMatrix, plot};
use netform::prelude::*;

network! {
    /// Two convolutions, each with a pool, and a small head.
    pub struct Fashion(image: [28, 28, 1]) -> [10] {
        image -> Conv2d(16, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Flatten -> Dropout(0.4) -> Dense(128) -> Relu -> Dropout(0.4) -> head: Dense(10)
    }
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let embedded = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/fashion-mnist");
    let folder = std::env::args().nth(1).unwrap_or_else(|| embedded.to_owned());
    // The smoke run in CI asks for one epoch.
    let epochs = std::env::var("NETFORM_EPOCHS").map_or(Ok(12), |epochs| epochs.parse())?;

    let (train, test) = load(&folder)?;
    println!("{} training and {} test images, {} parameters", train.len(), test.len(), Fashion::PARAMS);

    let mut network = Fashion::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(2e-3))
        .epochs(epochs)
        .batch_size(32)
        .seed(1)
        .metric(Accuracy)
        .validation(&test);
    let history = trainer.fit(&mut network, &train)?;
    println!("{history}");

    let matrix = ConfusionMatrix::measure(&network, &test, &CLASS_NAMES)?;
    println!("\n{matrix}\ntest: {}", trainer.evaluate(&network, &test)?);

    fs::create_dir_all("runs/fashion_mnist")?;
    history.plot("runs/fashion_mnist/curves.png")?;
    plot::confusion_matrix("runs/fashion_mnist/confusion.png", &matrix)?;
    network.save("runs/fashion_mnist/fashion.safetensors")?;
    println!("runs/fashion_mnist/ has the learning curves, the confusion matrix and the weights.");
    Ok(())
}
