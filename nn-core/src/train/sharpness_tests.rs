use std::vec::Vec;

use super::testing::{Centered, Linear, new};
use super::tiling::Tiling;
use super::{GradientSum, Run, Session, Stepper, Trainer};
use crate::data::{Dataset, Values};
use crate::losses::MeanSquaredError;
use crate::network::{Network, Scores};
use crate::optim::Adam;
use crate::random::Random;
use crate::shapes::Features;
use crate::simd::{AlignedBox, Plain};

type Numbers = Values<Features<3>>;
type Samples = (Vec<[f64; 5]>, Vec<[f32; 3]>);

fn samples(count: usize) -> Samples {
    let mut random = Random::new(3);
    let inputs: Vec<[f64; 5]> = (0..count).map(|_| [(); 5].map(|()| random.normal())).collect();
    let targets = inputs.iter().map(|x| [x[0] - x[4], 2.0 * x[1], x[2] + x[3]].map(|y| y as f32)).collect();
    (inputs, targets)
}

fn gradient<N>(network: &N, run: &mut Run<f64, N>, (inputs, targets): &Samples, sum: &mut GradientSum<f64, N>) -> f64
where
    N: Network<f64, Input = Features<5>, Output = Features<3>, Kind = Scores>,
{
    run.forward(network, inputs).expect("there is room");
    let loss = run.loss(&MeanSquaredError, Values::default(), targets).expect("finite");
    run.backward(network, sum).expect("once");
    loss
}

/// The step of Foret et al., written down by hand.
#[test]
fn the_gradient_is_taken_uphill() {
    let samples = samples(30);
    let (mut found, mut expected) = (new::<f64, Centered<f64, 5, 3>>(1), new::<f64, Centered<f64, 5, 3>>(1));
    let trainer = Trainer::new(MeanSquaredError, Adam::new(0.1)).sharpness_aware(0.3).l2(0.01).silent();
    let mut session: Session<'_, f64, _, Numbers, _, _, _, _> =
        trainer.start(&found, Values::default()).expect("starts");
    let (mut run, mut gradients) = (Run::new(&expected, 30), GradientSum::new(&expected));
    let rules = crate::optim::GradientRules { l2: 0.01, ..Default::default() };
    let mut stepper = Stepper::new(&expected, Adam::new(0.1)).rules(rules);
    for step in 0..5 {
        let loss = session.step(&mut found, &samples.0, &samples.1).expect("steps");
        let expected_loss = gradient(&*expected, &mut run, &samples, &mut gradients);
        assert!((loss - expected_loss).abs() < 1e-12, "step {step}: {loss} is not {expected_loss}");
        let norm = gradients.values.as_slice().iter().map(|slope| slope * slope).sum::<f64>().sqrt();
        // Running statistics come first in memory, and have no gradient.
        let below = expected.as_slice().to_vec();
        let uphill = expected.as_mut_slice()[3..].iter_mut().zip(gradients.values.as_slice());
        uphill.for_each(|(parameter, slope)| *parameter += 0.3 * slope / norm);
        gradients.values.as_mut_slice().fill(0.0);
        let mut above = GradientSum::new(&expected);
        gradient(&*expected, &mut run, &samples, &mut above);
        // The statistics stay those of the parameters themselves.
        gradients.values.as_mut_slice().copy_from_slice(above.values.as_slice());
        expected.as_mut_slice().copy_from_slice(&below);
        stepper.step(&mut expected, &mut gradients).expect("steps");
        for (found, expected) in found.as_slice().iter().zip(expected.as_slice()) {
            assert!((found - expected).abs() < 1e-10, "step {step}: {found} is not {expected}");
        }
    }
}

#[test]
fn flat_valleys_do_not_depend_on_threads() {
    let mut random = Random::new(8);
    let inputs: Vec<f32> = (0..1000 * 300).map(|_| random.normal() as f32).collect();
    let targets: Vec<f32> = (0..1000 * 10).map(|_| random.normal() as f32).collect();
    let data: Dataset<Features<300>, Values<Features<10>>> = Dataset::from_values(inputs, targets).expect("fits");
    type Net = Linear<f32, 300, 10>;
    assert!(Tiling::training::<f32, Net>(500).of(500)[1] >= 2, "the test needs several lanes");
    let run = |threads| {
        let mut network: AlignedBox<Net> = new(3);
        let trainer = Trainer::new(MeanSquaredError, Adam::new(0.01)).batch_size(500).accumulate(2).epochs(3);
        let trainer = trainer.sharpness_aware(0.05).threads(threads).silent();
        let history = trainer.fit(&mut network, &data).expect("trains");
        (network, history.losses().collect::<Vec<f64>>())
    };
    let (expected, losses) = run(1);
    let (found, found_losses) = run(3);
    assert!(found.as_slice() == expected.as_slice() && losses == found_losses);
    assert!(losses[2] < losses[0], "{losses:?}");
}

/// Where there is no slope there is no way up, and no trouble.
#[test]
fn a_flat_loss_is_no_trouble() {
    let mut network = new::<f64, Centered<f64, 5, 3>>(1);
    network.weight = [[0.0; 3]; 5];
    let before = network.as_slice().to_vec();
    let trainer = Trainer::new(MeanSquaredError, Adam::new(0.1)).sharpness_aware(0.3).silent();
    let mut session: Session<'_, f64, _, Numbers, _, _, _, _> =
        trainer.start(&network, Values::default()).expect("starts");
    let targets: [[f32; 3]; 2] = [network.bias.map(|bias| bias as f32); 2];
    session.step(&mut network, &[[1.0; 5]; 2], &targets).expect("steps");
    assert_eq!(network.as_slice(), before);
}
