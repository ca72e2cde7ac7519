use alloc::string::ToString as _;
use alloc::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::vec::Vec;

use super::testing::{Centered, Linear, new};
use super::*;
use crate::data::augment::Augment;
use crate::data::{DataError, Dataset, Values};
use crate::losses::MeanSquaredError;
use crate::optim::Adam;
use crate::predict::Predict;
use crate::random::Random;
use crate::shapes::Features;
use crate::simd::{AlignedBox, Plain};

type Data = Dataset<Features<7>, Values<Features<3>>>;
type Net = Centered<f32, 7, 3>;

fn input(index: u32) -> [f32; 7] {
    let mut random = Random::new(index.into());
    core::array::from_fn(|_| random.normal() as f32)
}

fn targets(samples: u32) -> Vec<f32> {
    (0..samples)
        .flat_map(|index| {
            let x = input(index);
            [x[0] - x[4], 2.0 * x[1], x[2] + x[3]]
        })
        .collect()
}

/// A stream that fails at one sample, and counts what was read.
fn streamed(samples: u32, broken: u32, count: &Arc<AtomicUsize>) -> Data {
    let count = count.clone();
    let read = move |index: u32, values: &mut [f32]| {
        count.fetch_add(1, Ordering::Relaxed);
        values.copy_from_slice(&input(index));
        if index == broken { Err(DataError::unreadable(index, "gone")) } else { Ok(()) }
    };
    Data::streamed_values(read, targets(samples)).unwrap()
}

fn held(samples: u32) -> Data {
    streamed(samples, u32::MAX, &Arc::default()).held().unwrap()
}

fn trainer() -> Trainer<MeanSquaredError, Adam, (), Share> {
    Trainer::new(MeanSquaredError, Adam::new(0.01)).epochs(3).batch_size(8).seed(3).silent().validation_split(0.2)
}

#[test]
fn what_is_streamed_trains_as_what_is_in_memory_bit_by_bit() {
    for sampling in [Sampling::Shuffled, Sampling::InOrder, Sampling::Runs { samples: 10, together: 2 }] {
        let trainer = trainer().sampling(sampling);
        let mut expected: AlignedBox<Net> = new(5);
        let history = trainer.fit(&mut expected, &held(83)).unwrap();
        for (ahead, threads) in [(0, 1), (1, 1), (2, 2), (5, 2), (40, 1)] {
            let (mut network, count): (AlignedBox<Net>, _) = (new(5), Arc::default());
            let data = streamed(83, u32::MAX, &count);
            let found = trainer.clone().read_ahead(ahead).threads(threads).fit(&mut network, &data).unwrap();
            assert_eq!(network.as_slice(), expected.as_slice(), "{ahead} batches ahead");
            let losses = |history: &History| -> Vec<_> {
                history
                    .epochs
                    .iter()
                    .map(|epoch| (epoch.training.loss, epoch.validation.as_ref().unwrap().loss))
                    .collect()
            };
            assert_eq!(losses(&found), losses(&history));
            assert_eq!(count.load(Ordering::Relaxed), 3 * 83, "each sample is read once an epoch");
            assert_eq!(network.predict_data(&data), expected.predict_data(&held(83)));
        }
    }
}

#[test]
fn what_is_streamed_is_changed_as_what_is_in_memory_bit_by_bit() {
    let trainer = trainer().augment(Augment::new().noise(0.3).mix_up(0.4));
    let mut expected: AlignedBox<Net> = new(5);
    trainer.fit(&mut expected, &held(83)).unwrap();
    for (ahead, threads) in [(0, 1), (1, 2), (3, 1)] {
        let (mut network, count): (AlignedBox<Net>, _) = (new(5), Arc::default());
        let data = streamed(83, u32::MAX, &count);
        trainer.clone().read_ahead(ahead).threads(threads).fit(&mut network, &data).unwrap();
        assert_eq!(network.as_slice(), expected.as_slice(), "{ahead} batches ahead");
        assert_eq!(count.load(Ordering::Relaxed), 3 * 83, "partners are not read again");
    }
}

#[test]
fn what_cannot_be_read_ends_training_before_its_step() {
    let data = streamed(83, 20, &Arc::default());
    for ahead in [0, 1, 3] {
        let trainer = Trainer::new(MeanSquaredError, Adam::new(0.01)).batch_size(8).shuffle(false).silent();
        let (mut network, mut expected): (AlignedBox<Net>, AlignedBox<Net>) = (new(5), new(5));
        // The first two batches of eight are whole.
        trainer.fit(&mut expected, &held(83).take(16)).unwrap();
        let error = trainer.clone().read_ahead(ahead).fit(&mut network, &data).unwrap_err();
        assert_eq!(error.to_string(), "cannot read sample 20: gone");
        assert_eq!(network.as_slice(), expected.as_slice());
    }
    let network: AlignedBox<Net> = new(5);
    assert!(matches!(evaluate(&network, &data, &MeanSquaredError), Err(TrainError::Data { .. })));
    assert!(network.try_predict_data(&data).is_err());
}

#[test]
fn a_reader_that_panics_is_an_error_of_training() {
    let read = |index: u32, values: &mut [f32]| {
        assert!(index != 30, "this panic is part of a test");
        values.fill(0.0);
        Ok(())
    };
    let data = Data::streamed_values(read, targets(83)).unwrap();
    let mut network: AlignedBox<Linear<f32, 7, 3>> = new(5);
    let trainer = Trainer::new(MeanSquaredError, Adam::new(0.01)).batch_size(8).shuffle(false).silent();
    let error = trainer.fit(&mut network, &data).unwrap_err().to_string();
    assert!(error.starts_with("cannot read sample 24: the thread that reads it"), "{error}");
}

/// 50 steps, the end of the process, and 50 more, from shards on the disk.
#[cfg(all(feature = "safetensors", feature = "shards"))]
#[test]
fn training_from_shards_goes_on_bit_by_bit() {
    use crate::data::shards;
    use crate::train::callback::{Callback, Moment, OnStep};

    let folder = std::env::temp_dir().join(std::format!("netform-feed-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let writer = shards::Writer::<Features<7>, Values<Features<3>>, f32>::create(&folder).unwrap();
    let mut writer = writer.samples_a_shard(9).unwrap();
    let all = targets(83);
    for (index, target) in (0..).zip(all.as_chunks::<3>().0) {
        writer.push(&input(index), *target).unwrap();
    }
    writer.finish().unwrap();
    let data: Data = shards::open(&folder).unwrap();
    let path = folder.join("checkpoint");
    for sampling in [Sampling::Shuffled, Sampling::Runs { samples: 9, together: 3 }] {
        for threads in [1, 2] {
            // 67 samples for training: 9 steps an epoch.
            let trainer = || trainer().epochs(12).sampling(sampling.clone()).threads(threads);
            let mut whole: AlignedBox<Net> = new(5);
            trainer().fit_with(&mut whole, &held(83), &mut [&mut OnStep(|_: &mut Moment<'_, f32>| Ok(()))]).unwrap();
            let mut network: AlignedBox<Net> = new(5);
            let mut killed = OnStep(|moment: &mut Moment<'_, f32>| {
                if moment.steps == 50 {
                    moment.save(&path);
                }
                if moment.steps == 53 { Err(TrainError::NoForward) } else { Ok(()) }
            });
            let mut all: [&mut dyn Callback<f32>; 1] = [&mut killed];
            assert!(trainer().fit_with(&mut network, &data, &mut all).is_err());
            let mut network: AlignedBox<Net> = new(77);
            let mut idle = OnStep(|_: &mut Moment<'_, f32>| Ok(()));
            let checkpoint = Checkpoint::load(&path).unwrap();
            trainer().read_ahead(3).resume(&mut network, &data, &mut [&mut idle], &checkpoint).unwrap();
            assert_eq!(network.as_slice(), whole.as_slice(), "{sampling:?}, {threads} threads");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
