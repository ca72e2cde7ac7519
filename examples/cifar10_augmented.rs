//! A small residual network on the full CIFAR-10, which sees every image flipped and shifted: `tools/get-data cifar10`, then
//! `cargo run --release --example cifar10_augmented`.
//!
//! Arguments: the folder of the data (default `data/cifar-10-batches-bin`) and a seed (default 1). `NETFORM_EPOCHS` changes
//! the number of epochs, `NETFORM_SAMPLES` takes only so many samples. Pictures and weights go to `runs/cifar10_augmented/`.

use std::fs;
use std::time::Instant;

use netform::data::augment::Border;
use netform::data::cifar10::{CLASS_NAMES, load};
use netform::io::{ConfusionMatrix, plot};
use netform::optim::Schedule;
use netform::prelude::*;

network! {
    /// A convolution, normalised.
    block Conv(filters: usize)(image: [..]) {
        image -> Conv2d(filters, kernel = 3, padding = 1, bias = false) -> BatchNorm -> Relu
    }

    /// Two of them, and a way around (He et al. 2015).
    block Residual(image: [.., channels]) {
        image + (image -> Conv(channels) -> Conv(channels))
    }

    /// A residual network of three stages.
    pub struct SmallResNet(image: [32, 32, 3]) -> [10] {
        image -> stem: Conv(24) -> MaxPool2d(2)
              -> second: Conv(48) -> MaxPool2d(2) -> Residual
              -> third: Conv(96) -> MaxPool2d(2) -> Residual
              -> GlobalMaxPool -> head: Dense(10)
    }
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "data/cifar-10-batches-bin".into());
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let epochs = std::env::var("NETFORM_EPOCHS").map_or(Ok(10), |epochs| epochs.parse())?;
    let samples = std::env::var("NETFORM_SAMPLES").map_or(Ok(usize::MAX), |samples| samples.parse())?;

    let (train, mut test) = load(&folder)?;
    let mut train = train.take(samples);
    let scaling = train.standardize();
    test.standardize_with(&scaling)?;
    println!("{}\n{} training and {} test images, seed {seed}", SmallResNet::SUMMARY, train.len(), test.len());

    let start = Instant::now();
    let mut network = SmallResNet::new(seed);
    let trainer = Trainer::new(CrossEntropy::new().label_smoothing(0.1), AdamW::new(6e-3).weight_decay(0.05))
        .schedule(Schedule::OneCycle { rise: 0.25 })
        .augment(Augment::new().flip_horizontal(0.5).border(Border::Reflect).crop(4))
        .epochs(epochs)
        .batch_size(256)
        .seed(seed)
        .metric(Accuracy)
        .validation(&test);
    let history = trainer.fit(&mut network, &train)?;
    println!("{history}");

    let matrix = ConfusionMatrix::measure(&network, &test, &CLASS_NAMES)?;
    println!("\n{matrix}\ntest: {} ({:.0} s)", trainer.evaluate(&network, &test)?, start.elapsed().as_secs_f64());

    fs::create_dir_all("runs/cifar10_augmented")?;
    history.plot("runs/cifar10_augmented/curves.png")?;
    plot::confusion_matrix("runs/cifar10_augmented/confusion.png", &matrix)?;
    network.save("runs/cifar10_augmented/network.safetensors")?;
    println!("runs/cifar10_augmented/ has the learning curves, the confusion matrix and the weights.");
    Ok(())
}
