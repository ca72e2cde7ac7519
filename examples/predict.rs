//! The other process: loads the weights that `fashion_mnist` saved, and predicts.
//!
//! `cargo run --release --example fashion_mnist`, then `cargo run --release --example predict`.

use netform::data::fashion_mnist::{CLASS_NAMES, load};
use netform::prelude::*;

network! {
    /// The same layers as in `fashion_mnist`: names and shapes must fit the file, the struct's name need not.
    pub struct Clothes(image: [28, 28, 1]) -> [10] {
        image -> Conv2d(16, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Flatten -> Dropout(0.4) -> Dense(128) -> Relu -> Dropout(0.4) -> head: Dense(10)
    }
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let (_, test) = load(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/fashion-mnist"))?;
    let mut network = Clothes::new(0);
    network.load("runs/fashion_mnist/fashion.safetensors")?;

    let mut right = 0;
    for (index, scores) in network.predict_data(&test).iter().enumerate() {
        let best = (0..10).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or_default();
        let truth = test.labels()[index] as usize;
        right += usize::from(best == truth);
        if index < 8 {
            println!("image {index}: {:<12} truly {}", CLASS_NAMES[best], CLASS_NAMES[truth]);
        }
    }
    println!("{right} of {} are right.", test.len());
    Ok(())
}
