//! Callbacks that look at a whole network in training: learning rates, layers, what goes into checkpoints, TensorBoard.

#[path = "oracle/reader.rs"]
mod oracle;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use netform::metrics::Metric;
use netform::network::OutputKind;
use netform::prelude::*;
use netform::spec::Shape;
use netform::train::callback::{
    Attached, CsvLog, LayerStatistics, Moment, Monitor, OnEpoch, RateFinder, ReduceOnPlateau, SaveCheckpoints,
    TensorBoard,
};
use netform::train::{Checkpoint, TrainError};
use oracle::Case;

network! {
    struct Small(input: [6]) -> [3] {
        input -> first: Dense(16) -> norm: BatchNorm -> Relu -> Dropout(0.1) -> head: Dense(3)
    }
}

fn data() -> Dataset<Features<6>, Classes<3>> {
    let mut random = Random::new(4);
    let inputs: Vec<f32> = (0..6 * 240).map(|_| random.normal() as f32).collect();
    let class = |x: &[f32]| if x[0] > 0.5 { 2 } else { u32::from(x[1] + x[2] > 0.0) };
    let labels: Vec<u32> = inputs.chunks(6).map(class).collect();
    Dataset::from_values(inputs, labels).expect("fits")
}

fn trainer(rate: f64) -> Trainer<CrossEntropy, Sgd> {
    Trainer::new(CrossEntropy::new(), Sgd::new(rate)).epochs(20).batch_size(20).silent()
}

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("netform-callbacks-{name}-{}", std::process::id()))
}

#[test]
fn a_learning_rate_is_found_between_too_low_and_too_high() {
    let data = data();
    let mut network = Small::new(1);
    let before = network.as_slice().to_vec();
    let mut finder = RateFinder::new(1.0, [1e-5, 1e3], 120).expect("in range");
    trainer(1.0).fit_with(&mut network, &data, &mut [&mut finder]).expect("runs");
    assert_eq!(network.as_slice(), before, "the network has its weights back");
    let curve = finder.curve();
    assert!(curve.is_sorted_by(|left, right| left.rate < right.rate));
    assert!(curve.len() < 120 && curve.last().expect("steps").rate > 1.0, "it ran away, and was stopped");
    let found = finder.suggestion().expect("the loss fell");
    println!("{} steps, suggested {found}", curve.len());
    assert!((1e-3..10.0).contains(&found), "{found}");
    // It is a good one: better than a hundredth of it, and than a hundred times it.
    let after = |rate: f64| {
        let mut network = Small::new(1);
        let history = trainer(rate).epochs(5).fit(&mut network, &data);
        history.map_or(f64::INFINITY, |history| history.epochs[4].training.loss)
    };
    let losses = [found / 100.0, found, found * 100.0].map(after);
    assert!(losses[1] < losses[0] && losses[1] < losses[2], "{losses:?}");
    assert!(RateFinder::<f32>::new(0.0, [1e-5, 1.0], 100).is_err());
    assert!(RateFinder::<f32>::new(1.0, [1.0, 1e-5], 100).is_err());
    assert!(RateFinder::<f32>::new(1.0, [1e-5, 1.0], 9).is_err());
}

/// A metric whose values are known before, one for each epoch.
struct Known {
    values: Vec<f64>,
    epoch: AtomicUsize,
}

impl<T: Scalar, K: OutputKind, Y: Label> Metric<T, K, Y> for Known {
    fn name(&self) -> String {
        "known".into()
    }

    fn add(&self, _: Shape, _: &[T], _: &[Y::Target<T>], _: &mut [f64]) {}

    fn finish(&self, _: &[f64], _: f64) -> f64 {
        self.values[self.epoch.fetch_add(1, Ordering::Relaxed)]
    }
}

/// The factors of the learning rate in each epoch, when `plateau` watches a metric with these values.
fn rates(mut plateau: ReduceOnPlateau, values: Vec<f64>) -> Vec<f64> {
    let mut rates = Vec::new();
    let mut record = OnEpoch(|moment: &mut Moment<'_, f32>| {
        rates.push(moment.rate);
        Ok(())
    });
    let (epochs, known) = (values.len(), Known { values, epoch: AtomicUsize::new(0) });
    let trainer = trainer(0.0).epochs(epochs).batch_size(240).metric(known);
    trainer.fit_with(&mut Small::new(1), &data(), &mut [&mut record, &mut plateau]).expect("runs");
    rates
}

#[test]
fn plateaus_lower_the_rate_as_in_pytorch() {
    const EPOCHS: usize = 100;
    let cases = Case::read_many(include_str!("oracle/plateaus.txt"));
    assert_eq!(cases.len(), 12);
    for case in &cases {
        let (is_lowest, patience) = (case.word("mode") == "min", case.sizes("patience")[0]);
        let (sign, monitor) =
            if is_lowest { (1.0, Monitor::lowest("known")) } else { (-1.0, Monitor::highest("known")) };
        let noise = case.tensor::<f64>("noise", EPOCHS).into_iter().enumerate();
        let mut values: Vec<f64> = noise.map(|(epoch, noise)| sign * (1.0 / (epoch + 1) as f64 + noise)).collect();
        if case.number("holes") > 0.0 {
            (values[0], values[9]) = (sign * f64::INFINITY, f64::NAN);
        }
        let plateau = ReduceOnPlateau::new(case.number("factor"), patience).expect("in range").watch(monitor);
        let plateau = plateau.at_least(case.number("threshold")).lowest(case.number("lowest"));
        let found = rates(plateau.cooldown(case.sizes("cooldown")[0]), values);
        for start in (0..EPOCHS).step_by(20) {
            case.compare(&format!("from_{start}"), &found[start..start + 20], 1e-6);
        }
    }
}

#[test]
fn every_layer_is_looked_at_after_every_epoch() {
    let data = data();
    let mut network = Small::new(1);
    let mut statistics =
        LayerStatistics::new(&network, &data, 50, CrossEntropy::new(), Classes::<3>).expect("there are samples");
    trainer(0.1).epochs(3).fit_with(&mut network, &data, &mut [&mut statistics]).expect("trains");
    let layers: Vec<&str> =
        statistics.reports().iter().filter(|report| report.epoch == 3).map(|report| report.layer).collect();
    assert!(layers.contains(&"first") && layers.contains(&"head"), "{layers:?}");
    assert_eq!(statistics.reports().len(), 3 * layers.len());
    for report in statistics.reports() {
        assert!(report.deviation > 0.0 && report.gradient_deviation > 0.0, "{report:?}");
    }
    let rectified = statistics.reports().iter().find(|report| report.zeros > 0.2);
    assert!(rectified.is_some(), "half of what a Relu gives is zero");
    assert_eq!(statistics.csv().lines().count(), 1 + 3 * layers.len());
    let table = statistics.to_string();
    println!("{table}");
    assert!(table.lines().count() == 1 + layers.len() && table.contains("first"));

    // A layer that has died is seen: its gradient is gone.
    network.first.bias.fill(0.0);
    network.norm.shift.fill(-100.0);
    let mut statistics =
        LayerStatistics::new(&network, &data, 50, CrossEntropy::new(), Classes::<3>).expect("there are samples");
    trainer(1e-9).epochs(1).fit_with(&mut network, &data, &mut [&mut statistics]).expect("trains");
    let dead = statistics.reports().iter().find(|report| report.layer == "norm" || report.zeros == 1.0);
    assert!(dead.is_some_and(|report| report.gradient_deviation == 0.0 || report.zeros == 1.0), "{statistics}");
    let none = data.take(0);
    assert!(LayerStatistics::new(&network, &none, 50, CrossEntropy::new(), Classes::<3>).is_err());
}

#[test]
fn preprocessing_goes_into_checkpoints_and_must_be_the_same() {
    let data = data();
    let folder = folder("attached");
    let mut saved = SaveCheckpoints::new(&folder);
    let mut attached = Attached::new("preprocessing", "scale 2\n");
    trainer(0.1).epochs(1).fit_with(&mut Small::new(1), &data, &mut [&mut saved, &mut attached]).expect("trains");
    let kept = Checkpoint::load(saved.last()).expect("whole");
    std::fs::remove_dir_all(&folder).expect("removed");
    assert_eq!(kept.attached("preprocessing"), Some("scale 2\n"));
    assert_eq!(kept.attached("other"), None);
    let resume = |text: &str| {
        let mut attached = Attached::new("preprocessing", text);
        let (mut network, mut saved) = (Small::new(1), SaveCheckpoints::new(&folder));
        trainer(0.1).epochs(1).resume(&mut network, &data, &mut [&mut saved, &mut attached], &kept)
    };
    let error = resume("scale 3\n").expect_err("another preprocessing");
    assert!(matches!(error, TrainError::Checkpoint(_)));
    assert!(
        error.to_string().contains("preprocessing \"scale 2\\n\", training is to go on with \"scale 3\\n\""),
        "{error}"
    );
    resume("scale 2\n").expect("the same");
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// The records of an event file, without their frames.
fn records(content: &[u8]) -> Vec<&[u8]> {
    let (mut rest, mut records) = (content, Vec::new());
    while let Some((length, after)) = rest.split_first_chunk::<8>() {
        let length = u64::from_le_bytes(*length) as usize;
        records.push(&after[4..4 + length]);
        rest = &after[4 + length + 4..];
    }
    assert!(rest.is_empty());
    records
}

fn holds(record: &[u8], text: &str) -> bool {
    record.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What TensorBoard itself reads of such a file: `tests/oracle/tensorboard_reads.py`, with `NETFORM_TENSORBOARD` as the folder.
#[test]
fn event_files_have_a_record_for_each_moment() {
    let data = data();
    let kept = std::env::var_os("NETFORM_TENSORBOARD").map(PathBuf::from);
    let folder = kept.clone().unwrap_or_else(|| folder("events"));
    let mut board = TensorBoard::new(&folder).every_steps(4).histograms();
    let mut log = CsvLog::new(folder.join("history.csv"));
    let trainer = trainer(0.1).epochs(3).metric(Accuracy).validation(&data);
    trainer.fit_with(&mut Small::new(1), &data, &mut [&mut board, &mut log]).expect("trains");
    let files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().contains("events.out.tfevents."))
        .collect();
    let content = std::fs::read(files.last().expect("a file")).expect("read");
    let records = records(&content);
    // The version; a loss after every fourth of 36 steps; scalars and histograms of 3 epochs.
    assert_eq!(records.len(), 1 + 9 + 3 * 2);
    assert!(holds(records[0], "brain.Event:2"));
    let count = |text: &str| records.iter().filter(|record| holds(record, text)).count();
    assert_eq!([count("batch/loss"), count("training/accuracy"), count("validation/loss")], [9, 3, 3]);
    assert_eq!([count("first.weight"), count("norm.running_mean")], [3, 3]);
    if kept.is_none() {
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
