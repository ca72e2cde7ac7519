use std::string::ToString;
use std::vec;
use std::vec::Vec;

use super::testing::{Centered, Linear, new};
use super::tiling::Tiling;
use super::*;
use crate::OutOfRange;
use crate::data::{Classes, Dataset, LabelFault, Values, WithWeight};
use crate::losses::{BinaryCrossEntropy, CrossEntropy, Huber, Loss, MeanSquaredError, OutputGradient};
use crate::metrics::{Accuracy, Precision, RootMeanSquaredError, TopK};
use crate::network::{Network, OutputKind, Scores};
use crate::optim::{Adam, AdamW, Schedule, Sgd};
use crate::predict::Predict;
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::Features;
use crate::simd::{AlignedBox, Plain};
use crate::spec::Shape;

type Classified<const IN: usize> = Dataset<Features<IN>, Classes<10>>;
type Measured = Dataset<Features<5>, Values<Features<3>>>;

/// Samples whose class is their largest element among the first ten.
fn classified<const IN: usize>(samples: usize, seed: u64) -> Classified<IN> {
    let mut random = Random::new(seed);
    let inputs: Vec<f32> = (0..samples * IN).map(|_| random.normal() as f32).collect();
    let class = |input: &[f32]| (1..10).fold(0, |best, index| if input[index] > input[best] { index } else { best });
    let labels: Vec<u32> = inputs.chunks(IN).map(|input| class(input) as u32).collect();
    Dataset::from_values(inputs, labels).expect("fits")
}

fn measured(samples: usize) -> Measured {
    let mut random = Random::new(9);
    let inputs: Vec<f32> = (0..samples * 5).map(|_| random.normal() as f32).collect();
    let targets: Vec<f32> = inputs.chunks(5).flat_map(|x| [x[0] - x[4], 2.0 * x[1], x[2] + x[3]]).collect();
    Dataset::from_values(inputs, targets).expect("fits")
}

fn trainer() -> Trainer<CrossEntropy, Adam> {
    Trainer::new(CrossEntropy::new(), Adam::new(0.01)).epochs(3).batch_size(1000).seed(5).silent()
}

fn bits<T: Scalar, N: Network<T>>(network: &N) -> Vec<u64> {
    network.as_slice().iter().map(|value| value.wide().to_bits()).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    fn check<T: Scalar, N: Network<T, Input = Features<300>, Output = Features<10>, Kind = Scores>>() {
        assert!(Tiling::training::<T, N>(500).of(500)[1] >= 3, "the test needs several lanes");
        let data = classified(1300, 1);
        let run = |threads| {
            let mut network: AlignedBox<N> = new(3);
            let trainer = trainer()
                .epochs(2)
                .batch_size(500)
                .threads(threads)
                .metric(Accuracy)
                .clip_norm(0.5)
                .l2(1e-3)
                .validation_split(0.1);
            let history = trainer.fit(&mut network, &data).expect("trains");
            let report = trainer.evaluate(&network, &data).expect("evaluates");
            let losses: Vec<u64> = history.losses().chain(history.validation_losses()).map(f64::to_bits).collect();
            assert_eq!(losses.len(), 4);
            (bits(&*network), losses, report)
        };
        let expected = run(1);
        for threads in [2, 3, 8] {
            assert!(run(threads) == expected, "{threads} threads");
        }
    }
    check::<f32, Linear<f32, 300, 10>>();
    check::<f32, Centered<f32, 300, 10>>();
    check::<f64, Centered<f64, 300, 10>>();
}

/// A batch with masked samples, and one without them, give the same step: the mean is over what is kept in the whole batch,
/// however it is cut into tiles.
#[test]
fn masked_targets_have_no_part_in_a_step() {
    type Net = Linear<f64, 300, 10>;
    let mut random = Random::new(4);
    let (mut inputs, mut labels, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    let (mut kept_inputs, mut kept_labels) = (Vec::new(), Vec::new());
    for sample in 0..500 {
        let input: [f32; 300] = core::array::from_fn(|_| random.normal() as f32);
        let class = random.below(10) as u32;
        // The last ones, so that the others draw the same dropout as without them. The last tiles keep nothing.
        let weight = if sample < 300 { 1.0 } else { 0.0 };
        inputs.extend(input);
        labels.push(class);
        weights.push(weight);
        if weight > 0.0 {
            kept_inputs.extend(input);
            kept_labels.push(class);
        }
    }
    let masked: Dataset<Features<300>, WithWeight<Classes<10>>> =
        Dataset::from_values(inputs, (labels, weights)).expect("fits");
    let kept: Classified<300> = Dataset::from_values(kept_inputs, kept_labels).expect("fits");
    assert!(Tiling::training::<f64, Net>(500).of(500)[0] >= 3, "the test needs several tiles");
    let trainer = |threads| {
        let trainer = Trainer::new(CrossEntropy::new(), Sgd::new(0.5)).epochs(1).batch_size(500).shuffle(false);
        trainer.threads(threads).silent()
    };
    let mut expected: AlignedBox<Net> = new(3);
    let history = trainer(1).fit(&mut expected, &kept).expect("trains");
    let mut with_one: AlignedBox<Net> = new(3);
    let masked_history = trainer(1).fit(&mut with_one, &masked).expect("trains");
    for (found, expected) in with_one.as_slice().iter().zip(expected.as_slice()) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }
    let losses = history.losses().zip(masked_history.losses());
    losses.for_each(|(expected, found)| assert!((found - expected).abs() < 1e-9, "{found} is not {expected}"));
    let mut with_two: AlignedBox<Net> = new(3);
    trainer(2).fit(&mut with_two, &masked).expect("trains");
    assert!(bits(&*with_one) == bits(&*with_two));
}

#[test]
fn training_learns() {
    let (train, test) = (classified(4000, 1), classified(1000, 2));
    let mut network: AlignedBox<Linear<f32, 40, 10>> = new(3);
    let trainer = trainer().epochs(12).batch_size(100).metric(Accuracy).metric(TopK(3)).validation(&test);
    let history = trainer.fit(&mut network, &train).expect("trains");
    assert_eq!(history.epochs.len(), 12);
    let last = history.last().expect("twelve epochs");
    let report = last.validation.as_ref().expect("validated");
    assert_eq!((last.training.samples, report.samples), (4000, 1000));
    assert!(report.metric("accuracy") > Some(0.85), "{history}");
    assert!(report.metric("top-3 accuracy") >= report.metric("accuracy"));
    assert_eq!(&trainer.evaluate(&network, &test).expect("evaluates"), report);
    let found = evaluate(&network, &test, &CrossEntropy::new()).expect("evaluates");
    assert_eq!((found.loss, found.metrics.len()), (report.loss, 0));
}

#[test]
fn a_seed_fixes_everything() {
    let data = classified(500, 1);
    let run = |seed, shuffle| {
        let mut network: AlignedBox<Linear<f32, 40, 10>> = new(3);
        trainer().batch_size(64).seed(seed).shuffle(shuffle).fit(&mut network, &data).expect("trains");
        bits(&*network)
    };
    assert_eq!(run(1, true), run(1, true));
    assert_ne!(run(1, true), run(2, true));
    assert_ne!(run(1, true), run(1, false));
    assert_ne!(run(1, false), run(2, false), "noise has a seed as well");
}

/// One plain gradient step on a whole batch, by the textbook: `y = x · W - mean + b`, without tiles.
fn reference_step(network: &Centered<f64, 5, 3>, data: &Measured, rate: f64) -> AlignedBox<Centered<f64, 5, 3>> {
    let samples = data.len();
    let indices: Vec<u32> = (0..samples as u32).collect();
    let (mut inputs, mut targets) = (vec![0.0; samples * 5], vec![0.0; samples * 3]);
    data.fill_inputs::<f64>(&indices, &mut inputs);
    data.fill_targets::<f64>(&indices, <[f64; 3]>::from_flat_mut(&mut targets));
    let loss = |network: &Centered<f64, 5, 3>| {
        let product = |x: &[f64], column: usize| (0..5).map(|row| x[row] * network.weight[row][column]).sum::<f64>();
        let hidden: Vec<[f64; 3]> = inputs.chunks(5).map(|x| [0, 1, 2].map(|column| product(x, column))).collect();
        let means = [0, 1, 2].map(|column| hidden.iter().map(|h| h[column]).sum::<f64>() / samples as f64);
        let errors = hidden.iter().zip(targets.chunks(3)).flat_map(|(h, target)| {
            [0, 1, 2].map(|column| (h[column] - means[column] + network.bias[column] - target[column]).powi(2))
        });
        (errors.sum::<f64>() / (3 * samples) as f64, means)
    };
    let mut moved = network.clone_boxed();
    let mut probe = network.clone_boxed();
    for index in 3..21 {
        let kept = probe.as_slice()[index];
        let mut at = |value: f64| {
            probe.as_mut_slice()[index] = value;
            loss(&probe).0
        };
        let slope = (at(kept + 1e-5) - at(kept - 1e-5)) / 2e-5;
        at(kept);
        moved.as_mut_slice()[index] -= rate * slope;
    }
    let means = loss(network).1;
    moved.running = [0, 1, 2].map(|column| 0.5 * network.running[column] + 0.5 * means[column]);
    moved
}

#[test]
fn tiles_add_up_to_the_gradient_of_the_batch() {
    for samples in [1, 2, 127, 128, 129, 700] {
        let data = measured(samples);
        let mut network: AlignedBox<Centered<f64, 5, 3>> = new(4);
        let expected = reference_step(&network, &data, 0.1);
        let trainer = Trainer::new(MeanSquaredError, Sgd::new(0.1)).batch_size(samples).threads(2).silent();
        trainer.fit(&mut network, &data).expect("trains");
        for (found, expected) in network.as_slice().iter().zip(expected.as_slice()) {
            assert!((found - expected).abs() < 1e-8, "{samples} samples: {found} {expected}");
        }
    }
}

#[test]
fn a_ragged_last_batch_is_a_mean_of_its_own() {
    let data = measured(10);
    let mut network: AlignedBox<Linear<f64, 5, 3>> = new(4);
    let before = network.clone_boxed();
    let trainer = Trainer::new(MeanSquaredError, Sgd::new(0.0)).batch_size(4).shuffle(false).silent();
    let history = trainer.clone().metric(RootMeanSquaredError).fit(&mut network, &data).expect("trains");
    assert_eq!(bits(&*network), bits(&*before), "a learning rate of 0 moves nothing");
    let report = &history.epochs[0].training;
    assert_eq!(report.samples, 10);
    let root = report.metric("root mean squared error").expect("chosen");
    assert!((report.loss - root * root).abs() < 1e-12);
}

#[test]
fn steps_by_hand_are_those_of_a_fit() {
    // More than one tile, and a last one that is not full.
    const SAMPLES: usize = 203;
    let data = measured(SAMPLES);
    let indices: Vec<u32> = (0..SAMPLES as u32).collect();
    let (mut inputs, mut targets) = ([[0.0; 5]; SAMPLES], [[0.0f32; 3]; SAMPLES]);
    data.fill_inputs::<f64>(&indices, inputs.as_flattened_mut());
    data.fill_targets::<f32>(&indices, &mut targets);
    let trainer = Trainer::new(MeanSquaredError, AdamW::new(0.1))
        .batch_size(SAMPLES)
        .epochs(4)
        .shuffle(false)
        .clip_value(0.2)
        .threads(2)
        .silent();
    let (mut fitted, mut stepped): (AlignedBox<Centered<f64, 5, 3>>, AlignedBox<Centered<f64, 5, 3>>) =
        (new(4), new(4));
    let history = trainer.fit(&mut fitted, &data).expect("trains");
    let mut session = trainer.start(&stepped, Values::default()).expect("starts");
    let losses: Vec<f64> = (0..4).map(|_| session.step(&mut stepped, &inputs, &targets).expect("steps")).collect();
    assert_eq!(bits(&*fitted), bits(&*stepped));
    assert_eq!(history.losses().collect::<Vec<_>>(), losses);
    session.fit(&mut stepped, &data).expect("goes on");
    assert!(session.step(&mut stepped, &inputs, &targets).expect("steps") < losses[3]);
}

#[test]
fn a_bad_number_refuses_the_step_and_changes_nothing() {
    struct Broken(f64);
    impl<T: Scalar, K: OutputKind> Loss<T, K, Values<Features<3>>> for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }
        fn tile(&self, _: Shape, outputs: &[T], _: &[[T; 3]], gradient: Option<OutputGradient<'_, T>>) -> f64 {
            if let Some(gradient) = gradient {
                gradient.values.fill(T::infinity());
            }
            self.0 * outputs.len() as f64
        }
    }
    let data = measured(300);
    for (value, what) in [(f64::NAN, Quantity::Loss), (1.0, Quantity::Gradient)] {
        let mut network: AlignedBox<Centered<f32, 5, 3>> = new(4);
        let before = bits(&*network);
        let trainer = Trainer::new(Broken(value), Adam::default()).batch_size(200).silent();
        let error = trainer.fit(&mut network, &data).expect_err("not finite");
        let TrainError::NotFinite { what: found, epoch: 1, step: 1, origin } = &error else { panic!("{error}") };
        let begins = match origin {
            Some(Origin::Gradient { tensor }) => tensor == "bias",
            _ => matches!(origin, Some(Origin::Loss { .. })) && value.is_nan(),
        };
        assert!(*found == what && begins, "{error}");
        assert_eq!(bits(&*network), before);
    }
    let mut network: AlignedBox<Linear<f32, 5, 3>> = new(4);
    let trainer = Trainer::new(MeanSquaredError, Sgd::new(1e30)).batch_size(100).silent();
    let mut session = trainer.start(&network, Values::default()).expect("starts");
    let inputs = [[1.0; 5]; 2];
    session.step(&mut network, &inputs, &[[0.0; 3]; 2]).expect("the first step is finite");
    let far = bits(&*network);
    let error = session.step(&mut network, &inputs, &[[0.0; 3]; 2]).expect_err("the loss overflows");
    assert!(matches!(error, TrainError::NotFinite { epoch: 0, step: 2, .. }), "{error}");
    assert_eq!(bits(&*network), far);
}

/// No sample alone gives it, and the gradient that comes of it tells nothing.
#[test]
fn a_loss_of_many_samples_has_no_origin() {
    struct Crowded;
    impl<T: Scalar, K: OutputKind> Loss<T, K, Values<Features<3>>> for Crowded {
        fn name(&self) -> &'static str {
            "crowded"
        }
        fn tile(&self, _: Shape, outputs: &[T], _: &[[T; 3]], gradient: Option<OutputGradient<'_, T>>) -> f64 {
            if let Some(gradient) = gradient {
                gradient.values.fill(T::nan());
            }
            if outputs.len() > 3 { f64::NAN } else { 1.0 }
        }
    }
    let mut network: AlignedBox<Linear<f32, 5, 3>> = new(4);
    let trainer = Trainer::new(Crowded, Sgd::new(0.1)).batch_size(20).silent();
    let expected = TrainError::NotFinite { what: Quantity::Loss, epoch: 1, step: 1, origin: None };
    assert_eq!(trainer.fit(&mut network, &measured(20)), Err(expected));
}

#[test]
fn settings_and_data_are_checked_before_the_first_step() {
    let data = measured(20);
    let empty: Measured = Dataset::from_values(vec![], vec![]).expect("empty");
    let mut network: AlignedBox<Linear<f32, 5, 3>> = new(4);
    let before = bits(&*network);
    let good = || Trainer::new(MeanSquaredError, Adam::default()).silent();
    let refused = |found: Result<History, TrainError>, name: &str| match found {
        Err(TrainError::Setting(OutOfRange { name: found, .. })) => assert_eq!(found, name),
        other => panic!("{name}: {other:?}"),
    };
    refused(good().batch_size(0).fit(&mut network, &data), "batch_size");
    refused(good().threads(0).fit(&mut network, &data), "threads");
    refused(good().clip_norm(-1.0).fit(&mut network, &data), "clip_norm");
    refused(good().l1(f64::NAN).fit(&mut network, &data), "l1");
    refused(good().validation_split(1.0).fit(&mut network, &data), "validation_split");
    refused(good().validation_split(-0.1).fit(&mut network, &data), "validation_split");
    refused(good().schedule(Schedule::Steps { epochs: 0, factor: 0.1 }).fit(&mut network, &data), "schedule.epochs");
    refused(Trainer::new(MeanSquaredError, Adam::new(-1.0)).fit(&mut network, &data), "learning_rate");
    refused(Trainer::new(Huber::new(0.0), Adam::default()).fit(&mut network, &data), "delta");
    let two_alike = Trainer::new(Neighbours, Adam::default()).batch_size(1);
    refused(two_alike.fit(&mut network, &data), "batch_size");
    assert_eq!(good().fit(&mut network, &empty), Err(TrainError::Empty { what: "training set" }));
    let validated = good().validation(&empty).fit(&mut network, &data);
    assert_eq!(validated, Err(TrainError::Empty { what: "validation set" }));
    assert_eq!(good().evaluate(&network, &empty), Err(TrainError::Empty { what: "data set" }));
    assert_eq!(bits(&*network), before);
    assert_eq!(good().epochs(0).fit(&mut network, &data), Ok(History::default()));
    assert_eq!(bits(&*network), before);
}

/// A loss that compares samples.
struct Neighbours;

impl<T: Scalar, K: OutputKind, Y: crate::data::Label> Loss<T, K, Y> for Neighbours {
    fn name(&self) -> &'static str {
        "neighbours"
    }
    fn wants_whole_batches(&self) -> bool {
        true
    }
    fn tile(&self, _: Shape, _: &[T], _: &[Y::Target<T>], _: Option<OutputGradient<'_, T>>) -> f64 {
        0.0
    }
}

#[test]
fn classes_that_do_not_exist_are_refused() {
    let data = classified::<40>(20, 1);
    let mut network: AlignedBox<Linear<f32, 40, 10>> = new(3);
    let found = |result: Result<History, TrainError>| match result {
        Err(TrainError::Setting(OutOfRange { name, found, .. })) => (name, found),
        other => panic!("{other:?}"),
    };
    let mut fit = |loss| found(Trainer::new(loss, Adam::default()).silent().fit(&mut network, &data));
    assert_eq!(fit(CrossEntropy::new().ignore(10)), ("ignore", 10.0));
    let mut network: AlignedBox<Linear<f32, 40, 10>> = new(3);
    let weighted = CrossEntropy::new().class_weights([0.0; 10]);
    assert_eq!(found(Trainer::new(weighted, Adam::default()).silent().fit(&mut network, &data)).0, "class_weights");
    for (k, expected) in [(0, 0.0), (11, 11.0)] {
        assert_eq!(found(trainer().metric(TopK(k)).fit(&mut network, &data)), ("k of `TopK`", expected));
    }
    let of_class = trainer().metric(Precision::<10>::of_class(10));
    assert_eq!(found(of_class.fit(&mut network, &data)).0, "of_class");
    let inside = trainer().metric(Precision::<10>::of_class(10).ignore::<0>());
    assert!(inside.evaluate(&network, &data).is_err());
}

#[test]
fn a_batch_by_hand_is_checked() {
    let mut network: AlignedBox<Linear<f32, 40, 10>> = new(3);
    let trainer = trainer();
    let mut session = trainer.start(&network, Classes).expect("starts");
    let inputs = [[0.0; 40]; 2];
    assert_eq!(session.step(&mut network, &[], &[]), Err(TrainError::Empty { what: "batch" }));
    assert_eq!(session.step(&mut network, &inputs, &[1]), Err(TrainError::Lengths { inputs: 2, targets: 1 }));
    let fault = LabelFault::OutOfRange { label: 10, classes: 10 };
    assert_eq!(session.step(&mut network, &inputs, &[1, 10]), Err(TrainError::Label { sample: 1, fault }));
    assert!(session.step(&mut network, &inputs, &[1, 9]).is_ok());
}

#[test]
fn a_validation_share_is_not_trained_on() {
    let data = measured(10);
    let mut network: AlignedBox<Linear<f32, 5, 3>> = new(4);
    let trainer = Trainer::new(MeanSquaredError, Adam::default()).batch_size(3).silent();
    let history = trainer.clone().validation_split(0.25).fit(&mut network, &data).expect("trains");
    let epoch = &history.epochs[0];
    assert_eq!((epoch.training.samples, epoch.validation.as_ref().map(|report| report.samples)), (8, Some(2)));
    let none = trainer.clone().validation_split(0.0).fit(&mut network, &data).expect("trains");
    assert_eq!(none.epochs[0].validation, None);
    let refused = trainer.validation_split(0.05).fit(&mut network, &data);
    assert!(matches!(refused, Err(TrainError::Empty { .. })), "a share below one sample");
}

#[test]
fn a_session_keeps_the_same_samples_apart() {
    let data = measured(40);
    let mut network: AlignedBox<Linear<f32, 5, 3>> = new(4);
    let trainer = Trainer::new(MeanSquaredError, Sgd::new(0.0)).validation_split(0.25).silent();
    let mut session = trainer.start(&network, Values::default()).expect("starts");
    let mut losses = || {
        let history = session.fit(&mut network, &data).expect("trains");
        history.validation_losses().collect::<Vec<_>>()
    };
    assert_eq!(losses(), losses());
}

#[test]
fn patience_ends_training_early() {
    let data = measured(40);
    let mut network: AlignedBox<Linear<f32, 5, 3>> = new(4);
    let trainer = Trainer::new(MeanSquaredError, Sgd::new(0.0)).validation_split(0.25).epochs(20).silent();
    let history = trainer.clone().patience(3).fit(&mut network, &data).expect("trains");
    assert_eq!(history.epochs.len(), 4);
    assert_eq!(trainer.fit(&mut network, &data).expect("trains").epochs.len(), 20);
}

#[test]
fn decay_spares_biases_and_state() {
    let data = measured(8);
    let mut network: AlignedBox<Centered<f64, 5, 3>> = new(4);
    network.bias = [1.0, 2.0, 3.0];
    let before = network.clone_boxed();
    // Without a learning rate for the gradient's part, what moves is the decay: Adam's share is at most the rate.
    let optimizer = AdamW::new(1e-9).weight_decay(1e8);
    Trainer::new(MeanSquaredError, optimizer).batch_size(8).silent().fit(&mut network, &data).expect("trains");
    for (found, before) in network.weight.as_flattened().iter().zip(before.weight.as_flattened()) {
        assert!((found - 0.9 * before).abs() < 1e-8);
    }
    for (found, before) in network.bias.iter().zip(before.bias) {
        assert!((found - before).abs() < 1e-8);
    }
}

#[test]
fn predictions_agree_however_they_are_made() {
    fn check<T: Scalar, N: Network<T, Input = Features<40>, Output = Features<10>>>() {
        let network: AlignedBox<N> = new(3);
        for samples in [0, 1, 2, 129, 2000] {
            let data = classified(samples, 7);
            let mut inputs = <[T; 40]>::zeroed_vec(samples);
            for (index, input) in inputs.iter_mut().enumerate() {
                data.fill_inputs(&[index as u32], input);
            }
            let many = network.predict_many(&inputs);
            assert_eq!(many, network.predict_data(&data));
            let mut workspace = vec![T::nan(); N::WORKSPACE + 3];
            for (input, output) in inputs.iter().zip(&many) {
                assert_eq!(&network.predict(input), output);
                assert_eq!(network.predict_with(input, &mut workspace), Ok(output));
            }
        }
        let error = network.predict_with(&[T::zero(); 40], &mut []).expect_err("too short");
        assert_eq!((error.needed, error.found), (N::WORKSPACE, 0));
    }
    check::<f32, Linear<f32, 40, 10>>();
    check::<f64, Centered<f64, 40, 10>>();
}

#[test]
fn a_loss_that_is_not_finite_is_followed_to_where_it_begins() {
    let mut network: AlignedBox<Linear<f32, 5, 3>> = new(4);
    let trainer = Trainer::new(BinaryCrossEntropy::new(), Sgd::new(0.1)).batch_size(4).silent().shuffle(false);
    let mut session = trainer.start(&network, Values::default()).expect("starts");
    let (mut inputs, mut targets) = ([[1.0; 5]; 300], [[0.0; 3]; 300]);
    inputs[298][3] = f32::NAN;
    let mut origin = |inputs: &[[f32; 5]], targets: &[[f32; 3]]| {
        let error = session.step(&mut network, inputs, targets).expect_err("not finite");
        let text = error.to_string();
        let TrainError::NotFinite { origin: Some(origin), .. } = error else { panic!("{text}") };
        (origin, text)
    };
    let (found, text) = origin(&inputs, &targets);
    assert!(matches!(found, Origin::Input { sample: 298, element: 3, value } if value.is_nan()), "{found:?}");
    assert!(text.contains("note: element 3 of sample 298 is NaN\nhelp: take such samples out"), "{text}");
    targets[297][1] = 255.0;
    let found = origin(&inputs, &targets).0;
    assert!(matches!(found, Origin::Loss { sample: 297, .. }), "{found:?}");

    // In a data set, samples keep their numbers, however they are drawn.
    let mut values = vec![0.0; 3 * 64];
    values[3 * 41 + 2] = -1.0;
    let data: Measured = Dataset::from_values(vec![0.5; 5 * 64], values).expect("fits");
    let mut network: AlignedBox<Linear<f32, 5, 3>> = new(4);
    let error = trainer.shuffle(true).fit(&mut network, &data).expect_err("no answer");
    assert!(matches!(error, TrainError::NotFinite { origin: Some(Origin::Loss { sample: 41, .. }), .. }), "{error}");
}

#[test]
fn an_evaluation_whose_loss_is_not_finite_is_refused() {
    let mut values = vec![0.0; 3 * 64];
    values[3 * 41 + 2] = -1.0;
    let data: Measured = Dataset::from_values(vec![0.5; 5 * 64], values).expect("fits");
    let good: Measured = Dataset::from_values(vec![0.5; 5 * 64], vec![0.0; 3 * 64]).expect("fits");
    let trainer = Trainer::new(BinaryCrossEntropy::new(), Sgd::new(0.1)).epochs(3).silent();
    let mut network: AlignedBox<Linear<f32, 5, 3>> = new(4);
    let help = Loss::<f32, Scores, Values<Features<3>>>::help(&BinaryCrossEntropy::new());
    let refused = |set| TrainError::NotFiniteLoss { set, origin: Some(Origin::Loss { sample: 41, help }) };
    let validated = trainer.clone().validation(&data).fit(&mut network, &good);
    assert_eq!(validated, Err(refused("validation set")));
    assert_eq!(trainer.evaluate(&network, &data), Err(refused("data set")));
    assert_eq!(evaluate(&network, &data, &BinaryCrossEntropy::new()), Err(refused("data set")));
    let text = refused("data set").to_string();
    assert!(
        text.starts_with("the loss over the data set is not finite\nnote: it begins at the loss of sample 41"),
        "{text}"
    );
}
