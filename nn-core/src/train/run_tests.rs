use std::vec::Vec;

use super::testing::{Centered, Linear, new};
use super::{GradientSum, Quantity, Run, Session, Stepper, TrainError, Trainer};
use crate::OutOfRange;
use crate::data::{LabelFault, Values};
use crate::losses::MeanSquaredError;
use crate::network::Network;
use crate::optim::{Adam, GradientRules, Sgd};
use crate::predict::Predict;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::Features;
use crate::simd::Plain;

type Samples<T> = (Vec<[T; 5]>, Vec<[f32; 3]>);

fn samples<T: Scalar>(count: usize) -> Samples<T> {
    let mut random = Random::new(3);
    let inputs: Vec<[T; 5]> = (0..count).map(|_| [(); 5].map(|()| T::of(random.normal()))).collect();
    let targets = inputs.iter().map(|x| [x[0] - x[4], x[1] + x[1], x[2] + x[3]].map(|y| y.wide() as f32)).collect();
    (inputs, targets)
}

#[test]
fn steps_by_hand_are_those_of_a_session_bit_by_bit() {
    fn check<T: Scalar, N: Network<T, Input = Features<5>, Output = Features<3>, Kind = crate::network::Scores>>() {
        let (inputs, targets) = samples::<T>(20);
        let (mut expected, mut found) = (new::<T, N>(1), new::<T, N>(1));
        let trainer = Trainer::new(MeanSquaredError, Adam::new(0.1)).clip_norm(0.5).l2(0.01).silent();
        let mut session: Session<'_, T, N, Values<Features<3>>, _, _, _, _> =
            trainer.start(&expected, Values::default()).expect("starts");
        let (mut run, mut gradients) = (Run::new(&found, 30), GradientSum::new(&found));
        let rules = GradientRules { l2: 0.01, clip_norm: Some(0.5), ..GradientRules::default() };
        let mut stepper = Stepper::new(&found, Adam::new(0.1)).rules(rules);
        for count in [20, 1, 7, 20] {
            let (inputs, targets) = (&inputs[..count], &targets[..count]);
            let loss = session.step(&mut expected, inputs, targets).expect("steps");
            run.forward(&found, inputs).expect("there is room");
            assert_eq!(run.loss(&MeanSquaredError, Values::default(), targets).expect("finite"), loss);
            run.backward(&found, &mut gradients).expect("once");
            stepper.step(&mut found, &mut gradients).expect("finite");
            assert_eq!(expected.as_slice(), found.as_slice());
            assert!(gradients.values.as_slice().iter().all(|slope| *slope == T::zero()));
        }
    }
    check::<f32, Linear<f32, 5, 3>>();
    check::<f64, Centered<f64, 5, 3>>();
}

#[test]
fn predictions_are_those_of_predict() {
    let (inputs, _) = samples::<f32>(9);
    let network = new::<f32, Centered<f32, 5, 3>>(1);
    let mut run = Run::new(&network, 9);
    assert_eq!(run.infer(&network, &inputs).expect("there is room"), network.predict_many(&inputs));
    assert_eq!(run.outputs().len(), 9);
    assert!(run.output_gradients().is_empty());
}

#[test]
fn gradients_and_statistics_of_several_runs_add_up() {
    type Net = Centered<f64, 5, 3>;
    let (inputs, targets) = samples::<f64>(8);
    let network = new::<f64, Net>(1);
    let mut run = Run::new(&network, 8);
    let mut gradient = |parts: &[[usize; 2]]| {
        let mut gradients = GradientSum::new(&network);
        for &[start, end] in parts {
            let outputs = run.forward(&network, &inputs[start..end]).expect("there is room").to_vec();
            // By hand: the sum of squares, whatever the number of samples.
            let slopes = run.output_gradients().iter_mut().zip(&outputs).zip(&targets[start..end]);
            for ((slopes, output), target) in slopes {
                *slopes = core::array::from_fn(|index| 2.0 * (output[index] - f64::from(target[index])));
            }
            run.backward(&network, &mut gradients).expect("once");
        }
        gradients
    };
    let [first, second, both] = [&[[0, 4]][..], &[[4, 8]], &[[0, 4], [4, 8]]].map(&mut gradient);
    for ((first, second), both) in
        first.values.as_slice().iter().zip(second.values.as_slice()).zip(both.values.as_slice())
    {
        assert!((first + second - both).abs() < 1e-12);
    }
    assert_eq!(both.statistics[0], 8.0, "the samples of both runs");
    let mut moved = network.clone_boxed();
    Stepper::new(&moved, Sgd::new(0.0)).step(&mut moved, &mut { both }).expect("finite");
    assert!(moved.running != network.running);
    let mut kept = network.clone_boxed();
    let mut stepper = Stepper::new(&kept, Sgd::new(1.0)).train_only(&["weight"]);
    stepper.step(&mut kept, &mut { first }).expect("finite");
    assert!(kept.running == network.running && kept.bias == network.bias && kept.weight != network.weight);
}

#[test]
fn a_run_says_what_is_wrong() {
    let (inputs, targets) = samples::<f32>(4);
    let mut network = new::<f32, Linear<f32, 5, 3>>(1);
    let (mut run, mut gradients) = (Run::new(&network, 3), GradientSum::new(&network));
    let loss = |run: &mut Run<_, Linear<f32, 5, 3>>, targets: &[[f32; 3]]| {
        run.loss(&MeanSquaredError, Values::default(), targets).expect_err("refused")
    };
    assert_eq!(run.forward(&network, &[]), Err(TrainError::Empty { what: "batch" }));
    assert_eq!(run.forward(&network, &inputs), Err(TrainError::NoRoom { samples: 4, room: 3 }));
    assert_eq!(loss(&mut run, &targets), TrainError::NoForward);
    assert_eq!(run.backward(&network, &mut gradients), Err(TrainError::NoForward));
    run.infer(&network, &inputs[..2]).expect("there is room");
    assert_eq!(run.backward_to_input(&network, None), Err(TrainError::NoForward));

    run.forward(&network, &inputs[..2]).expect("there is room");
    assert_eq!(loss(&mut run, &targets), TrainError::Lengths { inputs: 2, targets: 4 });
    let fault = loss(&mut run, &[[0.0; 3], [f32::INFINITY; 3]]);
    assert!(matches!(fault, TrainError::Label { sample: 1, fault: LabelFault::NotFinite { .. } }));
    run.output_gradients()[0] = [f32::NAN; 3];
    run.backward(&network, &mut gradients).expect("a forward pass came last");
    assert_eq!(run.backward(&network, &mut gradients), Err(TrainError::NoForward), "a second time");
    let before = network.clone_boxed();
    let mut stepper = Stepper::new(&network, Sgd::new(0.1));
    let refused = TrainError::NotFinite { what: Quantity::Gradient, epoch: 0, step: 1, origin: None };
    assert_eq!(stepper.step(&mut network, &mut gradients), Err(refused));
    assert_eq!(network.as_slice(), before.as_slice());
    assert!(stepper.step(&mut network, &mut gradients).is_ok(), "a refused step leaves no gradient");

    let mut stepper = Stepper::new(&network, Sgd::new(-0.1));
    let wrong = stepper.step(&mut network, &mut gradients);
    assert!(matches!(wrong, Err(TrainError::Setting(OutOfRange { name: "learning_rate", .. }))));
    let mut stepper = Stepper::new(&network, Sgd::new(0.1)).freeze("head");
    let wrong = stepper.step(&mut network, &mut gradients);
    assert!(matches!(wrong, Err(TrainError::NoSuchTensor { .. })));
}
