//! The seed's network on the full CIFAR-10: `tools/get-data cifar10`, then `cargo run --release --example cifar10`.
//!
//! Arguments: the folder of the data (default `data/cifar-10-batches-bin`) and a seed (default 1). Pictures and weights go
//! to `runs/cifar10/`.

use std::fs;

use netform::data::cifar10::{CLASS_NAMES, load};
use netform::io::{ConfusionMatrix, plot};
use netform::prelude::*;

network! {
    /// The classifier that this project began with.
    pub struct Cifar10(image: [32, 32, 3]) -> [10] {
        image -> conv: Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Flatten -> fc: Dense(128) -> Relu -> head: Dense(10)
    }
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "data/cifar-10-batches-bin".into());
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let epochs = std::env::var("NETFORM_EPOCHS").map_or(Ok(10), |epochs| epochs.parse())?;

    let (train, test) = load(&folder)?;
    println!("{} training and {} test images, {} parameters, seed {seed}", train.len(), test.len(), Cifar10::PARAMS);

    let mut network = Cifar10::new(seed);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::default())
        .epochs(epochs)
        .batch_size(1000)
        .seed(seed)
        .metric(Accuracy)
        .validation(&test);
    let history = trainer.fit(&mut network, &train)?;
    println!("{history}");

    let matrix = ConfusionMatrix::measure(&network, &test, &CLASS_NAMES)?;
    println!("\n{matrix}\ntest: {}", trainer.evaluate(&network, &test)?);

    fs::create_dir_all("runs/cifar10")?;
    history.plot("runs/cifar10/curves.png")?;
    plot::confusion_matrix("runs/cifar10/confusion.png", &matrix)?;
    network.save("runs/cifar10/cifar10.safetensors")?;
    println!("runs/cifar10/ has the learning curves, the confusion matrix and the weights.");
    Ok(())
}
