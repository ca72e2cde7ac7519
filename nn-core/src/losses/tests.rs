use std::vec::Vec;

use super::*;
use crate::data::{Classes, OneHot, Values};
use crate::network::{LogProbabilities, Probabilities, Scores};
use crate::random::Random;
use crate::shapes::Features;

const SHAPES: [&[usize]; 10] = [&[1], &[2], &[3], &[7], &[10], &[64], &[129], &[3, 5], &[2, 3, 4], &[1, 1]];

type Numbers = Values<Features<1>>;

/// Compares the gradient with central differences: the error relative to the largest derivative is at most 1e-6.
fn check_gradient<K: OutputKind, Y: Label, L: Loss<f64, K, Y>>(
    loss: &L,
    shape: Shape,
    outputs: &mut [f64],
    targets: &[Y::Element<f64>],
) {
    let scale = 0.25;
    let mut gradient = std::vec![f64::NAN; outputs.len()];
    let value = loss.tile(shape, outputs, targets, Some(OutputGradient { values: &mut gradient, scale }));
    assert_eq!(value, loss.tile(shape, outputs, targets, None), "the value does not depend on who asks");
    let step = 1e-5;
    let largest = gradient.iter().fold(1e-3_f64, |largest, slope| largest.max(slope.abs()));
    for index in 0..outputs.len() {
        let kept = outputs[index];
        let mut at = |output: f64| {
            outputs[index] = output;
            loss.tile(shape, outputs, targets, None)
        };
        let expected = scale * (at(kept + step) - at(kept - step)) / (2.0 * step);
        outputs[index] = kept;
        assert!(
            (gradient[index] - expected).abs() / largest <= 1e-6,
            "{shape} [{index}]: {} {expected}",
            gradient[index]
        );
    }
}

fn normal(random: &mut Random, len: usize) -> Vec<f64> {
    (0..len).map(|_| 2.0 * random.normal()).collect()
}

fn uniform(random: &mut Random, len: usize) -> Vec<f64> {
    (0..len).map(|_| 0.01 + 0.98 * random.uniform()).collect()
}

#[test]
fn pointwise_losses_have_their_gradients() {
    let mut random = Random::new(1);
    for axes in SHAPES {
        let shape = Shape::new(axes);
        for samples in [1, 3] {
            let len = samples * shape.len();
            let targets = normal(&mut random, len);
            let answers = uniform(&mut random, len);
            let mut outputs = normal(&mut random, len);
            check_gradient::<Scores, Numbers, _>(&MeanSquaredError, shape, &mut outputs, &targets);
            check_gradient::<Scores, Numbers, _>(&MeanAbsoluteError, shape, &mut outputs, &targets);
            check_gradient::<Scores, Numbers, _>(&Huber::default(), shape, &mut outputs, &targets);
            check_gradient::<Scores, Numbers, _>(&Huber::new(2.5), shape, &mut outputs, &targets);
            check_gradient::<Scores, Numbers, _>(&BinaryCrossEntropy::new(), shape, &mut outputs, &answers);
            let mut outputs = uniform(&mut random, len);
            let loss = BinaryCrossEntropy::from_probabilities();
            check_gradient::<Probabilities, Numbers, _>(&loss, shape, &mut outputs, &answers);
        }
    }
}

#[test]
fn cross_entropy_has_its_gradients() {
    let mut random = Random::new(2);
    for axes in SHAPES {
        let shape = Shape::new(axes);
        for samples in [1, 4] {
            let rows = samples * shape.rows();
            let classes: Vec<u32> = (0..rows).map(|_| random.below(shape.last()) as u32).collect();
            let soft = uniform(&mut random, samples * shape.len());
            let mut logits = normal(&mut random, samples * shape.len());
            let mut probabilities = uniform(&mut random, samples * shape.len());
            let (plain, from) = (CrossEntropy::new(), CrossEntropy::from_probabilities());
            let logarithms = CrossEntropy::from_log_probabilities();
            check_gradient::<Scores, Classes<9>, _>(&plain, shape, &mut logits, &classes);
            check_gradient::<Scores, OneHot<9>, _>(&plain, shape, &mut logits, &soft);
            check_gradient::<Probabilities, Classes<9>, _>(&from, shape, &mut probabilities, &classes);
            check_gradient::<Probabilities, OneHot<9>, _>(&from, shape, &mut probabilities, &soft);
            check_gradient::<LogProbabilities, Classes<9>, _>(&logarithms, shape, &mut logits, &classes);
            check_gradient::<LogProbabilities, OneHot<9>, _>(&logarithms, shape, &mut logits, &soft);
        }
    }
}

#[test]
fn values_are_those_of_the_formulas() {
    let shape = Shape::new(&[2]);
    let (outputs, targets) = ([1.0, -2.0, 0.5, 3.0], [0.0, 1.0, 0.5, 1.0]);
    let value = |loss: &dyn Loss<f64, Scores, Numbers>| loss.tile(shape, &outputs, &targets, None);
    assert_eq!(value(&MeanSquaredError), (1.0 + 9.0) / 2.0 + (0.0 + 4.0) / 2.0);
    assert_eq!(value(&MeanAbsoluteError), (1.0 + 3.0) / 2.0 + (0.0 + 2.0) / 2.0);
    assert_eq!(value(&Huber::default()), (0.5 + 2.5) / 2.0 + (0.0 + 1.5) / 2.0);
    let softplus = |x: f64| x.exp().ln_1p();
    let expected = (softplus(1.0) + softplus(-2.0) + 2.0 + softplus(0.5) - 0.25 + softplus(3.0) - 3.0) / 2.0;
    assert!((value(&BinaryCrossEntropy::new()) - expected).abs() < 1e-12);
    let found = Loss::<f64, Scores, Classes<2>>::tile(&CrossEntropy::new(), shape, &outputs, &[0, 1], None);
    assert!((found - (softplus(-3.0) + softplus(-2.5))).abs() < 1e-12);
}

#[test]
fn logits_of_any_size_give_finite_losses() {
    let shape = Shape::new(&[3]);
    let logits = [1e4f32, -1e4, 0.0];
    let mut values = [0.0; 3];
    let gradient = OutputGradient { values: &mut values, scale: 1.0 };
    let found = Loss::<f32, Scores, Classes<3>>::tile(&CrossEntropy::new(), shape, &logits, &[1], Some(gradient));
    assert_eq!((found, values), (2e4, [1.0, -1.0, 0.0]));
    let gradient = OutputGradient { values: &mut values, scale: 3.0 };
    let targets = [0.0, 1.0, 1.0];
    let found =
        Loss::<f32, Scores, Numbers>::tile(&BinaryCrossEntropy::new(), shape, &logits, &targets, Some(gradient));
    assert!((found - (2e4 + 2f64.ln()) / 3.0).abs() < 1e-3);
    assert_eq!(values, [1.0, -1.0, -0.5]);
    for probability in [0.0f32, 1.0] {
        let loss = BinaryCrossEntropy::from_probabilities();
        let found = Loss::<f32, Probabilities, Numbers>::tile(&loss, Shape::new(&[1]), &[probability], &[0.5], None);
        assert!(found.is_finite());
    }
}

#[test]
fn what_is_not_a_number_stays_visible() {
    let shape = Shape::new(&[2]);
    let bad = [f32::NAN, 1.0];
    let numbers: [&dyn Loss<f32, Scores, Numbers>; 4] =
        [&MeanSquaredError, &MeanAbsoluteError, &Huber::default(), &BinaryCrossEntropy::new()];
    for loss in numbers {
        assert!(loss.tile(shape, &bad, &[0.0, 0.0], None).is_nan(), "{}", loss.name());
        assert_eq!(loss.tile(shape, &[], &[], None), 0.0);
    }
    let classes = |outputs: &[f32], label: u32| {
        Loss::<f32, Scores, Classes<2>>::tile(&CrossEntropy::new(), shape, outputs, &[label], None)
    };
    assert!(classes(&bad, 1).is_nan());
    assert!(classes(&[0.0, 1.0], 2).is_nan(), "a class that does not exist");
    let found =
        Loss::<f32, Probabilities, Classes<2>>::tile(&CrossEntropy::from_probabilities(), shape, &bad, &[0], None);
    assert!(found.is_nan());
}

#[test]
fn an_error_of_zero_has_no_slope() {
    let mut values = [9.0f64; 2];
    let gradient = OutputGradient { values: &mut values, scale: 1.0 };
    let loss: &dyn Loss<f64, Scores, Numbers> = &MeanAbsoluteError;
    loss.tile(Shape::new(&[2]), &[1.0, -0.0], &[1.0, 0.0], Some(gradient));
    assert_eq!(values, [0.0, 0.0]);
}

#[test]
fn a_threshold_must_be_above_zero() {
    let check = |delta| Loss::<f32, Scores, Numbers>::check(&Huber::new(delta));
    assert_eq!(check(1.0), Ok(()));
    assert!(check(0.0).is_err() && check(f64::NAN).is_err());
}
