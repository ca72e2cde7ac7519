//! All of Fashion-MNIST with fewer than 100,000 parameters: `tools/get-data fashion-mnist`, then
//! `cargo run --release --example fashion_mnist_full`.
//!
//! The table of the data set's authors has 92.5 % for two convolutions with fewer than 100,000 parameters. Arguments: the folder
//! of the data (default `data/fashion-mnist`) and a seed (default 1). `NETFORM_EPOCHS` changes the number of epochs,
//! `NETFORM_SAMPLES` takes only so many samples. Pictures and weights go to `runs/fashion_mnist_full/`.

use std::fs;
use std::time::Instant;

use netform::data::augment::Border;
use netform::data::fashion_mnist::{CLASS_NAMES, load};
use netform::io::{ConfusionMatrix, plot};
use netform::optim::Schedule;
use netform::prelude::*;

network! {
    /// A convolution, normalised.
    block Conv(filters: usize)(image: [..]) {
        image -> Conv2d(filters, kernel = 3, padding = 1, bias = false) -> BatchNorm -> Relu
    }

    /// Four convolutions, two pools, and the largest value of each channel.
    pub struct Fashion(image: [28, 28, 1]) -> [10] {
        image -> Conv(16) -> Conv(24) -> MaxPool2d(2) -> Conv(48) -> MaxPool2d(2) -> Conv(96)
              -> GlobalMaxPool -> Dropout(0.2) -> head: Dense(10)
    }
    assert PARAMS < 100_000;
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "data/fashion-mnist".into());
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let epochs = std::env::var("NETFORM_EPOCHS").map_or(Ok(20), |epochs| epochs.parse())?;
    let samples = std::env::var("NETFORM_SAMPLES").map_or(Ok(usize::MAX), |samples| samples.parse())?;

    let (train, mut test) = load(&folder)?;
    let mut train = train.take(samples);
    let scaling = train.standardize();
    test.standardize_with(&scaling)?;
    println!("{} training and {} test images, {} parameters, seed {seed}", train.len(), test.len(), Fashion::PARAMS);

    let start = Instant::now();
    let mut network = Fashion::new(seed);
    let trainer = Trainer::new(CrossEntropy::new(), AdamW::new(8e-3).weight_decay(0.02))
        .schedule(Schedule::OneCycle { rise: 0.25 })
        .augment(Augment::new().flip_horizontal(0.5).border(Border::Edge).crop(2))
        .epochs(epochs)
        .batch_size(128)
        .seed(seed)
        .metric(Accuracy)
        .validation(&test);
    let history = trainer.fit(&mut network, &train)?;
    println!("{history}");

    let matrix = ConfusionMatrix::measure(&network, &test, &CLASS_NAMES)?;
    println!("\n{matrix}\ntest: {} ({:.0} s)", trainer.evaluate(&network, &test)?, start.elapsed().as_secs_f64());

    fs::create_dir_all("runs/fashion_mnist_full")?;
    history.plot("runs/fashion_mnist_full/curves.png")?;
    plot::confusion_matrix("runs/fashion_mnist_full/confusion.png", &matrix)?;
    network.save("runs/fashion_mnist_full/fashion.safetensors")?;
    println!("runs/fashion_mnist_full/ has the learning curves, the confusion matrix and the weights.");
    Ok(())
}
