use std::vec::Vec;

use super::testing::{Centered, Linear, new};
use super::{GradientSum, Minimizer, Quantity, Run, Session, TrainError, Trainer};
use crate::data::{Dataset, Values};
use crate::losses::MeanSquaredError;
use crate::network::{Network, Scores};
use crate::optim::{Lbfgs, Sgd};
use crate::random::Random;
use crate::shapes::Features;
use crate::simd::{AlignedBox, Plain};
use crate::tensors::Marks;

type Numbers = Values<Features<3>>;
type Net = Centered<f64, 5, 3>;

fn data(samples: usize) -> Dataset<Features<5>, Numbers> {
    let mut random = Random::new(3);
    let inputs: Vec<f32> = (0..samples * 5).map(|_| random.normal() as f32).collect();
    let targets: Vec<f32> = inputs.chunks(5).flat_map(|x| [x[0] - x[4] + 0.5, 2.0 * x[1], x[2] + x[3] - 1.0]).collect();
    Dataset::from_values(inputs, targets).expect("fits")
}

fn trainer(threads: usize) -> Trainer<MeanSquaredError, Sgd> {
    Trainer::new(MeanSquaredError, Sgd::new(0.0)).threads(threads).silent()
}

fn minimize(mut minimizer: Minimizer<f64, Net>, network: &mut Net, steps: usize, threads: usize) -> Vec<f64> {
    let (data, trainer) = (data(200), trainer(threads));
    let mut session: Session<'_, f64, Net, Numbers, _, _, _, _> =
        trainer.start(network, Values::default()).expect("starts");
    let mut step = |_| minimizer.step(network, |network, sum| session.add_gradient_of(network, &data, sum));
    (0..steps).map(|number| step(number).expect("steps")).collect()
}

#[test]
fn a_linear_network_is_solved() {
    let mut network: AlignedBox<Net> = new(1);
    let losses = minimize(Minimizer::new(&network, Lbfgs::new()), &mut network, 3, 1);
    assert!(losses[0] > 0.5 && losses[2] < 1e-9, "{losses:?}");
    let mut same: AlignedBox<Net> = new(1);
    assert_eq!(minimize(Minimizer::new(&same, Lbfgs::new()), &mut same, 3, 3), losses);
    assert!(same.as_slice() == network.as_slice(), "three threads");
    assert!(network.running.iter().any(|mean| *mean != 0.0), "running statistics move");
}

/// With a penalty, the solution is that of ridge regression: the slope of loss and penalty is 0.
#[test]
fn penalties_and_what_is_frozen_are_kept() {
    let mut network: AlignedBox<Net> = new(1);
    network.bias = [7.0; 3];
    let marks = Marks { l2: 0.01, ..Marks::NONE };
    let lbfgs = Lbfgs { change_tolerance: 0.0, ..Lbfgs::new() };
    let minimizer = Minimizer::new(&network, lbfgs).l2(0.02).group("weight", marks).freeze("bias");
    minimize(minimizer, &mut network, 4, 1);
    assert_eq!(network.bias, [7.0; 3]);
    let (data, trainer) = (data(200), trainer(1));
    let mut sum = GradientSum::new(&network);
    let mut session: Session<'_, f64, Net, Numbers, _, _, _, _> =
        trainer.start(&network, Values::default()).expect("starts");
    session.add_gradient_of(&network, &data, &mut sum).expect("finite");
    let weights = network.weight.as_flattened().iter().zip(sum.values.weight.as_flattened());
    weights.for_each(|(weight, slope)| assert!((slope + 0.06 * weight).abs() < 1e-6, "{slope} {weight}"));
}

#[test]
fn a_sum_of_gradients_is_that_of_a_run() {
    fn check<N: Network<f64, Input = Features<5>, Output = Features<3>, Kind = Scores>>() {
        let mut random = Random::new(3);
        let inputs: Vec<[f64; 5]> = (0..40).map(|_| [(); 5].map(|()| random.normal())).collect();
        let targets = [[0.5f32; 3]; 40];
        let network: AlignedBox<N> = new(1);
        let trainer = trainer(2);
        let mut session: Session<'_, f64, N, Numbers, _, _, _, _> =
            trainer.start(&network, Values::default()).expect("starts");
        let mut found = GradientSum::new(&network);
        let loss = session.add_gradient(&network, &inputs, &targets, &mut found).expect("finite");
        let (mut run, mut expected) = (Run::new(&network, 40), GradientSum::new(&network));
        run.forward(&network, &inputs).expect("there is room");
        let expected_loss = run.loss(&MeanSquaredError, Values::default(), &targets).expect("finite");
        run.backward(&network, &mut expected).expect("once");
        assert!((loss - expected_loss).abs() < 1e-12);
        for (found, expected) in found.values.as_slice().iter().zip(expected.values.as_slice()) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        session.add_gradient(&network, &inputs[..1], &targets[..1], &mut found).expect("finite");
        assert!(found.values.as_slice() != expected.values.as_slice(), "it adds");
        assert!(matches!(
            session.add_gradient(&network, &[[f64::NAN; 5]], &targets[..1], &mut found),
            Err(TrainError::NotFinite { what: Quantity::Loss, .. })
        ));
        assert!(session.add_gradient(&network, &[], &[], &mut found).is_err());
    }
    check::<Linear<f64, 5, 3>>();
    check::<Net>();
}

#[test]
fn what_fails_leaves_the_network_untouched() {
    let mut network: AlignedBox<Net> = new(1);
    let before = network.as_slice().to_vec();
    let not_finite = || TrainError::NotFinite { what: Quantity::Loss, epoch: 0, step: 1, origin: None };
    let mut minimizer = Minimizer::new(&network, Lbfgs::new());
    assert!(minimizer.step(&mut network, |_, _| Err(not_finite())).is_err());
    // Later on, the step only becomes shorter; but another error ends it.
    let mut calls = 0;
    let found = minimizer.step(&mut network, |_, sum| {
        calls += 1;
        sum.values.as_mut_slice().fill(1.0);
        match calls {
            1 => Ok(1.0),
            2 | 3 => Err(not_finite()),
            _ => Err(TrainError::NoForward),
        }
    });
    assert!(matches!(found, Err(TrainError::NoForward)) && calls == 4, "{found:?}");
    assert_eq!(network.as_slice(), before);
    assert_eq!(minimizer.evaluations(), 5);
    let found = Minimizer::new(&network, Lbfgs::new().history(0)).step(&mut network, |_, _| Ok(0.0));
    assert!(matches!(found, Err(TrainError::Setting(_))), "{found:?}");
    let found = Minimizer::new(&network, Lbfgs::new()).freeze("head").step(&mut network, |_, _| Ok(0.0));
    assert!(matches!(found, Err(TrainError::NoSuchTensor { .. })), "{found:?}");
}
