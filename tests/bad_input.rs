//! Bad input gives a typed error that says what and where, and leaves the network as it was.

use std::fs;
use std::path::PathBuf;

use netform::data::{DataError, fashion_mnist};
use netform::prelude::*;
use netform::train::{Origin, TrainError};

network! {
    /// Small enough to compare as a whole.
    pub struct Small(x: [3]) -> [2] {
        x -> Dense(4) -> BatchNorm -> Relu -> Dense(2)
    }
}

type Points = Dataset<Features<3>, Classes<2>>;

fn points(scale: f32) -> Points {
    let inputs: Vec<[f32; 3]> = (0..20).map(|sample| [sample as f32 * scale, 1.0, -scale]).collect();
    let labels: Vec<u32> = (0..20).map(|sample| sample % 2).collect();
    Points::from_samples(&inputs, &labels).expect("finite points, labels below 2")
}

fn trainer() -> Trainer<CrossEntropy, Adam> {
    Trainer::new(CrossEntropy::new(), Adam::default()).batch_size(8).silent()
}

/// What a training run that must fail says; the network must be as it was.
fn refused(trainer: &Trainer<CrossEntropy, Adam>, data: &Points) -> TrainError {
    let mut network = Small::new(3);
    let before = network.as_slice().to_vec();
    let error = trainer.fit(&mut network, data).expect_err("training must be refused");
    assert_eq!(network.as_slice(), before, "a refused run changed the network");
    error
}

#[test]
fn an_empty_data_set_is_refused() {
    let error = refused(&trainer(), &points(1.0).take(0));
    assert!(error.to_string().contains("empty") || error.to_string().contains("no samples"), "{error}");
}

#[test]
fn a_batch_of_nothing_is_refused() {
    let error = refused(&trainer().batch_size(0), &points(1.0));
    assert!(error.to_string().contains("batch_size"), "{error}");
}

#[test]
fn a_loss_that_is_not_a_number_stops_training_before_its_step() {
    // Finite in the data set, infinite in the variance of the batch.
    let error = refused(&trainer(), &points(1e30));
    let text = error.to_string();
    assert!(text.contains("epoch 1") && text.contains("step 1") && text.contains("help"), "{text}");
}

#[test]
fn labels_and_values_are_checked_where_they_enter() {
    let label = Points::from_samples(&[[0.0; 3]; 2], &[0, 2]).expect_err("label 2 of 2 classes");
    assert!(label.to_string().contains('2'), "{label}");
    let value = Points::from_samples(&[[0.0; 3], [0.0, f32::NAN, 0.0]], &[0, 1]).expect_err("NaN");
    assert!(value.to_string().contains('1'), "{value}");
    let count = Points::from_samples(&[[0.0; 3]; 2], &[0]).expect_err("two samples, one label");
    assert!(count.to_string().contains('1') && count.to_string().contains('2'), "{count}");
}

/// A folder with copies of the embedded files, one of them changed.
fn folder(name: &str, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> PathBuf {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/fashion-mnist");
    let target = std::env::temp_dir().join(format!("netform-{}-{name}", std::process::id()));
    fs::create_dir_all(&target).expect("a temporary folder");
    for entry in fs::read_dir(source).expect("the embedded set") {
        let path = entry.expect("an entry").path();
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        if let Some(bytes) = change(&file, fs::read(&path).expect("a file")) {
            fs::write(target.join(file), bytes).expect("a copy");
        }
    }
    target
}

fn load_error(name: &str, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> DataError {
    let folder = folder(name, change);
    let error = fashion_mnist::load(&folder).map(|_| ()).expect_err("the set is broken");
    fs::remove_dir_all(folder).expect("the temporary folder");
    error
}

#[test]
fn absent_truncated_and_mislabelled_files_are_named() {
    let is_labels = |file: &str| file.starts_with("train-labels");
    let absent = load_error("absent", |file, bytes| (!is_labels(file)).then_some(bytes)).to_string();
    assert!(absent.contains("train-labels") && absent.contains("get-data"), "{absent}");

    let cut =
        |file: &str, bytes: Vec<u8>| Some(if is_labels(file) { bytes[..bytes.len() / 2].to_vec() } else { bytes });
    let truncated = load_error("truncated", cut).to_string();
    assert!(truncated.contains("train-labels"), "{truncated}");

    // The images stand where the labels should.
    let images =
        fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/fashion-mnist/t10k-images-idx3-ubyte.gz"));
    let images = images.expect("the embedded images");
    let swap = |file: &str, bytes: Vec<u8>| Some(if is_labels(file) { images.clone() } else { bytes });
    let mislabelled = load_error("mislabelled", swap).to_string();
    assert!(mislabelled.contains("train-labels"), "{mislabelled}");
    println!("{absent}\n{truncated}\n{mislabelled}");
}

/// In a data set and in a step by hand: inputs, regression targets, probabilities, classes.
#[test]
fn what_is_not_finite_or_out_of_range_is_named_by_its_sample() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let input = Points::from_samples(&[[0.0; 3], [0.0; 3], [0.0, bad, 0.0]], &[0, 1, 1]).expect_err("an input");
        assert!(input.to_string().contains("sample 2"), "{input}");
        type Regression = Dataset<Features<1>, Values<Features<2>>>;
        let target = Regression::from_samples(&[[0.0], [1.0]], &[[0.0, 1.0], [bad, 0.0]]).expect_err("a target");
        assert!(target.to_string().contains("sample 1"), "{target}");
        type Soft = Dataset<Features<1>, OneHot<2>>;
        let target = Soft::from_samples(&[[0.0], [1.0]], &[[0.0, 1.0], [bad, 0.0]]).expect_err("a probability");
        assert!(target.to_string().contains("sample 1"), "{target}");
    }
    let trainer = trainer();
    let mut network = Small::new(3);
    let before = network.as_slice().to_vec();
    let mut session = trainer.start(&network, Classes::<2>).expect("starts");
    let error = session.step(&mut network, &[[0.0; 3]; 3], &[0, 1, 2]).expect_err("class 2 of 2");
    assert!(matches!(&error, TrainError::Label { sample: 2, .. }), "{error}");
    let error = session.step(&mut network, &[[f32::NAN; 3], [0.0; 3]], &[0, 1]).expect_err("a loss that is none");
    assert!(matches!(&error, TrainError::NotFinite { origin: Some(Origin::Input { sample: 0, .. }), .. }), "{error}");
    assert_eq!(network.as_slice(), before, "a refused step changed the network");
}

/// What no type can rule out: a word that an embedding does not have, and answers that are none.
#[test]
fn a_loss_that_is_not_finite_is_followed_to_the_layer_and_the_sample() {
    network! {
        struct Words(words: [4]) -> [1] { words -> Embedding(10, 3) -> rows: Flatten -> Dense(8) -> Relu -> Dense(1) }
    }
    let (mut words, mut answers) = (vec![[1.0, 9.0, 0.0, 3.0]; 50], vec![[1.0]; 50]);
    words[23][2] = 10.0;
    type Texts = Dataset<Features<4>, Values<Features<1>>>;
    let data = Texts::from_samples(&words, &answers).expect("finite");
    let mut network = Words::new(3);
    let trainer = Trainer::new(BinaryCrossEntropy::new(), Adam::default()).batch_size(8).epochs(1).silent();
    let error = trainer.fit(&mut network, &data).expect_err("there is no tenth word");
    let TrainError::NotFinite { origin: Some(Origin::Layer { sample: 23, layer, .. }), .. } = error else {
        panic!("{error}")
    };
    assert_eq!(layer, "embedding", "{error}");
    assert!(error.to_string().contains("no whole number below its size"), "{error}");
    println!("{error}");
    words[23][2] = 0.0;
    answers[31] = [2.0];
    let data = Texts::from_samples(&words, &answers).expect("finite");
    let error = Words::new(3);
    let error = trainer.fit(&mut { error }, &data).expect_err("an answer beyond 0 and 1");
    assert!(matches!(&error, TrainError::NotFinite { origin: Some(Origin::Loss { sample: 31, .. }), .. }), "{error}");
    println!("{error}");
}

/// The root of 0 is 0, and has no slope: the loss is as good as any.
#[test]
fn a_gradient_that_is_not_finite_is_followed_to_the_layer_in_front() {
    network! {
        struct Rooted(x: [3]) -> [1] { x -> first: Dense(4) -> norm: LayerNorm -> Relu -> Sqrt -> head: Dense(1) }
    }
    let data: Dataset<Features<3>, Values<Features<1>>> =
        Dataset::from_samples(&[[0.0, 1.0, 2.0]; 20], &[[1.0]; 20]).expect("finite");
    let trainer = Trainer::new(MeanSquaredError, Adam::default()).batch_size(8).epochs(1).silent();
    let mut network = Rooted::new(3);
    let error = trainer.fit(&mut network, &data).expect_err("no slope");
    let begins = Origin::Gradient { tensor: "norm.shift".into() };
    assert!(matches!(&error, TrainError::NotFinite { origin: Some(origin), .. } if *origin == begins), "{error}");
    assert!(error.to_string().contains("`Sqrt` has no slope at 0"), "{error}");
    println!("{error}");
}

/// A number whose square is infinite gives a variance that is none, and a loss that seems fine.
#[test]
fn a_variance_that_is_not_finite_is_followed_to_its_sample() {
    let inputs: Vec<[f32; 3]> =
        (0..20).map(|sample| [1.0, if sample == 13 { 3e25 } else { 0.5 }, sample as f32]).collect();
    let labels: Vec<u32> = (0..20).map(|sample| sample % 2).collect();
    let error = refused(&trainer(), &Points::from_samples(&inputs, &labels).expect("finite"));
    assert!(
        matches!(error, TrainError::NotFinite { origin: Some(Origin::Input { sample: 13, element: 1, .. }), .. }),
        "{error}"
    );
    assert!(error.to_string().contains("scale such samples"), "{error}");
}

/// Weights, and a checkpoint, that are damaged, or of another network.
#[test]
fn what_is_wrong_with_a_file_is_said_with_its_path() {
    let folder = std::env::temp_dir().join(format!("netform_damaged_{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("weights.safetensors");
    let mut network = Small::new(3);
    network.save(&path).expect("saves");
    let mut content = fs::read(&path).expect("is there");
    *content.last_mut().expect("not empty") ^= 1;
    fs::write(&path, &content).expect("writes");
    for error in [
        network.load(&path).expect_err("damaged").to_string(),
        netform::train::Checkpoint::load(&path).expect_err("no checkpoint").to_string(),
    ] {
        assert!(error.starts_with(&path.display().to_string()), "{error}");
        println!("{error}");
    }
    network! { struct Other(x: [3]) -> [2] { x -> Dense(2) } }
    Other::new(1).save(&path).expect("saves");
    let error = network.load(&path).expect_err("of another network").to_string();
    assert!(error.starts_with(&format!("{}: these are not the weights of `Small`", path.display())), "{error}");
    fs::remove_dir_all(&folder).expect("removes");
}
