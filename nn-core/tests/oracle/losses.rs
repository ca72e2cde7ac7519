use nn_core::Scalar;
use nn_core::data::{Classes, Each, Label, OneHot, Values};
use nn_core::losses::{
    BinaryCrossEntropy, CrossEntropy, Huber, Loss, MeanAbsoluteError, MeanSquaredError, OutputGradient,
};
use nn_core::network::{LogProbabilities, OutputKind, Probabilities, Scores};
use nn_core::shapes::Features;
use nn_core::simd::Plain;
use nn_core::spec::Shape;

use crate::reader::Case;
use crate::{DOUBLE, SINGLE};

/// Numbers for outputs of any shape: losses take them as one slice.
type Numbers = Values<Features<1>>;

/// The mean loss of a batch and its gradient, in one scalar.
fn run<T, K, Y, L>(case: &Case, loss: &L, targets: &[Y::Target<T>], tolerance: f64)
where
    T: Scalar,
    K: OutputKind,
    Y: Label,
    L: Loss<T, K, Y>,
{
    let (shape, samples) = (Shape::new(&case.sizes("shape")), case.sizes("samples")[0]);
    let outputs: Vec<T> = case.tensor("outputs", samples * shape.len());
    let mut values = vec![T::nan(); outputs.len()];
    let gradient = OutputGradient { values: &mut values, scale: T::of(1.0 / samples as f64) };
    assert_eq!(loss.check(), Ok(()));
    let value = loss.tile(shape, &outputs, targets, Some(gradient)) / samples as f64;
    case.compare("loss", &[T::of(value)], tolerance);
    case.compare("gradient", &values, tolerance);
}

/// How many numbers the targets of a case have, if they have the outputs' shape.
fn len(case: &Case) -> usize {
    case.sizes("samples")[0] * Shape::new(&case.sizes("shape")).len()
}

/// A loss that compares numbers.
fn numbers<K: OutputKind>(case: &Case, loss: &(impl Loss<f64, K, Numbers> + Loss<f32, K, Numbers>)) {
    let (doubles, singles) = (case.tensor("targets", len(case)), case.tensor("targets", len(case)));
    run::<f64, K, Numbers, _>(case, loss, <[f64; 1]>::from_flat(&doubles), DOUBLE);
    run::<f32, K, Numbers, _>(case, loss, <[f32; 1]>::from_flat(&singles), SINGLE);
}

/// A loss of classes, for outputs with so many rows.
fn rows<const ROWS: usize, K, L>(case: &Case, loss: &L)
where
    K: OutputKind,
    L: Loss<f64, K, Each<ROWS, Classes<0>>> + Loss<f32, K, Each<ROWS, Classes<0>>>,
{
    let labels = case.classes("targets", case.sizes("samples")[0] * ROWS);
    let (labels, _) = labels.as_chunks::<ROWS>();
    run::<f64, K, Each<ROWS, Classes<0>>, L>(case, loss, labels, DOUBLE);
    run::<f32, K, Each<ROWS, Classes<0>>, L>(case, loss, labels, SINGLE);
}

/// A loss of a share for each class, for outputs with so many rows and classes.
fn shares<const ROWS: usize, const N: usize, K, L>(case: &Case, loss: &L)
where
    K: OutputKind,
    L: Loss<f64, K, Each<ROWS, OneHot<N>>> + Loss<f32, K, Each<ROWS, OneHot<N>>>,
{
    let (doubles, singles) = (case.tensor("targets", len(case)), case.tensor("targets", len(case)));
    run::<f64, K, Each<ROWS, OneHot<N>>, L>(case, loss, <[[f64; N]; ROWS]>::from_flat(&doubles), DOUBLE);
    run::<f32, K, Each<ROWS, OneHot<N>>, L>(case, loss, <[[f32; N]; ROWS]>::from_flat(&singles), SINGLE);
}

/// Calls [`rows`] with the number of rows that the case has.
macro_rules! classes {
    ($case:expr, $kind:ty, $loss:expr) => {
        match Shape::new(&$case.sizes("shape")).rows() {
            1 => rows::<1, $kind, _>($case, &$loss),
            3 => rows::<3, $kind, _>($case, &$loss),
            6 => rows::<6, $kind, _>($case, &$loss),
            other => panic!("{other} rows"),
        }
    };
}

/// Calls [`shares`] with the sizes that the case has.
macro_rules! soft {
    ($case:expr, $kind:ty, $loss:expr) => {
        match $case.sizes("shape")[..] {
            [2] => shares::<1, 2, $kind, _>($case, &$loss),
            [5] => shares::<1, 5, $kind, _>($case, &$loss),
            [3, 4] => shares::<3, 4, $kind, _>($case, &$loss),
            [2, 3, 3] => shares::<6, 3, $kind, _>($case, &$loss),
            ref other => panic!("{other:?}"),
        }
    };
}

#[test]
fn losses_are_those_of_pytorch() {
    for case in &Case::read_many(include_str!("../../../tests/oracle/losses.txt")) {
        match case.name.as_str() {
            "squared_error" => numbers::<Scores>(case, &MeanSquaredError),
            "absolute_error" => numbers::<Scores>(case, &MeanAbsoluteError),
            "huber" => numbers::<Scores>(case, &Huber::new(case.number("delta"))),
            "binary_cross_entropy" => numbers::<Scores>(case, &BinaryCrossEntropy::new()),
            "binary_cross_entropy_of_probabilities" => {
                numbers::<Probabilities>(case, &BinaryCrossEntropy::from_probabilities());
            }
            "cross_entropy" => classes!(case, Scores, CrossEntropy::new()),
            "soft_cross_entropy" => soft!(case, Scores, CrossEntropy::new()),
            "cross_entropy_of_logarithms" => {
                classes!(case, LogProbabilities, CrossEntropy::from_log_probabilities());
            }
            "cross_entropy_of_probabilities" => classes!(case, Probabilities, CrossEntropy::from_probabilities()),
            other => panic!("a case without a test: {other}"),
        }
    }
}
