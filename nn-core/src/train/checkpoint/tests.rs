#![cfg(feature = "safetensors")]

use crate::simd::AlignedBox;
use alloc::string::ToString;
use std::vec::Vec;

use super::{Checkpoint, CheckpointError};
use crate::data::augment::Augment;
use crate::data::{Dataset, Values};
use crate::losses::MeanSquaredError;
use crate::network::Network;
use crate::optim::{
    Adadelta, Adagrad, Adam, AdamW, Adamax, Lamb, Lion, Muon, Nadam, Optimizer, Radam, RmsProp, Schedule, Sgd,
};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::Features;
use crate::train::callback::{Callback, EarlyStopping, Moment, OnStep, ReduceOnPlateau};
use crate::train::testing::{Centered, Linear, new};
use crate::train::{TrainError, Trainer};

type Data = Dataset<Features<7>, Values<Features<3>>>;

fn data() -> Data {
    let mut random = Random::new(9);
    let inputs: Vec<f32> = (0..7 * 83).map(|_| random.normal() as f32).collect();
    let targets: Vec<f32> = inputs.chunks(7).flat_map(|x| [x[0] - x[4], 2.0 * x[1], x[2] + x[3]]).collect();
    Dataset::from_values(inputs, targets).expect("fits")
}

/// 100 steps in 10 epochs, of which the last batch is smaller.
fn trainer<O>(optimizer: O, threads: usize) -> Trainer<MeanSquaredError, O, (), crate::train::Share> {
    let schedule = Schedule::Cosine { warmup: 3, floor: 0.1 };
    let trainer = Trainer::new(MeanSquaredError, optimizer).epochs(10).batch_size(8).seed(3).schedule(schedule);
    let augment = Augment::new().noise(0.1).time_shift(0.3).mix_up(0.4);
    trainer.threads(threads).augment(augment).silent().validation_split(0.1)
}

fn bytes<T: Scalar, N: Network<T>>(network: &N) -> Vec<u8> {
    bytemuck::cast_slice(network.as_slice()).to_vec()
}

/// Trains for 100 steps; and for so many, then on from a file in a new session, with new callbacks: bit for bit the same.
fn goes_on<T, N, O>(optimizer: &O, stop: u64, threads: usize)
where
    T: Scalar,
    N: Network<T, Input = Features<7>, Output = Features<3>, Kind = crate::network::Scores>,
    O: Optimizer<T> + Clone,
{
    let data = data();
    let callbacks = || (EarlyStopping::<T>::new(4), ReduceOnPlateau::new(0.5, 0).expect("in range"));
    let mut whole: AlignedBox<N> = new(5);
    let (mut early, mut reduce) = callbacks();
    let mut idle = OnStep(|_: &mut Moment<'_, T>| Ok(()));
    let mut all: [&mut dyn Callback<T>; 3] = [&mut early, &mut reduce, &mut idle];
    let expected = trainer(optimizer.clone(), 1).fit_with(&mut whole, &data, &mut all).expect("trains");

    let path = std::env::temp_dir().join(std::format!("netform-resume-{}-{stop}-{threads}", std::process::id()));
    let mut network: AlignedBox<N> = new(5);
    let (mut early, mut reduce) = callbacks();
    let mut killed = OnStep(|moment: &mut Moment<'_, T>| {
        if moment.steps == stop {
            moment.save(&path);
        }
        // The end comes later than the checkpoint, as when a process is killed.
        if moment.steps == stop + 3 {
            return Err(TrainError::NoForward);
        }
        Ok(())
    });
    let mut all: [&mut dyn Callback<T>; 3] = [&mut early, &mut reduce, &mut killed];
    let _ = trainer(optimizer.clone(), threads).fit_with(&mut network, &data, &mut all);
    let checkpoint = Checkpoint::load(&path).expect("a checkpoint");
    std::fs::remove_file(&path).expect("removed");

    let mut network: AlignedBox<N> = new(77);
    let (mut early, mut reduce) = callbacks();
    let mut idle = OnStep(|_: &mut Moment<'_, T>| Ok(()));
    let mut all: [&mut dyn Callback<T>; 3] = [&mut early, &mut reduce, &mut idle];
    let found =
        trainer(optimizer.clone(), threads).resume(&mut network, &data, &mut all, &checkpoint).expect("resumes");
    assert!(bytes(&*network) == bytes(&*whole), "weights after {stop} steps, {threads} threads");
    let numbers = |history: &crate::train::History| -> Vec<(u64, u64)> {
        let epoch = |epoch: &crate::train::Epoch| {
            (epoch.training.loss.to_bits(), epoch.validation.as_ref().expect("validated").loss.to_bits())
        };
        history.epochs.iter().map(epoch).collect()
    };
    assert_eq!(numbers(&found), numbers(&expected));
}

#[test]
fn training_goes_on_bit_by_bit_with_every_optimiser() {
    macro_rules! each {
        ($($optimizer:expr),* $(,)?) => {$(
            for threads in [1, 2] {
                goes_on::<f32, Linear<f32, 7, 3>, _>(&$optimizer, 50, threads);
                goes_on::<f64, Centered<f64, 7, 3>, _>(&$optimizer, 47, threads);
            }
        )*};
    }
    each!(
        Sgd::new(0.01),
        Sgd::new(0.01).momentum(0.9),
        RmsProp::default(),
        Adam::default(),
        AdamW::default(),
        Adamax::default(),
        Nadam::default(),
        Radam::default(),
        Adagrad::default(),
        Adadelta::default(),
        Lion::default(),
        Lamb::default(),
        Muon::default(),
    );
}

#[test]
fn training_goes_on_from_any_step() {
    for stop in [1, 2, 9, 10, 11, 19, 20, 21, 60] {
        goes_on::<f32, Linear<f32, 7, 3>, _>(&Adam::default(), stop, 1);
    }
}

#[test]
fn steps_by_hand_go_on() {
    let trainer = Trainer::new(MeanSquaredError, Adam::default()).silent();
    let label = Values::<Features<3>>::default();
    let mut network: AlignedBox<Linear<f32, 7, 3>> = new(5);
    let mut session = trainer.start(&network, label).expect("starts");
    let batch = |step: usize| ([[step as f32; 7]; 3], [[0.5f32; 3]; 3]);
    let steps =
        |session: &mut crate::train::Session<'_, f32, Linear<f32, 7, 3>, _, _, _, _, _>, network: &mut _, steps| {
            for step in steps {
                let (inputs, targets) = batch(step);
                session.step(network, &inputs, &targets).expect("steps");
            }
        };
    steps(&mut session, &mut *network, 0..5);
    let kept = Checkpoint::from_bytes(&session.checkpoint(&network).to_bytes()).expect("whole");
    steps(&mut session, &mut *network, 5..9);
    let mut other: AlignedBox<Linear<f32, 7, 3>> = new(8);
    let mut again = trainer.start(&other, label).expect("starts");
    again.restore(&mut other, &kept).expect("fits");
    steps(&mut again, &mut *other, 5..9);
    assert_eq!(bytes(&*other), bytes(&*network));
    assert_eq!(again.checkpoint(&other), session.checkpoint(&network));
}

fn small() -> Checkpoint {
    let network: AlignedBox<Linear<f32, 7, 3>> = new(5);
    let trainer = Trainer::new(MeanSquaredError, Adam::default());
    trainer.start(&network, Values::<Features<3>>::default()).expect("starts").checkpoint(&network)
}

#[test]
fn every_prefix_and_every_flipped_bit_is_refused() {
    let whole = small().to_bytes();
    assert_eq!(Checkpoint::from_bytes(&whole).expect("whole"), small());
    for end in 0..whole.len() {
        let error = Checkpoint::from_bytes(&whole[..end]).expect_err("a prefix");
        assert!(matches!(error, CheckpointError::Format { .. } | CheckpointError::Checksum { .. }), "{end}: {error}");
    }
    let mut flipped = whole.clone();
    for bit in 0..whole.len() * 8 {
        flipped[bit / 8] ^= 1 << (bit % 8);
        let error = Checkpoint::from_bytes(&flipped).expect_err("a flipped bit");
        assert!(matches!(error, CheckpointError::Format { .. } | CheckpointError::Checksum { .. }), "{bit}: {error}");
        flipped[bit / 8] ^= 1 << (bit % 8);
    }
    let longer = [whole.as_slice(), &[0]].concat();
    assert!(Checkpoint::from_bytes(&longer).is_err());
}

#[test]
fn what_does_not_fit_is_named_and_changes_nothing() {
    let kept = small();
    let label = Values::<Features<3>>::default();
    let refused = |error: Result<(), CheckpointError>| error.expect_err("refused");

    let mut other: AlignedBox<Linear<f32, 6, 3>> = new(1);
    let before = bytes(&*other);
    let trainer = Trainer::new(MeanSquaredError, Adam::default()).silent();
    let error = refused(trainer.start(&other, label).expect("starts").restore(&mut other, &kept));
    assert_eq!(error, CheckpointError::Architecture { network: "Linear", found: "Linear".into() });
    assert_eq!(bytes(&*other), before);

    let mut double: AlignedBox<Linear<f64, 7, 3>> = new(1);
    let error = refused(trainer.start(&double, label).expect("starts").restore(&mut double, &kept));
    assert!(matches!(error, CheckpointError::Architecture { .. }));

    let mut network: AlignedBox<Linear<f32, 7, 3>> = new(1);
    let sgd = Trainer::new(MeanSquaredError, Sgd::new(0.1)).silent();
    let error = refused(sgd.start(&network, label).expect("starts").restore(&mut network, &kept));
    assert_eq!(error.to_string(), "this checkpoint was made with the optimiser Adam, training is to go on with Sgd");

    let error = trainer.resume(&mut network, &data(), &mut [], &kept).expect_err("not saved in a fit");
    assert!(matches!(&error, TrainError::Checkpoint(CheckpointError::Missing { .. })), "{error}");
    let absent = Checkpoint::load("/no/such/file").expect_err("absent");
    assert!(absent.to_string().starts_with("/no/such/file: "));
}

#[test]
fn another_setting_is_named() {
    let data = data();
    let path = std::env::temp_dir().join(std::format!("netform-setting-{}", std::process::id()));
    let mut save = OnStep(|moment: &mut Moment<'_, f32>| {
        moment.save(&path);
        Ok(())
    });
    let mut network: AlignedBox<Linear<f32, 7, 3>> = new(5);
    trainer(Adam::default(), 1).epochs(1).fit_with(&mut network, &data, &mut [&mut save]).expect("trains");
    let kept = Checkpoint::load(&path).expect("whole");
    std::fs::remove_file(&path).expect("removed");
    let before = bytes(&*network);
    let mut found = |trainer: Trainer<_, _, _, _>, callbacks: &mut [&mut dyn Callback<f32>]| {
        let error = trainer.resume(&mut network, &data, callbacks, &kept).expect_err("refused");
        assert_eq!(bytes(&*network), before);
        error.to_string()
    };
    let same = || trainer(Adam::default(), 1);
    let mut idle = OnStep(|_: &mut Moment<'_, f32>| Ok(()));
    assert_eq!(
        found(same().batch_size(9), &mut [&mut idle]),
        "this checkpoint was made with batch_size 8, training is to go on with 9"
    );
    assert!(found(same().seed(9), &mut [&mut idle]).contains("seed 3"));
    assert_eq!(
        found(same().freeze("bias"), &mut [&mut idle]),
        "this checkpoint was made with frozen tensors [], training is to go on with [bias]"
    );
    let augmented = found(same().augment(Augment::new().noise(0.2)), &mut [&mut idle]);
    assert!(augmented.contains("augmentation") && augmented.contains("Noise(0.2)"), "{augmented}");
    assert!(found(same().validation_split(0.2), &mut [&mut idle]).contains("training samples 75"));
    assert!(found(same(), &mut []).contains("callbacks [OnStep]"));
}
