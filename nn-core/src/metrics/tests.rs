use std::vec::Vec;

use super::*;
use crate::data::{Classes, Each, OneHot, Values, WithWeight};
use crate::losses::{CrossEntropy, MeanAbsoluteError, MeanSquaredError, PerStep, SampleWeighted};
use crate::network::{Head, Probabilities, Scores};
use crate::shapes::Features;

const THREE: Shape = Shape::new(&[3]);

/// All sums of a metric over one tile.
fn sums<T: Scalar, K: OutputKind, Y: Label>(
    metric: &dyn Metric<T, K, Y>,
    shape: Shape,
    outputs: &[T],
    targets: &[Y::Target<T>],
) -> Vec<f64> {
    let mut sums = std::vec![0.0; metric.sums()];
    metric.add(shape, outputs, targets, &mut sums);
    sums
}

/// The first of them.
fn sum<T: Scalar, K: OutputKind, Y: Label>(
    metric: &dyn Metric<T, K, Y>,
    shape: Shape,
    outputs: &[T],
    targets: &[Y::Target<T>],
) -> f64 {
    sums(metric, shape, outputs, targets)[0]
}

/// The metric over some tiles of three samples and the rest, whose sums are added in another order than they came.
fn of_tiles<T: Scalar, K: OutputKind, Y: Label>(
    metric: &dyn Metric<T, K, Y>,
    shape: Shape,
    outputs: &[T],
    targets: &[Y::Target<T>],
) -> f64 {
    let tiles = outputs.chunks(3 * shape.len()).zip(targets.chunks(3));
    let parts: Vec<Vec<f64>> = tiles.map(|(outputs, targets)| sums(metric, shape, outputs, targets)).collect();
    let mut all = std::vec![0.0; metric.sums()];
    parts.iter().rev().for_each(|part| all.iter_mut().zip(part).for_each(|(sum, term)| *sum += term));
    metric.finish(&all, targets.len() as f64)
}

fn classes(metric: &dyn Metric<f32, Scores, Classes<3>>, outputs: &[f32], labels: &[u32]) -> f64 {
    sum(metric, THREE, outputs, labels)
}

#[test]
fn accuracy_counts_the_largest_output() {
    let outputs = [1.0, 3.0, 2.0, 5.0, 5.0, 4.0, 0.0, 0.0, 0.0];
    assert_eq!(classes(&Accuracy, &outputs, &[1, 0, 2]), 2.0);
    assert_eq!(classes(&Accuracy, &outputs, &[1, 1, 0]), 2.0, "the first of equal ones is the largest");
    assert_eq!(classes(&TopK(2), &outputs, &[2, 1, 2]), 2.0);
    assert_eq!(classes(&TopK(3), &outputs, &[0, 2, 2]), 3.0);
    assert_eq!(classes(&TopK(0), &outputs, &[1, 0, 0]), 0.0);
    assert_eq!(classes(&Accuracy, &[], &[]), 0.0);
}

#[test]
fn what_is_no_number_is_never_right() {
    let outputs = [f32::NAN; 3];
    assert!((0..3).all(|label| classes(&TopK(3), &outputs, &[label]) == 0.0));
    assert_eq!(classes(&Accuracy, &[f32::NAN, 1.0, 0.0], &[1]), 0.0);
    assert_eq!(classes(&Accuracy, &[0.0; 3], &[7]), 0.0, "a class that does not exist");
}

#[test]
fn accuracy_takes_probabilities_for_labels_and_steps_in_time() {
    let metric: &dyn Metric<f64, Scores, OneHot<3>> = &Accuracy;
    assert_eq!(sum(metric, THREE, &[0.1, 0.2, 0.9], &[[0.2, 0.3, 0.5]]), 1.0);
    let steps = Shape::new(&[2, 3]);
    let metric: &dyn Metric<f32, Scores, Each<2, Classes<3>>> = &Accuracy;
    assert_eq!(of_tiles(metric, steps, &[9.0, 0.0, 0.0, 0.0, 0.0, 9.0], &[[0, 0]]), 0.5);
    let metric: &dyn Metric<f32, Scores, Each<2, WithWeight<Classes<3>>>> = &Accuracy;
    assert_eq!(of_tiles(metric, steps, &[9.0, 0.0, 0.0, 0.0, 0.0, 9.0], &[[(0, 2.0), (0, 0.0)]]), 1.0);
}

#[test]
fn binary_answers_depend_on_what_the_outputs_mean() {
    type Answers = Values<Features<4>>;
    let shape = Shape::new(&[4]);
    let (outputs, targets) = ([0.3, 0.7, -1.0, 0.5], [[1.0, 1.0, 0.0, 1.0]]);
    let scores: &dyn Metric<f32, Scores, Answers> = &BinaryAccuracy;
    assert_eq!(sum(scores, shape, &outputs, &targets), 1.0);
    let probabilities: &dyn Metric<f32, Probabilities, Answers> = &BinaryAccuracy;
    assert_eq!(sum(probabilities, shape, &outputs, &targets), 0.5);
}

#[test]
fn a_set_keeps_the_order_in_which_it_was_built() {
    type Numbers = Values<Features<2>>;
    let set = ((((), MeanSquaredError), R2), RootMeanSquaredError);
    let set = (set, MeanAbsoluteError);
    fn check<S: MetricSet<f64, Scores, Numbers>>(set: &S) {
        assert_eq!(set.sums(), 9);
        let mut names = Vec::new();
        set.names(&mut names);
        assert_eq!(names, ["mean squared error", "R²", "root mean squared error", "mean absolute error"]);
        let mut sums = [0.0; 9];
        for outputs in [[3.0, 5.0], [1.0, 1.0]] {
            set.add(Shape::new(&[2]), &outputs, &[[1.0, 2.0]], &mut sums);
        }
        assert_eq!(sums, [7.0, 14.0, 6.0, 0.0, 10.0, 0.0, 4.0, 7.0, 3.0]);
        let mut values = Vec::new();
        set.finish(&sums, 7.0, &mut values);
        assert_eq!(values, [1.0, -13.0, 1.0, 3.0 / 7.0]);
    }
    check(&set);
}

#[test]
fn a_metric_looks_at_one_output_of_several() {
    type Kind =
        Head<(Head<Scores, Features<3>>, Head<Probabilities, Features<2>>, Head<Scores, Features<1>>), Features<6>>;
    type Labels = (Classes<3>, Values<Features<2>>, Values<Features<1>>);
    let outputs = [0.0, 5.0, 1.0, 0.7, 0.2, 3.0, 0.0, 5.0, 1.0, 0.9, 0.9, 1.0];
    let targets = [(1, [1.0, 0.0], [1.0]), (2, [1.0, 0.0], [1.0])];
    let found = |metric: &dyn Metric<f64, Kind, Labels>| of_tiles(metric, Shape::new(&[6]), &outputs, &targets);
    assert_eq!(found(&Accuracy.of::<0>()), 0.5);
    assert_eq!(found(&BinaryAccuracy.of::<1>()), 0.75, "a threshold of 0.5 for probabilities");
    assert_eq!(found(&MeanSquaredError.of::<2>()), 2.0);
    assert_eq!(found(&Recall::<3>::of_class(1).of::<0>()), 1.0);
    let metric: &dyn Metric<f64, Kind, Labels> = &RootMeanSquaredError.of::<2>();
    assert_eq!((metric.name().as_str(), metric.finish(&[4.0], 1.0)), ("root mean squared error of output 2", 2.0));
}

/// Ten samples of three classes, and what is found.
const TRUTH: [u32; 10] = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];
const FOUND: [usize; 10] = [0, 0, 1, 2, 1, 1, 0, 2, 2, 1];

/// Outputs of so many classes in which these are the largest.
fn outputs_of<const N: usize>(found: &[usize]) -> Vec<f32> {
    found
        .iter()
        .flat_map(|&class| core::array::from_fn::<f32, N, _>(|index| f32::from(u8::from(index == class))))
        .collect()
}

#[test]
fn classes_are_counted() {
    let outputs = outputs_of::<3>(&FOUND);
    let found = |metric: &dyn Metric<f32, Scores, Classes<3>>| of_tiles(metric, THREE, &outputs, &TRUTH);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    // Of class 0: 2 of 3 found are right, 2 of 4 there are found; of 1: 2 of 4, 2 of 3; of 2: 2 of 3, 2 of 3.
    near(found(&Precision::<3>::of_class(0)), 2.0 / 3.0);
    near(found(&Recall::<3>::of_class(0)), 0.5);
    near(found(&F1::<3>::of_class(1)), 4.0 / 7.0);
    near(found(&Iou::<3>::of_class(2)), 0.5);
    near(found(&Precision::<3>::macro_average()), (2.0 / 3.0 + 0.5 + 2.0 / 3.0) / 3.0);
    near(found(&Recall::<3>::macro_average()), (0.5 + 2.0 / 3.0 + 2.0 / 3.0) / 3.0);
    near(found(&F1::<3>::macro_average()), (4.0 / 7.0 + 4.0 / 7.0 + 2.0 / 3.0) / 3.0);
    near(found(&Iou::<3>::macro_average()), (0.4 + 0.4 + 0.5) / 3.0);
    near(found(&F1::<3>::micro_average()), 0.6);
    // A class that is neither there nor found does not count.
    near(found(&Recall::<3>::of_class(7)), 0.0);
    let metric: &dyn Metric<f32, Scores, Classes<3>> = &F1::<3>::of_class(1);
    assert_eq!(metric.name(), "F1 of class 1");
}

#[test]
fn answers_are_counted() {
    let (outputs, targets) = ([1.0, 2.0, -1.0, 3.0, -2.0, f64::NAN], [[1.0], [0.0], [1.0], [1.0], [0.0], [1.0]]);
    let one = Shape::new(&[1]);
    let found = |metric: &dyn Metric<f64, Scores, Values<Features<1>>>| of_tiles(metric, one, &outputs, &targets);
    assert_eq!(found(&BinaryPrecision), 2.0 / 3.0);
    assert_eq!(found(&BinaryRecall), 0.5);
    assert_eq!(found(&BinaryF1), 4.0 / 7.0);
}

/// Every pair of a yes and a no.
fn pairs_in_order(outputs: &[f64], targets: &[[f64; 1]]) -> f64 {
    let of = |truth: f64| outputs.iter().zip(targets).filter(move |(_, target)| target[0] == truth).map(|(y, _)| *y);
    let (yes, no) = (of(1.0).count() as f64, of(0.0).count() as f64);
    let higher = |a: f64, b: f64| if a > b { 1.0 } else { f64::from(u8::from(a == b)) / 2.0 };
    of(1.0).flat_map(|yes| of(0.0).map(move |no| higher(yes, no))).sum::<f64>() / (yes * no)
}

#[test]
fn curves_are_those_of_their_definitions() {
    type Answer = Values<Features<1>>;
    let one = Shape::new(&[1]);
    let mut random = crate::Random::new(4);
    for samples in [2, 5, 40] {
        // So far apart that equal ones alone share a bin.
        let outputs: Vec<f64> = (0..samples).map(|_| (random.below(20) as f64 * 50.0 + 0.5) / 1024.0).collect();
        let targets: Vec<[f64; 1]> = (0..samples).map(|index| [(index % 2) as f64]).collect();
        let found = |metric: &dyn Metric<f64, Probabilities, Answer>| of_tiles(metric, one, &outputs, &targets);
        assert!((found(&RocAuc) - pairs_in_order(&outputs, &targets)).abs() < 1e-12);
        assert!((0.0..=1.0).contains(&found(&EqualErrorRate)));
    }
    let (outputs, targets) = ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], [[1.0], [1.0], [0.0], [1.0], [0.0], [0.0]]);
    let found = |metric: &dyn Metric<f64, Probabilities, Answer>| of_tiles(metric, one, &outputs, &targets);
    assert!((found(&RocAuc) - 8.0 / 9.0).abs() < 1e-12);
    // Recall rises by a third at precisions of 1, 1 and 3/4.
    assert!((found(&PrAuc) - (1.0 + 1.0 + 0.75) / 3.0).abs() < 1e-12);
    assert!((found(&EqualErrorRate) - 1.0 / 3.0).abs() < 1e-12);
    let logits: Vec<f64> = outputs.iter().map(|p: &f64| (p / (1.0 - p)).ln()).collect();
    let metric: &dyn Metric<f64, Scores, Answer> = &RocAuc;
    assert!((of_tiles(metric, one, &logits, &targets) - 8.0 / 9.0).abs() < 1e-12, "of logits");
    let metric: &dyn Metric<f64, Probabilities, Answer> = &RocAuc;
    assert!(of_tiles(metric, one, &[0.5], &[[1.0]]).is_nan(), "no answer is no");
    assert_eq!(of_tiles(metric, one, &[0.0, 1e-12, 1.0 - 1e-12, 1.0], &[[0.0], [1.0], [0.0], [1.0]]), 0.75);
}

#[test]
fn equal_targets_have_no_variance_to_explain() {
    let metric: &dyn Metric<f64, Scores, Values<Features<1>>> = &R2;
    for target in [5.0, 0.1] {
        assert!(of_tiles(metric, Shape::new(&[1]), &[1.0, 2.0, 3.0], &[[target]; 3]).is_nan());
    }
}

#[test]
fn curves_tell_rare_and_sure_answers_apart() {
    type Answer = Values<Features<1>>;
    let one = Shape::new(&[1]);
    let targets = [[0.0], [0.0], [1.0], [1.0]];
    let area = |metric: &dyn Metric<f64, Scores, Answer>, logits: [f64; 4]| of_tiles(metric, one, &logits, &targets);
    for middle in [-300.0f64, -40.0, -9.0, 9.0, 40.0, 300.0] {
        let logits = [-0.04, -0.02, 0.02, 0.04].map(|share| middle + share * middle.abs());
        assert_eq!([area(&RocAuc, logits), area(&PrAuc, logits)], [1.0; 2], "{logits:?}");
    }
    assert_eq!(area(&RocAuc, [f64::NEG_INFINITY, -1e300, 1e300, f64::INFINITY]), 1.0);
}

#[test]
fn perplexity_is_the_number_of_equal_choices() {
    type Words = Each<2, WithWeight<Classes<3>>>;
    let metric: &dyn Metric<f64, Scores, Words> = &Perplexity::default();
    let (shape, far) = (Shape::new(&[2, 3]), f64::MAX / 4.0);
    let outputs = [1.0, 1.0, 1.0, far, -far, 0.0];
    assert!((of_tiles(metric, shape, &outputs, &[[(2, 1.0), (1, 0.0)]]) - 3.0).abs() < 1e-12);
    assert!((of_tiles(metric, shape, &outputs, &[[(2, 1.0), (0, 1.0)]]) - 3f64.sqrt()).abs() < 1e-12);
}

/// Whole weights count as that many samples, whatever the metric: held for all that look at numbers.
#[test]
fn a_weight_counts_as_that_many_samples() {
    type Two = Values<Features<2>>;
    let outputs = [0.9, -0.3, -1.5, 0.7, 0.2, 0.1, -0.4, 2.0];
    let targets = [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 1.0]];
    let weights = [2.0, 0.0, 1.0, 3.0];
    let weighted: Vec<_> = targets.into_iter().zip(weights).collect();
    let times = |sample: usize| core::iter::repeat_n(sample, weights[sample] as usize);
    let places: Vec<usize> = (0..4).flat_map(times).collect();
    let repeated: Vec<[f64; 2]> = places.iter().map(|&sample| targets[sample]).collect();
    let outputs_repeated: Vec<f64> =
        places.iter().flat_map(|&place| [outputs[2 * place], outputs[2 * place + 1]]).collect();
    let shape = Shape::new(&[2]);
    macro_rules! check {
        ($($metric:expr),*) => {$({
            let plain: &dyn Metric<f64, Scores, Two> = &$metric;
            let inside: &dyn Metric<f64, Scores, WithWeight<Two>> = &SampleWeighted($metric);
            let expected = of_tiles(plain, shape, &outputs_repeated, &repeated);
            let found = of_tiles(inside, shape, &outputs, &weighted);
            assert!((expected - found).abs() < 1e-12, "{}: {expected} and {found}", inside.name());
        })*};
    }
    check!(MeanSquaredError, MeanAbsoluteError, RootMeanSquaredError, R2, BinaryAccuracy, BinaryF1);
    check!(BinaryPrecision, BinaryRecall, RocAuc, PrAuc, EqualErrorRate, RankingPrecision, ReciprocalRank);
    let inside: &dyn Metric<f64, Scores, WithWeight<Two>> = &SampleWeighted(MeanAbsoluteError);
    assert_eq!(inside.name(), "weighted mean absolute error");
    assert_eq!(of_tiles(inside, shape, &[f64::NAN; 2], &[([0.0; 2], 0.0)]), 0.0, "nothing is kept");
}

#[test]
fn shares_of_samples_count_in_metrics_of_classes() {
    let metric: &dyn Metric<f32, Scores, WithWeight<Classes<2>>> = &SampleWeighted(Accuracy);
    let shape = Shape::new(&[2]);
    assert_eq!(of_tiles(metric, shape, &[1.0, 0.0, 1.0, 0.0], &[(0, 0.25), (1, 0.5)]), 1.0 / 3.0);
    let kappa: &dyn Metric<f32, Scores, WithWeight<Classes<2>>> = &SampleWeighted(Confusion::<2>);
    assert_eq!(of_tiles(kappa, shape, &[1.0, 0.0, 0.0, 1.0], &[(0, 0.25), (1, 0.5)]), 1.0);
}

#[test]
fn steps_that_are_masked_have_no_part_in_metrics_of_numbers() {
    type Steps = Each<3, WithWeight<Values<Features<1>>>>;
    let metric: &dyn Metric<f64, Scores, Steps> = &PerStep(SampleWeighted(MeanAbsoluteError));
    let targets = [[([1.0], 1.0), ([1.0], 1.0), ([9.0], 0.0)], [([0.0], 1.0), ([9.0], 0.0), ([9.0], 0.0)]];
    let found = of_tiles(metric, Shape::new(&[3, 1]), &[2.0, 3.0, f64::NAN, 3.0, 0.0, 0.0], &targets);
    assert_eq!(found, 2.0, "(1 + 2 + 3) / 3");
    let all: &dyn Metric<f64, Scores, Each<2, Values<Features<1>>>> = &PerStep(MeanSquaredError);
    let targets = [[[0.0], [0.0]], [[0.0], [1.0]]];
    assert_eq!(of_tiles(all, Shape::new(&[2, 1]), &[1.0, 2.0, 0.0, 0.0], &targets), 1.5);
}

#[test]
fn an_ignored_class_has_no_part() {
    type Words = Each<2, Classes<3>>;
    fn of<M: Metric<f64, Scores, Words>>(metric: M) -> f64 {
        let outputs = [0.0, 3.0, 1.0, 9.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 0.0, 9.0];
        of_tiles::<f64, Scores, Words>(&metric, Shape::new(&[2, 3]), &outputs, &[[1, 0], [2, 2]])
    }
    assert_eq!(of(Accuracy.ignore::<0>()), 2.0 / 3.0, "the second of four is padding");
    assert_eq!(of(TopK(1).ignore::<2>()), 1.0);
    assert_eq!(of(Recall::<3>::of_class(0).ignore::<0>()), 0.0);
    assert_eq!(of(Recall::<3>::macro_average().ignore::<0>()), 0.5, "0, which was found, 1 and 0.5");
    let by_loss = of(Perplexity(CrossEntropy::new().ignore(0)));
    assert!((by_loss - of(Perplexity::default().ignore::<0>())).abs() < 1e-12);
    assert!(by_loss > of(Perplexity::default()), "what was certain is left out");
}

#[test]
fn a_row_whose_right_class_is_ignored_is_left_out_whole() {
    let metric: &dyn Metric<f64, Scores, OneHot<3>> = &Accuracy.ignore::<0>();
    let targets = [[0.7, 0.2, 0.1], [0.2, 0.7, 0.1]];
    assert_eq!(sums(metric, THREE, &[0.0, 1.0, 0.0, 0.0, 1.0, 0.0], &targets), [1.0, 1.0]);
    assert_eq!(metric.name(), "accuracy without class 0");
}

/// Against two passes: targets that are far from 0, and near each other.
#[test]
fn explained_variance_keeps_its_digits_far_from_zero() {
    let mut random = crate::random::Random::new(3);
    let metric: &dyn Metric<f32, Scores, Values<Features<1>>> = &R2;
    for (mean, deviation) in [(1e4, 0.01), (1e5, 0.1), (1000.0, 2e-3), (-3.0, 1.0), (0.0, 1e-3)] {
        let targets: Vec<[f32; 1]> = (0..20_000).map(|_| [(mean + deviation * random.normal()) as f32]).collect();
        let outputs: Vec<f32> =
            targets.iter().map(|[target]| (f64::from(*target) + 0.3 * deviation * random.normal()) as f32).collect();
        let wide = || targets.iter().map(|[target]| f64::from(*target));
        let average = wide().sum::<f64>() / targets.len() as f64;
        let spread: f64 = wide().map(|target| (target - average).powi(2)).sum();
        let errors: f64 = wide().zip(&outputs).map(|(target, output)| (f64::from(*output) - target).powi(2)).sum();
        let (found, expected) = (of_tiles(metric, Shape::new(&[1]), &outputs, &targets), 1.0 - errors / spread);
        assert!((found - expected).abs() < 1e-9, "{mean}: {found} and {expected}");
    }
}
