use std::vec::Vec;

use super::*;
use crate::data::{Classes, Each, OneHot, Values};
use crate::losses::{MeanAbsoluteError, MeanSquaredError};
use crate::network::{Head, Probabilities, Scores};
use crate::shapes::Features;

const THREE: Shape = Shape::new(&[3]);

fn classes(metric: &dyn Metric<f32, Scores, Classes<3>>, outputs: &[f32], labels: &[u32]) -> f64 {
    metric.tile(THREE, outputs, labels)
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
    assert_eq!(metric.tile(THREE, &[0.1, 0.2, 0.9], &[[0.2, 0.3, 0.5]]), 1.0);
    let steps = Shape::new(&[2, 3]);
    let metric: &dyn Metric<f32, Scores, Each<2, Classes<3>>> = &Accuracy;
    assert_eq!(metric.tile(steps, &[9.0, 0.0, 0.0, 0.0, 0.0, 9.0], &[[0, 0]]), 0.5);
}

#[test]
fn binary_answers_depend_on_what_the_outputs_mean() {
    type Answers = Values<Features<4>>;
    let shape = Shape::new(&[4]);
    let (outputs, targets) = ([0.3, 0.7, -1.0, 0.5], [[1.0, 1.0, 0.0, 1.0]]);
    let scores: &dyn Metric<f32, Scores, Answers> = &BinaryAccuracy;
    assert_eq!(scores.tile(shape, &outputs, &targets), 1.0);
    let probabilities: &dyn Metric<f32, Probabilities, Answers> = &BinaryAccuracy;
    assert_eq!(probabilities.tile(shape, &outputs, &targets), 0.5);
}

#[test]
fn a_set_keeps_the_order_in_which_it_was_built() {
    type Numbers = Values<Features<2>>;
    let set = (((), MeanSquaredError), RootMeanSquaredError);
    let set = (set, MeanAbsoluteError);
    fn check<S: MetricSet<f64, Scores, Numbers>>(set: &S) {
        assert_eq!(S::COUNT, 3);
        let mut names = Vec::new();
        set.names(&mut names);
        assert_eq!(names, ["mean squared error", "root mean squared error", "mean absolute error"]);
        let mut sums = [0.0; 3];
        for outputs in [[3.0, 5.0], [1.0, 1.0]] {
            set.add(Shape::new(&[2]), &outputs, &[[1.0, 1.0]], &mut sums);
        }
        assert_eq!(sums, [10.0, 10.0, 3.0]);
        let mut means = sums.map(|sum| sum / 2.5);
        set.finish(&mut means);
        assert_eq!(means, [4.0, 2.0, 1.2]);
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
    let found = |metric: &dyn Metric<f64, Kind, Labels>| metric.tile(Shape::new(&[6]), &outputs, &targets);
    assert_eq!(found(&Accuracy.of::<0>()), 1.0);
    assert_eq!(found(&BinaryAccuracy.of::<1>()), 1.5, "a threshold of 0.5 for probabilities");
    assert_eq!(found(&MeanSquaredError.of::<2>()), 4.0);
    let metric: &dyn Metric<f64, Kind, Labels> = &RootMeanSquaredError.of::<2>();
    assert_eq!((metric.name().as_str(), metric.finish(4.0)), ("root mean squared error of output 2", 2.0));
}
