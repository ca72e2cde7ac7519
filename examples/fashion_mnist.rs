//! The main job: a small convolutional network learns to tell clothes apart.
//!
//! `cargo run --release --example fashion_mnist` trains on the 8,000 images in this repository, and needs nothing else.
//! With the full set (`tools/get-data fashion-mnist`) give its folder: `… --example fashion_mnist data/fashion-mnist`.
//! Pictures, weights, a log and a page with all of it go to `runs/fashion_mnist/`.

use std::fs;
use std::path::Path;

use netform::data::fashion_mnist::{CLASS_NAMES, load};
use netform::io::report::RunReport;
use netform::io::{ConfusionMatrix, Ranking, plot};
use netform::prelude::*;
use netform::train::callback::CsvLog;

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
        .progress(Progress::Live)
        .validation(&test);
    let run = Path::new("runs/fashion_mnist");
    fs::create_dir_all(run)?;
    let mut log = CsvLog::new(run.join("epochs.csv"));
    let history = trainer.fit_with(&mut network, &train, &mut [&mut log])?;
    println!("{history}");

    let matrix = ConfusionMatrix::measure(&network, &test, &CLASS_NAMES)?;
    println!("\n{matrix}\ntest: {}", trainer.evaluate(&network, &test)?);

    history.plot(run.join("curves.png"))?;
    plot::confusion_matrix(run.join("confusion.png"), &matrix)?;
    plot::roc_curves(run.join("roc.svg"), &Ranking::measure(&network, &test, &CLASS_NAMES)?)?;
    plot::misclassified(run.join("mistakes.png"), &network, &test, &CLASS_NAMES, [28, 28, 1], 32)?;
    plot::weights(
        run.join("filters.svg"),
        network.conv2d.weight.as_flattened().as_flattened().as_flattened(),
        [3, 3, 1, 16],
    )?;
    network.save(run.join("fashion.safetensors"))?;
    // The page has what lies in the folder.
    RunReport::of_folder(run)?.save(run.join("report.html"))?;
    println!("runs/fashion_mnist/ has the weights, pictures, and a page with all of it: report.html.");
    Ok(())
}
