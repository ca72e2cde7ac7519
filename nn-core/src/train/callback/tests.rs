use core::sync::atomic::Ordering;
use std::time::Duration;
use std::vec;
use std::vec::Vec;

use super::*;
use crate::data::{Dataset, Values};
use crate::losses::MeanSquaredError;
use crate::optim::Sgd;
use crate::random::Random;
use crate::shapes::Features;
use crate::simd::{AlignedBox, Plain};
use crate::train::testing::{Linear, new};
use crate::train::{Epoch, Report, Trainer};

type Data = Dataset<Features<3>, Values<Features<2>>>;
type Net = Linear<f64, 3, 2>;

fn data(scale: f32) -> Data {
    let mut random = Random::new(9);
    let inputs: Vec<f32> = (0..60).map(|_| scale * random.normal() as f32).collect();
    let targets: Vec<f32> = inputs.chunks(3).flat_map(|x| [x[0] - x[1], x[2]]).collect();
    Dataset::from_values(inputs, targets).expect("fits")
}

fn trainer(rate: f64) -> Trainer<MeanSquaredError, Sgd> {
    Trainer::new(MeanSquaredError, Sgd::new(rate)).epochs(6).batch_size(5).silent()
}

/// A history whose last epoch has this loss.
fn push(history: &mut History, loss: f64) {
    let training = Report { samples: 1, loss, metrics: vec![("score".into(), -loss)] };
    history.epochs.push(Epoch { training, validation: None, seconds: 0.0, rate: 1.0 });
}

/// Shows a callback the ends of epochs with these losses; the weights are the number of the epoch. Returns what they are in
/// the end, after how many epochs it stopped, and its rates.
fn show(callback: &mut dyn Callback<f64>, losses: &[f64]) -> (f64, usize, Vec<f64>) {
    let (mut history, mut weights, mut rates) = (History::default(), [0.0], Vec::new());
    let mut requests = Requests::default();
    let mut tell = |history: &History, weights: &mut [f64; 1], event: usize| {
        let mut moment = Moment {
            epoch: history.epochs.len() + 1,
            step: 0,
            steps: 0,
            loss: 0.0,
            rate: 1.0,
            history,
            weights,
            tensors: &[],
            requests: &mut requests,
        };
        match event {
            0 => callback.begin(&mut moment).expect("begins"),
            1 => callback.after_epoch(&mut moment).expect("looks"),
            _ => callback.finish(&mut moment).expect("finishes"),
        }
        rates.push(callback.rate());
        requests.stop
    };
    tell(&history, &mut weights, 0);
    for &loss in losses {
        push(&mut history, loss);
        weights[0] += 1.0;
        if tell(&history, &mut weights, 1) {
            break;
        }
    }
    tell(&history, &mut weights, 2);
    (weights[0], history.epochs.len(), rates)
}

#[test]
fn early_stopping_goes_back_to_the_best() {
    let mut early = EarlyStopping::new(2);
    let (weights, epochs, _) = show(&mut early, &[3.0, 1.0, f64::NAN, 1.0, 0.5]);
    assert_eq!((weights, epochs, early.best_epoch(), early.best_value()), (2.0, 4, 2, Some(1.0)));
    assert!(early.has_stopped());
    let (weights, epochs, _) = show(&mut early, &[3.0, 4.0, 2.0]);
    assert_eq!((weights, epochs, early.has_stopped()), (3.0, 3, false));
    let mut early = EarlyStopping::new(1).watch(Monitor::highest("score")).at_least(0.5);
    assert_eq!(show(&mut early, &[3.0, 2.0, 1.6, 0.0]).1, 3);
}

#[test]
fn a_plateau_lowers_the_rate() {
    let mut reduce = ReduceOnPlateau::new(0.5, 1).expect("in range").cooldown(1).lowest(0.2);
    let (_, _, rates) = show(&mut reduce, &[1.0; 12]);
    assert_eq!(rates, [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2]);
    assert!(ReduceOnPlateau::new(1.0, 1).is_err());
}

#[test]
fn a_metric_that_is_not_there_is_named() {
    let mut early = EarlyStopping::new(1).watch(Monitor::lowest("recall"));
    let error = trainer(0.1).fit_with(&mut new::<f64, Net>(1), &data(1.0), &mut [&mut early]).unwrap_err();
    assert_eq!(error, TrainError::NoSuchMetric { name: "recall".into(), names: vec!["loss".into()] });
}

#[test]
fn callbacks_set_the_rate_together() {
    let run = |rate, callbacks: &mut [&mut dyn Callback<f64>]| {
        let mut network: AlignedBox<Net> = new(1);
        trainer(rate).fit_with(&mut network, &data(1.0), callbacks).expect("trains");
        network.as_slice().to_vec()
    };
    let (mut half, mut quarter) = (EpochRate::new(|_| 0.5), EpochRate::new(|_| 0.25));
    assert_eq!(run(0.8, &mut [&mut half, &mut quarter]), run(0.1, &mut []));
    let mut wrong = EpochRate::new(|epoch| if epoch == 2 { f64::NAN } else { 1.0 });
    let error = trainer(0.1).fit_with(&mut new::<f64, Net>(1), &data(1.0), &mut [&mut wrong]).unwrap_err();
    assert!(matches!(error, TrainError::Setting(_)), "{error}");
}

#[test]
fn a_guard_names_the_tensor_or_goes_back() {
    let huge = data(1e30);
    let mut network: AlignedBox<Net> = new(1);
    let error = trainer(1e200).fit_with(&mut network, &huge, &mut [&mut NanGuard::new()]).unwrap_err();
    assert!(matches!(&error, TrainError::NotFinite { .. } | TrainError::NotFiniteTensor { .. }), "{error}");
    network.bias[1] = f64::NAN;
    let error = trainer(0.1).fit_with(&mut network, &data(1.0), &mut [&mut NanGuard::new()]).unwrap_err();
    let expected = TrainError::NotFiniteTensor { what: "value", tensor: "bias".into(), epoch: 1, step: 0 };
    assert_eq!(error, expected);
    let mut network: AlignedBox<Net> = new(1);
    let mut guard = NanGuard::restoring(50, 0.01).expect("in range");
    trainer(1e120).fit_with(&mut network, &data(1e20), &mut [&mut guard]).expect("goes on");
    assert!(guard.restored() > 0 && network.as_slice().iter().all(|weight| weight.is_finite()));
}

#[test]
fn the_average_is_that_of_the_steps() {
    let mut network: AlignedBox<Net> = new(1);
    let mut expected = network.as_slice().to_vec();
    let mut average = AveragedWeights::new(0.75).expect("in range");
    let mut follow = OnStep(|moment: &mut Moment<'_, f64>| {
        expected.iter_mut().zip(&*moment.weights).for_each(|(sum, &weight)| *sum = 0.75 * *sum + 0.25 * weight);
        Ok(())
    });
    trainer(0.1).fit_with(&mut network, &data(1.0), &mut [&mut average, &mut follow]).expect("trains");
    assert_eq!(network.as_slice(), expected);
}

#[test]
fn a_flag_a_budget_and_a_closure_end_training() {
    let steps = |last: &mut dyn Callback<f64>| {
        let mut steps = 0;
        let mut count = OnStep(|_: &mut Moment<'_, f64>| {
            steps += 1;
            Ok(())
        });
        let mut network: AlignedBox<Net> = new(1);
        trainer(0.1).fit_with(&mut network, &data(1.0), &mut [&mut count, last]).expect("trains");
        steps
    };
    assert_eq!(steps(&mut StopFlag::new()), 24);
    let stop = StopFlag::new();
    stop.flag().store(true, Ordering::Relaxed);
    assert_eq!(steps(&mut stop.clone()), 1);
    assert_eq!(steps(&mut TimeBudget::new(Duration::ZERO)), 0);
    assert_eq!(steps(&mut TimeBudget::new(Duration::from_secs(1000))), 24);
    assert_eq!(
        steps(&mut OnEpoch(|moment: &mut Moment<'_, f64>| {
            if moment.epoch > 2 {
                moment.stop();
            }
            Ok(())
        })),
        8
    );
}

#[test]
fn what_a_log_cannot_write_is_said() {
    let mut log = CsvLog::new("/no/such/folder/run.csv");
    let error = trainer(0.1).fit_with(&mut new::<f64, Net>(1), &data(1.0), &mut [&mut log]).unwrap_err();
    assert!(matches!(error, TrainError::Callback { callback: "CsvLog", .. }), "{error}");
}
