//! How well a small network tells malignant tumours from benign ones, by ten-fold cross-validation: `tools/get-data
//! breast-cancer`, then `cargo run --release --example cross_validation`.
//!
//! Outliers and scales are measured on the nine folds that a network is trained on; the tenth is only transformed. Arguments:
//! the folder of the data (default `data/breast-cancer`) and a seed (default 1).

use std::error::Error;
use std::path::Path;

use netform::data::Folds;
use netform::data::preprocess::{Outliers, Preprocessing, Scale, Then};
use netform::metrics::{BinaryF1, RocAuc};
use netform::optim::Schedule;
use netform::prelude::*;

const MEASURES: usize = 30;
const FOLDS: usize = 10;

type Tumours = Dataset<Features<MEASURES>, Values<Features<1>>>;

network! {
    /// Whether a tumour is malignant.
    pub struct Diagnosis(measures: [30]) -> [1] {
        measures -> Dense(16) -> Relu -> Dropout(0.2) -> head: Dense(1)
    }
}

/// The measures of all tumours, row by row, and the class of each, 0 for malignant: the last column of the file, whose first
/// line is a heading.
fn read(path: &Path) -> Result<(Vec<f32>, Vec<u32>), Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (mut rows, mut classes) = (Vec::new(), Vec::new());
    for (line, number) in text.lines().zip(1..).skip(1) {
        let wrong = || format!("{}, line {number}: expected {MEASURES} numbers and a class", path.display());
        let (measures, class) = line.rsplit_once(',').ok_or_else(wrong)?;
        let measures: Vec<f32> = measures.split(',').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
        if measures.len() != MEASURES {
            return Err(wrong().into());
        }
        rows.extend(measures);
        classes.push(class.trim().parse().map_err(|_| wrong())?);
    }
    Ok((rows, classes))
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "data/breast-cancer".into());
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let (rows, classes) = read(&Path::new(&folder).join("breast_cancer.csv"))?;
    println!("{} tumours, {} parameters, {FOLDS} folds, seed {seed}", classes.len(), Diagnosis::PARAMS);

    let plan = (0..MEASURES).fold(Preprocessing::new(MEASURES), |plan, column| {
        plan.outliers(column, Outliers::ZScore(4.0), Then::Clip).scale(column, Scale::Standard)
    });
    let chosen = |indices: &[u32]| -> Vec<f32> {
        let row = |&index: &u32| &rows[index as usize * MEASURES..][..MEASURES];
        indices.iter().flat_map(row).copied().collect()
    };
    let trainer = Trainer::new(BinaryCrossEntropy::new(), AdamW::new(0.01).weight_decay(0.05))
        .schedule(Schedule::Cosine { warmup: 10, floor: 0.0 })
        .epochs(40)
        .batch_size(32)
        .seed(seed)
        .metric(BinaryAccuracy)
        .metric(BinaryF1)
        .metric(RocAuc)
        .silent();

    let folds = Folds::of_classes(&classes, FOLDS, seed)?;
    let found = trainer.cross_validate_with(&folds, |fold, training, validation| {
        let fitted = plan.fit(&chosen(training))?;
        let prepared = |indices: &[u32]| -> Result<Tumours, Box<dyn Error>> {
            let is_malignant = |&index: &u32| f32::from(u8::from(classes[index as usize] == 0));
            let targets: Vec<f32> = indices.iter().map(is_malignant).collect();
            Ok(Dataset::from_values(fitted.transform(&chosen(indices))?.values, targets)?)
        };
        Ok::<_, Box<dyn Error>>((Diagnosis::new(seed + fold as u64), prepared(training)?, prepared(validation)?))
    })?;
    println!("{found}");
    Ok(())
}
