mod large;
mod of_batches;

use std::vec::Vec;

use super::*;
use crate::data::{Classes, Each, OneHot, Together, Values, WithWeight};
use crate::network::{Head, LogProbabilities, Probabilities, Scores};
use crate::random::Random;
use crate::shapes::{Features, Sequence};
use crate::simd::Plain;

const SHAPES: [&[usize]; 10] = [&[1], &[2], &[3], &[7], &[10], &[64], &[129], &[3, 5], &[2, 3, 4], &[1, 1]];

type Numbers = Values<Features<1>>;

/// Targets of any number of elements, one behind the other.
fn numbers<T: Scalar>(flat: &[T]) -> &[[T; 1]] {
    <[T; 1]>::from_flat(flat)
}

/// Compares the gradient with central differences: the error relative to the largest derivative is at most 1e-6.
fn check_gradient<K: OutputKind, Y: Label, L: Loss<f64, K, Y>>(
    loss: &L,
    shape: Shape,
    outputs: &mut [f64],
    targets: &[Y::Target<f64>],
) {
    let scale = 0.25;
    let mut gradient = std::vec![f64::NAN; outputs.len()];
    let mut scratch = std::vec![f64::NAN; loss.scratch(shape, targets.len())];
    let asked = OutputGradient { values: &mut gradient, scale, scratch: &mut scratch };
    let value = loss.tile(shape, outputs, targets, Some(asked));
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
            let (targets, answers) = (normal(&mut random, len), uniform(&mut random, len));
            let (targets, answers) = (numbers(&targets), numbers(&answers));
            let mut outputs = normal(&mut random, len);
            check_gradient::<Scores, Numbers, _>(&MeanSquaredError, shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&MeanAbsoluteError, shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&Huber::default(), shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&Huber::new(2.5), shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&SmoothL1::new(0.75), shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&LogCosh, shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&Quantile::new(0.3), shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&Hinge, shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&SquaredHinge, shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&Poisson::new(), shape, &mut outputs, targets);
            check_gradient::<Scores, Numbers, _>(&BinaryCrossEntropy::new(), shape, &mut outputs, answers);
            let uneven = BinaryCrossEntropy::new().positive_weights([3.5]).label_smoothing(0.1);
            check_gradient::<Scores, Numbers, _>(&uneven, shape, &mut outputs, answers);
            check_gradient::<Scores, Numbers, _>(&BinaryFocal::default(), shape, &mut outputs, answers);
            check_gradient::<Scores, Numbers, _>(&BinaryFocal::new(0.75, 0.5), shape, &mut outputs, answers);
            if shape.last() > 1 {
                check_gradient::<Scores, Numbers, _>(&CosineDistance, shape, &mut outputs, targets);
            }
            let mut outputs = uniform(&mut random, len);
            let loss = BinaryCrossEntropy::from_probabilities();
            check_gradient::<Probabilities, Numbers, _>(&loss, shape, &mut outputs, answers);
            let uneven = loss.positive_weights([0.25]).label_smoothing(0.3);
            check_gradient::<Probabilities, Numbers, _>(&uneven, shape, &mut outputs, answers);
            check_gradient::<Probabilities, Numbers, _>(&Dice::default(), shape, &mut outputs, answers);
            outputs.iter_mut().for_each(|rate| *rate += 0.5);
            check_gradient::<Scores, Numbers, _>(&Poisson::from_rates(), shape, &mut outputs, answers);
        }
    }
}

fn check_cross_entropy<const ROWS: usize, const COLUMNS: usize, const N: usize>() {
    type Rows<const ROWS: usize, const COLUMNS: usize, Y> = Each<ROWS, Each<COLUMNS, Y>>;
    let (mut random, shape) = (Random::new(2), Shape::new(&[ROWS, COLUMNS, N]));
    for samples in [1, 4] {
        let len = samples * shape.len();
        let classes: Vec<[[u32; COLUMNS]; ROWS]> =
            (0..samples).map(|_| [[(); COLUMNS]; ROWS].map(|row| row.map(|()| random.below(N) as u32))).collect();
        let soft = uniform(&mut random, len);
        let soft = <[[[f64; N]; COLUMNS]; ROWS]>::from_flat(&soft);
        let (mut logits, mut probabilities) = (normal(&mut random, len), uniform(&mut random, len));
        let (plain, from) = (CrossEntropy::new(), CrossEntropy::from_probabilities());
        let logarithms = CrossEntropy::from_log_probabilities();
        type Hard<const ROWS: usize, const COLUMNS: usize, const N: usize> = Rows<ROWS, COLUMNS, Classes<N>>;
        type Soft<const ROWS: usize, const COLUMNS: usize, const N: usize> = Rows<ROWS, COLUMNS, OneHot<N>>;
        check_gradient::<Scores, Hard<ROWS, COLUMNS, N>, _>(&plain, shape, &mut logits, &classes);
        check_gradient::<Scores, Soft<ROWS, COLUMNS, N>, _>(&plain, shape, &mut logits, soft);
        check_gradient::<Probabilities, Hard<ROWS, COLUMNS, N>, _>(&from, shape, &mut probabilities, &classes);
        check_gradient::<Probabilities, Soft<ROWS, COLUMNS, N>, _>(&from, shape, &mut probabilities, soft);
        check_gradient::<LogProbabilities, Hard<ROWS, COLUMNS, N>, _>(&logarithms, shape, &mut logits, &classes);
        check_gradient::<LogProbabilities, Soft<ROWS, COLUMNS, N>, _>(&logarithms, shape, &mut logits, soft);
        let all = plain.label_smoothing(0.1).ignore(0).class_weights([0.5; N]);
        check_gradient::<Scores, Hard<ROWS, COLUMNS, N>, _>(&all, shape, &mut logits, &classes);
        check_gradient::<Scores, Soft<ROWS, COLUMNS, N>, _>(&all, shape, &mut logits, soft);
        check_gradient::<Scores, Hard<ROWS, COLUMNS, N>, _>(&CategoricalHinge, shape, &mut logits, &classes);
        check_gradient::<Scores, Soft<ROWS, COLUMNS, N>, _>(&Focal::default(), shape, &mut logits, soft);
        check_gradient::<Scores, Soft<ROWS, COLUMNS, N>, _>(&KlDivergence::new(), shape, &mut logits, soft);
    }
}

#[test]
fn cross_entropy_has_its_gradients() {
    check_cross_entropy::<1, 1, 1>();
    check_cross_entropy::<1, 1, 2>();
    check_cross_entropy::<1, 1, 3>();
    check_cross_entropy::<1, 1, 7>();
    check_cross_entropy::<1, 1, 10>();
    check_cross_entropy::<1, 1, 64>();
    check_cross_entropy::<1, 1, 129>();
    check_cross_entropy::<1, 3, 5>();
    check_cross_entropy::<2, 3, 4>();
    check_cross_entropy::<5, 1, 1>();
}

#[test]
fn values_are_those_of_the_formulas() {
    let shape = Shape::new(&[2]);
    let (outputs, targets) = ([1.0, -2.0, 0.5, 3.0], [0.0, 1.0, 0.5, 1.0]);
    let value = |loss: &dyn Loss<f64, Scores, Numbers>| loss.tile(shape, &outputs, numbers(&targets), None);
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
    let gradient = OutputGradient { values: &mut values, scale: 1.0, scratch: &mut [] };
    let found = Loss::<f32, Scores, Classes<3>>::tile(&CrossEntropy::new(), shape, &logits, &[1], Some(gradient));
    assert_eq!((found, values), (2e4, [1.0, -1.0, 0.0]));
    let gradient = OutputGradient { values: &mut values, scale: 3.0, scratch: &mut [] };
    let targets = [0.0, 1.0, 1.0];
    let found = Loss::<f32, Scores, Numbers>::tile(
        &BinaryCrossEntropy::new(),
        shape,
        &logits,
        numbers(&targets),
        Some(gradient),
    );
    assert!((found - (2e4 + 2f64.ln()) / 3.0).abs() < 1e-3);
    assert_eq!(values, [1.0, -1.0, -0.5]);
    for probability in [0.0f32, 1.0] {
        let loss = BinaryCrossEntropy::from_probabilities();
        let found = Loss::<f32, Probabilities, Numbers>::tile(&loss, Shape::new(&[1]), &[probability], &[[0.5]], None);
        assert!(found.is_finite());
    }
}

#[test]
fn what_is_not_a_number_stays_visible() {
    let shape = Shape::new(&[2]);
    let bad = [f32::NAN, 1.0];
    let (poisson, quantile, huber, focal) =
        (Poisson::new(), Quantile::new(0.5), Huber::default(), BinaryFocal::default());
    let numbers: [&dyn Loss<f32, Scores, Numbers>; 11] = [
        &MeanSquaredError,
        &MeanAbsoluteError,
        &huber,
        &SmoothL1::default(),
        &LogCosh,
        &quantile,
        &poisson,
        &Hinge,
        &SquaredHinge,
        &BinaryCrossEntropy::new(),
        &focal,
    ];
    for loss in numbers {
        assert!(loss.tile(shape, &bad, &[[0.0], [0.0]], None).is_nan(), "{}", loss.name());
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
    let gradient = OutputGradient { values: &mut values, scale: 1.0, scratch: &mut [] };
    let loss: &dyn Loss<f64, Scores, Numbers> = &MeanAbsoluteError;
    loss.tile(Shape::new(&[2]), &[1.0, -0.0], &[[1.0], [0.0]], Some(gradient));
    assert_eq!(values, [0.0, 0.0]);
}

#[test]
fn a_threshold_must_be_above_zero() {
    let check = |delta| Loss::<f32, Scores, Numbers>::check(&Huber::new(delta));
    assert_eq!(check(1.0), Ok(()));
    assert!(check(0.0).is_err() && check(f64::NAN).is_err());
}

type Two = Head<(Head<Scores, Features<3>>, Head<Probabilities, Features<2>>), Features<5>>;
type TwoTargets = (Classes<3>, Values<Features<2>>);

#[test]
fn losses_of_several_outputs_have_their_gradients() {
    fn check<const N: usize>() {
        type One<const N: usize> = Head<Scores, Features<N>>;
        type Pair<const N: usize> = Head<(One<N>, One<N>), Features<0>>;
        type Three<const N: usize> = Head<(One<N>, One<N>, One<N>), Features<0>>;
        let mut random = Random::new(N as u64);
        for samples in [1, 4] {
            let mut three = normal(&mut random, samples * 3 * N);
            let shape = Shape::new(&[3 * N]);
            check_gradient::<Three<N>, (), _>(&Triplet::default(), shape, &mut three, &std::vec![(); samples]);
            let (mut pair, shape) = (normal(&mut random, samples * 2 * N), Shape::new(&[2 * N]));
            let together: Vec<_> = (0..samples).map(|sample| [(sample % 2) as f64]).collect();
            check_gradient::<Pair<N>, Together<Numbers>, _>(&Contrastive::new(9.0), shape, &mut pair, &together);
            let order = normal(&mut random, samples * N);
            let (order, loss) = (<[f64; N]>::from_flat(&order), MarginRanking::new(0.5));
            check_gradient::<Pair<N>, Together<Values<Features<N>>>, _>(&loss, shape, &mut pair, order);
        }
    }
    check::<1>();
    check::<2>();
    check::<7>();
    check::<33>();
}

#[test]
fn what_weighs_nothing_has_no_part() {
    type Masked = Each<2, WithWeight<Values<Features<1>>>>;
    let loss: &dyn Loss<f64, Scores, Masked> = &PerStep(SampleWeighted(MeanSquaredError));
    let target = [([1.0], 2.0), ([f64::MAX], 0.0)];
    let mut values = [f64::NAN; 2];
    let gradient = OutputGradient { values: &mut values, scale: 1.0, scratch: &mut [] };
    assert_eq!(loss.tile(Shape::new(&[2, 1]), &[4.0, f64::INFINITY], &[target], Some(gradient)), 9.0);
    assert_eq!((values, loss.weight(&[([1.0], 2.0), ([9.0], 0.0)])), ([6.0, 0.0], 1.0));

    type Words = Each<3, WithWeight<Classes<4>>>;
    let loss: &dyn Loss<f64, Scores, Words> = &CrossEntropy::new().ignore(3).class_weights([1.0, 5.0, 1.0, 1.0]);
    assert_eq!(loss.weight(&[(1, 0.5), (2, 0.0), (3, 1.0)]), 2.5 / 3.0);
    assert!(<WithWeight<Classes<4>> as Label>::check(&(1, -0.5)).is_err());
}

#[test]
fn a_tuple_of_losses_is_their_sum() {
    let mut random = Random::new(3);
    let losses = (CrossEntropy::new(), MeanSquaredError.weighted(0.5));
    let mut outputs = normal(&mut random, 15);
    let targets = [(0, [0.5, 1.0]), (2, [0.0, 1.0]), (1, [2.0, 3.0])];
    check_gradient::<Two, TwoTargets, _>(&losses, Shape::new(&[5]), &mut outputs, &targets);
    let found = Loss::<f64, Two, TwoTargets>::tile(&losses, Shape::new(&[5]), &outputs, &targets, None);
    let expected: f64 = outputs
        .chunks(5)
        .zip(targets)
        .map(|(output, (label, numbers))| {
            let (plain, squared) = (CrossEntropy::new(), MeanSquaredError);
            Loss::<f64, Scores, Classes<3>>::tile(&plain, Shape::new(&[3]), &output[..3], &[label], None)
                + 0.5
                    * Loss::<f64, Probabilities, Values<Features<2>>>::tile(
                        &squared,
                        Shape::new(&[2]),
                        &output[3..],
                        &[numbers],
                        None,
                    )
        })
        .sum();
    assert!((found - expected).abs() < 1e-12);
    let check = |weight| Loss::<f64, Two, TwoTargets>::check(&(CrossEntropy::new(), MeanSquaredError.weighted(weight)));
    assert!(check(-1.0).is_ok() && check(f64::NAN).is_err());
}

#[test]
fn a_closure_is_a_loss() {
    let cubic = loss_fn(|output: &[f64; 2], target: &[f64; 2], gradient: &mut [f64; 2]| {
        let errors = [output[0] - target[0], output[1] - target[1]];
        *gradient = errors.map(|error| 3.0 * error * error);
        errors.iter().map(|error| error.powi(3)).sum()
    });
    let (mut outputs, targets) = ([1.0, -2.0, 0.5, 3.0], [[0.0, 1.0], [0.5, 1.0]]);
    type Pairs = Values<Features<2>>;
    let shape = Shape::new(&[2]);
    check_gradient::<Head<Scores, Features<2>>, Pairs, _>(&cubic, shape, &mut outputs, &targets);
    check_gradient::<Head<Scores, Features<2>>, Pairs, _>(&cubic.weighted(0.25), shape, &mut outputs, &targets);
    let both = (cubic, CrossEntropy::new());
    type Both = Head<(Head<Scores, Features<2>>, Head<Scores, Features<2>>), Features<4>>;
    check_gradient::<Both, (Pairs, Classes<2>), _>(&both, Shape::new(&[4]), &mut outputs, &[([0.0, 1.0], 1)]);
}

#[test]
fn a_closure_finds_zeros_and_may_leave_them() {
    let first = loss_fn(|output: &[f32; 2], _: &u32, gradient: &mut [f32; 2]| {
        assert_eq!(*gradient, [0.0; 2]);
        gradient[0] += 1.0;
        f64::from(output[0])
    });
    let tile = |gradient: Option<OutputGradient<'_, f32>>| {
        let loss: &dyn Loss<f32, Head<Scores, Features<2>>, Classes<3>> = &first;
        loss.tile(Shape::new(&[2]), &[1.0, 9.0, 2.0, 9.0], &[0, 0], gradient)
    };
    let mut values = [f32::NAN; 4];
    assert_eq!(
        (tile(None), tile(Some(OutputGradient { values: &mut values, scale: 0.5, scratch: &mut [] }))),
        (3.0, 3.0)
    );
    assert_eq!(values, [0.5, 0.0, 0.5, 0.0]);
}

#[test]
fn each_answer_has_its_own_weight() {
    type Three = Values<Sequence<2, 3>>;
    let mut random = Random::new(11);
    let (answers, shape) = (uniform(&mut random, 12), Shape::new(&[2, 3]));
    let answers = <[[f64; 3]; 2]>::from_flat(&answers);
    let loss = BinaryCrossEntropy::new().positive_weights([0.5, 3.0, 0.0]);
    check_gradient::<Scores, Three, _>(&loss, shape, &mut normal(&mut random, 12), answers);
    let of = |outputs: [f64; 6], targets: [[f64; 3]; 2]| {
        Loss::<f64, Scores, Three>::tile(&loss, shape, &outputs, &[targets], None)
    };
    let softplus = |x: f64| x.exp().ln_1p();
    let found = of([1.0, -2.0, 3.0, 0.5, 4.0, -1.0], [[1.0, 1.0, 1.0], [0.0, 1.0, 0.0]]);
    let expected = 0.5 * softplus(-1.0) + 3.0 * softplus(2.0) + softplus(0.5) + 3.0 * softplus(-4.0) + softplus(-1.0);
    assert!((found - expected / 6.0).abs() < 1e-12, "{found}");
    let check = |weight| Loss::<f64, Scores, Numbers>::check(&BinaryCrossEntropy::new().positive_weights([weight]));
    assert!(check(0.0).is_ok() && check(-1.0).is_err() && check(f64::NAN).is_err());
    assert!(Loss::<f64, Scores, Numbers>::check(&BinaryCrossEntropy::new().label_smoothing(1.0)).is_err());
}

#[test]
fn answers_that_are_no_probabilities_are_not_learnt_from() {
    let shape = Shape::new(&[1]);
    let (entropy, focal) = (BinaryCrossEntropy::new(), BinaryFocal::default());
    let losses: [&dyn Loss<f32, Scores, Numbers>; 2] = [&entropy, &focal];
    for loss in losses {
        let of = |target: f32| loss.tile(shape, &[0.5], &[[target]], None);
        assert!(of(-1.0).is_nan() && of(255.0).is_nan() && of(f32::NAN).is_nan(), "{}", loss.name());
        assert!([0.0, 1.0, 1.0 + f32::EPSILON, -1e-7].iter().all(|&target| of(target).is_finite()), "{}", loss.name());
    }
}
