use nn_core::Scalar;
use nn_core::data::{Classes, Each, Label, OneHot, Together, Transcripts, Values, WithWeight};
use nn_core::losses::*;
use nn_core::network::{Head, LogProbabilities, OutputKind, Probabilities, Scores};
use nn_core::shapes::{Features, SampleShape, Sequence};
use nn_core::simd::Plain;
use nn_core::spec::Shape;

use crate::reader::Case;
use crate::{DOUBLE, SINGLE};

/// Numbers for outputs of any shape: losses take them as one slice.
type Numbers = Values<Features<1>>;

/// The mean loss of a batch and its gradient, in one scalar. `kept` are the targets as a data set has them.
fn run<T, K, Y, L>(case: &Case, loss: &L, kept: &[Y::Target<f32>], targets: &[Y::Target<T>], tolerance: f64)
where
    T: Scalar,
    K: OutputKind,
    Y: Label,
    L: Loss<T, K, Y>,
{
    assert_eq!(loss.check(), Ok(()));
    let shape = Shape::new(&case.sizes("shape"));
    let outputs: Vec<T> = case.tensor("outputs", samples(case) * shape.len());
    let mut values = vec![T::nan(); outputs.len()];
    let share = 1.0 / kept.iter().map(|target| loss.weight(target)).sum::<f64>();
    let mut scratch = vec![T::nan(); loss.scratch(shape, targets.len())];
    let gradient = OutputGradient { values: &mut values, scale: T::of(share), scratch: &mut scratch };
    let value = loss.tile(shape, &outputs, targets, Some(gradient));
    assert_eq!(value, loss.tile(shape, &outputs, targets, None), "the value does not depend on who asks");
    case.compare("loss", &[T::of(value * share)], tolerance);
    case.compare("gradient", &values, tolerance);
}

/// A loss in both scalars, with targets as they are made for each.
fn both<K, Y, L>(case: &Case, loss: &L, doubles: &[Y::Target<f64>], singles: &[Y::Target<f32>])
where
    K: OutputKind,
    Y: Label,
    L: Loss<f64, K, Y> + Loss<f32, K, Y>,
{
    run::<f64, K, Y, L>(case, loss, singles, doubles, DOUBLE);
    run::<f32, K, Y, L>(case, loss, singles, singles, SINGLE);
}

fn samples(case: &Case) -> usize {
    case.sizes("samples")[0]
}

/// Targets that are arrays of numbers, `len` for each sample.
fn arrays<T: Scalar, A: Plain<T> + Copy>(case: &Case, len: usize) -> Vec<A> {
    A::from_flat(&case.tensor("targets", samples(case) * len)).to_vec()
}

/// A loss that compares numbers. As many targets as samples, the weights of which are all 1, and behind them the rest.
fn numbers<K: OutputKind>(case: &Case, loss: &(impl Loss<f64, K, Numbers> + Loss<f32, K, Numbers>)) {
    let len = Shape::new(&case.sizes("shape")).len();
    let (doubles, singles) = (arrays::<f64, [f64; 1]>(case, len), arrays::<f32, [f32; 1]>(case, len));
    let kept = &singles[..samples(case)];
    run::<f64, K, Numbers, _>(case, loss, kept, &doubles, DOUBLE);
    run::<f32, K, Numbers, _>(case, loss, kept, &singles, SINGLE);
}

/// A loss of classes, for outputs with so many rows.
fn rows<const ROWS: usize, K, L>(case: &Case, loss: &L)
where
    K: OutputKind,
    L: Loss<f64, K, Each<ROWS, Classes<0>>> + Loss<f32, K, Each<ROWS, Classes<0>>>,
{
    let labels = case.classes("targets", samples(case) * ROWS);
    let (labels, _) = labels.as_chunks::<ROWS>();
    both::<K, Each<ROWS, Classes<0>>, L>(case, loss, labels, labels);
}

/// A loss of a share for each class, for outputs with so many rows and classes.
fn shares<const ROWS: usize, const N: usize, K, L>(case: &Case, loss: &L)
where
    K: OutputKind,
    L: Loss<f64, K, Each<ROWS, OneHot<N>>> + Loss<f32, K, Each<ROWS, OneHot<N>>>,
{
    let (doubles, singles) = (arrays::<f64, _>(case, ROWS * N), arrays::<f32, _>(case, ROWS * N));
    let kept = vec![[one_hot(); ROWS]; singles.len()];
    run::<f64, K, Each<ROWS, OneHot<N>>, L>(case, loss, &kept, &doubles, DOUBLE);
    run::<f32, K, Each<ROWS, OneHot<N>>, L>(case, loss, &kept, &singles, SINGLE);
}

/// Shares that add up to 1: PyTorch divides by the number of rows, whatever the shares.
fn one_hot<const N: usize>() -> [f32; N] {
    let mut shares = [0.0; N];
    shares[0] = 1.0;
    shares
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

/// The same for a loss with a weight for each class: 1, 2, 3 and so on.
macro_rules! weighted_classes {
    ($case:expr, $kind:ty, $loss:expr) => {
        match $case.sizes("shape")[..] {
            [2] => rows::<1, $kind, _>($case, &$loss.class_weights([1.0, 2.0])),
            [5] => rows::<1, $kind, _>($case, &$loss.class_weights([1.0, 2.0, 3.0, 4.0, 5.0])),
            [3, 4] => rows::<3, $kind, _>($case, &$loss.class_weights([1.0, 2.0, 3.0, 4.0])),
            [2, 3, 3] => rows::<6, $kind, _>($case, &$loss.class_weights([1.0, 2.0, 3.0])),
            ref other => panic!("{other:?}"),
        }
    };
}

/// Yes-or-no answers with a weight for each along the last axis: 1, 2, 3 and so on.
macro_rules! weighted_answers {
    ($case:expr, $kind:ty, $loss:expr) => {
        match $case.sizes("shape")[..] {
            [5] => arrays_of::<Features<5>, $kind, _>($case, &$loss.positive_weights([1.0, 2.0, 3.0, 4.0, 5.0])),
            [3, 4] => arrays_of::<Sequence<3, 4>, $kind, _>($case, &$loss.positive_weights([1.0, 2.0, 3.0, 4.0])),
            ref other => panic!("{other:?}"),
        }
    };
}

/// A loss that compares numbers, in labels that say their shape.
fn arrays_of<S, K, L>(case: &Case, loss: &L)
where
    S: SampleShape<Array<f64>: Copy, Array<f32>: Copy>,
    K: OutputKind,
    L: Loss<f64, K, Values<S>> + Loss<f32, K, Values<S>>,
{
    let len = S::SHAPE.len();
    both::<K, Values<S>, L>(case, loss, &arrays::<f64, _>(case, len), &arrays::<f32, _>(case, len));
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

/// An output of so many scalars.
type One<const N: usize> = Head<Scores, Features<N>>;
type Two<const N: usize> = Head<(One<N>, One<N>), Features<0>>;
type Three<const N: usize> = Head<(One<N>, One<N>, One<N>), Features<0>>;

fn triplet<const N: usize>(case: &Case) {
    let targets = vec![(); samples(case)];
    both::<Three<N>, (), _>(case, &Triplet::new(case.number("margin")), &targets, &targets);
}

fn contrastive<const N: usize>(case: &Case) {
    let answers: Vec<f32> = case.classes("targets", samples(case)).into_iter().map(|class| class as f32).collect();
    let (doubles, singles): (Vec<_>, Vec<_>) = answers.into_iter().map(|yes| ([f64::from(yes)], [yes])).unzip();
    both::<Two<N>, Together<Numbers>, _>(case, &Contrastive::new(case.number("margin")), &doubles, &singles);
}

fn ranking<const N: usize>(case: &Case) {
    let (doubles, singles) = (arrays::<f64, [f64; N]>(case, N), arrays::<f32, [f32; N]>(case, N));
    let loss = MarginRanking::new(case.number("margin"));
    both::<Two<N>, Together<Values<Features<N>>>, _>(case, &loss, &doubles, &singles);
}

/// Calls a function with the number of scalars of one of several outputs.
macro_rules! heads {
    ($case:expr, $count:literal, $check:ident) => {
        match $case.sizes("shape")[0] / $count {
            1 => $check::<1>($case),
            2 => $check::<2>($case),
            5 => $check::<5>($case),
            9 => $check::<9>($case),
            40 => $check::<40>($case),
            other => panic!("{other} scalars"),
        }
    };
}

/// Transcripts of up to `LONGEST` symbols below `N`, none of which is the blank.
fn words<const N: usize, const LONGEST: usize>(case: &Case) {
    let (count, blank) = (samples(case), case.number("blank") as u32);
    let symbols =
        case.classes("symbols", count * LONGEST).into_iter().map(|symbol| symbol + u32::from(symbol >= blank));
    let symbols: Vec<u32> = symbols.collect();
    let [lengths, padding] = ["lengths", "padding"].map(|name| case.classes(name, count));
    let steps = case.sizes("shape")[0];
    let target = |sample: usize| {
        let symbols = &symbols[sample * LONGEST..][..lengths[sample] as usize];
        Transcripts::<N, LONGEST>::within(symbols, steps - padding[sample] as usize).expect("fits")
    };
    let targets: Vec<_> = (0..count).map(target).collect();
    let zero = case.number("zero_infinity") != 0.0;
    if case.name == "ctc" {
        let loss = Ctc::new().blank(blank as usize).zero_infinity(zero);
        both::<Scores, Transcripts<N, LONGEST>, _>(case, &loss, &targets, &targets);
    } else {
        let loss = Ctc::from_log_probabilities().blank(blank as usize).zero_infinity(zero);
        both::<LogProbabilities, Transcripts<N, LONGEST>, _>(case, &loss, &targets, &targets);
    }
}

fn transcripts(case: &Case) {
    match (&case.sizes("shape")[..], case.sizes("longest")[0]) {
        ([1, 2], 1) => words::<2, 1>(case),
        ([5, 3], 2) => words::<3, 2>(case),
        ([12, 7], 4) => words::<7, 4>(case),
        ([30, 20], 9) => words::<20, 9>(case),
        ([6, 4], 5) => words::<4, 5>(case),
        other => panic!("{other:?}"),
    }
}

fn info_nce<const N: usize>(case: &Case) {
    let targets = vec![(); samples(case)];
    both::<Two<N>, (), _>(case, &InfoNce::new(case.number("temperature")), &targets, &targets);
}

fn nt_xent<const N: usize>(case: &Case) {
    let targets = vec![(); samples(case)];
    both::<Two<N>, (), _>(case, &NtXent::new(case.number("temperature")), &targets, &targets);
}

fn of_batches(case: &Case) {
    match case.name.as_str() {
        "info_nce" => heads!(case, 2, info_nce),
        "nt_xent" => heads!(case, 2, nt_xent),
        other => panic!("a case without a test: {other}"),
    }
}

/// The weights of a case, which has negative ones for 0.
fn weights(case: &Case, len: usize) -> Vec<f32> {
    case.tensor::<f64>("weights", len).into_iter().map(|weight| weight.max(0.0) as f32).collect()
}

fn weighted_samples<const N: usize>(case: &Case) {
    let weights = weights(case, samples(case));
    let doubles: Vec<_> = arrays::<f64, [f64; N]>(case, N).into_iter().zip(weights.clone()).collect();
    let singles: Vec<_> = arrays::<f32, [f32; N]>(case, N).into_iter().zip(weights).collect();
    both::<Scores, WithWeight<Values<Features<N>>>, _>(case, &SampleWeighted(MeanSquaredError), &doubles, &singles);
}

fn weighted_steps<const TIME: usize, const N: usize>(case: &Case) {
    type Steps<const TIME: usize, const N: usize> = Each<TIME, WithWeight<Values<Features<N>>>>;
    let weights = weights(case, samples(case) * TIME);
    let doubles: Vec<_> = arrays::<f64, [f64; N]>(case, TIME * N).into_iter().zip(weights.clone()).collect();
    let singles: Vec<_> = arrays::<f32, [f32; N]>(case, TIME * N).into_iter().zip(weights).collect();
    let (doubles, singles) = (doubles.as_chunks::<TIME>().0, singles.as_chunks::<TIME>().0);
    both::<Scores, Steps<TIME, N>, _>(case, &PerStep(SampleWeighted(MeanSquaredError)), doubles, singles);
}

#[test]
fn losses_are_those_of_pytorch() {
    for case in &Case::read_many(include_str!("../../../tests/oracle/losses.txt")) {
        let is = |name| case.name.starts_with(name);
        match () {
            () if is("binary") || is("dice") => answers(case),
            () if is("soft") || is("kl") || is("focal") || is("smoothed_soft") => of_shares(case),
            () if is("cat") || case.name.contains("cross_entropy") => of_classes(case),
            () if is("ctc") => transcripts(case),
            () if is("info") || is("nt_xent") => of_batches(case),
            () if is("trip") || is("contrast") || is("margin") || is("weighted_s") => of_several(case),
            () => regression(case),
        }
    }
}

fn regression(case: &Case) {
    match case.name.as_str() {
        "squared_error" => numbers::<Scores>(case, &MeanSquaredError),
        "absolute_error" => numbers::<Scores>(case, &MeanAbsoluteError),
        "huber" => numbers::<Scores>(case, &Huber::new(case.number("delta"))),
        "smooth_l1" => numbers::<Scores>(case, &SmoothL1::new(case.number("beta"))),
        "log_cosh" => numbers::<Scores>(case, &LogCosh),
        "quantile" => numbers::<Scores>(case, &Quantile::new(case.number("quantile"))),
        "poisson" => numbers::<Scores>(case, &Poisson::new()),
        "poisson_of_rates" => numbers::<Scores>(case, &Poisson::from_rates()),
        "cosine" => numbers::<Scores>(case, &CosineDistance),
        "hinge" => numbers::<Scores>(case, &Hinge),
        "squared_hinge" => numbers::<Scores>(case, &SquaredHinge),
        other => panic!("a case without a test: {other}"),
    }
}

fn answers(case: &Case) {
    match case.name.as_str() {
        "binary_cross_entropy" => numbers::<Scores>(case, &BinaryCrossEntropy::new()),
        "binary_cross_entropy_of_probabilities" => {
            numbers::<Probabilities>(case, &BinaryCrossEntropy::from_probabilities());
        }
        "binary_cross_entropy_smoothed_with_a_weight" => {
            let weight = [case.number("weight")];
            numbers::<Scores>(case, &BinaryCrossEntropy::new().label_smoothing(0.2).positive_weights(weight));
        }
        "binary_cross_entropy_with_weights" => weighted_answers!(case, Scores, BinaryCrossEntropy::new()),
        "binary_cross_entropy_of_probabilities_with_weights" => {
            weighted_answers!(case, Probabilities, BinaryCrossEntropy::from_probabilities());
        }
        "binary_focal" => numbers::<Scores>(case, &BinaryFocal::new(case.number("alpha"), case.number("gamma"))),
        "dice" => numbers::<Probabilities>(case, &Dice::new(case.number("smooth"))),
        other => panic!("a case without a test: {other}"),
    }
}

fn of_shares(case: &Case) {
    match case.name.as_str() {
        "soft_cross_entropy" => soft!(case, Scores, CrossEntropy::new()),
        "smoothed_soft_cross_entropy" => soft!(case, Scores, CrossEntropy::new().label_smoothing(0.2)),
        "kl_divergence" => soft!(case, Scores, KlDivergence::new()),
        "kl_divergence_of_logarithms" => soft!(case, LogProbabilities, KlDivergence::from_log_probabilities()),
        "kl_divergence_of_probabilities" => soft!(case, Probabilities, KlDivergence::from_probabilities()),
        "focal" => soft!(case, Scores, Focal::new(case.number("alpha"), case.number("gamma"))),
        other => panic!("a case without a test: {other}"),
    }
}

fn of_classes(case: &Case) {
    let (plain, logarithms) = (CrossEntropy::new(), CrossEntropy::from_log_probabilities());
    match case.name.as_str() {
        "cross_entropy" => classes!(case, Scores, plain),
        "cross_entropy_of_logarithms" => classes!(case, LogProbabilities, logarithms),
        "cross_entropy_of_probabilities" => classes!(case, Probabilities, CrossEntropy::from_probabilities()),
        "smoothed_cross_entropy" => classes!(case, Scores, plain.label_smoothing(0.2)),
        "cross_entropy_but_one" => classes!(case, Scores, plain.ignore(1)),
        "weighted_cross_entropy" => weighted_classes!(case, Scores, plain),
        "weighted_smoothed_cross_entropy_but_one" => {
            weighted_classes!(case, Scores, plain.ignore(0).label_smoothing(0.1));
        }
        "weighted_cross_entropy_of_logarithms_but_one" => {
            weighted_classes!(case, LogProbabilities, logarithms.ignore(1));
        }
        "categorical_hinge" => classes!(case, Scores, CategoricalHinge),
        other => panic!("a case without a test: {other}"),
    }
}

fn of_several(case: &Case) {
    match case.name.as_str() {
        "triplet" => heads!(case, 3, triplet),
        "contrastive" => heads!(case, 2, contrastive),
        "margin_ranking" => heads!(case, 2, ranking),
        "weighted_samples" if case.sizes("shape").len() == 1 => weighted_samples::<5>(case),
        "weighted_samples" => weighted_samples::<12>(case),
        "weighted_steps" if case.sizes("shape").len() == 1 => weighted_samples::<5>(case),
        "weighted_steps" => weighted_steps::<3, 4>(case),
        other => panic!("a case without a test: {other}"),
    }
}
