//! The seed's network on the full CIFAR-10: `tools/get-data cifar10`, then `cargo run --release --example cifar10`.
//!
//! Arguments: the folder of the data (default `data/cifar-10-batches-bin`) and a seed (default 1).

use std::path::Path;

use netform::data::cifar10;
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
    let epochs = std::env::var("NETFORM_EPOCHS").ok().and_then(|epochs| epochs.parse().ok()).unwrap_or(10);

    let (train, test) = cifar10::load(Path::new(&folder))?;
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

    let report = trainer.evaluate(&network, &test)?;
    println!("test: {report}");
    Ok(())
}
