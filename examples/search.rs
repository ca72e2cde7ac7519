//! Automated design: a search over three networks and four settings, on the images of clothes in this repository.
//!
//! `cargo run --release --example search` trains 24 candidates for one epoch, the best third of them for three, and the best
//! of these for nine. It can be stopped at any moment, and goes on where it was; the table, the picture and the finished
//! trials go to `runs/search/`.

use std::fs;

use netform::data::fashion_mnist;
use netform::io::plot;
use netform::optim::Schedule;
use netform::prelude::*;
use netform::train::search::{Search, Space, Trial, TrialResult, variant};

network! {
    /// No convolution at all.
    pub struct Layers(image: [28, 28, 1]) -> [10] {
        image -> Flatten -> Dense(96) -> Relu -> Dropout(0.2) -> Dense(10)
    }

    /// One convolution, and a wide head.
    pub struct Shallow(image: [28, 28, 1]) -> [10] {
        image -> Conv2d(12, kernel = 3) -> Relu -> MaxPool2d(2) -> Flatten -> Dense(48) -> Relu -> Dense(10)
    }

    /// Two convolutions, and a narrow head.
    pub struct Deep(image: [28, 28, 1]) -> [10] {
        image -> Conv2d(8, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Conv2d(24, kernel = 3) -> Relu -> MaxPool2d(2)
              -> Flatten -> Dropout(0.2) -> Dense(10)
    }
}

type Clothes = Dataset<Image<28, 28, 1>, Classes<10>>;

/// Trains any network for such images with a trial's settings. Returns the share of validation images that are right.
fn fit<N>(mut network: AlignedBox<N>, trial: &Trial<'_>, [training, validation]: &[Clothes; 2]) -> TrialResult
where
    N: Network<f32, Input = Image<28, 28, 1>, Output = Features<10>, Kind = Scores>,
{
    let schedule = match trial.choice("schedule")? {
        "cosine" => Schedule::Cosine { warmup: 0, floor: 0.0 },
        _ => Schedule::Constant,
    };
    let loss = CrossEntropy::new().label_smoothing(trial.real("smoothing")?);
    let trainer = Trainer::new(loss, Adam::new(trial.real("learning rate")?))
        .epochs(trial.epochs())
        .batch_size(trial.integer("batch size")?)
        .schedule(schedule)
        .seed(trial.seed())
        .metric(Accuracy)
        .threads(1)
        .silent();
    trainer.fit(&mut network, training)?;
    let report = trainer.evaluate(&network, validation)?;
    Ok(report.metric("accuracy").unwrap_or(f64::NAN))
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/fashion-mnist");
    let (all, _) = fashion_mnist::load(folder)?;
    // Candidates are judged on images that none is trained on; the test set stays for the one that is chosen.
    let data = all.split_into([0.75, 0.25], 1)?;

    let layers = variant("layers", |trial| fit(Layers::new(trial.seed()), trial, &data));
    let shallow = variant("shallow", |trial| fit(Shallow::new(trial.seed()), trial, &data));
    let deep = variant("deep", |trial| fit(Deep::new(trial.seed()), trial, &data));

    let space = Space::new()
        .logarithmic("learning rate", 1e-4..=3e-2)
        .integer("batch size", 16..=128)
        .real("smoothing", 0.0..=0.2)
        .choice("schedule", &["constant", "cosine"]);
    fs::create_dir_all("runs/search")?;
    let found = Search::new(space)
        .trials(24)
        .epochs(9)
        .halving(1, 3)
        .higher_is_better()
        .seed(1)
        .state("runs/search/trials.txt")
        .run(&[&layers, &shallow, &deep])?;

    println!("{found}");
    fs::write("runs/search/table.txt", found.to_string())?;
    plot::search("runs/search/search.png", &found)?;
    println!("runs/search/ has this table, a picture and the finished trials.");
    Ok(())
}
