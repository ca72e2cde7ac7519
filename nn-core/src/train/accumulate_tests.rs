use std::vec::Vec;

use super::testing::{Centered, Linear, new};
use super::{GradientSum, Run, Stepper, TrainError, Trainer};
use crate::data::{Classes, Dataset, Values};
use crate::losses::{CrossEntropy, MeanSquaredError};
use crate::metrics::Accuracy;
use crate::optim::{Adam, Sgd};
use crate::random::Random;
use crate::shapes::Features;
use crate::simd::{AlignedBox, Plain};
use crate::tensors::Marks;

type Net = Linear<f64, 300, 10>;

fn classified(samples: usize) -> Dataset<Features<300>, Classes<10>> {
    let mut random = Random::new(6);
    let inputs: Vec<f32> = (0..samples * 300).map(|_| random.normal() as f32).collect();
    let labels: Vec<u32> = (0..samples).map(|_| random.below(10) as u32).collect();
    Dataset::from_values(inputs, labels).expect("fits")
}

/// Also with class weights, so that batches count differently, with dropout, and with a last step of fewer and smaller batches.
#[test]
fn several_batches_give_the_step_of_a_large_one() {
    let data = classified(710);
    let loss = CrossEntropy::new().class_weights([1.0, 2.0, 3.0, 0.5, 0.0, 1.0, 1.0, 4.0, 1.0, 1.0]);
    let run = |batch, accumulated, threads| {
        let mut network: AlignedBox<Net> = new(3);
        let trainer = Trainer::new(loss, Adam::new(0.01)).batch_size(batch).accumulate(accumulated).epochs(2);
        let trainer = trainer.threads(threads).metric(Accuracy).clip_norm(0.5).silent();
        let history = trainer.fit(&mut network, &data).expect("trains");
        (network, history)
    };
    let (expected, history) = run(240, 1, 1);
    for (batch, accumulated) in [(80, 3), (60, 4), (1, 240)] {
        let (found, found_history) = run(batch, accumulated, 1);
        for (found, expected) in found.as_slice().iter().zip(expected.as_slice()) {
            assert!((found - expected).abs() < 1e-10, "{batch}: {found} is not {expected}");
        }
        for (found, expected) in found_history.epochs.iter().zip(&history.epochs) {
            assert!((found.training.loss - expected.training.loss).abs() < 1e-9);
            assert_eq!(found.training.metric("accuracy"), expected.training.metric("accuracy"));
        }
        let (with_two, _) = run(batch, accumulated, 2);
        assert!(with_two.as_slice() == found.as_slice(), "{batch}: two threads");
    }
}

/// What couples samples sees each batch by itself; running statistics move once a batch.
#[test]
fn statistics_are_those_of_each_batch() {
    type Net = Centered<f64, 5, 3>;
    let mut random = Random::new(3);
    let inputs: Vec<[f32; 5]> = (0..20).map(|_| [(); 5].map(|()| random.normal() as f32)).collect();
    let targets: Vec<[f32; 3]> = inputs.iter().map(|x| [x[0] - x[4], 2.0 * x[1], x[2] + x[3]]).collect();
    let data: Dataset<Features<5>, Values<Features<3>>> = Dataset::from_samples(&inputs, &targets).expect("fits");
    let mut found: AlignedBox<Net> = new(1);
    let trainer = Trainer::new(MeanSquaredError, Sgd::new(0.1)).batch_size(8).accumulate(2).shuffle(false).silent();
    trainer.fit(&mut found, &data).expect("trains");

    let mut expected: AlignedBox<Net> = new(1);
    let (mut run, mut gradients) = (Run::new(&expected, 8), GradientSum::new(&expected));
    let mut stepper = Stepper::new(&expected, Sgd::new(0.1));
    let mut running = expected.running;
    for step in [[Some(0..8), Some(8..16)], [Some(16..20), None]] {
        let samples: usize = step.iter().flatten().map(ExactSizeIterator::len).sum();
        let mut sum = GradientSum::new(&expected);
        for batch in step.into_iter().flatten() {
            let inputs: Vec<[f64; 5]> = inputs[batch.clone()].iter().map(|x| x.map(f64::from)).collect();
            run.forward(&expected, &inputs).expect("there is room");
            run.loss(&MeanSquaredError, Values::default(), &targets[batch.clone()]).expect("finite");
            run.backward(&expected, &mut gradients).expect("once");
            let share = batch.len() as f64 / samples as f64;
            let slopes = gradients.values.as_slice().iter();
            sum.values.as_mut_slice().iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += share * slope);
            // The batch's own movement of the running statistics, one after the other.
            let mut mover: AlignedBox<Net> = new(1);
            mover.running = running;
            gradients.values.as_mut_slice().fill(0.0);
            Stepper::new(&mover, Sgd::new(0.0)).step(&mut mover, &mut gradients).expect("steps");
            running = mover.running;
        }
        stepper.step(&mut expected, &mut sum).expect("steps");
    }
    for (found, expected) in found.weight.as_flattened().iter().zip(expected.weight.as_flattened()) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }
    for (found, expected) in found.running.iter().zip(running) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }
}

#[test]
fn no_batches_are_refused() {
    let (data, mut network) = (classified(4), new::<f64, Net>(1));
    let trainer = Trainer::new(CrossEntropy::new(), Sgd::new(0.1)).silent();
    let found = trainer.clone().accumulate(0).fit(&mut network, &data);
    assert!(matches!(found, Err(TrainError::Setting(_))), "{found:?}");
    let found = trainer.sharpness_aware(-1.0).fit(&mut network, &data);
    assert!(matches!(found, Err(TrainError::Setting(_))), "{found:?}");
}

#[test]
fn groups_have_rates_and_penalties_of_their_own() {
    let data = classified(40);
    let moved = |group: Option<(&str, Marks)>| {
        let mut network: AlignedBox<Net> = new(3);
        network.bias.fill(1.0);
        let start: Vec<f64> = network.as_slice().to_vec();
        let mut trainer = Trainer::new(CrossEntropy::new(), Sgd::new(0.1)).batch_size(40).silent();
        if let Some((pattern, marks)) = group {
            trainer = trainer.group(pattern, marks);
        }
        trainer.fit(&mut network, &data).expect("trains");
        let moved: Vec<f64> = network.as_slice().iter().zip(&start).map(|(new, old)| new - old).collect();
        (moved, start)
    };
    let (plain, start) = moved(None);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    let (slow, _) = moved(Some(("weight", Marks { rate: 0.25, ..Marks::NONE })));
    let (held, _) = moved(Some(("*", Marks { l2: 0.5, decay: Some(true), ..Marks::NONE })));
    for (index, plain) in plain.iter().enumerate() {
        near(slow[index], if index < 3000 { 0.25 * plain } else { *plain });
        near(held[index], plain - 0.1 * start[index]);
    }
    let (frozen, _) = moved(Some(("bias", Marks { frozen: true, ..Marks::NONE })));
    assert!(frozen[..3000] == plain[..3000] && frozen[3000..].iter().all(|moved| *moved == 0.0));

    let mut network: AlignedBox<Net> = new(3);
    let trainer = Trainer::new(CrossEntropy::new(), Sgd::new(0.1)).silent();
    let found = trainer.clone().group("head", Marks::NONE).fit(&mut network, &data);
    assert!(matches!(found, Err(TrainError::NoSuchTensor { .. })), "{found:?}");
    let found = trainer.group("weight", Marks { rate: f64::NAN, ..Marks::NONE }).fit(&mut network, &data);
    assert!(matches!(found, Err(TrainError::Setting(_))), "{found:?}");
}
